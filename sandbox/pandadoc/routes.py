"""What each address answers. pandadoc.md 8."""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.listings import Listing, ignored, under
from sandbox.pandadoc import extras, listing, payloads
from sandbox.pandadoc.answers import busy, forbidden, invalid, missing, refusal
from sandbox.pandadoc.calls import LARGEST_COUNT, PAGING, Call, get, results
from sandbox.pandadoc.contents import Part
from sandbox.pandadoc.payloads import Payloads
from sandbox.routes import Route
from sandbox.store import TRASHED, Record
from sandbox.web import Answer, json_answer

BLUEPRINTS = {"templates": "template", "content-library-items": "content_library_item"}
FOLDERS = {"documents": "document_folder", "templates": "template_folder"}
LARGEST_USERS_COUNT = 50
LARGEST_LOG_COUNT = 1000
DEEPEST_LOG_ROW = 10_000
"""`count` x `page` of the logs reaches no further. pandadoc.md 5."""
HOUR = 3_600_000_000
CLASSES = ("100", "200", "300", "400", "500")
Order = Callable[[Record], Any]
FORM_ORDERS: dict[str, Order] = {
    "name": lambda one: one.fields["name"],
    "responses": lambda one: one.fields["responses"],
    "status": lambda one: one.fields["status"],
    "created_date": lambda one: one.created,
    "modified_date": lambda one: one.updated,
}
CATALOG_ORDERS: dict[str, Order] = {
    "sku": lambda one: one.fields["variants"][0]["sku"] or "",
    "title": lambda one: one.fields["title"],
    "price": lambda one: one.fields["price"]["price"] or 0,
    "date_modified": lambda one: one.fields["modified"] or 0,
}
LINK = ("provider", "entity_type", "entity_id")


def shown(call: Any, record: Record) -> Any:
    return call.payloads.row(record)


def has_address(contact: Record, value: str) -> bool:
    return bool(contact.fields["email"] == value)


get("/v1/contacts", "email")(
    Listing("contact", shown, filters={"email": has_address}, write=under("results"), unknown=ignored)
)
get("/v1/members")(Listing("member", shown, write=under("results"), unknown=ignored))
get("/v1/webhook-subscriptions")(Listing("webhook_subscription", shown, write=under("items"), unknown=ignored))


@get("/v1/documents", listing.PARAMETERS)
def documents(call: Call) -> Answer:
    return results(map(call.row, listing.documents(call)))


@get("/v1/(documents|templates)/folders", f"{PAGING} parent_uuid")
def folders(call: Call, of: str) -> Answer:
    """One level of the tree; the root is never listed."""
    parent = call.parameters.text("parent_uuid")
    above = None if parent is None else call.one(FOLDERS[of], parent)
    return results(map(call.row, call.page(call.store.folders_in(FOLDERS[of], above))))


@get("/v1/documents/linked-objects", "provider entity_type entity_id order_by owner_ids")
def documents_by_linked_object(call: Call) -> Answer:
    wanted = [call.parameters.text(name) for name in LINK]
    if None in wanted:
        raise invalid(call.path, "entity_id", "This field is required.")
    found = []
    for one in call.store.living("document"):
        if any([link[name] for name in LINK] == wanted for link in call.store.contents(one).links):
            row, template = call.payloads.row(one), one.fields["template"]
            id = template["id"] if template else None
            found.append({"template_id": id, **{name: row[name] for name in ("id", "status", "date_created")}})
    return json_answer(found)


@get("/v1/documents/{}")
def document_status(call: Call, id: str) -> Answer:
    return json_answer({**call.payloads.row(document(call, id)), "uuid": id})


@get("/v1/documents/{}/details")
def document_details(call: Call, id: str) -> Answer:
    found = made(call, id)
    if not call.store.has_details(found):
        raise missing(call.path)
    return json_answer(call.served(found, call.payloads.document_details(found)))


@get("/v1/documents/{}/attachments/{}")
def attachment(call: Call, id: str, uuid: str) -> Answer:
    return json_answer(payloads.parts("attachment", [part(call, extras.attachments(made(call, id)), uuid)])[0])


@get("/v1/documents/{}/sections/{}")
def section(call: Call, id: str, uuid: str) -> Answer:
    return json_answer({**part(call, extras.sections(made(call, id)), uuid), "document_uuid": id})


