"""The columns of every table, each with where QuickBooks has its value. No connector has a say in it.

Most are those of quickbooks_columns.csv, as accountants' models read them, with what its notes say about a column. The
rest is here, field by field as the vendor names it; what a column is then called follows from the name of its field.
"""

import csv
import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

REFERENCE = Path(__file__).with_name("quickbooks_columns.csv")
"""Table, column, type, path and note (quickbooks.md 9)."""
POSITION = "position of"
ONLY = re.compile(r"when ([\w.]*(?:[Tt]ype|Name)) (?:=|is) (\w+(?: or \w+)*)")
"""A note that a column is for these kinds of record, and where the kind stands."""
ELSE = re.compile(r"else ([\w.]+)$")
NEVER_NULL = re.compile("must not be null|absent means false")
WORDS = {"txn": "transaction", "amt": "amount", "addr": "address", "lat": "latitude", "long": "longitude"}
"""What the vendor shortens."""
WRAPPING = {"value": "_id", "Id": "_id", "Address": "", "FreeFormNumber": "", "URI": ""}
"""The value inside an object is called as the object is, and how that ends."""


@dataclass(frozen=True)
class Column:
    """`path` leads there from the record, or from the part of it that a row stands for; without one nothing fills it.

    `kinds`: the only kinds of record that it names, in small letters; `kind` leads to the kind from somewhere on the
    way. `depth`: it is the place of the part in a list, 0 in the outermost one.
    """

    name: str
    path: tuple[str, ...] | None = None
    of_part: bool = False
    kind: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    depth: int | None = None
    otherwise: tuple[str, ...] | None = None
    """Where it may stand instead."""
    absent: bool | None = None
    """What it is where nothing is said."""
    as_json: bool = False
    whole: bool = False
    """It stays a whole number; all others become text."""

    @cached_property
    def straight(self) -> bool:
        """Whether the path leads through objects alone, to whatever kind of record."""
        return not self.kinds and not any(step.endswith("[]") for step in self.path or ())


@dataclass(frozen=True)
class Table:
    """`parts`: the path to the list of which each element is a row, such as `Line[].GroupLineDetail.Line[]`; none where
    each record is one. `owner`: the table of the records themselves."""

    owner: str
    parts: str
    columns: tuple[Column, ...]

    @property
    def entity(self) -> str:
        return ENTITIES.get(self.owner) or "".join(word.title() for word in self.owner.split("_"))


ENTITIES = {"bundle": "Item", "currency": "CompanyCurrency", "credit_card_payment_txn": "CreditCardPayment"}
"""What is called otherwise than its table."""


def column(name: str, path: str, parts: str = "", note: str = "") -> Column:
    """As a line of quickbooks_columns.csv says it."""
    if note.endswith("; leave null"):
        return Column(name)
    if path.startswith(POSITION):
        return Column(name, depth=path.count("[]") - 1)
    of_part = bool(parts) and path.startswith(parts)
    path = path.removeprefix("<address object>").removeprefix(parts if of_part else "")
    path, custom = re.subn(r"\[Name=.*\]", "[]", path)
    only, otherwise = ONLY.search("when Name = " + name.removeprefix("custom_") if custom else note), ELSE.search(note)
    return Column(
        name,
        steps(path),
        of_part,
        steps(only[1]) if only else (),
        frozenset(only[2].lower().split(" or ")) if only else frozenset(),
        otherwise=steps(otherwise[1]) if otherwise else None,
        absent=False if NEVER_NULL.search(note) else None,
        as_json="a list" in note,
    )


def steps(path: str) -> tuple[str, ...]:
    return tuple(path.strip(".").split("."))


def named(path: str) -> str:
    """What a column with this field is called: `parent_id` of `ParentRef.value`."""
    *above, last = path.split(".")
    ending = WRAPPING.get(last) if above else None
    words = re.findall("[A-Z]+[a-z0-9]*", last if ending is None else above[-1])
    kept = [WORDS.get(word, word) for word in map(str.lower, words) if word not in ("ref", "prefs")]
    return "_".join(kept) + (ending or "")


