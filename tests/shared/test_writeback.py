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
        self.warnings: list[str] = []
        self.tokens = Tokens()
        self.clock = clock
        self.session = requests.Session()
        self.session.mount(FIVETRAN, WsgiAdapter(self, sleep=clock.sleep))

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        request = Request(environ)
        assert request.body is not None
        self.requests.append(request)
        return send(self.answer, environ, start_response)

    def write_back(self, api_key: str | None = "canary-key") -> WriteBack:
        tokens: Any = self.tokens
        return WriteBack(
            tokens, CONFIGURATION, api_key=api_key, clock=self.clock, secrets=Secrets("canary-key", "canary-new"),
            warn=self.warnings.append, session=self.session,
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
    values = {each["key"]: each["value"] for each in sent["config"]["secrets_list"]}
    assert values == {**CONFIGURATION, "refresh_token": "canary-new"}


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
