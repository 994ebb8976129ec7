"""Invented words, and quick ways to pick among them."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

DOCUMENT_KINDS = (
    "Proposal|Quote|Statement of Work|Master Agreement|Retainer|Order Form|Renewal|Invoice Cover|Change Request|Offer"
).split("|")
TAGS = "emea q1 q2 renewal legal urgent pilot upsell priority-α archive".split()
METADATA_KEYS = ("crm_deal_id", "crm.owner", "document__created_via_public_api", "Région", "import batch")
TOKENS = "Client.Company Client.FirstName Client.LastName Sender.Phone Deal.Name Deal.CloseDate Price.Note".split()
FIELD_NAMES = "PO number|Start date|Agree|Signature|Initials|Delivery|Payment terms|Upload|Stamp|Comment".split("|")
FIELD_TYPES = "text date checkbox signature initials dropdown radio_buttons collect_file stamp payment_details".split()
PRODUCTS = "Licence|Onboarding|Support|Training day|Integration|Lamp oil|Net mending|Storage|Audit|Workshop".split("|")
COLUMNS = ("Region", "Margin %", "Größe", "Lead time")
TABLE_NAMES = ("Pricing Table 1", "Options", "Recurring services")
SECTION_NAMES = ("Services", "Support", "Hardware", "One-time fees")
ROLES = ("Client", "Sender", "Approver", "Witness", "Legal")
CURRENCIES = ("USD", "EUR", "GBP", "JPY")
FOLDERS = "Sales|Legal|Partners|Archive|Drafts|Renewals|Templates|Shared|2024|2025".split("|")
FORMS = "Intake|Feedback|Order|Waiver|Subscription|Referral".split("|")
CATEGORIES = ("Software", "Services", "Hardware")
PROVIDERS = ("hubspot", "pipedrive", "salesforce")
REASONS = ("Wrong amount", "Price too high", "", "Needs legal review")
TEXT_VALUES = ("PO-1042", "net 30", "", "as discussed", "0", "Ärger & Söhne", "line one\nline two")
LANGUAGES = ("en-US", "de-DE", "fr-FR", "pt-BR")
STREETS = ("Quay Road", "Lantern Lane", "Mill Rise")
COUNTRIES = ("US", "NL", "NZ", "PT")
TRIGGERS = (
    "recipient_completed document_updated document_deleted document_state_changed document_creation_failed "
    "document_completed_pdf_ready document_section_added quote_updated template_created template_updated "
    "template_deleted content_library_item_created content_library_item_creation_failed"
).split()


def pick(random: Random, choices: Sequence[T]) -> T:
    """One of `choices`; quicker than `random.choice`."""
    return choices[int(random.random() * len(choices))]


def number(random: Random, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    return least + int(random.random() * (most - least + 1))


def maybe(random: Random, share: float) -> bool:
    return random.random() < share
