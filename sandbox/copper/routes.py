"""What each address answers. copper.md 3; refusals look as in copper.md 10."""

import json
from dataclasses import dataclass
from functools import cached_property

from sandbox import routes
from sandbox.copper.kinds import BY_PATH, LINK_TYPES, RECORD_KINDS
from sandbox.copper.payloads import Payloads
from sandbox.copper.search import Search, invalid, refuse, unrecognized
from sandbox.copper.store import Row
from sandbox.routes import Routes
from sandbox.store import Record
from sandbox.web import Answer, Refusal, json_answer

NOT_FOUND = json_answer({"error": "not_found"}, 404)
READ_ONLY = "the sandbox is not written to"
EACH = f"({'|'.join(path for path in BY_PATH if path != 'activities')})"
"""A collection of records, in the shape of a path."""
ALONE = "custom_activity_types|webhooks|custom_field_definitions"
"""Reference lists of which one row may be asked for."""
route = Routes()


@dataclass
class Call(routes.Call):
    """One request on its way to a route."""

    @cached_property
    def body(self) -> Row:
        if self.request.method != "POST" or not self.request.body:
            return {}
        try:
            body = json.loads(self.request.body)
        except ValueError:
            raise refuse("Bad request: the body is not JSON", 400) from None
        if not isinstance(body, dict):
            raise refuse("Bad request: the body is not an object", 400)
        return body

    @property
    def payloads(self) -> Payloads:
        return Payloads(self.store, self.query.get("custom_field_computed_values") == "true")

    @property
    def search(self) -> Search:
        return Search(self.store, self.faults, self.request, self.body, self.number)

    def record(self, path: str, id: int) -> Record:
        """A record that the key can see and that still is one."""
        record: Record | None = self.store.kinds[BY_PATH[path].name].get(id)
        if record is None or self.store.hidden(record):
            raise missing()
        if "converted_at" in record.fields and self.options.converted_leads_are_gone:
            raise missing()
        return record


def missing() -> Refusal:
    return refuse("Resource not found", 404)


def answer(call: Call, path: str) -> Answer:
    """`path` is below the base URL, without slashes around it."""
    resource, method = path.split("/")[0], call.request.method
    refused(call, resource)
    found = route.find(method, path)
    if found is not None:
        function, arguments = found
        return function(call, *arguments)
    if method == "POST" and path.endswith("/search"):
        # Nobody finds out from the answer that the address is wrong. copper.md 13.7.
        return json_answer({"success": False, "status": 401, "message": "Unauthorized"}, 401)
    if resource in BY_PATH and method in ("POST", "PUT", "DELETE"):
        raise refuse(READ_ONLY, 403)
    return NOT_FOUND


def refused(call: Call, resource: str) -> None:
    """What this account or key is not given."""
    options = call.options
    status = options.refused.get(resource)
    if status is None and resource == "leads" and not options.leads_enabled:
        status = options.leads_status
    if status is not None:
        raise refuse("You are not authorized to access this resource", status)


@route("account")
def account(call: Call) -> Answer:
    return json_answer(call.payloads.account())


@route("users/search", method="POST")
def users(call: Call) -> Answer:
    unrecognized(call.body, ("page_number", "page_size"))
    return call.search.listed(list(call.store.users.values()))


@route("users/#")
def user(call: Call, id: int) -> Answer:
    return one_of(call.store.users, id)


@route("(people|companies|leads|opportunities|projects|tasks|activities)/search", method="POST")
def records(call: Call, path: str) -> Answer:
    return call.search.records(BY_PATH[path])


@route("people/fetch_by_email", method="POST")
def person_by_email(call: Call) -> Answer:
    unrecognized(call.body, ("email",))
    wanted = str(call.body.get("email", "")).lower()
    for person in call.store.kinds["person"].values():
        if any(entry["email"].lower() == wanted for entry in person.fields.get("emails", ())):
            return single(call, call.record("people", person.id))
    raise missing()


@route(f"{EACH}/#", "(activities)/#")
def record(call: Call, path: str, id: int) -> Answer:
    return single(call, call.record(path, id))


