"""What was pushed so far, and what is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from airtable_push.mapping import Table
from airtable_push.report import text_table
from airtable_push.state import Rejection, State

COLUMNS = ("table", "records", "rejected", "last pushed")
REFUSALS_SHOWN = 10


@dataclass(frozen=True)
class Status:
    """A row of `COLUMNS` for each table, and by the table's name what Airtable refuses of it."""

    rows: list[tuple[str, int, int, str]]
    refused: dict[str, list[Rejection]]

    def as_dict(self) -> dict[str, Any]:
        return {
            "tables": [dict(zip((each.replace(" ", "_") for each in COLUMNS), row, strict=True)) for row in self.rows],
            "rejected": {
                name: [{what: getattr(one, what) for what in ("key", "type", "message", "attempts")} for one in each]
                for name, each in self.refused.items()
            },
        }

    def as_text(self) -> str:
        lines = [text_table(COLUMNS, self.rows)]
        for name, each in self.refused.items():
            lines += [f"{name}, {one.key}: {one.message} ({one.attempts} times)" for one in each[:REFUSALS_SHOWN]]
            if len(each) > REFUSALS_SHOWN:
                lines.append(f"{name}: and {len(each) - REFUSALS_SHOWN:,} more, see airtable_push.rejected")
        return "\n".join(lines)


def of(tables: Sequence[Table], state: State) -> Status:
    """The status of these tables."""
    refused = {table.name: list(state.rejections(table).values()) for table in tables}
    rows = []
    for table in tables:
        at = state.last_pushed_at(table)
        pushed_at = f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
        rows.append((table.name, state.count(table), len(refused[table.name]), pushed_at))
    return Status(rows, refused)
