"""Everything that a company writes."""

from sandbox.quickbooks import lines as made
from sandbox.quickbooks.banking import Banking
from sandbox.quickbooks.chart import HOME
from sandbox.quickbooks.costs import Costs
from sandbox.quickbooks.ledger import currency_of
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.sales import Sales
from sandbox.quickbooks.store import Fields, Record


class Trade(Sales, Costs, Banking):
    """All transactions, and what stands beside the books: hours, budgets, attachments, templates."""

    def time_activity(self) -> Record | None:
        who = self.any(self.some(("Employee", "Employee", "Vendor")))
        customer = self.customer()
        if who is None or customer is None:
            return None
        return self.books.add(
            "TimeActivity",
            {
                "TxnDate": self.today,
                "NameOf": who.entity,
                f"{who.entity}Ref": ref(who),
                "CustomerRef": ref(customer),
                "ItemRef": ref(self.chart.item("Design hours")),
                "Taxable": False,
                "HourlyRate": 95,
                "BillableStatus": "Billable" if self.maybe(0.7) else "NotBillable",
                "Hours": 1 + self.whole(8),
                "Minutes": 15 * self.whole(4),
                **self.drawn("Description%70:remark ClassRef%30:class"),
            },
        )

    def budget(self, year: int) -> Record:
        accounts = [ref(self.chart.account(name)) for name in ("Rent", "Travel")]
        rows = [
            {"BudgetDate": f"{year}-{month:02d}-01", "Amount": 1_000 + 10 * month, "AccountRef": account}
            for account in accounts
            for month in range(1, 13)
        ]
        return self.books.add(
            "Budget",
            {
                "Name": f"Plan {year} {self.store.number('budget name')}",
                **self.drawn("BudgetType!ProfitAndLoss BudgetEntryType!Monthly"),
                **Fields(StartDate=f"{year}-01-01", EndDate=f"{year}-12-31", Active=True),
                "BudgetDetail": rows,
            },
        )

    def attach(self) -> Record | None:
        """A file on an invoice, or a note alone. The link to the file is short-lived and signed."""
        invoice = self.any("Invoice")
        if invoice is None:
            return None
        number = self.store.number("file")
        if number % 4 == 0:
            return self.books.add("Attachable", {**self.drawn("Note:note"), "AttachableRef": []})
        signed = f"Signature={number * 7919 % 10**8:08d}&Expires={self.store.now + 900}"
        target = {"EntityRef": {"value": invoice.id, "type": "Invoice"}, "IncludeOnSend": self.maybe(0.3)}
        return self.books.add(
            "Attachable",
            {
                "FileName": f"offer-{number}.pdf",
                "Size": 1_000 + number * 37,
                "ContentType": "application/pdf",
                "Category": "Document",
                "FileAccessUri": f"/v3/company/files/{number}",
                "TempDownloadUri": f"https://files.sandbox.example/{number}?{signed}",
                "AttachableRef": [target],
            },
        )

    def template(self) -> Record | None:
        """A recurring invoice or purchase; it carries what its transactions will carry, a masked card, too."""
        customer = self.customer()
        if customer is None:
            return None
        number = self.store.number("template name")
        schedule = {"IntervalType": self.some(("Monthly", "Weekly")), "NumInterval": 1, "DayOfMonth": 1}
        schedule |= self.drawn("NextDate:today StartDate:today")
        how = {"RecurType": self.some(("Automated", "Reminder")), "Active": True, "ScheduleInfo": schedule}
        info = {"Name": f"Template {number}", **how}
        kind, currency = "Purchase" if number % 3 == 0 else "Invoice", HOME
        if kind == "Purchase":
            lines = self.cost_lines()
            body: Fields = {
                "PaymentType": "CreditCard",
                "AccountRef": ref(self.chart.account("Harbor Card")),
                "Line": lines,
                "TotalAmt": made.total(lines, None),
            }
        else:
            method = self.chart.methods[-1]
            sale = self.sale(customer, self.sales_lines(self.abroad(customer), 1))
            body = {"CustomerRef": ref(customer), **sale, **self._card(method, sale["TotalAmt"])}
            currency = currency_of(self.store, customer.fields)
        return self.books.add(
            "RecurringTransaction",
            {
                "makes": kind,
                "RecurringInfo": info,
                **body,
                **self._currency(currency),
                "RecurDataRef": {"value": str(number)},
            },
        )
