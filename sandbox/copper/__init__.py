"""A simulated Copper account.

    vendor = Copper(Company(seed=1, scale=0.1), now=time.time)
    session.mount("http://copper.test", WsgiAdapter(vendor.wsgi))
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

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b
from io import BytesIO
from random import Random
from threading import RLock
from typing import Any
from urllib.parse import urlencode

from sandbox.company import Company
from sandbox.copper.generate import generate
from sandbox.copper.options import Options
from sandbox.copper.routes import NOT_FOUND, Call, answer
from sandbox.copper.store import Store
from sandbox.copper.truth import truth
from sandbox.copper.work import Work
from sandbox.faults import Faults
from sandbox.ledger import Entry, Ledger
from sandbox.limits import SlidingWindow
from sandbox.web import Answer, Application, Environ, Refusal, Request, StartResponse, json_answer, send, text_answer

BASE = "/developer_api/v1"
APPLICATION = "developer_api"
NEVER_BROKEN = r"/account|/custom_field_definitions|/users/search"
LATER_PAGE = re.compile(r"page_number=(?!1(?:&|$))")
ACCOUNT = "account"


class Copper:
    """`now` gives epoch seconds and is the only clock. `requests` and `statistics` tell what was asked."""

    def __init__(
        self,
        company: Company,
        now: Callable[[], float],
        seed: int = 1,
        faults: Faults | None = None,
        options: Options | None = None,
    ) -> None:
        self.options = options or Options()
        self.faults = faults or Faults(seed)
        self.faults.spare = self.faults.spare or NEVER_BROKEN
        self.store = Store(now, self.options)
        self.api_key = blake2b(f"copper key {seed}".encode(), digest_size=16).hexdigest()
        self.user_email = generate(self.store, company, seed)
        self._now = now
        self._seed = seed
        self._answered = 0
        self._others_seen = now()
        self._lock = RLock()
        self._ledger = Ledger(now)
        self._window = SlidingWindow(self.options.rate_limit, self.options.rate_seconds)
        self._work = Work(self.store, seed)
        self.wsgi = _described(self._ledger.wrap(self._limited(self.faults.wrap(self._serve))))

    @property
    def requests(self) -> list[Entry]:
        """Every request so far, in the order of the answers."""
        return self._ledger.entries

    @property
    def statistics(self) -> Counter[str]:
        """Number of `requests`, of answers by status, and of connections `reset`."""
        return self._ledger.statistics

    def configuration(self, origin: str) -> dict[str, str]:
        """A connector configuration that points here."""
        return {"api_key": self.api_key, "user_email": self.user_email, "base_url": origin + BASE}

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """Every table as the warehouse must hold it at this moment."""
        with self._lock:
            return truth(self.store, self.options)

    def work(self, random: Random, count: int = 1) -> list[str]:
        """The company works: `count` changes happen now. Returns their names."""
        with self._lock:
            return [self._work.one(random) for _ in range(count)]

    def edit_at_once(self, kind: str, count: int, random: Random) -> list[int]:
        """One bulk edit: `count` records get the same `date_modified`, now. Returns their ids."""
        with self._lock:
            return self._work.edit_at_once(kind, count, random)

    def clear_faults(self) -> None:
        self.faults.clear()

    def _limited(self, application: Application) -> Application:
        """Count every request of the account, and what another client of it sends. copper.md 2."""

        def limited(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            now = self._now()
            with self._lock:
                self._window.limit, self._window.seconds = self.options.rate_limit, self.options.rate_seconds
                self._other_client(now)
                wait = self._window.refuse(ACCOUNT, now)
            if not wait:
                return application(environ, start_response)
            refusal = text_answer("Rate limit exceeded\n", 429)
            if self.options.retry_after:
                refusal.headers["Retry-After"] = str(wait)
            return send(refusal, environ, start_response)

        return limited

    def _other_client(self, now: float) -> None:
        """Let the other client's requests up to now count, at the moments when it sent them."""
        if not self.options.other_client_per_minute:
            self._others_seen = now
            return
        pause = 60 / self.options.other_client_per_minute
        self._others_seen = max(self._others_seen, now - 2 * self.options.rate_seconds)
        while self._others_seen + pause <= now:
            self._others_seen += pause
            self._window.refuse(ACCOUNT, self._others_seen)

    def _serve(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = Request({**environ, "QUERY_STRING": environ["sandbox.query"]})
        with self._lock:
            self._answered += 1
            try:
                found = self._answer(request)
            except Refusal as refusal:
                found = refusal.answer
        environ["sandbox.authenticated"] = request.environ.get("sandbox.authenticated", False)
        return send(found, environ, start_response)

    def _answer(self, request: Request) -> Answer:
        sent = tuple(request.header(f"X-PW-{name}") for name in ("AccessToken", "Application", "UserEmail"))
        if sent != (self.api_key, APPLICATION, self.user_email):
            return json_answer({"success": False, "status": 401, "message": "Unauthorized"}, 401)
        request.environ["sandbox.authenticated"] = True
        if "application/json" not in request.environ.get("CONTENT_TYPE", ""):
            return json_answer({"success": False, "status": 415, "message": "Content-Type must be JSON"}, 415)
        if not request.path.startswith(BASE + "/"):
            return NOT_FOUND
        call = Call(request, self.store, self.faults, self._answered)
        if self.options.work_before_page and LATER_PAGE.search(request.environ["sandbox.asked"]):
            self.work(Random(f"{self._seed} {self._answered}"), self.options.work_before_page)
        self.store.catch_up()
        return answer(call, request.path.removeprefix(BASE + "/").rstrip("/"))


def _described(application: Application) -> Application:
    """Show what the body of a search asks for as the query, for the ledger and the faults, which go by addresses."""

    def described(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked = "&".join(part for part in (query, _as_query(body)) if part)
        told = {**environ, "QUERY_STRING": asked, "wsgi.input": BytesIO(body), "sandbox.query": query}
        return application({**told, "sandbox.asked": asked}, start_response)

    return described


def _as_query(body: bytes) -> str:
    try:
        asked = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(asked, dict):
        return ""
    values = {key: value if isinstance(value, str) else json.dumps(value) for key, value in asked.items()}
    return urlencode(sorted(values.items()))
