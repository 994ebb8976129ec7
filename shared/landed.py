"""What was landed, remembered compactly: ids, a hash of each record's rows, how many children it has.

With it an unchanged record is not sent again, of a changed one only the tables that differ, a list that became shorter
deletes what it lost, and a complete listing shows what has vanished. Ids that are whole numbers are kept as sorted
differences, others as they are; all of it compressed, as text, because it lives in the state.

Records belong to partitions where a stream is listed part by part (one project after the other): what
vanished is decided for each part on its own.
"""

import base64
import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from shared.content import HASH_BYTES, TABLE_HASH_BYTES
from shared.state import damaged
from shared.tables import Held

KEYS_FOLLOW = b"\x80\x00"
"""No number is written like this."""
NO_HASH = bytes(HASH_BYTES)
NO_TABLES = b"\0"
PART_BYTES = 4 * 4_096
"""So much becomes text at once, four bytes five characters: meanwhile that takes twelve times as much memory."""
MOST_ALIKE = 1_000
"""Many records have as many children as others: of so many kinds the form is not worked out again."""
LONGEST_NUMBER = 20
"""Digits; longer ids are kept as text."""
MOST_TEXTS = 100
"""More partitions than this share one text: where each holds a record or two, texts of their own are twice the size."""
SHARED_TEXT = "\x1f"
"""Where the text of all partitions stands; no partition is called like this."""


class Entry(NamedTuple):
    """What is remembered of one record."""

    hash: bytes | None
    """Of all its rows; `None` once the hashes had to be dropped."""
    children: tuple[Held, ...] = ()
    """What there is in each child table, in the order in which the table declares them (`Table.held`)."""
    partition: str = ""
    """The part of the stream that it was listed in last."""
    tables: tuple[bytes, ...] = ()
    """Hashes of its row and of its rows in each child table (`Content.tables`); none where it has no children, and
    where they were forgotten."""


