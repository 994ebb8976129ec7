"""The real `fivetran debug`, against a simulated Basecamp on 127.0.0.1."""

import signal

import pytest

from tests.depth import stories


def test_debug_ends_well_and_the_tables_equal_the_truth(first_sync):
    assert first_sync.debug.code == 0, first_sync.debug.output[-4000:]
    assert first_sync.differences == []
    assert first_sync.errors == []


def test_no_secret_is_in_what_a_sync_prints_lands_or_leaves_behind(first_sync):
    places = {
        "the output": first_sync.debug.output.encode(),
        "a row": first_sync.landed.encode(),
        **first_sync.debug.written,
    }
    assert len(first_sync.secrets) >= 3
    found = [place for place, content in places.items() for secret in first_sync.secrets if secret.encode() in content]
    assert found == []


def test_a_sync_killed_again_and_again_ends_where_an_undisturbed_one_does(kills):
    assert kills.codes == [-signal.SIGKILL] * len(kills.moments)
    assert kills.last.code == 0, kills.last.output[-4000:]
    assert kills.differences == []


def test_the_run_after_the_kills_goes_on_from_the_last_checkpoint(kills):
    assert kills.requests_of_last < kills.requests_of_a_whole_sync


@pytest.mark.parametrize(
    ("case", "words"),
    stories(
        [
            ("refused: missing settings", ("account_id is missing", "user_agent must be")),
            ("refused: wrong refresh token", ("authorise again", "refresh_token")),
            ("refused: wrong client secret", ("client_id", "client_secret")),
            ("refused: revoked token", ("authorise again", "refresh_token")),
            ("refused: account without access", ("check account_id",)),
            ("refused: inactive account", ("suspended or its trial has ended",)),
        ],
        quick=2,
    ),
)
def test_a_refusal_is_exit_1_with_one_clear_sentence_and_tells_no_secret(case, words, outcome):
    assert outcome.code == 1
    [sentence] = [line for line in outcome.output.splitlines() if "Message: " in line]
    assert all(each in sentence for each in words)
    assert "Traceback" not in outcome.output
    places = {"the output": outcome.output.encode(), **outcome.written}
    assert [place for place, content in places.items() if b"canary" in content] == []


@pytest.mark.parametrize("case", ["tested: good"])
def test_the_setup_tests_pass_with_good_settings(case, outcome):
    assert outcome.code == 0, outcome.output
    assert outcome.output.count("PASSED") == 3


@pytest.mark.parametrize(
    ("case", "failing", "words"),
    stories(
        [
            ("tested: other account", "account_is_reachable", "Correct account_id"),
            ("tested: no account", "credential_is_valid", "account_id is missing"),
            ("tested: wrong refresh token", "credential_is_valid", "authorise again"),
            ("tested: no project", "a_project_is_visible", "add them to the projects"),
        ],
        quick=1,
    ),
)
def test_each_setup_test_that_fails_says_what_to_do(case, failing, words, outcome):
    assert outcome.code == 1
    [line] = [line for line in outcome.output.splitlines() if f"[{failing} - " in line]
    assert words in line
    assert "canary" not in outcome.output


@pytest.mark.prove  # tests/repository/test_readmes.py looks at the same lines without running it
def test_the_demo_prints_what_the_readme_shows(demo, demo_lines, readme_demo_table):
    assert demo.code == 0, demo.output
    assert [line for line in readme_demo_table if line not in demo_lines and line != "..."] == []


def test_the_connector_run_as_a_script_does_what_debug_does(first_sync):
    assert first_sync.script.code == 0, first_sync.script.output[-4000:]
    assert first_sync.deletes_and_rows_of_script == []
    assert first_sync.differences_after_script == []
