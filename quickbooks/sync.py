"""The streams of QuickBooks: which table, which entity, which position (quickbooks.md 3-5, 8).

A first reading and complete passes query each entity by change time, oldest change first. After that one request for
change data capture brings what changed, and what was deleted, for all entities that have it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial
from math import inf
from typing import Any

import models
from api import MOST_RESULTS, Batch, Changes, Faulted, Poisoned, QuickBooks, Refused, Unqueryable
from settings import CONFIGURATION, connect

from shared.clock import Clock
from shared.configuration import stream_settings
from shared.errors import (
    BadPayload,
    Forbidden,
    RateLimited,
    Rejected,
    SourceError,
    TimedOut,
    Transient,
    Unauthorized,
    Unavailable,
)
from shared.once import Once
from shared.pagination import SIZES, Part, Ties, UntilCalm, by_keyset
from shared.pending import MOST_ATTEMPTS
from shared.run import Run, runner
from shared.streams import Failure, Feed, Page, Snapshot, Stream, Task
from shared.tables import Table
from shared.writeback import WriteBack

OVERLAP = timedelta(minutes=10)
"""How far below the last answer the next request begins: an answer may not hold yet what was saved that second."""
LOOK_BACK = timedelta(days=29)
"""How far changes are asked for; QuickBooks goes back 30 days (quickbooks.md 4)."""
TOGETHER = timedelta(hours=2)
"""Entities whose positions lie no further apart are asked for in one request."""
SAMPLES = 3
"""So many entities whose changes cannot be had even alone, and nothing answers for the others either."""
PATIENCE = timedelta(hours=1)
"""So long a trouble of the source is waited for, before each entity is asked for alone to find one that makes it."""
CADENCE_SECONDS = 6 * 3_600.0
"""How often lists are read that have no signal of their changes."""
DAY_SECONDS = 86_400.0
MOST_DAYS = 31
"""So many days of exchange rates at the most are fetched after a pause."""
FRUITLESS_READINGS = 6
"""So many readings of one second in a row that bring nothing new are believed, if the count still says otherwise."""
MOST_POISONED = 10
"""More bad rows in a row are no bad rows, but a bad source."""
CAPTURE = "capture"
"""What is refused where only change data capture is; failures of it say nothing about what is listed."""
CHANGED = "MetaData.LastUpdatedTime"
BOTH = "Active IN (true, false)"
"""Name lists answer only active rows unless asked for both (quickbooks.md 3.3)."""
NAME_LISTS = {
    "Customer": models.CUSTOMER,
    "Vendor": models.VENDOR,
    "Employee": models.EMPLOYEE,
    "Class": models.CLASS,
    "Department": models.DEPARTMENT,
    "CustomerType": models.CUSTOMER_TYPE,
    "Term": models.TERM,
    "PaymentMethod": models.PAYMENT_METHOD,
    "CompanyCurrency": models.CURRENCY,
    "Budget": models.BUDGET,
}
TRANSACTIONS = {
    "Invoice": models.INVOICE,
    "Estimate": models.ESTIMATE,
    "SalesReceipt": models.SALES_RECEIPT,
    "CreditMemo": models.CREDIT_MEMO,
    "RefundReceipt": models.REFUND_RECEIPT,
    "Payment": models.PAYMENT,
    "Bill": models.BILL,
    "BillPayment": models.BILL_PAYMENT,
    "VendorCredit": models.VENDOR_CREDIT,
    "Purchase": models.PURCHASE,
    "PurchaseOrder": models.PURCHASE_ORDER,
    "Deposit": models.DEPOSIT,
    "Transfer": models.TRANSFER,
    "CreditCardPayment": models.CREDIT_CARD_PAYMENT_TXN,
    "JournalEntry": models.JOURNAL_ENTRY,
    "ReimburseCharge": models.REIMBURSE_CHARGE,
    "Attachable": models.ATTACHABLE,
}
TAX_LISTS = {"TaxCode": models.TAX_CODE, "TaxRate": models.TAX_RATE, "TaxAgency": models.TAX_AGENCY}
MERGED = ("Customer", "Vendor")
"""Of two that are merged one is gone, and nothing tells of it (quickbooks.md 10.25)."""
ACTIVE = {*NAME_LISTS, "Account", "Item", "TaxCode", "TaxRate"}
"""Entities that can be inactive."""


def build(run: Run) -> list[Stream]:
    """The streams of one company. A token that rotates is saved with everything that has landed by then, and then
    written into the configuration, where that is wanted."""
    connection = connect(
        run.values, run.state, clock=run.clock, desk=run.desk, secrets=run.secrets, session=run.session
    )
    write_back = WriteBack(
        connection.tokens,
        run.configuration,
        api_key=run.values["fivetran_api_key"],
        clock=run.clock,
        secrets=run.secrets,
        warn=run.warn,
        session=run.session,
    )

    def persist() -> None:
        run.checkpoint()
        write_back()

    connection.tokens.persist = persist
    write_back()
    saved = {name: each.get("position") for name, each in run.state["streams"].items()}
    settings = stream_settings(run.values)
    return streams(
        connection.quickbooks,
        None,
        run.clock,
        {name: position for name, position in saved.items() if position},
        left_out=settings.left_out,
        start_date=settings.start_date,
    )


run = runner(CONFIGURATION, build)


def streams(
    quickbooks: QuickBooks,
    calls: None,
    clock: Clock,
    positions: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    left_out: Collection[str] = (),
    start_date: str | None = None,
) -> list[Stream]:
    """All streams, parents before their children. `positions` are those that the last sync has left."""
    start = first_second(start_date)
    positions = positions or {}
    company = Company(quickbooks, clock, positions.get("preferences", {}), only_for_others="preferences" in left_out)
    captured = [
        Entity("Account", models.ACCOUNT, listed_every=DAY_SECONDS),
        *(Entity(name, table, counted=name in MERGED) for name, table in NAME_LISTS.items()),
        Entity("Item", models.ITEM, belongs=lambda row: not is_bundle(row)),
        Entity("Item", models.BUNDLE, belongs=is_bundle),
        *(Entity(name, table, dated=True) for name, table in TRANSACTIONS.items()),
    ]
    capture = Capture(
        quickbooks,
        clock,
        [
            (entity.name, positions[entity.table.name]["since"])
            for entity in captured
            if entity.table.name not in left_out and captures(positions.get(entity.table.name))
        ],
    )
    time_activity = Entity("TimeActivity", models.TIME_ACTIVITY, dated=True, counted=True)
    return [
        company.preferences(),
        *(
            Changing(
                quickbooks,
                clock,
                company,
                entity,
                None if entity is time_activity else capture,
                positions.get(entity.table.name, {}),
                start if entity.dated else 0,
            ).feed()
            for entity in (*captured, time_activity)
        ),
        *(tax_list(quickbooks, name, table) for name, table in TAX_LISTS.items()),
        Snapshot(
            table=models.COMPANY_INFO,
            every_seconds=CADENCE_SECONDS,
            everything=lambda task: plainly(quickbooks, "CompanyInfo"),
        ),
        Snapshot(
            table=models.RECURRING_TRANSACTION,
            parents=company.parents,
            every_seconds=DAY_SECONDS,
            everything=lambda task: plainly(quickbooks, "RecurringTransaction", company.template),
        ),
        exchange_rates(quickbooks, clock, company),
    ]


# Times.


def moment(text: str) -> datetime:
    """From ISO 8601 with a zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found


