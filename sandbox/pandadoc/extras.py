"""What hangs at a document beside its contents: worked out from it, never stored. Parts have the vendor's names.
pandadoc.md 9.7."""

from collections import Counter

from sandbox.pandadoc import words
from sandbox.pandadoc.contents import Contents, Part
from sandbox.pandadoc.formats import short_id, uuid
from sandbox.pandadoc.kinds import FINISHED, UNSENT
from sandbox.store import Record

NEW, REVISED, SENT, FINISHED_ACTION, SIGNED, DECLINED = 1, 2, 6, 7, 9, 43
"""Audit action codes."""
REMINDED_STATUSES = ("sent", "scheduled", "error")


def attachments(document: Record) -> list[Part]:
    return [
        {
            "uuid": uuid(document.id, "attachment", place),
            "name": None if place == 1 else f"annex-{place}.pdf",
            "type": "general" if place % 2 == 0 else "certificate",
            "created": document.created + 60_000_000 * (place + 1),
            "author": document.fields["author"],
        }
        for place in range(document.fields["attachments"])
    ]


def sections(document: Record) -> list[Part]:
    """Only bundles have any."""
    name = document.fields["name"]
    places = range(2 if document.fields["number"] % 6 == 1 else 0)
    return [{"uuid": uuid(document.id, "section", place), "name": f"{name} ({place + 1})"} for place in places]


def happened(document: Record) -> list[tuple[int, int]]:
    """Times and actions of its life, in this status and in those before it was revised."""
    fields = document.fields
    found = [(document.created, NEW), *fields["history"], (fields.get("sent"), SENT)]
    found += [(time, SIGNED) for time in fields["signatures"]]
    found += [(fields.get("completed"), FINISHED_ACTION), (fields.get("declined"), DECLINED)]
    return [(time, action) for time, action in found if time is not None]


def audit_trail(document: Record, hidden_address: bool) -> list[Part]:
    """Entries name the document's owner; who signed is not a user. They stay when the document is revised."""
    author, number = document.fields["author"], document.fields["number"]
    again: Counter[tuple[int, int]] = Counter()
    found = []
    for time, action in happened(document):
        again[time, action] += 1
        found.append(
            {
                "id": short_id(document.id, "audit", time, action, again[time, action]),
                "user": {"id": author["id"], "email": author["email"]},
                "action": action,
                "reason": words.REASONS[number % 4] if action == DECLINED else None,
                "time": time,
                "ip_address": "hidden" if hidden_address else None if time % 5 == 4 else f"192.0.2.{number % 250}",
            }
        )
    return found


def settings(document: Record) -> Part:
    number = document.fields["number"]
    return {
        "language": words.LANGUAGES[number % 4],
        "qualified_electronic_signature": number % 11 == 0,
        "expires_in": 30 + number % 60,
        "suggest_edits": number % 5 == 0,
    }


def reminders(document: Record, contents: Contents) -> Part | None:
    """None for a finished document. `recipients` is None where nobody is being reminded. pandadoc.md 4."""
    number, status = document.fields["number"], document.fields["status"]
    if status in FINISHED:
        return None
    enabled = number % 3 != 0
    signers = [one["id"] for one in contents.recipients if one["recipient_type"] == "signer"]
    told = [{"recipient_id": id, "status": REMINDED_STATUSES[(number + place) % 3]} for place, id in enumerate(signers)]
    return {
        "enabled": enabled,
        "delivery_method": "email" if number % 4 else "sms",
        "initial_delay_days": 1 + number % 30,
        "is_recurring": number % 2 == 0,
        "recurrence_frequency_days": 1 + number % 7,
        "recipients": told if enabled and status not in UNSENT else None,
    }
