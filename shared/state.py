"""The state as it comes back from Fivetran, where anybody may edit it (fivetran_sdk.md, 1.9), checked before use.

A state that cannot be used ends the sync with what to do. Beginning anew instead would send every row again, and
forget which rows there are to be deleted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from shared.errors import StateError

STATE_VERSION = 1
TOKENS = "oauth"
"""The key of the tokens that a source has given (`oauth`), encrypted."""
EACH = "*"
"""In a shape: every key that is not named."""
TEXTS = {EACH: str}
HASHES, IDS, NOTHING = "hashes", "ids", "nothing"
"""What is remembered of the records that were landed."""
ANYTHING = None
"""In a shape: what it is, only its stream knows."""


def _saved(shape: Any, beginning: Any = None, *, key: str = "") -> Any:
    """A field of `SavedStream`: its shape in the state, its value at the beginning, its key where that is another."""
    return field(default=beginning, metadata={"shape": shape, "key": key})


@dataclass(frozen=True, kw_only=True)
class SavedStream:
    """What the state keeps of one stream."""

    unlanded: bool = _saved(bool, False, key="quiet")
    """It was read for other streams alone: nothing of it has landed."""
    off: bool = _saved(bool, False)
    """Nobody wants it any more, and this has been said."""
    position: Any = _saved(ANYTHING)
    """Where the next `changes` begin; `None` until everything was read once."""
    backfill: Any = _saved(ANYTHING)
    """Where a first reading that broke off goes on."""
    completed_at: str | None = _saved(datetime)
    """When a reading last ended without anything that failed (ISO 8601)."""
    looked_at: str | None = _saved(datetime)
    """When a reading last began that also looked at what the source gives no signal of, and came through (ISO 8601)."""
    start_date: str = _saved(str, "")
    """The one that was in force (`YYYY-MM-DD`): what changed before may be missing. Empty where there was none."""
    known: Mapping[str, str] | None = _saved(TEXTS)
    """The records that have landed, as `Landed.encoded` writes them."""
    doubted: Mapping[str, str] | None = _saved(TEXTS)
    """Those among them that the last comparison missed, and did not delete because they are many; written likewise."""
    remembers: str | None = _saved((HASHES, IDS, NOTHING))
    """What is remembered of the records that have landed: less than `HASHES` where the state was full. `HASHES` stands
    here only where there are such records, so that it shows when `known` was taken away."""
    withheld: bool = _saved(bool, False)
    """Other streams lost much at the same time: looking again at once would not end the doubt."""
    stayed: int = _saved(int, 0, key="held")
    """Syncs in a row in which a record kept the stream from moving on."""
    waited: int = _saved(int, 0)
    """Syncs in a row in which the position waited for streams that go through this one's records."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """What this release does not know, kept as it is."""

    @classmethod
    def read(cls, form: Mapping[str, Any]) -> "SavedStream":
        """From its form in the state, which must have been checked."""
        ours = {name: form[key] for name, key in KEYS.items() if key in form}
        return cls(**ours, others={key: value for key, value in form.items() if key not in STREAM})

    @property
    def form(self) -> dict[str, Any]:
        """How it stands in the state: what is as at the beginning is left out."""
        changed = (each for each in KEPT if getattr(self, each.name) != each.default)
        return {**{KEYS[each.name]: getattr(self, each.name) for each in changed}, **self.others}


KEPT = [each for each in fields(SavedStream) if each.metadata]
KEYS = {each.name: each.metadata["key"] or each.name for each in KEPT}
"""The key in the state of each field of a saved stream."""
STREAM = {KEYS[each.name]: each.metadata["shape"] for each in KEPT}
PARTS: dict[str, Any] = {
    "streams": {EACH: STREAM},
    "pooled": {EACH: TEXTS},
    "pending": {EACH: {EACH: {"key": {}, "attempts": int, "first_seen_at": str}}},
    "errors": {EACH: {"stream": str, "record_id": str, "attempts": int, "first_seen_at": str}},
    "done": {EACH: datetime},
}
"""What the engine relies on."""
FURTHER_ERRORS = "further_errors"
OPTIONAL: dict[str, Any] = {"owner": {"ids": [str], "fingerprint": str}, FURTHER_ERRORS: TEXTS, "fields": {EACH: TEXTS}}
"""What it relies on where it is there."""
WHOLE = ("pending", "errors", "owner")
"""Parts whose entries have all of their keys."""


def checked_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state to work on: a copy with its version and all parts, and with whatever else there is.

    Raises `StateError` for one that a newer release wrote, and for one that is damaged.
    """
    version = state.get("version", STATE_VERSION)
    if type(version) is not int or version < STATE_VERSION:
        raise damaged(f"version ({version!r} is none that a release wrote)")
    if version > STATE_VERSION:
        raise StateError(
            f"the saved state has version {version!r}, this release knows {STATE_VERSION}: deploy the release that "
            "wrote it, or re-sync this connection from the beginning"
        )
    for name, shape in (*PARTS.items(), *OPTIONAL.items()):
        if name in state:
            _check(state[name], shape, name, whole=name in WHOLE)
    for name, form in state.get("streams", {}).items():
        if form.get("remembers") == HASHES and not form.get("known"):
            raise damaged(f"streams.{name}.known (there were landed records)")
    for stream, records in state.get("pending", {}).items():
        for identity, record in records.items():
            if not _says_something(record["key"]):
                raise damaged(f"pending.{stream}.{identity}.key (it names no record)")
    return {**{name: {} for name in PARTS}, **state, "version": STATE_VERSION}


def damaged(place: str) -> StateError:
    """The error to raise about what is there."""
    return StateError(
        f"the saved state is damaged at {place}: put back what was there, or re-sync this connection from the beginning"
    )


def restored(found: Any, place: str, restore: Callable[[Any], Any]) -> Any:
    """What is there, as `restore` understands it; `None` where nothing is. Raises `StateError` for what
    it cannot understand."""
    try:
        return None if found is None else restore(found)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise damaged(f"{place} ({error})") from error


def _says_something(key: Mapping[str, Any]) -> bool:
    """Whether a record could be found by it: every part of it is a text or a number."""
    return bool(key) and all(type(each) is int or (isinstance(each, str) and each != "") for each in key.values())


def _check(value: Any, shape: Any, place: str, *, whole: bool) -> None:
    if shape is datetime:
        try:
            datetime.fromisoformat(value).timestamp()
        except (TypeError, ValueError, OverflowError):
            raise damaged(place) from None
    elif isinstance(shape, tuple):
        if value not in shape:
            raise damaged(place)
    elif isinstance(shape, list):
        if not isinstance(value, list) or not all(isinstance(each, shape[0]) for each in value):
            raise damaged(place)
    elif not isinstance(shape, dict):
        if not isinstance(value, shape) or isinstance(value, bool) != (shape is bool):
            raise damaged(place)
    elif not isinstance(value, Mapping) or (whole and not shape.keys() - {EACH} <= value.keys()):
        raise damaged(place)
    else:
        for key, inner in value.items():
            wanted = shape.get(key, shape.get(EACH))
            if wanted is not None:
                _check(inner, wanted, f"{place}.{key}", whole=whole)
