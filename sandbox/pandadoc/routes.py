"""What each address answers. pandadoc.md 8."""

from typing import Any

from sandbox.pandadoc import extras, listing
from sandbox.pandadoc.answers import busy, forbidden, invalid, missing, refusal
from sandbox.pandadoc.calls import LARGEST_COUNT, PAGING, Call, get, results
from sandbox.pandadoc.payloads import Payload
from sandbox.pandadoc.records import UPLOADED, Blueprint, CatalogItem, Document
from sandbox.web import Answer, json_answer

KINDS = {"templates": "template", "content-library-items": "content_library_item"}
FOLDERS = {"documents": "document", "templates": "template"}
LARGEST_USERS_COUNT = 50
LARGEST_LOG_COUNT = 1000
DEEPEST_LOG_ROW = 10_000
"""`count` x `page` of the logs reaches no further. pandadoc.md 5."""
FORM_ORDERS = {
    "name": lambda one: one.name,
    "responses": lambda one: one.responses,
    "status": lambda one: one.status,
    "created_date": lambda one: one.created,
    "modified_date": lambda one: one.modified,
}
CATALOG_ORDERS = {
    "sku": lambda one: one.variants[0].sku or "",
    "title": lambda one: one.title,
    "price": lambda one: one.price.price or 0,
    "date_modified": lambda one: one.modified or 0,
}


@get("/v1/documents", listing.PARAMETERS)
def documents(call: Call) -> Answer:
    found = listing.documents(call)
    return results([call.served("document", one.id, call.payloads.document_row(one)) for one in found])


@get("/v1/(documents|templates)/folders", f"{PAGING} parent_uuid")
def folders(call: Call, of: str) -> Answer:
    """One level of the tree; the root is never listed."""
    kind = FOLDERS[of]
    parent = call.parameters.text("parent_uuid")
    if parent is not None and parent not in call.store.folders[kind]:
        raise missing(call.path)
    rows = call.page(call.store.children(kind, parent))
    payloads = [(one.uuid, call.payloads.folder(kind, one)) for one in rows]
    return results([call.served(f"{kind}_folder", uuid, payload) for uuid, payload in payloads])


@get("/v1/documents/linked-objects", "provider entity_type entity_id order_by owner_ids")
def documents_by_linked_object(call: Call) -> Answer:
    wanted = [call.parameters.text(name) for name in ("provider", "entity_type", "entity_id")]
    if None in wanted:
        raise invalid(call.path, "entity_id", "This field is required.")
    found = []
    for one in call.store.documents.values():
        links = call.store.contents(one).links if one.deleted is None else []
        if any([link[name] for name in ("provider", "entity_type", "entity_id")] == wanted for link in links):
            row = call.payloads.document_row(one)
            template = one.template[0] if one.template else None
            found.append({"template_id": template, **{name: row[name] for name in ("id", "status", "date_created")}})
    return json_answer(found)


@get("/v1/documents/{}")
def document_status(call: Call, id: str) -> Answer:
    return json_answer(call.payloads.document_status(document(call, id)))


@get("/v1/documents/{}/details")
def document_details(call: Call, id: str) -> Answer:
    found = made(call, id)
    if not call.store.has_details(found):
        raise missing(call.path)
    return json_answer(call.served("document", id, call.payloads.document_details(found)))


@get("/v1/documents/{}/fields")
def document_fields(call: Call, id: str) -> Answer:
    return json_answer(call.payloads.document_fields(made(call, id)))


@get("/v1/documents/{}/linked-objects")
def linked_objects(call: Call, id: str) -> Answer:
    return json_answer({"linked_objects": call.store.contents(made(call, id)).links})


@get("/v1/documents/{}/attachments")
def attachments(call: Call, id: str) -> Answer:
    found = made(call, id)
    return json_answer([call.payloads.attachment(one) for one in extras.attachments(found)])


@get("/v1/documents/{}/attachments/{}")
def attachment(call: Call, id: str, attachment_id: str) -> Answer:
    for one in extras.attachments(made(call, id)):
        if one.uuid == attachment_id:
            return json_answer(call.payloads.attachment(one))
    raise missing(call.path)


@get("/v1/documents/{}/sections")
def sections(call: Call, id: str) -> Answer:
    found = made(call, id, refused=False)
    return results([{"uuid": uuid, "name": name} for uuid, name in extras.sections(found)])


@get("/v1/documents/{}/sections/{}")
def section(call: Call, id: str, section_id: str) -> Answer:
    for uuid, name in extras.sections(made(call, id)):
        if uuid == section_id:
            return json_answer({"uuid": uuid, "name": name, "document_uuid": id})
    raise missing(call.path)


