"""The entities: what each is called, which of them can be filtered, captured and deleted. quickbooks.md 3.2, 3.3, 8."""

from dataclasses import dataclass
from functools import cached_property

IDENTITY, TIME, DATE, TEXT, NUMBER, BOOLEAN, REFERENCE = "identity time date text number boolean reference".split()
CREATED, UPDATED = "MetaData.CreateTime", "MetaData.LastUpdatedTime"
ALWAYS = {"Id": IDENTITY, CREATED: TIME, UPDATED: TIME}
KINDS = {
    BOOLEAN: "Active",
    DATE: "TxnDate DueDate AsOfDate",
    REFERENCE: "CustomerRef VendorRef",
    NUMBER: "TotalAmt Balance",
}
"""Of the properties; all others are text."""


@dataclass(frozen=True, eq=False)
class Entity:
    """`properties`: what a query may filter and sort by, and its kind. `key` names the list in an answer.

    `captured`: CDC supports it. `deletable`: a record can vanish for good."""

    name: str
    key: str
    properties: dict[str, str]
    active: bool
    captured: bool
    deletable: bool

    def property(self, name: str) -> tuple[str, str] | None:
        """The name as Intuit writes it and the kind, whatever the case; None if it cannot be asked for."""
        return self._lower.get(name.lower())

    @cached_property
    def _lower(self) -> dict[str, tuple[str, str]]:
        return {name.lower(): (name, kind) for name, kind in self.properties.items()}


def _entity(name: str, properties: str, *, key: str = "", captured: bool = True, deletable: bool = False) -> Entity:
    kinds = {one: kind for kind, names in KINDS.items() for one in names.split()}
    own = {one: kinds.get(one, TEXT) for one in properties.split()}
    return Entity(name, key or name, {**ALWAYS, **own}, "Active" in own, captured, deletable)


NAMED = "Active Name"
SALE = "TxnDate DocNumber CustomerRef TotalAmt"
COST = "TxnDate DocNumber VendorRef TotalAmt"
ENTITIES = {
    entity.name: entity
    for entity in (
        _entity("Account", f"{NAMED} FullyQualifiedName AccountType"),
        _entity("Customer", "Active DisplayName FullyQualifiedName CompanyName Balance"),
        _entity("Vendor", "Active DisplayName CompanyName Balance"),
        _entity("Employee", "Active DisplayName"),
        _entity("Item", f"{NAMED} FullyQualifiedName Type"),
        _entity("Class", f"{NAMED} FullyQualifiedName"),
        _entity("Department", f"{NAMED} FullyQualifiedName"),
        _entity("CustomerType", NAMED),
        _entity("Term", NAMED),
        _entity("PaymentMethod", NAMED),
        _entity("CompanyCurrency", f"{NAMED} Code"),
        _entity("TaxAgency", "DisplayName", captured=False),
        _entity("TaxCode", NAMED, captured=False),
        _entity("TaxRate", NAMED, captured=False),
        _entity("Budget", NAMED, deletable=True),
        _entity("Invoice", f"{SALE} DueDate Balance", deletable=True),
        _entity("Estimate", SALE, deletable=True),
        _entity("SalesReceipt", f"{SALE} Balance", deletable=True),
        _entity("CreditMemo", f"{SALE} Balance", deletable=True),
        _entity("RefundReceipt", SALE, deletable=True),
        _entity("Payment", "TxnDate CustomerRef TotalAmt", deletable=True),
        _entity("Bill", f"{COST} DueDate Balance", deletable=True),
        _entity("BillPayment", COST, deletable=True),
        _entity("VendorCredit", COST, deletable=True),
        _entity("Purchase", "TxnDate DocNumber TotalAmt", deletable=True),
        _entity("PurchaseOrder", COST, deletable=True),
        _entity("Deposit", "TxnDate TotalAmt", deletable=True),
        _entity("Transfer", "TxnDate", deletable=True),
        _entity("CreditCardPayment", "TxnDate", key="CreditCardPaymentTxn", deletable=True),
        _entity("JournalEntry", "TxnDate DocNumber", deletable=True),
        _entity("TimeActivity", "TxnDate", captured=False, deletable=True),
        _entity("ReimburseCharge", "TxnDate CustomerRef"),
        _entity("RecurringTransaction", "", deletable=True),
        _entity("Attachable", "FileName", deletable=True),
        _entity("ExchangeRate", "SourceCurrencyCode TargetCurrencyCode AsOfDate"),
        _entity("CompanyInfo", "CompanyName"),
        _entity("Preferences", ""),
    )
}
FRENCH_ONLY = "JournalCode"
BY_LOWER_NAME = {name.lower(): entity for name, entity in ENTITIES.items()}
WITHOUT_ID = frozenset({"ExchangeRate"})
"""Their objects carry no `Id`."""
