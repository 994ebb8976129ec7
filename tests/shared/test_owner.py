"""A state says whose data it is."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.clock import VirtualClock
from shared.access import Access
from shared.configuration import Configuration, Setting, text
from shared.errors import Forbidden, SourceError, StateError, Unauthorized, Unavailable
from shared.landed import Entry, Landed
from shared.owner import MOST_IDS, Owner
from shared.redaction import Secrets
from shared.state import TOKENS, checked_state
from shared.workers import Desk


def checked(
    state: dict[str, Any], ids: Callable[[Access], list[str]], fingerprint: str = "new", stream: str = ""
) -> dict[str, Any]:
    """The state after the check. `saved` is what was saved of it."""
    clock, state = VirtualClock(), checked_state(state)
    access = Access({}, Secrets(), clock, Desk(clock), state)
    Owner("company", ids, stream).check(
        access, state, fingerprint, save=lambda: saves.append(dict(state)), say=said.append
    )
    return state


saves: list[dict[str, Any]] = []
said: list[str] = []


def fails(error: SourceError) -> Callable[[Access], list[str]]:
    def ids(access: Access) -> list[str]:
        raise error

    return ids


def owned(*ids: str) -> dict[str, Any]:
    return {"owner": {"ids": list(ids), "fingerprint": "old"}}


def test_the_first_owner_met_is_taken_note_of() -> None:
    assert checked({}, lambda access: ["7"])["owner"] == {"ids": ["7"], "fingerprint": "new"}


def test_nobody_is_asked_where_the_settings_are_the_same() -> None:
    assert checked(owned("7"), fails(Unavailable("down")), "old")["owner"] == owned("7")["owner"]


def test_another_owner_is_an_error_that_names_both_and_says_what_to_do() -> None:
    wanted = "open the company 8, but what has landed is of the company 7: put back .* or, .*re-sync"
    with pytest.raises(StateError, match=wanted):
        checked(owned("7"), lambda access: ["8"])


def test_of_many_ids_one_that_is_the_same_shows_the_same_owner() -> None:
    assert checked(owned("a", "b", "c"), lambda access: ["c", "d"])["owner"]["ids"] == ["c", "d"]
    with pytest.raises(StateError, match="the company with d and 1 others, but .* the company with a and 2 others"):
        checked(owned("a", "b", "c"), lambda access: ["e", "d"])


def test_what_has_landed_counts_where_all_that_was_noted_have_left() -> None:
    landed = Landed()
    landed.put("new", Entry(None))
    state = {**owned("left"), "streams": {"member": {"known": landed.encoded()}}}
    assert checked(state, lambda access: ["new", "newer"], stream="member")["owner"]["ids"] == ["new", "newer"]
    with pytest.raises(StateError):
        checked(state, lambda access: ["strange"], stream="member")


def test_no_more_ids_are_kept_than_are_needed() -> None:
    assert len(checked({}, lambda access: [f"m{number}" for number in range(500)])["owner"]["ids"]) == MOST_IDS


def test_where_it_cannot_be_asked_for_now_nothing_is_read_if_there_is_an_owner_to_protect() -> None:
    with pytest.raises(StateError, match="could not be asked: down"):
        checked(owned("7"), fails(Unavailable("down")))
    assert "owner" not in checked({}, fails(Unavailable("down")))


def test_a_credential_that_may_not_ask_is_believed_and_not_asked_again() -> None:
    assert checked(owned("7"), fails(Forbidden("no")))["owner"] == {"ids": ["7"], "fingerprint": "new"}


def test_a_credential_that_is_not_accepted_is_an_error_of_its_own() -> None:
    with pytest.raises(Unauthorized):
        checked(owned("7"), fails(Unauthorized("no")))


@pytest.mark.parametrize("before", [{}, {TOKENS: "mine"}])
def test_tokens_that_were_replaced_while_asking_are_saved_and_do_not_outlive_another_owner(before: Any) -> None:
    def ids(access: Access) -> list[str]:
        access.state[TOKENS] = "theirs"
        access.persist()
        return ["8"]

    saves.clear()
    with pytest.raises(StateError):
        checked({**owned("7"), **before}, ids)
    assert [each.get(TOKENS) for each in saves] == ["theirs", before.get(TOKENS)]


@pytest.mark.parametrize("damage", [None, [], {"ids": ["7"]}, {"ids": [7], "fingerprint": "x"}, {"ids": "7"}])
def test_a_damaged_owner_is_a_clear_error(damage: Any) -> None:
    with pytest.raises(StateError, match="damaged at owner"):
        checked_state({"owner": damage})


def test_a_fingerprint_is_of_the_settings_that_lead_somewhere() -> None:
    declared = Configuration((Setting("key", "Key", "", text, secret=True),), base_url="https://a.test")
    same = [{"key": "k"}, {"key": " k "}, {"key": "k", "full_pass_days": "0", "streams": "-x", "unknown": "y"}]
    assert len({declared.fingerprint(each) for each in same}) == 1
    others = [{"key": "k"}, {"key": "l"}, {"key": "k", "base_url": "https://b.test"}]
    assert len({declared.fingerprint(each) for each in others}) == 3
    assert len(declared.fingerprint({"key": "k"})) == 8
