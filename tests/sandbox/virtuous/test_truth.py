"""What must land, against what a stranger would read from the wire."""

from collections.abc import Callable
from random import Random

import pytest

from sandbox.virtuous.work import CHANGES, merge
from tests.sandbox.virtuous.conftest import Reader

CONTACTS = "Contact/Query/FullContact"
GIFTS = "Gift/Query/FullGift"


@pytest.fixture
def worked(virtuous: Reader) -> Reader:
    """An organisation at which every change has happened."""
    random, names = Random(1), set[str]()
    while len(names) < len(CHANGES):
        names |= set(virtuous.vendor.work(random, 20))
    return virtuous


def test_money_is_the_sum_of_the_gifts_on_the_wire(worked: Reader) -> None:
    given: dict[str, float] = {}
    for gift in worked.found(GIFTS):
        given[str(gift["contactId"])] = given.get(str(gift["contactId"]), 0) + gift["amount"]
    for row in worked.vendor.truth()["contact"]:
        assert float(row["life_to_date_giving"]) == pytest.approx(given.get(row["id"], 0))


def test_tables_have_the_rows_of_the_wire(worked: Reader) -> None:
    truth = worked.vendor.truth()
    contacts, gifts = worked.found(CONTACTS), worked.found(GIFTS)
    assert [row["id"] for row in truth["contact"]] == [str(each["id"]) for each in contacts]
    assert [row["id"] for row in truth["gift"]] == [str(each["id"]) for each in gifts]
    for table, name in (("tag", "tags"), ("individual", "contactIndividuals"), ("custom_field", "customFields")):
        assert len(truth[f"contact_{table}"]) == sum(len(each[name] or ()) for each in contacts)
    for table, name in (("designation", "giftDesignations"), ("custom_field", "customFields")):
        assert len(truth[f"gift_{table}"]) == sum(len(each[name] or ()) for each in gifts)


def test_a_merged_contact_stays_archived_and_its_gifts_are_the_other_ones(virtuous: Reader) -> None:
    before = virtuous.vendor.truth()["gift"]
    assert merge(virtuous.vendor.store, Random(1))
    truth = virtuous.vendor.truth()
    [merged] = [row for row in truth["contact"] if row["merged_into_contact_id"]]
    assert (merged["is_archived"], merged["life_to_date_giving"]) == (True, "0.00")
    assert merged["id"] not in {row["contact_id"] for row in truth["gift"]}
    assert [row["id"] for row in truth["gift"]] == [row["id"] for row in before]


def test_what_others_are_called_changes_without_a_sign(virtuous: Reader) -> None:
    store = virtuous.vendor.store
    gift = next(one for one in store.living("gift") if one.fields["segment"])
    before = gift.updated
    store.edit(store.kinds["segment"][gift.fields["segment"]], {"name": "Renamed"})
    [row] = [row for row in virtuous.vendor.truth()["gift"] if row["id"] == str(gift.id)]
    assert (row["segment"], gift.updated) == ("Renamed", before)


@pytest.mark.parametrize("moves", [True, False])
def test_a_childs_change_moves_its_contact_where_that_is_so(make: Callable[..., Reader], moves: bool) -> None:
    store = make(child_edits_move_contact=moves).vendor.store
    method = store.living("method")[0]
    before = method.parent.updated
    store.edit(method, {"value": "(602) 555-0199"})
    assert (method.parent.updated > before) == moves


def test_a_gift_that_is_deleted_takes_along_what_is_in_it(virtuous: Reader) -> None:
    store = virtuous.vendor.store
    gift = store.living("gift")[0]
    store.purge(gift)
    truth = virtuous.vendor.truth()
    assert str(gift.id) not in {row["id"] for row in truth["gift"]}
    assert str(gift.id) not in {row["gift_id"] for row in truth["gift_designation"]}


def test_the_companys_clients_and_people_are_its_donors(virtuous: Reader) -> None:
    names = {row["name"]: row["contact_type"] for row in virtuous.vendor.truth()["contact"]}
    assert names["Amber Bakeries"] == "Organization" and "Household" in names.values()
