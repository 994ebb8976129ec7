"""Credentials, the organisation's hour, records that cannot be served, permissions, and lists that are no queries."""

import re
from collections.abc import Callable
from random import Random

import pytest
import requests

from tests.sandbox.conftest import Clock
from tests.sandbox.virtuous.conftest import Reader, condition

CONTACTS = "Contact/Query/FullContact"
GIFTS = "Gift/Query/FullGift"


def test_a_wrong_key_is_refused_in_json_or_in_plain_text_and_does_not_count(make: Callable[..., Reader]) -> None:
    for plain in (False, True):
        virtuous = make(plain_401=plain)
        virtuous.session.headers["Authorization"] = "Bearer wrong"
        answer = virtuous.ask("Organization")
        assert (answer.status_code, answer.text.startswith("{")) == (401, not plain)
        assert "Authorization has been denied for this request." in answer.text
        assert virtuous.vendor._window.used == 0


def test_every_answer_tells_what_is_left_of_the_hour(make: Callable[..., Reader], clock: Clock) -> None:
    virtuous = make(rate_limit=3)
    left = [virtuous.ask("Organization").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    clock.time += 600
    refused = virtuous.ask("Organization")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3000")
    assert float(refused.headers["X-RateLimit-Reset"]) == clock.time + 3_000
    clock.time += 3_000
    assert virtuous.ask("Organization").status_code == 200


def test_another_client_uses_up_the_same_hour(make: Callable[..., Reader], clock: Clock) -> None:
    virtuous = make(rate_limit=100, other_client_per_hour=80)
    virtuous.ask("Organization")
    clock.time += 3_599
    assert virtuous.ask("Organization").headers["X-RateLimit-Remaining"] == str(100 - 2 - 79)


def test_a_refusal_may_come_without_a_wait_and_answers_without_headers(make: Callable[..., Reader]) -> None:
    virtuous = make(rate_limit=1, retry_after=False, rate_headers=False)
    assert "X-RateLimit-Limit" not in virtuous.ask("Organization").headers
    assert "Retry-After" not in virtuous.ask("Organization").headers


@pytest.mark.parametrize(
    ("poison", "page", "alone", "brief"), [("full", 500, 500, 200), ("always", 500, 500, 500), ("crowd", 500, 200, 500)]
)
def test_a_record_that_cannot_be_served_costs_its_page(
    make: Callable[..., Reader], poison: str, page: int, alone: int, brief: int
) -> None:
    virtuous = make()
    ids = virtuous.ids(CONTACTS)
    virtuous.vendor.options.poison[("contact", ids[5])] = poison
    found = [virtuous.query(path, take=20).status_code for path in (CONTACTS, "Contact/Query")]
    only = virtuous.query(CONTACTS, condition("Contact Id", "GreaterThan", str(ids[4])), take=1).status_code
    assert (found[0], only, found[1]) == (page, alone, brief)
    assert virtuous.ids(CONTACTS, condition("Contact Id", "GreaterThan", str(ids[5])), take=20) == ids[6:26]


def test_what_cannot_be_served_may_come_as_a_page_of_the_proxy_or_not_at_all(make: Callable[..., Reader]) -> None:
    virtuous = make(poison_status=520)
    virtuous.vendor.options.poison[("gift", virtuous.ids(GIFTS)[0])] = "full"
    answer = virtuous.query(GIFTS)
    assert answer.status_code == 520 and answer.text.startswith("<html>")
    virtuous.vendor.options.poison_status = 0
    with pytest.raises(requests.ConnectionError):
        virtuous.query(GIFTS)


def test_a_key_may_be_refused_or_shown_nothing(make: Callable[..., Reader]) -> None:
    refused, blind = make(rights={"gift": 403, "tag": 403}), make(rights={"gift": 200, "tag": 200})
    assert refused.query(GIFTS).status_code == refused.ask("Tag").status_code == 403
    assert blind.found(GIFTS) == blind.one("Tag")["list"] == []


def test_errors_have_an_older_and_a_newer_shape(make: Callable[..., Reader]) -> None:
    asked = condition("Contact Id", "Contains", "1")
    assert set(make().query(CONTACTS, asked).json()) == {"message"}
    assert set(make().ask("Contact/Query", "POST", json=[]).json()) == {"message", "modelState"}
    assert make(new_errors=True).query(CONTACTS, asked).json()["error"]["code"] == "BAD_REQUEST"


def test_what_is_not_there_is_404_without_a_body(virtuous: Reader) -> None:
    for path in ("Contact/1", "Nowhere", "Contact/QueryOption"):
        answer = virtuous.ask(path)
        assert (answer.status_code, answer.content) == (404, b"")
    id = virtuous.ids(CONTACTS)[0]
    assert virtuous.one(f"Contact/{id}")["id"] == id


def test_listings_below_a_contact_are_empty_where_there_is_none(virtuous: Reader) -> None:
    assert virtuous.one("Relationship/ByContact/0") == {"list": [], "total": 0}
    assert virtuous.one("ContactAddress/ByContact/0") == []


def test_every_page_of_segments_is_the_first_one(make: Callable[..., Reader]) -> None:
    def pages(virtuous: Reader) -> list[list[int]]:
        asked = [f"Segment/Search?skip={skip}&take=3" for skip in (0, 3)]
        answers = [virtuous.ask(path, "POST", json={"search": ""}).json() for path in asked]
        return [[each["id"] for each in answer["list"]] for answer in answers]

    first, second = pages(make(0.05))
    assert first == second
    first, second = pages(make(0.05, segments_paged=True))
    assert not set(first) & set(second)


def test_some_lists_take_at_most_a_hundred(virtuous: Reader) -> None:
    contact = virtuous.ids(CONTACTS)[0]
    assert virtuous.ask(f"Gift/ByContact/{contact}?take=101").status_code == 400
    assert virtuous.ask("Communication/ByCampaign/1?take=101").status_code == 400
    assert virtuous.ask(f"Gift/ByContact/{contact}?take=100").status_code == 200


def test_custom_fields_come_in_three_shapes(virtuous: Reader) -> None:
    contacts, gifts = virtuous.found(CONTACTS), virtuous.found(GIFTS)
    assert all(isinstance(each["customFields"], list) for each in contacts)
    assert {type(each["customFields"]) for each in gifts} == {list, type(None)}
    assert all(isinstance(each["customFields"], dict) for each in virtuous.found("Project/Query"))


def test_times_have_0_to_7_digits_and_money_and_dates_are_text_for_people(virtuous: Reader) -> None:
    contacts, gifts = virtuous.found(CONTACTS), virtuous.found(GIFTS)
    times = [each["modifiedDateTimeUtc"] for each in (*contacts, *gifts)]
    digits = {len(re.sub("Z$", "", time).partition(".")[2]) for time in times}
    assert digits >= {0, 2, 3, 7} and {time.endswith("Z") for time in times} == {True, False}
    assert {type(each["transactionId"]) for each in gifts} >= {str, int}
    assert all(each["lifeToDateGiving"].startswith(("$", "-$")) for each in contacts)
    assert {"Unavailable"} < {each["lastGiftDate"] for each in contacts}
    assert {each["deceasedDate"] for one in contacts for each in one["contactIndividuals"]} > {""}


def test_a_walk_by_skip_loses_what_is_edited_before_it_and_a_walk_by_id_does_not(make: Callable[..., Reader]) -> None:
    for by_id in (False, True):
        virtuous = make(0.1)
        before, seen, last = set(virtuous.ids(GIFTS)), set[int](), 0
        for number in range(40):
            asked = [condition("Gift Id", "GreaterThan", last)] if by_id else []
            page = virtuous.ids(GIFTS, *asked, skip=0 if by_id else 100 * number, take=100)
            seen |= set(page)
            last = max([last, *page])
            store = virtuous.vendor.store
            for gift in Random(number).sample([one for one in store.living("gift") if one.id <= last], 3):
                store.purge(gift)
        lost = before & set(virtuous.vendor.store.kinds["gift"]) - seen
        assert bool(lost) != by_id
