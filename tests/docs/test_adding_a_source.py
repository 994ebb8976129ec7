"""The page on adding a source is a connector that works: its files are taken out of it and run."""

import re
import subprocess
import sys
from importlib import import_module

import pytest
import requests

from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter
from shared.errors import Unauthorized
from shared.journal import schemas
from tests.connectors import ROOT, load
from tests.contract.world import Log, compare
from tests.destination import Destination, KilledHard
from tests.docs.lighthouse import KEY, Lighthouse

PAGE = (ROOT / "docs/adding_a_source.md").read_text("utf-8")
FILES = dict(re.findall(r"^```\w+ (lighthouse/\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
[RECIPES] = re.findall(r"^```python recipes.py\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
MOST_LINES = 250
ORIGIN = "https://lighthouse.test"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The connector, written to disk as a reader of the page would."""
    root = tmp_path_factory.mktemp("afternoon")
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "lighthouse/shared").symlink_to(ROOT / "shared")
    (root / "recipes").mkdir()
    (root / "recipes/recipes.py").write_text(RECIPES, "utf-8")
    (root / "recipes/shared").symlink_to(ROOT / "shared")
    yield root
    for name in [each for each in sys.modules if each == "lighthouse" or each.startswith("lighthouse.")]:
        del sys.modules[name]


@pytest.fixture
def desk(folder):
    return Desk(folder)


class Desk:
    """The connector, its vendor and a destination in virtual time."""

    def __init__(self, folder, raw=False):
        load("lighthouse", folder)
        self.clock = VirtualClock()
        self.vendor = Lighthouse(self.clock.now)
        self.tables = import_module("lighthouse.models").TABLES
        self.destination = Destination(schemas(self.tables, {"keep_raw": "true"} if raw else {}))
        self.before_request = lambda: None
        self.session = requests.Session()
        self.session.mount(ORIGIN, WsgiAdapter(self._serve, sleep=self.clock.sleep, latency=0.2))

    def sync(self, **settings):
        configuration = {"api_key": KEY, "base_url": f"{ORIGIN}/v1", **settings}
        run = import_module("lighthouse.sync").run
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


def test_a_source_of_five_streams_takes_at_most_250_lines():
    lines = {name: text.count("\n") for name, text in FILES.items()}
    print(lines, sum(lines.values()))
    assert len(FILES) == 6
    assert sum(lines.values()) <= MOST_LINES


# The order of imports depends on where the folder lies.
@pytest.mark.parametrize("part, entry", [("lighthouse", "connector.py"), ("recipes", "recipes.py")])
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
    assert set(desk.vendor.statuses) == {200}


def test_nothing_changed_sends_nothing(desk):
    desk.sync()
    first = len(desk.vendor.asked)
    desk.sync()
    assert desk.destination.business() == 0
    assert len(desk.vendor.asked) - first < first / 10


def test_what_changed_arrives_with_the_next_sync(desk):
    desk.sync()
    number = desk.vendor.open_ticket()
    desk.vendor.touch(1001, status="solved", topics=[5])
    desk.vendor.reply(1002)
    desk.vendor.rate(number)
    desk.sync()
    assert desk.differences() == []


def test_what_was_deleted_goes_with_the_next_complete_pass(desk):
    desk.sync()
    desk.vendor.close(1003)
    desk.sync(full_pass_days="0")
    assert desk.differences() == []


@pytest.mark.parametrize("moment", range(3, 150, 29))
def test_killed_anywhere_and_resumed_it_lands_the_same(desk, moment):
    def die():
        if len(desk.vendor.asked) == moment:
            desk.vendor.asked.append("(killed)")
            raise KilledHard

    desk.before_request = die
    with pytest.raises(KilledHard):
        desk.sync()
    desk.before_request = lambda: None
    desk.sync()
    assert desk.differences() == []


@pytest.mark.parametrize("shape", [None, "Internal error", {}, {"id": 1001}, []])
def test_a_malformed_record_costs_itself_alone_and_heals(desk, shape):
    whole = dict(desk.vendor.tickets[1005])
    served = desk.vendor.malformed = {1005: shape}
    desk.sync()
    assert {each.split(" ")[0] for each in desk.differences()} <= {"ticket", "ticket_topic", "reply"}
    assert desk.destination.rows["errors"] or shape == {"id": 1001}
    served.clear()
    assert desk.vendor.tickets[1005] == whole
    desk.sync(full_pass_days="0")
    desk.sync(full_pass_days="0")
    assert desk.differences() == []


def test_the_private_link_is_nowhere(folder):
    desk = Desk(folder, raw=True)
    desk.sync(keep_raw="true")
    assert "hush" not in repr(desk.destination.rows)


def test_the_setup_test_says_what_is_wrong_with_a_key(desk):
    settings = import_module("lighthouse.settings")
    values = settings.CONFIGURATION.read({"api_key": "wrong", "base_url": f"{ORIGIN}/v1"})
    client = settings.connect(
        values, clock=desk.clock, secrets=settings.CONFIGURATION.secrets(values), session=desk.session
    )
    with pytest.raises(Unauthorized, match="not accepted"):
        client.topics()


def test_every_table_and_setting_is_in_the_sdks_schema_and_form(folder):
    load("lighthouse", folder)
    connector = import_module("lighthouse.connector")
    assert [each["table"] for each in connector.schema({})][:2] == ["agent", "topic"]
    assert connector.configuration_form() is not None


def test_every_place_that_has_to_know_a_source_is_there():
    below = PAGE.split("\n## What else has to know it\n", 1)[1].split("\n## ", 1)[0]
    named = re.findall(r"`([\w./]+[/.]\w*)`", below)
    assert len(named) > 10
    assert [path for path in named if not path.startswith("lighthouse/") and not (ROOT / path).exists()] == []
