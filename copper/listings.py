"""Listings without change times, each read whole."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from account import zone_of
from api import LISTINGS, Copper

from shared import kinds
from shared.errors import Rejected
from shared.pages import Failure, Page
from shared.pagination import until_calm
from shared.records import identity
from shared.streams import Snapshot
from shared.tables import Table


def listing(table: Table, read: Callable[[], Iterable[Page]]) -> Snapshot:
    """A listing that comes without a gap, once the account has answered."""
    return replace(kinds.listing(table, read), parents=("account",))


def whole(copper: Copper, table: Table) -> list[Page]:
    """One that comes as one page."""
    return [copper.listing(LISTINGS[table.name])]


def the_account(copper: Copper) -> Iterator[Page]:
    """The account, and whether dates in custom fields can be told by it."""
    account = copper.account()
    unclear = Rejected(
        f"the account's time zone {account.get('primary_timezone')!r} is not known, so no day can be told from the "
        "dates in custom fields: they land in value_json, as seconds"
    )
    failures = [] if zone_of(account) else [Failure(unclear, "primary_timezone")]
    yield Page([account], failures=failures, whole=True)


def definitions(copper: Copper) -> Iterator[Page]:
    """The definitions of custom fields. Records can be read without: a key that may not see them stops nothing."""
    try:
        yield replace(copper.listing(LISTINGS["custom_field_definition"]), whole=True)
    except Rejected as error:
        yield Page(failures=[Failure(error, "custom_field_definitions")])


def activity_types(copper: Copper) -> list[Page]:
    """Each type once: of the system's some have several names, of which the first counts."""
    page = copper.activity_types()
    kept: dict[tuple[str, str], Any] = {}
    for each in page.records:
        kept.setdefault((identity(each, "category"), identity(each)), each)
    return [replace(page, records=list(kept.values()))]


def users(copper: Copper) -> Iterator[Page]:
    """A listing in pages of a number, again while records moved between them."""
    # The total is no more than an upper bound, so it cannot say whether one was skipped.
    return until_calm(lambda: (replace(page, total=None) for page in copper.users()), identity)
