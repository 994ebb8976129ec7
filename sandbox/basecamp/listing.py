"""Pages of a collection. basecamp.md 4: geared sizes, absolute next links, the size of the whole in a
header.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sandbox.basecamp.options import Options
from sandbox.faults import Faults
from sandbox.web import Answer, Request, json_answer

Row = TypeVar("Row")
GEARS = (15, 30, 50)
TOP_GEAR = 100


def window(page: int) -> tuple[int, int]:
    """First row and size of the page numbered from 1: 15, 30, 50, then 100 rows."""
    if page <= len(GEARS):
        return sum(GEARS[: page - 1]), GEARS[page - 1]
    return sum(GEARS) + TOP_GEAR * (page - len(GEARS) - 1), TOP_GEAR


def paged(
    request: Request, rows: Sequence[Row], render: Callable[[Row], Any], options: Options, faults: Faults
) -> Answer:
    """One page of `rows`; with the `Link` to the next page while rows remain."""
    page = page_number(request)
    first, size = window(page)
    last_page = first + size >= len(rows)
    following: int | None = None if last_page else page + 1
    fault = faults.page(f"{request.path}?{request.query_string}")
    if fault == "duplicate" and page > 1:
        first, size = window(page - 1)
    elif fault in ("early", "late") and page > 1:
        first += -1 if fault == "early" else 1
    elif fault == "repeat" and following is not None:
        following = page
    endless = options.endless_next_links and request.query.get("status") == "archived"
    one_more = options.empty_page_with_next and first < len(rows)
    if last_page and (endless or one_more):
        following = page + 1
    headers = {"X-Total-Count": str(len(rows))}
    if following is not None:
        headers["Link"] = f'<{request.url_with(page=following)}>; rel="next"'
    answer = json_answer([render(row) for row in rows[first : first + size]])
    answer.headers.update(headers)
    return answer


def whole(rows: Sequence[Row], render: Callable[[Row], Any]) -> Answer:
    """A collection that is not paginated; `page` is ignored."""
    return json_answer([render(row) for row in rows])


def page_number(request: Request) -> int:
    text = request.query.get("page", "1")
    return max(1, int(text)) if text.isdigit() else 1
