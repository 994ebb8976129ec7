"""The flat tables: a dbt project, with the identity step between its two halves.

    options      what may be set: where each source has landed, the country of telephones, ...
    project      runs dbt in a process of its own, and says what failed
    identity     who is who
    close_dates  what is told of dates that are not certain

`build` does it all. The models say what is read and what comes out; `identity` says who is one person.
"""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any

from airtable_push.database import open_database
from airtable_push.flatten.close_dates import uncertain
from airtable_push.flatten.identity.resolve import resolve
from airtable_push.flatten.options import read
from airtable_push.flatten.project import Project

BEFORE = ("contact_source", "firm_source", "contact_overrides")
"""What the identity step reads; all else is made after it."""
CROWD = 5
"""Records that a message names before it only counts."""


def build(warehouse: str, options: Mapping[str, Any], say: Callable[[str], None] = print) -> None:
    """Make the flat tables in the warehouse: a DuckDB file, or a PostgreSQL database by URL.

    `options` is the table `[flatten]` of the settings. Raises `UsageError` for a wrong option, `JobError` where dbt or
    one of its tests fails, or a source has vanished; the flat tables that were made before stay as they are then, as
    far as dbt got."""
    chosen = read(options, warehouse)
    say(f"flattening {', '.join(chosen.sources)}")
    project = Project(warehouse, chosen)
    project.build("--select", *BEFORE)
    with closing(open_database(warehouse, create=True)) as database:
        found = resolve(database, chosen.schema, chosen.identity_schema, chosen.country, chosen.off)
    say(
        f"{found.records} records are {found.contacts} people, {found.clients} clients; "
        f"{found.reviews} pairs to review (contact_review)"
    )
    if found.unknown:
        named = ", ".join(found.unknown[:CROWD]) + (", ..." if len(found.unknown) > CROWD else "")
        say(f"contact_overrides.csv names {len(found.unknown)} records that nobody has landed: {named}")
    say(project.build("--exclude", *BEFORE))
    if "copper" in chosen.sources:
        with closing(open_database(warehouse)) as database:
            for sentence in uncertain(database, chosen.schema):
                say(sentence)
