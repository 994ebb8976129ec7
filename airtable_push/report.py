"""What a run did, for people and for machines."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

COLUMNS = ("table", "rows", "created", "updated", "deleted", "marked", "rejected", "held back", "requests")


@dataclass
class Done:
    """What was done, or would be, to one table."""

    table: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    deleted: int = 0
    marked: int = 0
    rejected: int = 0
    """Rows that Airtable refuses, or that cannot be sent, at this moment."""
    held_back: int = 0
    """Deletes that wait for --confirm-deletes."""
    unlinked: int = 0
    """Links to records that are not there."""
    requests: int = 0

    @property
    def written(self) -> int:
        return self.created + self.updated + self.deleted + self.marked

    def as_line(self) -> str:
        """What was done, without what was not."""
        kinds = ("created", "updated", "deleted", "marked", "rejected")
        return ", ".join(f"{count:,} {kind}" for kind in kinds if (count := getattr(self, kind)))


@dataclass
class Report:
    """A whole run. `problems` need a person; `stopped` is the limit that ended it."""

    tables: list[Done] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    stopped: str | None = None
    requests: int = 0
    """All of them, the reading of the schema included."""

    @property
    def exit_code(self) -> int:
        """0 done, 1 a person is needed, 3 a limit was met and the next run continues."""
        return 1 if self.problems else 3 if self.stopped else 0

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "exit_code": self.exit_code}

    def as_text(self) -> str:
        """A table, and what there is to say."""
        rows = [
            (
                each.table,
                each.rows,
                each.created,
                each.updated,
                each.deleted,
                each.marked,
                each.rejected,
                each.held_back,
                each.requests,
            )
            for each in self.tables
        ]
        lines = [text_table(COLUMNS, rows)]
        if unlinked := sum(each.unlinked for each in self.tables):
            lines.append(f"{unlinked:,} links have no record at their other end and were left out.")
        lines += [f"Attention: {problem}" for problem in self.problems]
        if self.stopped:
            lines.append(f"Stopped at a limit: {self.stopped}. The next run continues.")
        return "\n".join(lines)


def text_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns of text; numbers to the right, zeros as a dash."""
    shown = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(head), *shown]) for place in range(len(head))]
    numeric = [all(not isinstance(row[place], str) for row in rows) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        aligned = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        ]
        return "  ".join(aligned).rstrip()

    return "\n".join([line(head), line(["-" * width for width in widths]), *(line(row) for row in shown)])


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}" if value else "-"
    return "" if value is None else str(value)
