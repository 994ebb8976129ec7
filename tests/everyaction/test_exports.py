"""Exports: a job is started once and gone on with, files count once they are whole, and what was missed is told."""

import json
from datetime import datetime, timedelta
from importlib import import_module

import pytest

from sandbox.web import json_answer
from shared.types import STRING
from tests.contract.world import CASES, World
from tests.destination import KilledHard, Stop

JOBS = "/v4/changedEntityExportJobs"
DAY_SECONDS = 86_400.0
EXPORTS = """
    contacts contributions contribution_adjustments recurring_contributions contact_history contacts_activist_codes
    contacts_survey_responses contacts_online_forms activist_codes_changes event_ticket_transactions_guests
""".split()


@pytest.fixture
def world():
    def make(**options):
        vendor = options.pop("vendor", {})

        class Here(World):
            """With the simulator's own switches."""

            def __post_init__(self):
                super().__post_init__()
                for name, value in vendor.items():
                    setattr(self.vendor.options, name, value)

        return Here(CASES["everyaction"], scale=0.02, **options)

    return make


def asked(here, method, path=JOBS):
    return [entry for entry in here.requests if entry.method == method and entry.path.startswith(path)]


def started(here):
    return len(asked(here, "POST"))


def test_only_exports_change_over_an_idle_hour_and_nothing_is_sent(world):
    here = world()
    here.sync()
    before = started(here)
    here.sync()
    assert started(here) - before == 10
    assert here.destination.business() == 0 and here.differences() == []


MOMENTS = {
    "after the start": lambda here, count: len(asked(here, "POST")) == count,
    "between two questions": lambda here, count: len(asked(here, "GET", f"{JOBS}/90")) >= 2 * count,
    "in a download": lambda here, count: len(asked(here, "GET", "/exports/")) == count,
    "between two files": lambda here, count: len(asked(here, "GET", "/exports/")) == count + 1,
}


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("count", [1, 3])
def test_a_sync_killed_at_any_moment_of_a_job_goes_on_with_it(world, when, count):
    whole = world(vendor={"job_seconds": ((5, 20),), "kilobyte": 0.002})
    whole.sync()
    here = world(vendor={"job_seconds": ((5, 20),), "kilobyte": 0.002})

    def interrupt():
        if MOMENTS[when](here, count):
            raise KilledHard(when)

    here.interrupt = interrupt
    with pytest.raises(KilledHard):
        here.sync()
    here.interrupt = lambda: None
    here.sync()
    here.sync()
    assert here.differences() == []
    # Thirty windows of the first reading, ten of what changed while it went on, and ten of the sync behind it.
    assert started(here) <= started(whole) + 20
    spans = [
        (job.asked["resourceType"], job.asked["first"], job.asked["last"]) for job in here.vendor.jobs.known.values()
    ]
    assert len(spans) == len(set(spans))


@pytest.mark.parametrize("cut", ["field", "row", "length"])
def test_a_file_that_breaks_off_within_a_row_or_between_two_is_read_again(world, cut):
    here = world(vendor={"cuts": [cut]})
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


@pytest.mark.parametrize("cut", ["field", "row"])
def test_a_file_that_is_always_cut_lands_no_position_and_heals_with_another_job(world, cut):
    here = world(vendor={"cuts": [cut] * 3})
    here.sync()
    assert len(here.open_errors()) == 1 and here.open_errors()[0]["category"] == "bad_payload"
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_number_of_rows_that_does_not_fit_moves_nothing(world):
    here = world(vendor={"miscounted": 1})
    here.sync()
    assert {row["category"] for row in here.open_errors()} == {"bad_payload"} and len(here.open_errors()) == 10
    here.vendor.options.miscounted = 0
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


