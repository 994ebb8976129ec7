"""A connector, its simulated vendor and a destination, in one process and in virtual time."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from sandbox.basecamp import Basecamp
from sandbox.clock import VirtualClock
from sandbox.company import Company
from sandbox.copper import Copper
from sandbox.everyaction import EveryAction
from sandbox.faults import Faults
from sandbox.pandadoc import PandaDoc
from sandbox.pandadoc.groups import WINDOW_SECONDS, group_of, limit_of
from sandbox.quickbooks import QuickBooks
from sandbox.transport import WsgiAdapter, session_over
from sandbox.virtuous import Virtuous
from sandbox.web import Answer, Request, collect, json_answer, send
from shared.access import Access
from shared.configuration import Configuration
from shared.journal import SYSTEM_TABLES, schemas
from shared.run import Run, runner
from shared.streams import Stream
from shared.tables import Table
from shared.workers import Desk
from tests.copies import Kept
from tests.destination import Destination

ORIGIN = "https://vendor.test"
BETWEEN_SYNCS_SECONDS = 900.0
SYSTEM = {table.name for table in SYSTEM_TABLES}

Change = Callable[[Answer, Request], Answer | None]
"""From an answer of the simulator to the one that is sent in its place; None leaves it as it is."""


W = TypeVar("W", bound="World")


@dataclass(frozen=True)
class Case:
    """What the contract needs to know of one connector."""

    source: str
    vendor: Callable[..., Any]
    requests_per_second: float
    """Of what is asked most."""
    look_back: tuple[str, ...]
    """Parts of the paths that every sync reads again by design, with the reason in the connector's README."""
    long_listing: tuple[str, str]
    """A pattern that finds a later page of a long listing, and the table it is for."""
    breakable: tuple[str, str]
    """A kind of record that the simulator can serve malformed, and its table."""
    few: frozenset[str]
    """Streams without parents, enough to see it work with the real `fivetran` at the vendor's real pace."""
    edits_unseen: frozenset[str] = frozenset()
    """Tables of feeds whose new records the source tells of, but not their edits."""
    not_compared: frozenset[str] = frozenset()
    """Optional tables."""
    grown: frozenset[str] = frozenset()
    """Tables that have more columns, child tables or rows than in release 1.0: what landed of them then is sent anew,
    once."""
    change_time: str = "updated_at"
    """The column of a record's change time, where a table has one."""
    moments: int = 60
    """So many requests, and operations, a complete sync after some changes has at the least of a small account."""
    whole_scale: float = 1.0
    """The scale of a whole account: one that has every kind of row, and of which a second sync costs little."""
    great_scale: float = 1.0
    """One whose first sync takes more than a minute."""
    paced_scale: float = 0.05
    """One whose first sync is long enough to be paced although answers are slow."""
    counted_apart: tuple[str, ...] = ()
    """Parts of the paths among those that cost the more, the more the source has: an unchanged source still costs
    a request for each."""
    operation: Callable[[str], tuple[str, float]] | None = None
    """What counts together, by path, and how many requests a second of it, where not everything does."""
    saved_at_once: str = ""
    """Finds the requests whose answers are saved as soon as they come: a job's id, as a token."""
    long_first_sync: tuple[float, int, int] = (0.3, 320, 420)
    """A scale at which a first sync takes well over a minute, and two of its requests after that minute."""
    long_answer_seconds: float = 0.3
    """How long each answer takes in that sync."""

    def least_seconds(self, paths: Iterable[str]) -> float:
        """How long these requests take at the least, evenly paced at the documented rates."""
        whole = ("everything", self.requests_per_second)
        counts = Counter(self.operation(path) if self.operation else whole for path in paths)
        return max(amount / per_second for (_, per_second), amount in counts.items())

    @property
    def home(self) -> Path:
        """The connector's folder."""
        return Path(str(self.sync.__file__)).parent

    @property
    def sync(self) -> Any:
        return import_module(f"{self.source}.sync")

    @property
    def settings(self) -> Configuration:
        declared: Configuration = import_module(f"{self.source}.settings").CONFIGURATION
        return declared

    @property
    def tables(self) -> tuple[Table, ...]:
        declared: tuple[Table, ...] = import_module(f"{self.source}.models").TABLES
        return declared

    @property
    def schema(self) -> list[dict[str, Any]]:
        return schemas(self.tables, {})


