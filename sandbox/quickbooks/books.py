"""The bookkeeper: whatever is written goes through here, so that links, balances and the ledger stay true.

Paying something changes what is paid: its Balance, LinkedTxn, SyncToken and LastUpdatedTime, and the balance of the
customer or vendor. quickbooks.md 10.23. Buying and selling changes how much of an item is in store. What QuickBooks
would refuse raises `Refused`, and nothing is written.
"""

from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.quickbooks.ledger import CENT, ZERO, Ledger
from sandbox.quickbooks.options import Options
from sandbox.quickbooks.rules import PARTIES, check
from sandbox.quickbooks.stock import moved
from sandbox.quickbooks.store import Fields, Key, Record, Store

ADDRESSES = """
    BillAddr ShipAddr ShipFromAddr VendorAddr RemitToAddr PrimaryAddr CompanyAddr LegalAddr CustomerCommunicationAddr
""".split()
PAYERS = {"Payment": ("Invoice", "CreditMemo"), "BillPayment": ("Bill", "VendorCredit")}
OPEN_FIELD = {"Invoice": "Balance", "CreditMemo": "RemainingCredit", "Bill": "Balance", "VendorCredit": "Balance"}
SIGNS = {"Invoice": 1, "CreditMemo": -1, "Payment": -1, "Bill": 1, "VendorCredit": -1}
INCLUSIVE = ("TaxInclusiveAmt", "TaxInclusiveAmount")
VOIDED_LINES_VANISH = ("Payment", "BillPayment")
VOIDED = "Voided"


def money(amount: Decimal | float | int) -> Decimal | int:
    """To the cent, half up; nothing is the number 0, as Intuit writes it."""
    rounded = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    return rounded if rounded else 0


