"""A simulated Copper account.

    vendor = Copper(Company(seed=1, scale=0.1), now=time.time)
    session = session_over("http://copper.test", WsgiAdapter(vendor.wsgi))
    configuration = vendor.configuration("http://copper.test")

Decisions where the documentation is silent, each a switch or one function:
- past the cap a search answers 422 (`cap_refuses`), and bounds are inclusive (`exclusive_bounds`);
- records of one second come in an order that follows neither ids nor creation, the same each time
  (`unstable_ties`); a search for records without `sort_by` comes out a little differently each time;
- users and activities cannot be sorted: users come by id, activities newest first;
- the request limit holds for the account, not for the address; what is refused does not count;
- /users/me and field layouts are not there; the value of a Connect field is the list of its links' ids;
- deleting a company or person takes its id and name out of the records that named it, and moves nothing there;
- `truth()` is the whole account, whatever the key's user is shown.

Searches answer as of the index (`index_lag_seconds`), everything else at once. The requests that are kept, and
the addresses that faults go by, show a search's body as if it were the query.

Order of refusals: request limit, X-PW headers, content type, resource, path, body.
"""

import re
from hashlib import blake2b
from random import Random
from typing import Any

from sandbox.company import Company, stranger
from sandbox.copper.generate import generate
from sandbox.copper.options import Options
from sandbox.copper.routes import NOT_FOUND, Call, answer
from sandbox.copper.store import Store
from sandbox.copper.truth import truth
from sandbox.copper.work import Work
from sandbox.vendor import SimulatedVendor
from sandbox.web import Answer, Request, described, json_answer, text_answer

BASE = "/developer_api/v1"
APPLICATION = "developer_api"
NEVER_BROKEN = r"/account|/custom_field_definitions|/users/search"
LATER_PAGE = re.compile(r"page_number=(?!1(?:&|$))")
ACCOUNT = "account"


class Copper(SimulatedVendor):
    never_broken, later_page, make_options = NEVER_BROKEN, LATER_PAGE, Options

    def _build(self, company: Company) -> None:
        self.wsgi = described(self.wsgi)
        self.store = Store(self._now, self.options)
        self.api_key = blake2b(f"copper key {self._seed}".encode(), digest_size=16).hexdigest()
        self.user_email = generate(self.store, company, self._seed)
        self._others_seen = self._now()
        self._work = Work(self.store, self._seed)

    def configuration(self, origin: str) -> dict[str, str]:
        return {"api_key": self.api_key, "user_email": self.user_email, "base_url": origin + BASE}

    def identities(self) -> dict[tuple[str, str], int]:
        """Who every user, person and lead really is, by landed table and record id. A converted lead and the person
        it became are one."""
        with self._lock:
            store, found = self.store, dict[tuple[str, str], int]()
            for id in store.users:
                found["user", str(id)] = store.identities.get(("user", id), stranger("copper", 2 * id))
            for kind in ("lead", "person"):
                for id, record in store.kinds[kind].items():
                    origin = next(iter(record.fields.get("leads_converted_from", ())), None)
                    own = stranger("copper", 2 * id + (kind == "lead"))
                    of_lead = stranger("copper", 2 * origin + 1) if origin is not None else own
                    known = store.identities.get((kind, id), store.identities.get(("lead", origin or 0), of_lead))
                    found[kind, str(id)] = known
            return found

    def clients(self) -> dict[tuple[str, str], int]:
        """The companies that stand for client firms, with the number of the firm."""
        alive = self.store.kinds["company"]
        return {("company", str(id)): client for id, client in self.store.clients.items() if id in alive}

    def edit_at_once(self, kind: str, count: int, random: Random) -> list[int]:
        """One bulk edit: `count` records get the same `date_modified`, now. Returns their ids."""
        with self._lock:
            return self._work.edit_at_once(kind, count, random)

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return truth(self.store, self.options)

    def _change(self, random: Random) -> str:
        return self._work.one(random)

    def _limit(self, request: Request) -> Answer | None:
        """Count every request of the account, and what another client of it sends. copper.md 2."""
        self._other_client(self._now())
        return super()._limit(request)

    def _client(self, request: Request) -> str:
        return ACCOUNT

    def _throttled(self, request: Request, wait: int) -> Answer:
        refusal = text_answer("Rate limit exceeded\n", 429)
        if self.options.retry_after:
            refusal.headers["Retry-After"] = str(wait)
        return refusal

    def _settle(self) -> None:
        self.store.catch_up()

    def _other_client(self, now: float) -> None:
        """Let the other client's requests up to now count, at the moments when it sent them."""
        if not self.options.other_client_per_minute:
            self._others_seen = now
            return
        pause = 60 / self.options.other_client_per_minute
        self._others_seen = max(self._others_seen, now - 2 * self.options.rate_seconds)
        while self._others_seen + pause <= now:
            self._others_seen += pause
            rate = (self.options.rate_limit, self.options.rate_seconds)
            self._windows.refuse("requests", ACCOUNT, rate, self._others_seen)

    def _answer(self, request: Request) -> Answer:
        sent = tuple(request.header(f"X-PW-{name}") for name in ("AccessToken", "Application", "UserEmail"))
        if sent != (self.api_key, APPLICATION, self.user_email):
            return json_answer({"success": False, "status": 401, "message": "Unauthorized"}, 401)
        request.environ["sandbox.authenticated"] = True
        if "application/json" not in request.environ.get("CONTENT_TYPE", ""):
            return json_answer({"success": False, "status": 415, "message": "Content-Type must be JSON"}, 415)
        if not request.path.startswith(BASE + "/"):
            return NOT_FOUND
        call = Call(self, request.as_sent, self._answered)
        self._meanwhile(request.environ["sandbox.asked"])
        self.store.catch_up()
        return answer(call, request.path.removeprefix(BASE + "/").rstrip("/"))