@get("/v2/documents/{}/audit-trail", "limit offset")
def audit_trail(call: Call, id: str) -> Answer:
    """In no order to rely on."""
    found = made(call, id, refused=False)
    if not call.options.workspace_admin:
        raise forbidden(call.path, "Only workspace administrators read audit trails.")
    entries = sorted(extras.audit_trail(found, call.options.sandbox_key), key=lambda entry: entry.id)
    return by_offset(call, [call.payloads.audit(entry) for entry in entries], 20)


@get("/v2/documents/{}/settings")
def document_settings(call: Call, id: str) -> Answer:
    found = made(call, id, refused=False)
    return json_answer(call.payloads.document_settings(extras.settings(found)))


@get("/v1/documents/{}/auto-reminders")
def auto_reminders(call: Call, id: str) -> Answer:
    return json_answer(call.payloads.reminder_settings(reminders(call, id)))


@get("/v1/documents/{}/auto-reminders/status")
def auto_reminders_status(call: Call, id: str) -> Answer:
    found = reminders(call, id).recipients
    if found is None:
        raise refusal(call.path, 400, "Auto reminders are off, or the document was not sent.")
    rows = [{"recipient_id": recipient, "status": status} for recipient, status in found]
    return json_answer({call.options.reminders_key: rows})


@get("/v1/documents/{}/esign-disclosure")
def esign_disclosure(call: Call, id: str) -> Answer:
    found = made(call, id, refused=False)
    text = "<p>By signing you agree.</p>" if found.number % 2 else None
    return json_answer({"result": {"is_enabled": bool(text), "company_name": None, "esign_disclosure_text": text}})


@get(
    "/v1/documents/{}/download(?:-protected)?",
    "watermark_color watermark_font_size watermark_opacity watermark_text separate_files",
)
def download(call: Call, id: str) -> Answer:
    body = f"%PDF-1.4 {made(call, id).name}".encode()
    return Answer(200, body, {"Content-Type": "application/pdf"})


@get("/v1/templates", f"{PAGING} q shared deleted id folder_uuid tag fields")
def templates(call: Call) -> Answer:
    return blueprints(call, "template")


@get("/v1/content-library-items", f"{PAGING} q id deleted folder_uuid tag")
def content_library_items(call: Call) -> Answer:
    return blueprints(call, "content_library_item")


@get("/v1/(templates|content-library-items)/{}")
def blueprint_status(call: Call, path: str, id: str) -> Answer:
    return json_answer(call.payloads.blueprint_status(blueprint(call, path, id)))


@get("/v1/(templates|content-library-items)/{}/details")
def blueprint_details(call: Call, path: str, id: str) -> Answer:
    found = blueprint(call, path, id)
    return json_answer(call.served(found.kind, id, call.payloads.blueprint_details(found)))


@get("/v2/templates/{}/settings")
def template_settings(call: Call, id: str) -> Answer:
    blueprint(call, "templates", id)
    return json_answer({"language": "en-US"})


@get("/v1/forms", f"{PAGING} status order_by asc name")
def forms(call: Call) -> Answer:
    parameters = call.parameters
    statuses = parameters.many("status", ("draft", "active", "disabled"))
    order = parameters.choice("order_by", FORM_ORDERS, "name")
    name = parameters.text("name") or ""
    rows = [one for one in call.store.forms.values() if name in one.name and one.status in (statuses or (one.status,))]
    rows.sort(key=lambda one: (FORM_ORDERS[order](one), one.id), reverse=not parameters.boolean("asc", True))
    page = call.page(rows)
    more = bool(page) and page[-1] is not rows[-1]
    return results([call.served("form", one.id, call.payloads.form(one)) for one in page], has_next_page=more)


@get("/v1/contacts", "email")
def contacts(call: Call) -> Answer:
    email = call.parameters.text("email")
    rows = [one for one in call.store.contacts.values() if email in (None, one.person.email)]
    return results([call.served("contact", one.id, call.payloads.contact(one)) for one in rows])


@get("/v1/contacts/{}")
def contact(call: Call, id: str) -> Answer:
    if id not in call.store.contacts:
        raise missing(call.path)
    return json_answer(call.served("contact", id, call.payloads.contact(call.store.contacts[id])))


@get("/v1/members")
def members(call: Call) -> Answer:
    rows = call.store.members.items()
    return results([call.served("member", id, call.payloads.member(one)) for id, one in rows])


@get("/v1/members/{}")
def member(call: Call, id: str) -> Answer:
    found = call.store.members.get(call.store.key_owner if id == "current" else id)
    if found is None:
        raise missing(call.path)
    return json_answer(call.payloads.member(found))