HEAD = "Id SyncToken created_at=MetaData.CreateTime updated_at=MetaData.LastUpdatedTime"
LINE = "line_id=Id LineNum Description Amount DetailType"
LINKING = f"{LINE} transaction_id=LinkedTxn[].TxnId transaction_type=LinkedTxn[].TxnType"
LINK = "TxnId TxnType TxnLineId"
TAX = "TaxRateRef.value TaxTypeApplicable TaxOrder# TaxOnTaxOrder#"
ACCOUNTING, SCHEDULE = "AccountingInfoPrefs", "RecurringInfo.ScheduleInfo"
FORMS = "invoice estimate sales_receipt refund_receipt credit_memo"
COSTS = "bill vendor_credit purchase purchase_order"


def every(tables: str, ending: str) -> str:
    return " ".join(f"{table}{ending}" for table in tables.split())


BEYOND = f"""
class: {HEAD} Active Name FullyQualifiedName SubClass parent_class_id=ParentRef.value
currency: {HEAD} Active Code Name
payment_method: {HEAD} Active Name Type
term: {HEAD} Active Name Type DiscountPercent DueDays# DiscountDays# DayOfMonthDue# DueNextMonthDays#
    DiscountDayOfMonth#
tax_code: {HEAD} Name Description TaxCodeConfigType Active Hidden Taxable TaxGroup
employee: {HEAD} address_id=PrimaryAddr.Id DisplayName email=PrimaryEmailAddr.Address EmployeeNumber FamilyName
    Gender GivenName MiddleName mobile_number=Mobile.FreeFormNumber phone_number=PrimaryPhone.FreeFormNumber
    PrintOnCheckName Suffix Title Active BillableTime Organization HiredDate ReleasedDate BillRate CostRate
budget: {HEAD} Active Name BudgetType BudgetEntryType StartDate EndDate
time_activity: {HEAD} TxnDate NameOf EmployeeRef.value VendorRef.value CustomerRef.value ItemRef.value ClassRef.value
    DepartmentRef.value PayrollItemRef.value BillableStatus Description TxnSource Taxable HourlyRate CostRate
    Hours# Minutes# Seconds# BreakHours# BreakMinutes# BreakSeconds# StartTime EndTime
reimburse_charge: {HEAD} TxnDate CurrencyRef.value ExchangeRate PrivateNote CustomerRef.value HasBeenInvoiced Amount
    HomeTotalAmt
attachable: {HEAD} FileName ContentType Category Note Tag PlaceName Size# Lat Long
exchange_rate: created_at=MetaData.CreateTime updated_at=MetaData.LastUpdatedTime SourceCurrencyCode TargetCurrencyCode
    AsOfDate Rate
company_info: {HEAD} CompanyName LegalName CompanyAddr.Id communication_address_id=CustomerCommunicationAddr.Id
    LegalAddr.Id Country DefaultTimeZone Email.Address FiscalYearStartMonth phone_number=PrimaryPhone.FreeFormNumber
    SupportedLanguages website=WebAddr.URI CompanyStartDate
preferences: {HEAD} CurrencyPrefs.HomeCurrency.value {ACCOUNTING}.CustomerTerminology
    {ACCOUNTING}.DepartmentTerminology {ACCOUNTING}.FirstMonthOfFiscalYear {ACCOUNTING}.TaxYearMonth
    {ACCOUNTING}.BookCloseDate CurrencyPrefs.MultiCurrencyEnabled {ACCOUNTING}.TrackDepartments
    {ACCOUNTING}.ClassTrackingPerTxn {ACCOUNTING}.ClassTrackingPerTxnLine {ACCOUNTING}.UseAccountNumbers
    TaxPrefs.UsingSalesTax AccountingInfoPrefs CurrencyPrefs EmailMessagesPrefs OtherPrefs ProductAndServicesPrefs
    ReportPrefs SalesFormsPrefs TaxPrefs TimeTrackingPrefs VendorAndPurchasesPrefs
recurring_transaction: {HEAD} transaction_type=makes RecurringInfo.Name type=RecurringInfo.RecurType
    RecurringInfo.Active CustomerRef.value VendorRef.value PrivateNote TotalAmt CurrencyRef.value ExchangeRate Line
    {SCHEDULE}.IntervalType number_of_interval={SCHEDULE}.NumInterval# {SCHEDULE}.DayOfMonth# {SCHEDULE}.DaysBefore#
    {SCHEDULE}.MaxOccurrences# {SCHEDULE}.StartDate {SCHEDULE}.EndDate {SCHEDULE}.NextDate {SCHEDULE}.PreviousDate
purchase_order: DepartmentRef.value
{every(f"{FORMS} {COSTS} journal_entry", "_line")} Line[]: {LINE}
{every("payment bill_payment deposit", "_line")} Line[]: {LINKING}
reimburse_charge_line Line[]: {LINE} account_id=ReimburseLineDetail.ItemAccountRef.value
    ReimburseLineDetail.ItemRef.value ReimburseLineDetail.TaxCodeRef.value quantity=ReimburseLineDetail.Qty
invoice_line_bundle Line[].GroupLineDetail.Line[]: line_id=Id
{every(f"invoice estimate sales_receipt {COSTS}", "_linked_txn")} LinkedTxn[]: {LINK}
{every("payment bill_payment journal_entry reimburse_charge", "_linked_txn")} LinkedTxn[]: {LINK}
{every(f"customer vendor purchase_order {FORMS}", "_custom_field")} CustomField[]:
    DefinitionId Name Type value=StringValue
tax_code_sales_tax_rate SalesTaxRateList.TaxRateDetail[]: {TAX}
tax_code_purchase_tax_rate PurchaseTaxRateList.TaxRateDetail[]: {TAX}
budget_detail BudgetDetail[]: BudgetDate Amount AccountRef.value ClassRef.value CustomerRef.value DepartmentRef.value
attachable_ref AttachableRef[]: EntityRef.value entity_type=EntityRef.type LineInfo IncludeOnSend no_ref_only=NoRefOnly
    Inactive
company_info_name_value NameValue[]: Name Value
"""
"""Tables, the list of which their rows are parts, and fields. `name=` where a column is called otherwise, `#` where it
stays a whole number."""