def iso(when: datetime) -> str:
    """To the second, which is as precise as change times are."""
    return when.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def first_second(start_date: str | None) -> int:
    """The first second, since 1970, of which anything is to be read: a day early, because it is a day in any zone."""
    return 0 if start_date is None else max(0, int(moment(f"{start_date}T00:00:00Z").timestamp() - DAY_SECONDS))


def second(row: Any) -> int | None:
    """The second of a row's last change, since 1970; `None` where it does not say."""
    try:
        return int(moment(row["MetaData"]["LastUpdatedTime"]).timestamp())
    except (KeyError, TypeError, ValueError, OverflowError, IndexError):
        return None


def at(second: int) -> str:
    return iso(datetime.fromtimestamp(second, timezone.utc))


def identity(row: Any) -> str:
    """Tells rows apart while a listing is read, malformed ones too."""
    return str(row["Id"]) if isinstance(row, Mapping) and row.get("Id") is not None else repr(row)


# The company.


class Company:
    """What has to be known of the company to read everything else. The position remembers it between readings.

    `only_for_others`: the preferences are not wanted themselves, so they are read only where others need them.
    """

    def __init__(
        self, quickbooks: QuickBooks, clock: Clock, position: Mapping[str, Any], *, only_for_others: bool = False
    ) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        self.home: str | None = position.get("home")
        """The currency of the company."""
        self.several: bool = position.get("several", False)
        """Whether it trades in other currencies too."""
        known = self.home is not None and not (only_for_others and due(position, clock, CADENCE_SECONDS))
        self.parents = () if known else ("preferences",)
        """What must be read before anything that has a currency."""

    def preferences(self) -> Feed:
        """The preferences, at a cadence of their own."""

        def read() -> Iterator[Page]:
            try:
                rows = self._quickbooks.query("Preferences", most=MOST_RESULTS)
            except (Refused, Forbidden) as error:
                yield Page(failures=[Failure(error, "Preferences")], position=self._position(refused=True), done=True)
                return
            for row in rows:
                currency = row.get("CurrencyPrefs") if isinstance(row, Mapping) else None
                if isinstance(currency, Mapping):
                    home = currency.get("HomeCurrency")
                    self.home = home.get("value") if isinstance(home, Mapping) else self.home
                    self.several = currency.get("MultiCurrencyEnabled") is True
            yield Page(rows, position=self._position(), whole=True, done=True)

        def changes(task: Task) -> Iterator[Page]:
            unknown = self.home is None and not task.position.get("refused")
            return read() if unknown or due(task.position, self._clock, CADENCE_SECONDS) else iter(())

        return Feed(table=models.PREFERENCES, everything=lambda task: read(), changes=changes)

    def at_home(self, row: Any) -> Any:
        """The row, with the company's currency in case that it names none."""
        if isinstance(row, Mapping) and self.home is not None:
            return {**row, models.HOME_CURRENCY: self.home}
        return row

    def template(self, row: Any) -> Any:
        """A recurring template without its wrapper, which says what kind of transaction it makes (quickbooks.md 8)."""
        if isinstance(row, Mapping) and row.get("Id") is None:
            wrapped = [(kind, inner) for kind, inner in row.items() if isinstance(inner, Mapping)]
            if len(wrapped) == 1:
                [(kind, inner)] = wrapped
                return self.at_home({**inner, models.TEMPLATE_OF: kind})
        return row

    def _position(self, *, refused: bool = False) -> dict[str, Any]:
        return {"home": self.home, "several": self.several, "asked": self._clock.now(), "refused": refused}


