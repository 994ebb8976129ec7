"""The columns of every table, each with the path of its value. quickbooks_columns.csv, and what goes beyond it.

A table is a text of column and path in turn. `#` before a path: a whole number stays one, all others become text.
`Path@Kind`: the id in the reference at that path, if it refers to that kind of record. Every table of an entity also
has `id`, `sync_token`, `created_at`, `updated_at`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Listing:
    """A table with a row for each object of an entity."""

    entity: str
    columns: str


def listings(text: str) -> dict[str, Listing]:
    """From blocks with an empty line between them: `table = Entity`, and below it the columns."""
    blocks = [block.split() for block in text.split("\n\n")]
    return {table: Listing(entity, " ".join(columns)) for table, _, entity, *columns in blocks}


def links(text: str) -> dict[str, dict[str, list[str]]]:
    """From blocks with an empty line between them: the table, and below it column and kinds of transaction in turn."""
    blocks = [block.split() for block in text.split("\n\n")]
    return {
        table: {column: kinds.split("|") for column, kinds in zip(words[::2], words[1::2], strict=True)}
        for table, *words in blocks
    }


LINE = "line_id Id line_num LineNum description Description amount Amount"
REIMBURSED = """
    account_id ReimburseLineDetail.ItemAccountRef.value item_id ReimburseLineDetail.ItemRef.value
    tax_code_id ReimburseLineDetail.TaxCodeRef.value quantity ReimburseLineDetail.Qty
"""
CARD = """
    credit_card_amount CreditCardPayment.CreditChargeInfo.Amount
    credit_card_auth_code CreditCardPayment.CreditChargeResponse.AuthCode
    credit_card_billing_address_street CreditCardPayment.CreditChargeInfo.BillAddrStreet
    credit_card_cc_expiry_month CreditCardPayment.CreditChargeInfo.CcExpiryMonth
    credit_card_cc_expiry_year CreditCardPayment.CreditChargeInfo.CcExpiryYear
    credit_card_cctrans_id CreditCardPayment.CreditChargeResponse.CCTransId
    credit_card_name_on_account CreditCardPayment.CreditChargeInfo.NameOnAcct
    credit_card_postal_code CreditCardPayment.CreditChargeInfo.PostalCode
    credit_card_process_payment CreditCardPayment.CreditChargeInfo.ProcessPayment
    credit_card_status CreditCardPayment.CreditChargeResponse.Status
    credit_card_transaction_authorization_time CreditCardPayment.CreditChargeResponse.TxnAuthorizationTime
    credit_card_type CreditCardPayment.CreditChargeInfo.Type
""".strip()
SALES_LINE = """
    amount Amount bundle_id GroupLineDetail.GroupItemRef.value bundle_quantity GroupLineDetail.Quantity
    description Description description_service_date DescriptionLineDetail.ServiceDate
    description_tax_code_id DescriptionLineDetail.TaxCodeRef.value
    discount_account_id DiscountLineDetail.DiscountAccountRef.value
    discount_class_id DiscountLineDetail.ClassRef.value discount_discount_percent DiscountLineDetail.DiscountPercent
    discount_percent_based DiscountLineDetail.PercentBased discount_tax_code_id DiscountLineDetail.TaxCodeRef.value
    sales_item_account_id SalesItemLineDetail.ItemAccountRef.value
    sales_item_class_id SalesItemLineDetail.ClassRef.value sales_item_discount_amount SalesItemLineDetail.DiscountAmt
    sales_item_discount_rate SalesItemLineDetail.DiscountRate sales_item_item_id SalesItemLineDetail.ItemRef.value
    sales_item_quantity SalesItemLineDetail.Qty sales_item_service_date SalesItemLineDetail.ServiceDate
    sales_item_tax_code_id SalesItemLineDetail.TaxCodeRef.value sales_item_unit_price SalesItemLineDetail.UnitPrice
    sub_total_item_id SubTotalLineDetail.ItemRef.value
