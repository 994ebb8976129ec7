"""What the streams save: how far each has come. Times are ISO 8601."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from times import BEGINNING, stamp

from shared.positions import Moment, Position


@dataclass(frozen=True)
class Overlapping(Position):
    """A listing is read again from a little before the newest change known, because rows may show late."""

    recent: str
    """What it showed of the time that is read again (`shared.shown.Recent`)."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """Earlier releases kept an object as `recent`: it counts as nothing, so that more is read once more."""
        if isinstance(saved, Mapping) and isinstance(saved.get("recent"), Mapping):
            saved = {**saved, "recent": ""}
        return super().restored(saved)


@dataclass(frozen=True)
class ByCreation(Overlapping):
    """While all documents are read."""

    created: Moment
    """When the document that was read last was created."""
    at: tuple[str, ...]
    """Those created right then that have been read."""
    horizon: Moment
    """The newest creation at the beginning."""
    modified: Moment
    """The newest change at the beginning."""


@dataclass(frozen=True)
class ByChange(Overlapping):
    """After that, for changes."""

    modified: Moment
    """The newest change."""
    gone: Mapping[str, str]
    """The documents that are deleted (`shared.shown.Shown`)."""
    looked: float = 0.0
    """When all documents that may change without a sign were read last, in Unix seconds of our clock."""


@dataclass(frozen=True)
class Happened(Overlapping):
    """Of a listing of what happened."""

    newest: Moment
    """The newest time shown."""


@dataclass(frozen=True)
class Read(Position):
    """Of a listing whose rows show what has changed."""

    read: Mapping[str, str]
    """What the rows showed whose details have landed (`shared.shown.Shown`)."""
    failed: tuple[str, ...]
    """The records whose details could not be read, and what else has to be settled."""

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """Earlier releases did not write `failed` while everything was read."""
        return super().restored({"failed": [], **saved} if isinstance(saved, Mapping) else saved)


START = ByCreation(recent="", created=stamp(BEGINNING), at=(), horizon=stamp(BEGINNING), modified=stamp(BEGINNING))
