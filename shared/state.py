"""The state as it comes back from Fivetran, where anybody may edit it (fivetran_sdk.md, 1.9), checked before use.

A state that cannot be used ends the sync with what to do. Beginning anew instead would send every row again, and
forget which rows there are to be deleted.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.errors import StateError

STATE_VERSION = 1
EACH = "*"
"""In a shape: every key that is not named."""
TEXTS = {EACH: str}
HASHES, IDS, NOTHING = "hashes", "ids", "nothing"
"""What is remembered of the records that were landed."""
PARTS: dict[str, Any] = {
    "streams": {
        EACH: {"known": TEXTS, "doubted": TEXTS, "held": int, "waited": int, "remembers": (HASHES, IDS, NOTHING)}
    },
    "pooled": {EACH: TEXTS},
    "pending": {EACH: {EACH: {"key": {}, "attempts": int, "first_seen_at": str}}},
    "errors": {EACH: {"stream": str, "record_id": str, "attempts": int, "first_seen_at": str}},
    "done": {EACH: datetime},
}
"""What the engine relies on. What a position is, only its stream knows."""
WHOLE = ("pending", "errors")
"""Parts whose entries have all of their keys."""


def checked_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state to work on: a copy with its version and all parts, and with whatever else there is.

    Raises `StateError` for one that a newer release wrote, and for one that is damaged.
    """
    version = state.get("version", STATE_VERSION)
    if version != STATE_VERSION:
        raise StateError(
            f"the saved state has version {version!r}, this release knows {STATE_VERSION}: deploy the release that "
            "wrote it, or re-sync this connection from the beginning"
        )
    for name, shape in PARTS.items():
        if name in state:
            _check(state[name], shape, name, whole=name in WHOLE)
    return {**{name: {} for name in PARTS}, **state, "version": STATE_VERSION}


def damaged(place: str) -> StateError:
    """The error to raise about what is there."""
    return StateError(
        f"the saved state is damaged at {place}: put back what was there, or re-sync this connection from the beginning"
    )


def _check(value: Any, shape: Any, place: str, *, whole: bool) -> None:
    if shape is datetime:
        try:
            datetime.fromisoformat(value).timestamp()
        except (TypeError, ValueError, OverflowError):
            raise damaged(place) from None
    elif isinstance(shape, tuple):
        if value not in shape:
            raise damaged(place)
    elif not isinstance(shape, dict):
        if not isinstance(value, shape) or isinstance(value, bool):
            raise damaged(place)
    elif not isinstance(value, Mapping) or (whole and not shape.keys() - {EACH} <= value.keys()):
        raise damaged(place)
    else:
        for key, inner in value.items():
            wanted = shape.get(key, shape.get(EACH))
            if wanted is not None:
                _check(inner, wanted, f"{place}.{key}", whole=whole)
