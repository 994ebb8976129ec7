"""What a record says, where nobody knows yet whether it is one.

Records are looked at before they have landed: to tell them apart, to put them in order, to find what is below them.
A malformed one must not stop that. So each of these functions says what it answers for it, and the record is passed on
as it came, for the table to report.
"""

from collections.abc import Mapping
from datetime import datetime, timezone, tzinfo
from typing import Any

from shared.exact import shallow


def value(record: Any, path: str) -> Any:
    """What stands at a dotted path; `None` where nothing does, or where the record or what is on the way is no
    object."""
    if type(record) is dict and "." not in path:
        return record.get(path)
    for key in path.split("."):
        record = record.get(key) if isinstance(record, Mapping) else None
    return record


def text(record: Any, path: str) -> str:
    """A text; empty where there is none, or something else."""
    found = value(record, path)
    return found if isinstance(found, str) else ""


def number(record: Any, path: str) -> int | None:
    """A whole number, like a count or a time in Unix seconds; `None` where there is none, or something else."""
    found = value(record, path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def moment(record: Any, path: str, *, zone: tzinfo | None = None) -> datetime | None:
    """A time written in ISO 8601, in UTC. `zone` is that of a text that names none.

    `None` where there is no such text, or it names no zone and neither does `zone`.
    """
    try:
        found = datetime.fromisoformat(text(record, path))
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone)
        return found.astimezone(timezone.utc) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def identity(record: Any, path: str = "id") -> str:
    """What tells records apart while a listing is read; for one that does not say, all of it as text: the same record
    always gives the same."""
    found = value(record, path)
    return repr(shallow(record)) if found is None or found == "" else str(found)


def named(record: Any, path: str = "id") -> bool:
    """Whether a record says which one it is: by a whole number, or a text that is not empty."""
    return bool(text(record, path)) or number(record, path) is not None


def adding(record: Any, **known: Any) -> Any:
    """The record with what is known of it besides, like the parent in its address; a malformed one as it came."""
    return {**record, **known} if isinstance(record, Mapping) else record


def without(record: Any, *keys: str) -> Any:
    """The record without these keys; a malformed one as it came."""
    if not isinstance(record, Mapping):
        return record
    return {key: each for key, each in record.items() if key not in keys}


def elements(record: Any, path: str) -> list[Any]:
    """The list at a dotted path; empty where there is none, or something else."""
    found = value(record, path)
    return found if isinstance(found, list) else []
