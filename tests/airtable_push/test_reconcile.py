"""Reading the base back finds what people changed, and the push that follows repairs it."""

import json
from typing import Any

import pytest

from tests.airtable_push.world import World


def reconciled(world: World, capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What was found, by table, and what was pushed."""
    capsys.readouterr()
    assert world.run("reconcile", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    return told["found"], told


def test_a_base_as_it_was_pushed_is_only_read(pushed: World, capsys: pytest.CaptureFixture[str]) -> None:
    sent = pushed.sent("PATCH", "DELETE")
    found, _ = reconciled(pushed, capsys)
    assert [each["same"] for each in found] == [12, 25, 15]
    assert all(each[kind] == 0 for each in found for kind in ("different", "missing", "adopted", "copies", "foreign"))
    assert pushed.sent("PATCH", "DELETE") == sent


def test_cells_that_people_changed_are_written_again(pushed: World, capsys: pytest.CaptureFixture[str]) -> None:
    table = pushed.tables()["contacts"]
    email, client, key = (table.field(name) for name in ("E-mail", "Client", "Contact ID"))
    assert email and client and key
    one, two, three, *_ = [pushed.record("contacts", each) for each in pushed.rows["contacts"]]
    pushed.vendor.store.change(table, one, {email.id: None})
    pushed.vendor.store.change(
        table, two, {client.id: None if two.cells.get(client.id) else [next(iter(pushed.tables()["clients"].records))]}
    )
    pushed.vendor.store.change(table, three, {key.id: "scribbled over"})
    sent = pushed.sent("PATCH")
    found, told = reconciled(pushed, capsys)
    assert (found[1]["different"], told["tables"][1]["updated"]) == (3, 3)
    assert pushed.sent("PATCH") - sent == 1
    pushed.check()


def test_records_that_people_deleted_are_made_again_with_the_links_to_them(
    pushed: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in list(pushed.rows["clients"])[:4]:
        pushed.vendor.store.remove(pushed.tables()["clients"], pushed.record("clients", key))
    found, told = reconciled(pushed, capsys)
    assert (found[0]["missing"], told["tables"][0]["created"]) == (4, 4)
    pushed.check()


def test_a_state_that_was_lost_is_made_anew_without_writing(pushed: World, capsys: pytest.CaptureFixture[str]) -> None:
    pushed.execute("drop schema airtable_push cascade")
    sent = pushed.sent("PATCH")
    found, _ = reconciled(pushed, capsys)
    assert [each["adopted"] for each in found] == [12, 25, 15]
    pushed.check()
    # The links were read before the records that they lead to were known again.
    assert pushed.sent("PATCH") - sent <= 3 + 2
    sent = pushed.sent()
    assert pushed.run("push") == 0 and pushed.sent() == sent


def test_what_belongs_to_people_is_counted_and_left_alone(pushed: World, capsys: pytest.CaptureFixture[str]) -> None:
    table = pushed.tables()["clients"]
    key = table.field("Client ID")
    assert key is not None
    theirs = [pushed.vendor.store.add(table, {key.id: "hand-made"}), pushed.vendor.store.add(table, {})]
    copied = pushed.record("clients", next(iter(pushed.rows["clients"])))
    theirs.append(
        pushed.vendor.store.add(table, {id: value for id, value in copied.cells.items() if not isinstance(value, list)})
    )
    before = [dict(record.cells) for record in theirs]
    found, told = reconciled(pushed, capsys)
    assert (found[0]["foreign"], found[0]["copies"]) == (2, 1)
    assert [dict(record.cells) for record in theirs] == before
    assert set(table.records) >= {record.id for record in theirs}
    assert told["tables"][0]["updated"] == 0


def test_a_copy_takes_the_place_of_a_record_that_is_gone(pushed: World, capsys: pytest.CaptureFixture[str]) -> None:
    table = pushed.tables()["clients"]
    key = next(iter(pushed.rows["clients"]))
    old = pushed.record("clients", key)
    copy = pushed.vendor.store.add(table, dict(old.cells))
    pushed.vendor.store.remove(table, old)
    found, _ = reconciled(pushed, capsys)
    assert (found[0]["adopted"], found[0]["missing"]) == (1, 0)
    assert pushed.record("clients", key).id == copy.id
    pushed.check()


def test_a_listing_that_expires_is_begun_again(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path).ready(clients=350, contacts=0, deals=0)
    assert world.run("push") == 0
    pages = 0

    def restart(request: Any) -> None:
        nonlocal pages
        pages += request.url.endswith("listRecords")
        if pages in (2, 5):
            world.vendor.restart()

    world.adapter.before = restart
    found, _ = reconciled(world, capsys)
    assert (found[0]["records"], found[0]["same"]) == (350, 350)


def test_the_reading_costs_a_request_for_a_hundred_records(tmp_path: Any) -> None:
    world = World(tmp_path).ready(clients=250, contacts=0, deals=0)
    assert world.run("push") == 0
    sent = world.sent()
    assert world.run("reconcile", "--table", "clients") == 0
    assert world.sent() - sent == 3 + 1
