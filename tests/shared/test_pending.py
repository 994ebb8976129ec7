"""Records that failed on their own are tried again by themselves, so often, and only so many."""

from typing import Any

import pytest

from shared import pending
from shared.errors import Unavailable
from shared.journal import Journal
from shared.pending import MOST_ATTEMPTS, Pending
from shared.redaction import Secrets
from tests.destination import Destination
from tests.shared.engine import errors, warehouse

NOW = "2026-03-01T09:30:00.000Z"


@pytest.fixture
def destination() -> Destination:
    return warehouse()


@pytest.fixture
def journal(destination: Destination) -> Journal:
    return Journal(destination, {}, lambda: NOW, Secrets())


def kept(made: Pending) -> dict[str, Any]:
    return made.kept(read_below=True, tried=True)


def test_a_record_is_put_off_with_what_it_is_read_by(journal: Journal) -> None:
    made = Pending("task", {}, journal, NOW)
    assert made.put_off("7", {"id": 7}) == 1
    assert kept(made) == {"7": {"first_seen_at": NOW, "attempts": 1, "key": {"id": 7}}}
    assert made.due(complete=False) == [{"id": 7}]


def test_failing_twice_in_one_sync_counts_once_and_in_another_once_more(journal: Journal) -> None:
    made = Pending("task", {}, journal, NOW)
    assert [made.put_off("7", {"id": 7}), made.put_off("7", {"id": 7})] == [1, 1]
    later = Pending("task", kept(made), journal, "2026-03-02T00:00:00.000Z")
    assert later.put_off("7", {"id": 8}) == 2
    assert kept(later)["7"] == {"first_seen_at": NOW, "attempts": 2, "key": {"id": 8}}
    assert kept(made)["7"]["attempts"] == 1


def test_after_many_attempts_it_is_left_to_complete_passes(journal: Journal) -> None:
    saved = {"7": {"first_seen_at": NOW, "attempts": MOST_ATTEMPTS, "key": {"id": 7}}}
    made = Pending("task", saved, journal, NOW)
    assert made.due(complete=False) == [] and made.due(complete=True) == [{"id": 7}]


def test_only_so_many_are_put_off(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_PENDING", 2)
    made = Pending("task", {}, journal, NOW)
    for number in (1, 2):
        assert made.has_room_for(str(number))
        made.put_off(str(number), {"id": number})
    assert made.has_room_for("2") and not made.has_room_for("3")


def test_what_was_read_after_all_is_no_longer_pending_and_no_error(destination: Destination) -> None:
    opened: dict[str, dict[str, Any]] = {}
    Journal(destination, opened, lambda: NOW, Secrets()).note("task", Unavailable("down"), record_id="7")
    saved = {"7": {"first_seen_at": NOW, "attempts": 1, "key": {"id": 7}}}
    made = Pending("task", saved, Journal(destination, opened, lambda: NOW, Secrets()), NOW)
    made.clear("7")
    made.clear("8")
    destination.commit()
    assert kept(made) == {} and errors(destination) == []


def test_a_part_that_lands_is_remembered_as_a_part_until_the_rest_does(journal: Journal) -> None:
    made = Pending("task", {}, journal, NOW)
    made.note_partial("7")
    assert not made.is_partial("7")
    made.put_off("7", {"id": 7})
    made.put_off("8", {"id": 8})
    assert made.is_partial("7") and not made.is_partial("8")
    assert Pending("task", kept(made), journal, NOW).is_partial("7")
