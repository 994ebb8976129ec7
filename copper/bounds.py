"""The bounds of searches: seconds of which nobody documents whether they lie inside themselves (copper.md 5.3)."""

from collections.abc import Callable, Iterable

from shared.clock import Clock
from shared.pages import Page
from shared.records import number
from shared.tally import second_has_come

DAY_SECONDS = 86_400
LATEST = 2**31 - 1
"""The last second that searches know."""


class Border:
    """Whether a bound is itself inside of the bounds: found out at the first one that is a time of a record."""

    def __init__(self, path: str, widen: int | None = None) -> None:
        """`path` leads to the time that is bounded."""
        self._path = path
        self.widen = widen
        """So many seconds wider a search must be to include its bounds; `None` until it is known."""

    def ask(self, search: Callable[[int], Page], known: int | None) -> Page:
        """Answer `search(widen)`. `known` is the bound where a record must be; `None` where none need be there."""
        page = search(self.widen or 0)
        if self.widen is None and known is not None:
            if known in seconds(page.records, self._path):
                self.widen = 0
            elif known in seconds((wider := search(1)).records, self._path):
                self.widen, page = 1, wider
        return page


def seconds(records: Iterable[object], path: str) -> list[int]:
    """The times that records say, in their order."""
    return [second for each in records if (second := number(each, path)) is not None]


def passed(records: Iterable[object], path: str, clock: Clock) -> list[int]:
    """Those of them that can have come by now: by the source's clock, and by ours, which is right to a day."""
    latest = clock.now() + DAY_SECONDS
    return [second for second in seconds(records, path) if second <= latest and second_has_come(second)]