@get("/v1/users", f"{PAGING} show_removed")
def users(call: Call) -> Answer:
    """Page 0 is page 1."""
    organization_admin(call)
    parameters = call.parameters
    removed = parameters.boolean("show_removed", True)
    rows = [one for one in call.store.users.values() if removed or not one.removed]
    count = parameters.integer("count", LARGEST_USERS_COUNT, 0, LARGEST_USERS_COUNT)
    page = call.cut(rows, (max(1, parameters.integer("page", 1)) - 1) * count, count)
    return results([call.served("user", one.id, call.payloads.user(one)) for one in page], total=len(rows))


@get("/v1/users/{}")
def user(call: Call, id: str) -> Answer:
    organization_admin(call)
    if id not in call.store.users:
        raise missing(call.path)
    return json_answer(call.payloads.user(call.store.users[id]))


@get("/v1/workspaces", PAGING)
def workspaces(call: Call) -> Answer:
    organization_admin(call)
    rows = list(call.store.workspaces.values())
    page = [call.served("workspace", one.id, call.payloads.workspace(one)) for one in call.page(rows)]
    return results(page, total=len(rows))


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

    def wanted(one: CatalogItem) -> bool:
        own = one.category[0] if one.category else None
        return (
            ("regular" if one.bundle is None else "bundle") in types
            and one.uuid not in left_out
            and (not billing or one.price.billing_type in billing)
            and query in one.title.lower()
            and (category is None or own == category)
            and (not uncategorized or own is None)
        )

    rows = [one for one in call.store.catalog.values() if wanted(one)]
    order = parameters.choice("order_by", [*CATALOG_ORDERS, *(f"-{name}" for name in CATALOG_ORDERS)], "title")
    rows.sort(key=lambda one: (CATALOG_ORDERS[order.lstrip("-")](one), one.uuid), reverse=order[0] == "-")
    size = parameters.integer("per_page", 20, 1, LARGEST_COUNT)
    first = (parameters.integer("page", 1, 1) - 1) * size
    page = [(one.uuid, call.payloads.catalog_row(one)) for one in call.cut(rows, first, size)]
    items = [call.served("catalog_item", uuid, row) for uuid, row in page]
    return json_answer({"items": items, "has_more_items": first + size < len(rows), "total": len(rows)})


@get("/v2/product-catalog/items/{}")
def catalog_item(call: Call, uuid: str) -> Answer:
    if uuid not in call.store.catalog:
        raise missing(call.path)
    return json_answer(call.served("catalog_item", uuid, call.payloads.catalog_details(call.store.catalog[uuid])))


@get("/v(?:1|2)/logs", f"{PAGING} since to statuses methods search environment_type")
def logs(call: Call) -> Answer:
    """Newest first, our own calls among them."""
    parameters, now = call.parameters, call.store.now
    since, to = parameters.moment("since", "-90d", now), parameters.moment("to", "now", now)
    classes = parameters.many("statuses", ("100", "200", "300", "400", "500"))
    methods = parameters.many("methods", ("GET", "POST", "PUT", "PATCH", "DELETE"))
    parameters.choice("environment_type", ("PRODUCTION", "SANDBOX"), "PRODUCTION")
    search = parameters.text("search") or ""
    count, page = parameters.integer("count", 100, 1, LARGEST_LOG_COUNT), parameters.integer("page", 1, 1)
    if count * page > DEEPEST_LOG_ROW:
        raise invalid(call.path, "page", f"count * page must not exceed {DEEPEST_LOG_ROW}.")
    rows = [
        one
        for one in reversed(call.store.log)
        if since <= one.asked <= to
        and (not classes or f"{one.status // 100}00" in classes)
        and (not methods or one.method in methods)
        and search in one.url
    ]
    page_rows = [call.payloads.log_entry(one) for one in call.cut(rows, (page - 1) * count, count)]
    return results([call.served("api_log", row["id"], row) for row in page_rows])


@get("/v(?:1|2)/logs/{}")
def log_entry(call: Call, id: str) -> Answer:
    for one in call.store.log:
        if call.payloads.log_entry(one)["id"] == id:
            return json_answer(call.payloads.log_details(one))
    raise missing(call.path)


@get("/v1/webhook-subscriptions")
def subscriptions(call: Call) -> Answer:
    rows = call.store.subscriptions.items()
    return json_answer(
        {"items": [call.served("webhook_subscription", id, call.payloads.subscription(one)) for id, one in rows]}
    )


@get("/v1/webhook-subscriptions/{}")
def subscription(call: Call, id: str) -> Answer:
    if id not in call.store.subscriptions:
        raise missing(call.path)
    return json_answer(call.payloads.subscription(call.store.subscriptions[id]))


