"""What every simulated vendor has in common, and how one is declared.

A vendor is a few modules, each of which does one thing; `docs/adding_a_source.md` shows a whole one:

    KINDS = (                                                                   # sandbox.store
        Kind("ticket", "subject status"),
        Kind("reply", "body", parent="ticket", moves_parent="create purge"),    # what moves the ticket's change time
    )
    routes = Routes()                                                           # sandbox.routes
    routes.add("/v1/tickets", Listing("ticket", show, Numbered(50), {"status": has_status}))    # sandbox.listings

    @routes("/v1/tickets/#")                                                    # a route may be any function
    def ticket(call: Call, id: int) -> Answer: ...

    CHANGES = {create("reply", new_reply, "ticket"): 6, purge("ticket"): 1}     # sandbox.changes

    class HelpDesk(SimulatedVendor):
        never_broken, routes, changes, make_options = r"/topics", routes, CHANGES, Options

        def _build(self, company): ...          # make `self.store` and fill it
        def _authorize(self, request): ...      # raise `Refusal` unless the credential is good
        def configuration(self, origin): ...    # a connector configuration that points here
        def _tables(self): ...                  # the truth, written apart (sandbox.columns)

Beside that a vendor overrides what it does otherwise: `_limit` where calls are counted by group, `_answer` where paths
are no plain routes, `_change` where changes are no plain functions, `_settle` for what happens by itself, `_finish` for
what every answer carries.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from random import Random
from re import Pattern
from threading import RLock
from typing import Any, ClassVar

from sandbox.changes import Change, pick
from sandbox.faults import Faults
from sandbox.ledger import Entry, Ledger
from sandbox.limits import Windows
from sandbox.routes import Call, Routes
from sandbox.web import Answer, Application, Environ, Refusal, Request, StartResponse, json_answer, send, text_answer


@dataclass
class Options:
    """Switches that most vendors have. `rate_limit` requests of a client in a rolling `rate_seconds`; so many random
    changes `work_before_page`; `lag_seconds`: how long listings go on showing a record as it was before a change."""

    rate_limit: int = 60
    rate_seconds: float = 60
    work_before_page: int = 0
    lag_seconds: float = 0


class SimulatedVendor(ABC):
    """A vendor over a store in memory. `company` is what `_build` makes the store of, `now` gives epoch seconds and is
    the only clock, `options` are switches that may be changed at any time.

    A request passes the ledger, `_limit`, the faults, and under the lock `_settle` and `_answer`, which by itself is
    `_authorize`, `_meanwhile` and a route."""

    never_broken: ClassVar[str]
    """Matches the paths that must not fail for good under hostile faults; "" matches all."""
    later_page: ClassVar[Pattern[str] | None] = None
    """Finds, in what is asked for, that it is a page after the first: `options.work_before_page` changes come first."""
    make_options: ClassVar[Callable[[], Any]]
    routes: ClassVar[Routes]
    changes: ClassVar[Mapping[Change, float]]
    options: Any
    store: Any
    files: str = "https://files.test"
    """The origin at which files are handed out, beside the vendor's own, where it does so (`hands_out_files`): requests
    to both come to `wsgi`. Whoever plays the vendor may say another one."""
    hands_out_files: ClassVar[bool] = False

    def __init__(
        self,
        company: Any,
        now: Callable[[], float],
        seed: int = 1,
        faults: Faults | None = None,
        options: Any | None = None,
    ) -> None:
        self.faults = faults or Faults(seed)
        self.faults.spare = self.faults.spare or self.never_broken
        self.options = type(self).make_options() if options is None else options
        self._now = now
        self._seed = seed
        self._answered = 0
        self._signatures = count()
        self._windows = Windows()
        self._lock = RLock()
        self._ledger = Ledger(now)
        self.wsgi: Application = self._ledger.wrap(self._limited(self.faults.wrap(self._serve)))
        self._build(company)

    @property
    def requests(self) -> list[Entry]:
        """Every request so far, in the order of the answers."""
        return self._ledger.entries

    @property
    def statistics(self) -> Counter[str]:
        """Number of `requests`, of answers by status, and of connections `reset`."""
        return self._ledger.statistics

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """Every table as the warehouse must hold it at this moment."""
        with self._lock:
            self._settle()
            return self._tables()

    def identities(self) -> dict[tuple[str, str], int]:
        """Who the records that stand for a person really are: the company's number of the person by landed table and
        record id, below zero for a stranger. A vendor without people has none."""
        return {}

    def clients(self) -> dict[tuple[str, str], int]:
        """The number of the client firm, by landed table and record id, of the records that stand for one."""
        return {}

    def work(self, random: Random, count: int = 1) -> list[str]:
        """The company works: `count` changes happen now. Returns their names."""
        with self._lock:
            self._settle()
            return [self._change(random) for _ in range(count)]

    def clear_faults(self) -> None:
        self.faults.clear()

    @abstractmethod
    def configuration(self, origin: str) -> dict[str, str]:
        """A connector configuration that points here."""

    @abstractmethod
    def _build(self, company: Any) -> None:
        """Make what the vendor remembers. Options, clock and seed are there."""

    @abstractmethod
    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        """`truth`, under the lock."""

    def _change(self, random: Random) -> str:
        """Make one change, under the lock, and return its name."""
        return pick(random, self.changes, lambda change: change.perform(self.store, random)).name

    def _authorize(self, request: Request) -> None:  # noqa: B027
        """Raise `Refusal` where the credential is not accepted."""

    def _client(self, request: Request) -> str:
        """Whose requests count together."""
        return request.client

    def _limit(self, request: Request) -> Answer | None:
        """Count a request, and refuse it where it is one too many."""
        rate = (self.options.rate_limit, self.options.rate_seconds)
        wait = self._windows.refuse("requests", self._client(request), rate, self._now())
        return self._throttled(request, wait) if wait else None

    def _throttled(self, request: Request, wait: int) -> Answer:
        """The refusal of a request that may be sent again after so many seconds."""
        return text_answer("Too many requests", 429, Retry_After=str(wait))

    def _answer(self, request: Request) -> Answer:
        """Answer a request, or raise `Refusal`. `_answered` differs for each request."""
        self._authorize(request)
        request.environ["sandbox.authenticated"] = True
        self._meanwhile(request.query_string)
        found = self.routes.find(request.method, request.path)
        if found is None:
            return json_answer({"error": "not found"}, 404)
        route, arguments = found
        return route(Call(self, request, self._answered), *arguments)

    def _meanwhile(self, asked: str) -> None:
        """Let the company work before a page after the first."""
        changes = self.options.work_before_page
        if changes and self.later_page is not None and self.later_page.search(asked):
            self.work(Random(f"{self._seed} {self._answered}"), changes)

    def _settle(self) -> None:  # noqa: B027
        """Let happen what is due by now."""

    def _finish(self, request: Request, answer: Answer) -> Answer:
        """Add what every answer of the vendor carries."""
        return answer

    def _signed(self, answer: Answer) -> Answer:
        """Give an answer a request id that no other has."""
        number = blake2b(f"request {self._seed} {next(self._signatures)}".encode(), digest_size=16).hexdigest()
        parts = (number[:8], number[8:12], number[12:16], number[16:20], number[20:])
        answer.headers["X-Request-Id"] = "-".join(parts)
        return answer

    def _limited(self, application: Application) -> Application:
        def limited(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            request = Request(environ)
            with self._lock:
                refusal = self._limit(request)
                if refusal is not None:
                    refusal = self._finish(request, refusal)
            return application(environ, start_response) if refusal is None else send(refusal, environ, start_response)

        return limited

    def _serve(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        with self._lock:
            self._settle()
            self._answered += 1
            try:
                answer = self._answer(request)
            except Refusal as refusal:
                answer = refusal.answer
            answer = self._finish(request, answer)
        return send(answer, environ, start_response)
