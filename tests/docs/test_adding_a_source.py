"""The page on adding a source is a connector that works: its files are taken out of it and run."""

import random
import re
import runpy
import subprocess
import sys
from importlib import import_module

import pytest

from sandbox.clock import VirtualClock
from sandbox.company import Company
from sandbox.transport import WsgiAdapter, session_over
from shared import workers
from shared.access import Access
from shared.errors import Unauthorized
from shared.journal import schemas
from shared.run import runner
from tests.connectors import ROOT
from tests.contract.world import Log, World, compare
from tests.depth import stories
from tests.destination import Destination, KilledHard
from tests.docs.lighthouse import CONNECTOR, PAGE, VENDOR, loaded, write

MOST_LINES = 160
MOST_NAMES = 20
MOST_VENDOR_LINES = 200
ORIGIN = "https://lighthouse.test"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The page's files on disk, and importable."""
    root = tmp_path_factory.mktemp("afternoon")
    write(root)
    with loaded(root):
        yield root


@pytest.fixture
def desk(folder):
    return Desk()


class Desk:
    """The connector, its vendor and a destination in virtual time."""

    def __init__(self, raw=False):
        self.clock = VirtualClock()
        self.vendor = import_module("sandbox.lighthouse").Lighthouse(Company(), self.clock.now)
        self.tables = import_module("lighthouse.models").TABLES
        self.destination = Destination(schemas(self.tables, {"keep_raw": "true"} if raw else {}))
        self.before_request = lambda: None
        self.session = session_over(ORIGIN, WsgiAdapter(self._serve, sleep=self.clock.sleep, latency=0.2))

    @property
    def asked(self):
        """How many requests were answered."""
        return self.vendor.statistics["requests"]

    def sync(self, **settings):
        configuration = {**self.vendor.configuration(ORIGIN), **settings}
        run = runner(import_module("lighthouse.settings").CONFIGURATION, import_module("lighthouse.sync").build)
        try:
            self.destination.run(
                lambda state: run(configuration, state, self.destination, Log(), clock=self.clock, session=self.session)
            )
        finally:
            self.clock.advance(900)

    def differences(self):
        rows, keys = self.destination.rows, self.destination.keys
        return [
            each for name, truth in self.vendor.truth().items() for each in compare(name, truth, rows[name], keys[name])
        ]

    def _serve(self, environ, start_response):
        self.before_request()
        return self.vendor.wsgi(environ, start_response)


@pytest.mark.parametrize("files, most", [(CONNECTOR, MOST_LINES), (VENDOR, MOST_VENDOR_LINES)])
def test_a_source_of_five_streams_and_its_simulated_vendor_take_few_lines(files, most):
    lines = {name: text.count("\n") for name, text in files.items()}
    print(lines, sum(lines.values()))
    assert 0 < sum(lines.values()) <= most


def test_few_names_of_the_engine_have_to_be_known():
    imports = re.findall(r"^from shared\.\w+ import (.+)$", "".join(CONNECTOR.values()), re.MULTILINE)
    names = {name.strip() for line in imports for name in line.split(",")}
    print(len(names), sorted(names))
    assert 0 < len(names) <= MOST_NAMES


