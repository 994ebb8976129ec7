"""`make check` runs the tests of what differs from main."""

import subprocess
from pathlib import Path

import pytest

from tests.changed import belonging, changed, selection


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("copper/sync.py", "tests/copper"),
        ("shared/http.py", "tests/shared"),
        ("sandbox/copper/store.py", "tests/sandbox/copper"),
        ("sandbox/clock.py", "tests/sandbox"),
        ("airtable_push/flatten/models/flat/deals.sql", "tests/airtable_push/flatten"),
        ("tests/shared/test_http.py", "tests/shared/test_http.py"),
        ("tests/contract/world.py", "tests/contract"),
        ("docs/alerts.md", "tests/docs"),
        (".github/workflows/ci.yml", "tests/deploy"),
        ("Makefile", "tests/repository"),
        ("tests/shared/test_that_was_removed.py", None),
        ("tests/destination.py", None),
    ],
)
def test_the_belonging_a_file_are_where_its_folder_says(path: str, expected: str | None) -> None:
    assert belonging(path) == expected


def test_what_a_folder_holds_is_not_named_beside_it() -> None:
    assert selection(["shared/http.py", "tests/shared/test_http.py"]) == ["tests/shared"]


def test_what_was_committed_since_main_is_found_and_what_git_does_not_know_yet(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=tester", "-c", "user.email=tester@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    (tmp_path / "old").touch()
    git("add", ".")
    git("commit", "--message", "old")
    assert changed(tmp_path) == []
    git("checkout", "-b", "work")
    (tmp_path / "committed").touch()
    git("add", ".")
    git("commit", "--message", "new")
    (tmp_path / "old").write_text("edited", "utf-8")
    (tmp_path / "unknown").touch()
    assert sorted(changed(tmp_path)) == ["committed", "old", "unknown"]
