"""Lists: credentials, pages, filters, what is expanded, and what is no page at all."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.everyaction.routes import FIXED, TEXTS
from tests.sandbox.everyaction.conftest import Reader

PAGES = """
    campaigns locations supporterGroups folders scores targets activistCodes surveyQuestions codes events email/messages
    onlineActionsForms scoreUpdates minivanExports
""".split()


@pytest.mark.parametrize(
    ("name", "key", "status"),
    [
        ("lanternfish.sync", "{}", 401),
        ("lanternfish.sync", "{}|2", 401),
        ("lanternfish.sync", "wrong|1", 401),
        ("another", "{}|1", 401),
        ("lanternfish.sync", "{}|0", 403),
        ("lanternfish.sync", "{}|1", 200),
    ],
)
def test_application_key_and_mode_open_it_together(everyaction: Reader, name: str, key: str, status: int) -> None:
    everyaction.session.auth = (name, key.format(everyaction.vendor.key))
    assert everyaction.ask("apiKeyProfiles").status_code == status


def test_a_list_may_be_refused_by_itself(make: Callable[..., Reader]) -> None:
    here = make(refused=frozenset({"savedLists"}))
    assert here.ask("savedLists").json()["errors"][0]["code"] == "FORBIDDEN"
    assert here.ask("folders").status_code == 200


def test_a_refusal_for_the_rate_tells_how_long_to_wait_or_does_not(make: Callable[..., Reader]) -> None:
    for told in (True, False):
        here = make(rate_limit=2, retry_after=told)
        last = [here.ask("folders") for _ in range(3)][-1]
        assert (last.status_code, "Retry-After" in last.headers) == (429, told)


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_everything_once(make: Callable[..., Reader], path: str) -> None:
    here = make(0.1)
    found = here.every(f"{path}?$top=4&statuses=Active,Archived")
    first = here.one(f"{path}?statuses=Active,Archived")
    assert len({repr(sorted(each.items(), key=str)) for each in found}) == len(found) == first.get("count", len(found))


def test_an_empty_top_is_the_most_that_there_is(make: Callable[..., Reader]) -> None:
    here = make(0.1)
    assert len(here.one("codes?$top=")["items"]) == len(here.vendor.store.living("code")) > 50


@pytest.mark.parametrize(
    ("path", "most"), [("events", 50), ("codes", 200), ("savedLists", 100), ("minivanExports", 50)]
)
def test_a_top_above_the_maximum_is_refused_or_cut(make: Callable[..., Reader], path: str, most: int) -> None:
    assert make().ask(f"{path}?$top={most + 1}").status_code == 400
    assert make().ask(f"{path}?$top={most}").status_code == 200
    assert make().ask(f"{path}?$top=many").status_code == 400
    assert len(make(0.2, top_refused=False).one(f"{path}?$top={most + 1}")["items"]) <= most


def test_events_come_in_tens_unless_asked_for_more(everyaction: Reader) -> None:
    assert len(everyaction.one("events")["items"]) == 10


@pytest.mark.parametrize("path", ["savedLists", "printedLists"])
def test_some_lists_name_another_page_for_ever(make: Callable[..., Reader], path: str) -> None:
    here = make()
    page = here.one(path)
    for _ in range(5):
        page = here.one(page["nextPageLink"])
    assert page["items"] == [] and page["nextPageLink"]
    assert make(endless_lists=False).one(path)["nextPageLink"] is None


def test_the_address_of_the_next_page_has_all_parameters_and_may_name_the_port(make: Callable[..., Reader]) -> None:
    link = make(0.1).one("codes?$top=2&$orderby=dateModified desc&$expand=supportedEntities")["nextPageLink"]
    assert link.startswith("http://everyaction.test/v4/codes?") and "$expand=supportedEntities" in link
    assert make(0.1, link_port=True).one("codes?$top=2")["nextPageLink"].startswith("http://everyaction.test:80/v4/")


def test_whoever_sends_the_parameters_again_with_that_address_is_lost_in_the_end(make: Callable[..., Reader]) -> None:
    here, sent = make(0.5), {"startingAfter": "2020-01-01", "$expand": "locations,codes,shifts,roles,notes"}
    page, asked = here.one("events", params=sent), 1
    while (answer := here.ask(page["nextPageLink"], params=sent)).status_code == 200:
        page, asked = answer.json(), asked + 1
    assert answer.status_code == 404 and 10 < asked < 100


def test_lists_are_asked_for_by_their_folder(everyaction: Reader) -> None:
    one = everyaction.vendor.store.living("saved_list")[0]
    found = {each["savedListId"] for each in everyaction.every(f"savedLists?folderId={one.fields['folder']}")}
    assert one.id in found and len(found) < len(everyaction.every("savedLists"))


def test_a_walk_by_skip_loses_what_comes_after_something_that_is_deleted(make: Callable[..., Reader]) -> None:
    here = make(0.1, work_before_page=60)
    before = set(here.vendor.store.kinds["code"])
    seen = {each["codeId"] for each in here.every("codes?$top=2")}
    assert before & here.vendor.store.kinds["code"].keys() - seen


def test_what_was_not_expanded_is_null_and_an_unknown_expansion_fails(everyaction: Reader) -> None:
    assert all(each["supportedEntities"] is None for each in everyaction.one("codes")["items"])
    assert all(each["shifts"] is None for each in everyaction.one("events")["items"])
    everything = everyaction.one("events?$expand=Locations, codes,shifts,roles,notes")["items"]
    assert all(isinstance(each["shifts"], list) and isinstance(each["codes"], list) for each in everything)
    refused = everyaction.ask("codes?$expand=friends")
    assert refused.status_code == 400 and refused.json()["errors"][0]["hint"] == "supportedEntities"


@pytest.mark.parametrize("path", ["codes", "email/messages"])
def test_only_the_change_time_gives_an_order(everyaction: Reader, path: str) -> None:
    times = [each["dateModified"] for each in everyaction.every(f"{path}?$orderby=dateModified desc&$top=3")]
    assert times == sorted(times, reverse=True) and len(times) > 3
    assert everyaction.ask(f"{path}?$orderby=name").status_code == 400


def test_what_is_archived_comes_only_where_it_is_asked_for(make: Callable[..., Reader]) -> None:
    here = make(0.2)
    assert {each["status"] for each in here.every("activistCodes")} == {"Active"}
    assert {each["status"] for each in here.every("activistCodes?statuses=Active,Archived")} == {"Active", "Archived"}


def test_all_batches_come_only_with_three_flags(make: Callable[..., Reader]) -> None:
    here = make(0.2)
    flags = [f"include{name}=true" for name in ("Unassigned", "AllAutoGenerated", "AllStatuses")]
    counts = [len(here.one(f"financialBatches?{'&'.join(flags[:some])}")["items"]) for some in range(4)]
    assert counts == sorted(set(counts)) and counts[3] == len(here.vendor.store.living("financial_batch"))


def test_events_are_asked_for_by_their_beginning(everyaction: Reader) -> None:
    every = everyaction.every("events?$top=50")
    coming = everyaction.every(f"events?$top=50&startingAfter={everyaction.when(0)}")
    gone = everyaction.every(f"events?$top=50&startingBefore={everyaction.when(0)}")
    assert coming and gone and len(coming) + len(gone) == len(every)


def test_signups_belong_to_an_event_or_to_a_person(everyaction: Reader) -> None:
    signup = everyaction.vendor.store.living("event_signup")[0]
    of_event = everyaction.every(f"signups?eventId={signup.parent.id}")
    of_person = everyaction.every(f"signups?vanId={signup.fields['person']}")
    assert signup.id in {each["eventSignupId"] for each in of_event} & {each["eventSignupId"] for each in of_person}
    assert everyaction.ask("signups").status_code == 400
    assert everyaction.ask("signups?eventId=1").status_code == 404


def test_people_are_found_by_the_beginning_of_a_text_only(everyaction: Reader) -> None:
    assert everyaction.ask("people").status_code == 400
    found = everyaction.every("people?lastName=b&$top=50")
    assert found and all(each["lastName"].startswith("B") for each in found)


@pytest.mark.parametrize(
    "path",
    [*TEXTS, "canvassResponses/resultCodes", "notes/categories", "customFields", "districtFields", "events/types"],
)
def test_some_lists_are_bare_arrays(everyaction: Reader, path: str) -> None:
    assert isinstance(everyaction.one(path), list)


@pytest.mark.parametrize("path", ["designations", "financialBatches"])
def test_some_lists_have_no_address_of_a_next_page(everyaction: Reader, path: str) -> None:
    assert set(everyaction.one(path)) == {"items"}


@pytest.mark.parametrize("path", [path for path in FIXED if "/" not in path])
def test_lists_of_what_people_tell_of_themselves_have_pages(everyaction: Reader, path: str) -> None:
    assert len(everyaction.every(f"{path}?$top=1")) == 2


def test_what_is_not_there_is_told_in_the_same_shape(everyaction: Reader) -> None:
    for path in ("nothing", "events/1", "changedEntityExportJobs/1"):
        answer = everyaction.ask(path)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "NOT_FOUND")


def test_an_event_has_the_offset_of_its_place_and_other_times_are_utc(everyaction: Reader) -> None:
    event: dict[str, Any] = everyaction.one("events")["items"][0]
    assert event["startDate"].endswith("-05:00") and event["createdDate"].endswith("Z")
