"""Listings from a declaration: filters, pages, refusals, faults."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.changes import create, edit, pick, purge, restore, trash
from sandbox.company import Company
from sandbox.faults import Faults
from sandbox.listings import Cursor, Listing, Numbered, ignored, under
from sandbox.routes import Call, Routes
from sandbox.store import Kind, Record, Store
from sandbox.transport import WsgiAdapter, session_over
from sandbox.vendor import Options, SimulatedVendor
from sandbox.web import Answer, json_answer

ORIGIN = "https://desk.test"
routes = Routes()


def show(call: Call, one: Record) -> dict[str, Any]:
    return {"id": one.id, **one.fields}


def with_next(call: Call, page: Any, shown: list[Any]) -> Answer:
    return json_answer({"data": shown, "next": page.next, "total": page.total})


def is_open(one: Record, value: str) -> bool:
    return (one.fields["status"] == "open") == (value == "true")


routes.add("/tickets", Listing("ticket", show, Numbered(10, per="size", largest=20), {"open": is_open}, with_next))
routes.add("/by_cursor", Listing("ticket", show, Cursor(10), write=with_next, order=lambda one: one.id))
routes.add("/loose", Listing("ticket", show, write=under("rows"), unknown=ignored))
routes.add("/tickets/#/replies", Listing("reply", show, below="ticket"))


@routes("/echo/{}/#", method="POST")
def echo(call: Call, name: str, number: int) -> Answer:
    return json_answer([name, number, call.body])


class Desk(SimulatedVendor):
    never_broken, routes, make_options = "/never", routes, Options
    changes = {
        create("ticket", lambda store, random: {"status": "open"}): 1,
        edit("ticket", lambda store, random: {"status": "solved"}): 1,
        trash("ticket"): 1,
        restore("ticket"): 1,
        purge("ticket"): 1,
    }

    def _build(self, company: Company) -> None:
        self.store = Store[Record]([Kind("ticket", "status"), Kind("reply", parent="ticket")], lambda: int(self._now()))
        for number in range(25):
            ticket = self.store.create("ticket", {"status": "open" if number % 5 else "solved"})
            self.store.create("reply", {}, ticket)

    def configuration(self, origin: str) -> dict[str, str]:
        return {}

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return {"ticket": [{"id": str(one.id)} for one in self.store.living("ticket")]}


@pytest.fixture
def desk() -> Desk:
    return Desk(Company(scale=0.01), lambda: 1000.0, 1, Faults(1))


def ask(desk: Desk, path: str, method: str = "GET", **more: Any) -> Any:
    answer = session_over(ORIGIN, WsgiAdapter(desk.wsgi)).request(method, ORIGIN + path, **more)
    return answer.json() if answer.status_code == 200 else answer.status_code


def ids(answer: Any) -> list[int]:
    return [row["id"] for row in answer["data"]]


def test_pages_go_to_the_end_and_say_what_comes_next(desk: Desk) -> None:
    found: list[int] = []
    page = 1
    while page:
        answer = ask(desk, f"/tickets?page={page}")
        assert answer["total"] == 25
        found, page = found + ids(answer), answer["next"]
    assert found == list(range(1, 26))
    assert ask(desk, "/tickets?page=9")["data"] == []


def test_filters_and_page_sizes_are_heeded(desk: Desk) -> None:
    assert ids(ask(desk, "/tickets?open=false&size=20")) == [1, 6, 11, 16, 21]


@pytest.mark.parametrize("query", ["page=0", "page=x", "size=21", "size=0", "colour=red", "open=true&colour=red"])
def test_what_is_wrong_is_refused(desk: Desk, query: str) -> None:
    assert ask(desk, f"/tickets?{query}") == 400


def test_unknown_parameters_change_nothing_where_the_vendor_ignores_them(desk: Desk) -> None:
    assert len(ask(desk, "/loose?colour=red")["rows"]) == 25


def test_a_cursor_is_not_shifted_by_what_comes_and_goes(desk: Desk) -> None:
    first = ask(desk, "/by_cursor")
    desk.store.purge(desk.store.kinds["ticket"][2])
    assert ids(ask(desk, f"/by_cursor?cursor={first['next']}")) == list(range(11, 21))


def test_what_hangs_below_is_listed_with_its_parent_alone(desk: Desk) -> None:
    assert ask(desk, "/tickets/3/replies") == [{"id": 3}]
    desk.store.trash(desk.store.kinds["ticket"][3])
    assert ask(desk, "/tickets/3/replies") == ask(desk, "/tickets/77/replies") == 404


def test_a_faulty_page_shows_what_moved_since_the_page_before(desk: Desk) -> None:
    first, second = ids(ask(desk, "/tickets")), ids(ask(desk, "/tickets?page=2"))
    for fault, shown in {
        "early": [10, *second[:-1]],
        "late": [*second[1:], 21],
        "duplicate": first,
        "repeat": second,
    }.items():
        desk.faults.page_shares = {fault: 1.0}
        answer = ask(desk, "/tickets?page=2")
        assert ids(answer) == shown and answer["next"] == (2 if fault == "repeat" else 3)
        assert ids(ask(desk, "/tickets")) == first


def test_a_route_is_found_by_its_shape_and_method(desk: Desk) -> None:
    assert ask(desk, "/echo/a%20b/7", "POST", json={"x": 1}) == ["a b", 7, {"x": 1}]
    assert ask(desk, "/echo/a/b", "POST") == ask(desk, "/echo/a/7") == 404


def test_a_malformed_record_is_served_as_the_faults_say(desk: Desk) -> None:
    desk.faults.break_record("ticket", 2, "null")
    assert ask(desk, "/tickets")["data"][1] is None


@given(st.integers(0, 1000))
def test_the_company_never_runs_out_of_work_nor_of_tickets(seed: int) -> None:
    desk = Desk(Company(scale=0.01), lambda: 1000.0)
    names = desk.work(Random(seed), 60)
    assert set(names) <= {change.name for change in desk.changes} and len(desk.truth()["ticket"]) >= 5


def test_the_heavier_is_picked_more_often_and_what_cannot_be_done_never() -> None:
    random = Random(1)
    done = [pick(random, {"often": 9, "rarely": 1, "never": 90}, lambda name: name != "never") for _ in range(500)]
    assert done.count("often") > 400 and done.count("rarely") > 20 and "never" not in done
