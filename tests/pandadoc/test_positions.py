"""What the streams of PandaDoc save, and what earlier releases have saved."""

from typing import Any

import pytest

from pandadoc.positions import ByChange, ByCreation, Happened, Read
from shared.positions import Position
from shared.shown import Recent, Shown
from tests.contract.test_released import MOMENTS, released

DAY, LATER = "2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"

FORMS: list[tuple[Position, dict[str, Any]]] = [
    (
        ByCreation(recent="r", created=DAY, at=("a", "b"), horizon=LATER, modified=LATER),
        {"recent": "r", "created": DAY, "at": ["a", "b"], "horizon": LATER, "modified": LATER},
    ),
    (
        ByCreation(recent="", created=DAY, at=(), horizon=DAY, modified=DAY),
        {"recent": "", "created": DAY, "at": [], "horizon": DAY, "modified": DAY},
    ),
    (ByChange(recent="r", modified=LATER, gone={"": "text"}), {"recent": "r", "modified": LATER, "gone": {"": "text"}}),
    (Happened(recent="r", newest=LATER), {"recent": "r", "newest": LATER}),
    (Read(read={"": "text"}, failed=("a",)), {"read": {"": "text"}, "failed": ["a"]}),
    (Read(read={}, failed=()), {"read": {}, "failed": []}),
]


@pytest.mark.parametrize(("position", "form"), FORMS)
def test_every_position_has_its_form_in_the_state(position: Position, form: dict[str, Any]) -> None:
    assert position.saved() == form
    assert type(position).restored(form) == position


@pytest.mark.parametrize(("position", "form"), FORMS)
def test_a_position_that_lacks_something_is_refused(position: Position, form: dict[str, Any]) -> None:
    for name in form.keys() - {"failed"}:
        with pytest.raises(ValueError, match=f"{name} is missing"):
            type(position).restored({key: each for key, each in form.items() if key != name})
    with pytest.raises(ValueError, match="an object was expected"):
        type(position).restored("2026")


@pytest.mark.parametrize(("position", "form"), FORMS[:4])
def test_what_was_kept_as_an_object_of_what_was_listed_lately_counts_as_nothing(
    position: Position, form: dict[str, Any]
) -> None:
    assert type(position).restored({**form, "recent": {"": "c$"}}).saved() == {**form, "recent": ""}


def test_what_was_written_while_everything_was_read_had_no_failures() -> None:
    assert Read.restored({"read": {"": "text"}}) == Read({"": "text"}, ())


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_position_of_an_earlier_release_is_read(moment: str) -> None:
    streams = released("pandadoc", moment)["streams"]
    detailed = ("template", "content_library_item", "catalog_item")
    found: list[tuple[Any, type[Position]]] = [
        *((streams.get("document", {}).get("backfill"), ByCreation), (streams["document"].get("position"), ByChange)),
        *((streams.get(name, {}).get(kind), Read) for name in detailed for kind in ("backfill", "position")),
        (streams.get("webhook_event", {}).get("position"), Happened),
    ]
    read = [kind.restored(saved) for saved, kind in found if saved is not None]
    assert read
    for position in read:
        if isinstance(position, ByChange):
            assert set(Shown(position.gone))
        if isinstance(position, Read):
            assert set(Shown(position.read))
        if isinstance(position, Happened):
            assert Recent(position.recent).all() == position.recent
