"""A simulated QuickBooks Online company and Intuit's token endpoint.

    vendor = QuickBooks(Company(seed=1, scale=0.1), now=time.time)
    session.mount("https://quickbooks.test", WsgiAdapter(vendor.wsgi))
    configuration = vendor.configuration("https://quickbooks.test")

Decisions where the documentation is silent, each a switch or one function:
- without `ORDERBY` records come in an order that follows neither ids nor time; records of one second come in an
  order that follows nothing, the same each time (`unstable_ties`);
- an answer of CDC is cut at the cap of the whole answer, live objects before stubs; `changedSince` is inclusive
  (`cdc_exclusive`), and one that is too old is refused with code 2030;
- a time without an offset is Pacific; a list of columns is refused unless `*` is in it;
- an old refresh token is dead at once (`old_token_grace_seconds`); a new grant starts at each rotation;
- a transaction moves the change time of its customer or vendor, but not of the accounts that it posts to;
- a merged customer vanishes without a stub (`merge_leaves_stub`), and its transactions move to the other one;
- answers may be behind the change times that they show (`lag_seconds`);
- refused requests count against no limit; everything else below a company is metered, errors too.

Faults look as Intuit's do: throttling in turn as one of `THROTTLES`, and what would be a 502 comes as a 200 with a
Fault inside, so `faults.break_path(pattern, 502)` lets an address answer that for good.

The requests that are kept, and the addresses that faults go by, are written as people read them: no percent signs,
and the statement of a POST as if it stood in the address.

Order of refusals: monthly meter, limits, token, company, path.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import unquote_plus

from sandbox.company import Company
from sandbox.quickbooks import times
from sandbox.quickbooks.answers import refusal
from sandbox.quickbooks.books import Books
from sandbox.quickbooks.gateway import Gateway
from sandbox.quickbooks.generate import generate
from sandbox.quickbooks.oauth import Intuit
from sandbox.quickbooks.options import Options
from sandbox.quickbooks.routes import Call, answer
from sandbox.quickbooks.store import Store
from sandbox.quickbooks.truth import truth
from sandbox.quickbooks.work import Work
from sandbox.vendor import SimulatedVendor
from sandbox.web import (
    Answer,
    Application,
    Environ,
    Refusal,
    Request,
    StartResponse,
    collect,
    described,
    json_answer,
    send,
)

COMPANY_PATH = re.compile(r"/v3/company/([^/]+)/(.+?)/?")
LATER_PAGE = re.compile(r"STARTPOSITION (?!1(?:\D|$))|/cdc\?", re.IGNORECASE)
NEVER_BROKEN = r"/oauth2/|/companyinfo/|FROM Preferences|FROM CompanyInfo"


class QuickBooks(SimulatedVendor):
    """`statistics` tells also how many reads were `metered`, and how many tokens were `refreshed`."""

    never_broken, later_page, make_options = NEVER_BROKEN, LATER_PAGE, Options

    def _build(self, company: Company) -> None:
        self.wsgi = described(self.wsgi, _as_read)
        self.intuit = Intuit(self.options, self._now, self._seed)
        self.gateway = Gateway(self.options, self._now)
        self.store = Store(self._now, self.options)
        self.books = Books(self.store, self.options)
        self.trade = generate(self.books, company, self._seed)
        self._work = Work(self.trade, company.scale)
        self._rated = 0
        self._settle()

    @property
    def statistics(self) -> Counter[str]:
        counted = Counter(super().statistics)
        counted["metered"] = self.gateway.metered.total()
        counted["refreshed"] = self.intuit.refreshed
        return counted

    def configuration(self, origin: str) -> dict[str, str]:
        return {
            "client_id": self.intuit.client_id,
            "client_secret": self.intuit.client_secret,
            "refresh_token": self.intuit.refresh_token,
            "realm_id": self.intuit.realm_id,
            "base_url": origin,
            "token_url": origin + self.intuit.token_path,
        }

    def trial_balance(self) -> dict[str, Decimal]:
        """By account id, debits less credits in the home currency, exact; accounts without postings are left out."""
        with self._lock:
            return self.books.ledger.trial_balance()

    def edit_at_once(self, entity: str, count: int, random: Random) -> list[str]:
        """One batch: `count` records get the same `LastUpdatedTime`, now. Returns their ids."""
        with self._lock:
            return self._work.edit_at_once(entity, count, random)

    def day(self, random: Random) -> list[tuple[float, str]]:
        """The plan of a working day: seconds after its beginning, and the name of the change that `perform` then
        makes."""
        return self._work.day(random)

    def perform(self, name: str, random: Random) -> bool:
        """Make the change of this name now; False if there was nothing to change in that way."""
        with self._lock:
            return self._work.perform(name, random)

    def working_day(self, random: Random, wait: Callable[[float], None]) -> list[str]:
        """Do what a day's plan says, each at its moment; `wait` lets the clock go on. It ends a day after it began."""
        done, past = [], 0.0
        for moment, name in self.day(random):
            wait(moment - past)
            past = moment
            if self.perform(name, random):
                done.append(name)
        wait(times.DAY - past)
        return done

    def identities(self) -> dict[tuple[str, str], int]:
        with self._lock:
            return self.trade.people.identities()

    def clients(self) -> dict[tuple[str, str], int]:
        with self._lock:
            return self.trade.people.clients()

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return truth(self.books, self.options)

    def _settle(self) -> None:
        self.store.catch_up()
        today = int(self._now() // times.DAY)
        if today != self._rated:
            self._rated = today
            self.trade.keep_rates()

    def _change(self, random: Random) -> str:
        return self._work.one(random)

    def _limit(self, request: Request) -> Answer | None:
        return self.gateway.refuse() if COMPANY_PATH.fullmatch(request.path) else None

    def _limited(self, application: Application) -> Application:
        return super()._limited(self._spelled(application))

    def _spelled(self, application: Application) -> Application:
        """Let faults look as Intuit's do: throttling in its spellings, some server trouble as a Fault inside 200."""

        def spelled(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            found = collect(application, environ)
            below = COMPANY_PATH.fullmatch(environ.get("PATH_INFO", ""))
            if below and found.status == 429 and found.headers["Content-Type"].startswith("text/plain"):
                throttled = self.gateway.throttled()
                if "Retry-After" in found.headers:
                    throttled.headers["Retry-After"] = found.headers["Retry-After"]
                found = throttled
            elif below and found.status == 502:
                message = "An application error has occurred while processing your request"
                found = refusal("10000", message, self._now(), status=200, kind="SystemFault")
            return send(self._finish(Request(environ), found), environ, start_response)

        return spelled

    def _finish(self, request: Request, answer: Answer) -> Answer:
        self._signed(answer)
        answer.headers["intuit_tid"] = answer.headers.pop("X-Request-Id")
        answer.headers["QBO-Version"] = "1993.166"
        return answer

    def _answer(self, request: Request) -> Answer:
        raw = request.as_sent
        found = self.intuit.answer(raw)
        if found is not None:
            return found
        below = COMPANY_PATH.fullmatch(request.path)
        if below is None:
            return json_answer({"message": "no Route matched with those values"}, 404)
        realm, path = below.groups()
        self._let_in(request, realm)
        self.gateway.meter()
        self.gateway.occupy(self.options.answer_seconds)
        asked = f"{request.path}?{request.query_string}"
        self._meanwhile(asked)
        return answer(Call(self, raw, self._answered, self._now(), asked), path)

    def _let_in(self, request: Request, realm: str) -> None:
        """Raises the refusal of a token that is none, or is one of another company."""
        now = self._now()
        if not self.intuit.known(request):
            detail = "Token expired or invalid"
            if self._answered % 3 == 0:
                raise Refusal(refusal("100", "General Authentication Error", now, detail, 401, "AuthenticationFault"))
            spelling = "xml" if self._answered % 3 == 1 else "gateway"
            raise Refusal(refusal("3200", "ApplicationAuthenticationFailed", now, detail, 401, spelling=spelling))
        if realm != self.intuit.realm_id:
            detail = f"the token does not cover the company {realm}"
            raise Refusal(refusal("3100", "ApplicationAuthorizationFailed", now, detail, 403, spelling="gateway"))
        request.environ["sandbox.authenticated"] = True

    def slow(self, request: Request, seconds: float) -> None:
        """The answer takes so long, during which it keeps its place."""
        self.gateway.occupy(seconds)
        request.environ.get("sandbox.sleep", self.faults.sleep)(seconds)


def _as_read(environ: Environ, body: bytes) -> str:
    """An address's query as people read it, with the statement of a POST in it."""
    query = unquote_plus(environ.get("QUERY_STRING", ""))
    if environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO", "").rstrip("/").endswith("/query"):
        statement = f"query={body.decode('utf-8', 'replace')}"
        return f"{statement}&{query}" if query else statement
    return query
