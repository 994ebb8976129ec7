"""Records that failed on their own: they are read again by themselves until they can be had, and hold up no others."""

from collections.abc import Mapping
from typing import Any

from shared.journal import Journal

MOST_ATTEMPTS = 10
"""How often a record that fails on its own is tried at every sync; after that complete passes try it."""
MOST_PENDING = 5_000
"""Records of one stream that are tried again by themselves. Where more fail they have failed for one reason, and the
state could not hold them: the others wait for the next complete pass."""


class Pending:
    """Those of one stream. `records` is what is known of those that are still to be read, by key."""

    def __init__(self, stream: str, saved: Mapping[str, Any], journal: Journal, started_at: str) -> None:
        self.records: dict[str, Any] = dict(saved)
        self._stream = stream
        self._journal = journal
        self._started_at = started_at
        self._read: dict[str, Any] = {}
        """Those that this sync has read after all."""
        self._tried: set[str] = set()
        self._partial: set[str] = set()

    def due(self, complete: bool) -> list[Mapping[str, Any]]:
        """By what the records are read that this sync tries again; a complete pass tries all of them."""
        return [each["key"] for each in self.records.values() if complete or each["attempts"] < MOST_ATTEMPTS]

    def has_room_for(self, identity: str) -> bool:
        """Whether this record may be put off."""
        # Those that were read take no room: they leave once what is below them has been read too.
        return identity in self.records or identity in self._read or len(self.records) < MOST_PENDING

    def put_off(self, identity: str, retry_key: Mapping[str, Any]) -> int:
        """Read this record again at the next sync. Returns in how many syncs it was tried."""
        new = {"first_seen_at": self._started_at, "attempts": 0}
        before = self.records.get(identity) or self._read.pop(identity, new)
        attempts: int = before["attempts"] + (identity not in self._tried)
        self._tried.add(identity)
        partial = {"partial": True} if identity in self._partial else {}
        self.records[identity] = {**before, **partial, "key": dict(retry_key), "attempts": attempts}
        return attempts

    def read(self, identity: str) -> None:
        """This record was read after all."""
        if (known := self.records.pop(identity, None)) is not None:
            self._read[identity] = known
            self._journal.resolve(self._stream, identity)

    def clear(self, identity: str) -> None:
        """This record is gone, or need not be read: nothing below it is looked for either."""
        self.read(identity)
        self._read.pop(identity, None)

    def kept(self, *, read_below: bool, tried: bool) -> dict[str, Any]:
        """What the state keeps: those still to be read, and those that were, unless what is below them was too
        (`read_below`). Where that was `tried`, it counts as one more attempt."""
        if read_below:
            return self.records
        return {**{identity: self._waiting(identity, tried) for identity in self._read}, **self.records}

    def _waiting(self, identity: str, tried: bool) -> dict[str, Any]:
        known = {key: value for key, value in self._read[identity].items() if key != "partial"}
        return {**known, "attempts": known["attempts"] + (tried and identity not in self._tried)}

    def is_partial(self, identity: str) -> bool:
        """Whether no more than a part of it had landed before this sync."""
        return bool(self.records.get(identity, {}).get("partial", False))

    def note_partial(self, identity: str) -> None:
        """A part of it lands now; the rest of it is put off."""
        self._partial.add(identity)
