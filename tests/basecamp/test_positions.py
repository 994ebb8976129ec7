"""What a stream of Basecamp saves, and what earlier releases have saved."""

import json
from pathlib import Path
from typing import Any

import pytest

from basecamp import below, events, projects, recordings
from shared.pagination import Tide
from shared.positions import Position, by_part
from shared.shown import Recent

RELEASED = Path(__file__).parents[1] / "contract" / "released" / "basecamp.json"
EARLY, LATE = "2025-12-29T08:07:52.502000+00:00", "2025-12-30T12:11:00.751000+00:00"
HERE = (projects.Project("7", "active", EARLY, False, ()),)
PAGE_TWO = "https://3.basecampapi.example/1/projects/recordings.json?page=2"


FORMS: list[tuple[Position, dict[str, Any]]] = [
    (
        recordings.Newest(
            active=LATE, archived=EARLY, trashed="", also_until=EARLY, projects_until=LATE, projects="aa72f26b47825c99"
        ),
        {
            "active": LATE,
            "archived": EARLY,
            "trashed": "",
            "also_until": EARLY,
            "projects_until": LATE,
            "projects": "aa72f26b47825c99",
        },
    ),
    (recordings.Backfill(archived="7,8"), {"archived": "7,8"}),
    (
        recordings.Backfill(
            "", {"active": LATE}, 1, recordings.Walk(PAGE_TWO, EARLY, 2, Tide(first_total=20, records=15, pages=1))
        ),
        {
            "archived": "",
            "newest": {"active": LATE},
            "listing": 1,
            "walk": {
                "url": PAGE_TWO,
                "through": EARLY,
                "reading": 2,
                "tide": {"first_total": 20, "records": 15, "pages": 1},
            },
        },
    ),
    (below.Seen(""), {"newest": ""}),
    (below.Seen(LATE, "c${0"), {"newest": LATE, "recent": "c${0"}),
    (projects.Covering(projects_until=LATE, projects="aa"), {"projects_until": LATE, "projects": "aa"}),
    (events.Followed("", "17"), {"position": "", "last": "17"}),
]


@pytest.mark.parametrize(("position", "form"), FORMS, ids=[type(position).__name__ for position, _ in FORMS])
def test_each_position_has_its_form_in_the_state(position: Position, form: dict[str, Any]) -> None:
    assert position.saved() == form
    assert type(position).restored(form) == position


def released(kind: str, *streams: str) -> list[Any]:
    """Positions as the release before has saved them; those of all recordings by default."""
    found = []
    for state in json.loads(RELEASED.read_text()).values():
        for stream, kept in state["streams"].items():
            if kind in kept and (stream in streams if streams else "active" in kept[kind] or "listing" in kept[kind]):
                found.append(kept[kind])
    assert found
    return found


def test_what_the_release_before_saved_between_two_syncs_is_read() -> None:
    for form in released("position"):
        position = recordings.Newest.restored(form)
        assert {name: getattr(position, name) for name in form} == form
    for form in released("position", "timesheet_entry"):
        position = projects.Covering.restored(form)
        assert (position.projects_until, position.projects) == (form["projects_until"], form["projects"])


def test_what_the_release_before_saved_on_the_way_through_its_listings_is_read() -> None:
    for form in released("backfill"):
        position, walk = recordings.Backfill.restored(form), form["walk"]
        assert (position.archived, position.newest, position.listing) == (
            form["archived"],
            form["newest"],
            form["listing"],
        )
        assert position.walk == (walk and recordings.Walk(**{**walk, "tide": Tide(**walk["tide"])}))


def test_what_the_release_before_saved_of_listings_below_projects_is_read() -> None:
    parts = [
        *released("position", "campfire_line", "forward", "client_approval", "client_correspondence"),
        *released("backfill", "campfire_line"),
    ]
    for form in parts:
        for part, position in by_part(below.Seen.restored)(form).items():
            recent = Recent(position.recent)
            assert position.newest == form[part]["newest"]
            assert all(recent.has(id, (id, time)) for id, time in form[part]["recent"].items())


def test_records_that_an_earlier_release_read_lately_are_known_by_id_and_time() -> None:
    time = "2025-12-09T03:26:00.846Z"
    position = below.Seen.restored({"newest": LATE, "recent": {"1069479593": time}})
    recent = Recent(position.recent)
    assert position.newest == LATE
    assert recent.has("1069479593", ("1069479593", time))
    assert not recent.has("1069479593", ("1069479593", "2025-12-09T03:26:00.847Z"))
    assert below.Seen.restored({"newest": "", "recent": {}}) == below.Seen("")


def test_a_backfill_that_does_not_say_which_projects_are_archived_is_begun_anew() -> None:
    form = {"newest": {"active": LATE}, "listing": 1, "walk": None}
    position = recordings.Backfill.restored(form)
    assert position.archived != ""
    assert not position.archived.isdigit()


def test_changes_that_were_saved_without_their_projects_make_a_complete_pass_due() -> None:
    position = recordings.Newest.restored({"active": LATE, "archived": EARLY, "trashed": EARLY})
    assert not position.covers(HERE)
    assert not projects.Covering.restored({"window_days": 31}).covers(HERE)


def test_a_project_that_is_made_later_moves_nothing_and_one_that_is_archived_does() -> None:
    position = projects.Covering().covering(HERE, EARLY)
    new = projects.Project("8", "active", LATE, False, ())
    moved = projects.Project("7", "archived", EARLY, False, ())
    assert position.covers([*HERE, new])
    assert not position.covers([moved])
    assert not position.covers([])


def test_what_is_damaged_is_named() -> None:
    with pytest.raises(ValueError, match="walk: tide: pages does not fit"):
        recordings.Backfill.restored(
            {"archived": "", "walk": {"url": PAGE_TWO, "through": "", "reading": 1, "tide": {"pages": "1"}}}
        )
    with pytest.raises(ValueError, match="active is missing"):
        recordings.Newest.restored({})
    with pytest.raises(ValueError):
        below.Seen.restored({"newest": "", "recent": {"7": 5}})
