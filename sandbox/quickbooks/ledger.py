"""Double entry: what each transaction posts to which account.

Every line posts two equal amounts, one debit and one credit, so each transaction balances whatever its lines are:

| transaction | debit | credit |
| --- | --- | --- |
| Invoice: sales line, reimbursement line | receivable | income |
| Invoice: discount line | discount account | receivable |
| Invoice: tax line | receivable | tax |
| CreditMemo: sales line, tax line | income, tax | receivable |
| SalesReceipt: sales line, tax line | DepositToAccountRef | income, tax |
| RefundReceipt: sales line, tax line | income, tax | DepositToAccountRef |
| Payment: TotalAmt | DepositToAccountRef | ARAccountRef |
| Bill: line, tax line | expense, tax | APAccountRef |
| VendorCredit: line | APAccountRef | expense |
| BillPayment: TotalAmt | APAccountRef | the bank or card account |
| Purchase: line, tax line (the other way round if `Credit`) | expense, tax | AccountRef |
| Deposit: line, tax line | DepositToAccountRef | the line's account, else Undeposited Funds; tax |
| Transfer: Amount | ToAccountRef | FromAccountRef |
| CreditCardPayment: Amount | CreditCardAccountRef | BankAccountRef |
| JournalEntry: line | its account, if PostingType is Debit | its account, if Credit |

Estimates, purchase orders, time activities, reimbursable charges, budgets and templates post nothing. Subtotals,
descriptions and the tax lines of a journal entry post nothing. A bundle posts its component lines, not itself.

- Receivable: the active top-level account of type Accounts Receivable in the transaction's currency. An invoice, a
  credit memo, and their landed rows name none.
- Income: the line's ItemAccountRef (reimbursement and shipping always have one), else the item's IncomeAccountRef.
  Expense: the line's AccountRef, else of a thing in store the item's AssetAccountRef, else its ExpenseAccountRef.
  Tax: the liability account called as the agency of the tax rate, and " Payable".
- Amounts are in the currency of the transaction; times ExchangeRate, where there is one, they are in the home
  currency. That product is not rounded: a trial balance is rounded once, at its end, to the cent, half up.

In the home currency alone two more things are posted:

- What a payment settles leaves the receivable or payable account at the rate at which it came there; how much that
  differs from the payment's own rate goes to the account of type Exchange Gain or Loss.
- What was sold from the store has cost: from the item's AssetAccountRef to its ExpenseAccountRef.

These are the rules that the models of quickbooks.md 9 apply to the landed tables, but for the last one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.quickbooks.stock import cost_of_sales, in_store
from sandbox.quickbooks.store import Fields, Key, Store, parts

ZERO = Decimal(0)
CENT = Decimal("0.01")
Pair = tuple[str, str, Decimal]
"""Account to debit, account to credit, amount in the currency of the transaction."""


class Ledger:
    """The postings of every transaction, and the balance of every account."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.entries: dict[Key, list[tuple[str, Decimal, Decimal]]] = {}
        """By transaction: account, home amount, own amount; debits are positive."""
        self._home: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        self._own: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)

    def post(self, key: Key, fields: Fields | None) -> set[str]:
        """Replace what a transaction has posted; None: it is gone. Returns the accounts whose balance that changed."""
        before = self.entries.get(key, [])
        for account, home, own in self.entries.pop(key, ()):
            self._home[account] -= home
            self._own[account] -= own
        if fields is None or key[0] not in RULES:
            return {account for account, _, _ in before}
        rate = Decimal(fields.get("ExchangeRate", 1))
        entries = []
        for debit, credit, amount in RULES[key[0]](self.store, fields):
            entries += [(debit, amount * rate, amount), (credit, -amount * rate, -amount)]
        for debit, credit, home in at_home(self.store, key[0], fields):
            entries += [(debit, home, ZERO), (credit, -home, ZERO)]
        entries = [entry for entry in entries if entry[1]]
        self.entries[key] = entries
        for account, home, own in entries:
            self._home[account] += home
            self._own[account] += own
        return set() if entries == before else {account for account, _, _ in (*before, *entries)}

    def with_subaccounts(self, account: str) -> Decimal:
        """The balance of an account and of the accounts below it."""
        below = [one.id for one in self.store.all("Account") if one.fields.get("ParentRef", {}).get("value") == account]
        return self.balance(account) + sum((self.with_subaccounts(one) for one in below), ZERO)

    def balance(self, account: str) -> Decimal:
        """In the account's currency, to the cent, with the sign that suits its kind: debits are positive for
        assets and expenses."""
        fields = self.store.kinds["Account"][account].fields
        home = currency_of(self.store, fields) == self.store.home_currency
        total = (self._home if home else self._own)[account].quantize(CENT)
        return total if fields["Classification"] in ("Asset", "Expense") else -total

    def trial_balance(self) -> dict[str, Decimal]:
        """Debits less credits in the home currency, exact."""
        posted = {account for entries in self.entries.values() for account, _, _ in entries}
        return {account: self._home[account] for account in sorted(posted, key=int)}


