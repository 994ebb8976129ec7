"""What the store holds: compact, mutable records. Times are milliseconds since 1970, dates are ISO text."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sandbox.basecamp.kinds import KINDS
from sandbox.store import Record


@dataclass(slots=True)
class Person:
    """`gone` people left without a trace in /people.json; what they made still names them."""

    id: int
    name: str
    personable_type: str
    email: str | None
    created: int
    updated: int
    title: str | None = None
    location: str | None = None
    bio: str | None = None
    admin: bool = False
    owner: bool = False
    client: bool = False
    employee: bool = True
    time_zone: str = "America/Chicago"
    company: tuple[int, str] | None = None
    system_label: str | None = None
    out_of_office: dict[str, str] | None = None
    gone: bool = False
    fixed: dict[str, Any] | None = None


@dataclass(slots=True, eq=False)
class Bucket:
    """A project, a template, a circle (pings) or a calendar. `accessible` is whether the token's person is in
    it."""

    id: int
    type: str
    name: str
    created: int
    updated: int
    status: str = "active"
    description: str | None = ""
    clients_enabled: bool = False
    timesheet_enabled: bool = False
    all_access: bool = False
    accessible: bool = True
    clientside: bool = False
    client_company: tuple[int, str] | None = None
    start_date: str | None = None
    end_date: str | None = None
    members: list[int] = field(default_factory=list)
    fixed: dict[str, Any] | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Recording(Record):
    """`status` is what was set on the recording itself; what it shows also depends on its ancestors
    (`Store.status`). `fixed` is a payload as documented, served as it stands until the recording changes."""

    bucket: Bucket
    creator: int
    parent: "Recording | None" = None
    title: str = ""
    position: int | None = None
    visible: bool = False
    fixed: dict[str, Any] | None = None

    @property
    def type(self) -> str:
        """The wire type."""
        return KINDS[self.kind].type or self.fields["type"]


def flat_hill(updated: int) -> dict[str, Any]:
    """A hill chart that nobody has used."""
    return {"enabled": False, "stale": False, "updated": updated, "dots": []}


def asked_on(frequency: str, days: list[int], hour: int, start: str, weeks: int | None) -> dict[str, Any]:
    """When a question is asked."""
    when = {"frequency": frequency, "days": days, "hour": hour, "minute": 0, "week_instance": None}
    return {
        **when,
        "week_interval": weeks,
        "month_interval": None,
        "start_date": start,
        "duration": None,
        "end_date": None,
    }


def drawings(patterns: list[str]) -> dict[str, Any]:
    """The service that doors lead to."""
    named = {"name": "Drawings", "example_url": "https://drawings.example/abc", "code": "drawings"}
    return {**named, "valid_patterns": patterns, "supporting_text": "a drawing"}


class Event(NamedTuple):
    """One row of a recording's history; `news` is its type in the account's event feed, if the feed carries
    it."""

    id: int
    recording: int
    action: str
    at: int
    creator: int
    bucket: Bucket
    details: dict[str, Any]
    news: str | None = None
    performed_by: int | None = None
    boosts: int = 0


@dataclass(slots=True)
class Item:
    """Things that are no recordings: message types, webhooks, lineup markers, boosts."""

    id: int
    owner: int
    created: int
    updated: int
    fields: dict[str, Any]
    fixed: dict[str, Any] | None = None
