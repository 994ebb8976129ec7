"""The refresh token: rotated, saved before anything else, written back, and asked for again only by a person."""

import json
from typing import Any

import pytest

from sandbox.transport import WsgiAdapter
from sandbox.web import Request, json_answer, send
from shared.oauth import STATE_KEY
from shared.writeback import FIVETRAN
from tests.contract.world import World
from tests.destination import Destination, KilledHard, Stop
from tests.quickbooks.company import asked, company

DAY_SECONDS = 86_400.0
TOKEN = "/oauth2/v1/tokens/bearer"


def configured(here: World, **changes: str) -> World:
    """The same world with a configuration that nobody changes: the simulator's own always has the newest token."""
    first = {**here.configuration, **changes}
    here.vendor.configuration = lambda origin: dict(first)
    return here


def refreshes(here: World) -> int:
    return len([entry for entry in here.requests if entry.path.startswith(TOKEN)])


def test_the_tokens_are_saved_before_any_row_and_encrypted() -> None:
    here = configured(company())
    seen: list[tuple[int, bool]] = []
    save = here.destination.checkpoint

    def checkpoint(state: dict[str, Any]) -> None:
        seen.append((here.destination.business(), STATE_KEY in state))
        save(state)

    here.destination.checkpoint = checkpoint  # type: ignore[method-assign]
    here.sync()
    assert seen[0] == (0, True)
    text = json.dumps(here.destination.state)
    assert here.vendor.intuit.refresh_token not in text and "eyJ" not in text


def test_a_sync_does_not_begin_with_a_refresh_while_the_access_token_lives() -> None:
    here = configured(company())
    for _ in range(4):
        here.sync()
    assert refreshes(here) == 1
    here.sync()
    assert refreshes(here) == 2


def test_an_access_token_that_is_not_accepted_any_more_is_replaced_once() -> None:
    here = configured(company())
    here.sync()
    here.vendor.intuit.expire_access_tokens()
    here.sync()
    assert refreshes(here) == 2 and here.open_errors() == [] and here.destination.errors == []


def test_a_rotated_token_is_used_from_then_on_and_the_old_one_configured_does_not_win() -> None:
    here = configured(company())
    first = here.vendor.intuit.refresh_token
    for _ in range(5):
        here.clock.advance(DAY_SECONDS)
        here.sync()
    assert here.vendor.intuit.refresh_token != first == here.configuration["refresh_token"]
    assert here.destination.errors == []


def test_a_token_that_was_never_seen_wins() -> None:
    here = configured(company())
    here.sync()
    here.vendor.intuit.revoke()
    with pytest.raises(Stop):
        here.sync()
    configured(here, refresh_token=here.vendor.intuit.consent())
    here.sync()
    assert here.destination.errors == []


def test_a_refused_token_is_tried_once_and_ends_with_what_to_do() -> None:
    here = configured(company())
    here.vendor.intuit.revoke()
    with pytest.raises(Stop) as stop:
        here.sync()
    assert refreshes(here) == 1 and asked(here) == []
    said = str(stop.value)
    assert "Authorise again" in said and "put the new refresh_token into the configuration" in said


def test_thirty_days_before_the_authorisation_ends_every_sync_that_refreshes_says_so_once() -> None:
    here = configured(company(grant_lifetime_seconds=40 * DAY_SECONDS, rotation_seconds=0))
    here.sync()
    assert here.destination.warnings == []
    here.clock.advance(10 * DAY_SECONDS)
    here.sync()
    [said] = here.destination.warnings
    assert "ends on 2026-02-09" in said and "put the new refresh_token into the configuration" in said
    here.sync()
    assert here.destination.warnings == []
    here.clock.advance(30 * DAY_SECONDS)
    with pytest.raises(Stop, match="five years after the authorisation"):
        here.sync()


@pytest.mark.parametrize("point", range(1, 12))
def test_killed_anywhere_from_the_checkpoint_on_no_token_is_lost(point: int) -> None:
    here = configured(company())
    here.sync()
    here.clock.advance(DAY_SECONDS)
    here.destination.death, here.destination.dies_after = KilledHard, point
    rotated = here.vendor.intuit.refresh_token
    with pytest.raises(KilledHard):
        here.sync()
    assert here.vendor.intuit.refresh_token != rotated
    here.destination.dies_after = None
    here.clock.advance(DAY_SECONDS)
    here.sync()
    assert here.destination.errors == [] and here.open_errors() == []


@pytest.mark.parametrize(("grace", "lost"), [(0.0, True), (10 * DAY_SECONDS, False)])
def test_before_the_checkpoint_only_the_grace_of_the_old_token_helps(grace: float, lost: bool) -> None:
    here = configured(company(old_token_grace_seconds=grace))
    here.sync()
    here.clock.advance(DAY_SECONDS)
    here.destination.death, here.destination.dies_after = KilledHard, 0
    with pytest.raises(KilledHard):
        here.sync()
    here.destination.dies_after = None
    if lost:
        with pytest.raises(Stop, match="Authorise again"):
            here.sync()
    else:
        here.sync()
        assert here.destination.errors == []


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setenv("FIVETRAN_CONNECTION_ID", "mild_teapot")
    monkeypatch.delenv("FIVETRAN_DEPLOYMENT_MODEL", raising=False)
    return []


def with_fivetran(here: World, written: list[dict[str, Any]], status: int = 200) -> World:
    """Fivetran's REST API beside the vendor: it takes what is written into the configuration."""

    def fivetran(environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        if request.method == "GET":
            return send(json_answer({"code": "Success"}, status), environ, start_response)
        body = json.loads(request.body)
        if status == 200:
            written.append({each["key"]: each["value"] for each in body["config"]["secrets_list"]})
            configured(here, **written[-1])
        return send(json_answer({"code": "Done"}, status), environ, start_response)

    here.session.mount(FIVETRAN, WsgiAdapter(fivetran, sleep=here.clock.sleep))
    return here


def test_a_full_resync_survives_where_the_rotated_token_is_written_back(written: list[dict[str, Any]]) -> None:
    here = with_fivetran(configured(company(), fivetran_api_key="canary-api-key"), written)
    for _ in range(3):
        here.clock.advance(DAY_SECONDS)
        here.sync()
    assert written[-1]["refresh_token"] == here.vendor.intuit.refresh_token
    assert written[-1]["realm_id"] == here.configuration["realm_id"] and len(written) == 3
    here.destination = Destination(here.case.schema)
    here.sync()
    assert here.destination.errors == [] and here.differences() == []


def test_what_could_not_be_written_back_is_a_warning_and_tried_at_the_next_sync(written: list[dict[str, Any]]) -> None:
    here = with_fivetran(configured(company(), fivetran_api_key="canary-api-key"), written, status=403)
    here.clock.advance(2 * DAY_SECONDS)
    here.sync()
    assert any("could not be written" in each for each in here.destination.warnings)
    assert "canary" not in "".join(here.destination.warnings)
    with_fivetran(here, written)
    here.sync()
    assert here.destination.warnings == [] and written[-1]["refresh_token"] == here.vendor.intuit.refresh_token
