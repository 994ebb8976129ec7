"""What may be set for the flat tables.

    [flatten]
    copper = "copper/files/warehouse.db"     # a DuckDB file that a connector has written; or, in PostgreSQL, a schema
    basecamp = "off"                         # there is no Basecamp: its tables are not made
    country = "US"                           # where telephones without a country code are from
    close_dates = "day_first"                # how Copper writes close dates: 14/3/2026

A source that is not set is taken if it is where it usually is: in `SOURCE/files/warehouse.db` beside a local
warehouse, in the schema `SOURCE` in PostgreSQL. As environment variables: `AIRTABLE_PUSH_FLATTEN_COPPER` and so on.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import phonenumbers

from airtable_push.database import open_database
from airtable_push.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).resolve().parent
SOURCES = ("quickbooks", "copper", "basecamp", "pandadoc")
OFF = "off"
OTHERS = {
    "local_schema": "tester",
    "schema": "airtable",
    "country": "US",
    "close_dates": "detect",
    "stale_after_hours": "30",
    "project": str(PROJECT),
}
"""Options that are no sources, with their defaults: the schema in the connectors' files (that of `fivetran debug`), the
schema of the flat tables, the country, the order of day and month in Copper's close dates, when a source counts as not
synced, and the folder of the dbt project."""


DATE_ORDERS = ("detect", "month_first", "day_first")


@dataclass(frozen=True, slots=True)
class Options:
    """`landed`: by source, the `schema` and, where it is a file, the `path` and the name (`database`) that it is
    attached by."""

    landed: Mapping[str, Mapping[str, str]]
    schema: str
    country: str
    close_dates: str
    stale_after_hours: int
    project: Path
    off: tuple[str, ...] = ()
    """Sources that are left out on purpose."""

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.landed)

    @property
    def identity_schema(self) -> str:
        return f"{self.schema}_identity"

    @property
    def variables(self) -> dict[str, Any]:
        """dbt's variables."""
        places = {
            source: {key: value for key, value in place.items() if key != "path"}
            for source, place in self.landed.items()
        }
        return {
            "landed": places,
            "identity_schema": self.identity_schema,
            "close_dates": self.close_dates,
            "stale_after_hours": self.stale_after_hours,
        }


def is_postgres(warehouse: str) -> bool:
    return "://" in warehouse


def read(given: Mapping[str, Any], warehouse: str) -> Options:
    """The options. Raises `UsageError` that names everything that is wrong."""
    asked = {key: str(value).strip() for key, value in given.items()}
    problems = [
        f"{key} is no option of flatten; there are {', '.join((*SOURCES, *OTHERS))}"
        for key in asked
        if key not in (*SOURCES, *OTHERS)
    ]
    values = {**OTHERS, **{key: value for key, value in asked.items() if value}}
    off = tuple(source for source in SOURCES if values.get(source) == OFF)
    landed = {}
    for source in SOURCES:
        place = values.get(source, "")
        if source in off:
            continue
        found = (_in_postgres if is_postgres(warehouse) else _in_file)(source, place, warehouse, values["local_schema"])
        if found:
            landed[source] = found
        elif place:
            problems.append(f"{source}: there is no {place}")
    country = values["country"].upper()
    if country not in phonenumbers.SUPPORTED_REGIONS:
        problems.append(f"country: {values['country']} is no country of two letters, like US")
    if values["close_dates"] not in DATE_ORDERS:
        problems.append(f"close_dates takes one of {', '.join(DATE_ORDERS)}")
    if not values["stale_after_hours"].isdigit():
        problems.append("stale_after_hours takes a whole number of hours")
    if not values["schema"].isidentifier():
        problems.append("schema takes letters, digits and underscores")
    project = Path(values["project"])
    if not (project / "dbt_project.yml").exists():
        problems.append(f"project: there is no dbt_project.yml in {project}")
    if not problems and not landed:
        problems.append(
            "nothing has landed: sync a source first (fivetran debug copper), or say where it is, for example "
            "AIRTABLE_PUSH_FLATTEN_COPPER=copper/files/warehouse.db, or a schema of PostgreSQL"
        )
    if problems:
        raise UsageError("; ".join(problems) + ".")
    return Options(
        landed, values["schema"], country, values["close_dates"], int(values["stale_after_hours"]), project, off
    )


def _in_file(source: str, place: str, _: str, schema: str) -> dict[str, str] | None:
    path = Path(place) if place else ROOT / source / "files" / "warehouse.db"
    if not path.exists():
        return None
    return {"path": str(path.resolve()), "database": f"{source}_landed", "schema": schema}


def _in_postgres(source: str, place: str, warehouse: str, _: str) -> dict[str, str] | None:
    schema = place or source
    with closing(open_database(warehouse)) as database:
        found = list(database.rows("select 1 from information_schema.schemata where schema_name = ?", [schema]))
    return {"schema": schema} if found else None
