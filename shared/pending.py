"""Records that failed on their own: they are read again by themselves until they can be had, and hold up no others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.journal import Journal

MOST_ATTEMPTS = 10
"""How often a record that fails on its own is tried at every sync; after that complete passes try it."""
MOST_PENDING = 5_000
"""Records of one stream that are tried again by themselves. Where more fail they have failed for one reason, and the
state could not hold them: the others wait for the next complete pass."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A record that is to be read again by itself."""

    first_seen_at: str
    """When it failed first (ISO 8601)."""
    key: Mapping[str, Any]
    """By what it is read: `Failure.retry_key`."""
    attempts: int = 0
    """In how many syncs it was tried."""
    partial: bool = False
    """No more than a part of it has landed."""

    @classmethod
    def read(cls, form: Mapping[str, Any]) -> "Waiting":
        """From its form in the state, which must have been checked."""
        return cls(**{name: form[name] for name in ("first_seen_at", "key", "attempts", "partial") if name in form})

    @property
    def form(self) -> dict[str, Any]:
        """How it stands in the state."""
        form = {"first_seen_at": self.first_seen_at, "attempts": self.attempts, "key": dict(self.key)}
        return {**form, "partial": True} if self.partial else form


class Pending:
    """Those of one stream. `saved` are their forms in the state, by identity."""

    def __init__(self, stream: str, saved: Mapping[str, Any], journal: Journal, started_at: str) -> None:
        self._records = {identity: Waiting.read(form) for identity, form in saved.items()}
        self._stream = stream
        self._journal = journal
        self._started_at = started_at
        self._read: dict[str, Waiting] = {}
        """Those that this sync has read after all."""
        self._tried: set[str] = set()
        self._partial: set[str] = set()

    def due(self, complete: bool) -> list[Mapping[str, Any]]:
        """By what the records are read that this sync tries again; a complete pass tries all of them."""
        return [each.key for each in self._records.values() if complete or each.attempts < MOST_ATTEMPTS]

    def has_room_for(self, identity: str) -> bool:
        """Whether this record may be put off."""
        # Those that were read take no room: they leave once what is below them has been read too.
        return identity in self._records or identity in self._read or len(self._records) < MOST_PENDING

    def put_off(self, identity: str, retry_key: Mapping[str, Any]) -> int:
        """Read this record again at the next sync. Returns in how many syncs it was tried."""
        new = Waiting(first_seen_at=self._started_at, key=retry_key)
        before = self._records.get(identity) or self._read.pop(identity, new)
        attempts = before.attempts + (identity not in self._tried)
        self._tried.add(identity)
        partial = before.partial or identity in self._partial
        self._records[identity] = replace(before, key=retry_key, attempts=attempts, partial=partial)
        return attempts

    def read(self, identity: str) -> None:
        """This record was read after all."""
        if (known := self._records.pop(identity, None)) is not None:
            self._read[identity] = known
            self._journal.resolve(self._stream, identity)

    def clear(self, identity: str) -> None:
        """This record is gone, or need not be read: nothing below it is looked for either."""
        self.read(identity)
        self._read.pop(identity, None)

    def kept(self, *, read_below: bool, tried: bool) -> dict[str, Any]:
        """The forms for the state: of those still to be read, and of those that were, unless what is below them was too
        (`read_below`). Where that was `tried`, it counts as one more attempt."""
        below = {} if read_below else self._read
        waiting = {
            identity: replace(each, partial=False, attempts=each.attempts + (tried and identity not in self._tried))
            for identity, each in below.items()
        }
        return {identity: each.form for identity, each in {**waiting, **self._records}.items()}

    def is_partial(self, identity: str) -> bool:
        """Whether no more than a part of it had landed before this sync."""
        return identity in self._records and self._records[identity].partial

    def note_partial(self, identity: str) -> None:
        """A part of it lands now; the rest of it is put off."""
        self._partial.add(identity)
