"""What hangs at a document beside its contents: worked out from it, never stored. pandadoc.md 9.7."""

from collections import Counter
from dataclasses import dataclass

from sandbox.pandadoc import words
from sandbox.pandadoc.contents import Contents
from sandbox.pandadoc.formats import short_id, uuid
from sandbox.pandadoc.records import DRAFT, UNSENT, Author, Document

NEW, REVISED, SENT, FINISHED, SIGNED, DECLINED = 1, 2, 6, 7, 9, 43
"""Audit action codes."""
REMINDED_STATUSES = ("sent", "scheduled", "error")


@dataclass(frozen=True, slots=True)
class Attachment:
    uuid: str
    name: str | None
    type: str
    created: int
    author: Author


@dataclass(frozen=True, slots=True)
class Audit:
    id: str
    user_id: str
    email: str
    action: int
    reason: str | None
    time: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    language: str
    qualified: bool
    expires_in: int
    suggest_edits: bool


@dataclass(frozen=True, slots=True)
class Reminders:
    """`recipients` are (id, status), None where nobody is being reminded."""

    enabled: bool
    delivery: str
    first_days: int
    recurring: bool
    every_days: int
    recipients: list[tuple[str, str]] | None


def attachments(document: Document) -> list[Attachment]:
    return [
        Attachment(
            uuid(document.id, "attachment", place),
            None if place == 1 else f"annex-{place}.pdf",
            "general" if place % 2 == 0 else "certificate",
            document.created + 60_000_000 * (place + 1),
            document.author,
        )
        for place in range(document.attachments)
    ]


def sections(document: Document) -> list[tuple[str, str]]:
    """Id and name; only bundles have any."""
    count = 2 if document.number % 6 == 1 else 0
    return [(uuid(document.id, "section", place), f"{document.name} ({place + 1})") for place in range(count)]


def happened(document: Document) -> list[tuple[int, int]]:
    """Times and actions of its life, in this status and in those before it was revised."""
    found = [(document.created, NEW), *document.history]
    if document.sent is not None:
        found.append((document.sent, SENT))
    found += [(time, SIGNED) for time in document.signatures]
    if document.completed is not None:
        found.append((document.completed, FINISHED))
    if document.declined is not None:
        found.append((document.declined, DECLINED))
    return found


def audit_trail(document: Document, hidden_address: bool) -> list[Audit]:
    """Entries name the document's owner; who signed is not a user. They stay when the document is revised."""
    author = document.author
    again: Counter[tuple[int, int]] = Counter()
    found = []
    for time, action in happened(document):
        again[time, action] += 1
        reason = words.REASONS[document.number % 4] if action == DECLINED else None
        address = "hidden" if hidden_address else None if time % 5 == 4 else f"192.0.2.{document.number % 250}"
        id = short_id(document.id, "audit", time, action, again[time, action])
        found.append(Audit(id, author.user_id, author.email, action, reason, time, address))
    return found


def settings(document: Document) -> Settings:
    number = document.number
    return Settings(words.LANGUAGES[number % 4], number % 11 == 0, 30 + number % 60, number % 5 == 0)


def reminders(document: Document, contents: Contents) -> Reminders | None:
    """None for a finished document. pandadoc.md 4."""
    if document.finished:
        return None
    number = document.number
    enabled = number % 3 != 0
    recipients = None
    if enabled and document.status not in UNSENT and document.status != DRAFT:
        signers = [one for one in contents.recipients if one.kind == "signer"]
        recipients = [(one.id, REMINDED_STATUSES[(number + place) % 3]) for place, one in enumerate(signers)]
    delivery = "email" if number % 4 else "sms"
    return Reminders(enabled, delivery, 1 + number % 30, number % 2 == 0, 1 + number % 7, recipients)
