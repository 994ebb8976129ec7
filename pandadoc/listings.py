"""Listings that are read whole, and what their answers mean."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from functools import partial

from api import PAGE_SIZE, PandaDoc

from shared.errors import NotFound, Rejected, ServiceDown, SourceError, Unauthorized
from shared.pages import Failure, Page
from shared.pagination import UntilCalm
from shared.records import adding, identity, text
from shared.redaction import redacted
from shared.signals import contradiction
from shared.streams import Snapshot, Task
from shared.tables import Table

DELETED = "deleted"
"""Under which a listing of deleted records that is not to be believed stands in `errors`."""


def listing(
    table: Table, read: Callable[[], Iterable[Page]], every_seconds: float, *, opt_in: bool = False
) -> Snapshot:
    """A listing that comes whole or in pages. A refusal is believed until it is due again: some are for few to see."""

    def everything(task: Task) -> Iterator[Page]:
        found = to_an_empty_page(read, table.key[0])
        try:
            yield from found
        except Unauthorized:
            raise
        except Rejected as error:
            yield Page(failures=[Failure(error, table.name)])
        else:
            yield Page(whole=found.calm)

    return Snapshot(table=table, every_seconds=every_seconds, everything=everything, hides=True, opt_in=opt_in)


def to_an_empty_page(read: Callable[[], Iterable[Page]], key: str) -> UntilCalm:
    """A listing that is cut by number, read until it is calm. After a full page there is another, if only an empty
    one."""

    def pages() -> Iterator[Page]:
        page = Page(last=True)
        for page in read():
            yield page
        if page.total is None and not page.last and len(page.records) >= PAGE_SIZE:
            yield Page()

    return UntilCalm(pages, partial(identity, path=key))


def deleted(
    read: Callable[[], Iterable[Page]],
    key: str,
    *,
    before: set[str],
    live: set[str],
    landed: int,
    one: Callable[[str], Iterable[Page]],
    signal: Callable[[list[str]], Page] = lambda names: Page(deleted=names),
) -> Generator[Page, None, set[str] | None]:
    """A page of what a listing of deleted records shows; returns all of it, or `None` where that is not to be believed
    (`shared.signals.contradiction`). `before` is what was known; `one` lists a record by its id, unless it is
    deleted."""
    gone = _names(to_a_short_page(read()), key) if before else set[str]()
    if not before or not gone.issuperset(before):
        gone = _names(to_an_empty_page(read, key), key)

    def is_there(name: str) -> bool:
        return any(text(row, key) == name for page in one(name) for row in page.records)

    error = contradiction(gone, before=before, live=live, landed=landed, is_there=is_there)
    if error is not None:
        yield Page(failures=[Failure(error, DELETED)])
        return None
    yield replace(signal(sorted(gone)), resolved=[DELETED])
    return gone


def _names(pages: Iterable[Page], key: str) -> set[str]:
    return {name for page in pages for row in page.records if (name := text(row, key))}


def to_a_short_page(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages of a listing that is cut by number, up to one that is short: enough where all that is known comes."""
    for page in pages:
        yield page
        if page.last is None and len(page.records) < PAGE_SIZE:
            return


def folders(pandadoc: PandaDoc, kind: str) -> Iterator[Page]:
    """Pages of all folders, level by level, each with the one that it lies in (pandadoc.md 9.6)."""
    waiting: list[str | None] = [None]
    met = set[str | None]()
    unread: SourceError | None = None
    while waiting:
        parent = waiting.pop(0)
        try:
            for page in pandadoc.folders(kind, parent):
                rows = [adding(each, parent_uuid=parent) for each in page.records]
                yield Page(rows, last=page.last)
                inside = [
                    name for each in rows if (name := text(each, "uuid")) and each.get("has_folders") is not False
                ]
                waiting += [each for each in inside if each not in met]
                met.update(inside)
        except (Unauthorized, ServiceDown):
            raise
        except SourceError as error:
            if parent is None:
                raise
            if not isinstance(error, NotFound):  # Else it was deleted meanwhile.
                unread = unread or error
    if unread is not None:
        raise unread  # The folders beside that one have been read.


def without_secrets(page: Page) -> Page:
    """Records whose address is shown without what may be secret in it."""
    shown = [adding(each, url=redacted(url)) if (url := text(each, "url")) else each for each in page.records]
    return replace(page, records=shown)


class Unreadable(Rejected):
    """It is listed, but its own address says that it is not there: no proof that it is gone (pandadoc.md 7.4)."""

    category = "not_found"


def failed(error: SourceError, name: str) -> Failure:
    """The failure to read one record that is listed."""
    if isinstance(error, NotFound):
        error = Unreadable(
            f"listed, but not to be read by itself: {error.message}",
            method=error.method,
            url=error.url,
            status=error.status,
        )
    return Failure(error, name, {"id": name})