@get("/v2/documents/{}/audit-trail", "limit offset")
def audit_trail(call: Call, id: str) -> Answer:
    """In no order to rely on."""
    found = made(call, id, refused=False)
    if not call.options.workspace_admin:
        raise forbidden(call.path, "Only workspace administrators read audit trails.")
    entries = sorted(extras.audit_trail(found, call.options.sandbox_key), key=lambda entry: entry["id"])
    return by_offset(call, payloads.parts("audit", entries), 20)


@get("/v1/documents/{}/auto-reminders")
def auto_reminders(call: Call, id: str) -> Answer:
    return json_answer(payloads.parts("reminders", [reminders(call, id)])[0])


@get("/v1/documents/{}/auto-reminders/status")
def auto_reminders_status(call: Call, id: str) -> Answer:
    found = reminders(call, id)["recipients"]
    if found is None:
        raise refusal(call.path, 400, "Auto reminders are off, or the document was not sent.")
    return json_answer({call.options.reminders_key: found})


def esign_disclosure(document: Record) -> Part:
    text = "<p>By signing you agree.</p>" if document.fields["number"] % 2 else None
    return {"result": {"is_enabled": bool(text), "company_name": None, "esign_disclosure_text": text}}


@get("/v1/(templates)", f"{PAGING} q shared deleted id folder_uuid tag fields")
@get("/v1/(content-library-items)", f"{PAGING} q id deleted folder_uuid tag")
def blueprints(call: Call, path: str) -> Answer:
    parameters = call.parameters
    deleted = parameters.boolean("deleted")
    q, id, folder = (parameters.text(name) for name in ("q", "id", "folder_uuid"))
    tags = parameters.many("tag")
    with_date = "content_date_modified" in parameters.many("fields", ("content_date_modified",), comma=True)
    rows = [
        one
        for one in call.store.kinds[BLUEPRINTS[path]].values()
        if (one.status == TRASHED) == deleted
        and (q is None or q in one.fields["name"])
        and id in (None, one.id)
        and folder in (None, one.fields["folder"])
        and all(tag in one.fields["tags"] for tag in tags)
    ]
    rows.sort(key=lambda one: (-one.updated, one.id))
    return results(call.served(one, call.payloads.blueprint_row(one, with_date)) for one in call.page(rows))


@get("/v1/forms", f"{PAGING} status order_by asc name")
def forms(call: Call) -> Answer:
    parameters = call.parameters
    statuses = parameters.many("status", ("draft", "active", "disabled"))
    order = FORM_ORDERS[parameters.choice("order_by", FORM_ORDERS, "name")]
    name = parameters.text("name") or ""
    rows = [one for one in call.store.living("form") if name in one.fields["name"]]
    rows = [one for one in rows if not statuses or one.fields["status"] in statuses]
    rows.sort(key=lambda one: (order(one), one.id), reverse=not parameters.boolean("asc", True))
    page = call.page(rows)
    return results(map(call.row, page), has_next_page=bool(page) and page[-1] is not rows[-1])


@get("/v1/members/{}")
def member(call: Call, id: str) -> Answer:
    return json_answer(call.payloads.row(call.one("member", call.store.key_owner if id == "current" else id)))


@get("/v1/users", f"{PAGING} show_removed")
def users(call: Call) -> Answer:
    """Page 0 is page 1."""
    organization_admin(call)
    parameters = call.parameters
    removed = parameters.boolean("show_removed", True)
    rows = [one for one in call.store.living("user") if removed or not one.fields["removed"]]
    count = parameters.integer("count", LARGEST_USERS_COUNT, 0, LARGEST_USERS_COUNT)
    page = call.cut(rows, (max(1, parameters.integer("page", 1)) - 1) * count, count)
    return results(map(call.row, page), total=len(rows))


@get("/v1/users/{}")
def user(call: Call, id: str) -> Answer:
    organization_admin(call)
    return json_answer(call.payloads.row(call.one("user", id)))


@get("/v1/workspaces", PAGING)
def workspaces(call: Call) -> Answer:
    organization_admin(call)
    rows = call.store.living("workspace")
    return results(map(call.row, call.page(rows)), total=len(rows))


