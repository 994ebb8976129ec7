"""A push deploys the connectors whose packages it changes, and no others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.changes import EVERYWHERE, NOTHING, changed, touched, wanted
from deploy.connectors import ROOT, connectors, modules, packed


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two connectors, one of which packs `engine` too."""
    for connector in ("alpha", "beta"):
        (tmp_path / connector).mkdir()
        (tmp_path / connector / "connector.py").write_text("connector = None\n")
    for folder in ("engine", "docs", "alphabet"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.md").write_text("words\n")
    (tmp_path / "beta" / "engine").symlink_to("../engine")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    return tmp_path


def git(root: Path, *arguments: str) -> str:
    names = ["-c", "user.name=Ada Example", "-c", "user.email=ada@firm.example", "-c", "commit.gpgsign=false"]
    ran = subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


def commit(root: Path) -> str:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "work")
    return git(root, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("alpha/models.py", ["alpha"]),
        ("alpha/ä b.py", ["alpha"]),
        ("beta/README.md", ["beta"]),
        ("engine/retry.py", ["beta"]),
        ("docs/page.md", []),
        ("alphabet/page.md", []),
        ("lock.txt", ["alpha", "beta"]),
        ("deploy/rollout.py", ["alpha", "beta"]),
        (".github/workflows/deploy.yml", ["alpha", "beta"]),
        (".github/actions/prepare/action.yml", ["alpha", "beta"]),
        (".github/workflows/ci.yml", []),
    ],
)
def test_a_change_touches_the_connectors_that_pack_it(repository: Path, path: str, expected: list[str]) -> None:
    before = git(repository, "rev-parse", "HEAD")
    (repository / path).parent.mkdir(parents=True, exist_ok=True)
    (repository / path).write_text("other words\n")
    assert changed(before, commit(repository), repository) == expected


def test_what_moves_out_of_a_connector_changes_it(repository: Path) -> None:
    (repository / "alpha" / "models.py").write_text("a table\n" * 20)
    before = commit(repository)
    git(repository, "mv", "alpha/models.py", "beta/models.py")
    assert changed(before, commit(repository), repository) == ["alpha", "beta"]


def test_a_name_that_is_no_text_is_a_name_all_the_same(repository: Path) -> None:
    before = git(repository, "rev-parse", "HEAD")
    (repository / "alpha" / os.fsdecode(b"caf\xe9.py")).write_text("words\n")
    assert changed(before, commit(repository), repository) == ["alpha"]


def test_all_commits_of_a_push_count(repository: Path) -> None:
    before = git(repository, "rev-parse", "HEAD")
    for path in ("alpha/models.py", "docs/more.md"):
        (repository / path).write_text("words\n")
        after = commit(repository)
    assert changed(before, after, repository) == ["alpha"]


@pytest.mark.parametrize("before", [NOTHING, "", "1" * 40])
def test_where_the_commit_before_is_not_known_everything_is_deployed(repository: Path, before: str) -> None:
    assert changed(before, "HEAD", repository) == ["alpha", "beta"]


def test_nothing_changed_is_nothing_to_deploy(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    assert changed(head, head, repository) == []


def test_a_change_of_the_engine_touches_every_connector_of_this_repository() -> None:
    assert touched(["shared/retry.py"]) == list(connectors())
    assert all("shared" in packed(connector) for connector in connectors())


def test_what_is_said_to_matter_everywhere_exists() -> None:
    assert [place for place in EVERYWHERE if not (ROOT / place).exists()] == []


def test_what_is_chosen_by_hand_is_deployed_as_it_is(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    assert wanted(head, head, "beta", repository) == ["beta"]
    assert wanted("", head, "all", repository) == ["alpha", "beta"]
    assert wanted(head, head, "", repository) == []


@pytest.mark.parametrize(
    ("module", "arguments", "printed"),
    [
        ("deploy.changes", [NOTHING, "HEAD", ""], "connectors=["),
        ("deploy.connectors", [], "connectors=["),
        ("deploy.connectors", ["copper"], "asttokens=="),
    ],
)
def test_what_runs_before_anything_is_installed_needs_nothing_installed(
    module: str, arguments: list[str], printed: str
) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys, runpy; sys.path.insert(0, {str(ROOT)!r}); "
            f"sys.argv[1:] = {arguments!r}; runpy.run_module({module!r}, run_name='__main__')",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(printed)


def test_modules_of_a_connector_leave_no_trace_behind(tmp_path: Path) -> None:
    (tmp_path / "api.py").write_text("NAME = 'here'\n")
    (tmp_path / "settings.py").write_text("from api import NAME\n")
    found = modules(tmp_path, "settings")
    assert set(found) == {"api", "settings"} and found["settings"].NAME == "here"
    assert "settings" not in sys.modules and "api" not in sys.modules and str(tmp_path) not in sys.path
