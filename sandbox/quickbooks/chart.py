"""What a company sets up before its first sale: accounts, taxes, terms, items and preferences."""

from decimal import Decimal
from typing import Any

from sandbox.company import Company
from sandbox.quickbooks.books import Books
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.store import Fields, Record

HOME, FOREIGN = "USD", "EUR"
CURRENCIES = {HOME: "United States Dollar", FOREIGN: "Euro"}
ACCOUNTS = """
Operating Checking|Bank|Checking|Asset
Payroll Checking|Bank|Checking|Asset
Reserve Savings|Bank|Savings|Asset
Euro Account|Bank|Checking|Asset|EUR
Accounts Receivable (A/R)|Accounts Receivable|AccountsReceivable|Asset
Accounts Receivable (A/R) - EUR|Accounts Receivable|AccountsReceivable|Asset|EUR
Undeposited Funds|Other Current Asset|UndepositedFunds|Asset
Inventory Asset|Other Current Asset|Inventory|Asset
Prepaid Expenses|Other Current Asset|PrepaidExpenses|Asset
Employee Advances|Other Current Asset|EmployeeCashAdvances|Asset
Computers|Fixed Asset|MachineryAndEquipment|Asset
Accumulated Depreciation|Fixed Asset|AccumulatedDepreciation|Asset
Rent Deposit|Other Asset|SecurityDeposits|Asset
Accounts Payable (A/P)|Accounts Payable|AccountsPayable|Liability
Accounts Payable (A/P) - EUR|Accounts Payable|AccountsPayable|Liability|EUR
Harbor Card|Credit Card|CreditCard|Liability
Travel Card|Credit Card|CreditCard|Liability
Euro Card|Credit Card|CreditCard|Liability|EUR
Marrow State Revenue Payable|Other Current Liability|GlobalTaxPayable|Liability
Port Ellery Treasury Payable|Other Current Liability|GlobalTaxPayable|Liability
Payroll Liabilities|Other Current Liability|PayrollTaxPayable|Liability
Customer Prepayments|Other Current Liability|OtherCurrentLiabilities|Liability
Studio Loan|Long Term Liability|NotesPayable|Liability
Opening Balance Equity|Equity|OpeningBalanceEquity|Equity
Owner's Equity|Equity|OwnersEquity|Equity
Retained Earnings|Equity|RetainedEarnings|Equity
Design Income|Income|ServiceFeeIncome|Revenue
Consulting Income|Income|ServiceFeeIncome|Revenue
Support Income|Income|ServiceFeeIncome|Revenue
Sales of Kits|Income|SalesOfProductIncome|Revenue
Billable Expense Income|Income|OtherPrimaryIncome|Revenue
Discounts given|Income|DiscountsRefundsGiven|Revenue
Interest Earned|Other Income|InterestEarned|Revenue
Subcontractors|Cost of Goods Sold|CostOfLaborCos|Expense
Kit Materials|Cost of Goods Sold|SuppliesMaterialsCogs|Expense
Cost of Goods Sold|Cost of Goods Sold|SuppliesMaterialsCogs|Expense
Rent|Expense|RentOrLeaseOfBuildings|Expense
Utilities|Expense|Utilities|Expense
Software|Expense|OfficeGeneralAdministrativeExpenses|Expense
Hosting|Expense|OfficeGeneralAdministrativeExpenses|Expense||Software
Travel|Expense|Travel|Expense
Meals|Expense|TravelMeals|Expense
Insurance|Expense|Insurance|Expense
Wages|Expense|PayrollExpenses|Expense
Bank Charges|Expense|BankCharges|Expense
Bad Debts|Expense|BadDebts|Expense
Purchase Discounts|Other Income|OtherMiscellaneousIncome|Revenue
Depreciation|Other Expense|Depreciation|Expense
Exchange Gain or Loss|Other Expense|ExchangeGainOrLoss|Expense
""".strip().splitlines()
CARDS = ("Harbor Card", "Travel Card")
SPENDING = (
    "Rent",
    "Utilities",
    "Software",
    "Hosting",
    "Travel",
    "Meals",
    "Insurance",
    "Subcontractors",
    "Kit Materials",
    "Prepaid Expenses",
    "Computers",
)
AGENCIES = ("Marrow State Revenue", "Port Ellery Treasury")
RATES = (("Marrow State", "6.25", 0), ("Port Ellery City", "1.875", 1), ("Out of Scope", "0", 0))
SERVICES = """
Design hours|Design Income|95|NON
Strategy workshop|Consulting Income|1450|NON
Consulting hours|Consulting Income|137.5|NON
Support retainer|Support Income|480|NON
Printed guide|Sales of Kits|38.4|TAX
Sample box|Sales of Kits|12.75|TAX
Signage panel|Sales of Kits|219.99|TAX
""".strip().splitlines()
PURCHASED = (("Freelance day", "Subcontractors", "410"), ("Paper stock", "Kit Materials", "7.2"))
STOCKED = (("Exhibit case", "650", "310"), ("Display stand", "189", "92.5"), ("Banner roll", "74.9", "31.25"))
"""What the company keeps in store: name, price and cost."""
KITS = (
    ("Launch kit", (("Printed guide", 2), ("Sample box", 6))),
    ("Fair kit", (("Signage panel", 1), ("Sample box", 4))),
    ("Booth kit", (("Display stand", 1), ("Banner roll", 2))),
)
TERMS = (("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30), ("Net 60", 60))
METHODS = (
    ("Cash", "NON_CREDIT_CARD"),
    ("Check", "NON_CREDIT_CARD"),
    ("Transfer", "NON_CREDIT_CARD"),
    ("Visa", "CREDIT_CARD"),
)


class Chart:
    """The records of the lists, by name; made once, in the order of the ids."""

    def __init__(self, books: Books, company: Company) -> None:
        self.books = books
        self.company = company
        self.accounts: dict[str, Record] = {}
        self.items: dict[str, Record] = {}
        self.kits: list[Record] = []
        self.stocked = [name for name, *_ in STOCKED]
        self._currencies()
        self._accounts()
        self._taxes()
        self.terms = [self._add("Term", Name=name, Active=True, Type="STANDARD", DueDays=days) for name, days in TERMS]
        self.methods = [self._add("PaymentMethod", Name=name, Active=True, Type=kind) for name, kind in METHODS]
        self.classes = self._tree("Class", "SubClass", ("Studio", "Studio:Print", "Advisory"))
        self.departments = self._tree("Department", "SubDepartment", ("North", "North:Quay", "South"))
        self.customer_types = [self._add("CustomerType", Name=name, Active=True) for name in ("Retainer", "Project")]
        self._items()
        self._company()

    def account(self, name: str) -> Record:
        return self.accounts[name]

    def item(self, name: str) -> Record:
        return self.items[name]

    def needs(self, record: Record) -> bool:
        """Whether something that is sold and bought all the time must stay."""
        return record in self.items.values() or record in self.kits

    def _add(self, entity: str, **fields: Any) -> Record:
        return self.books.add(entity, fields)

    def _currencies(self) -> None:
        for code, name in CURRENCIES.items():
            self._add("CompanyCurrency", Code=code, Name=name, Active=True)

    def _accounts(self) -> None:
        for position, line in enumerate(ACCOUNTS):
            name, kind, sub, classification, currency, parent = (line.split("|") + ["", ""])[:6]
            above = self.accounts.get(parent)
            code = currency or HOME
            fields: Fields = {
                "Name": name,
                "FullyQualifiedName": f"{parent}:{name}" if parent else name,
                "Active": True,
                "Classification": classification,
                "AccountType": kind,
                "AccountSubType": sub,
            }
            if above or position % 4:
                fields["SubAccount"] = above is not None
            if above:
                fields["ParentRef"] = {"value": above.id}
            if kind != "Equity":
                fields["CurrencyRef"] = {"value": code, "name": CURRENCIES[code]}
            if position % 3:
                fields["AcctNum"] = str(1000 + 10 * position)
            self.accounts[name] = self.books.add("Account", fields)

    def _taxes(self) -> None:
        self.agencies = [
            self._add(
                "TaxAgency",
                DisplayName=name,
                TaxTrackedOnPurchases=True,
                TaxTrackedOnSales=True,
                TaxRegistrationNumber=f"SANDBOX-{number}",
            )
            for number, name in enumerate(AGENCIES, 1)
        ]
        self.rates = [
            self._add(
                "TaxRate",
                Name=name,
                Description=f"Tax of {name}",
                Active=True,
                RateValue=Decimal(percent),
                AgencyRef={"value": self.agencies[agency].id},
                SpecialTaxType="NONE",
                EffectiveTaxRate=[{"RateValue": Decimal(percent), "EffectiveDate": "2020-01-01T00:00:00-08:00"}],
                DisplayType="ReadOnly",
            )
            for name, percent, agency in RATES
        ]
        details = [
            {
                "TaxRateRef": {"value": rate.id, "name": rate.fields["Name"]},
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxOrder": 0,
            }
            for rate in self.rates[:2]
        ]
        lists = {"SalesTaxRateList": {"TaxRateDetail": details}, "PurchaseTaxRateList": {"TaxRateDetail": details[:1]}}
        self.codes = [
            self._add(
                "TaxCode",
                Name=name,
                Description=name,
                Active=True,
                Hidden=False,
                Taxable=taxable,
                TaxGroup=True,
                **(lists if taxable else {}),
            )
            for name, taxable in (("Port Ellery", True), ("Exempt", False))
        ]

    def _tree(self, entity: str, flag: str, names: tuple[str, ...]) -> list[Record]:
        found: dict[str, Record] = {}
        for name in names:
            parent = found.get(name.rpartition(":")[0])
            below = {flag: True, "ParentRef": ref(parent)} if parent else {flag: False}
            fields = {"Name": name.rpartition(":")[2], "FullyQualifiedName": name, "Active": True, **below}
            found[name] = self.books.add(entity, fields)
        return list(found.values())

    def _items(self) -> None:
        category = self._add("Item", Name="Things", FullyQualifiedName="Things", Active=True, Type="Category")
        for line in SERVICES:
            name, account, price, tax = line.split("|")
            thing = tax == "TAX"
            above: Fields = {"SubItem": True, "ParentRef": ref(category), "Level": 1} if thing else {}
            self.items[name] = self._add(
                "Item",
                Name=name,
                FullyQualifiedName=f"Things:{name}" if thing else name,
                Active=True,
                Taxable=thing,
                Description=f"{name} as agreed",
                UnitPrice=Decimal(price),
                Type="NonInventory" if thing else "Service",
                IncomeAccountRef=ref(self.account(account)),
                PurchaseCost=0,
                TrackQtyOnHand=False,
                Sku=f"SKU-{len(name):03d}" if thing else None,
                **above,
            )
        for name, account, price in PURCHASED:
            self.items[name] = self._add(
                "Item",
                Name=name,
                FullyQualifiedName=name,
                Active=True,
                Taxable=False,
                UnitPrice=0,
                Type="Service",
                PurchaseCost=Decimal(price),
                PurchaseDesc=f"{name} bought",
                TrackQtyOnHand=False,
                ExpenseAccountRef=ref(self.account(account)),
            )
        for name, price, cost in STOCKED:
            self.items[name] = self._add(
                "Item",
                Name=name,
                FullyQualifiedName=name,
                Active=True,
                Taxable=True,
                Type="Inventory",
                UnitPrice=Decimal(price),
                PurchaseCost=Decimal(cost),
                PurchaseDesc=f"{name}, from stock",
                TrackQtyOnHand=True,
                QtyOnHand=0,
                InvStartDate="2025-01-02",
                IncomeAccountRef=ref(self.account("Sales of Kits")),
                ExpenseAccountRef=ref(self.account("Cost of Goods Sold")),
                AssetAccountRef=ref(self.account("Inventory Asset")),
            )
        for name, parts in KITS:
            lines = [{"ItemRef": ref(self.items[part]), "Qty": quantity} for part, quantity in parts]
            self.kits.append(
                self._add(
                    "Item",
                    Name=name,
                    FullyQualifiedName=name,
                    Active=True,
                    Type="Group",
                    Taxable=True,
                    Description=f"{name}, packed",
                    PrintGroupedItems=True,
                    ItemGroupDetail={"ItemGroupLine": lines},
                )
            )

    def _company(self) -> None:
        number = self.books.store.number("address")
        address = {
            "Id": str(number),
            "Line1": "4 Lantern Quay",
            "City": "Port Ellery",
            "Country": "USA",
            "CountrySubDivisionCode": "CA",
            "PostalCode": "94000",
        }
        name = self.company.name
        self._add(
            "CompanyInfo",
            CompanyName=name,
            LegalName=f"{name} LLC",
            CompanyAddr=address,
            LegalAddr=address,
            CustomerCommunicationAddr=address,
            PrimaryPhone={"FreeFormNumber": "(312) 555-0100"},
            Country="US",
            CompanyStartDate="2019-03-01",
            FiscalYearStartMonth="January",
            SupportedLanguages="en",
            Email={"Address": f"accounts@{self.company.domain}"},
            WebAddr={"URI": f"https://{self.company.domain}"},
            NameValue=[
                {"Name": "SubscriptionStatus", "Value": "SUBSCRIBED"},
                {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
                {"Name": "IndustryType", "Value": "Design services"},
            ],
        )
        self._add(
            "Preferences",
            AccountingInfoPrefs={
                "FirstMonthOfFiscalYear": "January",
                "TrackDepartments": True,
                "DepartmentTerminology": "Location",
                "ClassTrackingPerTxn": True,
                "ClassTrackingPerTxnLine": True,
                "CustomerTerminology": "Customers",
                "BookCloseDate": "2024-12-31",
                "UseAccountNumbers": True,
            },
            CurrencyPrefs={"MultiCurrencyEnabled": True, "HomeCurrency": {"value": HOME}},
            TaxPrefs={"UsingSalesTax": True, "PartnerTaxEnabled": True},
            SalesFormsPrefs={
                "AllowDeposit": True,
                "AllowDiscount": True,
                "AllowEstimates": True,
                "CustomField": [
                    {
                        "CustomField": [
                            {"Name": "SalesFormsPrefs.UseSalesCustom1", "Type": "BooleanType", "BooleanValue": True}
                        ]
                    }
                ],
            },
            TimeTrackingPrefs={"UseServices": True, "BillCustomers": True, "WorkWeekStartDate": "Monday"},
            VendorAndPurchasesPrefs={"TrackingByCustomer": True, "BillableExpenseTracking": True},
            ReportPrefs={"ReportBasis": "Accrual"},
            EmailMessagesPrefs={},
            ProductAndServicesPrefs={"ForSales": True},
            OtherPrefs={"NameValue": [{"Name": "TaxForm", "Value": "6"}]},
        )
