"""The recipes of docs/adding_a_source.md do what they say."""

from typing import Any

import pytest

from shared.errors import BadPayload
from shared.pages import Page
from shared.tables import Drift, Table
from shared.types import STRING
from tests.docs.lighthouse import BLOCKS

RECIPE: dict[str, Any] = {}
exec(compile(BLOCKS["recipes/recipes.py"], "docs/adding_a_source.md", "exec"), RECIPE)  # a page of ours


def landed(table, **record):
    drift = Drift()
    return table.rows(record, drift), drift


def test_a_list_in_a_list_lands_with_the_key_of_the_one_between():
    table = Table("ticket", key=("id",), columns=RECIPE["columns"](STRING, "id"), children=(RECIPE["REPLIES"],))
    threads = [{"id": 1, "replies": [{"id": 5, "body": "a"}]}, {"id": 2, "replies": None}, {"id": 3, "replies": [7]}]
    rows, drift = landed(table, id="9", threads=threads)
    assert rows.children == (("ticket_reply", ({"ticket_id": "9", "id": "5", "thread_id": "1", "body": "a"},)),)
    assert drift.misfits


def test_records_by_id_come_once_though_some_leave_and_arrive_between_the_pages():
    there = {number: {"id": number} for number in range(1, 251)}

    def fetch(after):
        page = Page([there[number] for number in sorted(there) if number > after][:100])
        there.pop(after or None, None)
        there.pop(after + 150, None)
        there[251 + len(there)] = {"id": 251 + len(there)}
        return page

    pages = list(RECIPE["by_id"](fetch, 0, 100))
    found = [record["id"] for page in pages for record in page.records]
    assert found == sorted(set(found)) and set(range(1, 150)) <= set(found) and found[-1] > 250
    assert [page.position for page in pages] == [page.records[-1]["id"] for page in pages]
    with pytest.raises(BadPayload, match="above 50"):
        list(RECIPE["by_id"](lambda after: Page([{"id": number} for number in range(1, 51)]), 0, 50))


def test_records_by_id_get_past_malformed_ones_and_must_be_sorted():
    pages = [[{"id": 1}, None, {"id": 2}], ["text", {"id": 5}, {"id": None}], [{"id": None}], []]
    found = [record for page in RECIPE["by_id"](lambda after: Page(pages.pop(0)), 0, 3) for record in page.records]
    assert found == [{"id": 1}, None, {"id": 2}, "text", {"id": 5}, {"id": None}]
    with pytest.raises(BadPayload, match="above 0, in their order"):
        list(RECIPE["by_id"](lambda after: Page([{"id": 2}, {"id": 1}]), 0, 2))