@get(
    "/v2/product-catalog/items/search",
    "page per_page query order_by types billing_types exclude_uuids category_id no_category",
)
def catalog(call: Call) -> Answer:
    """Regular items only, unless bundles are asked for too."""
    parameters = call.parameters
    types = parameters.many("types", ("regular", "bundle")) or ["regular"]
    billing = parameters.many("billing_types", ("one_time", "recurring"))
    left_out = parameters.many("exclude_uuids")
    category, uncategorized = parameters.text("category_id"), parameters.boolean("no_category")
    query = (parameters.text("query") or "").lower()
    rows = [
        one
        for one in call.store.living("catalog_item")
        if one.fields["type"] in types
        and one.id not in left_out
        and (not billing or one.fields["price"]["billing_type"] in billing)
        and query in one.fields["title"].lower()
        and category in (None, one.fields.get("category_id"))
        and not (uncategorized and "category_id" in one.fields)
    ]
    order = parameters.choice("order_by", [*CATALOG_ORDERS, *(f"-{name}" for name in CATALOG_ORDERS)], "title")
    rows.sort(key=lambda one: (CATALOG_ORDERS[order.lstrip("-")](one), one.id), reverse=order[0] == "-")
    size = parameters.integer("per_page", 20, 1, LARGEST_COUNT)
    first = (parameters.integer("page", 1, 1) - 1) * size
    items = [call.row(one) for one in call.cut(rows, first, size)]
    return json_answer({"items": items, "has_more_items": first + size < len(rows), "total": len(rows)})


@get("/v(?:1|2)/logs", f"{PAGING} since to statuses methods search environment_type")
def logs(call: Call) -> Answer:
    """Newest first, our own calls among them."""
    parameters, now = call.parameters, call.store.now
    since, to = parameters.moment("since", "-90d", now), parameters.moment("to", "now", now)
    classes = parameters.many("statuses", CLASSES)
    methods = parameters.many("methods", ("GET", "POST", "PUT", "PATCH", "DELETE"))
    parameters.choice("environment_type", ("PRODUCTION", "SANDBOX"), "PRODUCTION")
    search = parameters.text("search") or ""
    count, page = parameters.integer("count", 100, 1, LARGEST_LOG_COUNT), parameters.integer("page", 1, 1)
    if count * page > DEEPEST_LOG_ROW:
        raise invalid(call.path, "page", f"count * page must not exceed {DEEPEST_LOG_ROW}.")
    rows = [
        one
        for one in reversed(call.store.log)
        if since <= one.created <= to
        and (not classes or f"{one.fields['status'] // 100}00" in classes)
        and (not methods or one.fields["method"] in methods)
        and search in one.fields["address"]
    ]
    return results(map(call.row, call.cut(rows, (page - 1) * count, count)))


@get("/v(?:1|2)/logs/{}")
def log_entry(call: Call, id: str) -> Answer:
    for one in call.store.log:
        if one.id == id:
            return json_answer(call.payloads.log_details(one))
    raise missing(call.path)


@get("/v1/webhook-events", f"{PAGING} since to type http_status_code error")
def webhook_events(call: Call) -> Answer:
    """Newest first, by when they happened. `count` and `page` must be sent; page 0 is page 1. pandadoc.md 13.17."""
    parameters = call.parameters
    count, page = parameters.integer("count", None, 0, LARGEST_COUNT), parameters.integer("page")
    since, to = parameters.instant("since"), parameters.instant("to")
    types, errors = parameters.many("type"), parameters.many("error")
    classes = parameters.many("http_status_code", CLASSES)
    rows = [
        one
        for one in reversed(call.store.living("webhook_event"))
        if (since is None or one.created >= since)
        and (to is None or one.created <= to)
        and (not types or one.fields["type"] in types)
        and (not errors or one.fields["error"] in errors)
        and (not classes or f"{(one.fields['http_status_code'] or 0) // 100}00" in classes)
    ]
    return json_answer({"items": [call.row(one) for one in call.cut(rows, (max(1, page) - 1) * count, count)]})


@get("/v2/notary/notaries", "status commission_state offset limit order_by")
def notaries(call: Call) -> Answer:
    notary_add_on(call)
    statuses = call.parameters.many("status", ("INVITED", "UNDER_REVIEW", "ACTIVE", "REJECTED", "INACTIVE"), comma=True)
    rows = call.store.living("notary")
    found = [call.payloads.row(one) for one in rows if not statuses or one.fields["status"] in statuses]
    return by_offset(call, found, 50)


@get("/v2/notary/notarization-requests", "status created_by_user_id document_id offset limit order_by")
def notarization_requests(call: Call) -> Answer:
    notary_add_on(call)
    return by_offset(call, [], 50)


