"""The tables of QuickBooks: every column typed and declared once (quickbooks.md 3-9).

Names and keys of those in `quickbooks_columns.csv` are those that accountants' models read; what the API has beyond
them is named in the same manner. Lines, linked transactions and tax lines are keyed by their parent and `index`, their
place in the list from 0.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from shared.exact import Exact
from shared.records import adding, elements, moment, value
from shared.tables import Child, Column, Gathered, Table
from shared.types import BOOLEAN, DECIMAL, JSON, LONG, NAIVE_DATE, RATE, REFERENCE, STRING, UTC_DATETIME, Misfit, Type

Record = Mapping[str, Any]

HOME_CURRENCY = "(home)"
"""What the connector adds to a record: the currency of the company, for records that name none."""
TEMPLATE_OF = "(template)"
"""What the connector adds to a recurring template: the kind of transaction that it makes."""
HEADER_NOTE = "(note)"
"""What is added to a line: the note of its transaction."""
WRAPPING = ("value", "Address", "FreeFormNumber", "URI")
"""Objects are read for one of these; what else they hold, like the name of what they refer to, says nothing new."""
BESIDE_ALL = ("domain", "sparse", "status")
ADDRESSES = (
    *"""
        BillAddr ShipAddr ShipFromAddr VendorAddr RemitToAddr OtherAddr PrimaryAddr CompanyAddr
        CustomerCommunicationAddr LegalAddr
    """.split(),
)
OWNERS = (
    *"""
        customer vendor employee company_info invoice estimate sales_receipt credit_memo refund_receipt payment bill
        vendor_credit purchase purchase_order
    """.split(),
)
"""The tables whose records hold addresses. Of two that changed in the same second the later one of these is newer."""


# How columns are written down: the name and the path, in turn.


def paired(kind: Type, pairs: str) -> tuple[Column, ...]:
    """Columns of one type, from `name Path name Path …`."""
    words = pairs.split()
    return tuple(column(name, kind, path) for name, path in zip(words[::2], words[1::2], strict=True))


def column(name: str, kind: Type, path: str) -> Column:
    """A column that accounts for the whole of the object that wraps its value."""
    outer, _, last = path.rpartition(".")
    if last == "value" and kind is STRING:
        kind = REFERENCE
    if outer and (last in WRAPPING or outer == "MetaData"):
        return Column(name, kind, path, reads=(outer,))
    return Column(name, kind, path)


def texts(pairs: str) -> tuple[Column, ...]:
    return paired(STRING, pairs)


def amounts(pairs: str) -> tuple[Column, ...]:
    return paired(DECIMAL, pairs)


def rates(pairs: str) -> tuple[Column, ...]:
    return paired(RATE, pairs)


def flags(pairs: str) -> tuple[Column, ...]:
    return paired(BOOLEAN, pairs)


def days(pairs: str) -> tuple[Column, ...]:
    return paired(NAIVE_DATE, pairs)


def instants(pairs: str) -> tuple[Column, ...]:
    return paired(UTC_DATETIME, pairs)


def numbers(pairs: str) -> tuple[Column, ...]:
    return paired(LONG, pairs)


def documents(pairs: str) -> tuple[Column, ...]:
    return paired(JSON, pairs)


def json_text(name: str, path: str) -> Column:
    """A list as text."""

    def pick(record: Record) -> Any:
        value = record.get(path)
        return None if value is None else json.dumps(value, separators=(",", ":"))

    return Column(name, STRING, pick, reads=(path,))


def never_null(name: str, path: str) -> Column:
    """A flag that is false where it is absent: a null would lose the row in the models (quickbooks.md 9)."""

    def pick(record: Record) -> Any:
        value = record.get(path)
        return False if value is None else value

    return Column(name, BOOLEAN, pick, reads=(path,))


def currency() -> Column:
    """The currency: the company's own where the API leaves it out (quickbooks.md 9)."""

    def pick(record: Record) -> Any:
        named = record.get("CurrencyRef")
        return (an_object(named).get("value") if named is not None else None) or record.get(HOME_CURRENCY)

    return Column("currency_id", STRING, pick, reads=("CurrencyRef", HOME_CURRENCY))


def an_object(value: Any) -> Record:
    """The value. Raises `Misfit` where it is no object."""
    if not isinstance(value, Mapping):
        raise Misfit("no object where one belongs")
    return value


def custom(name: str) -> Column:
    """The value of the custom field whose name in snake case this column has, after `custom_`."""

    def pick(record: Record) -> Any:
        for each in record.get("CustomField") or ():
            if snake(each.get("Name")) == name.removeprefix("custom_"):
                return custom_value(each)
        return None

    return Column(name, STRING, pick, reads=("CustomField",))


CUSTOM_VALUES = ("StringValue", "NumberValue", "DateValue", "BooleanValue")


def custom_value(field: Record) -> Any:
    """The value of a custom field, of whatever type it is; `true` or `false` for one that is that."""
    found = next((field[each] for each in CUSTOM_VALUES if field.get(each) is not None), None)
    return str(found).lower() if isinstance(found, bool) else found


def snake(name: Any) -> str:
    """`P.O. Number` becomes `p_o_number`."""
    return re.sub(r"[^a-z0-9]+", "_", str(name or "").lower()).strip("_")


def of_type(name: str, path: str, kind: str) -> Column:
    """The id in a reference, where it refers to this kind of record. The kind is written in any case of letters."""
    *outer, last = path.split(".")

    def pick(record: Any) -> Any:
        for step in (*outer, last):
            record = an_object(record).get(step)
            if record is None:
                return None
        named = an_object(record)
        # Journal lines say the type beside the reference, all others within it.
        reference = an_object(named.get("EntityRef") or named)
        kinds = (named.get("Type"), named.get("type"), reference.get("type"))
        return reference.get("value") if kind.lower() in (str(each).lower() for each in kinds) else None

    return Column(name, REFERENCE, pick, reads=(path,))


# What transactions have in common.

