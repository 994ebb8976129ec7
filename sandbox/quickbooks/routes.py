"""What each address below a company answers. quickbooks.md 1, 3 and 4."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sandbox import routes
from sandbox.quickbooks import times
from sandbox.quickbooks.answers import answered, fault, refusal
from sandbox.quickbooks.capture import capture
from sandbox.quickbooks.entities import BY_LOWER_NAME, FRENCH_ONLY, Entity
from sandbox.quickbooks.grammar import Statement, Unparsable, parse
from sandbox.quickbooks.payloads import Payload, Payloads
from sandbox.quickbooks.query import Invalid, Query, entity_of
from sandbox.quickbooks.store import Record
from sandbox.web import Answer, Refusal

SLOWEST_SECONDS = 120.0
BATCH_ITEMS = 30
CDC_DAYS = 30
"""So far CDC looks back."""
MEANINGS = {
    "500": ("Unsupported Operation", "Operation is not supported for this entity."),
    "5020": ("Permission Denied Error", "Permission denied."),
    "5030": ("Feature Not Supported Error", "The feature is not supported or not enabled for this company."),
    "4001": ("Invalid query", "QueryValidationError: the entity cannot be queried."),
}


@dataclass
class Call(routes.Call):
    """`asked` is its address as people read it."""

    now: float
    asked: str

    @cached_property
    def payloads(self) -> Payloads:
        return Payloads(self.vendor.books.ledger, self.options.new_field)

    def refuse(self, code: str, message: str, detail: str = "", status: int = 400) -> Refusal:
        return Refusal(refusal(code, message, self.now, detail, status))

    def answered(self, payload: Payload) -> Answer:
        return answered(payload, self.now, "application/json" in self.request.header("Accept"))

    def shown(self, records: list[Record]) -> list[Any]:
        """Their payloads. Raises the refusal of a page that one bad record spoils, or that takes too long."""
        bad = self.options.poisoned
        if bad and any(record.id in bad.get(record.entity, ()) for record in records):
            message = "An application error has occurred while processing your request"
            raise Refusal(refusal("10000", message, self.now, "inactive reference", 500, "SystemFault"))
        if sum(len(record.fields.get("Line", ())) for record in records) > self.options.slow_lines:
            self.vendor.slow(self.request, SLOWEST_SECONDS)
            raise Refusal(Answer(504, b"<html><h1>504 Gateway Time-out</h1></html>", {"Content-Type": "text/html"}))
        return [self.faults.record(record.entity, record.number, self.payloads.of(record)) for record in records]

    def enabled(self, entity: Entity) -> None:
        """Refuse an entity that this company does not have."""
        code = self.options.refused.get(entity.name)
        if code is not None:
            message, detail = MEANINGS.get(code, ("Error", "The request was refused."))
            raise self.refuse(code, message, f"{detail} : {entity.name}")


def answer(call: Call, path: str) -> Answer:
    """`path` is below the company, without slashes around it."""
    parts, method = path.split("/"), call.request.method
    if path == "query" and method in ("GET", "POST"):
        return query(call)
    if path == "cdc" and method == "GET":
        return changes(call)
    if path == "batch" and method == "POST":
        return batch(call)
    if method == "GET" and parts[0] in BY_LOWER_NAME and len(parts) <= 2:
        return single(call, BY_LOWER_NAME[parts[0]], parts[1] if len(parts) == 2 else None)
    if method == "POST" and parts[0] in BY_LOWER_NAME:
        raise call.refuse("5020", "Permission Denied Error", "the sandbox is not written to", 403)
    raise call.refuse("500", "Unsupported Operation", f"Operation {parts[0]} is not supported.")


def statement_of(call: Call) -> str:
    if call.request.method == "POST":
        kind = call.request.environ.get("CONTENT_TYPE", "")
        if not kind.startswith(("application/text", "text/plain")):
            raise call.refuse("2010", "Request has invalid or unsupported property", f"content type {kind!r}")
        return call.request.body.decode("utf-8", "replace")
    if "query" not in call.request.query:
        raise call.refuse("2020", "Required param missing, need to supply the required value for the API", "query")
    return call.request.query["query"]


def query(call: Call) -> Answer:
    return call.answered({"QueryResponse": queried(call, statement_of(call))})


def queried(call: Call, text: str) -> Payload:
    """What stands in `QueryResponse`."""
    try:
        statement = parse(text)
        if not (statement.counts or statement.everything):
            raise Unparsable("Encountered a list of properties where * belongs")
        if statement.entity.lower() == FRENCH_ONLY.lower():
            raise call.refuse("5030", *MEANINGS["5030"])
        call.enabled(entity_of(statement.entity))
        nonce = call.number if call.options.unstable_ties else None
        asked = Query(call.store, statement, nonce)
        filters = {one.property.lower() for one in statement.conditions}
        if asked.entity.name in call.options.unfiltered and "active" in filters:
            raise Invalid(f"Property Active not found for Entity {asked.entity.name}, or it is not queryable")
    except Unparsable as error:
        raise call.refuse("4000", "Error parsing query", f"QueryParserError: {error}") from None
    except Invalid as error:
        raise call.refuse("4001", "Invalid query", f"QueryValidationError: {error}") from None
    found = asked.found()
    if statement.counts:
        return {"totalCount": len(found)}
    first, last = _cut(call, statement, asked.limit)
    rows = call.shown(found[first:last])
    if not rows:
        return {}
    body: Payload = {asked.entity.key: rows, "startPosition": statement.start, "maxResults": len(rows)}
    return {**body, "totalCount": len(rows)} if call.number % 2 else body


def _cut(call: Call, statement: Statement, limit: int) -> tuple[int, int]:
    """The page, moved by a fault if there is one."""
    first = statement.start - 1
    fault = call.faults.page(call.asked) if first else None
    if fault == "duplicate":
        first = max(0, first - limit)
    elif fault in ("early", "late"):
        first += -1 if fault == "early" else 1
    return first, first + limit + call.options.over_delivery


def changes(call: Call) -> Answer:
    """Change data capture."""
    names = [name for name in call.request.query.get("entities", "").split(",") if name.strip()]
    if not names:
        raise call.refuse("2020", "Required param missing, need to supply the required value for the API", "entities")
    entities = []
    for name in names:
        try:
            entity = entity_of(name.strip())
        except Invalid as error:
            raise call.refuse("4001", "Invalid entity", str(error)) from None
        if not entity.captured or entity.name in call.options.cdc_refused:
            raise call.refuse("500", "Unsupported Operation", f"Operation cdc is not supported for {entity.name}")
        call.enabled(entity)
        entities.append(entity)
    try:
        since = times.parse(call.request.query.get("changedSince", ""))
    except ValueError:
        raise call.refuse("2030", "Invalid ID", "changedSince is not a date and time") from None
    if since < call.now - CDC_DAYS * times.DAY:
        detail = f"changedSince is more than {CDC_DAYS} days ago"
        raise call.refuse("2030", "Invalid changedSince", detail)
    lists = []
    for entity, records in capture(call.store, entities, since, call.options):
        rows = _captured(call, entity, records)
        count = {"startPosition": 1, "maxResults": len(rows), "totalCount": len(rows)}
        lists.append({entity.key: rows, **count} if rows else {})
    return call.answered({"CDCResponse": [{"QueryResponse": lists}]})


def _captured(call: Call, entity: Entity, records: list[Record]) -> list[Any]:
    """The payloads, with what is odd about those of this entity."""
    shown = call.shown(records)
    if entity.name in call.options.cdc_sparse:
        few = ("Id", "SyncToken", "domain", "status", "MetaData", "DocNumber", "DisplayName")
        shown = [{"sparse": True, **{key: each[key] for key in few if key in each}} for each in shown]
    odd = call.options.cdc_contradicts.get(entity.name, ())
    return [{**each, "status": "Deleted"} if each.get("Id") in odd else each for each in shown]


def single(call: Call, entity: Entity, id: str | None) -> Answer:
    call.enabled(entity)
    if entity.name in ("CompanyInfo", "Preferences"):
        record = call.store.shown((entity.name, "1"))
        if entity.name == "CompanyInfo" and id not in (call.vendor.intuit.realm_id, "1"):
            record = None
    elif entity.name == "ExchangeRate" and id is None:
        record = _rate(call)
    else:
        record = call.store.shown((entity.name, id or ""))
    if record is None:
        raise call.refuse("610", "Object Not Found", f"Object Not Found : {entity.name} {id or ''}")
    return call.answered({entity.key: call.shown([record])[0]})


def _rate(call: Call) -> Record | None:
    """The newest rate of a currency, or that of a date."""
    currency, day = call.request.query.get("sourcecurrencycode"), call.request.query.get("asofdate")
    found = [one for one in call.store.all("ExchangeRate") if one.fields["SourceCurrencyCode"] == currency]
    found = [one for one in found if day is None or one.fields["AsOfDate"] <= day]
    return max(found, key=lambda one: one.fields["AsOfDate"], default=None)


def batch(call: Call) -> Answer:
    """Several queries in one request; a fault stands in its item."""
    try:
        items = json.loads(call.request.body)["BatchItemRequest"]
        wanted = [(item["bId"], item.get("Query")) for item in items]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise call.refuse("2010", "Request has invalid or unsupported property", "BatchItemRequest") from None
    if len(wanted) > BATCH_ITEMS:
        raise call.refuse("1040", "Batch size exceeded", f"At most {BATCH_ITEMS} items are allowed")
    answers = []
    for identity, text in wanted:
        try:
            if text is None:
                raise call.refuse("500", "Unsupported Operation", "the sandbox only queries")
            answers.append({"bId": identity, "QueryResponse": queried(call, text)})
        except Refusal as refused:
            answers.append({"bId": identity, **_fault_of(refused)})
    return call.answered({"BatchItemResponse": answers})


def _fault_of(refused: Refusal) -> Payload:
    try:
        return {"Fault": json.loads(refused.answer.body)["Fault"]}
    except ValueError:
        return {"Fault": fault("10000", "The item took too long", kind="SystemFault")}