def field(word: str, parts: str) -> Column:
    """As a word of `BEYOND` says it."""
    name, _, path = word.rstrip("#").rpartition("=")
    return replace(column(name or named(path), f"{parts}.{path}" if parts else path, parts), whole=word.endswith("#"))


def reference() -> dict[str, tuple[str, list[Column]]]:
    """By table of quickbooks_columns.csv, of what its rows are parts, and its columns."""
    with REFERENCE.open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["source_path"] != "system"]
    found = {}
    for name in dict.fromkeys(line["table"] for line in lines):
        own = [line for line in lines if line["table"] == name]
        places = [line["source_path"].split()[2] for line in own if line["source_path"].startswith(POSITION)]
        parts = max(places, key=len, default="")
        found[name] = parts, [column(line["column"], line["source_path"], parts, line["note"]) for line in own]
    return found


def tables() -> dict[str, Table]:
    """Those of the reference but for two, and what is beyond it. All bundles have the columns of those on invoices."""
    found = reference()
    del found["address"], found["bundle_item"]
    for block in re.split(r"\n(?=\w)", BEYOND.strip()):
        head, _, declared = block.partition(":")
        names = [word for word in head.split() if not word.endswith("[]")]
        parts = head.removeprefix(" ".join(names)).strip()
        for name in names:
            key = [field(f"{owner(name, found)}_id=Id", ""), Column("index", depth=0)] if parts else []
            _, own = found.setdefault(name, (parts, key))
            known = {each.name for each in own}
            own += (each for word in declared.split() if (each := field(word, parts)).name not in known)
    parts, bundles = found["invoice_line_bundle"]
    for form in FORMS.split()[1:]:
        renamed = [replace(each, name=each.name.replace("invoice", form)) for each in bundles]
        found[f"{form}_line_bundle"] = parts, renamed
    return {name: Table(owner(name, found), parts, tuple(own)) for name, (parts, own) in found.items()}


def owner(name: str, found: dict[str, tuple[str, list[Column]]]) -> str:
    """The table of the records that a table's rows are, or are parts of."""
    return max(
        (each for each, (parts, _) in found.items() if not parts and name.startswith(each)), key=len, default=name
    )


TABLES = tables()
"""Every table but `address` and `bundle_item`."""
ADDRESS = tuple(each for each in reference()["address"][1] if each.name != "id")