@route("(leads|people|companies|opportunities)/#/activities", method="POST")
def activities_of(call: Call, path: str, id: int) -> Answer:
    unrecognized(call.body, ("page_number", "page_size"))
    owner = call.record(path, id)
    ends = [owner.key]
    if owner.kind == "company":
        ends += [end for end in call.store.related(owner) if end[0] == "person"]
    found = [
        one
        for one in call.store.kinds["activity"].values()
        if "is_deleted" not in one.fields and (one.fields["parent"]["type"], one.fields["parent"]["id"]) in ends
    ]
    found.sort(key=lambda one: (-one.updated, one.id))
    return call.search.below(found)


@route(f"{EACH}/#/related", f"{EACH}/#/related/{EACH}")
def related(call: Call, path: str, id: int, other: str = "") -> Answer:
    found = call.store.related(call.record(path, id))
    wanted = [BY_PATH[other].name] if other else RECORD_KINDS
    return json_answer([{"id": one, "type": kind} for kind, one in found if kind in wanted])


@route(f"{EACH}/#/files")
def files(call: Call, path: str, id: int) -> Answer:
    if not BY_PATH[path].files:
        return NOT_FOUND
    return json_answer([call.payloads.file(file) for file in call.store.below(call.record(path, id), "file")])


@route(f"{EACH}/#/files/#")
def file(call: Call, path: str, id: int, file_id: int) -> Answer:
    for found in call.store.below(call.record(path, id), "file") if BY_PATH[path].files else ():
        if found.id == file_id:
            return json_answer(call.payloads.file(found))
    raise missing()


@route("related_links")
def related_links(call: Call) -> Answer:
    query = call.query
    kind, id = LINK_TYPES.get(query.get("source_type", "")), query.get("source_id", "")
    if kind is None or not id.isdigit():
        raise invalid("Source: source_type and source_id are required")
    source = call.store.kinds[kind].get(int(id))
    if source is None or call.store.hidden(source):
        raise missing()
    wanted, links = query.get("custom_field_definition_id"), call.store.below(source, "link")
    links = [link for link in links if wanted in (None, str(link.fields["custom_field_definition_id"]))]
    return json_answer([call.payloads.link(link) for link in links])


@route("pipelines")
def pipelines(call: Call) -> Answer:
    return json_answer([call.payloads.pipeline(one) for one in call.store.lists["pipelines"].values()])


@route("pipeline_stages")
def pipeline_stages(call: Call) -> Answer:
    return json_answer(call.store.stages())


@route("pipeline_stages/pipeline/#")
def stages_of(call: Call, id: int) -> Answer:
    if id not in call.store.lists["pipelines"]:
        raise missing()
    return json_answer(call.store.lists["pipelines"][id]["stages"])


@route("activity_types")
def activity_types(call: Call) -> Answer:
    return json_answer(call.payloads.activity_types())


@route("(contact_types|customer_sources|loss_reasons|lead_statuses)", f"({ALONE})")
def listing(call: Call, name: str) -> Answer:
    return json_answer(list(call.store.lists[name].values()))


@route(f"({ALONE})/#")
def listed(call: Call, name: str, id: int) -> Answer:
    return one_of(call.store.lists[name], id)


@route("tags")
def tags(call: Call) -> Answer:
    """The tags after `last_tag_value`, a page of them, or all where that is ignored."""
    query, options = call.query, call.options
    sort = query.get("sort_by", "name")
    if sort not in ("name", "count"):
        raise invalid("Sort by: must be name or count")
    rows = list(call.store.tags())
    if sort == "count":
        rows.sort(key=lambda row: (-row["count"], row["name"]))
    last = query.get("last_tag_value", "")
    if last and not options.tags_ignore_last:
        rows = rows[_after(rows, last, sort) :]
    if not options.tags_ignore_last:
        rows = rows[: options.tag_page]
    return json_answer([row["name"] for row in rows] if query.get("tag_names_only") == "true" else rows)


def _after(rows: list[Row], last: str, sort: str) -> int:
    if sort == "name":
        return sum(row["name"] <= last for row in rows)
    return next((place + 1 for place, row in enumerate(rows) if row["name"] == last), 0)


def single(call: Call, record: Record) -> Answer:
    return json_answer(call.faults.record(record.kind, record.id, call.payloads.record(record)))


def one_of(rows: dict[int, Row], id: int) -> Answer:
    if id not in rows:
        raise missing()
    return json_answer(rows[id])