def due(position: Mapping[str, Any], clock: Clock, every_seconds: float) -> bool:
    return clock.now() - float(position.get("asked", 0.0)) >= every_seconds


# Changes of many entities in one request.


def captures(position: Mapping[str, Any] | None) -> bool:
    """Whether change data capture is to be asked for an entity that has come so far."""
    return position is not None and "since" in position and not position.get("refused")


def long_ago(since: datetime, clock: Clock, span: timedelta = LOOK_BACK) -> bool:
    """Whether that is longer ago; by default: whether changes since then can no longer be had, so that only a
    comparison of everything tells what is gone."""
    return since < datetime.fromtimestamp(clock.now(), timezone.utc) - span


class Silent(Rejected):
    """Change data capture as a whole does not answer: the next sync asks it again."""

    def __init__(self, why: SourceError) -> None:
        super().__init__(
            f"change data capture does not answer: {why.message}", method=why.method, url=why.url, status=why.status
        )
        self.category = why.category  # type: ignore[misc]  # what kind of trouble it is


class SilentAlone(Silent):
    """It does not answer about this entity, even where that is asked for alone."""


Captured = Changes | Rejected | None
"""What changed, or why that is not told; `None` where only a query can tell: the answer was at its cap, or would have
to go back too far."""


class Capture:
    """What changed, for all entities that have come equally far: one request, made when the first stream asks.

    `positions` are those of the streams that will ask: entity and time (ISO 8601). An answer at its cap may lack
    anything, and one entity may keep all of them from being told: then each is asked for alone. Where change data
    capture as a whole does not answer, nobody asks again in this sync.
    """

    def __init__(self, quickbooks: QuickBooks, clock: Clock, positions: Sequence[tuple[str, str]]) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        since: dict[str, datetime] = {}
        for entity, position in positions:
            since[entity] = min(since.get(entity, moment(position)), moment(position))
        self._together = {
            entity: position for entity, position in since.items() if position >= max(since.values()) - TOGETHER
        }
        self._joint = Once(self._ask_together, clock) if since else None
        self._alone: dict[str, Once[Captured]] = {
            entity: Once(partial(self._ask_alone, entity, position), clock) for entity, position in since.items()
        }

    def of(self, entity: str, since: datetime) -> Captured:
        """What changed since then. Raises what concerns the credential, or the pace."""
        if long_ago(since, self._clock):
            return None
        if self._joint is not None and entity in self._together:
            found = self._joint().get(entity)
            if found is not None:
                return found
        alone = self._alone.get(entity)
        return alone() if alone is not None else self._ask_alone(entity, since)

    def _ask_together(self) -> dict[str, Captured]:
        entities, since = sorted(self._together), min(self._together.values())
        try:
            return self._split(entities, since)
        except (Rejected, Transient) as error:
            silent = _silent(Silent, error)
            if isinstance(error, Unavailable | Forbidden) and not long_ago(since, self._clock, PATIENCE):
                return dict.fromkeys(entities, silent)
            if len(entities) > SAMPLES and all(isinstance(self._alone[each](), Silent) for each in entities[:SAMPLES]):
                return dict.fromkeys(entities, silent)
            return {}

    def _ask_alone(self, entity: str, since: datetime) -> Captured:
        try:
            return self._ask([entity], since)
        except (Rejected, Transient) as error:
            return _silent(SilentAlone, error)

    def _split(self, entities: Sequence[str], since: datetime) -> dict[str, Captured]:
        """Ask for all in one request; where one of them is refused, without it."""
        found = self._ask(entities, since)
        if not isinstance(found, Rejected) or len(entities) == 1:
            return dict.fromkeys(entities, found)
        named = [each for each in entities if re.search(rf"\b{each}\b", found.message)]
        if not 0 < len(named) < len(entities):
            named = list(entities[: len(entities) // 2])
        others = [each for each in entities if each not in named]
        return {**self._split(named, since), **self._split(others, since)}

    def _ask(self, entities: Sequence[str], since: datetime) -> Captured:
        try:
            found = self._quickbooks.changes(entities, iso(since - OVERLAP))
        except Faulted as error:
            return error
        return None if found.capped else found


def _silent(kind: type[Silent], error: Rejected | Transient) -> Silent:
    """Why nothing is told. Raises the error where that concerns everything that is asked."""
    if isinstance(error, Unauthorized | RateLimited):
        raise error
    return kind(error)


# Queries.


def by_place(fetch: Callable[[int], tuple[Batch, int]]) -> Iterator[Batch]:
    """Pages by place: `fetch(start)` answers one, and where the next one starts. Raises `BadPayload` if a page comes
    back: the list would never end."""
    start, before = 1, None
    while True:
        batch, start = fetch(start)
        if batch and batch == before:
            raise BadPayload("the same page came twice: this list would never end")
        yield batch
        if batch.last:
            return
        before = batch


class Listing:
    """Reads an entity by change time, oldest change first: only first pages are asked for, because the bound moves.

    A page that cannot be had is asked for in smaller sizes. A row that even alone cannot be had is stepped over, and
    left in `failures`.
    """

    def __init__(self, quickbooks: QuickBooks, entity: str) -> None:
        self._quickbooks = quickbooks
        self._entity = entity
        self._always = [BOTH] if entity in ACTIVE else []
        self._level = 0
        self.began: str | None = None
        """When the first answer was made."""
        self.failures: list[Failure] = []

    def pages(self, start: int) -> Iterator[tuple[int, Sequence[Any]]]:
        """Rows that changed at or after that second (since 1970), each page with the second that it reaches.

        Raises `Refused` where the company has not got this entity.
        """
        ties = Ties(self._of_second, identity, fruitless=FRUITLESS_READINGS)
        return by_keyset(
            lambda second: self._page([f"{CHANGED} >= '{at(second)}'"])[0],
            start=start,
            size=1,
            change=second,
            identity=identity,
            tied=ties.read,
            after=lambda second: second + 1,
            last=lambda page: isinstance(page, Batch) and page.last,
        )

    def _of_second(self, second: int) -> Iterator[Batch]:
        """What changed in one second, by place, each page with how many there are in all."""
        bounds = [f"{CHANGED} >= '{at(second)}'", f"{CHANGED} < '{at(second + 1)}'"]
        total = self._quickbooks.count(self._entity, [*bounds, *self._always])
        for batch in by_place(lambda start: self._page(bounds, start)):
            batch.total = total
            yield batch

    def _page(self, bounds: Sequence[str], start: int = 1) -> tuple[Batch, int]:
        """A page as large as can be had, and where the next one starts."""
        poisoned = 0
        while True:
            try:
                batch = self._quickbooks.query(
                    self._entity, [*bounds, *self._always], order=CHANGED, start=start, most=SIZES[self._level]
                )
            except Unqueryable:
                # Not every list has the property, whatever its documentation says.
                if self.began is not None or not self._always:
                    raise
                self._always = []
            except (TimedOut, Unavailable, BadPayload, Poisoned) as error:
                if self._level + 1 < len(SIZES):
                    self._level += 1
                    continue
                if not isinstance(error, Poisoned) or poisoned == MOST_POISONED:
                    raise
                poisoned += 1
                self.failures.append(Failure(error, f"{self._entity} {start} where {' and '.join(bounds)}"))
                start += 1
            else:
                self._level = max(0, self._level - 1)
                self.began = self.began or batch.time
                return batch, start + len(batch)


@dataclass(frozen=True)
class Entity:
    """An entity and the table that it is landed in."""

    name: str
    table: Table
    belongs: Callable[[Any], bool] = lambda row: True
    """Which of its rows belong into this table."""
    dated: bool = False
    """`start_date` bounds it. Lists are always whole: what is bounded refers to them."""
    listed_every: float | None = None
    """Seconds after which all of it is read again, because something in it moves without a signal."""
    counted: bool = False
    """Its rows may go without a signal, so they are counted daily."""

    @property
    def has_currency(self) -> bool:
        return any(models.HOME_CURRENCY in column.reads for column in self.table.columns)


def is_bundle(row: Any) -> bool:
    """Items of type Group have a table of their own (quickbooks.md 8)."""
    return isinstance(row, Mapping) and row.get("Type") == "Group"


class Changing:
    """One entity, in step with its changes.

    The position is the time of the answer that it has come to (`since`), and while everything is read when that
    `began`, which second it has `reached`, and what it `missed`. What was `refused` is asked for again by the next
    complete pass: in `capture`, then it is queried at a cadence (`asked`), or in a `query`, then not at all. `silent`
    is since when change data capture does not answer about it: then it is queried at every sync, and everything is
    read daily. `listed` is when everything was read last, `start` where that began, and `counted` when its rows were
    counted last. What is queried stays where it is while a row cannot be had, but not for ever (`tried`). `saved` is
    the position that the last sync has left.
    """

    def __init__(
        self,
        quickbooks: QuickBooks,
        clock: Clock,
        company: Company,
        entity: Entity,
        capture: Capture | None,
        saved: Mapping[str, Any],
        start: int,
    ) -> None:
        self._quickbooks = quickbooks
        self._clock = clock
        self._company = company
        self._entity = entity
        self._capture = capture
        self._saved = saved
        self._counted: dict[str, float] = {}
        # What has landed is compared with all there is, so a listing never begins later than an earlier one did.
        self._start = min(start, saved.get("start", 0)) if "since" in saved else start

    def feed(self) -> Feed:
        return Feed(
            table=self._entity.table,
            parents=self._company.parents if self._entity.has_currency else (),
            changed_at=CHANGED if self._entity.dated else None,
            everything=self._everything,
            changes=self._changes,
            overdue=self._overdue,
        )

    def _everything(self, task: Task) -> Iterator[Page]:
        listing, saved = Listing(self._quickbooks, self._entity.name), task.position or {}
        began: str | None = saved.get("began")
        begins = saved.get("start", 0) if saved else self._start
        start = {"start": begins} if begins else {}
        before: list[str] = saved.get("missed", [])
        try:
            for reached, rows in listing.pages(saved.get("reached", begins)):
                began = began or listing.began
                missed = list(dict.fromkeys([*before, *(each.record_id for each in listing.failures)]))
                position = {"began": began, "reached": reached, **start, **({"missed": missed} if missed else {})}
                yield Page(self._own(rows), position=position)
        except Refused as error:
            yield self._refused(error)
            return
        missing = Unavailable("a row here could not be had, and then the reading broke off")
        failures = [*(Failure(missing, each) for each in before), *listing.failures]
        since = began or listing.began
        assert since is not None
        yield Page(
            position={"since": since, "listed": self._clock.now(), **start, **self._still_silent(since)},
            failures=failures,
            whole=not failures,
            done=True,
        )

    def _changes(self, task: Task) -> Iterator[Page]:
        position = task.position
        if "since" not in position:
            return
        if self._capture is None or not captures(position):
            if self._capture is None or "silent" in position or due(position, self._clock, CADENCE_SECONDS):
                yield from self._queried(position)
            return
        found = self._capture.of(self._entity.name, moment(position["since"]))
        if isinstance(found, Silent) and not isinstance(found, SilentAlone):
            yield Page(failures=[Failure(found, "")], partition=CAPTURE)
            if self._is_behind(position):
                yield from self._queried(position, stays=True)
        elif isinstance(found, Rejected):
            silent = {"silent": self._clock.now()} if isinstance(found, SilentAlone) else {}
            position = {**position, "refused": CAPTURE, **silent}
            # Saved before the query, which may fail too.
            yield Page(failures=[Failure(found, self._entity.name)], partition=CAPTURE, position=position)
            yield from self._queried(position)
        elif found is not None:
            yield Page(
                self._own(found.rows[self._entity.name]),
                deleted=found.deleted[self._entity.name],
                position={**position, **self._counted, "since": found.time},
            )

    def _queried(self, position: Mapping[str, Any], *, stays: bool = False) -> Iterator[Page]:
        """Changes by query. Whoever is to hear of deletions since then too `stays` where it is."""
        listing = Listing(self._quickbooks, self._entity.name)
        start = moment(position["since"]) - OVERLAP
        try:
            for _, rows in listing.pages(max(0, int(start.timestamp()))):
                yield Page(self._own(rows))
        except Refused as error:
            yield self._refused(error)
            return
        tried = position.get("tried", 0) + 1 if listing.failures else 0
        since = position["since"] if stays or 0 < tried < MOST_ATTEMPTS else listing.began
        yield Page(
            failures=listing.failures,
            position={**position, **self._counted, "since": since, "tried": tried, "asked": self._clock.now()},
        )

    def _overdue(self, task: Task) -> bool:
        position, every = task.position, self._entity.listed_every
        if "since" not in position:
            return False
        if every is not None and self._clock.now() - float(position.get("listed", 0.0)) >= every:
            return True
        if self._clock.now() - float(position.get("silent", inf)) >= DAY_SECONDS:
            return True
        if long_ago(moment(position["since"]), self._clock):
            return True
        if self._entity.counted and self._are_fewer(task):
            return True
        if self._capture is None or not captures(position):
            return False
        return self._capture.of(self._entity.name, moment(position["since"])) is None

    def _are_fewer(self, task: Task) -> bool:
        """Whether there are fewer rows than have landed, where they have not been counted for a day."""
        last = max(float(task.position.get(name, 0.0)) for name in ("counted", "listed"))
        if self._clock.now() - last < DAY_SECONDS:
            return False
        self._counted = {"counted": self._clock.now()}
        where = [BOTH] if self._entity.name in ACTIVE else []
        if self._start:
            where.append(f"{CHANGED} >= '{at(self._start)}'")
        try:
            there_are = self._quickbooks.count(self._entity.name, where)
        except Faulted:
            return False
        return there_are is not None and there_are < task.landed

    def _is_behind(self, position: Mapping[str, Any]) -> bool:
        every = timedelta(seconds=CADENCE_SECONDS)
        return long_ago(moment(position["since"]), self._clock, every) and due(position, self._clock, CADENCE_SECONDS)

    def _still_silent(self, since: str) -> dict[str, Any]:
        """What is to be remembered where change data capture did not answer before, and still does not."""
        if self._capture is None or "silent" not in self._saved:
            return {}
        found = self._capture.of(self._entity.name, moment(since))
        return {"refused": CAPTURE, "silent": self._clock.now()} if isinstance(found, Silent) else {}

    def _refused(self, error: Rejected) -> Page:
        return Page(failures=[Failure(error, self._entity.name)], position={"refused": "query"}, done=True)

    def _own(self, rows: Sequence[Any]) -> list[Any]:
        own = [row for row in rows if self._entity.belongs(row)]
        return [self._company.at_home(row) for row in own] if self._entity.has_currency else own


# Lists that have no signal of their changes.


def tax_list(quickbooks: QuickBooks, entity: str, table: Table) -> Snapshot:
    """A list that change data capture does not know."""

    def everything(task: Task) -> Iterator[Page]:
        listing = Listing(quickbooks, entity)
        try:
            for _, rows in listing.pages(0):
                yield Page(rows)
        except (Refused, Forbidden) as error:
            yield Page(failures=[Failure(error, entity)])
            return
        yield Page(failures=listing.failures, whole=not listing.failures)

    return Snapshot(table=table, every_seconds=CADENCE_SECONDS, everything=everything)


def plainly(quickbooks: QuickBooks, entity: str, prepare: Callable[[Any], Any] = lambda row: row) -> Iterator[Page]:
    """A short list by place, without any property that might not be there to filter or sort by."""

    def page(start: int) -> tuple[Batch, int]:
        batch = quickbooks.query(entity, start=start, most=MOST_RESULTS)
        return batch, start + len(batch)

    listing = UntilCalm(lambda: (Part([prepare(row) for row in batch], None) for batch in by_place(page)), identity)
    try:
        for part in listing:
            yield Page(part.records)
    except (Refused, Forbidden) as error:
        yield Page(failures=[Failure(error, entity)])
        return
    yield Page(whole=listing.calm)


def exchange_rates(quickbooks: QuickBooks, clock: Clock, company: Company) -> Feed:
    """The rates of each day from the first sync on, and once more when the day is over. Those of the past stay.

    The position is the last day that was read, and the one on which it was `asked`: what is refused is asked for again
    a day later. Rates can only be asked for by currency and day (quickbooks.md 8).
    """

    def today() -> date:
        return datetime.fromtimestamp(clock.now(), timezone.utc).date()

    begin: date | None = None

    def read(first: date) -> Iterator[Page]:
        nonlocal begin
        begin, last = first, today()
        try:
            codes = others() if company.several else []
            for number in range((last - first).days + 1 if codes else 0):
                begin = first + timedelta(days=number)
                yield Page(
                    quickbooks.query(
                        "ExchangeRate",
                        [f"SourceCurrencyCode IN ({', '.join(codes)})", f"AsOfDate = '{begin}'"],
                        most=MOST_RESULTS,
                    )
                )
            begin = last
        except (Refused, Forbidden) as error:
            yield Page(failures=[Failure(error, "ExchangeRate")])
        yield Page(position={"day": begin.isoformat(), "asked": last.isoformat()}, done=True)

    def others() -> list[str]:
        """The currencies other than the company's own, as a query wants them."""
        rows = quickbooks.query("CompanyCurrency", [BOTH], most=MOST_RESULTS)
        codes = {str(row.get("Code")) for row in rows if isinstance(row, Mapping)} - {company.home}
        return [f"'{code}'" for code in sorted(codes) if re.fullmatch("[A-Z]{3}", code)]

    def changes(task: Task) -> Iterator[Page]:
        nonlocal begin
        day, now = task.position["day"], today()
        begin = max(date.fromisoformat(day), now - timedelta(days=MOST_DAYS))
        return read(begin) if date.fromisoformat(task.position.get("asked", day)) < now else iter(())

    return Feed(
        table=models.EXCHANGE_RATE,
        parents=company.parents,
        everything=lambda task: read(begin or today()),
        changes=changes,
    )
