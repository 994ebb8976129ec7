"""A simulated Basecamp account and its Launchpad.

    vendor = Basecamp(Company(seed=1, scale=0.1), now=time.time)
    session = session_over("http://basecamp.test", WsgiAdapter(vendor.wsgi))
    configuration = vendor.configuration("http://basecamp.test")

Decisions where the documentation is silent, each a switch or one function:
- a recording shows the worst status of itself, its ancestors and its project (trashed over archived over
  active); `inherits_status` is false only for what was archived or trashed itself; inheriting moves no
  `updated_at`;
- `bucket=<archived project>` finds its recordings under the status they show, `archived`; trashed projects
  may be asked for in the same way; an unknown project is a 404;
- a trashed door stays in the trashed listing with status `deleted`;
- requests refused with 429 do not count against the limit; Launchpad has a window of its own;
- what hangs under something trashed is not in `truth()`, what hangs under something archived is.

Order of refusals: rate limit, User-Agent, token, account, path.
"""

import json
import re
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

from sandbox.basecamp import feed as feed  # registers its route
from sandbox.basecamp import routes as routes  # registers the others
from sandbox.basecamp.calls import Call, resolve
from sandbox.basecamp.data import load
from sandbox.basecamp.generate import generate
from sandbox.basecamp.launchpad import Launchpad
from sandbox.basecamp.options import Options
from sandbox.basecamp.payloads import Payloads
from sandbox.basecamp.store import Store
from sandbox.basecamp.truth import truth
from sandbox.basecamp.work import Work
from sandbox.company import Company, stranger
from sandbox.listings import Listings
from sandbox.vendor import SimulatedVendor
from sandbox.web import Answer, Request, json_answer, text_answer

LATER_PAGE = re.compile(r"(^|&)page=")
PEOPLE = ("User", "Client", "Outsider")
"""The types of `person` that stand for somebody; the others are programs, samples and what is left of who left."""
CONTACT = re.compile(r"https?://\S|\S@\S")
NEVER_BROKEN = r"/authorization|/account\.json|/projects\.json|/people\.json|/my/profile"
NO_AGENT = "Please identify your app in the User-Agent header, with a URL or an e-mail address to reach you at."
OPTIONAL_WRITE = "The account limit for this kind of thing has been reached."


