"""Prints which tests belong to what differs from main: what `make check` runs.

The tests of a folder are in the folder of the same name below `tests`. A test that differs is run itself. Pages and
settings of the whole repository belong to `tests/docs`, `tests/deploy` and `tests/repository`.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = {"docs": "tests/docs", ".github": "tests/deploy", "": "tests/repository"}


def belonging(path: str, root: Path = ROOT) -> str | None:
    """The test or the folder of tests that belongs to a file, if there is one."""
    file = PurePosixPath(path)
    if file.parts[0] == "tests":
        own = file if file.name.startswith("test_") else file.parent
        return str(own) if (root / own).exists() and len(own.parts) > 1 else None
    for folder in file.parents:
        if folder.parts and (root / "tests" / folder).is_dir():
            return str("tests" / folder)
    return ELSEWHERE.get(file.parts[0] if len(file.parts) > 1 else "")


def changed(root: Path = ROOT) -> list[str]:
    """The files that differ from where this branch left main, and those that git does not know yet."""
    base = next(name for name in ("origin/main", "main", "HEAD") if _git(root, "rev-parse", "--verify", "-q", name))
    [fork] = _git(root, "merge-base", "HEAD", base)
    return [*_git(root, "diff", "--name-only", fork), *_git(root, "ls-files", "--others", "--exclude-standard")]


def selection(paths: Iterable[str], root: Path = ROOT) -> list[str]:
    """What to run for these files; nothing that a folder among them already holds."""
    found = {own for path in paths if (own := belonging(path, root))}
    return sorted(own for own in found if not found & {str(folder) for folder in PurePosixPath(own).parents})


def _git(root: Path, *arguments: str) -> list[str]:
    ran = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return ran.stdout.splitlines()


if __name__ == "__main__":
    print(*selection(changed()))
