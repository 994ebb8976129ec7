"""What is saved of each kind of stream, and what release 1.0 saved."""

from typing import Any

import pytest

from quickbooks.positions import Absent, Backfill, Followed, Preferences, Rates, entity_position
from shared.positions import Position, Restore
from tests.destination import Stop
from tests.quickbooks.company import asked, synced

SINCE = "2026-01-01T00:00:00.637Z"
FORMS: list[tuple[Restore, Position, dict[str, Any]]] = [
    (
        Preferences.restored,
        Preferences(home="USD", several=True, asked=1767225600.5),
        {"home": "USD", "several": True, "asked": 1767225600.5},
    ),
    (Preferences.restored, Preferences(asked=7.0, refused=True), {"asked": 7.0, "refused": True}),
    (Backfill.restored, Backfill(began=SINCE, reached=1719877800), {"began": SINCE, "reached": 1719877800}),
    (
        Backfill.restored,
        Backfill(began=SINCE, reached=9, start=5, missed=("Bill 3",)),
        {"began": SINCE, "reached": 9, "start": 5, "missed": ["Bill 3"]},
    ),
    (entity_position, Followed(since=SINCE, listed=7.5), {"since": SINCE, "listed": 7.5}),
    (
        entity_position,
        Followed(SINCE, 7.5, start=5, counted=8.0, queried=9.0, tried=2, uncaptured=True, silent=6.0),
        {
            "since": SINCE,
            "listed": 7.5,
            "start": 5,
            "counted": 8.0,
            "queried": 9.0,
            "tried": 2,
            "uncaptured": True,
            "silent": 6.0,
        },
    ),
    (entity_position, Absent(), {"refused": "query"}),
    (Rates.restored, Rates(day="2026-01-01", asked_on="2026-01-03"), {"day": "2026-01-01", "asked_on": "2026-01-03"}),
    (
        Rates.restored,
        Rates("2026-01-01", "2026-01-01", since="2024-07-31", past={"EUR": "2025-03-31"}),
        {"day": "2026-01-01", "asked_on": "2026-01-01", "since": "2024-07-31", "past": {"EUR": "2025-03-31"}},
    ),
]
OLD: list[tuple[Restore, dict[str, Any], Position]] = [
    (
        Preferences.restored,
        {"home": "USD", "several": False, "asked": 7.5, "refused": False},
        Preferences(home="USD", asked=7.5),
    ),
    (
        Preferences.restored,
        {"home": None, "several": False, "asked": 7.5, "refused": True},
        Preferences(asked=7.5, refused=True),
    ),
    (entity_position, {"since": SINCE, "listed": 7, "tried": 0, "asked": 9.5}, Followed(SINCE, 7.0, queried=9.5)),
    (
        entity_position,
        {"since": SINCE, "listed": 7.5, "refused": "capture", "silent": 6.5},
        Followed(SINCE, 7.5, uncaptured=True, silent=6.5),
    ),
    (entity_position, {"since": SINCE}, Followed(SINCE)),
    (Rates.restored, {"day": "2026-01-01", "asked": "2026-01-03"}, Rates("2026-01-01", "2026-01-03")),
    (Rates.restored, {"day": "2026-01-01"}, Rates("2026-01-01", "2026-01-01")),
]


@pytest.mark.parametrize(("restored", "position", "form"), FORMS, ids=lambda each: type(each).__name__)
def test_a_position_is_an_object_in_the_state(restored: Restore, position: Position, form: dict[str, Any]) -> None:
    assert position.saved() == form and restored(form) == position


@pytest.mark.parametrize(("restored", "form", "position"), OLD)
def test_what_release_1_0_saved_is_read(restored: Restore, form: dict[str, Any], position: Position) -> None:
    assert restored(form) == position


@pytest.mark.parametrize(
    ("stream", "damaged"), [("preferences", {"home": 7}), ("invoice", "x"), ("invoice", {"since": 7}), ("invoice", {})]
)
def test_a_position_that_is_damaged_ends_the_sync_before_anything_is_asked(stream: str, damaged: Any) -> None:
    here = synced()
    here.destination.state["streams"][stream]["position"] = damaged
    before = len(here.requests)
    with pytest.raises(Stop, match=rf"damaged at streams\.{stream}\.position"):
        here.sync()
    assert asked(here, since=before) == []
