"""Customers with their jobs, vendors, employees, and their addresses."""

from decimal import Decimal
from itertools import chain, count
from random import Random
from typing import Any

from sandbox.draw import Draw, drawn
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


CALLED = ("DisplayName", "CompanyName", "PrintOnCheckName")
DRAWN: dict[str, Draw] = {
    "address": lambda people, _: people.address(),
    "terms": lambda people, random: ref(random.choice(people.chart.terms)),
    "type": lambda people, random: {"value": random.choice(people.chart.customer_types).id},
    "method": lambda people, random: ref(random.choice(people.chart.methods)),
    "custom": lambda people, _: people.custom_fields(),
    "delivery": lambda _, random: random.choice(("Print", "Email", "None")),
    "account": lambda _, random: f"C-{int(random.random() * 10_000):04d}",
    "resale": lambda _, random: f"R-{int(random.random() * 10_000)}",
    "line": lambda _, random: phone(100 + int(random.random() * 100)),
    "paid": lambda *_: Decimal("61.5"),
    "empty": lambda *_: {},
    "more_lines": lambda *_: [{"Type": "TelephoneNumber", "Telephone": phone(119)}],
}
"""What fields are drawn with (`sandbox.draw`)."""


def phone(number: int) -> Fields:
    return {"FreeFormNumber": f"(312) 555-0{number}"}


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

    def customer(self, name: str, city: str | None = None, foreign: bool = False, **fields: Any) -> Record:
        """`fields` win over what is made up; None leaves a field out. A fifth has no address."""
        billing = self.address(city) if self.maybe(0.8) else None
        shipping = billing if self.maybe(0.5) else self.address()
        made: Fields = {
            **dict.fromkeys((*CALLED, "FullyQualifiedName"), name),
            **self._opened(foreign),
            "Taxable": not foreign,
            "Job": False,
            "BillWithParent": False,
            "BalanceWithJobs": 0,
            "BillAddr": billing,
            "ShipAddr": shipping if billing else None,
            **self.drawn("PreferredDeliveryMethod:delivery WebAddr%20:empty"),
        }
        if self.maybe(0.2):
            made |= {
                **self.drawn("MiddleName!J. Suffix!II OpenBalanceDate!2024-12-31 ResaleNum:resale"),
                **Fields(AlternatePhone=phone(177), Fax=phone(178), Mobile=phone(179)),
                "TaxExemptionReasonId": "2",
                "WebAddr": {"URI": f"https://customer-{len(name)}.example"},
            }
        made |= self.drawn("CustomField%30:custom")
        if self.maybe(0.6):
            made |= self.drawn("SalesTermRef:terms CustomerTypeRef:type")
        if self.maybe(0.3):
            code = {"value": self.chart.codes[0].id}
            made |= {"DefaultTaxCodeRef": code, "Notes": "Pays after the second reminder."}
            made |= self.drawn("PaymentMethodRef:method")
        return self.books.add("Customer", {**made, **fields})

    def private(self, mailed: bool = False) -> Record:
        """A customer who is no firm."""
        first, last = self.name()
        mail: Fields = {"PrimaryEmailAddr": {"Address": f"{first}.{last}@client.example".lower()}} if mailed else {}
        return self.customer(self.unique(f"{first} {last}"), CompanyName=None, GivenName=first, FamilyName=last, **mail)

    def _opened(self, foreign: bool) -> Fields:
        code = FOREIGN if foreign else HOME
        return {"Active": True, "Balance": 0, "CurrencyRef": {"value": code, "name": CURRENCIES[code]}}

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def drawn(self, declared: str) -> Fields:
        return drawn(declared, DRAWN, self, self.random)

    def job(self, parent: Record) -> Record:
        """A project below a customer; the customer's addresses are its own, too."""
        jobs = [one.fields.get("ParentRef", {}).get("value") for one in self.books.store.all("Customer")]
        count = jobs.count(parent.id)
        name = f"{self.random.choice(PROJECTS)} {count + 1}"
        inherited = ("BillAddr", "ShipAddr", "CurrencyRef", "Taxable")
        return self.books.add(
            "Customer",
            {
                **dict.fromkeys(("DisplayName", "PrintOnCheckName"), name),
                "FullyQualifiedName": f"{parent.fields['FullyQualifiedName']}:{name}",
                "Active": True,
                "Job": True,
                "BillWithParent": True,
                "ParentRef": {"value": parent.id},
                "Level": 1,
                "Balance": 0,
                "BalanceWithJobs": 0,
                "PreferredDeliveryMethod": "None",
                **{field: parent.fields[field] for field in inherited if field in parent.fields},
            },
        )

    def vendor(self, foreign: bool = False) -> Record:
        """A firm, and every fifth time a person."""
        name, person = f"{self.random.choice(PLACES)} {self.random.choice(TRADES)}", Fields()
        if len(self.books.store.kinds["Vendor"]) % 5 == 4:
            first, last = self.name()
            name, person = f"{first} {last}", {"GivenName": first, "FamilyName": last, "CompanyName": None}
        name = self.unique(name)
        made: Fields = {**dict.fromkeys(CALLED, name), **self._opened(foreign)}
        if self.maybe(0.3):
            made |= {
                **self.drawn("Title!Mx. MiddleName!K. Suffix!Sr."),
                **Fields(AlternatePhone=phone(183), Fax=phone(182), Mobile=phone(181)),
                "PrimaryEmailAddr": {"Address": f"office@vendor-{len(name)}.example"},
            }
        made |= self.drawn("""
            Vendor1099?30 BillAddr%70:address TermRef%50:terms CustomField%30:custom AcctNum%50:account
            PrimaryPhone:line TaxIdentifier%20!XXXXX0123
        """)
        if self.maybe(0.4):
            made["WebAddr"] = {"URI": f"https://{name.lower().replace(' ', '-')}.example"}
        return self.books.add("Vendor", {**made, **self.drawn("OtherContactInfo%20:more_lines"), **person})

    def employee(self, first: str, last: str, **fields: Any) -> Record:
        made: Fields = {
            **dict.fromkeys(("DisplayName", "PrintOnCheckName"), f"{first} {last}"),
            "GivenName": first,
            "FamilyName": last,
            "Active": True,
            "EmployeeNumber": f"E{len(last):02d}",
            **self.drawn("""
                HiredDate!2021-02-01 SSN!XXX-XX-XXXX BillableTime?70 PrimaryAddr%50:address BillRate%50!120
                Gender%20!Female CostRate%30:paid
            """),
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
