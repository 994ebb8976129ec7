"""What was landed, remembered compactly: ids, a hash of each record's rows, how many children it has.

With it an unchanged record is not sent again, a list that became shorter deletes what it lost, and a
complete listing shows what has vanished. Ids that are whole numbers are kept as sorted differences,
others as they are; all of it compressed, as text, because it lives in the state.

Records belong to partitions where a stream is listed part by part (one project after the other): what
vanished is decided for each part on its own.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

from shared.errors import StateError

HASH_BYTES = 8
LONGEST_NUMBER = 20
"""Digits; longer ids are kept as text."""


class Entry(NamedTuple):
    """What is remembered of one record."""

    hash: bytes | None
    """Of all its rows; `None` once the hashes had to be dropped."""
    children: tuple[int, ...] = ()
    """Rows in each child table, in the order in which the table declares them."""
    partition: str = ""
    """The part of the stream that it was listed in last."""


def content_hash(rows: Any) -> bytes:
    """A hash of anything that JSON can hold; equal content gives equal hashes, whatever the order of keys."""
    text = json.dumps(rows, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=HASH_BYTES).digest()


class Landed:
    """The records of one stream that are in the destination."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._encoded: dict[str, str] | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, identity: str) -> bool:
        return identity in self._entries

    def get(self, identity: str) -> Entry | None:
        """What is remembered of this record."""
        return self._entries.get(identity)

    def put(self, identity: str, entry: Entry) -> None:
        """Remember that this record was landed like this."""
        self._entries[identity] = entry
        self._encoded = None

    def remove(self, identity: str) -> None:
        """Forget a record: it was deleted."""
        if self._entries.pop(identity, None) is not None:
            self._encoded = None

    def items(self) -> Iterable[tuple[str, Entry]]:
        """Every record, by id."""
        return self._entries.items()

    def drop_hashes(self, keep: "set[str]") -> None:
        """Forget the hashes of all records but these."""
        for identity, entry in self._entries.items():
            if entry.hash is not None and identity not in keep:
                self._entries[identity] = entry._replace(hash=None)
        self._encoded = None

    def keep_only(self, keep: "set[str]") -> None:
        """Forget all records but these."""
        self._entries = {identity: entry for identity, entry in self._entries.items() if identity in keep}
        self._encoded = None

    def encoded(self) -> dict[str, str]:
        """As JSON can hold it: by partition, one text."""
        if self._encoded is None:
            parts: dict[str, list[str]] = {}
            for identity, entry in self._entries.items():
                parts.setdefault(entry.partition, []).append(identity)
            self._encoded = {part: _packed(identities, self._entries) for part, identities in parts.items()}
        return self._encoded

    @classmethod
    def decoded(cls, encoded: dict[str, str] | None) -> "Landed":
        """What `encoded` made. Raises `StateError` where the text is damaged."""
        landed = cls()
        try:
            for partition, text in (encoded or {}).items():
                landed._entries.update(_unpacked(text, partition))
        except (ValueError, IndexError, zlib.error, TypeError, AttributeError) as error:
            raise StateError(
                "the saved list of landed records is damaged: re-sync this connection from the beginning"
            ) from error
        landed._encoded = encoded or {}
        return landed


def _packed(identities: list[str], entries: dict[str, Entry]) -> str:
    numbers = sorted(int(identity) for identity in identities if _is_number(identity))
    texts = sorted(identity for identity in identities if not _is_number(identity))
    differences = bytearray()
    before = 0
    for number in numbers:
        _append(differences, number - before)
        before = number
    hashes, children = bytearray(), bytearray()
    width = max((len(entries[identity].children) for identity in identities), default=0)
    for identity in [*map(str, numbers), *texts]:
        entry = entries[identity]
        hashes += entry.hash or bytes(HASH_BYTES)
        for index in range(width):
            _append(children, entry.children[index] if index < len(entry.children) else 0)
    if not any(hashes):
        hashes.clear()
    names = json.dumps(texts, separators=(",", ":")).encode() if texts else b""
    head = bytearray()
    for size in (len(numbers), len(differences), len(names), len(hashes), width):
        _append(head, size)
    # Hashes do not compress: packing them with the rest would cost time and gain nothing.
    packed = zlib.compress(bytes(head + differences + names + children), 6)
    return base64.b85encode(packed).decode() + " " + base64.b85encode(bytes(hashes)).decode()


def _unpacked(text: str, partition: str) -> Iterator[tuple[str, Entry]]:
    packed, _, hash_text = text.partition(" ")
    data = zlib.decompress(base64.b85decode(packed))
    hashes = base64.b85decode(hash_text)
    reader = _Reader(data)
    amount, differences_size, names_size, hashes_size, width = (reader.number() for _ in range(5))
    ids = []
    before = 0
    for _ in range(amount):
        before += reader.number()
        ids.append(str(before))
    if names_size:
        ids += json.loads(reader.take(names_size))
    if hashes_size != len(hashes) or hashes_size not in (0, len(ids) * HASH_BYTES):
        raise ValueError("the hashes do not match the ids")
    for index, identity in enumerate(ids):
        hash_bytes = hashes[index * HASH_BYTES : (index + 1) * HASH_BYTES]
        children = tuple(reader.number() for _ in range(width))
        yield identity, Entry(hash_bytes if any(hash_bytes) else None, children, partition)


def _is_number(identity: str) -> bool:
    return identity.isascii() and identity.isdigit() and (identity == "0" or identity[0] != "0") and (
        len(identity) < LONGEST_NUMBER
    )


def _append(data: bytearray, number: int) -> None:
    """Seven bits a byte, lowest first; the eighth says that more follow."""
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self) -> int:
        number = shift = 0
        while True:
            byte = self._data[self._at]
            self._at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    def take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        self._at += size
        return taken
