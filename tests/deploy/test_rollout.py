"""The real `fivetran deploy` against a stand-in of Fivetran: whatever it says, we say what is bound."""

import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from demo.stage import Project, stand_ins
from deploy.command import GIVEN_UP, PYTHON_VERSION, Command
from deploy.fivetran import Fivetran, Refused
from deploy.rollout import SETTLING_SECONDS, Outcome, Rollout
from sandbox.clock import VirtualClock
from shared.errors import Unauthorized
from tests.deploy.conftest import Desk, desk_for
from tests.deploy.stand_in import DESTINATION, KEY, Account

SECRETS = {"api_key": "canary-4b1d", "user_email": "reports@example.com"}
UPDATES = r"^/v1/connectors/\w+$"


@dataclass
class SlowAnswer:
    """What came of it."""

    outcome: Outcome
    before: str
    bound: str
    said: list[str]


@pytest.fixture
def connection(account: Account):
    return account.add_connection("copper", secrets=dict(SECRETS))


@pytest.fixture(scope="module", autouse=True)
def under_way(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Future[SlowAnswer] | None]:
    """An update whose answer does not come within the minute that `fivetran` waits: started first of all, if a
    test asks for it."""
    if not any("slow_answer" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield None
        return
    root = tmp_path_factory.mktemp("slow")
    Project("copper", root / "copper")

    def deploy() -> SlowAnswer:
        with desk_for(root) as desk:
            found = desk.account.add_connection("copper")
            before = str(found.package)
            desk.account.looks_until_bound = 4
            desk.account.fail("PATCH", UPDATES, None, done=True)
            outcome = desk.rollout.deploy("copper")
            return SlowAnswer(outcome, before, str(found.package), desk.said)

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(deploy)


@pytest.fixture
def slow_answer(under_way: Future[SlowAnswer]) -> SlowAnswer:
    return under_way.result()


def test_the_code_that_is_here_is_deployed_and_the_settings_stay(desk: Desk, account: Account, connection) -> None:
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert outcome.good and outcome.before == before and outcome.package == connection.package != before
    assert f"deployed: {connection.package}" in outcome.sentence
    assert connection.secrets == SECRETS
    assert connection.python_version == PYTHON_VERSION
    upload = account.packages[connection.package]
    with zipfile.ZipFile(BytesIO(upload[upload.index(b"PK") :])) as package:
        assert {"connector.py", "models.py", "shared/http.py"} <= set(package.namelist())


def test_what_is_bound_before_is_noted_before_anything_is_changed(desk: Desk, account: Account, connection) -> None:
    noted: list[tuple[str, int]] = []
    rollout = Rollout(
        desk.fivetran,
        desk.command,
        DESTINATION,
        clock=desk.clock,
        say=desk.said.append,
        note=lambda text: noted.append((text, len(account.sent("PATCH", ".*")))),
    )
    before = connection.package
    rollout.deploy("copper")
    assert noted == [(f"copper: connection {connection.id} runs package {before}", 0)]


def test_deploying_again_makes_another_package_and_keeps_the_one_of_before(desk: Desk, account: Account, connection):
    first, second = desk.rollout.deploy("copper"), desk.rollout.deploy("copper")
    assert second.good and second.before == first.package != second.package
    assert {first.before, first.package, second.package} <= account.packages.keys()


def test_a_connection_that_is_not_there_is_refused_before_anything_is_sent(desk: Desk, account: Account) -> None:
    account.add_connection("copper", group="group_0")
    with pytest.raises(Refused, match="no connection copper in Finance: make it with the workflow Configure"):
        desk.rollout.deploy("copper")
    assert {method for method, _, _ in account.requests} == {"GET"}


def test_a_connection_of_another_kind_is_not_touched(desk: Desk, account: Account) -> None:
    account.add_connection("copper", service="copper_crm")
    with pytest.raises(Refused, match="own connector copper_crm"):
        desk.rollout.deploy("copper")


def test_a_destination_that_is_not_there_is_refused_with_those_that_are(desk: Desk, account: Account) -> None:
    account.groups["group_3"] = "Sales"
    with pytest.raises(Refused, match="no destination Finance: the key sees Test, Staging, Old, Sales"):
        desk.rollout.deploy("copper")


def test_a_configuration_that_lies_about_is_refused(desk: Desk, account: Account, connection, project: Path) -> None:
    lying = project / "copper" / "configuration.json"
    lying.write_text("{}", "utf-8")
    try:
        with pytest.raises(Refused, match="would replace the secrets"):
            desk.rollout.deploy("copper")
    finally:
        lying.unlink()
    assert connection.secrets == SECRETS


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_a_refused_update_leaves_the_package_of_before_and_says_so(
    desk: Desk, account: Account, connection, status: int
) -> None:
    account.fail("PATCH", UPDATES, status)
    before, started = connection.package, desk.clock.monotonic()
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and outcome.package == before == connection.package
    assert list(account.packages) == [before]
    assert f"not deployed: `fivetran deploy` ended with an error and {before} is still bound" in outcome.sentence
    assert any(f"the stand-in says {status}" in said for said in desk.said)
    assert desk.clock.monotonic() - started < SETTLING_SECONDS, "nothing can follow: there is no package left"


@pytest.mark.parametrize("packages", ["can be listed", "cannot be listed"])
def test_an_update_that_may_still_be_under_way_is_waited_for(
    desk: Desk, account: Account, connection, packages: str
) -> None:
    account.fail("PATCH", UPDATES, 502, html=True)
    if packages == "cannot be listed":
        account.fail("GET", "packages$", 403)
    before, started = connection.package, desk.clock.monotonic()
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and outcome.package == before == connection.package
    assert desk.clock.monotonic() - started >= SETTLING_SECONDS


def test_a_key_that_is_not_accepted_is_told_without_the_key(account: Account, connection, project: Path) -> None:
    with desk_for(project, key="Y2FuYXJ5LW90aGVyOnNlY3JldC1vdGhlcg==") as desk:
        desk.account.add_connection("copper")
        with pytest.raises(Unauthorized) as refused:
            desk.rollout.deploy("copper")
    assert "Y2FuYXJ5" not in str(refused.value) and "answered 401" in str(refused.value)


def test_an_upload_that_is_refused_leaves_everything(desk: Desk, account: Account, connection) -> None:
    account.fail("POST", "packages$", 401)
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and connection.package == before and list(account.packages) == [before]


def test_an_update_whose_answer_is_lost_is_found_to_have_succeeded(desk: Desk, account: Account, connection) -> None:
    account.fail("PATCH", UPDATES, 504, done=True, html=True)
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert outcome.good and outcome.package == connection.package != before
    assert "came too late" in outcome.sentence
    assert account.sent("POST", rf"/v1/connections/{connection.id}/test") == [{}]


def test_an_update_that_succeeds_after_the_command_gave_up_waiting_is_found_to_have_succeeded(
    slow_answer: SlowAnswer,
) -> None:
    outcome, before = slow_answer.outcome, slow_answer.before
    assert outcome.good and outcome.before == before, slow_answer.said
    assert outcome.package == slow_answer.bound != before
    assert "came too late" in outcome.sentence


def test_failing_setup_tests_bring_the_package_of_before_back(desk: Desk, account: Account, connection) -> None:
    account.uploads_are_bad = True
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    [bad] = account.bad
    assert not outcome.good and outcome.package == connection.package == before
    assert outcome.sentence == (
        f"the setup tests fail with {bad} (The account is reachable: no such account): {before} is bound again"
    )


def test_failing_setup_tests_that_cannot_be_taken_back_are_told(desk: Desk, account: Account, connection) -> None:
    account.uploads_are_bad = True
    account.fail("PATCH", UPDATES, 500, done=True, times=1)
    account.fail("PATCH", "^/v1/conne", 409)
    outcome = desk.rollout.deploy("copper")
    [bad] = account.bad
    assert not outcome.good and outcome.package == connection.package == bad
    assert f"not rolled back: {bad} is still bound" in outcome.sentence


def test_what_cannot_be_tested_is_taken_back(desk: Desk, account: Account, connection) -> None:
    account.fail("PATCH", UPDATES, 504, done=True, html=True, times=1)
    account.fail("POST", "/test$", 404)
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and connection.package == before
    assert "they cannot be run" in outcome.sentence and f"{before} is bound again" in outcome.sentence


@pytest.mark.parametrize("status", [429, 503])
def test_tests_that_cannot_be_run_in_passing_take_nothing_back(
    desk: Desk, account: Account, connection, status: int
) -> None:
    account.fail("PATCH", UPDATES, 504, done=True, html=True, times=1)
    account.fail("POST", "/test$", status, times=2)
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert outcome.good and connection.package == outcome.package != before


def test_a_package_that_somebody_else_has_bound_meanwhile_is_not_taken_for_the_code_here(
    desk: Desk, account: Account, connection
) -> None:
    other = account.add_package(b"older")

    account.fail("PATCH", UPDATES, 409, meanwhile=lambda: setattr(connection, "package", other))
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and outcome.package == other
    assert f"not deployed: `fivetran deploy` ended with an error and {other} is still bound" in outcome.sentence


@pytest.mark.parametrize("status", [403, 404])
def test_a_bound_package_that_cannot_be_asked_is_told(desk: Desk, account: Account, connection, status: int) -> None:
    before = connection.package
    account.fail("GET", rf"packages/(?!{before}$)\w+$", status)
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and outcome.package == connection.package != before
    assert "look at both in the dashboard" in outcome.sentence


def test_an_earlier_package_is_bound_again(desk: Desk, account: Account, connection) -> None:
    before = str(connection.package)
    desk.rollout.deploy("copper")
    outcome = desk.rollout.roll_back("copper", before)
    assert outcome.good and connection.package == before and f"rolled back: {before}" in outcome.sentence
    assert connection.secrets == SECRETS
    assert len(account.sent("POST", "/v1/connector-sdk/packages")) == 1, "rolling back uploads nothing"


@pytest.mark.parametrize("status", [400, 403, 500])
def test_rolling_back_goes_on_by_the_api_where_the_command_is_refused(
    desk: Desk, account: Account, connection, status: int
) -> None:
    wanted, started = account.add_package(b"older"), desk.clock.monotonic()
    account.fail("PATCH", UPDATES, status)
    outcome = desk.rollout.roll_back("copper", wanted)
    assert outcome.good and connection.package == wanted
    assert desk.clock.monotonic() - started < SETTLING_SECONDS, "going back is urgent"
    assert account.sent("PATCH", rf"/v1/connections/{connection.id}") == [
        {"config": {"package_id": wanted}, "run_setup_tests": False}
    ]


def test_rolling_back_to_what_does_not_pass_the_setup_tests_says_so(desk: Desk, account: Account, connection) -> None:
    wanted = account.add_package(b"older")
    account.tests_fail = True
    outcome = desk.rollout.roll_back("copper", wanted)
    assert outcome.good and connection.package == wanted
    assert outcome.sentence.startswith("rolled back (`fivetran deploy` ended with an error all the same")


def test_rolling_back_that_is_refused_both_ways_says_what_is_left_to_do(
    desk: Desk, account: Account, connection
) -> None:
    wanted, before = account.add_package(b"older"), connection.package
    account.fail("PATCH", "^/v1/conne", 409)
    outcome = desk.rollout.roll_back("copper", wanted)
    assert not outcome.good and connection.package == before
    assert f"not rolled back: {before} is still bound. Revert the commit" in outcome.sentence


def test_a_package_that_is_not_there_is_refused(desk: Desk, account: Account, connection) -> None:
    with pytest.raises(Refused, match="Fivetran has no package package_99"):
        desk.rollout.roll_back("copper", "package_99")


def test_a_package_that_another_connection_runs_is_refused(desk: Desk, account: Account, connection) -> None:
    foreign, before = account.add_connection("basecamp"), connection.package
    with pytest.raises(Refused, match=f"run by {foreign.id}: is it one of copper's?"):
        desk.rollout.roll_back("copper", str(foreign.package))
    assert connection.package == before


def test_a_package_that_is_bound_already_is_left_alone(desk: Desk, account: Account, connection) -> None:
    outcome = desk.rollout.roll_back("copper", str(connection.package))
    assert outcome.good and "nothing was done" in outcome.sentence
    assert account.sent("PATCH", ".*") == []


def test_where_only_the_addresses_of_the_command_are_there_they_are_used(
    desk: Desk, account: Account, connection
) -> None:
    account.fail("GET", r"^/v1/groups/\w+/connections$", 404)
    outcome = desk.rollout.deploy("copper")
    assert outcome.good and outcome.package == connection.package


def test_where_the_addresses_of_the_command_are_gone_the_api_is_used(desk: Desk, account: Account, connection) -> None:
    account.old_addresses = False
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert outcome.good and outcome.package == connection.package != before, desk.said
    assert connection.secrets == SECRETS
    assert account.packages[connection.package].count(b"connector.py") > 0


def test_where_only_the_address_of_one_connection_is_gone_the_api_is_used(
    desk: Desk, account: Account, connection
) -> None:
    for method in ("GET", "PATCH"):
        account.fail(method, UPDATES, 404)
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert outcome.good and outcome.package == connection.package != before, desk.said


def test_by_the_api_too_failing_setup_tests_bring_the_package_of_before_back(
    desk: Desk, account: Account, connection
) -> None:
    account.old_addresses, account.uploads_are_bad = False, True
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and connection.package == before and f"{before} is bound again" in outcome.sentence


def test_by_the_api_too_a_refused_update_leaves_the_package_of_before(desk: Desk, account: Account, connection) -> None:
    account.old_addresses = False
    account.fail("PATCH", r"^/v1/connections/\w+$", 409)
    before = connection.package
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and connection.package == before
    assert list(account.packages) == [before], "the package that nobody runs is deleted again"


def test_a_package_that_cannot_be_deleted_again_does_not_hide_what_came_of_the_deployment(
    desk: Desk, account: Account, connection
) -> None:
    account.old_addresses = False
    account.fail("PATCH", r"^/v1/connections/\w+$", 409)
    account.fail("DELETE", "packages/", 403)
    outcome = desk.rollout.deploy("copper")
    assert not outcome.good and outcome.sentence == f"not deployed: {connection.package} is still bound"
    assert any("is left behind" in said for said in desk.said)


def test_the_code_of_a_connector_sees_the_key_and_nothing_else_of_the_environment(
    desk: Desk, account: Account, connection, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFL_COPPER_API_KEY", "canary-0c55")
    monkeypatch.setenv("FIVETRAN_CONFIGURATION", "/nowhere")
    monkeypatch.setenv("GITHUB_TOKEN", "canary-0c56")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere/lib")
    seen = tmp_path / "seen"
    spy(
        tmp_path,
        "import os\nfrom pathlib import Path\n"
        f"Path({str(seen)!r}).write_text('\\n'.join([*os.environ, os.environ['HOME'], os.getcwd()]))\n",
    )
    account.add_connection("spy")
    command = Command(desk.fivetran, DESTINATION, root=tmp_path, path=str(stand_ins(project)))
    assert command.deploy("spy").code == 0
    *names, home, folder = seen.read_text("utf-8").splitlines()
    assert not {"SFL_COPPER_API_KEY", "FIVETRAN_CONFIGURATION", "GITHUB_TOKEN"} & set(names)
    assert {"FIVETRAN_API_KEY", "DO_NOT_TRACK", "CI", "LD_LIBRARY_PATH"} <= set(names)
    assert home == folder != str(Path.home()) and not Path(home).exists()


def test_a_configuration_is_on_no_command_line_and_in_no_file(
    desk: Desk, account: Account, project: Path, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    spy(
        tmp_path,
        "import sys\nfrom pathlib import Path\n"
        f"Path({str(seen)!r}).write_text('\\n'.join([*sys.orig_argv, *map(str, Path.home().rglob('*'))]))\n",
    )
    command = Command(desk.fivetran, DESTINATION, root=tmp_path, path=str(stand_ins(project)))
    assert command.deploy("spy", {"api_key": "canary-4b1d"}).code == 0
    [made] = account.connections.values()
    assert made.secrets == {"api_key": "canary-4b1d"}
    shown = seen.read_text("utf-8")
    assert "/dev/fd/" in shown and "canary" not in shown and KEY not in shown
    assert list(tmp_path.rglob("*.json")) == []


def test_a_command_that_does_not_end_is_given_up(
    desk: Desk, account: Account, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.command.LONGEST_SECONDS", 2.0)
    spy(tmp_path, "import threading\nthreading.Event().wait()\n")
    command = Command(desk.fivetran, DESTINATION, root=tmp_path, path=str(stand_ins(project)))
    assert command.deploy("spy").code == GIVEN_UP


def spy(root: Path, script: str) -> None:
    """A connector that does this when it is imported."""
    (root / "spy").mkdir()
    (root / "spy" / "pyproject.toml").write_text('[project]\nname = "spy"\nversion = "1"\ndependencies = []\n')
    (root / "spy" / "connector.py").write_text(
        f"{script}from fivetran_connector_sdk import Connector\n"
        "connector = Connector(update=lambda configuration, state: None)\n"
    )


def test_nothing_that_is_said_holds_the_key_or_its_beginning(desk: Desk, account: Account, connection) -> None:
    desk.rollout.deploy("copper")
    shown = "\n".join(desk.said)
    assert "executing deploy" in shown
    assert KEY[:8] not in shown and "canary" not in shown


def test_a_key_that_is_not_base64_of_two_parts_is_refused() -> None:
    for key in ("plain:secret", "YWJj", ""):
        with pytest.raises(Refused, match="FIVETRAN_API_KEY is not base64"):
            Rollout(Fivetran(key, clock=VirtualClock()), None, DESTINATION, clock=VirtualClock())  # type: ignore[arg-type]