ID = Column("id", STRING, "Id")
STAMPS = (
    *texts("sync_token SyncToken"),
    *instants("created_at MetaData.CreateTime updated_at MetaData.LastUpdatedTime"),
)
HEADER = (ID, *STAMPS, *days("transaction_date TxnDate"), currency(), *rates("exchange_rate ExchangeRate"))
NOTED = (*texts("private_note PrivateNote"),)
LOCATED = (*texts("department_id DepartmentRef.value doc_number DocNumber"),)
TAXED = (*amounts("total_tax TxnTaxDetail.TotalTax"), *texts("tax_code_id TxnTaxDetail.TxnTaxCodeRef.value"))
CARD = (
    *amounts("credit_card_amount CreditCardPayment.CreditChargeInfo.Amount"),
    *texts("""
        credit_card_auth_code CreditCardPayment.CreditChargeResponse.AuthCode
        credit_card_billing_address_street CreditCardPayment.CreditChargeInfo.BillAddrStreet
        credit_card_cc_expiry_month CreditCardPayment.CreditChargeInfo.CcExpiryMonth
        credit_card_cc_expiry_year CreditCardPayment.CreditChargeInfo.CcExpiryYear
        credit_card_cctrans_id CreditCardPayment.CreditChargeResponse.CCTransId
        credit_card_name_on_account CreditCardPayment.CreditChargeInfo.NameOnAcct
        credit_card_postal_code CreditCardPayment.CreditChargeInfo.PostalCode
        credit_card_status CreditCardPayment.CreditChargeResponse.Status
        credit_card_type CreditCardPayment.CreditChargeInfo.Type
    """),
    *flags("credit_card_process_payment CreditCardPayment.CreditChargeInfo.ProcessPayment"),
    *instants("credit_card_transaction_authorization_time CreditCardPayment.CreditChargeResponse.TxnAuthorizationTime"),
)
SECRETS = (
    *"""
        InvoiceLink InvoiceLinkSecurityCode CreditCardPayment.CreditChargeInfo.Number
        CreditCardPayment.CreditChargeInfo.CardNumber CreditCardPayment.CreditChargeInfo.CcToken
        CreditCardPayment.CreditChargeInfo.PaymentToken VendorPaymentBankDetail SSN BirthDate
    """.split(),
)
"""Links that pay without signing in, card and bank numbers, what identifies a person to the state."""
BESIDE = (
    *BESIDE_ALL,
    *"""
        RecurDataRef TaxExemptionRef ShipMethodRef FreeFormAddress ProjectRef AutoDocNumber TransactionLocationType
        EInvoiceStatus ECloudStatusTimeStamp invoiceStatus invoiceStatusLog AllowOnlinePayPalPayment TxnSource
        TxnStatus HomeBalance HomeTotalAmt HomeAmtTotal SalesRepRef DefaultTaxCodeRef FOB PONumber IncludeInAnnualTPAR
        CheckPayment PaymentRefNum NameOf OverrideItemAccount DepartmentRef ClassRef GlobalTaxCalculation SalesTermRef
        DueDate PrintStatus EmailStatus TxnTaxDetail.TotalTax TxnTaxDetail.TxnTaxCodeRef TxnTaxDetail.TaxLine
        TxnTaxDetail.DefaultTaxCodeRef TxnTaxDetail.TaxReviewStatus TxnTaxDetail.UseAutomatedSalesTax
        CustomField DeliveryInfo.DeliveryType DeliveryInfo.DeliveryTime DeliveryInfo.DeliveryErrorType
        ApplyTaxAfterDiscount PurchaseEx PaymentType Tag TxnApprovalInfo BillEmail BillEmailCc BillEmailBcc ReplyEmail
        Memo POEmail ShipTo EstimatedCompletionDate Status CurrencyRef UnappliedAmt
    """.split(),
)
"""What transactions may have, and no column of theirs reads."""


def age(table: str) -> Callable[[Record], tuple[int, ...]]:
    """How new an owner of addresses is: by its change, then by its table, then by its id."""
    rank = OWNERS.index(table)

    def of(record: Record) -> tuple[int, ...]:
        changed = moment(record, "MetaData.LastUpdatedTime")
        second = 0 if changed is None else max(0, int(changed.timestamp()))
        number = str(record.get("Id"))
        return second, rank, int(number) if number.isascii() and number.isdigit() else 0

    return of


def of_quickbooks(
    name: str,
    *own: Column,
    key: tuple[str, ...] = ("id",),
    children: tuple[Child, ...] = (),
    beside: tuple[str, ...] = BESIDE,
    left_out: tuple[str, ...] = (),
) -> Table:
    """A table; its addresses go to `address`."""
    return Table(
        name,
        key=key,
        columns=own,
        children=children,
        left_out=(*SECRETS, HOME_CURRENCY, *left_out),
        raw_only=beside,
        gathered=(Gathered(ADDRESS, ADDRESSES, age(name)),) if name in OWNERS else (),
    )


# Lists inside records.

LINE = (*texts("line_id Id line_num LineNum description Description"), *amounts("amount Amount"))
LINE_BESIDE = (
    *"""
        LinkedTxn LineEx CustomExtensions DescriptionLineDetail SubTotalLineDetail Received ProjectRef CustomField
        GroupLineDetail DiscountLineDetail.DiscountRef DiscountLineDetail.ServiceDate
    """.split(),
)
PRICED = ("MarkupInfo", "RatePercent", "PriceLevelRef", "TaxInclusiveAmt", "TaxClassificationRef", "DeferredRevenue")
DETAIL_TYPE = Column("detail_type", STRING, "DetailType")
SALES_DETAIL = (
    *texts("""
        sales_item_account_id SalesItemLineDetail.ItemAccountRef.value
        sales_item_class_id SalesItemLineDetail.ClassRef.value
        sales_item_item_id SalesItemLineDetail.ItemRef.value
        sales_item_tax_code_id SalesItemLineDetail.TaxCodeRef.value
        sub_total_item_id SubTotalLineDetail.ItemRef.value
        bundle_id GroupLineDetail.GroupItemRef.value
        description_tax_code_id DescriptionLineDetail.TaxCodeRef.value
        discount_account_id DiscountLineDetail.DiscountAccountRef.value
        discount_class_id DiscountLineDetail.ClassRef.value
        discount_tax_code_id DiscountLineDetail.TaxCodeRef.value
    """),
    *amounts("""
        sales_item_discount_amount SalesItemLineDetail.DiscountAmt
        sales_item_quantity SalesItemLineDetail.Qty
        bundle_quantity GroupLineDetail.Quantity
    """),
    *rates("""
        sales_item_discount_rate SalesItemLineDetail.DiscountRate
        sales_item_unit_price SalesItemLineDetail.UnitPrice
        discount_discount_percent DiscountLineDetail.DiscountPercent
    """),
    *flags("discount_percent_based DiscountLineDetail.PercentBased"),
    *days("""
        sales_item_service_date SalesItemLineDetail.ServiceDate
        description_service_date DescriptionLineDetail.ServiceDate
    """),
)
REIMBURSED = (
    *texts("""
        account_id ReimburseLineDetail.ItemAccountRef.value
        item_id ReimburseLineDetail.ItemRef.value
        tax_code_id ReimburseLineDetail.TaxCodeRef.value
    """),
    *amounts("quantity ReimburseLineDetail.Qty"),
)
SALES_BESIDE = (*LINE_BESIDE, "ReimburseLineDetail", *(f"SalesItemLineDetail.{each}" for each in PRICED))
EXPENSE_DETAIL = (
    *texts("""
        account_expense_account_id AccountBasedExpenseLineDetail.AccountRef.value
        account_expense_billable_status AccountBasedExpenseLineDetail.BillableStatus
        account_expense_class_id AccountBasedExpenseLineDetail.ClassRef.value
        account_expense_customer_id AccountBasedExpenseLineDetail.CustomerRef.value
        account_expense_tax_code_id AccountBasedExpenseLineDetail.TaxCodeRef.value
        item_expense_billable_status ItemBasedExpenseLineDetail.BillableStatus
        item_expense_class_id ItemBasedExpenseLineDetail.ClassRef.value
        item_expense_customer_id ItemBasedExpenseLineDetail.CustomerRef.value
        item_expense_item_id ItemBasedExpenseLineDetail.ItemRef.value
        item_expense_tax_code_id ItemBasedExpenseLineDetail.TaxCodeRef.value
    """),
    *amounts("""
        account_expense_tax_amount AccountBasedExpenseLineDetail.TaxAmount
        item_expense_quantity ItemBasedExpenseLineDetail.Qty
    """),
    *rates("item_expense_unit_price ItemBasedExpenseLineDetail.UnitPrice"),
)
EXPENSE_BESIDE = (
    *LINE_BESIDE,
    "ItemBasedExpenseLineDetail.ItemAccountRef",
    "ItemBasedExpenseLineDetail.Received",
    *(f"AccountBasedExpenseLineDetail.{each}" for each in PRICED),
    *(f"ItemBasedExpenseLineDetail.{each}" for each in PRICED),
)