@pytest.mark.parametrize(
    "how",
    [
        {"delimiter": "\t", "line_end": "\n", "byte_order_mark": False},
        {"gzipped": True, "kilobyte": 0.002, "header_again": (False,)},
        {"empty_file": True, "kilobyte": 0.002, "header_again": (True,)},
        {"live_spelling": False, "link_port": True},
    ],
)
def test_files_are_read_however_they_are_written(world, how):
    here = world(vendor=how)
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_job_that_the_service_gives_up_is_asked_for_in_halves(world):
    here = world(vendor={"failing": ["Contacts", "Contacts"]})
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_addresses_that_have_expired_are_asked_for_anew(world, status):
    here = world()
    expired = []

    def deny(answer, request):
        if request.path not in expired:
            expired.append(request.path)
            return type(answer)(status, b"<Error/>", {"Content-Type": "application/xml"})
        return None

    here.change("/exports/", deny)
    here.sync()
    assert expired and here.differences() == [] and here.open_errors() == []


def retold(here, method, **told):
    """From now on jobs are told with these values, each made of the one that is there."""

    def change(answer, request):
        job = json.loads(answer.body)
        if request.method != method or "exportJobId" not in job:
            return None
        return json_answer(job | {name: make(job) for name, make in told.items()}, answer.status)

    here.change(JOBS, change)


@pytest.mark.parametrize(
    "told",
    [
        {"exportedRecordCount": lambda job: job["exportedRecordCount"] and str(job["exportedRecordCount"] + 1)},
        {"exportedRecordCount": lambda job: "many"},
        {"exportedRecordCount": lambda job: None, "files": lambda job: [{"downloadUrl": None}] * len(job["files"])},
    ],
)
def test_a_job_whose_files_or_rows_are_not_all_told_moves_nothing(world, told):
    here = world()
    retold(here, "GET", **told)
    here.sync()
    assert {row["category"] for row in here.open_errors()} == {"bad_payload"}
    here.heal()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_what_a_job_was_asked_for_and_does_not_give_is_told_until_it_does(world):
    here = world(vendor={"unaccepted": frozenset({"includeInactive"})})

    def without_phones(answer, request):
        return type(answer)(200, answer.body.replace(b",Phone,", b",Voice,"), answer.headers)

    here.change("/exports/", without_phones)
    retold(here, "POST", includeInactive=lambda job: job.get("includeInactive", "false"))
    here.sync()
    refused = {(row["stream"], row["record_id"]) for row in here.open_errors() if row["category"] == "rejected"}
    assert refused == {("contacts", "Phone")} | {(name, "includeInactive") for name in EXPORTS}
    here.heal()
    here.vendor.options.unaccepted = frozenset()
    here.vendor.work(here.random, 30)
    here.sync()
    assert [row["record_id"] for row in here.open_errors() if row["category"] == "rejected"] == []


def test_a_number_of_rows_may_be_a_text(world):
    here = world()
    retold(here, "GET", exportedRecordCount=lambda job: job["exportedRecordCount"] and str(job["exportedRecordCount"]))
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_job_for_less_than_it_was_asked_for_moves_nothing(world):
    here = world()

    def a_day_less(job):
        return (datetime.fromisoformat(job["dateChangedTo"]) - timedelta(days=1)).isoformat()

    retold(here, "POST", dateChangedTo=a_day_less)
    here.sync()
    errors = here.open_errors()
    assert len(errors) == 10 and all("another span of" in row["message"] for row in errors)
    here.heal()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_what_a_clock_that_runs_ahead_calls_exported_is_asked_for_again(world):
    here = world()

    def an_hour_more(job):
        return (datetime.fromisoformat(job["dateChangedTo"]) + timedelta(hours=1)).isoformat()

    retold(here, "POST", dateChangedTo=an_hour_more)
    here.sync()
    here.vendor.work(here.random, 30)
    for _ in range(6):
        here.sync()
    assert here.differences(*here.feeds()) == []


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_job_that_may_not_be_asked_about_any_more_is_started_anew(world, status):
    here = world()

    def interrupt():
        if asked(here, "GET", f"{JOBS}/9001"):
            raise KilledHard("a job is under way")

    here.interrupt = interrupt
    with pytest.raises(KilledHard):
        here.sync()
    here.interrupt = lambda: None
    here.change(f"{JOBS}/9001", lambda answer, request: type(answer)(status, b"{}", {}))
    here.sync()
    assert here.differences() == [] and here.open_errors() == []
    # Before the first of it has landed nothing is missed: it begins where the service does.
    assert here.destination.rows["sync_gap"] == {}