class Books:
    """`of_party`: the open amount of each customer and vendor in its currency, positive if it or we owe it."""

    def __init__(self, store: Store, options: Options) -> None:
        self.store = store
        self.options = options
        self.ledger = Ledger(store)
        self.of_party: defaultdict[Key, Decimal] = defaultdict(lambda: ZERO)
        self.dealings_of: defaultdict[Key, dict[Key, None]] = defaultdict(dict)
        """By customer and vendor: its invoices, credits, payments and bills, in the order of their making."""
        self.applied: defaultdict[Key, dict[Key, Decimal]] = defaultdict(dict)
        """By what is paid: what pays it, and how much of it."""
        self.mutual: defaultdict[Key, set[Key]] = defaultdict(set)
        """Transactions that name each other, such as an estimate and its invoice."""
        self.address_owners: defaultdict[str, set[Key]] = defaultdict(set)
        self.lost_addresses: dict[str, Fields] = {}
        """Addresses without an owner."""
        self.jobs: defaultdict[str, list[str]] = defaultdict(list)
        """The jobs ever made below a customer, by its id."""
        self.stored: dict[Key, Counter[str]] = {}
        """By transaction: how many of which item it brought into the store; below 0 what it took out."""
        self._open: dict[Key, dict[Key, Decimal]] = {}
        """By transaction: what it adds to whose open amount."""

    def add(self, entity: str, fields: Fields) -> Record:
        if entity in OPEN_FIELD:
            fields = {**fields, **_open_amount(entity, fields, fields["TotalAmt"])}
        fields = {name: value for name, value in fields.items() if value is not None}
        check(self.store, entity, fields)
        record = self.store.create(entity, fields)
        self._written(record, {})
        return record

    def edit(self, record: Record, **changes: Any) -> Record:
        """Replace some fields; None takes one away. Links and balances follow."""
        before = record.fields
        check(self.store, record.entity, {name: new for name, new in (before | changes).items() if new is not None})
        self._written(self.store.edit(record, changes), before)
        return record

    def delete(self, record: Record, stub: bool = True) -> None:
        """What it paid is open again, and what paid it is unapplied."""
        self._release(record)
        self.store.delete(record, stub)
        self._forget(record)

    def void(self, record: Record) -> Record:
        """Amounts and quantities become 0, links vanish, the note says so. quickbooks.md 7."""
        self._release(record)
        fields = record.fields
        note = fields.get("PrivateNote")
        changes: Fields = {"PrivateNote": f"{VOIDED} - {note}" if note else VOIDED, "LinkedTxn": None}
        changes.update((name, 0) for name in ("TotalAmt", "Amount", "UnappliedAmt", "HomeTotalAmt") if name in fields)
        if "Line" in fields:
            gone = record.entity in VOIDED_LINES_VANISH
            changes["Line"] = [] if gone else [_emptied(line) for line in fields["Line"]]
        if "TxnTaxDetail" in fields:
            changes["TxnTaxDetail"] = _emptied(fields["TxnTaxDetail"])
        return self.edit(record, **changes)

    def link(self, one: Record, other: Record) -> None:
        """Let two transactions name each other; a time activity names nobody, and a deposit does so in its lines."""
        self.mutual[one.key].add(other.key)
        self.mutual[other.key].add(one.key)
        for each in (one, other):
            if each.entity not in ("TimeActivity", "Deposit"):
                self.refresh(each.key)

    def refresh(self, key: Key) -> None:
        """Bring what is owed and who is named up to what is true."""
        record = self.store.get(*key)
        if record is None:
            return
        fields, changes = record.fields, Fields()
        if record.entity in OPEN_FIELD:
            name = OPEN_FIELD[record.entity]
            rest = money(Decimal(fields["TotalAmt"]) - sum(self.applied[key].values(), ZERO))
            if fields.get(name) != rest:
                changes |= _open_amount(record.entity, fields, rest)
        linked = self._linked(record)
        if linked != fields.get("LinkedTxn", []):
            changes["LinkedTxn"] = linked or None
        if changes:
            self._written(self.store.edit(record, changes), fields)

    def _linked(self, record: Record) -> list[Fields]:
        names = []
        if record.entity != "CreditMemo":
            names += [(key, type_of(self.store.kinds[key[0]][key[1]])) for key in self.applied[record.key]]
        names += [(key, key[0]) for key in sorted(self.mutual[record.key])]
        return [{"TxnId": key[1], "TxnType": kind} for key, kind in names]

    def _written(self, record: Record, before: Fields) -> None:
        key, fields = record.key, record.fields
        self._post(key, fields)
        if record.entity in PAYERS:
            paid = _targets(record.entity, fields)
            for target in _targets(record.entity, before).keys() | paid.keys():
                if target in paid:
                    self.applied[target][key] = paid[target]
                else:
                    self.applied[target].pop(key, None)
                self.refresh(target)
        elif record.entity in OPEN_FIELD:
            self.refresh(key)
            fields = record.fields
        if record.entity == "Customer" and not before and "ParentRef" in fields:
            self.jobs[fields["ParentRef"]["value"]].append(record.id)
        self._own_addresses(key, before, fields)
        self._owe(key, self._owed(key, fields))
        self._keep_count(key, moved(self.store, record.entity, fields))

    def _post(self, key: Key, fields: Fields | None) -> None:
        for account in self.ledger.post(key, fields):
            if self.options.account_balances_move_time:
                self.store.edit(self.store.kinds["Account"][account], {})

    def _owed(self, key: Key, fields: Fields) -> dict[Key, Decimal]:
        """What a transaction adds to whose open amount. Of an entry in the journal that is what it posts to the
        receivable or payable accounts, which a customer or vendor stands beside."""
        if key[0] == "JournalEntry":
            return self._owed_by_journal(fields)
        if key[0] not in SIGNS:
            return {}
        customer = fields.get("CustomerRef")
        party = ("Customer", customer["value"]) if customer else ("Vendor", fields["VendorRef"]["value"])
        return {party: SIGNS[key[0]] * Decimal(fields.get(OPEN_FIELD.get(key[0], "UnappliedAmt"), 0))}

    def _owed_by_journal(self, fields: Fields) -> dict[Key, Decimal]:
        found: defaultdict[Key, Decimal] = defaultdict(lambda: ZERO)
        for line in fields["Line"]:
            detail = line["JournalEntryLineDetail"]
            account = self.store.kinds["Account"][detail["AccountRef"]["value"]].fields
            if account["AccountType"] in PARTIES:
                party = PARTIES[account["AccountType"]]
                adds = (detail["PostingType"] == "Debit") == (party == "Customer")
                found[party, detail["Entity"]["EntityRef"]["value"]] += Decimal(line["Amount"]) * (1 if adds else -1)
        return dict(found)

    def _owe(self, key: Key, owed: dict[Key, Decimal]) -> None:
        before = self._open.pop(key, {})
        if owed:
            self._open[key] = owed
        for party in before.keys() - owed.keys():
            self.dealings_of[party].pop(key, None)
        for party in owed:
            self.dealings_of[party][key] = None
        parties = dict.fromkeys((*before, *owed))
        changed = {party: owed.get(party, ZERO) - before.get(party, ZERO) for party in parties}
        for party, difference in changed.items():
            self.of_party[party] += difference
        for party, difference in changed.items():
            if difference:
                self._show_balance(party)

    def _keep_count(self, key: Key, brought: Counter[str]) -> None:
        """Tell with the items how many of them are in store."""
        before = self.stored.pop(key, Counter())
        if brought:
            self.stored[key] = brought
        for id in dict.fromkeys((*before, *brought)):
            if difference := brought[id] - before[id]:
                item = self.store.kinds["Item"][id]
                self.store.edit(item, {"QtyOnHand": item.fields["QtyOnHand"] + difference})

    def _show_balance(self, party: Key) -> None:
        record = self.store.get(*party)
        while record is not None:
            below = [ZERO]
            parent = record.fields.get("ParentRef")
            if record.entity == "Customer":
                below = [self.of_party["Customer", job] for job in self.jobs[record.id]]
            changes: Fields = {"Balance": money(self.of_party[record.key])}
            if record.entity == "Customer":
                changes["BalanceWithJobs"] = money(self.of_party[record.key] + sum(below, ZERO))
            if any(record.fields.get(name) != value for name, value in changes.items()):
                self.store.edit(record, changes, moves=self.options.customer_balances_move_time)
            record = self.store.get("Customer", parent["value"]) if parent else None

    def _release(self, record: Record) -> None:
        """Cut every link of a transaction that goes."""
        for payer in list(self.applied[record.key]):
            paying = self.store.kinds[payer[0]][payer[1]]
            lines = [line for line in paying.fields["Line"] if _target_of(line, payer[0]) != record.key]
            changes: Fields = {"Line": lines}
            if payer[0] == "Payment":
                changes["UnappliedAmt"] = money(Decimal(paying.fields["TotalAmt"]) - _applied_by(lines))
            self.edit(paying, **changes)
        for other in self.mutual.pop(record.key, set()):
            self.mutual[other].discard(record.key)
            self.refresh(other)

    def _forget(self, record: Record) -> None:
        key = record.key
        self._post(key, None)
        for target in _targets(record.entity, record.fields):
            self.applied[target].pop(key, None)
            self.refresh(target)
        self.applied.pop(key, None)
        self._owe(key, {})
        self._keep_count(key, Counter())
        self._own_addresses(key, record.fields, {})

    def _own_addresses(self, key: Key, before: Fields, fields: Fields) -> None:
        for name in ADDRESSES:
            if before.get(name) is not fields.get(name):
                if name in before:
                    self._leave(key, before[name], fields)
                if name in fields:
                    self.address_owners[fields[name]["Id"]].add(key)
                    if len(fields[name]) > 1:
                        self.lost_addresses.pop(fields[name]["Id"], None)

    def _leave(self, key: Key, address: Fields, fields: Fields) -> None:
        id = address["Id"]
        if not any(fields.get(name, {}).get("Id") == id for name in ADDRESSES):
            self.address_owners[id].discard(key)
            others = [self.store.kinds[entity][number].fields for entity, number in self.address_owners[id]]
            said = [each for other in others for name in ADDRESSES if (each := other.get(name, {})).get("Id") == id]
            if len(address) > 1 and not any(len(each) > 1 for each in said):
                self.lost_addresses[id] = address


