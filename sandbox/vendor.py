"""What every simulated vendor has in common: one clock, one lock, a ledger, faults, and a company that works."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import count
from random import Random
from threading import RLock
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Entry, Ledger
from sandbox.web import Answer, Application, Environ, Refusal, Request, StartResponse, send


class SimulatedVendor(ABC):
    """A vendor over a store in memory. `now` gives epoch seconds and is the only clock.

    A request passes the ledger, `_limit`, the faults, and under the lock `_settle` and `_answer`. `spare` matches
    the paths that must not fail for good under hostile faults."""

    def __init__(self, now: Callable[[], float], seed: int, faults: Faults | None, spare: str) -> None:
        self.faults = faults or Faults(seed)
        self.faults.spare = self.faults.spare or spare
        self._now = now
        self._seed = seed
        self._answered = 0
        self._signatures = count()
        self._lock = RLock()
        self._ledger = Ledger(now)
        self.wsgi: Application = self._ledger.wrap(self._limited(self.faults.wrap(self._serve)))

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
    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        """`truth`, under the lock."""

    @abstractmethod
    def _change(self, random: Random) -> str:
        """Make one change, under the lock, and return its name."""

    @abstractmethod
    def _limit(self, request: Request) -> Answer | None:
        """Count a request, and refuse it where it is one too many."""

    @abstractmethod
    def _answer(self, request: Request) -> Answer:
        """Answer a request, or raise `Refusal`. `_answered` differs for each request."""

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
