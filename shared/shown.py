"""What a position remembers of the rows that a listing showed: what it shows again the same need not be read again.

    Recent    the rows of an overlap: a listing is read again from a little before the newest change known, because
              rows may show late
    Shown     all rows of a listing, by name

In the state both are text; what rows show is kept as hashes.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shared.content import HASH_BYTES, content_hash
from shared.landed import Entry, Landed

MOST_RECENT = 50_000
"""So many of the latest rows are told from those that are new; others are read once more. They take half a megabyte of
the state. One edit of very many records gives all of them the same time."""
UNSAID = object()
GROWN = 1.1
"""What was read lately is written anew where it is so much more: it may be much, and every page has a position."""


class Recent:
    """The rows of an overlap. `kept`, `all` and `so_far` answer the text for the position."""

    def __init__(self, kept: str = "") -> None:
        """`kept` is what an earlier sync kept; anything else counts as nothing, so that more is read once more."""
        try:
            before = base64.b85decode(kept)
        except ValueError:
            before = b""
        self._before = {before[start : start + HASH_BYTES] for start in range(0, len(before), HASH_BYTES)}
        self._rows: dict[str, tuple[datetime, bytes]] = {}
        self._written = (0, kept)

    def has(self, name: str, shown: Any) -> bool:
        """Whether this is what the row of this name showed when it was read last."""
        content = content_hash(shown)
        return self._rows[name][1] == content if name in self._rows else content in self._before

    def put(self, name: str, shown: Any, time: datetime) -> None:
        """Remember what a row shows, and when it changed."""
        self._rows[name] = (time, content_hash(shown))

    def kept(self, oldest: datetime) -> str:
        """What of it is needed from now on, where rows before `oldest` are not listed again."""
        return self._text(set(), oldest)

    def all(self) -> str:
        """That, and what was kept before."""
        return self._text(self._before, None)

    def so_far(self) -> str:
        """The same while rows are still being read: written anew only where it has grown by a good part."""
        if len(self._rows) > self._written[0] * GROWN:
            self._written = (len(self._rows), self.all())
        return self._written[1]

    def _text(self, others: set[bytes], oldest: datetime | None) -> str:
        rows = sorted(each for each in self._rows.values() if oldest is None or each[0] >= oldest)
        return base64.b85encode(b"".join(sorted({*others, *(content for _, content in rows[-MOST_RECENT:])}))).decode()


class Shown:
    """Rows by name, and what each of them showed when it was read."""

    def __init__(self, kept: Mapping[str, str] | None = None) -> None:
        """`kept` is what an earlier sync kept. Raises `StateError` where that is damaged."""
        self._rows = Landed.decoded(dict(kept or {}))

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return (name for name, _ in self._rows.items())

    def has(self, name: str, shown: Any) -> bool:
        """Whether this is what the row of this name showed."""
        before = self._rows.get(name)
        return before is not None and before.hash == content_hash(shown)

    def put(self, name: str, shown: Any = UNSAID) -> None:
        """Remember a row, and what it shows where that is said."""
        self._rows.put(name, Entry(None if shown is UNSAID else content_hash(shown)))

    def remove(self, name: str) -> None:
        """Forget a row."""
        self._rows.remove(name)

    def kept(self) -> dict[str, str]:
        """For the position."""
        return self._rows.encoded()
