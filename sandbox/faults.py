"""Faults that real services show, drawn from a seed so that the same requests meet the same faults.

What a request meets depends on its URL and on how often that URL was asked before, never on the order in
which threads arrive. `flaky` holds what a client that retries gets over, because no URL fails more than twice
in a row. `hostile` adds what retrying cannot cure: answers that look good and are not, records that are
malformed for good, URLs that always fail.

| kind | what happens |
| --- | --- |
| throttled, throttled_bare | 429 with and without Retry-After |
| unavailable | 500, 502, 503 or 504 |
| reset, reset_after | the connection drops before or after the request took effect |
| slow | the answer takes seconds, through `sleep` |
| truncated | the body ends before its Content-Length |
| html | a 200 that is an HTML page |
| malformed | a 200 whose JSON stops in the middle |
| early, late | a page that starts one row early (a row twice) or late (a row missing) |
| duplicate | the previous page once more |
| repeat | a page whose next link points to itself |
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from time import sleep as real_sleep
from typing import Any

from sandbox.web import Answer, Application, Environ, StartResponse, collect, send, text_answer

FLAKY = {
    "throttled": 0.008,
    "throttled_bare": 0.004,
    "unavailable": 0.012,
    "reset": 0.005,
    "reset_after": 0.003,
    "slow": 0.004,
    "truncated": 0.005,
    "html": 0.004,
    "malformed": 0.005,
}
HOSTILE = {kind: 3 * share for kind, share in FLAKY.items()}
PAGES = {
    "none": {},
    "flaky": {"early": 0.02},
    "hostile": {"early": 0.03, "late": 0.01, "duplicate": 0.01, "repeat": 0.01},
}
ANSWERS: dict[str, dict[str, float]] = {"none": {}, "flaky": FLAKY, "hostile": HOSTILE}
PROFILES = tuple(ANSWERS)
POISONED_SHARE = {"none": 0.0, "flaky": 0.0, "hostile": 0.002}
BROKEN_SHARE = {"none": 0.0, "flaky": 0.0, "hostile": 0.004}
FAILURES_IN_A_ROW = 2
SLOWEST_SECONDS = {"none": 0.0, "flaky": 12.0, "hostile": 45.0}
IDENTIFIERS = ("uuid", "user_id", "membership_id", "surveyQuestionId")
"""What may stand for the `id` that a record does not have."""
SHAPES = ("null", "text", "no_id", "list")
HTML = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"


class ConnectionReset(ConnectionResetError):
    """Raised out of the WSGI application where a server would drop the connection without an answer."""


@dataclass
class Rule:
    """`times` left before the rule is spent; None is for ever."""

    pattern: re.Pattern[str]
    status: int
    times: int | None


class Faults:
    """`sleep` is what a slow answer waits with, unless the caller's `environ["sandbox.sleep"]` takes the wait
    over. `spare` matches paths that must not fail for good (the hostile profile would otherwise end before it
    began)."""

    def __init__(
        self,
        seed: int = 1,
        profile: str = "none",
        sleep: Callable[[float], None] = real_sleep,
        spare: str | None = None,
    ) -> None:
        if profile not in PROFILES:
            raise ValueError(f"unknown profile {profile!r}, expected one of {', '.join(PROFILES)}")
        self.seed = seed
        self.sleep = sleep
        self.spare = spare
        self.injected: Counter[str] = Counter()
        self._asked: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._lock = Lock()
        self._rules: list[Rule] = []
        self._records: dict[tuple[str, int | str], str] = {}
        self.profile = profile

    @property
    def profile(self) -> str:
        return self._profile

    @profile.setter
    def profile(self, name: str) -> None:
        self._profile = name
        self.shares = dict(ANSWERS[name])
        self.page_shares = dict(PAGES[name])
        self.poisoned_share = POISONED_SHARE[name]
        self.broken_share = BROKEN_SHARE[name]

    def break_path(self, pattern: str, status: int = 500, times: int | None = None) -> None:
        """Answer `status` (0: reset the connection) to URLs that `pattern` is found in, for ever or `times`
        times."""
        self._rules.append(Rule(re.compile(pattern), status, times))

    def break_record(self, kind: str, id: int | str, shape: str = "null") -> None:
        """Serve this one record malformed: `null`, `text`, `no_id`, or `list` (where an object belongs)."""
        if shape not in SHAPES:
            raise ValueError(f"unknown shape {shape!r}, expected one of {', '.join(SHAPES)}")
        self._records[kind, id] = shape

    def clear(self) -> None:
        """From now on nothing fails: profile none, no rules, no malformed records."""
        self.profile = "none"
        self._rules.clear()
        self._records.clear()

    def wrap(self, application: Application) -> Application:
        """WSGI middleware around the vendor."""

        def faulty(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            url = _url(environ)
            answer = self._lasting(url)
            if answer is None:
                kind = self._transient(f"{environ['REQUEST_METHOD']} {url}")
                answer = self._meet(kind, application, environ, url) if kind else collect(application, environ)
            return send(answer, environ, start_response)

        return faulty

    def page(self, url: str) -> str | None:
        """The fault of this reading of a page, of `early`, `late`, `duplicate`, `repeat`; the vendor acts it
        out."""
        return self._choose(self.page_shares, "page", url) if self.page_shares else None

    def record(self, kind: str, id: int | str, payload: dict[str, Any]) -> Any:
        """`payload`, or what is served in its place."""
        shape = self._records.get((kind, id))
        if shape is None and self.poisoned_share and self._draw("poison", kind, id) < self.poisoned_share:
            shape = SHAPES[int(self._draw("shape", kind, id) * len(SHAPES))]
        if shape is None:
            return payload
        self.injected["poison"] += 1
        return _malformed(shape, payload)

    def _lasting(self, url: str) -> Answer | None:
        for rule in self._rules:
            if rule.times != 0 and rule.pattern.search(url):
                if rule.times is not None:
                    rule.times -= 1
                self.injected["rule"] += 1
                if rule.status == 0:
                    raise ConnectionReset("a rule resets this path")
                return _refused(rule.status)
        spared = self.spare is not None and re.search(self.spare, url)
        if self.broken_share and not spared and self._draw("broken", url) < self.broken_share:
            self.injected["broken"] += 1
            return _refused(500)
        return None

    def _transient(self, key: str) -> str | None:
        if not self.shares:
            return None
        with self._lock:
            if self._failed[key] >= FAILURES_IN_A_ROW:
                self._failed[key] = 0
                return None
        kind = self._choose(self.shares, "answer", key)
        with self._lock:
            self._failed[key] = self._failed[key] + 1 if kind else 0
        return kind

    def _choose(self, shares: dict[str, float], *key: str) -> str | None:
        name = " ".join(key)
        with self._lock:
            self._asked[name] += 1
            attempt = self._asked[name]
        point = self._draw(name, attempt)
        for kind, share in shares.items():
            point -= share
            if point < 0:
                with self._lock:
                    self.injected[kind] += 1
                return kind
        return None

    def _draw(self, *key: object) -> float:
        digest = blake2b(repr((self.seed, *key)).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def _meet(self, kind: str, application: Application, environ: Environ, url: str) -> Answer:
        point = self._draw("detail", kind, url, self._asked[url])
        if kind == "throttled":
            return text_answer("Too many requests", 429, Retry_After=str(1 + int(point * 5)))
        if kind == "throttled_bare":
            return text_answer("Too many requests", 429)
        if kind == "unavailable":
            return _refused((500, 502, 503, 504)[int(point * 4)])
        if kind == "reset":
            raise ConnectionReset("the connection was reset")
        if kind == "html":
            return text_answer(HTML, 200, "text/html; charset=utf-8")
        if kind == "slow":
            longest = SLOWEST_SECONDS[self.profile] or 12.0
            environ.get("sandbox.sleep", self.sleep)(1.0 + point * (longest - 1.0))
        answer = collect(application, environ)
        if kind == "reset_after":
            raise ConnectionReset("the connection was reset")
        return _damaged(kind, answer)


def _damaged(kind: str, answer: Answer) -> Answer:
    if kind not in ("truncated", "malformed") or len(answer.body) < 2 or answer.status != 200:
        return answer
    headers = {name: value for name, value in answer.headers.items() if name not in ("Content-Length", "ETag")}
    if kind == "truncated":
        headers["Content-Length"] = str(len(answer.body))
    return Answer(answer.status, answer.body[: len(answer.body) // 2], headers)


def _malformed(shape: str, payload: dict[str, Any]) -> Any:
    if shape == "null":
        return None
    if shape == "text":
        return "Internal error while rendering this record"
    if shape == "no_id":
        names = [key for key in payload if key.lower() == "id"] or IDENTIFIERS
        return {key: value for key, value in payload.items() if key not in names}
    objects = [key for key, value in payload.items() if isinstance(value, dict)]
    return {**payload, objects[0]: [payload[objects[0]]]} if objects else [payload]


def _refused(status: int) -> Answer:
    return text_answer(f"<html><body><h1>{status}</h1></body></html>", status, "text/html; charset=utf-8")


def _url(environ: Environ) -> str:
    query = environ.get("QUERY_STRING")
    path: str = environ.get("PATH_INFO", "/")
    return f"{path}?{query}" if query else path
