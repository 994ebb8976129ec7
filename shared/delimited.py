"""Rows of files of delimited text, as they come, in flat memory.

    rows(http.download(url) for url in urls)

A file that was cut is seen where a quoted text does not end, or a row is short. One that was cut exactly behind a row
is not: whoever reads it compares the number of rows with what the source says.
"""

import csv
import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from shared.errors import BadPayload

ENCODING = "utf-8-sig"
"""With the mark that may stand in front."""
DELIMITERS = ",\t;|"
LARGEST_FIELD = 4_000_000
"""Characters: a quoted text that has no end is not read for ever."""
GZIP = b"\x1f\x8b"
INFLATED_BYTES = 1 << 16
"""So much is unpacked at once."""
QUOTED = re.compile(r'"[^"]*"')

csv.field_size_limit(LARGEST_FIELD)


def rows(files: Iterable[Iterable[bytes]]) -> Iterator[dict[str, str]]:
    """Every row of several files that are one, by the names in the first line. Each file is its pieces, packed by gzip
    or not.

    Files after the first may repeat that line or not. Empty lines are passed over. Raises `BadPayload`, with the place,
    for a row that has fewer or more values than there are names, for a quoted text that does not end or is followed by
    anything else, for two columns of one name, and for what is no text.
    """
    header: list[str] | None = None
    delimiter = ""
    for number, file in enumerate(files, 1):
        lines = _lines(inflated(file), f"file {number}")
        first = next(lines, None)
        if first is None:
            continue
        delimiter = delimiter or _delimiter(first)
        reader = csv.reader(chain((first,), lines), delimiter=delimiter, strict=True)
        for place, row in enumerate(_parsed(reader, number)):
            if header is None:
                header = _checked(row)
            elif len(row) != len(header):
                raise BadPayload(
                    f"file {number}, line {reader.line_num}: {len(row)} values where there are {len(header)} columns"
                )
            elif place or row != header:
                yield dict(zip(header, row, strict=True))


def inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What is packed by gzip, unpacked; anything else as it is. Raises `BadPayload` where it is damaged or cut."""
    rest = iter(pieces)
    first = next(rest, b"")
    while len(first) < len(GZIP) and (more := next(rest, b"")):
        first += more
    whole = chain((first,), rest)
    if not first.startswith(GZIP):
        yield from whole
        return
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for piece in whole:
            while piece:
                if unpack.eof:  # Several of them may stand one behind the other.
                    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
                yield unpack.decompress(piece, INFLATED_BYTES)
                piece = unpack.unused_data or unpack.unconsumed_tail  # noqa: PLW2901
        yield unpack.flush()
    except zlib.error:
        raise BadPayload("a packed file is damaged") from None
    if not unpack.eof:
        raise BadPayload("a packed file ends too early")


def _lines(pieces: Iterable[bytes], name: str) -> Iterator[str]:
    """Each with its end. `csv` puts together what was quoted."""
    decoder = getincrementaldecoder(ENCODING)()
    rest = ""
    try:
        for piece in pieces:
            *whole, rest = (rest + decoder.decode(piece)).split("\n")
            yield from (f"{line}\n" for line in whole)
            if len(rest) > LARGEST_FIELD:
                raise BadPayload(f"{name}: a line that has no end")
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise BadPayload(f"{name} is no text in UTF-8, or was cut inside a character") from None
    if rest:
        yield rest


def _parsed(reader: Iterator[list[str]], number: int) -> Iterator[list[str]]:
    try:
        yield from filter(None, reader)
    except csv.Error as error:
        raise BadPayload(f"file {number}, line {getattr(reader, 'line_num', '?')}: {error}") from None


def _delimiter(line: str) -> str:
    """What stands most often between the names."""
    bare = QUOTED.sub("", line)
    return max(DELIMITERS, key=bare.count)


def _checked(header: Sequence[str]) -> list[str]:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise BadPayload(f"two columns are called {twice[0]!r}")
    return list(header)
