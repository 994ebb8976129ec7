"""Export jobs: what may be asked for, what comes of it, and what goes wrong on the way."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.sandbox.conftest import Clock
from tests.sandbox.everyaction.conftest import DAY, Reader


def code_of(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_a_job_is_pending_then_in_process_then_complete_with_all_its_files(make: Callable[..., Reader]) -> None:
    here = make(job_seconds=((10, 20),), kilobyte=0.005)
    number = here.start(fileSizeKbLimit=1_000).json()["exportJobId"]
    seen = []
    for _ in range(4):
        seen.append(here.one(f"changedEntityExportJobs/{number}"))
        here.clock.time += 10
    assert [job["jobStatus"] for job in seen] == ["Pending", "InProcess", "InProcess", "Complete"]
    assert [job["files"] for job in seen[:3]] == [[]] * 3 and seen[0]["exportedRecordCount"] is None
    assert len(seen[3]["files"]) > 2


def test_all_files_together_have_what_has_changed_once(make: Callable[..., Reader]) -> None:
    here = make(kilobyte=0.005)
    wanted = {row["van_id"] for row in here.vendor.truth()["contacts"]}
    ids = [row["VanID"] for row in here.rows(fileSizeKbLimit=1_000)]
    assert sorted(ids) == sorted(wanted)


def test_the_end_of_the_window_is_the_servers_own_where_none_is_asked_for(everyaction: Reader) -> None:
    assert everyaction.job()["dateChangedTo"] >= everyaction.when(-1)
    asked = everyaction.when(-3)
    assert everyaction.job(dateChangedTo=asked)["dateChangedTo"] == asked


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"days": -90.1}, "dateChangedFrom"),
        ({"dateChangedFrom": "2026-09-01T00:00:00"}, "dateChangedFrom"),
        ({"dateChangedFrom": None}, "dateChangedFrom"),
        ({"dateChangedTo": "2126-09-01T00:00:00Z"}, "dateChangedTo"),
        ({"dateChangedTo": "2026-01-01T00:00:00Z"}, "dateChangedTo"),
        ({"type": "Everything"}, "resourceType"),
        ({"requestedFields": ["Phone", "Shoes"]}, "requestedFields"),
        ({"requestedCustomFieldIds": [4711]}, "requestedCustomFieldIds"),
        ({"fileSizeKbLimit": 999}, "fileSizeKbLimit"),
        ({"fileSizeKbLimit": 100_001}, "fileSizeKbLimit"),
        ({"contactMode": 4}, "contactMode"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(everyaction: Reader, asked: dict[str, Any], name: str) -> None:
    answer = everyaction.start(**asked)
    assert code_of(answer) == (400, "INVALID_PARAMETER")
    assert answer.json()["errors"][0]["properties"] == [name]


def test_a_row_comes_once_in_its_newest_form_in_every_window_with_one_of_its_changes(everyaction: Reader) -> None:
    store = everyaction.vendor.store
    early, late = everyaction.clock.time - 80 * DAY, everyaction.clock.time - 10 * DAY
    one = next(one for one in store.living("contact") if early < one.updated < late)
    before = one.updated
    everyaction.clock.time += 3_600
    store.edit(one, {"employer": "Newest"})
    everyaction.clock.time += 3_600
    for first, last in ((before - 60, before + 60), (store.now - 7_200, store.now)):
        asked = {"dateChangedFrom": stamp(first), "dateChangedTo": stamp(last), "requestedFields": ["Employer"]}
        assert [row["Employer"] for row in everyaction.rows(**asked) if row["VanID"] == str(one.id)] == ["Newest"]


def stamp(moment: float) -> str:
    return Reader.when(type("At", (), {"clock": Clock(moment)})(), 0)


def test_who_is_suppressed_comes_only_where_it_is_asked_for_and_says_so(everyaction: Reader) -> None:
    store = everyaction.vendor.store
    gone = next(one for one in store.living("contact") if not one.fields["inactive"])
    store.edit(gone, {"inactive": True})
    everyaction.clock.time += 60
    rows = {row["VanID"]: row["ChangeTypeName"] for row in everyaction.rows()}
    assert rows[str(gone.id)] == "Suppressed"
    active = {row["VanID"]: row["ChangeTypeName"] for row in everyaction.rows(includeInactive=False)}
    assert str(gone.id) not in active and set(active.values()) == {"CreatedOrUpdated"}


@pytest.mark.parametrize("adds", [False, True])
def test_requested_ids_stand_in_place_of_the_window_or_are_added_to_it(make: Callable[..., Reader], adds: bool) -> None:
    here = make(ids_add=adds)
    old = min(here.vendor.store.living("contact"), key=lambda one: one.updated)
    window = {row["VanID"] for row in here.rows(days=-3)}
    found = {row["VanID"] for row in here.rows(days=-3, requestedIds=[old.id])}
    assert found == ({str(old.id), *window} if adds else {str(old.id)})


def test_ids_of_nobody_bring_nobody(everyaction: Reader) -> None:
    assert everyaction.rows(requestedIds=[1]) == []


@pytest.mark.parametrize("body", ["no json", "[]", "4", '{"resourceType": ["Contacts"]}', '{"resourceType": 4}'])
def test_a_body_of_another_shape_is_refused(everyaction: Reader, body: str) -> None:
    assert everyaction.ask("changedEntityExportJobs", "POST", data=body).status_code == 400


def test_people_and_organisations_can_be_told_apart(everyaction: Reader) -> None:
    people, firms = (everyaction.rows(contactMode=mode) for mode in (1, 2))
    assert {row["CommonName"] for row in people} == {""} and all(row["CommonName"] for row in firms)
    assert len(people) + len(firms) == len(everyaction.rows())


def test_what_is_accepted_is_echoed_and_what_is_not_is_missing(make: Callable[..., Reader]) -> None:
    told = make().start(contactMode=1).json()
    assert (told["includeInactive"], told["contactMode"], told["jobStatus"]) == ("true", 1, "Pending")
    here = make(unaccepted=frozenset({"includeInactive"}))
    assert "includeInactive" not in here.start().json()


def test_every_field_comes_that_was_asked_for_and_custom_fields_under_their_names(everyaction: Reader) -> None:
    told = everyaction.one("changedEntityExportJobs/fields/Contacts")
    extra = [each["fieldName"] for each in told if not each["isCoreField"]]
    defined = [each for each in everyaction.one("customFields") if each["customFieldGroupType"] == "Contacts"]
    ids = [each["customFieldId"] for each in defined if each["isExportable"]]
    [row, *_] = everyaction.rows(requestedFields=extra, requestedCustomFieldIds=ids)
    names = {each["customFieldName"] for each in defined if each["customFieldId"] in ids}
    assert set(row) == {each["fieldName"] for each in told} | names and names
    assert everyaction.start("Contributions", requestedCustomFieldIds=ids).status_code == 400


def test_a_key_may_export_some_types_only(make: Callable[..., Reader]) -> None:
    here = make(without=frozenset({"Contributions"}))
    types = here.one("changedEntityExportJobs/resources")
    assert len(types) == 9 and "Contributions" not in types
    assert here.start("Contributions").status_code == 400
    assert here.ask("changedEntityExportJobs/fields/Contributions").status_code == 404


def test_change_types_are_spelled_in_two_ways(make: Callable[..., Reader]) -> None:
    for live, names in ((True, {"changeTypeID", "Description"}), (False, {"changeTypeId", "description"})):
        [first, _] = make(live_spelling=live).one("changedEntityExportJobs/changeTypes/Contacts")
        assert set(first) == {*names, "changeTypeName"} and first["changeTypeName"] == "CreatedOrUpdated"


def test_a_job_beside_one_that_runs_is_refused_where_only_one_may_run(make: Callable[..., Reader]) -> None:
    here = make()
    assert [here.start().status_code for _ in range(2)] == [201, 429]
    here.clock.time += 60
    assert here.start().status_code == 201
    there = make(one_job=False)
    assert [there.start().status_code for _ in range(2)] == [201, 201]


def test_a_job_may_end_in_an_error(make: Callable[..., Reader]) -> None:
    here = make(failing=["Contacts"])
    job = here.job()
    assert (job["jobStatus"], job["code"], job["files"]) == ("Error", "e-4711", [])
    assert here.job()["jobStatus"] == "Complete"


def test_a_job_is_forgotten_after_twenty_days_with_its_files(everyaction: Reader) -> None:
    job = everyaction.job()
    [link, *_] = [each["downloadUrl"] for each in job["files"]]
    everyaction.clock.time += 19 * DAY
    assert everyaction.elsewhere.get(link).status_code == 200
    everyaction.clock.time += DAY
    assert everyaction.elsewhere.get(link).status_code == 403
    assert code_of(everyaction.ask(f"changedEntityExportJobs/{job['exportJobId']}")) == (404, "NOT_FOUND")


def test_a_link_expires_and_the_job_gives_another_one(make: Callable[..., Reader]) -> None:
    here = make(link_seconds=300)
    job = here.job()
    here.clock.time += 300
    assert here.files(job)[0].status_code == 403
    again = here.one(f"changedEntityExportJobs/{job['exportJobId']}")
    assert here.files(again)[0].status_code == 200


def test_the_host_of_the_files_refuses_whoever_shows_a_credential_or_another_signature(everyaction: Reader) -> None:
    [link, *_] = [each["downloadUrl"] for each in everyaction.job()["files"]]
    assert everyaction.elsewhere.get(link, auth=("any", "body")).status_code == 400
    assert everyaction.elsewhere.get(re.sub("sig=.", "sig=-", link)).status_code == 403
    assert everyaction.ask(link.replace(everyaction.vendor.files, "http://everyaction.test")).status_code == 404


@pytest.mark.parametrize("where", ["row", "field"])
def test_a_file_may_break_off_inside_a_field_or_exactly_between_two_rows(
    make: Callable[..., Reader], where: str
) -> None:
    here = make(cuts=[where])
    job = here.job()
    cut, whole = here.files(job)[0], here.files(job)[0]
    assert whole.content.startswith(cut.content) and len(cut.content) < len(whole.content)
    assert cut.content.endswith(b"\r\n") == (where == "row")
    assert cut.headers["Content-Length"] == str(len(cut.content))
    assert len(list(csv.reader(io.StringIO(cut.text, newline="")))) < job["exportedRecordCount"]


def test_a_file_may_break_off_before_its_length(make: Callable[..., Reader]) -> None:
    here = make(cuts=["length"])
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        here.files(here.job())


def test_files_are_written_in_several_ways(make: Callable[..., Reader]) -> None:
    here = make(kilobyte=0.005, header_again=(False,), delimiter="\t", line_end="\n", byte_order_mark=False)
    first, second, *_ = here.files(here.job(fileSizeKbLimit=1_000))
    assert first.text.startswith("VanID\tFirstName") and not second.text.startswith("VanID")
    there = make(kilobyte=0.005, header_again=(True,), gzipped=True)
    first, second, *_ = there.files(there.job(fileSizeKbLimit=1_000))
    assert first.content.startswith("\ufeffVanID,".encode()) and second.content.startswith("\ufeffVanID,".encode())
    assert first.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(("has_file", "files"), [(False, 0), (True, 1)])
def test_a_result_without_rows_has_no_file_or_an_empty_one(
    make: Callable[..., Reader], has_file: bool, files: int
) -> None:
    job = make(empty_file=has_file).job(days=-0.5)
    assert (job["exportedRecordCount"], len(job["files"])) == (0, files)


def test_the_count_may_be_wrong(make: Callable[..., Reader]) -> None:
    assert make(miscounted=1).job()["exportedRecordCount"] == make().job()["exportedRecordCount"] + 1


def test_texts_have_what_people_write(everyaction: Reader) -> None:
    texts = {row["Occupation"] for row in everyaction.rows(requestedFields=["Occupation"])}
    assert {"", "Met, at the fair", 'Said "maybe"', "Zoë\r\nO'Neil"} < texts


def test_the_people_of_a_saved_list_come_in_a_file_of_their_numbers(everyaction: Reader) -> None:
    assert everyaction.ask("exportJobs", "POST", json={"savedListId": 4711, "type": 4}).status_code == 400
    saved = min(everyaction.vendor.store.kinds["saved_list"])
    number = everyaction.ask("exportJobs", "POST", json={"savedListId": saved, "type": 4}).json()["exportJobId"]
    everyaction.clock.time += 60
    done = everyaction.one(f"exportJobs/{number}")
    found = everyaction.elsewhere.get(done["downloadUrl"]).content.decode("utf-8-sig").split()
    assert done["status"] == "Completed" and found[0] == "VanID" and len(found) > 1
