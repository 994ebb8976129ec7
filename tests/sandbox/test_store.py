"""Records of declared kinds: which verb moves whose change time, and what listings show meanwhile."""

from dataclasses import dataclass, field

import pytest

from sandbox.store import UNSET, Kind, Record, Store

KINDS = (
    Kind("ticket", "subject status", moved_by="edit restore", first_id=100),
    Kind("reply", "body", parent="ticket", moved_by="edit move", moves_parent="create move purge"),
)


@dataclass
class Desk:
    time: int = 1000
    lag: int = 0
    store: Store[Record] = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store(KINDS, lambda: self.time, lambda: self.lag)

    def ticket(self, **fields: str) -> Record:
        return self.store.create("ticket", {"subject": "Where is it?", **fields})


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_ids_are_given_out_in_each_kinds_own_series(desk: Desk) -> None:
    assert [desk.ticket().id, desk.ticket().id] == [100, 101]
    assert desk.store.create("reply", {}, desk.ticket()).id == 1


def test_only_declared_fields_and_parents_are_taken(desk: Desk) -> None:
    with pytest.raises(ValueError, match="ticket has no color"):
        desk.ticket(color="red")
    with pytest.raises(ValueError, match="reply hangs under ticket"):
        desk.store.create("reply", {})


def test_a_verb_moves_the_change_times_that_are_declared_and_no_others(desk: Desk) -> None:
    one, other = desk.ticket(), desk.ticket()
    desk.time = 2000
    reply = desk.store.create("reply", {"body": "So."}, one)
    assert (one.updated, reply.updated) == (2000, 2000)
    desk.time = 3000
    desk.store.edit(reply, {"body": UNSET})
    assert (one.updated, reply.updated, reply.fields) == (2000, 3000, {})
    desk.time = 4000
    desk.store.move(reply, other)
    assert (one.updated, other.updated, reply.updated) == (4000, 4000, 4000)
    desk.time = 5000
    desk.store.trash(one)
    assert one.updated == 4000
    desk.store.restore(one)
    assert one.updated == 5000
    desk.time = 6000
    desk.store.purge(reply)
    assert other.updated == 6000
    desk.store.edit(one, {"status": "open"}, moves=False)
    assert one.updated == 5000


def test_a_bulk_edit_happens_at_one_moment(desk: Desk) -> None:
    tickets = [desk.ticket() for _ in range(3)]
    desk.time = 2000
    desk.store.edit_at_once(tickets, {"status": "solved"})
    assert {ticket.updated for ticket in tickets} == {2000} and desk.store.at is None


def test_what_hangs_under_something_trashed_is_not_alive_and_goes_with_it(desk: Desk) -> None:
    ticket = desk.ticket()
    reply = desk.store.create("reply", {}, ticket)
    desk.store.trash(ticket)
    assert desk.store.living("reply") == [] and reply.status == "active"
    desk.store.sweep(desk.time - 1)
    assert desk.store.kinds["ticket"] and desk.store.below(ticket, "reply") == [reply]
    desk.store.sweep(desk.time)
    assert not desk.store.kinds["ticket"] and not desk.store.kinds["reply"] and not desk.store.trashed


def test_records_come_in_the_order_of_their_change_times_between_both_bounds(desk: Desk) -> None:
    tickets = []
    for desk.time in (1000, 2000, 3000):
        tickets.append(desk.ticket())
    desk.time = 4000
    desk.store.edit(tickets[0], {"status": "open"})
    assert desk.store.by_update("ticket") == [tickets[1], tickets[2], tickets[0]]
    assert desk.store.by_update("ticket", 3000, 4000) == [tickets[2], tickets[0]]
    desk.store.trash(tickets[2])
    desk.store.purge(tickets[1])
    assert desk.store.by_update("ticket") == [tickets[0]]


def test_listings_that_lag_show_a_record_as_it_was(desk: Desk) -> None:
    ticket = desk.ticket(status="open")
    desk.lag, desk.time = 50, 2000
    desk.store.edit(ticket, {"status": "solved"})
    new = desk.ticket()
    [shown] = desk.store.by_update("ticket")
    assert (shown.fields["status"], shown.updated, ticket.fields["status"]) == ("open", 1000, "solved")
    desk.time = 2050
    desk.store.catch_up()
    assert set(desk.store.by_update("ticket")) == {ticket, new} and desk.store.shown(ticket.key) is ticket


def test_listings_that_lag_show_one_change_after_the_other_and_at_last_that_a_record_is_gone(desk: Desk) -> None:
    ticket = desk.ticket(status="open")
    desk.lag, seen = 50, []
    for change in ("solved", "waiting", "closed"):
        desk.time += 20
        desk.store.edit_at_once([ticket], {"status": change})
    desk.time += 1
    desk.store.purge(ticket)
    for _ in range(51):
        desk.time += 1
        desk.store.catch_up()
        seen += [record.fields["status"] for record in desk.store.by_update("ticket")]
    assert list(dict.fromkeys(seen)) == ["open", "solved", "waiting", "closed"]
    assert desk.store.by_update("ticket") == desk.store.all_shown("ticket") == []


def test_a_change_after_the_lag_has_ended_does_not_pass_one_that_waits(desk: Desk) -> None:
    desk.lag = 30
    ticket = desk.ticket(status="open")
    desk.lag, desk.time, shown = 0, 1010, []
    desk.store.edit(ticket, {"status": "solved"})
    for time in (1029, 1030):
        desk.time = time
        desk.store.catch_up()
        shown.append([record.fields["status"] for record in desk.store.by_update("ticket")])
    assert shown == [[], ["solved"]]
    desk.store.purge(ticket)
    assert desk.store.by_update("ticket") == [] == desk.store.order("ticket")


def test_every_change_makes_another_version(desk: Desk) -> None:
    versions = [desk.store.version]
    ticket = desk.ticket()
    for change in (desk.store.touch, desk.store.trash, desk.store.restore, desk.store.purge):
        versions.append(desk.store.version)
        change(ticket)
    assert versions == sorted(set(versions)) and desk.store.version > versions[-1]
