"""What may be set for the flat tables."""

from pathlib import Path

import psycopg
import pytest

from airtable_push.errors import UsageError
from airtable_push.flatten.options import read
from airtable_push.flatten.project import Project


@pytest.fixture
def landed(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.db"
    path.touch()
    return path


@pytest.fixture
def off(landed: Path) -> dict[str, str]:
    """Only Copper is there."""
    return {"copper": str(landed), "quickbooks": "off", "basecamp": "off", "pandadoc": "off"}


def test_a_source_is_a_file_that_is_attached_beside_a_local_warehouse(off: dict[str, str], landed: Path) -> None:
    options = read(off, "flat.duckdb")
    assert options.sources == ("copper",)
    assert options.landed["copper"] == {"path": str(landed), "database": "copper_landed", "schema": "tester"}
    assert options.variables["landed"] == {"copper": {"database": "copper_landed", "schema": "tester"}}


def test_a_source_is_a_schema_in_postgresql(postgres: str) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("create schema copper")
        connection.execute("create schema books")
    options = read({"quickbooks": "books"}, postgres)
    assert options.landed == {"quickbooks": {"schema": "books"}, "copper": {"schema": "copper"}}
    with pytest.raises(UsageError, match="basecamp: there is no elsewhere"):
        read({"basecamp": "elsewhere"}, postgres)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"cuntry": "US"}, "cuntry is no option of flatten"),
        ({"country": "Utopia"}, "no country of two letters"),
        ({"copper": "nowhere.db"}, "copper: there is no nowhere.db"),
        ({"schema": 'a"; drop'}, "letters, digits"),
        ({"close_dates": "american"}, "one of detect, month_first, day_first"),
        ({"stale_after_hours": "soon"}, "whole number of hours"),
        ({"project": "/nowhere"}, "no dbt_project.yml"),
        ({"copper": "off"}, "nothing has landed"),
    ],
)
def test_a_wrong_option_is_named(off: dict[str, str], given: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read({**off, **given}, "flat.duckdb")


def test_a_password_is_in_no_profile(off: dict[str, str]) -> None:
    url = "postgresql://etl:canary-4b1d@warehouse.example:5433/analytics?sslmode=require"
    project = Project(url, read(off, "flat.duckdb"))
    shown = str(vars(project)["_target"])
    assert "canary" not in shown
    for told in ("warehouse.example", "5433", "analytics", "require", "etl"):
        assert told in shown