"""
EXPENSE_LINE = """
    account_expense_account_id AccountBasedExpenseLineDetail.AccountRef.value
    account_expense_billable_status AccountBasedExpenseLineDetail.BillableStatus
    account_expense_class_id AccountBasedExpenseLineDetail.ClassRef.value
    account_expense_customer_id AccountBasedExpenseLineDetail.CustomerRef.value
    account_expense_tax_amount AccountBasedExpenseLineDetail.TaxAmount
    account_expense_tax_code_id AccountBasedExpenseLineDetail.TaxCodeRef.value amount Amount description Description
    item_expense_billable_status ItemBasedExpenseLineDetail.BillableStatus
    item_expense_class_id ItemBasedExpenseLineDetail.ClassRef.value
    item_expense_customer_id ItemBasedExpenseLineDetail.CustomerRef.value
    item_expense_item_id ItemBasedExpenseLineDetail.ItemRef.value item_expense_quantity ItemBasedExpenseLineDetail.Qty
    item_expense_tax_code_id ItemBasedExpenseLineDetail.TaxCodeRef.value
    item_expense_unit_price ItemBasedExpenseLineDetail.UnitPrice
"""
JOURNAL_LINE = """
    customer_id JournalEntryLineDetail.Entity@Customer employee_id JournalEntryLineDetail.Entity@Employee
    vendor_id JournalEntryLineDetail.Entity@Vendor
    account_id JournalEntryLineDetail.AccountRef.value amount Amount
    billable_status JournalEntryLineDetail.BillableStatus class_id JournalEntryLineDetail.ClassRef.value
    description Description description_service_date DescriptionLineDetail.ServiceDate
    description_tax_code_id DescriptionLineDetail.TaxCodeRef.value
    department_id JournalEntryLineDetail.DepartmentRef.value posting_type JournalEntryLineDetail.PostingType
    tax_amount JournalEntryLineDetail.TaxAmount tax_applicable_on JournalEntryLineDetail.TaxApplicableOn
    tax_code_id JournalEntryLineDetail.TaxCodeRef.value
"""
DEPOSIT_LINE = """
    deposit_customer_id DepositLineDetail.Entity@Customer
    amount Amount deposit_account_id DepositLineDetail.AccountRef.value
    deposit_check_number DepositLineDetail.CheckNum deposit_class_id DepositLineDetail.ClassRef.value
    deposit_payment_method_id DepositLineDetail.PaymentMethodRef.value
    deposit_tax_applicable_on DepositLineDetail.TaxApplicableOn deposit_tax_code_id DepositLineDetail.TaxCodeRef.value
    deposit_transaction_type DepositLineDetail.TxnType description Description
"""
TAX_LINE = """
    amount Amount net_amount_taxable TaxLineDetail.NetAmountTaxable
    override_delta_amount TaxLineDetail.OverrideDeltaAmount percent_based TaxLineDetail.PercentBased
    tax_inclusive_amount TaxLineDetail.TaxInclusiveAmount tax_percent TaxLineDetail.TaxPercent
    tax_rate_id TaxLineDetail.TaxRateRef.value
"""
BUNDLE_LINE = """
    account_id SalesItemLineDetail.ItemAccountRef.value amount Amount class_id SalesItemLineDetail.ClassRef.value
    description Description discount_amount SalesItemLineDetail.DiscountAmt
    discount_rate SalesItemLineDetail.DiscountRate item_id SalesItemLineDetail.ItemRef.value
    quantity SalesItemLineDetail.Qty service_date SalesItemLineDetail.ServiceDate
    tax_code_id SalesItemLineDetail.TaxCodeRef.value unit_price SalesItemLineDetail.UnitPrice
