"""What headers say of a shared limit slows the pace down before a refusal does."""

from typing import Any

import pytest

from sandbox.clock import VirtualClock
from shared.errors import Exhausted
from shared.http import Answer
from shared.rate_headers import tell
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry

HOUR_SECONDS = 3_600.0
NOW = 1_767_225_600
DATED = {"Date": "Thu, 01 Jan 2026 00:00:00 GMT"}


class Response:
    """As much of an answer as is looked at."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers


def told(pace: Pace, *, limit: int = 5_000, left: int, reset: Any = NOW + 3_600, dated: bool = True) -> float | None:
    headers = {"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": left, "X-RateLimit-Reset": reset}
    shown = {name: str(value) for name, value in headers.items()} | (DATED if dated else {})
    return tell(pace, Answer(Response(shown), b"", Secrets(), ""), reserved=0.1)  # type: ignore[arg-type]


@pytest.fixture
def pace() -> Pace:
    return Pace(Limit(4_500, HOUR_SECONDS), clock=VirtualClock())


def test_what_is_left_for_us_is_shared_out_until_the_limit_is_counted_anew(pace: Pace) -> None:
    told(pace, left=2_300)
    assert pace.interval == pytest.approx(HOUR_SECONDS / 1_800)


def test_where_there_is_plenty_the_pace_stays_the_documented_one(pace: Pace) -> None:
    before = pace.interval
    told(pace, left=2_300)
    told(pace, left=4_999, reset=NOW + 60)
    assert pace.interval == before


def test_where_nothing_is_left_for_us_nothing_is_sent_until_then_and_a_long_pause_ends_the_sync() -> None:
    clock = VirtualClock()
    pace = Pace(Limit(4_500, HOUR_SECONDS), clock=clock)
    retry = Retry(clock, pace, Breaker())
    told(pace, left=500, reset=NOW + 300)
    started = clock.monotonic()
    assert retry.call(lambda: "answer") == "answer" and clock.monotonic() - started >= 299
    told(pace, left=500)
    with pytest.raises(Exhausted, match="no requests left for 3600 seconds"):
        retry.call(lambda: "answer")


@pytest.mark.parametrize("reset", [(NOW + 100), (NOW + 100) * 1_000])
def test_the_time_is_in_seconds_or_milliseconds(pace: Pace, reset: int) -> None:
    assert told(pace, left=100, reset=reset) == 100.0


@pytest.mark.parametrize("reset", ["", "soon", "-5"])
def test_what_is_not_said_or_no_number_says_nothing(pace: Pace, reset: str) -> None:
    before = pace.interval
    assert told(pace, left=1, reset=reset) is None and told(pace, left=1, dated=False) is None
    assert pace.interval == before