def listed(
    name: str,
    source: str | Callable[[Record], Any],
    *own: Column,
    beside: tuple[str, ...] = (),
    reads: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
    key: tuple[str, ...] = (),
    parent: str = "",
) -> Child:
    return Child(
        name, source, own, reads=reads, left_out=left_out, raw_only=beside, position="index", key=key, parent=parent
    )


def sales_lines(table: str, *own: Column, parent: str = "") -> Child:
    return listed(f"{table}_line", "Line", *LINE, DETAIL_TYPE, *SALES_DETAIL, *own, beside=SALES_BESIDE, parent=parent)


def expense_lines(table: str) -> Child:
    return listed(f"{table}_line", "Line", *LINE, DETAIL_TYPE, *EXPENSE_DETAIL, beside=EXPENSE_BESIDE)


def tax_lines(name: str) -> Child:
    return listed(
        name,
        "TxnTaxDetail.TaxLine",
        *amounts("""
            amount Amount
            net_amount_taxable TaxLineDetail.NetAmountTaxable
            override_delta_amount TaxLineDetail.OverrideDeltaAmount
            tax_inclusive_amount TaxLineDetail.TaxInclusiveAmount
        """),
        *rates("tax_percent TaxLineDetail.TaxPercent"),
        *flags("percent_based TaxLineDetail.PercentBased"),
        *texts("tax_rate_id TaxLineDetail.TaxRateRef.value"),
        beside=("DetailType", "Id", "LineNum", "Description", "TaxLineDetail.ServiceDate"),
    )


def custom_fields(table: str) -> Child:
    return listed(
        f"{table}_custom_field",
        "CustomField",
        *texts("definition_id DefinitionId name Name type Type"),
        Column("value", STRING, custom_value, reads=CUSTOM_VALUES),
    )


def bundle_lines(table: str) -> Child:
    """The lines inside the bundles of a sales form. Unprefixed columns are the filled ones (quickbooks_columns.csv)."""
    return listed(
        f"{table}_line_bundle",
        inside_bundles,
        *numbers(f"{table}_line_index {BUNDLE_INDEX} index {INDEX}"),
        *LINE,
        *texts("""
            account_id SalesItemLineDetail.ItemAccountRef.value
            class_id SalesItemLineDetail.ClassRef.value
            item_id SalesItemLineDetail.ItemRef.value
            tax_code_id SalesItemLineDetail.TaxCodeRef.value
        """),
        *amounts("discount_amount SalesItemLineDetail.DiscountAmt quantity SalesItemLineDetail.Qty"),
        *rates("discount_rate SalesItemLineDetail.DiscountRate unit_price SalesItemLineDetail.UnitPrice"),
        *days("service_date SalesItemLineDetail.ServiceDate"),
        *(
            Column(f"sales_item_{name}", kind, lambda line: None)
            for name, kind in (
                ("account_id", STRING),
                ("item_id", STRING),
                ("quantity", DECIMAL),
                ("tax_code_id", STRING),
            )
        ),
        reads=("Line",),
        beside=(*(each for each in SALES_BESIDE if each != "GroupLineDetail"), "DetailType"),
        left_out=(BUNDLE_INDEX, INDEX, "GroupLineDetail.Line"),
        key=(f"{table}_line_index", "index"),
    )


BUNDLE_INDEX, INDEX = "(bundle)", "(index)"


def inside_bundles(record: Record) -> list[Any]:
    """The lines of all bundles, each with the places of its bundle and of itself. Those of a bundle inside a bundle
    come behind the others."""
    found = []
    for place, line in enumerate(record.get("Line") or ()):
        inside = list(elements(line, "GroupLineDetail.Line"))
        for index, each in enumerate(inside):
            if not isinstance(each, Mapping):
                raise Misfit("a line of a bundle that is no object")
            inside += elements(each, "GroupLineDetail.Line")
            found.append({**each, BUNDLE_INDEX: place, INDEX: index})
    return found


def linked(*kinds: str) -> Callable[[Any], Any]:
    """The id of the linked transaction, where it is of one of these kinds."""
    return lambda entry: entry.get("TxnId") if entry.get("TxnType") in kinds else None


def linked_on_line(*kinds: str) -> Callable[[Any], Any]:
    """The id of the first transaction of one of these kinds that is linked to a line."""
    return lambda line: next(
        (each.get("TxnId") for each in line.get("LinkedTxn") or () if each.get("TxnType") in kinds), None
    )


PAYMENT_KINDS = ("Payment", "ReceivePayment")
BILL_PAYMENT_KINDS = ("BillPaymentCheck", "BillPayment")
LINKED = texts("transaction_id TxnId transaction_type TxnType transaction_line_id TxnLineId")


def linked_transactions(table: str, **kinds: tuple[str, ...]) -> Child:
    """The transactions that one is linked to: a column for each kind, and the kind and id as they come."""
    return listed(
        f"{table}_linked_txn",
        "LinkedTxn",
        *(Column(name, STRING, linked(*each), reads=("TxnId", "TxnType")) for name, each in kinds.items()),
        *LINKED,
    )


def linking_lines(table: str, *own: Column, beside: tuple[str, ...] = (), **kinds: tuple[str, ...]) -> Child:
    """Lines that say which transactions they settle; `transaction_id` and `transaction_type` are those of the first."""

    def first(key: str) -> Callable[[Any], Any]:
        return lambda line: next((each.get(key) for each in line.get("LinkedTxn") or ()), None)

    return listed(
        f"{table}_line",
        "Line",
        *LINE,
        DETAIL_TYPE,
        *(Column(name, STRING, linked_on_line(*each), reads=("LinkedTxn",)) for name, each in kinds.items()),
        Column("transaction_id", STRING, first("TxnId"), reads=("LinkedTxn",)),
        Column("transaction_type", STRING, first("TxnType"), reads=("LinkedTxn",)),
        *own,
        beside=(*LINE_BESIDE, *beside),
    )


# Addresses.

