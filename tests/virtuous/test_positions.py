"""What streams save: its form in the state."""

import pytest

from shared.walked import Parameters, Walked, Walking
from shared.walks import Span

BY = Parameters("Gift Id", "Last Modified Date")


@pytest.mark.parametrize(
    ("position", "saved"),
    [
        (
            Walked("2026-01-02", BY, "2026-01-01"),
            {"since": "2026-01-02", "by": {"id": "Gift Id", "changed": "Last Modified Date"}, "read": "2026-01-01"},
        ),
        (Walked("", Parameters("Gift Id"), "2026-01-01"), {"since": "", "by": {"id": "Gift Id"}, "read": "2026-01-01"}),
        (
            Walking("", Parameters("Gift Id"), "2026-01-01", (Span(5, 9), Span(9))),
            {
                "since": "",
                "by": {"id": "Gift Id"},
                "read": "2026-01-01",
                "left": [{"above": 5, "up_to": 9}, {"above": 9}],
            },
        ),
    ],
)
def test_a_position_is_saved_as_what_is_known_and_restored(position: Walked, saved: dict[str, object]) -> None:
    assert position.saved() == saved
    assert type(position).restored(saved) == position


@pytest.mark.parametrize("saved", ["2026-01-01", {"since": "soon", "by": {"id": "x"}, "read": ""}, {"since": ""}])
def test_what_is_no_position_is_refused(saved: object) -> None:
    with pytest.raises(ValueError, match=r"expected|isoformat|missing"):
        Walked.restored(saved)