"""
TABLES = listings(f"""
    account = Account
        account_number AcctNum account_sub_type AccountSubType account_type AccountType active Active
        balance CurrentBalance balance_with_sub_accounts CurrentBalanceWithSubAccounts classification Classification
        description Description fully_qualified_name FullyQualifiedName name Name parent_account_id ParentRef.value
        sub_account SubAccount tax_code_id TaxCodeRef.value

    bill = Bill
        balance Balance department_id DepartmentRef.value doc_number DocNumber due_date DueDate
        exchange_rate ExchangeRate global_tax_calculation GlobalTaxCalculation home_balance HomeBalance
        payable_account_id APAccountRef.value private_note PrivateNote sales_term_id SalesTermRef.value
        total_amount TotalAmt transaction_date TxnDate vendor_id VendorRef.value

    bill_payment = BillPayment
        check_bank_account_id CheckPayment.BankAccountRef.value check_print_status CheckPayment.PrintStatus
        credit_card_account_id CreditCardPayment.CCAccountRef.value department_id DepartmentRef.value
        doc_number DocNumber exchange_rate ExchangeRate pay_type PayType payable_account_id APAccountRef.value
        private_note PrivateNote process_bill_payment ProcessBillPayment total_amount TotalAmt
        transaction_date TxnDate vendor_id VendorRef.value

    bundle = Item
        active Active description Description fully_qualified_name FullyQualifiedName name Name
        print_grouped_items PrintGroupedItems purchase_cost PurchaseCost taxable Taxable unit_price UnitPrice

    credit_card_payment_txn = CreditCardPayment
        amount Amount bank_account_id BankAccountRef.value credit_card_account_id CreditCardAccountRef.value
        exchange_rate ExchangeRate transaction_date TxnDate

    credit_memo = CreditMemo
        apply_tax_after_discount ApplyTaxAfterDiscount balance Balance bill_email BillEmail.Address
        billing_address_id BillAddr.Id class_id ClassRef.value customer_id CustomerRef.value
        customer_memo CustomerMemo.value department_id DepartmentRef.value doc_number DocNumber
        email_status EmailStatus exchange_rate ExchangeRate global_tax_calculation GlobalTaxCalculation
        home_balance HomeBalance home_total_amount HomeTotalAmt payment_method_id PaymentMethodRef.value
        print_status PrintStatus private_note PrivateNote remaining_credit RemainingCredit
        sales_term_id SalesTermRef.value shipping_address_id ShipAddr.Id total_amount TotalAmt
        total_tax TxnTaxDetail.TotalTax transaction_date TxnDate

    customer = Customer
        active Active alternate_phone_number AlternatePhone.FreeFormNumber ar_account_id ARAccountRef.value
        balance Balance balance_with_jobs BalanceWithJobs bill_address_id BillAddr.Id bill_with_parent BillWithParent
        company_name CompanyName customer_type_id CustomerTypeRef.value default_tax_code_id DefaultTaxCodeRef.value
        display_name DisplayName email PrimaryEmailAddr.Address family_name FamilyName fax_number Fax.FreeFormNumber
        fully_qualified_name FullyQualifiedName given_name GivenName job Job level Level middle_name MiddleName
        mobile_number Mobile.FreeFormNumber notes Notes open_balance_date OpenBalanceDate
        parent_customer_id ParentRef.value payment_method_id PaymentMethodRef.value
        phone_number PrimaryPhone.FreeFormNumber preferred_delivery_method PreferredDeliveryMethod
        print_on_check_name PrintOnCheckName resale_number ResaleNum sales_term_id SalesTermRef.value
        shipping_address_id ShipAddr.Id suffix Suffix tax_exemption_reason_id TaxExemptionReasonId taxable Taxable
        title Title website WebAddr.URI

    customer_type = CustomerType
        active Active name Name

    department = Department
        active Active fully_qualified_name FullyQualifiedName name Name parent_department_id ParentRef.value
        sub_department SubDepartment is_active Active

    deposit = Deposit
        account_id DepositToAccountRef.value cash_back_account_id CashBack.AccountRef.value
        cash_back_amount CashBack.Amount cash_back_memo CashBack.Memo department_id DepartmentRef.value
        exchange_rate ExchangeRate global_tax_calculation GlobalTaxCalculation home_total_amount HomeTotalAmt
        private_note PrivateNote total_amount TotalAmt transaction_date TxnDate transaction_source TxnSource
        transaction_status TxnStatus

    estimate = Estimate
        accepted_by AcceptedBy accepted_date AcceptedDate apply_tax_after_discount ApplyTaxAfterDiscount
        bill_email BillEmail.Address billing_address_id BillAddr.Id class_id ClassRef.value
        customer_id CustomerRef.value customer_memo CustomerMemo.value delivery_type DeliveryInfo.DeliveryType
        department_id DepartmentRef.value doc_number DocNumber due_date DueDate email_status EmailStatus
        exchange_rate ExchangeRate expiration_date ExpirationDate global_tax_calculation GlobalTaxCalculation
        home_total_amount HomeTotalAmt print_status PrintStatus private_note PrivateNote
        sales_term_id SalesTermRef.value ship_date ShipDate shipping_address_id ShipAddr.Id
        tax_code_id TxnTaxDetail.TxnTaxCodeRef.value total_amount TotalAmt total_tax TxnTaxDetail.TotalTax
        transaction_date TxnDate transaction_status TxnStatus

    invoice = Invoice
        allow_ipnpayment AllowIPNPayment allow_online_achpayment AllowOnlineACHPayment
        allow_online_credit_card_payment AllowOnlineCreditCardPayment allow_online_payment AllowOnlinePayment
        apply_tax_after_discount ApplyTaxAfterDiscount balance Balance billing_address_id BillAddr.Id
        billing_bcc_email BillEmailBcc.Address billing_cc_email BillEmailCc.Address billing_email BillEmail.Address
        class_id ClassRef.value customer_id CustomerRef.value customer_memo CustomerMemo.value
        delivery_time DeliveryInfo.DeliveryTime delivery_type DeliveryInfo.DeliveryType
        department_id DepartmentRef.value deposit Deposit deposit_to_account_id DepositToAccountRef.value
        doc_number DocNumber due_date DueDate email_status EmailStatus exchange_rate ExchangeRate
        global_tax_calculation GlobalTaxCalculation home_balance HomeBalance home_total_amount HomeTotalAmt
        print_status PrintStatus private_note PrivateNote sales_term_id SalesTermRef.value ship_date ShipDate
        shipping_address_id ShipAddr.Id tax_code_id TxnTaxDetail.TxnTaxCodeRef.value total_amount TotalAmt
        total_tax TxnTaxDetail.TotalTax tracking_number TrackingNum transaction_date TxnDate
        transaction_source TxnSource

    item = Item
        active Active asset_account_id AssetAccountRef.value description Description
        expense_account_id ExpenseAccountRef.value fully_qualified_name FullyQualifiedName
        income_account_id IncomeAccountRef.value inventory_start_date InvStartDate level Level name Name
        parent_item_id ParentRef.value purchase_cost PurchaseCost purchase_description PurchaseDesc
        purchase_tax_code_id PurchaseTaxCodeRef.value purchase_tax_included PurchaseTaxIncluded
        quantity_on_hand QtyOnHand sales_tax_code_id SalesTaxCodeRef.value sales_tax_included SalesTaxIncluded
        stock_keeping_unit Sku sub_item SubItem taxable Taxable track_quantity_on_hand TrackQtyOnHand type Type
        unit_price UnitPrice

    journal_entry = JournalEntry
        adjustment Adjustment doc_number DocNumber exchange_rate ExchangeRate home_total_amount HomeTotalAmt
        private_note PrivateNote tax_code_id TxnTaxDetail.TxnTaxCodeRef.value total_amount TotalAmt
        total_tax TxnTaxDetail.TotalTax transaction_date TxnDate

    payment = Payment
        {CARD}
        customer_id CustomerRef.value deposit_to_account_id DepositToAccountRef.value exchange_rate ExchangeRate
        payment_method_id PaymentMethodRef.value private_note PrivateNote process_payment ProcessPayment
        receivable_account_id ARAccountRef.value reference_number PaymentRefNum total_amount TotalAmt
        transaction_date TxnDate transaction_source TxnSource transaction_status TxnStatus
        unapplied_amount UnappliedAmt

    purchase = Purchase
        account_id AccountRef.value credit Credit customer_id EntityRef@Customer department_id DepartmentRef.value
        doc_number DocNumber employee_id EntityRef@Employee exchange_rate ExchangeRate
        global_tax_calculation GlobalTaxCalculation payment_method_id PaymentMethodRef.value payment_type PaymentType
        print_status PrintStatus private_note PrivateNote remit_to_address_id RemitToAddr.Id
        tax_code_id TxnTaxDetail.TxnTaxCodeRef.value total_amount TotalAmt total_tax TxnTaxDetail.TotalTax
        transaction_date TxnDate transaction_source TxnSource vendor_id EntityRef@Vendor

    purchase_order = PurchaseOrder
        class_id ClassRef.value department_id DepartmentRef.value doc_number DocNumber due_date DueDate
        exchange_rate ExchangeRate global_tax_calculation GlobalTaxCalculation memo Memo
        payable_account_id APAccountRef.value private_note PrivateNote sales_term_id SalesTermRef.value
        shipping_address_id ShipAddr.Id status POStatus tax_code_id TaxCodeRef.value total_amount TotalAmt
        total_tax TxnTaxDetail.TotalTax transaction_date TxnDate vendor_address_id VendorAddr.Id
        vendor_id VendorRef.value

    refund_receipt = RefundReceipt
        {CARD}
        apply_tax_after_discount ApplyTaxAfterDiscount balance Balance bill_email BillEmail.Address
        billing_address_id BillAddr.Id check_payment_account_number CheckPayment.AcctNum
        check_payment_bank_name CheckPayment.BankName check_payment_check_number CheckPayment.CheckNum
        check_payment_name_on_account CheckPayment.NameOnAcct check_payment_status CheckPayment.Status
        class_id ClassRef.value customer_id CustomerRef.value customer_memo CustomerMemo.value
        department_id DepartmentRef.value deposit_to_account_id DepositToAccountRef.value doc_number DocNumber
        exchange_rate ExchangeRate global_tax_calculation GlobalTaxCalculation home_balance HomeBalance
        home_total_amount HomeTotalAmt payment_method_id PaymentMethodRef.value payment_reference_number PaymentRefNum
        payment_type PaymentType print_status PrintStatus private_note PrivateNote shipping_address_id ShipAddr.Id
        tax_code_id TxnTaxDetail.TxnTaxCodeRef.value total_amount TotalAmt total_tax TxnTaxDetail.TotalTax
        transaction_date TxnDate transaction_source TxnSource

    sales_receipt = SalesReceipt
        {CARD}
        apply_tax_after_discount ApplyTaxAfterDiscount balance Balance bill_email BillEmail.Address
        billing_address_id BillAddr.Id class_id ClassRef.value customer_id CustomerRef.value
        customer_memo CustomerMemo.value delivery_time DeliveryInfo.DeliveryTime
        delivery_type DeliveryInfo.DeliveryType department_id DepartmentRef.value
        deposit_to_account_id DepositToAccountRef.value doc_number DocNumber email_status EmailStatus
        exchange_rate ExchangeRate global_tax_calculation GlobalTaxCalculation home_balance HomeBalance
        home_total_amount HomeTotalAmt payment_method_id PaymentMethodRef.value payment_reference_number PaymentRefNum
        print_status PrintStatus private_note PrivateNote ship_date ShipDate shipping_address_id ShipAddr.Id
        tax_code_id TxnTaxDetail.TxnTaxCodeRef.value total_amount TotalAmt total_tax TxnTaxDetail.TotalTax
        tracking_number TrackingNum transaction_date TxnDate transaction_source TxnSource

    tax_agency = TaxAgency
        display_name DisplayName tax_registration_number TaxRegistrationNumber
        tax_tracked_on_purchases TaxTrackedOnPurchases tax_tracked_on_sales TaxTrackedOnSales

    tax_rate = TaxRate
        active Active description Description display_type DisplayType effective_tax_rate EffectiveTaxRate name Name
        rate_value RateValue special_tax_type SpecialTaxType tax_agency_id AgencyRef.value

    transfer = Transfer
        amount Amount exchange_rate ExchangeRate from_account_id FromAccountRef.value private_note PrivateNote
        to_account_id ToAccountRef.value transaction_date TxnDate

    vendor = Vendor
        account_number AcctNum active Active alternate_phone AlternatePhone.FreeFormNumber balance Balance
        billing_address_id BillAddr.Id company_name CompanyName display_name DisplayName
        email PrimaryEmailAddr.Address family_name FamilyName fax_number Fax.FreeFormNumber given_name GivenName
        middle_name MiddleName mobile_phone Mobile.FreeFormNumber other_contacts OtherContactInfo
        primary_phone PrimaryPhone.FreeFormNumber print_on_check_name PrintOnCheckName suffix Suffix
        tax_identifier TaxIdentifier term_id TermRef.value title Title vendor_1099 Vendor1099 web_url WebAddr.URI

    vendor_credit = VendorCredit
        balance Balance department_id DepartmentRef.value doc_number DocNumber exchange_rate ExchangeRate
        global_tax_calculation GlobalTaxCalculation payable_account_id APAccountRef.value private_note PrivateNote
        total_amount TotalAmt transaction_date TxnDate vendor_id VendorRef.value

    class = Class
        active Active name Name fully_qualified_name FullyQualifiedName sub_class SubClass
        parent_class_id ParentRef.value

    currency = CompanyCurrency
        active Active code Code name Name

    employee = Employee
        address_id PrimaryAddr.Id display_name DisplayName email PrimaryEmailAddr.Address
        employee_number EmployeeNumber family_name FamilyName gender Gender given_name GivenName
        middle_name MiddleName mobile_number Mobile.FreeFormNumber phone_number PrimaryPhone.FreeFormNumber
        print_on_check_name PrintOnCheckName suffix Suffix title Title active Active billable_time BillableTime
        organization Organization hired_date HiredDate released_date ReleasedDate bill_rate BillRate
        cost_rate CostRate

    payment_method = PaymentMethod
        active Active name Name type Type

    term = Term
        active Active name Name type Type due_days #DueDays discount_days #DiscountDays
        day_of_month_due #DayOfMonthDue due_next_month_days #DueNextMonthDays
        discount_day_of_month #DiscountDayOfMonth discount_percent DiscountPercent

    tax_code = TaxCode
        name Name description Description tax_code_config_type TaxCodeConfigType active Active hidden Hidden
        taxable Taxable tax_group TaxGroup

    budget = Budget
        active Active name Name budget_type BudgetType budget_entry_type BudgetEntryType start_date StartDate
        end_date EndDate

    time_activity = TimeActivity
        transaction_date TxnDate name_of NameOf employee_id EmployeeRef.value vendor_id VendorRef.value
        customer_id CustomerRef.value item_id ItemRef.value class_id ClassRef.value department_id DepartmentRef.value
        payroll_item_id PayrollItemRef.value billable_status BillableStatus description Description
        transaction_source TxnSource taxable Taxable hourly_rate HourlyRate cost_rate CostRate hours #Hours
        minutes #Minutes seconds #Seconds break_hours #BreakHours break_minutes #BreakMinutes
        break_seconds #BreakSeconds start_time StartTime end_time EndTime

    reimburse_charge = ReimburseCharge
        transaction_date TxnDate exchange_rate ExchangeRate private_note PrivateNote customer_id CustomerRef.value
        has_been_invoiced HasBeenInvoiced amount Amount home_total_amount HomeTotalAmt

    attachable = Attachable
        file_name FileName content_type ContentType category Category note Note tag Tag place_name PlaceName
        size #Size latitude Lat longitude Long

    company_info = CompanyInfo
        company_name CompanyName legal_name LegalName company_address_id CompanyAddr.Id
        communication_address_id CustomerCommunicationAddr.Id legal_address_id LegalAddr.Id country Country
        default_time_zone DefaultTimeZone email Email.Address fiscal_year_start_month FiscalYearStartMonth
        phone_number PrimaryPhone.FreeFormNumber supported_languages SupportedLanguages website WebAddr.URI
        company_start_date CompanyStartDate

    preferences = Preferences
        home_currency_id CurrencyPrefs.HomeCurrency.value customer_terminology AccountingInfoPrefs.CustomerTerminology
        department_terminology AccountingInfoPrefs.DepartmentTerminology
        first_month_of_fiscal_year AccountingInfoPrefs.FirstMonthOfFiscalYear
        tax_year_month AccountingInfoPrefs.TaxYearMonth book_close_date AccountingInfoPrefs.BookCloseDate
        multi_currency_enabled CurrencyPrefs.MultiCurrencyEnabled
        track_departments AccountingInfoPrefs.TrackDepartments
        class_tracking_per_transaction AccountingInfoPrefs.ClassTrackingPerTxn
        class_tracking_per_transaction_line AccountingInfoPrefs.ClassTrackingPerTxnLine
        use_account_numbers AccountingInfoPrefs.UseAccountNumbers using_sales_tax TaxPrefs.UsingSalesTax
        accounting_info AccountingInfoPrefs currency CurrencyPrefs email_messages EmailMessagesPrefs other OtherPrefs
        product_and_services ProductAndServicesPrefs report ReportPrefs sales_forms SalesFormsPrefs tax TaxPrefs
        time_tracking TimeTrackingPrefs vendor_and_purchases VendorAndPurchasesPrefs

    recurring_transaction = RecurringTransaction
        transaction_type makes name RecurringInfo.Name type RecurringInfo.RecurType active RecurringInfo.Active
        interval_type RecurringInfo.ScheduleInfo.IntervalType customer_id CustomerRef.value vendor_id VendorRef.value
        private_note PrivateNote number_of_interval #RecurringInfo.ScheduleInfo.NumInterval
        day_of_month #RecurringInfo.ScheduleInfo.DayOfMonth days_before #RecurringInfo.ScheduleInfo.DaysBefore
        max_occurrences #RecurringInfo.ScheduleInfo.MaxOccurrences start_date RecurringInfo.ScheduleInfo.StartDate
        end_date RecurringInfo.ScheduleInfo.EndDate next_date RecurringInfo.ScheduleInfo.NextDate
        previous_date RecurringInfo.ScheduleInfo.PreviousDate total_amount TotalAmt exchange_rate ExchangeRate
        line Line