ADDRESS = Table(
    "address",
    key=("id",),
    columns=(
        ID,
        *texts("""
    line_1 Line1 line_2 Line2 line_3 Line3 line_4 Line4 line_5 Line5
    city City country Country country_sub_division_code CountrySubDivisionCode postal_code PostalCode
    latitude Lat longitude Long
"""),
    ),
    raw_only=("Tag", "CountryCode", "County", "Note", "PostalCodeSuffix"),
)
"""One row for each address that any record has ever held, as its newest owner has it; never deleted."""


# Lists of names.

ACCOUNT = of_quickbooks(
    "account",
    ID,
    *STAMPS,
    currency(),
    never_null("active", "Active"),
    never_null("sub_account", "SubAccount"),
    *texts("""
        account_number AcctNum account_sub_type AccountSubType account_type AccountType classification Classification
        description Description fully_qualified_name FullyQualifiedName name Name parent_account_id ParentRef.value
        tax_code_id TaxCodeRef.value
    """),
    *amounts("balance CurrentBalance balance_with_sub_accounts CurrentBalanceWithSubAccounts"),
    beside=(*BESIDE_ALL, "AccountAlias", "TxnLocationType", "OnlineBankingEnabled", "FIName", "JournalCodeRef"),
)
CUSTOMER = of_quickbooks(
    "customer",
    ID,
    *STAMPS,
    currency(),
    *texts("""
        alternate_phone_number AlternatePhone.FreeFormNumber ar_account_id ARAccountRef.value
        bill_address_id BillAddr.Id company_name CompanyName customer_type_id CustomerTypeRef.value
        default_tax_code_id DefaultTaxCodeRef.value display_name DisplayName email PrimaryEmailAddr.Address
        family_name FamilyName fax_number Fax.FreeFormNumber fully_qualified_name FullyQualifiedName
        given_name GivenName level Level middle_name MiddleName mobile_number Mobile.FreeFormNumber notes Notes
        parent_customer_id ParentRef.value payment_method_id PaymentMethodRef.value
        phone_number PrimaryPhone.FreeFormNumber preferred_delivery_method PreferredDeliveryMethod
        print_on_check_name PrintOnCheckName resale_number ResaleNum sales_term_id SalesTermRef.value
        shipping_address_id ShipAddr.Id suffix Suffix tax_exemption_reason_id TaxExemptionReasonId title Title
        website WebAddr.URI
    """),
    *amounts("balance Balance balance_with_jobs BalanceWithJobs"),
    *flags("active Active bill_with_parent BillWithParent job Job taxable Taxable"),
    *days("open_balance_date OpenBalanceDate"),
    children=(custom_fields("customer"),),
    beside=(
        *BESIDE_ALL,
        *"""
            IsProject ClientEntityId V4IDPseudonym PrimaryTaxIdentifier SecondaryTaxIdentifier BusinessNumber GSTIN
            GSTRegistrationType IsSubscribed ShipMethodRef PriceLevelRef Source TaxExemptionRef Organization UserId
            ARAccountRef TaxRegime
        """.split(),
    ),
)
VENDOR = of_quickbooks(
    "vendor",
    ID,
    *STAMPS,
    currency(),
    *texts("""
        account_number AcctNum alternate_phone AlternatePhone.FreeFormNumber billing_address_id BillAddr.Id
        company_name CompanyName display_name DisplayName email PrimaryEmailAddr.Address family_name FamilyName
        fax_number Fax.FreeFormNumber given_name GivenName middle_name MiddleName
        mobile_phone Mobile.FreeFormNumber primary_phone PrimaryPhone.FreeFormNumber
        print_on_check_name PrintOnCheckName suffix Suffix tax_identifier TaxIdentifier term_id TermRef.value
        title Title web_url WebAddr.URI
    """),
    json_text("other_contacts", "OtherContactInfo"),
    *amounts("balance Balance"),
    *flags("active Active vendor_1099 Vendor1099"),
    children=(custom_fields("vendor"),),
    beside=(
        *BESIDE_ALL,
        *"""
            V4IDPseudonym APAccountRef BillRate CostRate BusinessNumber GSTIN GSTRegistrationType HasTPAR T4AEligible
            T5018Eligible TaxReportingBasis Organization Source UserId
        """.split(),
    ),
)
EMPLOYEE = of_quickbooks(
    "employee",
    ID,
    *STAMPS,
    *texts("""
        address_id PrimaryAddr.Id display_name DisplayName email PrimaryEmailAddr.Address employee_number EmployeeNumber
        family_name FamilyName gender Gender given_name GivenName middle_name MiddleName
        mobile_number Mobile.FreeFormNumber phone_number PrimaryPhone.FreeFormNumber
        print_on_check_name PrintOnCheckName suffix Suffix title Title
    """),
    *flags("active Active billable_time BillableTime organization Organization"),
    *days("hired_date HiredDate released_date ReleasedDate"),
    *rates("bill_rate BillRate cost_rate CostRate"),
    beside=(*BESIDE_ALL, "V4IDPseudonym"),
)
DESCRIBED = (*flags("active Active"), *texts("name Name fully_qualified_name FullyQualifiedName"))
CLASS = of_quickbooks(
    "class",
    ID,
    *STAMPS,
    *DESCRIBED,
    *flags("sub_class SubClass"),
    *texts("parent_class_id ParentRef.value"),
    beside=BESIDE_ALL,
)
DEPARTMENT = of_quickbooks(
    "department",
    ID,
    *STAMPS,
    *DESCRIBED,
    *flags("is_active Active sub_department SubDepartment"),
    *texts("parent_department_id ParentRef.value"),
    beside=(*BESIDE_ALL, "Address"),
)
CUSTOMER_TYPE = of_quickbooks(
    "customer_type", ID, *STAMPS[1:], *flags("active Active"), *texts("name Name"), beside=(*BESIDE_ALL, "SyncToken")
)
TERM = of_quickbooks(
    "term",
    ID,
    *STAMPS,
    *flags("active Active"),
    *texts("name Name type Type"),
    *numbers("due_days DueDays discount_days DiscountDays day_of_month_due DayOfMonthDue"),
    *numbers("due_next_month_days DueNextMonthDays discount_day_of_month DiscountDayOfMonth"),
    *rates("discount_percent DiscountPercent"),
    beside=BESIDE_ALL,
)
PAYMENT_METHOD = of_quickbooks(
    "payment_method", ID, *STAMPS, *flags("active Active"), *texts("name Name type Type"), beside=BESIDE_ALL
)
CURRENCY = of_quickbooks(
    "currency", ID, *STAMPS, *flags("active Active"), *texts("code Code name Name"), beside=(*BESIDE_ALL, "CustomField")
)
ITEM_BESIDE = (
    *BESIDE_ALL,
    *"""
        AbatementRate ReverseChargeRate SubItem ClassRef PrefVendorRef ReorderPoint ItemCategoryType ItemGroupDetail
        ManPartNum DeferredRevenue Source TaxClassificationRef SalesTaxCodeRef PurchaseTaxCodeRef QtyOnSalesOrder
        QtyOnPurchaseOrder AvgCost ServiceType UQCDisplayText UQCId Type Level Sku ParentRef IncomeAccountRef
        ExpenseAccountRef AssetAccountRef InvStartDate QtyOnHand TrackQtyOnHand SalesTaxIncluded PurchaseTaxIncluded
        PurchaseDesc PrintGroupedItems CustomField
    """.split(),
)
ITEM = of_quickbooks(
    "item",
    ID,
    *STAMPS,
    *texts("""
        asset_account_id AssetAccountRef.value description Description expense_account_id ExpenseAccountRef.value
        fully_qualified_name FullyQualifiedName income_account_id IncomeAccountRef.value level Level name Name
        parent_item_id ParentRef.value purchase_description PurchaseDesc purchase_tax_code_id PurchaseTaxCodeRef.value
        sales_tax_code_id SalesTaxCodeRef.value stock_keeping_unit Sku type Type
    """),
    *flags("""
        active Active purchase_tax_included PurchaseTaxIncluded sales_tax_included SalesTaxIncluded sub_item SubItem
        taxable Taxable track_quantity_on_hand TrackQtyOnHand
    """),
    *amounts("quantity_on_hand QtyOnHand"),
    *rates("purchase_cost PurchaseCost unit_price UnitPrice"),
    *days("inventory_start_date InvStartDate"),
    beside=ITEM_BESIDE,
)