def test_a_pause_of_more_than_ninety_days_is_told_and_written_down(world):
    here = world()
    here.sync()
    here.clock.advance(100 * DAY_SECONDS)
    here.sync()
    gaps = here.destination.rows["sync_gap"]
    assert len(gaps) == 10
    assert any("can no longer be exported. It is a row in sync_gap" in said for said in here.destination.warnings)
    here.sync()
    assert here.destination.rows["sync_gap"] == gaps and here.destination.warnings == []


def test_rows_whose_change_type_is_named_are_deleted_and_all_others_stay(world):
    here = world()
    here.sync()
    inactive = {key for key, row in here.destination.rows["contacts"].items() if row["is_suppressed"]}
    there = here.destination.rows["contacts"].keys() - inactive
    names = {row["change_type_name"] for row in here.destination.rows["contacts"].values() if row["is_suppressed"]}
    other = world(settings={"deleted_change_types": ", ".join(names).upper()})
    other.sync()
    assert other.destination.rows["contacts"].keys() == there and inactive


def test_jobs_are_told_where_somebody_wants_to_know(world):
    here = world(settings={"streams": "export_job"})
    here.sync()
    told = here.destination.rows["export_job"].values()
    assert len(told) == started(here) and sum(row["rows"] for row in told) >= len(here.destination.rows["contacts"])


def test_the_credential_goes_to_no_host_but_its_own(world):
    here = world()
    seen = []
    here.change("/exports/", lambda answer, request: seen.append(request.header("Authorization")))
    here.sync()
    assert seen and set(seen) == {""}


def test_a_key_that_may_not_export_something_loses_that_table_alone(world):
    here = world(vendor={"without": frozenset({"ContactHistory"}), "refused": frozenset({"scores"})})
    here.sync()
    assert {row["stream"] for row in here.open_errors()} == {"contact_history", "score"}
    assert {each.split(" ")[0] for each in here.differences()} == {"contact_history", "score"}


def test_columns_that_cannot_be_asked_for_cost_that_table_alone(world):
    here = world()
    here.change("/fields/ContactHistory", lambda answer, request: type(answer)(500, b"", {}))
    here.sync()
    assert {row["stream"] for row in here.open_errors()} == {"contact_history"}
    assert {each.split(" ")[0] for each in here.differences()} == {"contact_history"}
    here.heal()
    here.sync()
    assert here.differences() == [] and here.open_errors() == []


def test_a_file_without_the_column_that_tells_rows_apart_is_no_guess(world):
    here = world(settings={"key_columns": "Contacts=PersonID"})
    here.sync()
    [error] = here.open_errors()
    assert (
        error["stream"] == "contacts" and "set key_columns to the one that tells their rows apart" in error["message"]
    )


def test_another_column_may_tell_rows_apart(world):
    here = world(settings={"key_columns": "Contacts=vanid"})
    here.sync()
    assert here.differences() == []


def test_only_what_is_called_an_id_lands_as_one():
    fields = {"BatchID": "N", "AmountPaid": "M", "DatePaid": "D", "IsValid": "B"}
    models = import_module("everyaction.models")
    table = models.export_of("Contributions", {"Contributions": fields})
    kinds = {column.name: column.type for column in table.columns}
    texts = import_module("everyaction.texts")
    assert [kinds[name] for name in "batch_id amount_paid date_paid date_paid_text is_valid".split()] == [
        STRING,
        texts.AMOUNT_OF_TEXT,
        texts.TIME_OF_TEXT,
        STRING,
        texts.TRUTH_OF_TEXT,
    ]


def test_a_list_of_districts_without_any_is_empty(world):
    here = world()
    here.change("/districtFields", lambda answer, request: json_answer({"districts": []}))
    here.sync()
    assert here.open_errors() == [] and here.destination.rows["district_field"] == {}


def test_the_voter_file_is_not_read_over_what_has_landed_of_the_campaign(world):
    here = world()
    here.sync()
    told = json_answer({"items": [{"databaseName": "Lanternfish", "committeeId": here.vendor.committee_id}]})
    here.change("/apiKeyProfiles", lambda answer, request: told)
    with pytest.raises(Stop, match="My Voters, but what has landed is of the database"):
        here.sync(password=f"{here.vendor.key}|0")
