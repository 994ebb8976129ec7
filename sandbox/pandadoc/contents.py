"""What a document, template or content library item holds: drawn from its number, never stored.

The same number with the same edits gives the same contents, so that 20,000 documents cost no memory. Each edit is
drawn too and changes one thing. Amounts are text, as the vendor writes them; sums are exact.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal
from random import Random
from typing import Any

from sandbox.pandadoc import words
from sandbox.pandadoc.formats import DAY, STYLES, instant, plain, short_id, uuid
from sandbox.pandadoc.records import Blueprint, Contact, Document
from sandbox.pandadoc.words import maybe, number, pick

Style = Callable[[Decimal], str]
Rate = tuple[str | None, str | None]
"""Type and value of a discount, tax or fee."""
Map = dict[str, Any] | None
SIGNATURE_LIKE = frozenset(("signature", "initials", "stamp", "collect_file", "payment_details"))
HUGE = Decimal("98765432109876543.21")
EXACT = Context(prec=60)
FINEST = Decimal("1e-9")
FINE = range(-9, 30)
"""Exponents of amounts that need no rounding."""
CYCLES = ("monthly", "quarterly", "annually")


@dataclass(slots=True)
class GroupMember:
    id: str
    first: str
    last: str
    email: str | None
    link: str
    signed: int | None = None


@dataclass(slots=True)
class Recipient:
    """`members` is None for a single recipient. `typed`: whether the answer says which of the two it is; `nulls`:
    whether it names the ways of verification that are not used, beside `check`, the one that is."""

    id: str
    kind: str
    roles: list[str]
    order: int | None
    email: str | None
    first: str = ""
    last: str = ""
    phone: str | None = None
    contact: str = ""
    name: str = ""
    members: list[GroupMember] | None = None
    typed: bool = True
    delivery: tuple[bool, bool] | None = (True, False)
    redirect: str | None = None
    link: str = ""
    verification: str | None = None
    check: dict[str, Any] = field(default_factory=dict)
    nulls: bool = False
    avatar: str | None = None
    completed: bool = False
    signed: int | None = None

    @property
    def type(self) -> str:
        return "recipient" if self.members is None else "recipient_group"


@dataclass(slots=True)
class Field:
    """`recipient` is the place of the recipient that it is assigned to. `blank`: nobody, in empty texts."""

    uuid: str
    field_id: str
    name: str
    title: str
    placeholder: str
    type: str
    value: Any
    filled: bool
    recipient: int | None
    blank: bool


@dataclass(slots=True)
class Line:
    id: str | None
    sku: str | None
    name: str | None
    description: str | None
    qty: Any
    cost: str | None
    price: str | None
    sale_price: str | None
    subtotal: str | None
    discount: Rate | None
    tax_first: Rate | None
    tax_second: Rate | None
    discounts: Map
    taxes: Map
    fees: Map
    custom_fields: Map
    custom_columns: Map
    merged: Map
    options: tuple[bool | None, bool | None, bool | None, bool | None] | None


@dataclass(slots=True)
class PricingTable:
    id: str
    name: str
    currency: str
    included: bool
    lines: list[Line]
    summary: dict[str, str | None] | None
    total: str


@dataclass(slots=True)
class Item:
    id: str | None
    sku: str | None
    name: str
    description: str | None
    qty: str
    price: str
    cost: str | None
    billing: str | None
    term: str | None
    method: str | None
    type: str | None
    reference: str | None
    selected: bool | None
    qty_editable: bool | None
    total: str
    custom_columns: Map
    external_columns: dict[str, str]
    multipliers: Map
    discounts: Map
    taxes: Map
    fees: Map


@dataclass(slots=True)
class Section:
    id: str
    name: str
    items: list[Item] | None
    optional: bool
    selected: bool
    selection: str
    summary: dict[str, Any]
    columns: list[dict[str, Any]]
    total: str


@dataclass(slots=True)
class Quote:
    id: str
    currency: str
    sections: list[Section]
    summary: dict[str, Any]
    rules: list[dict[str, Any]]
    selection: str
    total: str


@dataclass(slots=True)
class Role:
    id: str
    name: str
    order: str | None
    person: dict[str, Any] | None


@dataclass(slots=True)
class Contents:
    """`total` is None where there is no pricing; `amount` and `currency` are the grand total."""

    recipients: list[Recipient] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    tokens: list[tuple[str, str | None]] = field(default_factory=list)
    tables: list[PricingTable] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    placeholders: list[tuple[str, str, str]] = field(default_factory=list)
    images: int = 0
    texts: int | None = 0
    total: str | None = None
    amount: str = "0"
    currency: str = "USD"


class Drawing:
    """Draws contents. `book` is the contacts as they were at first: recipients do not change with them."""

    def __init__(self, seed: int, book: list[Contact]) -> None:
        self.seed = seed
        self.book = book

    def document(self, document: Document) -> Contents:
        """The contents of a document, with every edit and signature up to now."""
        drawn = _Draw(self.seed, "document", document.number, self.book)
        contents = drawn.contents(document.created)
        for edit in range(document.people_edits):
            drawn.edit_people(contents, edit)
        for edit in range(document.content_edits):
            drawn.edit(contents, edit)
        signers = (one for one in contents.recipients if one.kind == "signer")
        for signer, time in zip(signers, document.signatures, strict=False):
            signer.completed, signer.signed = True, time
            for member in (signer.members or ())[:1]:
                member.signed = time
        drawn.totals(contents)
        return contents

    def blueprint(self, blueprint: Blueprint) -> Contents:
        """The contents of a template or content library item: roles instead of recipients."""
        drawn = _Draw(self.seed, blueprint.kind, blueprint.number, self.book)
        contents = drawn.contents(blueprint.created)
        contents.recipients, contents.links = [], []
        for one in contents.fields:
            one.recipient, one.filled = None, False
        drawn.roles(contents)
        for edit in range(blueprint.role_edits):
            drawn.edit_roles(contents, edit)
        for edit in range(blueprint.content_edits):
            drawn.edit(contents, edit)
        drawn.totals(contents)
        return contents


class _Draw:
    def __init__(self, seed: int, kind: str, number: int, book: list[Contact]) -> None:
        self.what = (seed, kind, number)
        self.number = number
        self.book = book
        self.random = Random(f"{seed} {kind} {number}")
        self.currency = pick(self.random, words.CURRENCIES)
        self.style = STYLES[0 if maybe(self.random, 0.5) else 1]
        if number % 23 == 7:
            self.style = STYLES[2]
        self.made = 0
        self.nulls = number % 3 == 0
        """Whether it shows nulls that the schema denies, and that older clients refuse. pandadoc.md 13.7."""

    def contents(self, created: int) -> Contents:
        random = self.random
        found = Contents(currency=self.currency)
        found.recipients = [self.recipient(place) for place in range(number(random, 1, 3))]
        if self.number % 9 == 4:
            found.recipients.append(self.group(len(found.recipients)))
        found.fields = [self.field(place, found, created) for place in range(number(random, 0, 6))]
        found.tokens = [
            (name, None if self.nulls and maybe(random, 0.15) else f"{name.split('.')[1]} {number(random, 1, 99)}")
            for name in words.TOKENS[: number(random, 0, 4)]
        ]
        way = random.random() if self.number % 5 != 1 else 0.1
        if way < 0.6:
            found.tables = [self.table(place) for place in range(1 if way < 0.5 else 2)]
        if way < 0.2 or way > 0.95:
            found.quotes = [self.quote()]
        if maybe(random, 0.25) or self.number % 5 == 1:
            found.links = [self.link() for _ in range(number(random, 1, 2))]
        found.images = number(random, 0, 2)
        found.texts = None if maybe(random, 0.1) else number(random, 0, 2)
        return found

    def _id(self, what: str) -> str:
        self.made += 1
        return short_id(*self.what, what, self.made)

    def _uuid(self, what: str) -> str:
        self.made += 1
        return uuid(*self.what, what, self.made)

    def recipient(self, place: int) -> Recipient:
        random = self.random
        contact = pick(random, self.book)
        person = contact.person
        roles = [pick(random, words.ROLES)] if maybe(random, 0.9) else ["Client", "Witness"]
        kind = "signer" if place == 0 else pick(random, ("signer", "signer", "CC", "approver"))
        found = Recipient(
            self._id("recipient"),
            kind,
            roles,
            place + 1 if maybe(random, 0.7) else None,
            person.email,
            person.first,
            person.last,
            person.phone,
            contact.id,
            typed=self.number % 7 != 3,
            redirect=None if self.nulls else "",
            nulls=self.nulls,
        )
        found.link = f"https://app.pandadoc.example/document/v2?token={self._id('link')}"
        if maybe(random, 0.3):
            found.phone = ""
        if maybe(random, 0.2):
            found.delivery = None if maybe(random, 0.5) else (True, True)
        if maybe(random, 0.15):
            found.redirect = f"https://thanks.example/{number(random, 1, 9)}"
        if maybe(random, 0.12):
            found.verification = pick(random, ("before_open", "before_sign"))
            found.check = self.check(person.email or "nobody@mail.example")
        if maybe(random, 0.2):
            found.avatar = f"https://avatars.example/{self._id('avatar')}"
        return found

    def check(self, email: str) -> dict[str, Any]:
        """How a recipient proves who they are: a secret."""
        return pick(
            self.random,
            (
                {"passcode_verification": {"passcode": f"Pass{self._id('passcode')[:6]}7"}},
                {"passcode_verification": {"passcode": f"Pass{self._id('passcode')[:6]}8"}},
                {"phone_verification": {"phone_number": f"+1312555{number(self.random, 100, 199):04d}"}},
                {"kba_verification": {"time_limit_sec": 300, "score_threshold": 80, "max_attempts_count": 3}},
                {"id_verification": {"enabled": True}},
                {"email_otp_verification": {"email": email}},
            ),
        )

    def group(self, place: int) -> Recipient:
        people = [pick(self.random, self.book) for _ in range(number(self.random, 1, 3))]
        members = [
            GroupMember(
                self._id("group member"),
                one.person.first,
                one.person.last,
                one.person.email,
                f"https://app.pandadoc.example/document/v2?token={self._id('link')}",
            )
            for one in people
        ]
        kind = pick(self.random, ("signer", "approver"))
        return Recipient(self._id("recipient"), kind, ["Legal"], None, None, name="Legal team", members=members)

    def field(self, place: int, contents: Contents, created: int) -> Field:
        random = self.random
        type = pick(random, words.FIELD_TYPES)
        name = pick(random, words.FIELD_NAMES)
        value, filled = self.value(type, created), maybe(random, 0.5)
        found = Field(
            self._uuid("field"),
            f"{name.lower().replace(' ', '_')}_{place}",
            name,
            "",
            name if maybe(random, 0.5) else "",
            type,
            value,
            filled,
            None,
            maybe(random, 0.3),
        )
        if maybe(random, 0.7):
            found.recipient = int(random.random() * len(contents.recipients))
        return found

    def value(self, type: str, created: int) -> Any:
        random = self.random
        if type == "checkbox":
            return maybe(random, 0.5)
        if type == "date":
            return instant(created + number(random, 0, 90) * DAY)
        if type == "collect_file":
            return {"name": "scan.pdf", "url": f"https://files.example/signed/{self._id('file')}?signature=x"}
        if type == "payment_details":
            return ""
        if type in SIGNATURE_LIKE:
            return {}
        return None if self.nulls and maybe(random, 0.15) else pick(random, words.TEXT_VALUES)

    def amount(self) -> Decimal:
        """Up to 20,000, in cents, mostly round."""
        random = self.random
        value = int(random.random() ** 3 * 2_000_000)
        return Decimal(value // 100) if maybe(random, 0.4) else Decimal(value).scaleb(-2)

    def line(self) -> Line:
        random = self.random
        name = pick(random, words.PRODUCTS)
        price = self.amount() if self.number % 97 != 11 else HUGE
        count = Decimal(number(random, 1, 12))
        if maybe(random, 0.1):
            count = Decimal(number(random, 1, 9_999)).scaleb(-number(random, 1, 9))
        rate = number(random, 0, 20)
        qty: Any = plain(count)
        if self.nulls and maybe(random, 0.25) and count == int(count):
            qty = int(count)
        found = Line(
            self._uuid("line") if maybe(random, 0.85) else None,
            f"SKU-{number(random, 1, 99)}" if maybe(random, 0.7) else None,
            name,
            f"{name}, as agreed" if maybe(random, 0.4) else None,
            qty,
            self.style(self.amount()) if maybe(random, 0.3) else pick(random, (None, "")),
            self.style(price),
            self.style(price),
            _product(price, count, self.style),
            None,
            None,
            None,
            {},
            {},
            {},
            {},
            {},
            None,
            None,
        )
        if maybe(random, 0.3):
            found.discount = ("percent", str(rate)) if maybe(random, 0.7) else ("absolute", self.style(self.amount()))
            found.discounts = {"Loyalty": {"type": found.discount[0], "value": found.discount[1]}}
        if maybe(random, 0.4):
            found.tax_first = ("percent", "9.5")
            found.taxes = {"VAT": {"type": "percent", "value": "9.5"}, "Größe %": {"type": None, "value": None}}
        if maybe(random, 0.1):
            found.tax_second, found.fees = ("percent", "1"), None
        if maybe(random, 0.4):
            column = pick(random, words.COLUMNS)
            found.custom_columns = {column: f"{number(random, 1, 40)}"}
            found.merged = {"Name": name, column: found.custom_columns[column], "QTY": str(qty)}
        if maybe(random, 0.1):
            found.custom_fields = {"cost centre": "77"} if maybe(random, 0.5) else None
        if maybe(random, 0.6):
            found.options = (maybe(random, 0.3), True, False, None if maybe(random, 0.1) else False)
        return found

    def table(self, place: int) -> PricingTable:
        random = self.random
        lines = [self.line() for _ in range(number(random, 1, 4))]
        summary: dict[str, str | None] | None = None if maybe(random, 0.05) else {}
        name = words.TABLE_NAMES[place]
        return PricingTable(self._uuid("table"), name, self.currency, maybe(random, 0.9), lines, summary, "0")

    def item(self) -> Item:
        random = self.random
        name, price, count = pick(random, words.PRODUCTS), self.amount(), Decimal(number(random, 1, 20))
        recurring = maybe(random, 0.4)
        return Item(
            None if maybe(random, 0.3) else self._uuid("item"),
            None if maybe(random, 0.3) else f"Q-{price}",
            name,
            None,
            plain(count),
            self.style(price),
            None,
            pick(random, CYCLES) if recurring else "one_time",
            "12" if recurring else None,
            pick(random, ("flat", "volume", None)),
            pick(random, ("regular", None)),
            "catalog" if maybe(random, 0.5) else None,
            maybe(random, 0.9),
            None if maybe(random, 0.1) else True,
            _product(price, count, self.style),
            {pick(random, words.COLUMNS): "7"} if maybe(random, 0.4) else None,
            {"crm field": "x"} if maybe(random, 0.3) else {},
            {"seats": "2"} if maybe(random, 0.2) else None,
            {"Loyalty": {"type": "percent", "value": "5"}} if maybe(random, 0.3) else {},
            {"VAT": {"type": "percent", "value": "20"}} if maybe(random, 0.3) else {},
            {},
        )

    def section(self) -> Section:
        random = self.random
        items = None if maybe(random, 0.05) else [self.item() for _ in range(number(random, 1, 3))]
        columns = [{"header": "Item", "name": "name", "merge_name": None, "hidden": "false"}]
        name = pick(random, words.SECTION_NAMES)
        optional = maybe(random, 0.2)
        return Section(self._uuid("section"), name, items, optional, True, "custom", {}, columns, "0")

    def quote(self) -> Quote:
        random = self.random
        sections = [self.section() for _ in range(number(random, 1, 2))]
        rules = []
        if maybe(random, 0.2):
            comparison = [{"type": "equals", "value": "emea"}]
            rules.append(
                {
                    "id": self._uuid("rule"),
                    "enabled": True,
                    "action": {"type": "show_section", "section_id": sections[0].id},
                    "condition": {"field_name": "region", "type": "metadata", "comparison": comparison},
                }
            )
        return Quote(self._uuid("quote"), self.currency, sections, {}, rules, "custom", "0")

    def link(self) -> dict[str, Any]:
        random = self.random
        children = []
        if maybe(random, 0.3):
            children = [{"id": self._uuid("link"), "entity_type": "quote", "entity_id": str(number(random, 1, 9_999))}]
        return {
            "id": self._uuid("link"),
            "provider": pick(random, words.PROVIDERS),
            "entity_type": "deal",
            "entity_id": str(number(random, 1, 99_999)),
            "children": children,
        }

    def roles(self, contents: Contents) -> None:
        random = self.random
        for place in range(number(random, 1, 3)):
            person: dict[str, Any] | None = None
            if maybe(random, 0.4):
                known = pick(random, self.book).person
                person = {
                    "type": "recipient",
                    "email": known.email,
                    "first_name": known.first,
                    "last_name": known.last,
                    "placeholder_name": None if self.nulls else "",
                    "placeholder_source": None if self.nulls else "",
                    "members": [{"email": known.email, "first_name": known.first, "last_name": None}]
                    if maybe(random, 0.3)
                    else [],
                }
            order = str(place + 1) if maybe(random, 0.7) else None
            contents.roles.append(Role(self._id("role"), words.ROLES[place], order, person))
        contents.placeholders = [
            (self._uuid("placeholder"), f"block-{place}", "Put the terms here") for place in range(number(random, 0, 2))
        ]

    def edit(self, contents: Contents, edit: int) -> None:
        """One change of what is written in it."""
        self.random = random = Random(f"{self.what} content {edit}")
        self.made = 1_000_000 * (edit + 1)
        way = edit % 5 if contents.tables else edit % 3
        if way == 0 or not (contents.fields or contents.tables):
            contents.tokens = [*contents.tokens[1:], (f"Edit.{edit}", f"text {number(random, 1, 999)}")]
        elif way == 1 and contents.fields:
            place = int(random.random() * len(contents.fields))
            found = contents.fields[place]
            found.value, found.filled = self.value(found.type, edit * DAY), True
            found.name = f"{found.name} {number(random, 1, 99)}"
        elif way == 2 and len(contents.fields) > 1:
            del contents.fields[-1]
        elif way == 3 and len(contents.tables[0].lines) > 1:
            contents.tables[0].lines.pop()
        elif contents.tables:
            contents.tables[0].lines.insert(0, self.line())
        else:
            contents.tokens.append((f"Added.{edit}", None if self.nulls else ""))

    def edit_people(self, contents: Contents, edit: int) -> None:
        """One change among the recipients."""
        self.random = random = Random(f"{self.what} people {edit}")
        self.made = 1_000_000_000 * (edit + 1)
        way = number(random, 0, 2)
        if way == 0 and len(contents.recipients) > 1:
            contents.recipients.pop()
            for one in contents.fields:
                if one.recipient is not None and one.recipient >= len(contents.recipients):
                    one.recipient = None
        elif way == 1:
            contents.recipients.append(self.recipient(len(contents.recipients)))
        else:
            contents.recipients[0].phone = f"+1 312 555 {number(random, 100, 199):04d}"
            contents.recipients[0].last = f"{contents.recipients[0].last}-{edit}"

    def edit_roles(self, contents: Contents, edit: int) -> None:
        random = Random(f"{self.what} roles {edit}")
        if len(contents.roles) > 1 and maybe(random, 0.4):
            contents.roles.pop()
        contents.roles[0].name = f"{contents.roles[0].name} {edit}"

    def totals(self, contents: Contents) -> None:
        """Add everything up, exactly."""
        counted = []
        for table in contents.tables:
            total = _sum(line.subtotal for line in table.lines)
            table.total = self.style(total)
            if table.summary is not None:
                table.summary = {
                    "subtotal": table.total,
                    "discount": self.style(Decimal(0)),
                    "tax": None,
                    "fee": "0",
                    "total": table.total,
                }
            if table.included:
                counted.append(table.total)
        for quote in contents.quotes:
            self._quote_totals(quote)
            counted.append(quote.total)
        whole = _sum(counted)
        contents.amount = self.style(whole)
        contents.total = self.style(whole) if contents.tables or contents.quotes else None

    def _quote_totals(self, quote: Quote) -> None:
        again = Decimal(0)
        for section in quote.sections:
            total = _sum(item.total for item in section.items or ())
            recurring = _sum(one.total for one in section.items or () if one.billing in CYCLES)
            section.total = self.style(total)
            section.summary = {**self._summary(total, recurring), "total_section_value": section.total}
            again = EXACT.add(again, recurring)
        whole = _sum(section.total for section in quote.sections)
        quote.total = self.style(whole)
        quote.summary = {
            **self._summary(whole, again),
            "total_savings": None,
            "total_contract_value": self.style(whole),
            "total_discount": self.style(Decimal(0)),
            "total_tax": None,
            "total_fee": "0",
        }

    def _summary(self, total: Decimal, recurring: Decimal) -> dict[str, Any]:
        return {
            "total": self.style(total),
            "subtotal": self.style(total),
            "one_time_subtotal": self.style(EXACT.subtract(total, recurring)),
            "total_qty": None,
            "recurring_subtotal": [{"billing_cycle": "monthly", "value": self.style(recurring)}] if recurring else [],
            "discounts": {},
            "taxes": {"VAT": {"type": "percent", "value": "20"}},
            "fees": None,
            "custom_fields": {"note": "x"} if total else {},
        }


def _product(price: Decimal, count: Decimal, style: Style) -> str:
    """Never more than nine decimals."""
    product = EXACT.multiply(price, count)
    return style(product if product.as_tuple()[2] in FINE else EXACT.quantize(product, FINEST))


def _sum(amounts: Iterable[str | None]) -> Decimal:
    whole = Decimal(0)
    for amount in amounts:
        whole = EXACT.add(whole, Decimal(amount or 0))
    return whole
