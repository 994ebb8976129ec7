"""Signals of deletion that rest on a filter: a listing of deleted records is only as good as the filter that makes it.

Where a record itself says that it is gone nothing of this is needed.
"""

from collections.abc import Callable, Collection
from itertools import islice

from shared.comparing import is_large
from shared.errors import Rejected

LOOKED_AT = 8
"""So many of the records that are said to be deleted are looked at, where there is a doubt."""


class Contradicted(Rejected):
    """What is listed as deleted is there all the same."""

    category = "bad_payload"


def contradiction(
    gone: Collection[str],
    *,
    before: Collection[str],
    live: Collection[str],
    landed: int,
    is_there: Callable[[str], bool],
) -> Contradicted | None:
    """What speaks against a listing of deleted records, or `None`.

    It is doubted where it shows what the same sync has seen `live`, or names a large share of the table for the first
    time: of `before` it was known already, and so many have `landed`. Then some are looked at, because a record may be
    deleted while we read: `is_there` asks the source for one as for a live one.
    """
    new = [each for each in gone if each not in before]
    doubtful = [each for each in new if each in live]
    if not doubtful and landed and is_large(len(new), landed):
        doubtful = new
    there = next(filter(is_there, islice(sorted(doubtful), LOOKED_AT)), None)
    if there is None:
        return None
    return Contradicted(
        f"{len(gone)} records are listed as deleted, and {there}, one of them, is there: none is deleted"
    )