def receivable(store: Store, currency: str) -> str:
    return _account(store, "Accounts Receivable", currency)


def payable(store: Store, currency: str) -> str:
    return _account(store, "Accounts Payable", currency)


def undeposited(store: Store) -> str:
    return _of_sub_type(store, "UndepositedFunds")


def at_home(store: Store, entity: str, fields: Fields) -> Iterator[Pair]:
    """What a transaction posts in the home currency alone."""
    yield from cost_of_sales(store, entity, fields)
    if "ExchangeRate" not in fields or entity not in ("Payment", "BillPayment"):
        return
    rest = _settled(store, fields)
    gains = _of_sub_type(store, "ExchangeGainOrLoss")
    if entity == "Payment":
        yield fields["ARAccountRef"]["value"], gains, rest
    else:
        yield gains, fields["APAccountRef"]["value"], rest


def _settled(store: Store, fields: Fields) -> Decimal:
    """What a payment settles at its own rate, less at the rates of what it settles."""
    rest = ZERO
    for line in fields["Line"]:
        link = line["LinkedTxn"][0]
        sign = -1 if link["TxnType"] in ("CreditMemo", "VendorCredit") else 1
        rate = store.kinds[link["TxnType"]][link["TxnId"]].fields["ExchangeRate"]
        rest += sign * Decimal(line["Amount"]) * (fields["ExchangeRate"] - rate)
    return rest


def _of_sub_type(store: Store, kind: str) -> str:
    return next(one.id for one in store.all("Account") if one.fields["AccountSubType"] == kind)


def currency_of(store: Store, fields: Fields) -> str:
    found: str = fields.get("CurrencyRef", {}).get("value", store.home_currency)
    return found


def _account(store: Store, kind: str, currency: str) -> str:
    for one in store.all("Account"):
        fields = one.fields
        if fields["AccountType"] == kind and currency_of(store, fields) == currency and fields["Active"]:
            return one.id
    raise LookupError(f"no account of type {kind} in {currency}")


def _income(store: Store, detail: Fields) -> str:
    account = detail.get("ItemAccountRef")
    return str((account or store.kinds["Item"][detail["ItemRef"]["value"]].fields["IncomeAccountRef"])["value"])


def _expense(store: Store, line: Fields) -> str | None:
    if "AccountBasedExpenseLineDetail" in line:
        return str(line["AccountBasedExpenseLineDetail"]["AccountRef"]["value"])
    if "ItemBasedExpenseLineDetail" in line:
        item = store.kinds["Item"][line["ItemBasedExpenseLineDetail"]["ItemRef"]["value"]]
        stored = in_store(store, line["ItemBasedExpenseLineDetail"])
        return str(item.fields["AssetAccountRef" if stored else "ExpenseAccountRef"]["value"])
    return None


def _taxes(store: Store, fields: Fields) -> Iterable[tuple[str, Decimal]]:
    for line in fields.get("TxnTaxDetail", {}).get("TaxLine", ()):
        rate = store.kinds["TaxRate"][line["TaxLineDetail"]["TaxRateRef"]["value"]]
        agency = store.kinds["TaxAgency"][rate.fields["AgencyRef"]["value"]].fields["DisplayName"]
        account = next(one.id for one in store.all("Account") if one.fields["Name"] == f"{agency} Payable")
        yield account, line["Amount"]


