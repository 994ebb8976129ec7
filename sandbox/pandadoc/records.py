"""What the store holds. Times are microseconds since 1970."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.people import Known

STATUSES = (
    "draft sent completed uploaded error viewed waiting_approval approved rejected waiting_pay paid voided declined "
    "external_review scheduled"
).split()
"""The name of a document's status by its code. pandadoc.md 6."""
(
    DRAFT,
    SENT,
    COMPLETED,
    UPLOADED,
    ERROR,
    VIEWED,
    WAITING_APPROVAL,
    APPROVED,
    REJECTED,
    WAITING_PAY,
    PAID,
    VOIDED,
    DECLINED,
    EXTERNAL_REVIEW,
    SCHEDULED,
) = range(15)
FINISHED = frozenset((COMPLETED, PAID, VOIDED, DECLINED, ERROR))
UNSENT = frozenset((DRAFT, UPLOADED, ERROR, WAITING_APPROVAL, APPROVED, REJECTED, EXTERNAL_REVIEW, SCHEDULED))


@dataclass(slots=True, eq=False)
class Contact:
    id: str
    person: Known
    country: str | None = None
    state: str | None = None
    street: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """A member as documents name them: as they were when the document was made."""

    user_id: str
    membership_id: str
    email: str
    first: str
    last: str
    avatar: str | None


@dataclass(slots=True, eq=False)
class Member:
    """`workspace` is the one they work in right now, which need not be the key's."""

    author: Author
    person: Known
    active: bool
    verified: bool
    role: str
    license: str
    workspace: str
    created: int
    modified: int


@dataclass(slots=True, eq=False)
class User:
    """`memberships` are (workspace, membership, role)."""

    id: str
    person: Known
    license: str
    owner: bool
    removed: bool
    memberships: list[tuple[str, str, str]]


@dataclass(slots=True, eq=False)
class Workspace:
    id: str
    name: str
    created: int
    owner: str


@dataclass(slots=True, eq=False)
class Document:
    """What is in it is drawn from `number` (`sandbox.pandadoc.contents`) whenever somebody asks, with as many edits as
    `content_edits` and `people_edits` say. `signatures` are the times at which the first signers were done."""

    number: int
    id: str
    name: str
    status: int
    author: Author
    created: int
    modified: int
    content_modified: int
    status_changed: int
    acted: int
    sent: int | None = None
    completed: int | None = None
    declined: int | None = None
    expires: int | None = None
    folder: str | None = None
    template: tuple[str, str] | None = None
    form: str | None = None
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    signatures: tuple[int, ...] = ()
    deleted: int | None = None
    content_edits: int = 0
    people_edits: int = 0
    attachments: int = 0
    locked: bool = False
    history: tuple[tuple[int, int], ...] = ()
    """Audit entries (time, action) beyond those that the other times tell of."""

    @property
    def reference(self) -> str:
        return f"{self.id[:5].upper()}-{self.number:05d}"

    @property
    def finished(self) -> bool:
        return self.status in FINISHED


@dataclass(slots=True, eq=False)
class Blueprint:
    """A template or a content library item (`kind`), drawn like a document."""

    kind: str
    number: int
    id: str
    name: str
    author: Author
    created: int
    modified: int
    content_modified: int
    folder: str | None = None
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    deleted: int | None = None
    content_edits: int = 0
    role_edits: int = 0


@dataclass(slots=True, eq=False)
class Folder:
    uuid: str
    name: str
    parent: str | None
    created: int


@dataclass(slots=True, eq=False)
class Form:
    id: str
    name: str
    status: str
    created: int
    modified: int
    responses: int


@dataclass(slots=True, eq=False)
class Price:
    """`pricing_method` 0 flat, 1 and 2 tiered; `tiers` are (smallest quantity, price)."""

    uuid: str
    currency: str
    price: float | int | None
    cost: float | int | None
    billing_type: str
    billing_cycle: int | None
    method: int
    tiers: list[tuple[int, float | int]] | None = None


@dataclass(slots=True, eq=False)
class Variant:
    uuid: str
    sku: str | None
    description: str | None
    status: int
    custom_fields: list[tuple[str, str | None]] | None
    created: int
    modified: int | None
    prices: list[Price]


@dataclass(slots=True, eq=False)
class CatalogItem:
    """`bundle` is (quantity, uuid of the item), None for a regular item."""

    uuid: str
    title: str
    author: str
    created: int
    modified: int | None
    editor: str | None
    category: tuple[str, str] | None
    price: Price
    variants: list[Variant]
    bundle: list[tuple[int, str]] | None = None


@dataclass(slots=True, eq=False)
class Subscription:
    uuid: str
    name: str
    url: str
    active: bool
    status: str
    payload: list[str] | None
    triggers: list[str] | None
    shared_key: str


@dataclass(frozen=True, slots=True)
class Event:
    """`created` is when it happened, which filters go by; `delivered` is what lists show."""

    uuid: str
    name: str
    type: str
    http_status: int | None
    error: str | None
    created: int
    delivered: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A call of the public API, ours too."""

    number: int
    method: str
    url: str
    status: int
    asked: int
    answered: int


@dataclass(slots=True, eq=False)
class Notary:
    id: str
    email: str
    name: str | None
    status: str
    state: str | None


@dataclass(frozen=True, slots=True)
class OptOut:
    phone: str
    status: str
    changed: int
