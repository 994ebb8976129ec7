"""Rows of delimited text come whole, or the file is refused with the place where it is wrong."""

import gzip
import tracemalloc

import pytest

from shared.delimited import inflated, rows
from shared.errors import BadPayload
from tests.depth import prove

HOSTILE = (
    b'\xef\xbb\xbfVanID,Name,Note\r\n1,"Sample, Jr.","says ""no"""\r\n2,Max,"one\r\ntwo"\r\n'
    b"3,\xc5\x81ucja,\r\n\r\n4,,a\x00b\r\n"
)
READ = [
    {"VanID": "1", "Name": "Sample, Jr.", "Note": 'says "no"'},
    {"VanID": "2", "Name": "Max", "Note": "one\r\ntwo"},
    {"VanID": "3", "Name": "Łucja", "Note": ""},
    {"VanID": "4", "Name": "", "Note": "a\0b"},
]


def cut(content, size):
    return [content[at : at + size] for at in range(0, len(content), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lambda data: gzip.compress(data[:30]) + gzip.compress(data[30:])]
)
def test_quotes_line_breaks_marks_and_packing_are_read_however_the_pieces_are_cut(size, pack):
    assert list(rows([cut(pack(HOSTILE), size)])) == READ


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_what_stands_between_the_names(delimiter):
    text = f'"a,;b"{delimiter}c\n1{delimiter}"2{delimiter}3"\n'
    assert list(rows([[text.encode()]])) == [{"a,;b": "1", "c": f"2{delimiter}3"}]


def test_later_files_repeat_the_names_or_not_and_a_file_may_be_empty():
    files = [[b"a,b\n1,2"], [], [b"a,b\n3,4\n"], [b"5,6\n"], [b"a,b\n"]]
    assert [row["a"] for row in rows(files)] == ["1", "3", "5"]


def test_files_are_opened_one_after_the_other():
    opened = []

    def files():
        for number in range(3):
            opened.append(number)
            yield [b"a\n1\n2\n"]

    read = rows(files())
    next(read)
    assert opened == [0]
    assert len(list(read)) == 5 and opened == [0, 1, 2]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'a,b\n1,2\n3,"4', "file 1, line 3: unexpected end of data"),
        (b"a,b\n1,2\n3", "file 1, line 3: 1 values where there are 2 columns"),
        (b"a,b\n1,2,3\n", "file 1, line 2: 3 values where there are 2 columns"),
        (b'a,b\n1,"2"3\n', "file 1, line 2: ',' expected after '\"'"),
        (b"a,b\n1,\xc5", "file 1 is no text in UTF-8, or was cut inside a character"),
        (b"a,b,a\n1,2,3\n", "two columns are called 'a'"),
        (gzip.compress(b"a,b\n1,2\n")[:-9], "a packed file ends too early"),
        (gzip.compress(b"a,b\n1,2\n" * 99)[:20] + b"?" * 40, "a packed file is damaged"),
    ],
)
def test_what_was_cut_or_does_not_fit_is_refused_with_its_place(content, told):
    with pytest.raises(BadPayload) as caught:
        list(rows([[content]]))
    assert caught.value.message == told


def test_a_file_cut_exactly_behind_a_row_shows_in_the_number_of_rows_alone():
    assert len(list(rows([[b"a,b\n1,2\n"]]))) == 1


def test_a_quoted_text_without_an_end_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr("shared.delimited.LARGEST_FIELD", 10_000)
    with pytest.raises(BadPayload):
        list(rows([[b'a\n"', *([b"x" * 1_000] * 50)]]))


def test_what_is_not_packed_stays_as_it_is():
    assert b"".join(inflated([b"\x1f", b"a", b"b"])) == b"\x1fab"
    assert b"".join(inflated([])) == b""


@pytest.mark.parametrize("amount", [20_000, prove(500_000)])
def test_rows_are_read_in_little_memory_however_many_there_are(amount):
    def pieces():
        yield b"id,note,more\n"
        for start in range(0, amount, 500):
            yield b"".join(b'%d,"one\ntwo, ""three""",%d\n' % (number, number) for number in range(start, start + 500))

    tracemalloc.start()
    try:
        found = sum(1 for _ in rows([pieces()]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == amount and peak < 2_000_000