""")
"""Every table that has an entity of its own; those of items are told apart by `Type`."""

SALES = ("invoice", "estimate", "sales_receipt", "refund_receipt", "credit_memo")
CHARGED = ("invoice", "estimate")
COSTS = ("bill", "purchase", "vendor_credit", "purchase_order")
SETTLING = links("""
    payment
        check_id Check credit_card_charge_id CreditCardCharge credit_card_credit_id CreditCardCredit
        credit_memo_id CreditMemo deposit_id Deposit expense_id Expense invoice_id Invoice
        journal_entry_id JournalEntry

    bill_payment
        bill_id Bill bill_payment_credit_card_id BillPaymentCreditCard check_id Check
        credit_card_charge_id CreditCardCharge credit_card_credit_id CreditCardCredit deposit_id Deposit
        expense_id Expense journal_entry_id JournalEntry linked_bill_payment_id BillPaymentCheck|BillPayment
        vendor_credit_id VendorCredit

    deposit
        bill_id Bill expense_id Expense invoice_id Invoice journal_entry_id JournalEntry
        payment_id Payment|ReceivePayment purchase_id Purchase refund_receipt_id RefundReceipt
        sales_receipt_id SalesReceipt transfer_id Transfer vendor_credit_id VendorCredit
""")
"""By table: which column of a line names the linked transaction, by the kinds of transaction."""
LINKED = links("""
    invoice
        charge_credit_id ChargeCredit estimate_id Estimate payment_id Payment|ReceivePayment
        reimburse_charge_id ReimburseCharge statement_charge_id StatementCharge time_activity_id TimeActivity

    bill
        bill_payment_id BillPaymentCheck|BillPaymentCreditCard|BillPayment

    purchase_order
        bill_id Bill purchase_id Purchase|Check|CreditCardCharge vendor_credit_id VendorCredit