@get("/v1/webhook-events", f"{PAGING} since to type http_status_code error")
def webhook_events(call: Call) -> Answer:
    """Newest first, by when they happened. `count` and `page` must be sent; page 0 is page 1. pandadoc.md 13.17."""
    parameters = call.parameters
    count, page = parameters.integer("count", None, 0, LARGEST_COUNT), parameters.integer("page")
    since, to = parameters.instant("since"), parameters.instant("to")
    types, errors = parameters.many("type"), parameters.many("error")
    classes = parameters.many("http_status_code", ("100", "200", "300", "400", "500"))
    rows = [
        one
        for one in reversed(call.store.events)
        if (since is None or one.created >= since)
        and (to is None or one.created <= to)
        and (not types or one.type in types)
        and (not errors or one.error in errors)
        and (not classes or f"{(one.http_status or 0) // 100}00" in classes)
    ]
    found = call.cut(rows, (max(1, page) - 1) * count, count)
    return json_answer({"items": [call.served("webhook_event", one.uuid, call.payloads.event(one)) for one in found]})


@get("/v1/webhook-events/{}")
def webhook_event(call: Call, id: str) -> Answer:
    for one in call.store.events:
        if one.uuid == id:
            return json_answer(call.payloads.event_details(one))
    raise missing(call.path)


@get("/v2/notary/notaries", "status commission_state offset limit order_by")
def notaries(call: Call) -> Answer:
    if not call.options.notary:
        raise forbidden(call.path, "The notary add-on is not part of the plan.")
    statuses = call.parameters.many("status", ("INVITED", "UNDER_REVIEW", "ACTIVE", "REJECTED", "INACTIVE"), comma=True)
    rows: list[Payload] = [
        {"id": one.id, "email": one.email, "name": one.name, "status": one.status, "commission_state": one.state}
        for one in call.store.notaries
        if not statuses or one.status in statuses
    ]
    return by_offset(call, rows, 50)


@get("/v2/notary/notarization-requests", "status created_by_user_id document_id offset limit order_by")
def notarization_requests(call: Call) -> Answer:
    if not call.options.notary:
        raise forbidden(call.path, "The notary add-on is not part of the plan.")
    return by_offset(call, [], 50)


@get("/v1/sms-opt-outs", "timestamp_from timestamp_to")
def sms_opt_outs(call: Call) -> Answer:
    """The last hour, unless another time is asked for."""
    now = call.store.now
    low, high = call.parameters.instant("timestamp_from"), call.parameters.instant("timestamp_to")
    low, high = now - 3_600_000_000 if low is None else low, now if high is None else high
    rows = [one for one in call.store.opt_outs if low <= one.changed <= high]
    return results([call.payloads.opt_out(one) for one in rows])


def document(call: Call, id: str) -> Document:
    """A document that the key can read."""
    found = call.store.documents.get(id)
    if found is None or call.store.hidden(found):
        raise missing(call.path)
    if found.deleted is not None:
        if call.options.details_of_deleted == 403:
            raise forbidden(call.path, "The document was deleted.")
        raise missing(call.path)
    if call.store.forbidden(found):
        raise forbidden(call.path, "You do not have permission to perform this action.")
    return found


def made(call: Call, id: str, refused: bool = True) -> Document:
    """A document that the key can read; `refused` says whether the specification has a 409 here for one that is still
    being made."""
    found = document(call, id)
    if found.status == UPLOADED and (refused or call.options.busy_below):
        raise busy(id)
    return found


def reminders(call: Call, id: str) -> extras.Reminders:
    found = made(call, id, refused=False)
    settings = extras.reminders(found, call.store.contents(found))
    if settings is None:
        raise refusal(call.path, 400, "Auto reminders cannot be read in the current status of the document.")
    return settings


def blueprint(call: Call, path: str, id: str) -> Blueprint:
    found = call.store.blueprints[KINDS[path]].get(id)
    if found is None or found.deleted is not None:
        raise missing(call.path)
    return found


def blueprints(call: Call, kind: str) -> Answer:
    parameters = call.parameters
    deleted = parameters.boolean("deleted")
    q, id, folder = (parameters.text(name) for name in ("q", "id", "folder_uuid"))
    tags = parameters.many("tag")
    with_date = "content_date_modified" in parameters.many("fields", ("content_date_modified",), comma=True)
    rows = [
        one
        for one in call.store.blueprints[kind].values()
        if (one.deleted is not None) == deleted
        and (q is None or q in one.name)
        and id in (None, one.id)
        and folder in (None, one.folder)
        and all(tag in one.tags for tag in tags)
    ]
    rows.sort(key=lambda one: (-one.modified, one.id))
    page = call.page(rows)
    return results([call.served(kind, one.id, call.payloads.blueprint_row(one, with_date)) for one in page])


def by_offset(call: Call, rows: list[Any], default: int) -> Answer:
    limit = call.parameters.integer("limit", default, 1, LARGEST_COUNT)
    return results(call.cut(rows, call.parameters.integer("offset", 0), limit), count=len(rows))


def organization_admin(call: Call) -> None:
    if not call.options.organization_admin:
        raise forbidden(call.path, "Only organization administrators are allowed to perform this action.")