def streams_of(case: Case) -> list[Stream]:
    """The streams of a connector as it builds them with the settings of its simulated vendor. Nothing is asked."""
    here = World(case, scale=0.02)
    settings, configuration = here.case.settings, here.configuration
    secrets = settings.secrets(configuration)
    run = Run(settings, configuration, secrets, {}, here.clock, here.session, here.log.info)
    built: list[Stream] = here.case.sync.build(run)
    assert here.requests == []
    return built


def operation_of_pandadoc(path: str) -> tuple[str, float]:
    """Limits are counted by operation (pandadoc.md 3)."""
    group = group_of(path.partition("?")[0])
    return group, limit_of(group, {}, sandbox_key=False) / WINDOW_SECONDS


def everyaction_of_quick_jobs(company: Company, **named: Any) -> EveryAction:
    """Most jobs are done when they are asked about for the first time, so that not they set the pace."""
    made = EveryAction(company, **named)
    made.options.job_seconds = (*[(1.0, 3.0)] * 9, (4.0, 6.0))
    return made


def operation_of_everyaction(path: str) -> tuple[str, float]:
    """The host of the files knows no limit."""
    return ("file", 1e6) if path.startswith("/exports/") else ("everything", 2.0)


CASES = {
    case.source: case
    for case in (
        Case(
            "basecamp",
            Basecamp,
            requests_per_second=5.0,
            not_compared=frozenset({"event", "feed_event"}),
            look_back=("/lines.json", "/inbox_forwards.json", "/client/approvals.json", "/client/correspondences.json"),
            long_listing=(r"type=Todo&.*page=3", "todo"),
            breakable=("todo", "todo"),
            few=frozenset({"project", "person", "account"}),
            edits_unseen=frozenset({"campfire_line", "timesheet_entry"}),
            whole_scale=0.6,
        ),
        Case(
            "copper",
            Copper,
            requests_per_second=3.0,
            not_compared=frozenset({"related_item", "related_link", "file"}),
            change_time="date_modified",
            look_back=("/account", "/custom_field_definitions", "/activities/search"),
            long_listing=(r"/people/search\?.*minimum_modified_date=(?!0&)", "person"),
            breakable=("person", "person"),
            few=frozenset({"account", "user", "pipeline"}),
            edits_unseen=frozenset({"activity"}),
            moments=25,
            whole_scale=0.45,
            long_first_sync=(0.8, 180, 210),
        ),
        Case(
            "everyaction",
            everyaction_of_quick_jobs,
            requests_per_second=2.0,
            change_time="date_modified",
            not_compared=frozenset({"export_job", "sync_gap"}),
            edits_unseen=frozenset({"signup"}),
            look_back=("/codes", "/email/messages"),
            operation=operation_of_everyaction,
            saved_at_once=r"/changedEntityExportJobs$",
            counted_apart=("/changedEntityExportJobs", "/exports/"),
            whole_scale=0.6,
            great_scale=0.8,
            paced_scale=0.6,
            long_first_sync=(0.05, 120, 150),
            long_listing=(r"/signups\?.*eventId=750003", "signup"),
            breakable=("survey_question", "survey_question"),
            few=frozenset({"activist_code", "campaign", "score"}),
            moments=25,
        ),
        Case(
            "pandadoc",
            PandaDoc,
            requests_per_second=10.0,
            operation=operation_of_pandadoc,
            change_time="date_modified",
            not_compared=frozenset(
                {
                    "document_attachment",
                    "document_section",
                    "document_audit_trail",
                    "document_setting",
                    "document_auto_reminder",
                    "document_auto_reminder_status",
                    "api_log",
                    "notary",
                    "notarization_request",
                    "sms_opt_out",
                }
            ),
            look_back=("status=0", "/details", "deleted=true", "/webhook-events"),
            counted_apart=("/details",),
            long_listing=(r"/documents\?.*created_from=(?!1970)", "document"),
            breakable=("document", "document"),
            few=frozenset({"contact", "member", "form"}),
            whole_scale=0.4,
            great_scale=1.3,
            paced_scale=0.5,
            moments=25,
            long_first_sync=(1.4, 810, 900),
        ),
        Case(
            "quickbooks",
            QuickBooks,
            requests_per_second=500 / 60,
            not_compared=frozenset({"exchange_rate"}),
            grown=frozenset({"payment", "bill_payment", "exchange_rate"}),
            look_back=("/cdc", "TimeActivity"),
            long_listing=(r"FROM JournalEntry", "journal_entry"),
            few=frozenset({"account", "customer", "invoice"}),
            breakable=("JournalEntry", "journal_entry"),
            moments=25,
            whole_scale=0.4,
            long_first_sync=(0.05, 28, 36),
            long_answer_seconds=10.0,
            edits_unseen=frozenset({"preferences"}),
        ),
        Case(
            "virtuous",
            Virtuous,
            requests_per_second=4_500 / 3_600,
            change_time="modified_date_time_utc",
            not_compared=frozenset(
                {
                    "contact_address",
                    "relationship",
                    "recurring_gift_payment",
                    "volunteer_attendance",
                    "project_note",
                    "project_role",
                    "project_expense",
                }
            ),
            look_back=("/Query",),
            long_listing=(r"/Gift/Query/FullGift\?.*GreaterThan", "gift"),
            breakable=("contact", "contact"),
            few=frozenset({"campaign", "project", "tag"}),
            moments=25,
            whole_scale=0.2,
            great_scale=0.3,
            long_first_sync=(0.05, 85, 100),
        ),
    )
}