""")
LINKED |= dict.fromkeys(
    "estimate sales_receipt vendor_credit purchase journal_entry reimburse_charge payment bill_payment".split(), {}
)
"""The same for the transactions that a header names; of most, only which ones."""
TAX_TABLES = {
    **{table: f"{table}_tax_line" for table in (*SALES, "purchase", "journal_entry")},
    **{table: f"{table}_tax_line_detail" for table in ("credit_memo", "bill", "deposit")},
}
CUSTOM_TABLES = ("customer", "vendor", *SALES, "purchase_order")
CUSTOM_COLUMNS = {
    "invoice": ("custom_p_o_number", "custom_sales_rep"),
    "estimate": ("custom_p_o_number", "custom_sales_rep"),
    "credit_memo": ("custom_p_o_number",),
    "purchase_order": ("custom_customer_type", "custom_p_o_number", "custom_po_number"),
}
WITHOUT_CURRENCY = frozenset(
    """
        bundle item customer_type department tax_agency tax_rate class currency employee payment_method term tax_code
        budget time_activity attachable company_info preferences
    """.split()
)
NEVER_NULL = {"account": ("active", "sub_account"), "purchase": ("credit",)}
"""Flags that are false where they are absent."""
AS_TEXT = frozenset({"other_contacts", "effective_tax_rate"})
"""Lists that land as the text of their JSON."""
ADDRESS = """
    line_1 Line1 line_2 Line2 line_3 Line3 line_4 Line4 line_5 Line5 city City country Country
    country_sub_division_code CountrySubDivisionCode postal_code PostalCode latitude Lat longitude Long
"""
OWNERS = """
    Customer Vendor Employee CompanyInfo Invoice Estimate SalesReceipt CreditMemo RefundReceipt Payment Bill
    VendorCredit Purchase PurchaseOrder
""".split()
"""What has addresses. Of two owners that changed in the same second the later one here is the newer."""