def components(record: Record) -> list[Any]:
    """What a bundle is made of. The same item twice is one row with both quantities: the key has room for one."""
    found: dict[Any, Any] = {}
    for place, line in enumerate(value(record, "ItemGroupDetail.ItemGroupLine") or ()):
        item = line["ItemRef"]["value"] if isinstance(line.get("ItemRef"), Mapping) else place
        before = found.get(item)
        found[item] = line if before is None else {**line, "Qty": total(before.get("Qty"), line.get("Qty"))}
    return list(found.values())


def total(*quantities: Any) -> Any:
    """The sum, exactly."""
    known = [Decimal(each.text if isinstance(each, Exact) else str(each)) for each in quantities if each is not None]
    return format(sum(known, Decimal()), "f") if known else None


BUNDLE = of_quickbooks(
    "bundle",
    ID,
    *STAMPS,
    *flags("active Active print_grouped_items PrintGroupedItems taxable Taxable"),
    *texts("description Description fully_qualified_name FullyQualifiedName name Name"),
    *rates("purchase_cost PurchaseCost unit_price UnitPrice"),
    children=(
        listed(
            "bundle_item",
            components,
            *texts("item_id ItemRef.value"),
            *amounts("item_quantity Qty"),
            reads=("ItemGroupDetail.ItemGroupLine",),
            key=("item_id",),
        ),
    ),
    beside=ITEM_BESIDE,
)
TAX_AGENCY = of_quickbooks(
    "tax_agency",
    ID,
    *STAMPS,
    *texts("display_name DisplayName tax_registration_number TaxRegistrationNumber"),
    *flags("tax_tracked_on_purchases TaxTrackedOnPurchases tax_tracked_on_sales TaxTrackedOnSales"),
    beside=(*BESIDE_ALL, "LastFileDate", "TaxAgencyConfig"),
)
TAX_RATE = of_quickbooks(
    "tax_rate",
    ID,
    *STAMPS,
    *flags("active Active"),
    *texts("description Description display_type DisplayType name Name special_tax_type SpecialTaxType"),
    *texts("tax_agency_id AgencyRef.value"),
    json_text("effective_tax_rate", "EffectiveTaxRate"),
    *rates("rate_value RateValue"),
    beside=(*BESIDE_ALL, "TaxReturnLineRef", "OriginalTaxRate"),
)


def rate_list(name: str, path: str) -> Child:
    return listed(
        name,
        f"{path}.TaxRateDetail",
        *texts("tax_rate_id TaxRateRef.value tax_type_applicable TaxTypeApplicable"),
        *numbers("tax_order TaxOrder tax_on_tax_order TaxOnTaxOrder"),
    )


TAX_CODE = of_quickbooks(
    "tax_code",
    ID,
    *STAMPS,
    *texts("name Name description Description tax_code_config_type TaxCodeConfigType"),
    *flags("active Active hidden Hidden taxable Taxable tax_group TaxGroup"),
    children=(
        rate_list("tax_code_sales_tax_rate", "SalesTaxRateList"),
        rate_list("tax_code_purchase_tax_rate", "PurchaseTaxRateList"),
    ),
    beside=(*BESIDE_ALL, "SalesTaxRateList.OriginalTaxRate", "PurchaseTaxRateList.OriginalTaxRate"),
)
BUDGET = of_quickbooks(
    "budget",
    ID,
    *STAMPS,
    *flags("active Active"),
    *texts("name Name budget_type BudgetType budget_entry_type BudgetEntryType"),
    *days("start_date StartDate end_date EndDate"),
    children=(
        listed(
            "budget_detail",
            "BudgetDetail",
            *days("budget_date BudgetDate"),
            *amounts("amount Amount"),
            *texts("""
            account_id AccountRef.value class_id ClassRef.value customer_id CustomerRef.value
            department_id DepartmentRef.value
        """),
        ),
    ),
    beside=BESIDE_ALL,
)


# Sales.