class Basecamp(SimulatedVendor):
    """`wsgi` serves the API under /{account_id}/ and Launchpad under /authorization."""

    never_broken, later_page, make_options = NEVER_BROKEN, LATER_PAGE, Options

    def _build(self, company: Company | Path) -> None:
        """A company's account, or one that holds the records of a folder of JSON payloads."""
        self.store = Store(self._now, lambda: self.options.large_ids)
        self.launchpad = Launchpad(self.store, self.options, self._now, self._seed)
        self._listings = Listings(self.store)
        self._work = Work(self.store, self._seed)
        if isinstance(company, Path):
            self.account_id: int = load(self.store, company)
        else:
            generate(self.store, company, self._seed)
            self.account_id = self.store.account["id"]

    def configuration(self, origin: str) -> dict[str, str]:
        return {
            "account_id": str(self.account_id),
            "client_id": self.launchpad.client_id,
            "client_secret": self.launchpad.client_secret,
            "refresh_token": self.launchpad.refresh_token,
            "user_agent": "Sandbox trial (https://sandbox.example/contact)",
            "base_url": origin,
            "launchpad_url": origin,
        }

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return truth(self.store, self.options)

    def identities(self) -> dict[tuple[str, str], int]:
        """Who every person really is, by landed table and record id."""
        with self._lock:
            store = self.store
            return {
                ("person", str(id)): store.identities.get(id, stranger("basecamp", id))
                for id, person in store.people.items()
                if person.personable_type in PEOPLE and not person.gone
            }

    def clients(self) -> dict[tuple[str, str], int]:
        """The projects that are for a client firm, with the number of the firm."""
        store = self.store
        return {
            ("project", str(bucket.id)): store.clients[bucket.id]
            for bucket in store.projects()
            if bucket.id in store.clients and bucket.status != "trashed"
        }

    def _change(self, random: Random) -> str:
        return self._work.one(random)

    def _settle(self) -> None:
        self.store.empty_after()

    def _limit(self, request: Request) -> Answer | None:
        """Count every request of an address, whatever becomes of it. basecamp.md 3."""
        name = "launchpad" if request.path.startswith("/authorization") else "requests"
        rate = (self.options.rate_limit, self.options.rate_seconds)
        wait = self._windows.refuse(name, request.client, rate, self._now())
        return self._throttled(request, wait) if wait else None

    def _throttled(self, request: Request, wait: int) -> Answer:
        detail = {
            "name": "Requests",
            "period": int(self.options.rate_seconds),
            "limit": self.options.rate_limit,
            "remaining": 0,
            "until": self._now() + wait,
        }
        return text_answer("Too many requests", 429, Retry_After=str(wait), X_Ratelimit=json.dumps(detail))

    @property
    def _nonce(self) -> str:
        """Differs for each request, and is found in every signed value of its answer."""
        return blake2b(f"{self._seed} {self._answered}".encode(), digest_size=8).hexdigest()

    def _finish(self, request: Request, answer: Answer) -> Answer:
        return self._signed(_conditional(request, answer, self._nonce))

    def _answer(self, request: Request) -> Answer:
        if request.path.startswith("/authorization"):
            return self._identity(request)
        if not CONTACT.search(request.header("User-Agent")):
            return text_answer(NO_AGENT, 400)
        self.launchpad.require(request)
        account, path = _below_account(request.path)
        if account != self.account_id:
            return json_answer({"error": "Not found"}, 404)
        if self.options.account_inactive:
            return json_answer({"error": "This account is inactive"}, 404, Reason="Account Inactive")
        if request.method not in ("GET", "HEAD"):
            json_sent = "application/json" in request.environ.get("CONTENT_TYPE", "")
            return json_answer({"error": OPTIONAL_WRITE}, 507 if json_sent else 415)
        if not path.endswith(".json") and "application/json" not in request.header("Accept"):
            return text_answer("<html><body>Basecamp</body></html>", 406, "text/html; charset=utf-8")
        found = resolve(path.removesuffix(".json"))
        if found is None:
            return json_answer({"status": 404, "error": "Not Found"}, 404)
        function, numbers, bucket = found
        self._meanwhile(request.query_string)
        payloads = Payloads(self.store, self.options, request.origin, self.account_id, self._nonce)
        call = Call(self, request, self._answered, payloads, self._listings, bucket)
        return function(call, *numbers)

    def _identity(self, request: Request) -> Answer:
        if request.path == "/authorization/token":
            return self.launchpad.token(request)
        if request.path == "/authorization.json" and request.method in ("GET", "HEAD"):
            return self.launchpad.accounts(request, self.account_id)
        if request.path == "/authorization/new" and request.method == "GET":
            return self.launchpad.consent(request)
        return text_answer("Not found", 404)


def _below_account(path: str) -> tuple[int | None, str]:
    """`/4107294/todos/1.json` is account 4107294 and `/todos/1.json`."""
    match = re.match(r"/(\d+)(/.+)$", path)
    return (int(match[1]), match[2]) if match else (None, path)


def _conditional(request: Request, answer: Answer, nonce: str) -> Answer:
    """Add an ETag that does not see the signed values, and answer 304 to who has it already. basecamp.md
    5."""
    if answer.status != 200 or request.method not in ("GET", "HEAD") or request.path.startswith("/authorization"):
        return answer
    stable = answer.body.replace(nonce.encode(), b"")
    tag = f'W/"{blake2b(stable, digest_size=16).hexdigest()}"'
    answer.headers["ETag"] = tag
    known = request.header("If-None-Match")
    since = request.header("If-Modified-Since")
    if known == tag or (not known and since and since == answer.headers.get("Last-Modified")):
        answer.headers.pop("Content-Type", None)
        return Answer(304, b"", answer.headers)
    return answer
