"""Searches: what a body may ask for, which records match, in which order, and one page of them. copper.md 5."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

from sandbox.copper.kinds import ONLY_LISTED, Kind
from sandbox.copper.payloads import Payloads
from sandbox.copper.store import Row, Store
from sandbox.faults import Faults
from sandbox.order import Key, scramble
from sandbox.store import Record
from sandbox.web import Answer, Refusal, Request, json_answer

PAGE_SIZE = 20
LARGEST_PAGE = 200
LATEST = 2_147_483_648
JITTER = 6
Body = dict[str, Any]
Matches = Callable[[Record], bool]


def refuse(message: str, status: int = 422) -> Refusal:
    return Refusal(json_answer({"success": False, "status": status, "message": message}, status))


def invalid(message: str) -> Refusal:
    return refuse(f"Invalid input: Validation errors: {message}")


def unrecognized(body: Body, known: Iterable[str]) -> None:
    """Refuse attributes that the resource does not have."""
    unknown = sorted(body.keys() - set(known))
    if unknown:
        raise invalid(f"Base: Unrecognized attributes specified: {', '.join(unknown)}")


def page_of(request: Request, body: Body) -> tuple[int, int]:
    """Page number and size; the query is read where the body has none."""
    found = []
    for name, default, largest in (("page_number", 1, LATEST), ("page_size", PAGE_SIZE, LARGEST_PAGE)):
        value = body.get(name)
        if value is None:
            text = request.query.get(name, str(default))
            value = int(text) if text.isdigit() else text
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= largest:
            raise invalid(f"{name}: must be a number from 1 to {largest}")
        found.append(value)
    return found[0], found[1]


class Search:
    """One search request. `number` tells requests apart: what is not ordered comes out differently each time."""

    def __init__(self, store: Store, faults: Faults, request: Request, body: Body, number: int) -> None:
        self.store = store
        self.options = store.options
        self.faults = faults
        self.request = request
        self.body = body
        self.random = Random(number)

    def records(self, kind: Kind) -> Answer:
        """One of the searches for records, or for activities."""
        self._validate(kind)
        matches = self._matches(kind)
        descending = self.body.get("sort_direction", "asc") == "desc"
        sort = self.body.get("sort_by")
        if kind.name == "activity":
            sort, descending = "activity_date", True
        lowest, highest = self._bounds(kind)
        keys = self.store.order(kind.name)
        low, high = bisect_left(keys, (lowest,)), bisect_left(keys, (highest + 1,))
        if matches is None and "ids" not in self.body and sort in ("date_modified", "activity_date"):
            if self.options.unstable_ties:
                keys = sorted(keys[low:high], key=lambda key: (key[0], self.random.random()))
                low, high = 0, len(keys)
            places = range(low, max(low, high))
            return self._page(kind, keys, places[::-1] if descending else places)
        ids = dict.fromkeys(self.body["ids"]) if "ids" in self.body else [id for _, _, id in keys[low:high]]
        records = [one for id in ids if (one := self.store.shown((kind.name, id))) is not None]
        records = [one for one in records if lowest <= one.updated <= highest and (matches is None or matches(one))]
        records = self._sorted(records, kind, sort, descending)
        return self._page(kind, [(0, 0, one.id) for one in records], range(len(records)))

    def listed(self, rows: Sequence[Row]) -> Answer:
        """A page of something that has no order but its own."""
        first, size = self._cut(len(rows))
        return self._answer(list(rows[first : first + size]), len(rows))

    def below(self, records: Sequence[Record]) -> Answer:
        """A page of the activities of one record."""
        first, size = self._cut(len(records))
        payloads = Payloads(self.store)
        return self._answer([self._row(payloads, one) for one in records[first : first + size]], len(records))

    def _validate(self, kind: Kind) -> None:
        unrecognized(self.body, kind.attributes)
        sort, direction = self.body.get("sort_by"), self.body.get("sort_direction", "asc")
        if sort is not None and sort not in kind.sorts:
            raise invalid(f"Sort by: {sort} is not a valid value")
        if direction not in ("asc", "desc"):
            raise invalid("Sort direction: must be asc or desc")
        for name, value in self.body.items():
            if name in ONLY_LISTED:
                raise refuse(f"the sandbox does not play {name}", 400)
            if value is None:
                raise invalid(f"{name}: must not be null")
            if name.endswith(("_date", "age")) and not _number(value):
                raise invalid(f"{name}: must be a Unix timestamp in seconds")
            if (name == "ids" or name.endswith("_ids")) and not (
                isinstance(value, list) and all(_number(one, -2) for one in value)
            ):
                raise invalid(f"{name}: must be a list of ids")

    def _bounds(self, kind: Kind) -> tuple[int, int]:
        date = "activity_date" if kind.name == "activity" else "modified_date"
        lowest, highest = self.body.get(f"minimum_{date}", 0), self.body.get(f"maximum_{date}", LATEST)
        if self.options.exclusive_bounds:
            lowest += f"minimum_{date}" in self.body
        if self.options.exclusive_bounds or self.options.half_open_bounds:
            highest -= f"maximum_{date}" in self.body
        return lowest, highest

    def _matches(self, kind: Kind) -> Matches | None:
        """The filters of the body beside page, order, ids and the change time; None where everything matches."""
        tests: list[Matches] = []
        for name, value in self.body.items():
            if name not in NO_FILTERS:
                tests.append(_test(name, value, self.store))
        if kind.name == "lead" and self.body.get("include_converted_leads") is not True:
            tests.append(lambda record: "converted_at" not in record.fields)
        if kind.name == "activity" and not self.options.deleted_activities_listed:
            tests.append(lambda record: "is_deleted" not in record.fields)
        if self.options.hidden_share and not self.options.hidden_after_paging:
            tests.append(lambda record: not self.store.hidden(record))
        return (lambda record: all(test(record) for test in tests)) if tests else None

    def _sorted(self, records: list[Record], kind: Kind, sort: str | None, descending: bool) -> list[Record]:
        key = _sort_key(sort or kind.default_sort, self.store)
        records.sort(key=lambda one: (key(one), scramble(one.id)), reverse=descending)
        if self.options.unstable_ties and sort is not None:
            ranks = [(key(one), self.random.random()) for one in records]
            order = sorted(range(len(records)), key=ranks.__getitem__, reverse=descending)
            return [records[place] for place in order]
        if sort is None and "ids" not in self.body and kind.sorts:
            places = [place + JITTER * self.random.random() for place in range(len(records))]
            return [records[place] for place in sorted(range(len(records)), key=places.__getitem__)]
        return records

    def _cut(self, total: int) -> tuple[int, int]:
        """First row and size of the page asked for, within what paging reaches."""
        number, size = page_of(self.request, self.body)
        first, cap = (number - 1) * size, self.options.record_cap
        fault = self.faults.page(f"{self.request.path}?{self.request.environ['sandbox.asked']}")
        if number > 1 and fault == "duplicate":
            first -= size
        elif number > 1 and fault in ("early", "late"):
            first += -1 if fault == "early" else 1
        if first >= cap:
            if self.options.cap_refuses and total > cap:
                raise refuse(f"Invalid input: only the first {cap} records of a search can be paged")
            return first, 0
        return first, min(size, cap - first)

    def _page(self, kind: Kind, keys: Sequence[Key], places: Sequence[int]) -> Answer:
        """A page of the records that these keys, at these places, are of."""
        first, size = self._cut(len(places))
        shown = [self.store.shown((kind.name, keys[place][2])) for place in places[first : first + size]]
        records = [one for one in shown if one is not None]
        if self.options.hidden_share and self.options.hidden_after_paging:
            records = [one for one in records if not self.store.hidden(one)]
        if self.options.index_has_order_only:
            current = self.store.kinds[kind.name]
            records = [current.get(one.id, one) for one in records]
        payloads = Payloads(self.store, self.request.query.get("custom_field_computed_values") == "true")
        rows = [self._row(payloads, one) for one in records]
        if kind.name == "activity" and self.body.get("full_result") is True and not self.options.hidden_share:
            # An e-mail that several users received comes once for each. copper.md 5.4.
            rows = [row for row in rows for _ in range(2 if "details" in row and row["id"] % 5 == 0 else 1)]
        return self._answer(rows, len(places))

    def _row(self, payloads: Payloads, record: Record) -> Any:
        return self.faults.record(record.kind, record.id, payloads.record(record))

    def _answer(self, rows: list[Any], total: int) -> Answer:
        answer = json_answer(rows)
        if self.options.total_header:
            answer.headers["X-PW-TOTAL"] = str(total + self.options.total_surplus)
        return answer


def _number(value: Any, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= LATEST * 4


NO_FILTERS = frozenset(
    "page_number page_size sort_by sort_direction ids minimum_modified_date maximum_modified_date "
    "minimum_activity_date maximum_activity_date include_converted_leads full_result".split()
)
ID_FIELDS = (
    "assignee_ids contact_type_ids company_ids primary_contact_ids customer_source_ids pipeline_ids pipeline_stage_ids "
    "loss_reason_ids user_ids"
).split()
TEXT_FIELDS = frozenset("name title prefix first_name middle_name last_name suffix".split())
CHOICES = {"statuses": "status", "priorities": "priority"}
STATUS_NUMBERS = ("Open", "Won", "Lost", "Abandoned")
RANGES = {
    "interaction_date": "date_last_contacted",
    "due_date": "due_date",
    "monetary_value": "monetary_value",
    "win_probability": "win_probability",
}


def _test(name: str, value: Any, store: Store) -> Matches:
    """The filter that one attribute of the body asks for."""
    if name in ID_FIELDS:
        # -2 asks for those that have none.
        return lambda one: (-2 if (id := one.fields.get(name.removesuffix("s"))) is None else id) in value
    if name == "status_ids":
        return lambda one: (
            one.fields.get("status_id") in value
            if one.kind == "lead"
            else STATUS_NUMBERS.index(one.fields["status"]) in value
        )
    if name in CHOICES:
        return lambda one: one.fields.get(CHOICES[name]) in value
    if name in TEXT_FIELDS:
        return lambda one: str(value).lower() in (one.fields.get(name) or "").lower()
    if name in ("city", "state", "postal_code", "country"):
        return lambda one: (one.fields.get("address") or {}).get(name) == value
    if name == "tags" and isinstance(value, list):
        return lambda one: any(tag in one.fields.get("tags", ()) for tag in value)
    if name == "emails":
        return lambda one: any(email in value for email in _emails(one))
    if name == "email_domains":
        return lambda one: one.fields.get("email_domain") in value
    if name in ("phone_number", "phone_numbers"):
        return lambda one: any(entry["number"] in value for entry in one.fields.get("phone_numbers", ()))
    if name in ("opportunity_ids", "project_ids"):
        kind = name.removesuffix("_ids")
        return lambda one: any(found == kind and id in value for found, id in store.related(one))
    if name == "parent":
        return lambda one: one.fields.get("parent") == value
    if name == "activity_types":
        wanted = [(each["category"], each["id"]) for each in value]
        return lambda one: "type" in one.fields and (one.fields["type"]["category"], one.fields["type"]["id"]) in wanted
    if name == "age":
        return lambda one: one.updated >= store.now - value
    side, _, field = name.partition("_")
    if field == "created_date":
        return lambda one: one.created >= value if side == "minimum" else one.created <= value
    if side in ("minimum", "maximum") and field in RANGES:
        return lambda one: _within(one.fields.get(RANGES[field]), value, side)
    raise refuse(f"the sandbox does not play {name}", 400)


def _within(found: Any, bound: Any, side: str) -> bool:
    return found is not None and (found >= bound if side == "minimum" else found <= bound)


def _emails(record: Record) -> list[str]:
    if record.kind == "lead":
        email = record.fields.get("email")
        return [email["email"]] if email else []
    return [entry["email"] for entry in record.fields.get("emails", ())]


SORT_FIELDS = dict(
    pair.split("=")
    for pair in (
        "zip=postal_code value=monetary_value assignee=assignee_id assigned_to=assignee_id contact=primary_contact_id "
        "stage=pipeline_stage_id source=customer_source_id last_interaction=date_last_contacted "
        "contact_group=contact_type_id"
    ).split()
)
"""Where the value of a sort is found."""


def _sort_key(sort: str, store: Store) -> Callable[[Record], Any]:
    """What records are compared by; the missing come first, numbers before text."""
    if sort in ("date_modified", "date_created"):
        return lambda one: one.updated if sort == "date_modified" else one.created
    if sort == "activity_date":
        return lambda one: one.updated
    field = SORT_FIELDS.get(sort, sort)
    if sort == "email":
        return lambda one: next(iter(_emails(one)), "")
    if sort == "phone":
        return lambda one: next((entry["number"] for entry in one.fields.get("phone_numbers", ())), "")
    if sort in ("city", "state", "country", "zip"):
        return lambda one: (one.fields.get("address") or {}).get(field) or ""

    def key(record: Record) -> tuple[Any, ...]:
        value = record.fields.get(field)
        return (1, value, "") if isinstance(value, int | float) else (2 if value else 0, 0, str(value or ""))

    return key
