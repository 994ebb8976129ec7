"""What a fault does to the lists of Basecamp."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import requests

from sandbox.faults import Faults


def is_malformed(shape: str, served: Any, good: dict[str, Any]) -> bool:
    if shape == "null":
        return served is None
    if shape == "text":
        return isinstance(served, str)
    if shape == "no_id":
        return "id" not in served and "title" in served
    return any(isinstance(served[key], list) and isinstance(good[key], dict) for key in served)


@pytest.mark.parametrize("shape", ["null", "text", "no_id", "list"])
def test_a_record_stays_malformed_in_its_page_until_cleared(make: Callable[..., Any], shape: str) -> None:
    faults = Faults()
    reader = make(faults=faults)
    good = reader.ask("projects/recordings.json?type=Todo").json()
    faults.break_record("todo", good[3]["id"], shape)
    for _ in range(2):
        rows = reader.ask("projects/recordings.json?type=Todo").json()
        assert [row["id"] for row in rows[:3]] == [row["id"] for row in good[:3]]
        assert is_malformed(shape, rows[3], good[3])
    reader.vendor.clear_faults()
    assert [row["id"] for row in reader.ask("projects/recordings.json?type=Todo").json()] == [row["id"] for row in good]


def test_hostile_poisons_a_few_records_and_always_the_same(make: Callable[..., Any]) -> None:
    bad = []
    for _ in range(2):
        faults = Faults(1, "hostile")
        faults.shares, faults.page_shares, faults.broken_share, faults.poisoned_share = {}, {}, 0.0, 0.05
        rows = make(faults=faults).all("projects/recordings.json?type=Todo")
        whole = [isinstance(row, dict) and "id" in row and isinstance(row["creator"], dict) for row in rows]
        bad.append([number for number, good in enumerate(whole) if not good])
    assert bad[0] == bad[1] and 0 < len(bad[0]) < 30


@pytest.mark.parametrize(
    ("kind", "expected"), [("early", [14, 15, 16]), ("late", [16, 17, 18]), ("duplicate", [0, 1, 2])]
)
def test_a_page_may_start_early_or_late_or_be_the_previous_one(
    make: Callable[..., Any], kind: str, expected: list[int]
) -> None:
    faults = Faults()
    reader = make(faults=faults)
    ids = [row["id"] for row in reader.all("projects/recordings.json?type=Todo")]
    faults.page_shares = {kind: 1.0}
    rows = reader.ask("projects/recordings.json?type=Todo&page=2").json()
    assert [row["id"] for row in rows[:3]] == [ids[number] for number in expected]


def test_a_next_link_may_repeat(make: Callable[..., Any]) -> None:
    faults = Faults()
    faults.page_shares = {"repeat": 1.0}
    answer = make(faults=faults).ask("projects/recordings.json?type=Todo&page=2")
    assert answer.links["next"]["url"] == answer.url


def test_a_retrying_client_reads_everything_from_a_flaky_vendor(make: Callable[..., Any]) -> None:
    reader = make(faults=Faults(5, "flaky", sleep=lambda seconds: None))
    url: str | None = "projects/recordings.json?type=Todo&sort=updated_at"
    seen: Counter[int] = Counter()
    while url:
        for _ in range(3):
            try:
                answer = reader.ask(url, timeout=30)
                rows = answer.json() if answer.status_code == 200 else None
            except (requests.RequestException, ValueError):
                rows = None
            if rows is not None:
                break
        assert rows is not None
        seen.update(row["id"] for row in rows)
        url = answer.links.get("next", {}).get("url")
    everything = {row["id"] for row in make().all("projects/recordings.json?type=Todo")}
    assert set(seen) == everything


def test_resets_and_faults_are_in_the_ledger(make: Callable[..., Any]) -> None:
    faults = Faults()
    faults.break_path("/people", status=0, times=1)
    reader = make(faults=faults)
    with pytest.raises(requests.ConnectionError):
        reader.ask("people.json")
    assert reader.vendor.statistics["reset"] == 1
    assert reader.vendor.requests[-1].status == 0
    assert faults.injected["rule"] == 1
