"""What the rows of a record hold, as hashes: whether they are as they were, and in which tables they are not."""

from functools import cached_property
from hashlib import blake2b
from json import JSONEncoder
from typing import Any

from shared.exact import TOO_DEEP, shallow
from shared.tables import Rows

HASH_BYTES = 8
TABLE_HASH_BYTES = 5
"""Of what one record has in one table: fewer, because there are many; a change stays unseen once in 2 ** 40 times."""
ENCODER = JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False)


def content_hash(rows: Any) -> bytes:
    """A hash of anything that JSON can hold; equal content gives equal hashes, whatever the order of keys. What is
    nested too deeply counts alike, whatever it is."""
    return _hash(_text(rows), HASH_BYTES)


class Content:
    """Of the rows of one record."""

    def __init__(self, rows: Rows) -> None:
        self._row = _text(rows.row)
        self._children = [_text(child) if child[1] else f'["{child[0]}",[]]' for child in rows.children]
        self._filled = [text for text, (_, children) in zip(self._children, rows.children, strict=True) if children]

    @cached_property
    def hash(self) -> bytes:
        """Of all of them."""
        return _hash(f"[{self._row},[{','.join(self._children)}]]", HASH_BYTES)

    @cached_property
    def tables(self) -> tuple[bytes, ...]:
        """Of its own row, and of each child table that has rows, in order; none where no child table has any, since
        `hash` says it all."""
        return tuple(_hash(text, TABLE_HASH_BYTES) for text in (self._row, *self._filled)) if self._filled else ()


def _text(value: Any) -> str:
    try:
        return ENCODER.encode(value)
    except (TypeError, RecursionError):
        return ENCODER.encode(shallow(value, mark=repr(TOO_DEEP)))


def _hash(text: str, size: int) -> bytes:
    return blake2b(text.encode(), digest_size=size).digest()
