"""180 requests of the account in any minute."""

from collections.abc import Callable
from typing import Any


def burst(copper: Any, count: int) -> list[int]:
    return [copper.ask("account", pace=0).status_code for _ in range(count)]


def test_the_181st_request_of_a_minute_is_refused_without_a_hint(copper: Any) -> None:
    assert burst(copper, 180) == [200] * 180
    refused = copper.ask("account", pace=0)
    assert refused.status_code == 429 and "Retry-After" not in refused.headers
    copper.clock.time += 59
    assert burst(copper, 1) == [429]
    copper.clock.time += 1
    assert burst(copper, 181) == [200] * 180 + [429]


def test_a_hint_can_be_switched_on(make: Callable[..., Any]) -> None:
    copper = make(retry_after=True)
    burst(copper, 180)
    assert copper.ask("account", pace=10).headers["Retry-After"] == "50"


def test_the_window_rolls(copper: Any) -> None:
    burst(copper, 90)
    copper.clock.time += 30
    assert burst(copper, 91) == [200] * 90 + [429]
    copper.clock.time += 30
    assert burst(copper, 91) == [200] * 90 + [429]


def test_another_client_of_the_account_eats_its_share(make: Callable[..., Any]) -> None:
    copper = make(other_client_per_minute=90)
    copper.clock.time += 3_600
    assert burst(copper, 91) == [200] * 90 + [429]
    copper.clock.time += 60
    answers = [copper.ask("account", pace=60 / 88).status_code for _ in range(500)]
    assert set(answers) == {200}
    faster = [copper.ask("account", pace=60 / 170).status_code for _ in range(500)]
    assert faster.count(429) > 100


def test_even_a_request_without_credentials_counts(copper: Any) -> None:
    for _ in range(180):
        copper.ask("account", pace=0, headers={"X-PW-AccessToken": "wrong"})
    assert burst(copper, 1) == [429]
