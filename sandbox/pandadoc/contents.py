"""What a document, template or content library item holds: drawn from its number, never stored.

The same number with the same edits gives the same contents, so that 20,000 documents cost no memory. Each edit is
drawn too and changes one thing. Parts have the vendor's names. Amounts are text, as the vendor writes them; sums are
exact.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Context, Decimal
from random import Random
from typing import Any

from sandbox.deals import Deal, currency_of
from sandbox.pandadoc import words
from sandbox.pandadoc.formats import DAY, STYLES, instant, plain, short_id, uuid
from sandbox.pandadoc.words import maybe, number, pick
from sandbox.store import Fields, Record

Style = Callable[[Decimal], str]
Part = dict[str, Any]
SIGNATURE_LIKE = frozenset(("signature", "initials", "stamp", "collect_file", "payment_details"))
CHECKS = "passcode_verification phone_verification kba_verification id_verification email_otp_verification".split()
OPTIONS = "optional optional_selected multichoice_enabled multichoice_selected".split()
HUGE = Decimal("98765432109876543.21")
EXACT = Context(prec=60)
FINEST = Decimal("1e-9")
FINE = range(-9, 30)
"""Exponents of amounts that need no rounding."""
CYCLES = ("monthly", "quarterly", "annually")


@dataclass(slots=True)
class Contents:
    """A group among the `recipients` has `members`. Of a field, `recipient` is the place of the recipient that it is
    assigned to, None for nobody, who is in empty texts where it is `blank`. `total` is None where there is no pricing;
    `amount` and `currency` are the grand total. `nulls`: it shows nulls that the schema denies, and that older clients
    refuse. pandadoc.md 13.7"""

    nulls: bool
    currency: str
    recipients: list[Part] = field(default_factory=list)
    fields: list[Part] = field(default_factory=list)
    tokens: list[Part] = field(default_factory=list)
    tables: list[Part] = field(default_factory=list)
    quotes: list[Part] = field(default_factory=list)
    links: list[Part] = field(default_factory=list)
    roles: list[Part] = field(default_factory=list)
    placeholders: list[Part] = field(default_factory=list)
    images: int = 0
    texts: int | None = 0
    total: str | None = None
    amount: str = "0"


class Drawing:
    """Draws contents. `book` is who stands in blueprints, `hostile` whether some amounts are huge and some quantities
    have nine decimals."""

    def __init__(self, seed: int, book: list[Fields], hostile: bool) -> None:
        self.seed = seed
        self.book = book
        self.hostile = hostile

    def document(self, document: Record) -> Contents:
        """The contents of a document, with every edit and signature up to now."""
        fields = document.fields
        drawn = _Draw(self.seed, "document", fields["number"], fields["addressees"], self.hostile)
        client = fields["addressees"][0]["client"]
        if client is not None:
            drawn.currency = currency_of(client)
        contents = drawn.contents(document.created, fields.get("deal"))
        for edit in range(fields["people_edits"]):
            drawn.edit_people(contents, edit)
        for edit in range(fields["content_edits"]):
            drawn.edit(contents, edit)
        signers = (one for one in contents.recipients if one["recipient_type"] == "signer")
        for signer, time in zip(signers, fields["signatures"], strict=False):
            signer["has_completed"] = True
            signer.get("members", [signer])[0]["signature_date"] = instant(time)
        drawn.totals(contents)
        return contents

    def blueprint(self, blueprint: Record) -> Contents:
        """The contents of a template or content library item: roles instead of recipients."""
        drawn = _Draw(self.seed, blueprint.kind, blueprint.fields["number"], self.book, self.hostile)
        contents = drawn.contents(blueprint.created)
        contents.recipients, contents.links = [], []
        for one in contents.fields:
            one |= {"recipient": None, "is_filled": False}
        drawn.roles(contents)
        for edit in range(blueprint.fields["role_edits"]):
            drawn.edit_roles(contents, edit)
        for edit in range(blueprint.fields["content_edits"]):
            drawn.edit(contents, edit)
        drawn.totals(contents)
        return contents


class _Draw:
    def __init__(self, seed: int, kind: str, number: int, book: list[Fields], hostile: bool) -> None:
        self.what = (seed, kind, number)
        self.number = number
        self.book = book
        self.hostile = hostile
        self.random = Random(f"{seed} {kind} {number}")
        self.currency = pick(self.random, words.CURRENCIES)
        self.style = STYLES[0 if maybe(self.random, 0.5) else 1]
        if number % 23 == 7:
            self.style = STYLES[2]
        self.made = 0
        self.nulls = number % 3 == 0

    def contents(self, created: int, deal: Deal | None = None) -> Contents:
        """A deal's document has one table, which is worth its amount."""
        random = self.random
        found = Contents(self.nulls, self.currency)
        found.recipients = [self.recipient(place) for place in range(min(number(random, 1, 3), len(self.book)))]
        if self.number % 9 == 4:
            found.recipients.append(self.group())
        found.fields = [self.field(place, found, created) for place in range(number(random, 0, 6))]
        for name in words.TOKENS[: number(random, 0, 4)]:
            empty = self.nulls and maybe(random, 0.15)
            value = None if empty else f"{name.split('.')[1]} {number(random, 1, 99)}"
            found.tokens.append({"name": name, "value": value})
        way = random.random() if self.number % 5 != 1 else 0.1
        if deal is not None:
            found.tables = [self.table(0, deal.amount)]
        elif way < 0.6:
            found.tables = [self.table(place) for place in range(1 if way < 0.5 else 2)]
        if deal is None and (way < 0.2 or way > 0.95):
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

    def recipient(self, place: int) -> Part:
        """The first is the first of those who are addressed."""
        random, others = self.random, self.book[1:] or self.book
        contact = self.book[0] if place == 0 else others[(self.number + place) % len(others)]
        roles = [pick(random, words.ROLES)] if maybe(random, 0.9) else ["Client", "Witness"]
        found: Part = {
            "recipient_type": "signer" if place == 0 else pick(random, ("signer", "signer", "CC", "approver")),
            "id": self._id("recipient"),
            "role": roles[0],
            "roles": roles,
            "signing_order": place + 1 if maybe(random, 0.7) else None,
            "has_completed": False,
            "contact_id": contact["id"],
            **{name: contact[name] for name in ("email", "first_name", "last_name", "phone")},
            "shared_link": f"https://app.pandadoc.example/document/v2?token={self._id('link')}",
            "signature_date": None,
        }
        if maybe(random, 0.3):
            found["phone"] = ""
        sent = (None if maybe(random, 0.5) else True) if maybe(random, 0.2) else False
        found["delivery_methods"] = None if sent is None else {"email": True, "sms": sent}
        nowhere = None if self.nulls else ""
        redirect = f"https://thanks.example/{number(random, 1, 9)}" if maybe(random, 0.15) else nowhere
        found["redirect"] = {"is_enabled": bool(redirect), "url": redirect}
        found["verification_settings"] = None
        if maybe(random, 0.12):
            where = {"verification_place": pick(random, ("before_open", "before_sign"))}
            unused = dict.fromkeys(CHECKS) if self.nulls else {}
            check = self.check(contact["email"] or "nobody@mail.example")
            found["verification_settings"] = {**where, **unused, **check}
        found["avatar"] = f"https://avatars.example/{self._id('avatar')}" if maybe(random, 0.2) else None
        return found if self.number % 7 == 3 else {**found, "type": "recipient"}

    def check(self, email: str) -> Part:
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

    def group(self) -> Part:
        people = [pick(self.random, self.book) for _ in range(number(self.random, 1, 3))]
        members = [
            {
                "id": self._id("group member"),
                **{name: one[name] for name in ("email", "first_name", "last_name")},
                "shared_link": f"https://app.pandadoc.example/document/v2?token={self._id('link')}",
                "avatar": None,
                "signature_date": None,
            }
            for one in people
        ]
        kind = {"recipient_type": pick(self.random, ("signer", "approver")), "type": "recipient_group"}
        empty = dict.fromkeys(("role", "signing_order", "email"))
        named = {"roles": ["Legal"], "name": "Legal team", "has_completed": False}
        return {**kind, "id": self._id("recipient"), **empty, **named, "members": members}

    def field(self, place: int, contents: Contents, created: int) -> Part:
        random = self.random
        type = pick(random, words.FIELD_TYPES)
        name = pick(random, words.FIELD_NAMES)
        return {
            "value": self.value(type, created),
            "is_filled": maybe(random, 0.5),
            "uuid": self._uuid("field"),
            "field_id": f"{name.lower().replace(' ', '_')}_{place}",
            "name": name,
            "title": "",
            "placeholder": name if maybe(random, 0.5) else "",
            "type": type,
            "blank": maybe(random, 0.3),
            "recipient": int(random.random() * len(contents.recipients)) if maybe(random, 0.7) else None,
        }

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
        """Up to 1,500, in cents, mostly round."""
        random = self.random
        value = int(random.random() ** 3 * 150_000)
        return Decimal(value // 100) if maybe(random, 0.4) else Decimal(value).scaleb(-2)

    def line(self, price: Decimal | None = None) -> Part:
        """One piece for the price, or some for a price that is drawn."""
        random = self.random
        name = pick(random, words.PRODUCTS)
        count = Decimal(1)
        if price is None:
            price = HUGE if self.hostile and self.number % 97 == 11 else self.amount()
            count = Decimal(number(random, 1, 12))
            if self.hostile and maybe(random, 0.1):
                count = Decimal(number(random, 1, 9_999)).scaleb(-number(random, 1, 9))
        rate = number(random, 0, 20)
        qty: Any = plain(count)
        if self.nulls and maybe(random, 0.25) and count == int(count):
            qty = int(count)
        found: Part = {
            "id": self._uuid("line") if maybe(random, 0.85) else None,
            "sku": f"SKU-{number(random, 1, 99)}" if maybe(random, 0.7) else None,
            "name": name,
            "description": f"{name}, as agreed" if maybe(random, 0.4) else None,
            "qty": qty,
            "cost": self.style(self.amount()) if maybe(random, 0.3) else pick(random, (None, "")),
            "price": self.style(price),
            "sale_price": self.style(price),
            "subtotal": _product(price, count, self.style),
            **dict.fromkeys(("discount", "tax_first", "tax_second", "merged_data", "options")),
            **{empty: {} for empty in ("discounts", "taxes", "fees", "custom_fields", "custom_columns")},
        }
        if maybe(random, 0.3):
            percent = maybe(random, 0.7)
            found["discount"] = _rate("percent", str(rate)) if percent else _rate("absolute", self.style(self.amount()))
            found["discounts"] = {"Loyalty": found["discount"]}
        if maybe(random, 0.4):
            found["tax_first"] = _rate("percent", "9.5")
            found["taxes"] = {"VAT": _rate("percent", "9.5"), "Größe %": _rate(None, None)}
        if maybe(random, 0.1):
            found |= {"tax_second": _rate("percent", "1"), "fees": None}
        if maybe(random, 0.4):
            column = {pick(random, words.COLUMNS): f"{number(random, 1, 40)}"}
            found |= {"custom_columns": column, "merged_data": {"Name": name, **column, "QTY": str(qty)}}
        if maybe(random, 0.1):
            found["custom_fields"] = {"cost centre": "77"} if maybe(random, 0.5) else None
        if maybe(random, 0.6):
            options = (maybe(random, 0.3), True, False, None if maybe(random, 0.1) else False)
            found["options"] = dict(zip(OPTIONS, options, strict=True))
        return found

    def table(self, place: int, amount: Decimal | None = None) -> Part:
        """Worth this amount, if it is given."""
        random = self.random
        count = number(random, 1, 4)
        prices: list[Decimal | None] = [None] * count
        if amount is not None:
            share = amount // count
            prices = [*[share] * (count - 1), amount - share * (count - 1)]
        return {
            "items": [self.line(price) for price in prices],
            "summary": None if maybe(random, 0.05) else {},
            "id": self._uuid("table"),
            "name": words.TABLE_NAMES[place],
            "currency": self.currency,
            "is_included_in_total": amount is not None or maybe(random, 0.9),
        }

    def item(self) -> Part:
        random = self.random
        name, price, count = pick(random, words.PRODUCTS), self.amount(), Decimal(number(random, 1, 20))
        recurring = maybe(random, 0.4)
        total = _product(price, count, self.style)
        return {
            "id": None if maybe(random, 0.3) else self._uuid("item"),
            "sku": None if maybe(random, 0.3) else f"Q-{price}",
            "name": name,
            "description": None,
            "qty": plain(count),
            "price": self.style(price),
            "cost": None,
            "billing_frequency": pick(random, CYCLES) if recurring else "one_time",
            "contract_term": "12" if recurring else None,
            "pricing_method": pick(random, ("flat", "volume", None)),
            "type": pick(random, ("regular", None)),
            "reference_type": "catalog" if maybe(random, 0.5) else None,
            "total": total,
            "overall_total": total,
            "options": {"selected": maybe(random, 0.9), "qty_editable": None if maybe(random, 0.1) else True},
            "custom_columns": {pick(random, words.COLUMNS): "7"} if maybe(random, 0.4) else None,
            "external_columns": {"crm field": "x"} if maybe(random, 0.3) else {},
            "multipliers": {"seats": "2"} if maybe(random, 0.2) else None,
            "discounts": {"Loyalty": _rate("percent", "5")} if maybe(random, 0.3) else {},
            "taxes": {"VAT": _rate("percent", "20")} if maybe(random, 0.3) else {},
            "fees": {},
        }

    def section(self) -> Part:
        random = self.random
        empty = maybe(random, 0.05) and self.number % 5 != 1
        return {
            "items": None if empty else [self.item() for _ in range(number(random, 1, 3))],
            "columns": [{"header": "Item", "name": "name", "merge_name": None, "hidden": "false"}],
            "name": pick(random, words.SECTION_NAMES),
            "settings": {"optional": maybe(random, 0.2), "selected": True, "selection_type": "custom"},
            "id": self._uuid("section"),
        }

    def quote(self) -> Part:
        random = self.random
        sections = [self.section() for _ in range(number(random, 1, 2))]
        found: Part = {"currency": self.currency, "settings": {"selection_type": "custom"}, "merge_rules": []}
        if maybe(random, 0.2):
            comparison = [{"type": "equals", "value": "emea"}]
            rule = {
                "id": self._uuid("rule"),
                "enabled": True,
                "action": {"type": "show_section", "section_id": sections[0]["id"]},
                "condition": {"field_name": "region", "type": "metadata", "comparison": comparison},
            }
            found["merge_rules"] = [rule]
        return {**found, "id": self._uuid("quote"), "sections": sections}

    def link(self) -> Part:
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
            person: Part | None = None
            if maybe(random, 0.4):
                known = pick(random, self.book)
                member = {"email": known["email"], "first_name": known["first_name"], "last_name": None}
                person = {
                    **member,
                    "last_name": known["last_name"],
                    "type": "recipient",
                    **dict.fromkeys(("placeholder_name", "placeholder_source"), None if self.nulls else ""),
                    "members": [member] if maybe(random, 0.3) else [],
                }
            order = str(place + 1) if maybe(random, 0.7) else None
            role = {"id": self._id("role"), "name": words.ROLES[place], "signing_order": order}
            contents.roles.append({**role, "preassigned_person": person})
        for place in range(number(random, 0, 2)):
            block = {"uuid": self._uuid("placeholder"), "block_id": f"block-{place}"}
            contents.placeholders.append({**block, "description": "Put the terms here"})

    def edit(self, contents: Contents, edit: int) -> None:
        """One change of what is written in it."""
        self.random = random = Random(f"{self.what} content {edit}")
        self.made = 1_000_000 * (edit + 1)
        way = edit % 5 if contents.tables else edit % 3
        if way == 0 or not (contents.fields or contents.tables):
            token = {"name": f"Edit.{edit}", "value": f"text {number(random, 1, 999)}"}
            contents.tokens = [*contents.tokens[1:], token]
        elif way == 1 and contents.fields:
            place = int(random.random() * len(contents.fields))
            found = contents.fields[place]
            found |= {"value": self.value(found["type"], edit * DAY), "is_filled": True}
            found["name"] = f"{found['name']} {number(random, 1, 99)}"
        elif way == 2 and len(contents.fields) > 1:
            del contents.fields[-1]
        elif way == 3 and len(contents.tables[0]["items"]) > 1:
            contents.tables[0]["items"].pop()
        elif contents.tables:
            contents.tables[0]["items"].insert(0, self.line())
        else:
            contents.tokens.append({"name": f"Added.{edit}", "value": None if self.nulls else ""})

    def edit_people(self, contents: Contents, edit: int) -> None:
        """One change among the recipients."""
        self.random = random = Random(f"{self.what} people {edit}")
        self.made = 1_000_000_000 * (edit + 1)
        way = number(random, 0, 2)
        if way == 0 and len(contents.recipients) > 1:
            contents.recipients.pop()
            for one in contents.fields:
                if one["recipient"] is not None and one["recipient"] >= len(contents.recipients):
                    one["recipient"] = None
        elif way == 1:
            contents.recipients.append(self.recipient(len(contents.recipients)))
        else:
            one = contents.recipients[0]
            one["phone"] = f"+1 312 555 {number(random, 100, 199):04d}"
            one["last_name"] = f"{one['last_name']}-{edit}"

    def edit_roles(self, contents: Contents, edit: int) -> None:
        random = Random(f"{self.what} roles {edit}")
        if len(contents.roles) > 1 and maybe(random, 0.4):
            contents.roles.pop()
        contents.roles[0]["name"] = f"{contents.roles[0]['name']} {edit}"

    def totals(self, contents: Contents) -> None:
        """Add everything up, exactly."""
        counted = []
        for table in contents.tables:
            total = self.style(_sum(line["subtotal"] for line in table["items"]))
            table["total"] = total
            if table["summary"] is not None:
                none = self.style(Decimal(0))
                table["summary"] = {"subtotal": total, "discount": none, "tax": None, "fee": "0", "total": total}
            if table["is_included_in_total"]:
                counted.append(total)
        for quote in contents.quotes:
            self._quote_totals(quote)
            counted.append(quote["total"])
        contents.amount = self.style(_sum(counted))
        contents.total = contents.amount if contents.tables or contents.quotes else None

    def _quote_totals(self, quote: Part) -> None:
        again = Decimal(0)
        for section in quote["sections"]:
            items = section["items"] or ()
            total = _sum(item["total"] for item in items)
            recurring = _sum(one["total"] for one in items if one["billing_frequency"] in CYCLES)
            section["total"] = self.style(total)
            section["summary"] = {**self._summary(total, recurring), "total_section_value": section["total"]}
            again = EXACT.add(again, recurring)
        whole = _sum(section["total"] for section in quote["sections"])
        quote["total"] = self.style(whole)
        quote["summary"] = {
            **self._summary(whole, again),
            "total_savings": None,
            "total_contract_value": quote["total"],
            "total_discount": self.style(Decimal(0)),
            "total_tax": None,
            "total_fee": "0",
        }

    def _summary(self, total: Decimal, recurring: Decimal) -> Part:
        return {
            "total": self.style(total),
            "subtotal": self.style(total),
            "one_time_subtotal": self.style(EXACT.subtract(total, recurring)),
            "total_qty": None,
            "recurring_subtotal": [{"billing_cycle": "monthly", "value": self.style(recurring)}] if recurring else [],
            "discounts": {},
            "taxes": {"VAT": _rate("percent", "20")},
            "fees": None,
            "custom_fields": {"note": "x"} if total else {},
        }


def _rate(type: str | None, value: str | None) -> Part:
    """A discount, tax or fee."""
    return {"type": type, "value": value}


def _product(price: Decimal, count: Decimal, style: Style) -> str:
    """Never more than nine decimals."""
    product = EXACT.multiply(price, count)
    return style(product if product.as_tuple()[2] in FINE else EXACT.quantize(product, FINEST))


def _sum(amounts: Iterable[str | None]) -> Decimal:
    whole = Decimal(0)
    for amount in amounts:
        whole = EXACT.add(whole, Decimal(amount or 0))
    return whole
