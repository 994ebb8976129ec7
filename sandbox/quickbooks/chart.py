"""What a company sets up before its first sale: accounts, taxes, terms, items and preferences."""

import json
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
SPENDING = """
    Rent|Utilities|Software|Hosting|Travel|Meals|Insurance|Subcontractors|Kit Materials|Prepaid Expenses|Computers
""".strip().split("|")
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
METHODS = ("Cash", "Check", "Transfer", "Visa")
COMPANY = """
{
  "Country": "US", "SupportedLanguages": "en", "PrimaryPhone": {"FreeFormNumber": "(312) 555-0100"},
  "CompanyStartDate": "2019-03-01", "FiscalYearStartMonth": "January",
  "NameValue": [
    {"Name": "SubscriptionStatus", "Value": "SUBSCRIBED"}, {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
    {"Name": "IndustryType", "Value": "Design services"}
  ]
}
"""
ADDRESS = """
{
  "Line1": "4 Lantern Quay", "City": "Port Ellery", "Country": "USA", "CountrySubDivisionCode": "CA",
  "PostalCode": "94000"
}
"""
PREFERENCES = """
{
  "AccountingInfoPrefs": {
    "FirstMonthOfFiscalYear": "January", "BookCloseDate": "2024-12-31", "UseAccountNumbers": true,
    "TrackDepartments": true, "DepartmentTerminology": "Location", "CustomerTerminology": "Customers",
    "ClassTrackingPerTxn": true, "ClassTrackingPerTxnLine": true
  },
  "CurrencyPrefs": {"MultiCurrencyEnabled": true, "HomeCurrency": {"value": "USD"}},
  "TaxPrefs": {"UsingSalesTax": true, "PartnerTaxEnabled": true},
  "SalesFormsPrefs": {
    "AllowDeposit": true, "AllowDiscount": true, "AllowEstimates": true,
    "CustomField": [{"CustomField": [
      {"Name": "SalesFormsPrefs.UseSalesCustom1", "Type": "BooleanType", "BooleanValue": true}
    ]}]
  },
  "TimeTrackingPrefs": {"UseServices": true, "BillCustomers": true, "WorkWeekStartDate": "Monday"},
  "VendorAndPurchasesPrefs": {"TrackingByCustomer": true, "BillableExpenseTracking": true},
  "ReportPrefs": {"ReportBasis": "Accrual"},
  "EmailMessagesPrefs": {},
  "ProductAndServicesPrefs": {"ForSales": true},
  "OtherPrefs": {"NameValue": [{"Name": "TaxForm", "Value": "6"}]}
}
"""


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
        self.terms = [self.listed("Term", name, Type="STANDARD", DueDays=days) for name, days in TERMS]
        kinds = {"Visa": "CREDIT_CARD"}
        self.methods = [self.listed("PaymentMethod", one, Type=kinds.get(one, "NON_CREDIT_CARD")) for one in METHODS]
        self.classes = self._tree("Class", "SubClass", ("Studio", "Studio:Print", "Advisory"))
        self.departments = self._tree("Department", "SubDepartment", ("North", "North:Quay", "South"))
        self.customer_types = [self.listed("CustomerType", name) for name in ("Retainer", "Project")]
        self._items()
        self._company()

    def account(self, name: str) -> Record:
        return self.accounts[name]

    def item(self, name: str) -> Record:
        return self.items[name]

    def needs(self, record: Record) -> bool:
        """Whether something that is sold and bought all the time must stay."""
        return record in self.items.values() or record in self.kits

    def listed(self, entity: str, name: str, **fields: Any) -> Record:
        """An entry of a list. `None` leaves a field out."""
        return self.books.add(entity, {"Name": name, "Active": True, **fields})

    def _currencies(self) -> None:
        for code, name in CURRENCIES.items():
            self.listed("CompanyCurrency", name, Code=code)

    def _accounts(self) -> None:
        for position, line in enumerate(ACCOUNTS):
            name, kind, sub, classification, currency, parent = (line.split("|") + ["", ""])[:6]
            above = self.accounts.get(parent)
            code = currency or HOME
            self.accounts[name] = self.listed(
                "Account",
                name,
                FullyQualifiedName=f"{parent}:{name}" if parent else name,
                Classification=classification,
                AccountType=kind,
                AccountSubType=sub,
                SubAccount=above is not None if above or position % 4 else None,
                ParentRef={"value": above.id} if above else None,
                CurrencyRef={"value": code, "name": CURRENCIES[code]} if kind != "Equity" else None,
                AcctNum=str(1000 + 10 * position) if position % 3 else None,
            )

    def _taxes(self) -> None:
        tracked = {"TaxTrackedOnPurchases": True, "TaxTrackedOnSales": True}
        self.agencies = [
            self.books.add("TaxAgency", {"DisplayName": name, "TaxRegistrationNumber": f"SANDBOX-{number}", **tracked})
            for number, name in enumerate(AGENCIES, 1)
        ]
        self.rates = [
            self.rate(name, Decimal(percent), self.agencies[agency], "2020-01-01T00:00:00-08:00", f"Tax of {name}")
            for name, percent, agency in RATES
        ]
        details = [
            {"TaxRateRef": ref(rate), "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0} for rate in self.rates[:2]
        ]
        lists = {"SalesTaxRateList": {"TaxRateDetail": details}, "PurchaseTaxRateList": {"TaxRateDetail": details[:1]}}
        self.codes = [
            self.listed("TaxCode", name, Description=name, Hidden=False, Taxable=bool(rates), TaxGroup=True, **rates)
            for name, rates in (("Port Ellery", lists), ("Exempt", {}))
        ]

    def rate(self, name: str, percent: Decimal, agency: Record, since: str, description: str | None = None) -> Record:
        effective = [{"RateValue": percent, "EffectiveDate": since}]
        told = {"Description": description, "SpecialTaxType": "NONE", "DisplayType": "ReadOnly"}
        of = {"value": agency.id}
        return self.listed("TaxRate", name, RateValue=percent, AgencyRef=of, EffectiveTaxRate=effective, **told)

    def _tree(self, entity: str, flag: str, names: tuple[str, ...]) -> list[Record]:
        found: dict[str, Record] = {}
        for name in names:
            above, _, own = name.rpartition(":")
            below = {flag: True, "ParentRef": ref(found[above])} if above else {flag: False}
            found[name] = self.listed(entity, own, FullyQualifiedName=name, **below)
        return list(found.values())

    def _items(self) -> None:
        category = self._item("Things", Type="Category")
        for line in SERVICES:
            name, account, price, tax = line.split("|")
            thing = tax == "TAX"
            above: Fields = {
                "SubItem": True,
                "ParentRef": ref(category),
                "Level": 1,
                "FullyQualifiedName": f"Things:{name}",
            }
            self.items[name] = self._item(
                name,
                Taxable=thing,
                Description=f"{name} as agreed",
                UnitPrice=Decimal(price),
                Type="NonInventory" if thing else "Service",
                IncomeAccountRef=ref(self.account(account)),
                PurchaseCost=0,
                TrackQtyOnHand=False,
                **(above | {"Sku": f"SKU-{len(name):03d}"} if thing else {}),
            )
        for name, account, price in PURCHASED:
            bought = {"PurchaseCost": Decimal(price), "PurchaseDesc": f"{name} bought", "TrackQtyOnHand": False}
            spent = ref(self.account(account))
            self.items[name] = self._item(
                name, Taxable=False, UnitPrice=0, Type="Service", ExpenseAccountRef=spent, **bought
            )
        for name, price, cost in STOCKED:
            bought = {"PurchaseCost": Decimal(cost), "PurchaseDesc": f"{name}, from stock", "TrackQtyOnHand": True}
            self.items[name] = self._item(
                name,
                Taxable=True,
                Type="Inventory",
                UnitPrice=Decimal(price),
                QtyOnHand=0,
                InvStartDate="2025-01-02",
                IncomeAccountRef=ref(self.account("Sales of Kits")),
                ExpenseAccountRef=ref(self.account("Cost of Goods Sold")),
                AssetAccountRef=ref(self.account("Inventory Asset")),
                **bought,
            )
        for name, parts in KITS:
            lines = [{"ItemRef": ref(self.items[part]), "Qty": quantity} for part, quantity in parts]
            told = {
                "Description": f"{name}, packed",
                "PrintGroupedItems": True,
                "ItemGroupDetail": {"ItemGroupLine": lines},
            }
            self.kits.append(self._item(name, Type="Group", Taxable=True, **told))

    def _item(self, name: str, **fields: Any) -> Record:
        return self.listed("Item", name, **{"FullyQualifiedName": name, **fields})

    def _company(self) -> None:
        address = {"Id": str(self.books.store.number("address")), **json.loads(ADDRESS)}
        name, domain = self.company.name, self.company.domain
        named = {"CompanyName": name, "LegalName": f"{name} LLC"}
        reached = {"Email": {"Address": f"accounts@{domain}"}, "WebAddr": {"URI": f"https://{domain}"}}
        at = dict.fromkeys(("CompanyAddr", "LegalAddr", "CustomerCommunicationAddr"), address)
        self.books.add("CompanyInfo", {**named, **reached, **at, **json.loads(COMPANY)})
        self.books.add("Preferences", json.loads(PREFERENCES))