@get("/v1/sms-opt-outs", "timestamp_from timestamp_to")
def sms_opt_outs(call: Call) -> Answer:
    """The last hour, unless another time is asked for."""
    now = call.store.now
    low, high = call.parameters.instant("timestamp_from"), call.parameters.instant("timestamp_to")
    low, high = now - HOUR if low is None else low, now if high is None else high
    return results(call.payloads.row(one) for one in call.store.living("opt_out") if low <= one.updated <= high)


def document(call: Call, id: str) -> Record:
    """A document that the key can read."""
    found: Record | None = call.store.documents.get(id)
    if found is None or call.store.hidden(found):
        raise missing(call.path)
    if found.status == TRASHED:
        if call.options.details_of_deleted == 403:
            raise forbidden(call.path, "The document was deleted.")
        raise missing(call.path)
    if call.store.forbidden(found):
        raise forbidden(call.path, "You do not have permission to perform this action.")
    return found


def made(call: Call, id: str, refused: bool = True) -> Record:
    """A document that the key can read; `refused` says whether the specification has a 409 here for one that is still
    being made."""
    found = document(call, id)
    if found.fields["status"] == "uploaded" and (refused or call.options.busy_below):
        raise busy(id)
    return found


def part(call: Call, parts: Iterable[Part], uuid: str) -> Part:
    """One of the parts of a document."""
    for one in parts:
        if one["uuid"] == uuid:
            return one
    raise missing(call.path)


def reminders(call: Call, id: str) -> Part:
    found = made(call, id, refused=False)
    settings = extras.reminders(found, call.store.contents(found))
    if settings is None:
        raise refusal(call.path, 400, "Auto reminders cannot be read in the current status of the document.")
    return settings


def by_offset(call: Call, rows: list[Any], default: int) -> Answer:
    limit = call.parameters.integer("limit", default, 1, LARGEST_COUNT)
    return results(call.cut(rows, call.parameters.integer("offset", 0), limit), count=len(rows))


def organization_admin(call: Call) -> None:
    if not call.options.organization_admin:
        raise forbidden(call.path, "Only organization administrators are allowed to perform this action.")


def notary_add_on(call: Call) -> None:
    if not call.options.notary:
        raise forbidden(call.path, "The notary add-on is not part of the plan.")


def part_of(show: Callable[[Call, Record], Any], refused: bool) -> Route:
    """What hangs at a document. `refused`: see `made`."""
    return lambda call, id: json_answer(show(call, made(call, id, refused)))


def single(kind: str, show: Callable[[Payloads, Record], Any], broken: bool = False) -> Route:
    """The record of an id. `broken`: the faults may make something else of it."""

    def answer(call: Call, id: str) -> Answer:
        found = call.one(kind, id)
        payload = show(call.payloads, found)
        return json_answer(call.served(found, payload) if broken else payload)

    return answer


for shape, show, refused in (
    ("/v1/documents/{}/fields", lambda call, one: call.payloads.document_fields(one), True),
    ("/v1/documents/{}/linked-objects", lambda call, one: {"linked_objects": call.store.contents(one).links}, True),
    ("/v1/documents/{}/attachments", lambda call, one: payloads.parts("attachment", extras.attachments(one)), True),
    ("/v1/documents/{}/sections", lambda call, one: {"results": extras.sections(one)}, False),
    ("/v1/documents/{}/esign-disclosure", lambda call, one: esign_disclosure(one), False),
    ("/v2/documents/{}/settings", lambda call, one: extras.settings(one), False),
):
    get(shape)(part_of(show, refused))
for path, kind in BLUEPRINTS.items():
    get(f"/v1/{path}/{{}}")(single(kind, Payloads.blueprint_status))
    get(f"/v1/{path}/{{}}/details")(single(kind, Payloads.blueprint_details, broken=True))
get("/v2/templates/{}/settings")(single("template", lambda payloads, one: {"language": "en-US"}))
get("/v1/contacts/{}")(single("contact", Payloads.row, broken=True))
get("/v1/webhook-subscriptions/{}")(single("webhook_subscription", Payloads.row))
get("/v1/webhook-events/{}")(single("webhook_event", Payloads.event_details))
get("/v2/product-catalog/items/{}")(single("catalog_item", Payloads.catalog_details, broken=True))
