"""Limits and permissions of the simulated Airtable, against airtable.md A1, A2 and A7."""

from typing import Any

import pytest

from tests.sandbox.airtable.conftest import Asker


def test_the_sixth_request_of_a_second_costs_half_a_minute(airtable: Asker) -> None:
    airtable.time += 10
    airtable.pace = 0.1
    answers = [airtable.ask("GET", "{base}/Clients").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    airtable.pace = 29.0
    assert airtable.refused("GET", "{base}/Clients") == (429, "RATE_LIMIT_REACHED")
    airtable.pace = 1.1
    assert airtable.ask("GET", "{base}/Clients").status_code == 200


def test_a_request_during_the_penalty_may_begin_it_anew(airtable: Asker) -> None:
    airtable.options.refused_extend_penalty = True
    airtable.pace = 0.0
    while airtable.ask("GET", "{base}/Clients").status_code == 200:
        pass
    airtable.pace = 20.0
    assert [airtable.ask("GET", "{base}/Clients").status_code for _ in range(2)] == [429, 429]
    airtable.pace = 30.1
    assert airtable.ask("GET", "{base}/Clients").status_code == 200


@pytest.mark.parametrize("told", [False, True])
def test_a_429_says_how_long_to_wait_only_where_that_is_switched_on(airtable: Asker, told: bool) -> None:
    airtable.options.retry_after = told
    airtable.pace = 0.0
    while (answer := airtable.ask("GET", "{base}/Clients")).status_code == 200:
        pass
    assert answer.headers.get("Retry-After") == ("30" if told else None)
    assert answer.json()["errors"][0]["error"] == "RATE_LIMIT_REACHED"


def test_the_owner_of_a_token_has_a_limit_over_all_bases(airtable: Asker) -> None:
    airtable.options.owner_requests_per_second = 2
    airtable.time += 10
    airtable.pace = 0.01
    assert [airtable.ask("GET", "meta/bases").status_code for _ in range(3)] == [200, 200, 429]


def test_the_monthly_limit_ends_with_the_month_and_spares_metadata(airtable: Asker) -> None:
    airtable.options.monthly_calls = 2
    for _ in range(2):
        airtable.write({"Key": "k"})
    assert airtable.refused("GET", "{base}/Clients") == (429, "PUBLIC_API_BILLING_LIMIT_EXCEEDED")
    assert airtable.ask("GET", "meta/bases/{base}/tables").status_code == 200
    airtable.time += 31 * 86_400
    assert airtable.ask("GET", "{base}/Clients").status_code == 200


def test_a_full_base_takes_no_new_record_and_all_changes(airtable: Asker) -> None:
    airtable.options.record_limit = 2
    [made] = airtable.write({"Key": "a"})
    new = [{"fields": {"Key": "b"}}, {"fields": {"Key": "c"}}]
    assert airtable.upsert(*new).json()["error"]["type"] == "RECORD_LIMIT_EXCEEDED"
    assert airtable.upsert(new[0]).status_code == 200
    assert airtable.upsert({"id": made["id"], "fields": {"Name": "n"}}).status_code == 200


def test_a_large_body_is_refused(airtable: Asker) -> None:
    airtable.options.body_bytes = 1000
    body: dict[str, Any] = {"records": [{"fields": {"Name": "x" * 1000}}]}
    assert airtable.ask("POST", "{base}/Clients", body).status_code == 413


def test_a_wrong_token_is_refused_and_counts_towards_no_limit(airtable: Asker) -> None:
    airtable.session.headers["Authorization"] = "Bearer pat"
    airtable.pace = 0.0
    for _ in range(10):
        assert airtable.refused("GET", "{base}/Clients") == (401, "AUTHENTICATION_REQUIRED")
    airtable.session.headers["Authorization"] = f"Bearer {airtable.vendor.token}"
    airtable.time += 1
    assert airtable.ask("GET", "{base}/Clients").status_code == 200
    assert not airtable.vendor.requests[-2].authenticated and airtable.vendor.requests[-1].authenticated


def test_the_token_does_not_go_into_the_query(airtable: Asker) -> None:
    del airtable.session.headers["Authorization"]
    assert airtable.ask("GET", f"{{base}}/Clients?api_key={airtable.vendor.token}").status_code == 401


def test_unknown_and_not_granted_are_the_same_answer(airtable: Asker) -> None:
    hidden = (403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")
    assert airtable.refused("GET", "appXXXXXXXXXXXXXX/Clients") == hidden
    assert airtable.refused("GET", "{base}/Nothing") == hidden
    airtable.options.role = "none"
    assert airtable.refused("GET", "{base}/Clients") == hidden
    assert airtable.refused("GET", "meta/bases/{base}/tables") == hidden


def test_a_scope_and_a_role_are_both_needed(airtable: Asker) -> None:
    body: dict[str, Any] = {"records": [{"fields": {}}]}
    airtable.options.role = "read"
    assert airtable.refused("POST", "{base}/Clients", body) == (403, "INVALID_PERMISSIONS")
    assert airtable.ask("GET", "{base}/Clients").status_code == 200
    airtable.options.role = "edit"
    assert airtable.ask("POST", "{base}/Clients", body).status_code == 200
    field = {"name": "x", "type": "email"}
    path = "meta/bases/{base}/tables/Clients/fields"
    assert airtable.refused("POST", path, field) == (403, "INVALID_PERMISSIONS")
    airtable.options.role = "create"
    airtable.options.scopes.discard("data.records:write")
    assert airtable.refused("POST", "{base}/Clients", body) == (403, "INVALID_PERMISSIONS")
    airtable.options.scopes.discard("schema.bases:read")
    assert airtable.refused("GET", "meta/bases/{base}/tables") == (403, "INVALID_PERMISSIONS")


def test_a_path_that_is_none_answers_a_text(airtable: Asker) -> None:
    answer = airtable.ask("GET", "{base}")
    assert (answer.status_code, answer.json()) == (404, {"error": "NOT_FOUND"})
    assert airtable.session.get("https://airtable.test/v1/x").json() == {"error": "NOT_FOUND"}
