"""What listings showed is remembered, and told from what is new."""

import json
from datetime import datetime, timedelta, timezone

from shared.shown import MOST_RECENT, Recent, Shown

NOON = datetime(2026, 3, 8, 12, tzinfo=timezone.utc)


def test_what_a_listing_shows_again_the_same_is_known() -> None:
    recent = Recent()
    recent.put("1", {"name": "a"}, NOON)
    assert recent.has("1", {"name": "a"}) and not recent.has("1", {"name": "b"}) and not recent.has("2", {"name": "c"})


def test_the_next_sync_knows_it_too() -> None:
    recent = Recent()
    recent.put("1", "a", NOON)
    kept = json.loads(json.dumps(recent.kept(NOON)))
    assert Recent(kept).has("1", "a") and not Recent(kept).has("1", "b")


def test_what_is_older_than_the_overlap_is_forgotten_unless_all_is_asked_for() -> None:
    recent = Recent()
    recent.put("1", "a", NOON - timedelta(hours=1))
    recent.put("2", "b", NOON)
    assert not Recent(recent.kept(NOON)).has("1", "a") and Recent(recent.kept(NOON)).has("2", "b")
    assert Recent(recent.all()).has("1", "a")


def test_while_rows_are_read_what_was_known_before_stays_known() -> None:
    first = Recent()
    first.put("1", "a", NOON)
    second = Recent(first.all())
    second.put("2", "b", NOON)
    assert Recent(second.so_far()).has("1", "a") and Recent(second.so_far()).has("2", "b")


def test_it_is_written_anew_only_where_it_has_grown() -> None:
    recent = Recent()
    for number in range(100):
        recent.put(str(number), number, NOON)
    before = recent.so_far()
    recent.put("one more", 1, NOON)
    assert recent.so_far() is before
    for number in range(100, 120):
        recent.put(str(number), number, NOON)
    assert recent.so_far() != before


def test_only_the_latest_rows_of_very_many_are_kept() -> None:
    recent = Recent()
    for number in range(MOST_RECENT + 2):
        recent.put(str(number), number, NOON + timedelta(seconds=number))
    kept = Recent(recent.all())
    assert not kept.has("1", 1) and kept.has("2", 2)


def test_a_memory_that_cannot_be_read_counts_as_none() -> None:
    assert not Recent("not base 85 \u00e9").has("1", "a")


def test_rows_are_known_by_name_and_by_what_they_showed() -> None:
    shown = Shown()
    shown.put("1", {"name": "a"})
    shown.put("2")
    again = Shown(json.loads(json.dumps(shown.kept())))
    assert sorted(again) == ["1", "2"] and "1" in again and "3" not in again
    assert again.has("1", {"name": "a"}) and not again.has("1", {"name": "b"}) and not again.has("2", None)
    again.remove("1")
    assert list(again) == ["2"]


def test_a_row_that_is_nothing_is_known_like_any_other() -> None:
    shown = Shown()
    shown.put("None", None)
    assert shown.has("None", None)