def _open_amount(entity: str, fields: Fields, rest: Decimal | int) -> Fields:
    """The fields that tell what is still open of a transaction."""
    found: Fields = {OPEN_FIELD[entity]: rest}
    if entity == "CreditMemo":
        found["Balance"] = rest
    if "ExchangeRate" in fields and entity != "VendorCredit":
        found["HomeBalance"] = money(rest * fields["ExchangeRate"])
    return found


def type_of(payer: Record) -> str:
    """How a payer is called in LinkedTxn."""
    if payer.entity == "BillPayment":
        return "BillPaymentCheck" if payer.fields["PayType"] == "Check" else "BillPaymentCreditCard"
    return payer.entity


def _target_of(line: Fields, payer: str) -> Key | None:
    linked = line.get("LinkedTxn", ())
    return (linked[0]["TxnType"], linked[0]["TxnId"]) if linked and linked[0]["TxnType"] in PAYERS[payer] else None


def _targets(payer: str, fields: Fields) -> dict[Key, Decimal]:
    """What a payment or bill payment settles, and how much of each."""
    if payer not in PAYERS:
        return {}
    found = ((_target_of(line, payer), line["Amount"]) for line in fields.get("Line", ()))
    return {target: Decimal(amount) for target, amount in found if target is not None}


def _applied_by(lines: list[Fields]) -> Decimal:
    """What the lines of a payment use of it: invoices less credits."""
    signs = {"Invoice": 1, "CreditMemo": -1}
    return sum((signs[line["LinkedTxn"][0]["TxnType"]] * Decimal(line["Amount"]) for line in lines), ZERO)


def _emptied(value: Any) -> Any:
    """A copy in which every amount and quantity is 0."""
    if isinstance(value, list):
        return [_emptied(one) for one in value]
    if isinstance(value, dict):
        zero = ("Amount", "Qty", "Quantity", "TotalTax", "NetAmountTaxable", "TaxAmount", *INCLUSIVE)
        return {name: 0 if name in zero else _emptied(inner) for name, inner in value.items()}
    return value
