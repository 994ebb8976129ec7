"""What the rows of a record hold, as hashes: whether they are as they were, and in which tables they are not."""

from hashlib import blake2b
from typing import Any

from shared.encoding import encode_any
from shared.tables import Rows

HASH_BYTES = 8
TABLE_HASH_BYTES = 5
"""Of what one record has in one table: fewer, because there are many; a change stays unseen once in 2 ** 40 times."""


def content_hash(rows: Any) -> bytes:
    """A hash of anything that JSON can hold; equal content gives equal hashes, whatever the order of keys. What is
    nested too deeply counts alike, whatever it is."""
    return _hash(encode_any(rows), HASH_BYTES)


class Content:
    """Of the rows of one record."""

    def __init__(self, rows: Rows) -> None:
        own, *children = rows.texts
        self.hash = _hash(f"[{own},[{','.join(children)}]]", HASH_BYTES)
        """Of all of them."""
        self._rows = rows

    @property
    def tables(self) -> tuple[bytes, ...]:
        """Of its own row, and of each child table that has rows, in order; none where no child table has any, since
        `hash` says it all."""
        own, *children = self._rows.texts
        filled = [text for text, (_, rows) in zip(children, self._rows.children, strict=True) if rows]
        return tuple([_hash(text, TABLE_HASH_BYTES) for text in (own, *filled)]) if filled else ()


def _hash(text: str, size: int) -> bytes:
    return blake2b(text.encode(), digest_size=size).digest()