FORM = (
    *HEADER,
    *NOTED,
    *LOCATED,
    *texts("""
        billing_address_id BillAddr.Id class_id ClassRef.value customer_id CustomerRef.value
        customer_memo CustomerMemo.value global_tax_calculation GlobalTaxCalculation print_status PrintStatus
        shipping_address_id ShipAddr.Id
    """),
    *amounts("home_total_amount HomeTotalAmt total_amount TotalAmt"),
    *flags("apply_tax_after_discount ApplyTaxAfterDiscount"),
)
INVOICE = of_quickbooks(
    "invoice",
    *FORM,
    *TAXED,
    *texts("""
        billing_bcc_email BillEmailBcc.Address billing_cc_email BillEmailCc.Address billing_email BillEmail.Address
        delivery_type DeliveryInfo.DeliveryType deposit_to_account_id DepositToAccountRef.value
        email_status EmailStatus sales_term_id SalesTermRef.value tracking_number TrackingNum
        transaction_source TxnSource
    """),
    custom("custom_p_o_number"),
    custom("custom_sales_rep"),
    *flags("""
        allow_ipnpayment AllowIPNPayment allow_online_achpayment AllowOnlineACHPayment
        allow_online_credit_card_payment AllowOnlineCreditCardPayment allow_online_payment AllowOnlinePayment
    """),
    *amounts("balance Balance deposit Deposit home_balance HomeBalance"),
    *days("due_date DueDate ship_date ShipDate"),
    *instants("delivery_time DeliveryInfo.DeliveryTime"),
    children=(
        sales_lines("invoice", *REIMBURSED),
        bundle_lines("invoice"),
        linked_transactions(
            "invoice",
            charge_credit_id=("ChargeCredit",),
            estimate_id=("Estimate",),
            payment_id=PAYMENT_KINDS,
            reimburse_charge_id=("ReimburseCharge",),
            statement_charge_id=("StatementCharge",),
            time_activity_id=("TimeActivity",),
        ),
        tax_lines("invoice_tax_line"),
        custom_fields("invoice"),
    ),
)
ESTIMATE = of_quickbooks(
    "estimate",
    *FORM,
    *TAXED,
    *texts("""
        accepted_by AcceptedBy bill_email BillEmail.Address delivery_type DeliveryInfo.DeliveryType
        email_status EmailStatus sales_term_id SalesTermRef.value transaction_status TxnStatus
    """),
    custom("custom_p_o_number"),
    custom("custom_sales_rep"),
    *days("accepted_date AcceptedDate due_date DueDate expiration_date ExpirationDate ship_date ShipDate"),
    children=(
        sales_lines("estimate", *REIMBURSED),
        bundle_lines("estimate"),
        linked_transactions("estimate"),
        tax_lines("estimate_tax_line"),
        custom_fields("estimate"),
    ),
)
RECEIVED = (
    *FORM,
    *CARD,
    *TAXED,
    *texts("""
        bill_email BillEmail.Address deposit_to_account_id DepositToAccountRef.value
        payment_method_id PaymentMethodRef.value payment_reference_number PaymentRefNum payment_type PaymentType
        transaction_source TxnSource
    """),
    *amounts("balance Balance home_balance HomeBalance"),
)
SALES_RECEIPT = of_quickbooks(
    "sales_receipt",
    *(each for each in RECEIVED if each.name != "payment_type"),
    *texts("delivery_type DeliveryInfo.DeliveryType email_status EmailStatus tracking_number TrackingNum"),
    *days("ship_date ShipDate"),
    *instants("delivery_time DeliveryInfo.DeliveryTime"),
    children=(
        sales_lines("sales_receipt"),
        bundle_lines("sales_receipt"),
        linked_transactions("sales_receipt"),
        tax_lines("sales_receipt_tax_line"),
        custom_fields("sales_receipt"),
    ),
)
REFUND_RECEIPT = of_quickbooks(
    "refund_receipt",
    *RECEIVED,
    *texts("""
        check_payment_account_number CheckPayment.AcctNum check_payment_bank_name CheckPayment.BankName
        check_payment_check_number CheckPayment.CheckNum check_payment_name_on_account CheckPayment.NameOnAcct
        check_payment_status CheckPayment.Status
    """),
    children=(
        sales_lines("refund_receipt", parent="refund_id"),
        bundle_lines("refund_receipt"),
        tax_lines("refund_receipt_tax_line"),
        custom_fields("refund_receipt"),
    ),
)
CREDIT_MEMO = of_quickbooks(
    "credit_memo",
    *FORM,
    *TAXED[:1],
    *texts("""
        bill_email BillEmail.Address email_status EmailStatus payment_method_id PaymentMethodRef.value
        sales_term_id SalesTermRef.value
    """),
    custom("custom_p_o_number"),
    *amounts("balance Balance home_balance HomeBalance remaining_credit RemainingCredit"),
    children=(
        sales_lines("credit_memo"),
        bundle_lines("credit_memo"),
        tax_lines("credit_memo_tax_line_detail"),
        custom_fields("credit_memo"),
    ),
)
PAYMENT = of_quickbooks(
    "payment",
    *HEADER,
    *NOTED,
    *CARD,
    *texts("""
        customer_id CustomerRef.value deposit_to_account_id DepositToAccountRef.value
        payment_method_id PaymentMethodRef.value receivable_account_id ARAccountRef.value
        reference_number PaymentRefNum transaction_source TxnSource transaction_status TxnStatus
    """),
    *flags("process_payment ProcessPayment"),
    *amounts("total_amount TotalAmt unapplied_amount UnappliedAmt"),
    children=(
        linking_lines(
            "payment",
            check_id=("Check",),
            credit_card_charge_id=("CreditCardCharge",),
            credit_card_credit_id=("CreditCardCredit",),
            credit_memo_id=("CreditMemo",),
            deposit_id=("Deposit",),
            expense_id=("Expense",),
            invoice_id=("Invoice",),
            journal_entry_id=("JournalEntry",),
        ),
        linked_transactions("payment"),
    ),
)
REIMBURSE_CHARGE = of_quickbooks(
    "reimburse_charge",
    *HEADER,
    *NOTED,
    *texts("customer_id CustomerRef.value"),
    *flags("has_been_invoiced HasBeenInvoiced"),
    *amounts("amount Amount home_total_amount HomeTotalAmt"),
    children=(
        listed("reimburse_charge_line", "Line", *LINE, DETAIL_TYPE, *REIMBURSED, beside=SALES_BESIDE),
        linked_transactions("reimburse_charge"),
    ),
)


# Purchases.


def noted(record: Record) -> Any:
    """The lines, each with the note of the transaction."""
    lines = record.get("Line")
    if not isinstance(lines, list):
        return lines
    note = record.get("PrivateNote")
    return [adding(line, **{HEADER_NOTE: note}) for line in lines]


def either(record: Record, *paths: str) -> Any:
    """What the first path leads to that leads anywhere."""
    return next((found for path in paths if (found := value(record, path)) is not None), None)


