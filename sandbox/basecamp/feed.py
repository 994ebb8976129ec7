"""The account's event feed, GET /events.json. basecamp.md 8.

A position token holds the last event seen and a mark of the filters it belongs to.
"""

import re
from collections.abc import Callable
from hashlib import blake2b
from urllib.parse import quote

from sandbox.basecamp import times
from sandbox.basecamp.calls import Call, refuse, route
from sandbox.basecamp.records import Event
from sandbox.web import Answer, json_answer

PAGE_SIZE = 100
MOST_FILTER_IDS = 100
FILTERS = ("types", "buckets", "creators", "performers", "exclude_performers", "actor_types")
TYPES = frozenset(
    f"{subject}.{action}"
    for subject, actions in {
        "comment": "created content_changed",
        "message": "created content_changed subject_changed",
        "todo": "created completed moved content_changed description_changed scheduled rescheduled "
        "unscheduled assignment_changed",
        "card": "created completed moved content_changed title_changed due_on_changed assignment_changed",
        "chat.line": "created",
        "boost": "created",
        "question": "created",
        "question.answer": "created",
    }.items()
    for action in actions.split()
)


@route("/events")
def events(call: Call) -> Answer:
    if call.options.hidden_feed:
        refuse(404, "Not found")
    after = _after(call)
    wanted = _filter(call)
    delivered = call.store.now - times.FEED_DELAY
    found: list[Event] = []
    for event in call.store.feed(after, PAGE_SIZE):
        if event.at > delivered:
            break
        found.append(event)
    position = found[-1].id if found else after
    shown = [event for event in found if wanted(event)]
    payload = {"events": [call.payloads.news(event) for event in shown], "position": token(call, position)}
    if len(found) == PAGE_SIZE:
        query = "".join(f"&{name}={quote(call.query[name])}" for name in FILTERS if name in call.query)
        payload["next"] = f"{call.payloads.base}/events.json?position={token(call, position)}{query}"
    return json_answer(payload)


def token(call: Call, after: int) -> str:
    return f"{after:x}-{_mark(call)}"


def _mark(call: Call) -> str:
    filters = repr([call.query.get(name) for name in FILTERS])
    return blake2b(filters.encode(), digest_size=6).hexdigest()


def _after(call: Call) -> int:
    """The id of the last event that the caller has seen."""
    position, since = call.query.get("position"), call.query.get("since")
    if position is not None:
        match = re.fullmatch(r"([0-9a-f]+)-([0-9a-f]{12})", position)
        if match is None:
            refuse(400, "Unrecognized position. Resume with since=<id> or since=now.", reason="invalid_position")
        if match[2] != _mark(call):
            refuse(409, "This position belongs to other filters. Resume with since=<id> or since=now.")
        after = int(match[1], 16)
        if after < call.store.feed_epoch:
            resume = f"{call.payloads.base}/events.json?since={call.store.feed_epoch}"
            refuse(410, "This position is older than the feed.", resume=resume)
        return after
    if since == "now":
        delivered = call.store.now - times.FEED_DELAY
        return max((event.id for event in call.store.events if event.at <= delivered), default=0)
    if since is not None and since.isdigit():
        return max(int(since), call.store.feed_epoch)
    refuse(400, "Unrecognized position. Resume with since=<id> or since=now.", reason="invalid_position")


def _filter(call: Call) -> Callable[[Event], bool]:
    """A test for one event, from the filters of the request."""
    asked = {name: call.query[name].split(",") for name in FILTERS if call.query.get(name)}
    unknown = [one for one in asked.get("types", []) if one not in TYPES]
    if unknown:
        refuse(
            400,
            f"Unknown event types: {', '.join(unknown)}. Fix the filters; a position reset won't help.",
            reason="invalid_filter",
        )
    for name in ("buckets", "creators", "performers", "exclude_performers"):
        ids = asked.get(name, [])
        if len(ids) > MOST_FILTER_IDS or not all(one.isdigit() for one in ids):
            refuse(400, f"{name} takes up to 100 ids.", reason="invalid_filter")

    def wanted(event: Event) -> bool:
        return (
            ("types" not in asked or event.news in asked["types"])
            and ("buckets" not in asked or str(event.bucket.id) in asked["buckets"])
            and ("creators" not in asked or str(event.creator) in asked["creators"])
            and ("performers" not in asked or str(event.performed_by) in asked["performers"])
            and str(event.performed_by) not in asked.get("exclude_performers", [])
        )

    return wanted