class Landed:
    """The records of one stream that are in the destination.

    In memory a record takes about 150 bytes; once a stream has been read, `rest` leaves only the text.
    """

    def __init__(self) -> None:
        self._entries: dict[int | str, bytes] | None = {}
        self._partitions: dict[int | str, str] = {}
        """Of the records that are in one."""
        self._amount = 0
        self._encoded: dict[str, str] | None = None

    def __len__(self) -> int:
        return self._amount if self._entries is None else len(self._entries)

    def __contains__(self, identity: str) -> bool:
        return _key(identity) in self._awake()

    def get(self, identity: str) -> Entry | None:
        """What is remembered of this record."""
        key = _key(identity)
        packed = self._awake().get(key)
        return None if packed is None else _entry(packed, self._partitions.get(key, ""))

    def put(self, identity: str, entry: Entry) -> None:
        """Remember that this record was landed like this."""
        key = _key(identity)
        self._awake()[key] = _packed_entry(entry)
        if entry.partition:
            self._partitions[key] = sys.intern(entry.partition)
        else:
            self._partitions.pop(key, None)
        self._encoded = None

    def remove(self, identity: str) -> None:
        """Forget a record: it was deleted."""
        key = _key(identity)
        if self._awake().pop(key, None) is not None:
            self._partitions.pop(key, None)
            self._encoded = None

    def items(self) -> Iterator[tuple[str, Entry]]:
        """Every record, by id."""
        for key, packed in self._awake().items():
            yield str(key), _entry(packed, self._partitions.get(key, ""))

    def within(self, partition: str) -> list[str]:
        """The ids of the records of one partition, which is not the empty one."""
        self._awake()
        return [str(key) for key, name in self._partitions.items() if name == partition]

    def drop_tables(self) -> bool:
        """Forget the hashes of single tables. False if there are none."""
        entries = self._awake()
        dropped = False
        for key, packed in entries.items():
            if packed[HASH_BYTES]:
                entries[key] = packed[:HASH_BYTES] + NO_TABLES + packed[_children_start(packed) :]
                dropped = True
        if dropped:
            self._encoded = None
        return dropped

    def drop_hashes(self, keep: "set[str]") -> None:
        """Forget the hashes of all records but these."""
        kept = {_key(identity) for identity in keep}
        entries = self._awake()
        for key, packed in entries.items():
            if key not in kept:
                entries[key] = NO_HASH + NO_TABLES + packed[_children_start(packed) :]
        self._encoded = None

    def keep_only(self, keep: "set[str]") -> None:
        """Forget all records but these."""
        kept = {_key(identity) for identity in keep}
        self._entries = {key: packed for key, packed in self._awake().items() if key in kept}
        self._partitions = {key: partition for key, partition in self._partitions.items() if key in kept}
        self._encoded = None

    def encoded(self) -> dict[str, str]:
        """As JSON can hold it: by partition, one text; where there are many of them, one for all."""
        if self._encoded is None:
            parts: dict[str, list[int | str]] = {}
            for key in self._awake():
                parts.setdefault(self._partitions.get(key, ""), []).append(key)
            packed = {part: _packed(keys, self._awake()) for part, keys in parts.items()}
            if len(packed) <= MOST_TEXTS:
                self._encoded = {part: _text(data) for part, data in packed.items()}
            else:
                self._encoded = {SHARED_TEXT: _text(_joined(packed))}
        return self._encoded

    def rest(self) -> None:
        """Keep only the text, until something is asked again."""
        self.encoded()
        self._amount = len(self)
        self._entries, self._partitions = None, {}

    @classmethod
    def decoded(cls, encoded: Mapping[str, str] | None) -> "Landed":
        """What `encoded` made. Raises `StateError` where the text is damaged."""
        landed = cls()
        landed._encoded = dict(encoded or {})
        landed._entries = None
        landed._awake()
        return landed

    def _awake(self) -> dict[int | str, bytes]:
        if self._entries is not None:
            return self._entries
        entries: dict[int | str, bytes] = {}
        try:
            for partition, data in _parts(self._encoded or {}):
                for key, packed in _unpacked(data):
                    entries[key] = packed
                    if partition:
                        self._partitions[key] = partition
        except (ValueError, IndexError, zlib.error, TypeError, AttributeError) as error:
            raise damaged("a list of landed records") from error
        self._entries = entries
        return entries


def _key(identity: str) -> int | str:
    """Ids that are whole numbers are kept as such: they are smaller in memory, and sort."""
    if identity.isascii() and identity.isdigit() and len(identity) < LONGEST_NUMBER:
        return identity if identity[0] == "0" and identity != "0" else int(identity)
    return identity


def _packed_entry(entry: Entry) -> bytes:
    """The hash, how many hashes of tables follow, those, and what there is in each child table."""
    return b"".join(
        (entry.hash or NO_HASH, bytes((len(entry.tables),)), *entry.tables, _packed_children(entry.children))
    )


@lru_cache(MOST_ALIKE)
def _packed_children(children: tuple[Held, ...]) -> bytes:
    packed = bytearray()
    for held in children:
        _append(packed, held if isinstance(held, int) else 0)
    keys = {index: held for index, held in enumerate(children) if isinstance(held, tuple) and held}
    if keys:
        packed += KEYS_FOLLOW + json.dumps(list(keys.items()), separators=(",", ":")).encode()
    return bytes(packed)


@lru_cache(MOST_ALIKE)
def _unpacked_children(packed: bytes) -> tuple[Held, ...]:
    numbers, _, keys = packed.partition(KEYS_FOLLOW)
    children: list[Held] = list(_Reader(numbers).numbers())
    for index, held in json.loads(keys) if keys else ():
        children[index] = tuple(map(tuple, held))
    return tuple(children)


def _children_start(packed: bytes) -> int:
    return HASH_BYTES + 1 + packed[HASH_BYTES] * TABLE_HASH_BYTES


