"""One sync from its settings to its last checkpoint."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from sandbox.clock import VirtualClock
from shared.configuration import Configuration, Setting
from shared.errors import Unauthorized
from shared.pages import Page
from shared.run import Run, runner
from shared.streams import Snapshot, Stream
from tests.destination import Stop
from tests.shared.engine import COLOUR, Log, warehouse

SECRET = "canary-secret-1234"
CONFIGURATION = Configuration((Setting("api_key", "Key", "From your profile.", secret=True),))


def sync(build: Any, state: dict[str, Any] | None = None, unknown: str = "") -> tuple[Any, Log]:
    destination, log = warehouse(), Log()
    run = runner(CONFIGURATION, build)
    settings = {"api_key": SECRET, **({unknown: "x"} if unknown else {})}
    with suppress(Stop):
        destination.run(lambda _: run(settings, dict(state or {}), destination, log, clock=VirtualClock()))
    return destination, log


def refused(run: Run) -> Sequence[Stream]:
    def everything(task: Any) -> Any:
        raise Unauthorized(f"the key {SECRET} is not accepted: copy it again")

    return [Snapshot(table=COLOUR, everything=everything)]


def test_a_refusal_that_quotes_the_key_does_not_show_it() -> None:
    destination, log = sync(refused)
    said = " ".join([*destination.errors, *destination.warnings, *log.lines])
    assert "the key *** is not accepted: copy it again" in said and SECRET not in said


def test_an_unknown_setting_is_told_without_its_secret_name() -> None:
    destination, _ = sync(lambda run: [], unknown=f"key {SECRET}")
    assert destination.warnings == ["The setting key *** is not known."]


def test_what_a_connector_warns_of_is_told_without_secrets() -> None:
    def build(run: Run) -> Sequence[Stream]:
        run.warn(f"the key {SECRET} ends soon")
        return [Snapshot(table=COLOUR, everything=lambda task: iter([Page(whole=True)]))]

    destination, log = sync(build)
    assert destination.warnings == ["the key *** ends soon"]
    assert log.lines and destination.checkpoints


@pytest.mark.parametrize("state", [{"version": 99}, {"streams": []}])
def test_a_state_that_cannot_be_used_ends_the_sync_before_anything_is_asked(state: dict[str, Any]) -> None:
    def build(run: Run) -> Sequence[Stream]:
        raise AssertionError("built")

    destination, _ = sync(build, state)
    assert len(destination.errors) == 1 and not destination.checkpoints
