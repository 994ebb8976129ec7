"""What each address answers. copper.md 3; how refusals look is section 10."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.copper.kinds import BY_PATH, LINK_TYPES
from sandbox.copper.payloads import Payloads
from sandbox.copper.records import Record
from sandbox.copper.search import Body, Search, invalid, refuse, unrecognized
from sandbox.copper.store import Row, Store
from sandbox.faults import Faults
from sandbox.web import Answer, Refusal, Request, json_answer

NOT_FOUND = json_answer({"error": "not_found"}, 404)
READ_ONLY = "the sandbox is not written to"
ENTITIES = "|".join(path for path in BY_PATH if path != "activities")


@dataclass
class Call:
    """One request on its way to a route. `number` differs for each."""

    request: Request
    store: Store
    faults: Faults
    number: int
    body: Body = field(default_factory=dict)

    @property
    def payloads(self) -> Payloads:
        return Payloads(self.store, self.request.query.get("custom_field_computed_values") == "true")

    @property
    def search(self) -> Search:
        return Search(self.store, self.faults, self.request, self.body, self.number)

    def record(self, path: str, id: int) -> Record:
        """A record that the key can see and that still is one."""
        kind = BY_PATH[path]
        record = self.store.kinds[kind.name].get(id)
        gone = record is not None and record.converted and self.store.options.converted_leads_are_gone
        if record is None or gone or self.store.hidden(record):
            raise missing()
        return record


def missing() -> Refusal:
    return refuse("Resource not found", 404)


Route = Callable[..., Answer]
ROUTES: list[tuple[str, re.Pattern[str], Route]] = []


def route(method: str, shape: str) -> Callable[[Route], Route]:
    """Register a function for a path; `#` stands for a number, `{E}` for a collection of records."""

    def register(function: Route) -> Route:
        pattern = shape.replace("#", r"(\d+)").replace("{E}", f"({ENTITIES})")
        ROUTES.append((method, re.compile(pattern), function))
        return function

    return register


def answer(call: Call, path: str) -> Answer:
    """`path` is below the base URL, without slashes around it."""
    refused(call, path.split("/")[0])
    for method, pattern, function in ROUTES:
        found = pattern.fullmatch(path)
        if found is not None and method == call.request.method:
            if method == "POST":
                call.body = body_of(call.request)
            return function(call, *(int(part) if part.isdigit() else part for part in found.groups()))
    if call.request.method == "POST" and path.endswith("/search"):
        # Nobody finds out from the answer that the address is wrong. copper.md 13.7.
        return json_answer({"success": False, "status": 401, "message": "Unauthorized"}, 401)
    if path.split("/")[0] in BY_PATH and call.request.method in ("POST", "PUT", "DELETE"):
        raise refuse(READ_ONLY, 403)
    return NOT_FOUND


def refused(call: Call, resource: str) -> None:
    """What this account or key is not given."""
    options = call.store.options
    status = options.refused.get(resource)
    if status is None and resource == "leads" and not options.leads_enabled:
        status = options.leads_status
    if status is not None:
        raise refuse("You are not authorized to access this resource", status)


def body_of(request: Request) -> Body:
    if not request.body:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        raise refuse("Bad request: the body is not JSON", 400) from None
    if not isinstance(body, dict):
        raise refuse("Bad request: the body is not an object", 400)
    return body


@route("GET", "account")
def account(call: Call) -> Answer:
    return json_answer(call.payloads.account())


@route("POST", "users/search")
def users(call: Call) -> Answer:
    unrecognized(call.body, ("page_number", "page_size"))
    return call.search.listed(list(call.store.users.values()))


@route("GET", "users/#")
def user(call: Call, id: int) -> Answer:
    return one_of(call.store.users, id)


@route("POST", "(people|companies|leads|opportunities|projects|tasks|activities)/search")
def records(call: Call, path: str) -> Answer:
    return call.search.records(BY_PATH[path])


@route("POST", "people/fetch_by_email")
def person_by_email(call: Call) -> Answer:
    unrecognized(call.body, ("email",))
    wanted = str(call.body.get("email", "")).lower()
    for person in call.store.kinds["person"].values():
        if any(entry["email"].lower() == wanted for entry in person.fields.get("emails", ())):
            return single(call, call.record("people", person.id))
    raise missing()


@route("GET", "{E}/#")
def record(call: Call, path: str, id: int) -> Answer:
    return single(call, call.record(path, id))


@route("GET", "activities/#")
def activity(call: Call, id: int) -> Answer:
    return single(call, call.record("activities", id))


@route("POST", "(leads|people|companies|opportunities)/#/activities")
def activities_of(call: Call, path: str, id: int) -> Answer:
    unrecognized(call.body, ("page_number", "page_size"))
    owner = call.record(path, id)
    ends = [(owner.kind, owner.id)]
    if owner.kind == "company":
        ends += [end for end in call.store.related(owner) if end[0] == "person"]
    found = [
        one
        for one in call.store.kinds["activity"].values()
        if not one.deleted and (one.fields["parent"]["type"], one.fields["parent"]["id"]) in ends
    ]
    found.sort(key=lambda one: (-one.happened, one.id))
    return call.search.below(found)


@route("GET", "{E}/#/related")
def related(call: Call, path: str, id: int) -> Answer:
    found = call.store.related(call.record(path, id))
    return json_answer([{"id": other, "type": kind} for kind, other in found])


@route("GET", "{E}/#/related/{E}")
def related_of_kind(call: Call, path: str, id: int, other: str) -> Answer:
    found = call.store.related(call.record(path, id))
    wanted = BY_PATH[other].name
    return json_answer([{"id": one, "type": kind} for kind, one in found if kind == wanted])


@route("GET", "{E}/#/files")
def files(call: Call, path: str, id: int) -> Answer:
    if not BY_PATH[path].files:
        return NOT_FOUND
    return json_answer([call.payloads.file(file) for file in call.store.files_of(call.record(path, id))])


@route("GET", "{E}/#/files/#")
def file(call: Call, path: str, id: int, file_id: int) -> Answer:
    for found in call.store.files_of(call.record(path, id)) if BY_PATH[path].files else ():
        if found.id == file_id:
            return json_answer(call.payloads.file(found))
    raise missing()


@route("GET", "related_links")
def related_links(call: Call) -> Answer:
    query = call.request.query
    kind, id = LINK_TYPES.get(query.get("source_type", "")), query.get("source_id", "")
    if kind is None or not id.isdigit():
        raise invalid("Source: source_type and source_id are required")
    source = call.store.kinds[kind].get(int(id))
    if source is None or call.store.hidden(source):
        raise missing()
    definition = query.get("custom_field_definition_id")
    links = [link for link in call.store.links_from(source) if definition in (None, str(link.definition))]
    return json_answer([call.payloads.link(link) for link in links])


@route("GET", "pipelines")
def pipelines(call: Call) -> Answer:
    return json_answer([call.payloads.pipeline(one) for one in call.store.lists["pipelines"].values()])


@route("GET", "pipeline_stages")
def pipeline_stages(call: Call) -> Answer:
    return json_answer([stage for _, stage in call.store.stages()])


@route("GET", "pipeline_stages/pipeline/#")
def stages_of(call: Call, id: int) -> Answer:
    if id not in call.store.lists["pipelines"]:
        raise missing()
    return json_answer([stage for pipeline, stage in call.store.stages() if pipeline["id"] == id])


@route("GET", "activity_types")
def activity_types(call: Call) -> Answer:
    return json_answer(call.payloads.activity_types())


@route("GET", "(contact_types|customer_sources|loss_reasons|lead_statuses|custom_activity_types|webhooks)")
def listing(call: Call, name: str) -> Answer:
    return json_answer(list(call.store.lists[name].values()))


@route("GET", "(custom_activity_types|webhooks)/#")
def listed(call: Call, name: str, id: int) -> Answer:
    return one_of(call.store.lists[name], id)


@route("GET", "custom_field_definitions")
def definitions(call: Call) -> Answer:
    return json_answer([call.payloads.definition(one) for one in call.store.definitions.values()])


@route("GET", "custom_field_definitions/#")
def definition(call: Call, id: int) -> Answer:
    if id not in call.store.definitions:
        raise missing()
    return json_answer(call.payloads.definition(call.store.definitions[id]))


@route("GET", "tags")
def tags(call: Call) -> Answer:
    """The tags after `last_tag_value`, a page of them, or all where that is ignored."""
    query, options = call.request.query, call.store.options
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