def _sold(store: Store, fields: Fields) -> Iterable[tuple[str, Decimal]]:
    """Account and amount of each sales line, those of bundles and the tax included; discounts are negative."""
    for part in parts(fields["Line"]):
        if "SalesItemLineDetail" in part:
            yield _income(store, part["SalesItemLineDetail"]), part["Amount"]
        elif "ReimburseLineDetail" in part:
            yield part["ReimburseLineDetail"]["ItemAccountRef"]["value"], part["Amount"]
        elif "DiscountLineDetail" in part:
            yield part["DiscountLineDetail"]["DiscountAccountRef"]["value"], -part["Amount"]
    yield from _taxes(store, fields)


def _bought(store: Store, fields: Fields) -> Iterable[tuple[str, Decimal]]:
    for line in fields["Line"]:
        account = _expense(store, line)
        if account is not None:
            yield account, line["Amount"]
    yield from _taxes(store, fields)


def _deposited(store: Store, fields: Fields) -> Iterable[tuple[str, Decimal]]:
    for line in fields["Line"]:
        account = line.get("DepositLineDetail", {}).get("AccountRef")
        yield account["value"] if account else undeposited(store), line["Amount"]
    yield from _taxes(store, fields)


def _whole(account: str, amount: str = "TotalAmt") -> Callable[[Store, Fields], Iterable[tuple[str, Decimal]]]:
    """All of it, to the account in this field."""
    return lambda store, fields: [(fields[account]["value"], fields[amount])]


def _at(account: str) -> Callable[[Store, Fields], str]:
    return lambda store, fields: str(fields[account]["value"])


def _customers(store: Store, fields: Fields) -> str:
    return receivable(store, currency_of(store, fields))


def _bank_or_card(store: Store, fields: Fields) -> str:
    by_check = "CheckPayment" in fields
    paid = fields["CheckPayment"]["BankAccountRef"] if by_check else fields["CreditCardPayment"]["CCAccountRef"]
    return str(paid["value"])


@dataclass(frozen=True)
class Debit:
    """One account is debited for what goes to others."""

    account: Callable[[Store, Fields], str]
    others: Callable[[Store, Fields], Iterable[tuple[str, Decimal]]]

    def __call__(self, store: Store, fields: Fields) -> Iterable[Pair]:
        account = self.account(store, fields)
        return [(account, other, amount) for other, amount in self.others(store, fields)]


class Credit(Debit):
    """One account is credited, unless what was bought was taken back."""

    def __call__(self, store: Store, fields: Fields) -> Iterable[Pair]:
        pairs = super().__call__(store, fields)
        return pairs if fields.get("Credit") else [(other, account, amount) for account, other, amount in pairs]


def _journal(store: Store, fields: Fields) -> Iterable[Pair]:
    """Debits against credits, each as far as it goes; they are equal (`rules`)."""
    sides: dict[str, list[list[Any]]] = {"Debit": [], "Credit": []}
    for line in fields["Line"]:
        detail = line.get("JournalEntryLineDetail")
        if detail and line["Amount"]:
            sides[detail["PostingType"]].append([detail["AccountRef"]["value"], line["Amount"]])
    debits, credits = sides["Debit"], sides["Credit"]
    while debits and credits:
        amount = min(debits[0][1], credits[0][1])
        yield debits[0][0], credits[0][0], amount
        for side in (debits, credits):
            side[0][1] -= amount
            if not side[0][1]:
                side.pop(0)


RULES: dict[str, Callable[[Store, Fields], Iterable[Pair]]] = {
    "Invoice": Debit(_customers, _sold),
    "CreditMemo": Credit(_customers, _sold),
    "SalesReceipt": Debit(_at("DepositToAccountRef"), _sold),
    "RefundReceipt": Credit(_at("DepositToAccountRef"), _sold),
    "Payment": Debit(_at("DepositToAccountRef"), _whole("ARAccountRef")),
    "Bill": Credit(_at("APAccountRef"), _bought),
    "VendorCredit": Debit(_at("APAccountRef"), _bought),
    "BillPayment": Credit(_bank_or_card, _whole("APAccountRef")),
    "Purchase": Credit(_at("AccountRef"), _bought),
    "Deposit": Debit(_at("DepositToAccountRef"), _deposited),
    "Transfer": Debit(_at("ToAccountRef"), _whole("FromAccountRef", "Amount")),
    "CreditCardPayment": Debit(_at("CreditCardAccountRef"), _whole("BankAccountRef", "Amount")),
    "JournalEntry": _journal,
}
