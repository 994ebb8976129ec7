"""Equal content has equal hashes, of a record as a whole and of what it has in each table."""

from typing import Any

from shared.content import HASH_BYTES, TABLE_HASH_BYTES, Content, content_hash
from shared.encoding import encode
from shared.exact import TOO_DEEP
from shared.tables import Rows


def test_equal_content_has_equal_hashes_whatever_the_order_of_keys() -> None:
    assert content_hash({"a": 1, "b": [1, 2]}) == content_hash({"b": [1, 2], "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": "1"})
    assert content_hash([1, 2]) != content_hash([2, 1])
    assert len(content_hash(None)) == HASH_BYTES


def test_a_hash_of_what_is_nested_too_deeply_is_a_hash() -> None:
    endless: list[Any] = []
    for _ in range(5_000):
        endless = [endless]
    for deep in (TOO_DEEP, endless):
        assert len(content_hash({"a": deep})) == HASH_BYTES and content_hash({"a": deep}) == content_hash({"a": deep})


def rows(name: str = "Ada", *, tags: tuple[str, ...] = ("a", "b"), phones: tuple[str, ...] = ()) -> Rows:
    row = {"id": "7", "name": name}
    children = (
        ("tag", tuple({"position": place, "tag": tag} for place, tag in enumerate(tags))),
        ("phone", tuple({"position": place, "tag": phone} for place, phone in enumerate(phones))),
    )
    return Rows(row, children, [encode(each) for each in (row, *children)])


def test_the_hash_of_a_record_is_that_of_its_rows_as_release_1_0_had_it() -> None:
    for each in (rows(), rows(tags=()), rows("\u00e9 \ud83d", phones=("1",))):
        assert Content(each).hash == content_hash((each.row, each.children))
    assert Content(rows()).hash.hex() == "d8660bcf2919001e"


def test_each_table_with_rows_has_a_hash_that_depends_on_those_alone() -> None:
    before, after = Content(rows(phones=("1",))).tables, Content(rows("Eve", phones=("1",))).tables
    assert before[1:] == after[1:] and before[0] != after[0]
    assert {len(each) for each in before} == {TABLE_HASH_BYTES} and len(before) == 3
    assert len(Content(rows()).tables) == 2 and Content(rows(tags=())).tables == ()


def test_tables_with_the_same_rows_have_different_hashes() -> None:
    one, other = Content(rows(phones=("a", "b"))).tables[1:]
    assert one != other
