"""A rotated refresh token reaches the configuration, and a failure on the way stops nothing."""

import json
from typing import Any

import pytest
import requests

from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter
from sandbox.web import Answer, Environ, Request, StartResponse, json_answer, send
from shared.redaction import Secrets
from shared.writeback import FIVETRAN, WriteBack

CONFIGURATION = {"client_id": "us", "refresh_token": "canary-old", "note": "kept, though nobody knows it"}


class Tokens:
    rotated: str | None = None


class Fivetran:
    """Its REST API: takes a configuration, or answers what it is told to."""

    def __init__(self, clock: VirtualClock) -> None:
        self.requests: list[Request] = []
        self.answer: Answer = json_answer({"code": "Success"})
        self.shown: list[dict[str, str]] | None = [{"key": key, "value": "******"} for key in CONFIGURATION]
        self.warnings: list[str] = []
        self.tokens = Tokens()
        self.clock = clock
        self.session = requests.Session()
        self.session.mount(FIVETRAN, WsgiAdapter(self, sleep=clock.sleep))

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        request = Request(environ)
        if request.method == "GET":
            assert request.path == "/v1/connections/mild_teapot"
            shown = {"code": "Success", "data": {"config": {"secrets_list": self.shown}}}
            return send(json_answer({} if self.shown is None else shown), environ, start_response)
        assert request.body is not None
        self.requests.append(request)
        return send(self.answer, environ, start_response)

    @property
    def written(self) -> dict[str, str]:
        """What was written last."""
        return {each["key"]: each["value"] for each in json.loads(self.requests[-1].body)["config"]["secrets_list"]}

    def write_back(self, api_key: str | None = "canary-key") -> WriteBack:
        tokens: Any = self.tokens
        return WriteBack(
            tokens,
            CONFIGURATION,
            api_key=api_key,
            clock=self.clock,
            secrets=Secrets("canary-key", "canary-new"),
            warn=self.warnings.append,
            session=self.session,
        )


@pytest.fixture
def fivetran(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Fivetran:
    monkeypatch.setenv("FIVETRAN_CONNECTION_ID", "mild_teapot")
    monkeypatch.delenv("FIVETRAN_DEPLOYMENT_MODEL", raising=False)
    return Fivetran(clock)


def test_a_new_token_is_written_with_all_other_values_and_no_setup_tests_run(fivetran: Fivetran) -> None:
    fivetran.tokens.rotated = "canary-new"
    fivetran.write_back()()
    [request] = fivetran.requests
    assert (request.method, request.path) == ("PATCH", "/v1/connections/mild_teapot")
    assert request.header("Authorization") == "Basic canary-key"
    sent = json.loads(request.body)
    assert sent["run_setup_tests"] is False
    assert fivetran.written == {**CONFIGURATION, "refresh_token": "canary-new"}


@pytest.mark.parametrize(
    ("shown", "written"),
    [
        (None, CONFIGURATION),
        ({"client_id": "******", "refresh_token": "******"}, {"client_id": "us"}),
        ({"client_id": "them", "refresh_token": "canary-old"}, {"client_id": "them"}),
        ({**CONFIGURATION, "client_id": "them", "note": ""}, {**CONFIGURATION, "client_id": "them"}),
        ({**CONFIGURATION, "new": "by hand"}, {**CONFIGURATION, "new": "by hand"}),
    ],
)
def test_what_somebody_changed_meanwhile_is_kept_as_far_as_it_is_shown(
    fivetran: Fivetran, shown: dict[str, str] | None, written: dict[str, str]
) -> None:
    fivetran.tokens.rotated = "canary-new"
    fivetran.shown = None if shown is None else [{"key": key, "value": value} for key, value in shown.items()]
    fivetran.write_back()()
    assert fivetran.written == {**written, "refresh_token": "canary-new"} and fivetran.warnings == []


@pytest.mark.parametrize(
    "shown",
    [
        {"client_id": "******", "refresh_token": "******", "new": "******"},
        {"client_id": "us", "refresh_token": "canary-of-somebody"},
        {"client_id": "us"},
    ],
)
def test_a_configuration_that_cannot_be_kept_is_not_replaced(fivetran: Fivetran, shown: dict[str, str]) -> None:
    fivetran.tokens.rotated = "canary-new"
    fivetran.shown = [{"key": key, "value": value} for key, value in shown.items()]
    fivetran.write_back()()
    assert fivetran.requests == []
    [warning] = fivetran.warnings
    assert "changed during this sync" in warning and "canary" not in warning


def test_it_is_written_once_a_sync(fivetran: Fivetran) -> None:
    write_back = fivetran.write_back()
    write_back()
    assert fivetran.requests == []
    fivetran.tokens.rotated = "canary-new"
    write_back()
    write_back()
    assert len(fivetran.requests) == 1


@pytest.mark.parametrize("model", [None, "local_debug"])
def test_without_a_key_or_a_connection_nothing_is_sent(
    fivetran: Fivetran, monkeypatch: pytest.MonkeyPatch, model: str | None
) -> None:
    fivetran.tokens.rotated = "canary-new"
    fivetran.write_back(api_key=None)()
    if model is None:
        monkeypatch.delenv("FIVETRAN_CONNECTION_ID")
    else:
        monkeypatch.setenv("FIVETRAN_DEPLOYMENT_MODEL", model)
    fivetran.write_back()()
    assert fivetran.requests == []


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_failure_is_one_warning_without_a_secret(fivetran: Fivetran, status: int) -> None:
    fivetran.tokens.rotated = "canary-new"
    fivetran.answer = json_answer({"message": "not canary-new"}, status)
    fivetran.write_back()()
    [warning] = fivetran.warnings
    assert "fivetran_api_key" in warning and "authorise again" in warning and "canary" not in warning