def _entry(packed: bytes, partition: str) -> Entry:
    start = _children_start(packed)
    content = packed[:HASH_BYTES] if packed[:HASH_BYTES] != NO_HASH else None
    places = range(HASH_BYTES + 1, start, TABLE_HASH_BYTES)
    return Entry(
        content,
        _unpacked_children(packed[start:]),
        partition,
        tuple(packed[at : at + TABLE_HASH_BYTES] for at in places),
    )


def _text(data: bytes) -> str:
    packed = zlib.compress(data, 6)
    return "".join(base64.b85encode(packed[at : at + PART_BYTES]).decode() for at in range(0, len(packed), PART_BYTES))


def _data(text: str) -> bytes:
    size = PART_BYTES // 4 * 5
    unpack = zlib.decompressobj()
    parts = [unpack.decompress(base64.b85decode(text[at : at + size])) for at in range(0, len(text), size)]
    if not unpack.eof:
        raise ValueError("the text ends too early")
    return b"".join(parts)


def _joined(parts: dict[str, bytes]) -> bytes:
    data = bytearray()
    for part, packed in sorted(parts.items()):
        name = part.encode(errors="surrogatepass")
        for each in (name, packed):
            _append(data, len(each))
            data += each
    return bytes(data)


def _parts(encoded: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """What is packed of each partition."""
    for part, text in encoded.items():
        data = _data(text)
        if part != SHARED_TEXT:
            yield part, data
            continue
        reader = _Reader(data)
        while not reader.ended:
            yield reader.take(reader.number()).decode(errors="surrogatepass"), reader.take(reader.number())


def _packed(keys: list[int | str], entries: dict[int | str, bytes]) -> bytes:
    numbers: list[int] = sorted(key for key in keys if isinstance(key, int))
    texts: list[str] = sorted(key for key in keys if isinstance(key, str))
    differences = bytearray()
    before = 0
    for number in numbers:
        _append(differences, number - before)
        before = number
    hashes, children, amounts, tables = bytearray(), bytearray(), bytearray(), bytearray()
    for packed in (*map(entries.__getitem__, numbers), *map(entries.__getitem__, texts)):
        start = _children_start(packed)
        hashes += packed[:HASH_BYTES]
        amounts += packed[HASH_BYTES : HASH_BYTES + 1]
        tables += packed[HASH_BYTES + 1 : start]
        _append(children, len(packed) - start)
        children += packed[start:]
    if not any(children):
        children.clear()
    names = json.dumps(texts, separators=(",", ":")).encode() if texts else b""
    head = bytearray()
    for size in (len(numbers), len(differences), len(names), len(hashes), len(children)):
        _append(head, size)
    # Release 1.0 reads no further than the children.
    return b"".join((head, differences, names, hashes, children, *((amounts, tables) if tables else ())))


def _unpacked(data: bytes) -> Iterator[tuple[int | str, bytes]]:
    reader = _Reader(data)
    amount, _, names_size, hashes_size, children_size = (reader.number() for _ in range(5))
    keys: list[int | str] = []
    before = 0
    for _ in range(amount):
        before += reader.number()
        keys.append(before)
    if names_size:
        keys += json.loads(reader.take(names_size))
    if hashes_size != len(keys) * HASH_BYTES:
        raise ValueError("the hashes do not match the ids")
    hashes = reader.take(hashes_size)
    children = [reader.take(reader.number()) if children_size else b"" for _ in keys]
    amounts = bytes(len(keys)) if reader.ended else reader.take(len(keys))
    for index, key in enumerate(keys):
        tables = reader.take(amounts[index] * TABLE_HASH_BYTES)
        yield (
            key,
            b"".join(
                (
                    hashes[index * HASH_BYTES : (index + 1) * HASH_BYTES],
                    amounts[index : index + 1],
                    tables,
                    children[index],
                )
            ),
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

    @property
    def ended(self) -> bool:
        return self._at >= len(self._data)

    def numbers(self) -> Iterator[int]:
        """All that are left."""
        while not self.ended:
            yield self.number()

    def take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise IndexError
        self._at += size
        return taken
