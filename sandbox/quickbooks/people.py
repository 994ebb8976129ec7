"""Customers with their jobs, vendors, employees, and their addresses."""

from decimal import Decimal
from itertools import chain, count
from random import Random
from typing import Any

from sandbox.names import CITIES, FIRST_NAMES, LAST_NAMES
from sandbox.people import Known, stranger
from sandbox.quickbooks.books import Books
from sandbox.quickbooks.chart import CURRENCIES, FOREIGN, HOME, Chart
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.store import Fields, Key, Record

STREETS = ("Quay Road", "Lamp Street", "Orchard Lane", "Mill Row", "Harbor Walk", "Kiln Yard", "Fen Drift")
TRADES = ("Paper", "Print", "Courier", "Hosting", "Cleaning", "Catering", "Legal", "Travel", "Signs", "Power")
PLACES = ("Vale", "Cove", "Ridge", "Ferry", "Brook", "Point", "Heath", "Bridge")
PERSONAL = ("Customer", "Vendor", "Employee")
"""What may stand for a person."""
PROJECTS = ("Rebrand", "Annual report", "Trade fair", "Web relaunch", "Packaging", "Wayfinding")


class People:
    """Makes the records that transactions are about. `random` decides; whoever works sets it."""

    def __init__(self, books: Books, chart: Chart, random: Random) -> None:
        self.books = books
        self.chart = chart
        self.random = random
        self.known: dict[Key, int] = {}
        """Who a customer or employee really is: the company's number of the person."""
        self.firms: dict[Key, int] = {}
        """Which client firm a customer stands for."""

    def identities(self) -> dict[Key, int]:
        """By landed table and id, every record that stands for a person; below zero for a stranger."""
        found = {}
        for place, entity in enumerate(PERSONAL):
            for record in self.books.store.all(entity):
                if "GivenName" in record.fields:
                    unknown = stranger("quickbooks", len(PERSONAL) * record.number + place)
                    found[entity.lower(), record.id] = self.known.get(record.key, unknown)
        return found

    def clients(self) -> dict[Key, int]:
        """By landed table and id, every record that stands for a client firm."""
        store = self.books.store
        return {(key[0].lower(), key[1]): firm for key, firm in self.firms.items() if store.get(*key) is not None}

    def regulars(self) -> list[Record]:
        """The customers that stand for firms, and their jobs."""
        store = self.books.store
        ids = [id for _, firm in self.firms for id in (firm, *self.books.jobs[firm])]
        return [record for id in ids if (record := store.get("Customer", id)) is not None]

    def contact(self, known: Known) -> Record:
        """A customer whom other systems know, too. The first of a firm stands for the firm as well."""
        first_of_firm = known.client is not None and known.client not in self.firms.values()
        name = self.unique(known.company if first_of_firm and known.company else known.name)
        foreign = first_of_firm and known.client is not None and known.client % 6 == 1
        record = self.customer(name, known.city, foreign=foreign, CompanyName=known.company, **self._person(known))
        self.known[record.key] = known.person
        if first_of_firm and known.client is not None:
            self.firms[record.key] = known.client
        return record

    def unique(self, name: str) -> str:
        """The name, with a number behind it where a customer or vendor is called so already."""
        taken = {record.fields["DisplayName"] for record in self.books.store.all("Customer", "Vendor")}
        return next(one for one in chain([name], (f"{name} ({number})" for number in count(2))) if one not in taken)

    def colleague(self, known: Known) -> Record:
        """One of our own people."""
        fields = self._person(known)
        record = self.employee(fields.pop("GivenName"), fields.pop("FamilyName"), **fields)
        self.known[record.key] = known.person
        return record

    def _person(self, known: Known) -> Fields:
        return {
            "GivenName": known.first,
            "FamilyName": known.last,
            "Title": known.title,
            "PrimaryEmailAddr": {"Address": known.email} if known.email else None,
            "PrimaryPhone": {"FreeFormNumber": known.phone} if known.phone else None,
        }

    def address(self, city: str | None = None) -> Fields:
        """A new address with an id of its own."""
        number = self.books.store.number("address")
        address: Fields = {
            "Id": str(number),
            "Line1": f"{1 + int(self.random.random() * 200)} {self.random.choice(STREETS)}",
            "City": city or self.random.choice(CITIES),
            "CountrySubDivisionCode": "CA",
            "PostalCode": f"94{int(self.random.random() * 1000):03d}",
        }
        if number % 3 == 0:
            address |= {"Lat": "INVALID", "Long": "INVALID"}
        if number % 4 == 0:
            address |= {"Line2": f"Floor {number % 9}", "Country": "USA"}
        return address

    def customer(self, name: str, city: str | None = None, **fields: Any) -> Record:
        """`fields` win over what is made up; None leaves a field out. A fifth has no address."""
        billing = self.address(city) if self.random.random() < 0.8 else None
        shipping = billing if self.random.random() < 0.5 else self.address()
        foreign = fields.pop("foreign", False)
        code = FOREIGN if foreign else HOME
        made: Fields = {
            "DisplayName": name,
            "FullyQualifiedName": name,
            "CompanyName": name,
            "PrintOnCheckName": name,
            "Active": True,
            "Taxable": not foreign,
            "Job": False,
            "BillWithParent": False,
            "Balance": 0,
            "BalanceWithJobs": 0,
            "CurrencyRef": {"value": code, "name": CURRENCIES[code]},
            "PreferredDeliveryMethod": self.random.choice(("Print", "Email", "None")),
            "BillAddr": billing,
            "ShipAddr": shipping if billing else None,
            "WebAddr": {} if self.random.random() < 0.2 else None,
        }
        if self.random.random() < 0.2:
            made |= {
                "MiddleName": "J.",
                "Suffix": "II",
                "AlternatePhone": {"FreeFormNumber": "(312) 555-0177"},
                "Fax": {"FreeFormNumber": "(312) 555-0178"},
                "Mobile": {"FreeFormNumber": "(312) 555-0179"},
                "ResaleNum": f"R-{int(self.random.random() * 10_000)}",
                "OpenBalanceDate": "2024-12-31",
                "TaxExemptionReasonId": "2",
                "WebAddr": {"URI": f"https://customer-{len(name)}.example"},
            }
        if self.random.random() < 0.3:
            made["CustomField"] = self.custom_fields()
        if self.random.random() < 0.6:
            made["SalesTermRef"] = ref(self.random.choice(self.chart.terms))
            made["CustomerTypeRef"] = {"value": self.random.choice(self.chart.customer_types).id}
        if self.random.random() < 0.3:
            made["DefaultTaxCodeRef"] = {"value": self.chart.codes[0].id}
            made["PaymentMethodRef"] = ref(self.random.choice(self.chart.methods))
            made["Notes"] = "Pays after the second reminder."
        return self.books.add("Customer", {**made, **fields})

    def job(self, parent: Record) -> Record:
        """A project below a customer; the customer's addresses are its own, too."""
        jobs = [one.fields.get("ParentRef", {}).get("value") for one in self.books.store.all("Customer")]
        count = jobs.count(parent.id)
        name = f"{self.random.choice(PROJECTS)} {count + 1}"
        full = f"{parent.fields['FullyQualifiedName']}:{name}"
        inherited = ("BillAddr", "ShipAddr", "CurrencyRef")
        shared: Fields = {name: parent.fields[name] for name in inherited if name in parent.fields}
        return self.books.add(
            "Customer",
            {
                "DisplayName": name,
                "FullyQualifiedName": full,
                "PrintOnCheckName": name,
                "Active": True,
                "Job": True,
                "BillWithParent": True,
                "ParentRef": {"value": parent.id},
                "Level": 1,
                "Balance": 0,
                "BalanceWithJobs": 0,
                "Taxable": parent.fields["Taxable"],
                "PreferredDeliveryMethod": "None",
                **shared,
            },
        )

    def vendor(self, name: str | None = None, **fields: Any) -> Record:
        foreign = fields.pop("foreign", False)
        code = FOREIGN if foreign else HOME
        if name is None:
            name = f"{self.random.choice(PLACES)} {self.random.choice(TRADES)}"
            if len(self.books.store.kinds["Vendor"]) % 5 == 4:
                first, last = self.name()
                fields = {"GivenName": first, "FamilyName": last, "CompanyName": None, **fields}
                name = f"{first} {last}"
            name = self.unique(name)
        more: Fields = {}
        if self.random.random() < 0.3:
            more = {
                "Title": "Mx.",
                "MiddleName": "K.",
                "Suffix": "Sr.",
                "Mobile": {"FreeFormNumber": "(312) 555-0181"},
                "Fax": {"FreeFormNumber": "(312) 555-0182"},
                "AlternatePhone": {"FreeFormNumber": "(312) 555-0183"},
                "PrimaryEmailAddr": {"Address": f"office@vendor-{len(name)}.example"},
            }
        made: Fields = {
            "DisplayName": name,
            "CompanyName": name,
            "PrintOnCheckName": name,
            "Active": True,
            "Balance": 0,
            **more,
            "Vendor1099": self.random.random() < 0.3,
            "CurrencyRef": {"value": code, "name": CURRENCIES[code]},
            "BillAddr": self.address() if self.random.random() < 0.7 else None,
            "TermRef": ref(self.random.choice(self.chart.terms)) if self.random.random() < 0.5 else None,
            "CustomField": self.custom_fields() if self.random.random() < 0.3 else None,
            "AcctNum": f"C-{int(self.random.random() * 10_000):04d}" if self.random.random() < 0.5 else None,
            "PrimaryPhone": {"FreeFormNumber": f"(312) 555-01{int(self.random.random() * 100):02d}"},
            "TaxIdentifier": "XXXXX0123" if self.random.random() < 0.2 else None,
            "WebAddr": {"URI": f"https://{name.lower().replace(' ', '-')}.example"}
            if self.random.random() < 0.4
            else None,
            "OtherContactInfo": [{"Type": "TelephoneNumber", "Telephone": {"FreeFormNumber": "(312) 555-0119"}}]
            if self.random.random() < 0.2
            else None,
        }
        return self.books.add("Vendor", {**made, **fields})

    def employee(self, first: str, last: str, **fields: Any) -> Record:
        made: Fields = {
            "GivenName": first,
            "FamilyName": last,
            "DisplayName": f"{first} {last}",
            "PrintOnCheckName": f"{first} {last}",
            "Active": True,
            "BillableTime": self.random.random() < 0.7,
            "EmployeeNumber": f"E{len(last):02d}",
            "PrimaryAddr": self.address() if self.random.random() < 0.5 else None,
            "HiredDate": "2021-02-01",
            "SSN": "XXX-XX-XXXX",
            "BillRate": 120 if self.random.random() < 0.5 else None,
            "Gender": "Female" if self.random.random() < 0.2 else None,
            "CostRate": Decimal("61.5") if self.random.random() < 0.3 else None,
        }
        return self.books.add("Employee", {**made, **fields})

    def custom_fields(self) -> list[Fields]:
        """What the company wants to know of everybody; without a value there is no StringValue."""
        region: Fields = {"DefinitionId": "4", "Name": "Region", "Type": "StringType"}
        code: Fields = {"DefinitionId": "5", "Name": "Code", "Type": "StringType"}
        return [region, {**code, "StringValue": f"R{int(self.random.random() * 100)}"}]

    def name(self) -> tuple[str, str]:
        """First and last name of somebody new."""
        return self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
