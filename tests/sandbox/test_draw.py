"""Fields as people enter them, from a declaration."""

from random import Random

from sandbox.draw import Entries, drawn
from sandbox.store import Kind, Record, Store

ENTRIES = Entries(
    {
        "agent": "name:name",
        "ticket": """
            status=open|very_late|- level=1|2 agent>agent other>nobody urgent?50 channel!by_post minutes#9 refund$200
            closed_at
        """,
    },
    {"name": lambda store, random: f"Agent {random.randrange(9)}"},
)
STORE = Store[Record]([Kind("agent"), Kind("nobody"), Kind("ticket")], lambda: 0)
STORE.create("agent", {"name": "Ada"})


def test_each_field_is_drawn_as_it_is_declared() -> None:
    random = Random(1)
    tickets = [ENTRIES.new(STORE, random, "ticket") for _ in range(200)]
    assert {each["status"] for each in tickets} == {"open", "very late", None}
    assert {each["channel"] for each in tickets} == {"by post"}
    assert {each["level"] for each in tickets} == {1, 2}
    assert {each["agent"] for each in tickets} == {1} and {each["other"] for each in tickets} == {None}
    assert {each["urgent"] for each in tickets} == {True, False}
    assert {each["minutes"] for each in tickets} == set(range(1, 9))
    assert {isinstance(each["refund"], float | int) and 1 <= each["refund"] < 200 for each in tickets} == {True}
    assert {"closed_at" in each for each in tickets} == {False}
    assert ENTRIES.new(STORE, random, "agent")["name"].startswith("Agent ")


def test_a_field_with_a_chance_is_there_as_often_as_that() -> None:
    random, functions = Random(1), {"name": lambda of, random: of}
    found = [drawn("never%0:name seldom%20:name always:name", functions, "Ada", random) for _ in range(1_000)]
    assert {tuple(each) for each in found} == {("always",), ("seldom", "always")}
    assert 150 < sum("seldom" in each for each in found) < 250 and found[0]["always"] == "Ada"


def test_an_edit_draws_one_field_anew() -> None:
    random = Random(1)
    edits = [ENTRIES.other(STORE, random, "ticket") for _ in range(100)]
    assert {len(each) for each in edits} == {1}
    assert {name for each in edits for name in each} == set(ENTRIES.new(STORE, random, "ticket"))
    assert ENTRIES.new(STORE, random, "ticket", "urgent", "level").keys() == {"urgent", "level"}