# The order of imports depends on where the folder lies.
@pytest.mark.parametrize(
    "part, entry", [("lighthouse", "connector.py"), ("recipes", "recipes.py"), ("sandbox", "lighthouse/__init__.py")]
)
@pytest.mark.parametrize(
    "tool, arguments", [("ruff", ["check", "--exclude", "shared", "--ignore", "I001"]), ("mypy", ["--strict"])]
)
def test_it_keeps_to_the_style_and_to_strict_types(folder, part, entry, tool, arguments):
    where = "--config" if tool == "ruff" else "--config-file"
    checked = subprocess.run(
        [sys.executable, "-m", tool, *arguments, where, str(ROOT / "pyproject.toml"), "." if tool == "ruff" else entry],
        cwd=folder / part,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_first_sync_lands_everything_and_keeps_to_the_limit(desk):
    desk.sync()
    assert desk.differences() == []
    assert desk.destination.warnings == [] and desk.destination.rows["errors"] == {}
    assert {entry.status for entry in desk.vendor.requests} == {200}


def test_nothing_changed_sends_nothing(desk):
    desk.sync()
    first = desk.asked
    desk.sync()
    assert desk.destination.business() == 0
    assert desk.asked - first < first / 10


def test_what_changed_arrives_with_the_next_sync(desk):
    desk.sync()
    store = desk.vendor.store
    fields = {"subject": "New", "status": "open", "agent": 3, "refund": "0.10", "topics": [1]}
    ticket = store.create("ticket", fields)
    store.edit(store.kinds["ticket"][1001], {"status": "solved", "topics": [5]})
    store.create("reply", {"author": "Ada", "body": "So."}, store.kinds["ticket"][1002])
    store.create("rating", {"ticket": ticket.id, "stars": 5})
    desk.sync()
    assert desk.differences() == []


def test_what_was_deleted_goes_with_the_next_complete_pass(desk):
    desk.sync()
    desk.vendor.store.purge(desk.vendor.store.kinds["ticket"][1003])
    desk.sync(full_pass_days="0")
    assert desk.differences() == []


@pytest.mark.parametrize("moment", range(3, 150, 29))
def test_killed_anywhere_and_resumed_it_lands_the_same(desk, moment):
    def die():
        if desk.asked == moment:
            raise KilledHard

    desk.before_request = die
    with pytest.raises(KilledHard):
        desk.sync()
    desk.before_request = lambda: None
    desk.sync()
    assert desk.differences() == []


@pytest.mark.parametrize("shape", stories([{}, {"id": 1001}, [], None, "Internal error"], quick=3))
def test_a_malformed_record_costs_itself_alone_and_heals(desk, shape):
    faults = desk.vendor.faults
    faults.record = lambda kind, id, payload: shape if (kind, id) == ("ticket", 1005) else payload
    desk.sync()
    assert {each.split(" ")[0] for each in desk.differences()} <= {"ticket", "ticket_topic", "reply"}
    assert desk.destination.rows["errors"] or shape == {"id": 1001}
    del faults.record
    desk.sync(full_pass_days="0")
    desk.sync(full_pass_days="0")
    assert desk.differences() == []


@pytest.mark.parametrize("seed", stories(range(3), quick=1))
def test_what_the_company_did_is_in_after_a_complete_pass(desk, seed):
    desk.sync()
    desk.vendor.work(random.Random(seed), 60)
    desk.sync(full_pass_days="0")
    desk.sync(full_pass_days="0")
    assert desk.differences() == []


def test_the_contract_knows_what_it_needs(folder):
    case = runpy.run_path(str(folder / "case.py"))["CASE"]
    here = World(case, scale=0.05)
    here.sync()
    assert here.differences() == [] and here.feeds() == ["ticket", "rating", "reply"]


def test_what_is_wrong_is_refused(desk):
    ask = desk.session.get
    key = {"Authorization": f"Bearer {desk.vendor.key}"}
    assert ask(f"{ORIGIN}/v1/topics").status_code == 401
    assert ask(f"{ORIGIN}/v1/tickets", headers=key).status_code == 400
    assert ask(f"{ORIGIN}/v1/agents?color=red", headers=key).status_code == 400
    assert ask(f"{ORIGIN}/v1/agents?page=0", headers=key).status_code == 400
    assert ask(f"{ORIGIN}/v1/tickets/7/replies", headers=key).status_code == 404
    assert ask(f"{ORIGIN}/v1/nothing", headers=key).status_code == 404
    assert ask(f"{ORIGIN}/v1/topics", headers=key).status_code == 200


def test_the_private_link_is_nowhere(folder):
    desk = Desk(raw=True)
    desk.sync(keep_raw="true")
    assert "hush" not in repr(desk.destination.rows)


def test_the_setup_test_says_what_is_wrong_with_a_key(desk):
    settings = import_module("lighthouse.settings")
    configuration = {"api_key": "wrong", "base_url": f"{ORIGIN}/v1"}
    values, secrets = settings.CONFIGURATION.read(configuration), settings.CONFIGURATION.secrets(configuration)
    access = Access(values, secrets, desk.clock, workers.Desk(desk.clock), session=desk.session)
    with pytest.raises(Unauthorized, match="not accepted"):
        settings.key_is_valid(access)


def test_every_table_and_setting_is_in_the_sdks_schema_and_form(folder):
    connector = import_module("lighthouse.connector")
    assert [each["table"] for each in connector.schema({})][:2] == ["agent", "topic"]
    assert connector.configuration_form() is not None


def test_every_place_that_has_to_know_a_source_is_there():
    below = PAGE.split("\n## What else has to know it\n", 1)[1].split("\n## ", 1)[0]
    named = re.findall(r"`([\w./]+[/.]\w*)`", below)
    assert len(named) > 10
    assert [path for path in named if not path.startswith("lighthouse/") and not (ROOT / path).exists()] == []