BILLED = (
    *HEADER,
    *NOTED,
    *LOCATED,
    *texts("""
        global_tax_calculation GlobalTaxCalculation payable_account_id APAccountRef.value vendor_id VendorRef.value
    """),
    *amounts("total_amount TotalAmt"),
)
BILL = of_quickbooks(
    "bill",
    *BILLED,
    *texts("sales_term_id SalesTermRef.value"),
    *days("due_date DueDate"),
    *amounts("balance Balance home_balance HomeBalance"),
    children=(
        expense_lines("bill"),
        linked_transactions("bill", bill_payment_id=(*BILL_PAYMENT_KINDS, "BillPaymentCreditCard")),
        tax_lines("bill_tax_line_detail"),
    ),
)
VENDOR_CREDIT = of_quickbooks(
    "vendor_credit",
    *BILLED,
    *amounts("balance Balance"),
    children=(
        listed(
            "vendor_credit_line",
            noted,
            *LINE,
            DETAIL_TYPE,
            *EXPENSE_DETAIL,
            *texts(f"private_note {HEADER_NOTE}"),
            reads=("Line", "PrivateNote"),
            beside=EXPENSE_BESIDE,
            left_out=(HEADER_NOTE,),
        ),
        linked_transactions("vendor_credit"),
    ),
)
PURCHASE = of_quickbooks(
    "purchase",
    *HEADER,
    *NOTED,
    *LOCATED,
    *TAXED,
    *texts("""
        account_id AccountRef.value global_tax_calculation GlobalTaxCalculation
        payment_method_id PaymentMethodRef.value payment_type PaymentType print_status PrintStatus
        remit_to_address_id RemitToAddr.Id transaction_source TxnSource
    """),
    *(of_type(f"{kind.lower()}_id", "EntityRef", kind) for kind in ("Customer", "Employee", "Vendor")),
    never_null("credit", "Credit"),
    *amounts("total_amount TotalAmt"),
    children=(expense_lines("purchase"), linked_transactions("purchase"), tax_lines("purchase_tax_line")),
)
PURCHASE_ORDER = of_quickbooks(
    "purchase_order",
    *BILLED,
    *texts("""
        class_id ClassRef.value memo Memo sales_term_id SalesTermRef.value shipping_address_id ShipAddr.Id
        status POStatus vendor_address_id VendorAddr.Id
    """),
    Column(
        "tax_code_id",
        STRING,
        lambda record: either(record, "TaxCodeRef.value", "TxnTaxDetail.TxnTaxCodeRef.value"),
        reads=("TaxCodeRef", "TxnTaxDetail.TxnTaxCodeRef"),
    ),
    custom("custom_customer_type"),
    custom("custom_p_o_number"),
    custom("custom_po_number"),
    *amounts("total_tax TxnTaxDetail.TotalTax"),
    *days("due_date DueDate"),
    children=(
        expense_lines("purchase_order"),
        linked_transactions(
            "purchase_order",
            bill_id=("Bill",),
            purchase_id=("Purchase", "Check", "CreditCardCharge"),
            vendor_credit_id=("VendorCredit",),
        ),
        custom_fields("purchase_order"),
    ),
)
BILL_PAYMENT = of_quickbooks(
    "bill_payment",
    *HEADER,
    *NOTED,
    *LOCATED,
    *texts("""
        check_bank_account_id CheckPayment.BankAccountRef.value check_print_status CheckPayment.PrintStatus
        credit_card_account_id CreditCardPayment.CCAccountRef.value pay_type PayType
        payable_account_id APAccountRef.value vendor_id VendorRef.value
    """),
    *flags("process_bill_payment ProcessBillPayment"),
    *amounts("total_amount TotalAmt"),
    children=(
        linking_lines(
            "bill_payment",
            bill_id=("Bill",),
            bill_payment_credit_card_id=("BillPaymentCreditCard",),
            check_id=("Check",),
            credit_card_charge_id=("CreditCardCharge",),
            credit_card_credit_id=("CreditCardCredit",),
            deposit_id=("Deposit",),
            expense_id=("Expense",),
            journal_entry_id=("JournalEntry",),
            linked_bill_payment_id=BILL_PAYMENT_KINDS,
            vendor_credit_id=("VendorCredit",),
        ),
        linked_transactions("bill_payment"),
    ),
)


# Money and the general ledger.

DEPOSIT = of_quickbooks(
    "deposit",
    *HEADER,
    *NOTED,
    *texts("""
        account_id DepositToAccountRef.value cash_back_account_id CashBack.AccountRef.value
        cash_back_memo CashBack.Memo department_id DepartmentRef.value global_tax_calculation GlobalTaxCalculation
        transaction_source TxnSource transaction_status TxnStatus
    """),
    *amounts("cash_back_amount CashBack.Amount home_total_amount HomeTotalAmt total_amount TotalAmt"),
    children=(
        linking_lines(
            "deposit",
            *texts("""
                deposit_account_id DepositLineDetail.AccountRef.value
                deposit_check_number DepositLineDetail.CheckNum
                deposit_class_id DepositLineDetail.ClassRef.value
                deposit_payment_method_id DepositLineDetail.PaymentMethodRef.value
                deposit_tax_applicable_on DepositLineDetail.TaxApplicableOn
                deposit_tax_code_id DepositLineDetail.TaxCodeRef.value
                deposit_transaction_type DepositLineDetail.TxnType
            """),
            of_type("deposit_customer_id", "DepositLineDetail.Entity", "Customer"),
            bill_id=("Bill",),
            expense_id=("Expense",),
            invoice_id=("Invoice",),
            journal_entry_id=("JournalEntry",),
            payment_id=PAYMENT_KINDS,
            purchase_id=("Purchase",),
            refund_receipt_id=("RefundReceipt",),
            sales_receipt_id=("SalesReceipt",),
            transfer_id=("Transfer",),
            vendor_credit_id=("VendorCredit",),
        ),
        tax_lines("deposit_tax_line_detail"),
    ),
)
TRANSFER = of_quickbooks(
    "transfer",
    *HEADER,
    *NOTED,
    *amounts("amount Amount"),
    *texts("from_account_id FromAccountRef.value to_account_id ToAccountRef.value"),
)
CREDIT_CARD_PAYMENT_TXN = of_quickbooks(
    "credit_card_payment_txn",
    *HEADER,
    *amounts("amount Amount"),
    *texts("bank_account_id BankAccountRef.value credit_card_account_id CreditCardAccountRef.value"),
    beside=(*BESIDE, "PrivateNote", "VendorRef", "CheckNum"),
)
JOURNAL_ENTRY = of_quickbooks(
    "journal_entry",
    *HEADER,
    *NOTED,
    *TAXED,
    *texts("doc_number DocNumber"),
    *flags("adjustment Adjustment"),
    *amounts("home_total_amount HomeTotalAmt total_amount TotalAmt"),
    children=(
        listed(
            "journal_entry_line",
            "Line",
            *LINE,
            DETAIL_TYPE,
            *texts("""
                account_id JournalEntryLineDetail.AccountRef.value
                billable_status JournalEntryLineDetail.BillableStatus
                class_id JournalEntryLineDetail.ClassRef.value
                department_id JournalEntryLineDetail.DepartmentRef.value
                description_tax_code_id DescriptionLineDetail.TaxCodeRef.value
                posting_type JournalEntryLineDetail.PostingType
                tax_applicable_on JournalEntryLineDetail.TaxApplicableOn
                tax_code_id JournalEntryLineDetail.TaxCodeRef.value
            """),
            *(
                of_type(f"{kind.lower()}_id", "JournalEntryLineDetail.Entity", kind)
                for kind in ("Customer", "Employee", "Vendor")
            ),
            *amounts("tax_amount JournalEntryLineDetail.TaxAmount"),
            *days("description_service_date DescriptionLineDetail.ServiceDate"),
            beside=(*LINE_BESIDE, "JournalEntryLineDetail.TaxInclusiveAmt", "JournalEntryLineDetail.JournalCodeRef"),
        ),
        linked_transactions("journal_entry"),
        tax_lines("journal_entry_tax_line"),
    ),
)


# Beside the ledger.

