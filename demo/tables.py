"""Text tables for a terminal."""

from collections.abc import Iterable, Sequence
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A heading, a rule and the rows; numbers stand to the right, with thousands apart."""
    values = [list(row) for row in rows]
    cells = [list(head), *([_text(value) for value in row] for row in values)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    right = [bool(values) and all(_is_number(row[column]) for row in values) for column in range(len(head))]

    def line(row: Sequence[str]) -> str:
        aligned = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, right, strict=True)
        )
        return "  ".join(aligned).rstrip()

    return "\n".join([line(cells[0]), "  ".join("-" * width for width in widths), *map(line, cells[1:])])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) or value is None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
