"""What was asked of a vendor and how it was answered."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from sandbox.web import Application, Environ, StartResponse, collect, send


@dataclass(frozen=True, slots=True)
class Entry:
    """`path` includes the query string; `status` is 0 for a connection that was reset; `time` is the vendor's
    clock."""

    method: str
    path: str
    status: int
    time: float
    authenticated: bool


class Ledger:
    """WSGI middleware that keeps an `Entry` for each request. An application marks a request whose
    credentials it accepted with `environ["sandbox.authenticated"] = True`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.entries: list[Entry] = []
        self.statistics: Counter[str] = Counter()
        self._now = now
        self._lock = Lock()

    def wrap(self, application: Application) -> Application:
        def recorded(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            time = self._now()
            try:
                answer = collect(application, environ)
            except ConnectionError:
                self._write(environ, 0, time)
                raise
            self._write(environ, answer.status, time)
            return send(answer, environ, start_response)

        return recorded

    def _write(self, environ: Environ, status: int, time: float) -> None:
        query = environ.get("QUERY_STRING")
        path = environ.get("PATH_INFO", "/") + (f"?{query}" if query else "")
        known = bool(environ.get("sandbox.authenticated"))
        with self._lock:
            self.entries.append(Entry(environ["REQUEST_METHOD"], path, status, time, known))
            self.statistics["requests"] += 1
            self.statistics["reset" if status == 0 else str(status)] += 1