TIME_ACTIVITY = of_quickbooks(
    "time_activity",
    ID,
    *STAMPS,
    *days("transaction_date TxnDate"),
    *texts("""
        name_of NameOf employee_id EmployeeRef.value vendor_id VendorRef.value customer_id CustomerRef.value
        item_id ItemRef.value class_id ClassRef.value department_id DepartmentRef.value
        payroll_item_id PayrollItemRef.value billable_status BillableStatus description Description
        transaction_source TxnSource
    """),
    *flags("taxable Taxable"),
    *rates("hourly_rate HourlyRate cost_rate CostRate"),
    *numbers("""
        hours Hours minutes Minutes seconds Seconds break_hours BreakHours break_minutes BreakMinutes
        break_seconds BreakSeconds
    """),
    *instants("start_time StartTime end_time EndTime"),
    beside=(*BESIDE_ALL, "ProjectRef", "TransactionLocationType", "OtherNameRef", "LinkedTxn"),
)
ATTACHABLE = of_quickbooks(
    "attachable",
    ID,
    *STAMPS,
    *texts("file_name FileName content_type ContentType category Category note Note tag Tag place_name PlaceName"),
    *numbers("size Size"),
    *texts("latitude Lat longitude Long"),
    children=(
        listed(
            "attachable_ref",
            "AttachableRef",
            *texts("entity_id EntityRef.value line_info LineInfo"),
            Column(
                "entity_type", STRING, lambda entry: (entry.get("EntityRef") or {}).get("type"), reads=("EntityRef",)
            ),
            *flags("include_on_send IncludeOnSend no_ref_only NoRefOnly inactive Inactive"),
            beside=("CustomField",),
        ),
    ),
    beside=(*BESIDE_ALL, "CustomField"),
    left_out=("FileAccessUri", "TempDownloadUri", "ThumbnailFileAccessUri", "ThumbnailTempDownloadUri"),
)
EXCHANGE_RATE = of_quickbooks(
    "exchange_rate",
    *texts("source_currency_code SourceCurrencyCode target_currency_code TargetCurrencyCode"),
    *days("as_of_date AsOfDate"),
    *rates("rate Rate"),
    *instants("created_at MetaData.CreateTime updated_at MetaData.LastUpdatedTime"),
    key=("source_currency_code", "target_currency_code", "as_of_date"),
    beside=(*BESIDE_ALL, "SyncToken", "Id", "CustomField"),
)
COMPANY_INFO = of_quickbooks(
    "company_info",
    ID,
    *STAMPS,
    *texts("""
        company_name CompanyName legal_name LegalName company_address_id CompanyAddr.Id
        communication_address_id CustomerCommunicationAddr.Id legal_address_id LegalAddr.Id country Country
        default_time_zone DefaultTimeZone email Email.Address fiscal_year_start_month FiscalYearStartMonth
        phone_number PrimaryPhone.FreeFormNumber supported_languages SupportedLanguages website WebAddr.URI
    """),
    *days("company_start_date CompanyStartDate"),
    children=(listed("company_info_name_value", "NameValue", *texts("name Name value Value")),),
    beside=(*BESIDE_ALL, "EmployerId", "CompanyEmailAddr", "CustomerCommunicationEmailAddr", "LegalEmailAddr"),
)
PREFERENCES = of_quickbooks(
    "preferences",
    ID,
    *STAMPS,
    *texts("""
        home_currency_id CurrencyPrefs.HomeCurrency.value
        customer_terminology AccountingInfoPrefs.CustomerTerminology
        department_terminology AccountingInfoPrefs.DepartmentTerminology
        first_month_of_fiscal_year AccountingInfoPrefs.FirstMonthOfFiscalYear
        tax_year_month AccountingInfoPrefs.TaxYearMonth
    """),
    *days("book_close_date AccountingInfoPrefs.BookCloseDate"),
    *flags("""
        multi_currency_enabled CurrencyPrefs.MultiCurrencyEnabled
        track_departments AccountingInfoPrefs.TrackDepartments
        class_tracking_per_transaction AccountingInfoPrefs.ClassTrackingPerTxn
        class_tracking_per_transaction_line AccountingInfoPrefs.ClassTrackingPerTxnLine
        use_account_numbers AccountingInfoPrefs.UseAccountNumbers
        using_sales_tax TaxPrefs.UsingSalesTax
    """),
    *documents("""
        accounting_info AccountingInfoPrefs currency CurrencyPrefs email_messages EmailMessagesPrefs
        other OtherPrefs product_and_services ProductAndServicesPrefs report ReportPrefs sales_forms SalesFormsPrefs
        tax TaxPrefs time_tracking TimeTrackingPrefs vendor_and_purchases VendorAndPurchasesPrefs
    """),
    beside=BESIDE_ALL,
)
RECURRING_TRANSACTION = of_quickbooks(
    "recurring_transaction",
    ID,
    *STAMPS,
    currency(),
    Column("transaction_type", STRING, TEMPLATE_OF),
    *texts("""
        name RecurringInfo.Name type RecurringInfo.RecurType interval_type RecurringInfo.ScheduleInfo.IntervalType
        customer_id CustomerRef.value vendor_id VendorRef.value private_note PrivateNote
    """),
    *flags("active RecurringInfo.Active"),
    *numbers("""
        number_of_interval RecurringInfo.ScheduleInfo.NumInterval day_of_month RecurringInfo.ScheduleInfo.DayOfMonth
        days_before RecurringInfo.ScheduleInfo.DaysBefore max_occurrences RecurringInfo.ScheduleInfo.MaxOccurrences
    """),
    *days("""
        start_date RecurringInfo.ScheduleInfo.StartDate end_date RecurringInfo.ScheduleInfo.EndDate
        next_date RecurringInfo.ScheduleInfo.NextDate previous_date RecurringInfo.ScheduleInfo.PreviousDate
    """),
    *amounts("total_amount TotalAmt"),
    *rates("exchange_rate ExchangeRate"),
    *documents("line Line"),
    beside=(
        *BESIDE,
        *ADDRESSES,
        *"""
            APAccountRef ARAccountRef AccountRef Adjustment Amount Balance Credit CustomerMemo Deposit
            DepositToAccountRef DocNumber EntityRef FromAccountRef POStatus PaymentMethodRef ProcessPayment
            RemainingCredit ToAccountRef TrackingNum TxnDate ShipDate AllowIPNPayment AllowOnlineACHPayment
            AllowOnlineCreditCardPayment AllowOnlinePayment PayType ExpirationDate AcceptedBy AcceptedDate TaxCodeRef
        """.split(),
        *(f"RecurringInfo.ScheduleInfo.{name}" for name in ("WeekOfMonth", "MonthOfYear", "DayOfWeek", "RemindDays")),
    ),
    left_out=("CreditCardPayment", "CheckPayment", TEMPLATE_OF),
)
"""Templates, not transactions: of what they would make only who, how much and when lands, and the lines as they are."""


TABLES = (
    ADDRESS,
    ACCOUNT,
    CUSTOMER,
    VENDOR,
    EMPLOYEE,
    CLASS,
    DEPARTMENT,
    CUSTOMER_TYPE,
    TERM,
    PAYMENT_METHOD,
    CURRENCY,
    ITEM,
    BUNDLE,
    TAX_AGENCY,
    TAX_RATE,
    TAX_CODE,
    BUDGET,
    INVOICE,
    ESTIMATE,
    SALES_RECEIPT,
    REFUND_RECEIPT,
    CREDIT_MEMO,
    PAYMENT,
    REIMBURSE_CHARGE,
    BILL,
    VENDOR_CREDIT,
    PURCHASE,
    PURCHASE_ORDER,
    BILL_PAYMENT,
    DEPOSIT,
    TRANSFER,
    CREDIT_CARD_PAYMENT_TXN,
    JOURNAL_ENTRY,
    TIME_ACTIVITY,
    ATTACHABLE,
    EXCHANGE_RATE,
    COMPANY_INFO,
    PREFERENCES,
    RECURRING_TRANSACTION,
)