class Log:
    """Keeps what was logged."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def info(self, message: str) -> None:
        self.lines.append(message)


@dataclass(frozen=True)
class Outcome:
    """What one sync came to. `seconds` in virtual time; `requests` are the paths it asked for."""

    seconds: float
    requests: list[str]
    checkpoints: int
    business: int
    differences: list[str]
    open_errors: list[dict[str, Any]]
    warnings: list[str]


@dataclass
class World:
    """One company, one vendor, one destination. `busy` is the chance of a change before each request.

    `settings` hold for every sync; those given to `sync` for that one only.
    """

    case: Case
    seed: int = 1
    scale: float = 0.02
    latency: float = 0.0
    faults: str = "none"
    busy: float = 0.0
    clock: VirtualClock = field(default_factory=VirtualClock)
    interrupt: Callable[[], None] = lambda: None
    """Called before each request reaches the vendor."""
    settings: dict[str, str] = field(default_factory=dict)
    changes: list[tuple[re.Pattern[str], Change]] = field(default_factory=list)

    credentials: set[str] = field(default_factory=set)
    """What was sent to authorise requests."""

    def __post_init__(self) -> None:
        self.vendor = self.case.vendor(
            Company(seed=self.seed, scale=self.scale, hostile=True),
            now=self.clock.monotonic,  # The vendor's own clock is right, whatever ours shows.
            seed=self.seed,
            faults=Faults(self.seed, self.faults),
        )
        self.random = random.Random(self.seed)
        self.log = Log()
        self._told = 0
        self.adapter = WsgiAdapter(self._serve, sleep=self.clock.sleep, latency=self.latency)
        self.session = session_over(ORIGIN, self.adapter)
        self.session.mount(self.vendor.files, self.adapter)
        self.destination = Destination(schemas(self._tables(), self.settings))
        self.session.mount(self.vendor.files, self.adapter)

    @property
    def configuration(self) -> dict[str, str]:
        return {**self.vendor.configuration(ORIGIN), **self.settings}

    def _tables(self) -> Iterable[Table]:
        """With the columns that the vendor names, where it is asked for them."""
        settings = self.case.settings
        if settings.fields is None:
            return self.case.tables
        session = session_over(ORIGIN, WsgiAdapter(self.vendor.wsgi))
        values, secrets = settings.read(self.configuration), settings.secrets(self.configuration)
        access = Access(values, secrets, self.clock, Desk(self.clock), session=session)
        tables: Iterable[Table] = import_module(f"{self.case.source}.models").tables(settings.fields(access))
        self.vendor.requests.clear()
        return tables

    @property
    def requests(self) -> list[Any]:
        """Every request that the vendor has answered."""
        return list(self.vendor.requests)

    def sync(self, **settings: str) -> float:
        """One sync from the last checkpoint; returns how many seconds it took."""
        started = self.clock.now()
        configuration = {**self.configuration, **settings}
        try:
            self.destination.run(
                lambda state: runner(self.case.settings, self.case.sync.build)(
                    configuration, state, self.destination, self.log, clock=self.clock, session=self.session
                )
            )
        finally:
            took = self.clock.now() - started
            self.clock.advance(BETWEEN_SYNCS_SECONDS)
        return took

    def change(self, pattern: str, change: Change) -> None:
        """From now on let `change` see every answer to a URL in which `pattern` is found."""
        self.changes.append((re.compile(pattern), change))

    def tell_time(self) -> None:
        """From now on every answer has a Date, as those of real servers have."""

        def dated(answer: Answer, request: Request) -> Answer:
            date = format_datetime(datetime.fromtimestamp(self.clock.now(), UTC), usegmt=True)
            return replace(answer, headers={**answer.headers, "Date": date})

        self.change("", dated)

    def heal(self) -> None:
        """From now on answer as the simulator does."""
        self.changes.clear()
        self.vendor.clear_faults()

    def differences(self, *tables: str) -> list[str]:
        """How the destination differs from the vendor's own truth in these tables, or in all that are compared:
        nothing, if all is well."""
        truth = self.vendor.truth()
        found = []
        for name in tables or sorted(self.compared(truth)):
            found += compare(name, truth.get(name, []), self.destination.rows[name], self.destination.keys[name])
        return found

    def compared(self, truth: dict[str, Any]) -> set[str]:
        """The tables that must equal the truth."""
        return (set(truth) | {entry["table"] for entry in self.case.schema}) - SYSTEM - self.case.not_compared

    def outcome(self, seconds: float) -> Outcome:
        """What the sync that has just ended, after so many seconds, came to; requests since the last one asked for."""
        asked, self._told = self.requests[self._told :], len(self.requests)
        return Outcome(
            seconds,
            [entry.path for entry in asked],
            len(self.destination.checkpoints),
            self.destination.business(),
            self.differences(),
            self.open_errors(),
            list(self.destination.warnings),
        )

    def feeds(self) -> list[str]:
        """The tables whose streams have changes."""
        return [name for name, saved in self.destination.state["streams"].items() if "position" in saved]

    def family(self, table: str) -> set[str]:
        """A table and its child tables."""
        declared = next(each for each in self.case.tables if each.name == table)
        return {table, *(child.name for child in declared.children)}

    def open_errors(self) -> list[dict[str, Any]]:
        """The rows of `errors` that are not resolved."""
        return [row for row in self.destination.rows["errors"].values() if row["resolved_at"] is None]

    def _serve(self, environ: Any, start_response: Any) -> Any:
        self.interrupt()
        self.credentials.add(environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer "))
        if self.busy and self.random.random() < self.busy:
            self.vendor.work(self.random, 1)
        if not self.changes:
            return self.vendor.wsgi(environ, start_response)
        request = Request(environ)
        answer = collect(self.vendor.wsgi, environ)
        url = request.path + (f"?{request.query_string}" if request.query_string else "")
        for pattern, change in self.changes:
            if pattern.search(url):
                answer = change(answer, request) or answer
        return send(answer, environ, start_response)


def edited(answer: Answer, edit: Callable[[Any], Any]) -> Answer:
    """A success with another body; anything else as it is."""
    if answer.status != 200:
        return answer
    body = json_answer(edit(json.loads(answer.body))).body
    return Answer(200, body, {name: value for name, value in answer.headers.items() if name != "Content-Length"})


def copies(make: Callable[..., W]) -> Callable[..., W]:
    """Makes what `make` makes, after a first sync: a copy of one that is made once for the same values."""

    kept: dict[str, Kept[W]] = {}

    def copied(**values: Any) -> W:
        key = repr(sorted(values.items()))
        if key not in kept:
            here = make(**values)
            here.sync()
            kept[key] = Kept(here)
        return kept[key].copy()

    return copied


def compare(
    name: str, truth: Iterable[dict[str, Any]], landed: dict[tuple[Any, ...], dict[str, Any]], key: tuple[str, ...]
) -> list[str]:
    """Row for row and column for column; instants by the moment they name."""
    expected = {tuple(row[column] for column in key): row for row in truth}
    found = [f"{name} {each}: missing" for each in sorted(expected.keys() - landed.keys(), key=str)]
    found += [f"{name} {each}: should not be there" for each in sorted(landed.keys() - expected.keys(), key=str)]
    for each in expected.keys() & landed.keys():
        for column in expected[each].keys() | landed[each].keys():
            wanted, got = (side[each].get(column, "(no such column)") for side in (expected, landed))
            if wanted != got and canonical(wanted) != canonical(got):
                found.append(f"{name} {each}: {column} is {got!r}, should be {wanted!r}")
    return found


def canonical(value: Any) -> Any:
    """The same for two ways of writing the same thing."""
    if isinstance(value, str) and len(value) >= 19 and value[10] == "T":
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return value
    if isinstance(value, dict):
        return {key: canonical(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [canonical(inner) for inner in value]
    return value
