"""Eighteen months of a services company, from the company and a seed.

At scale 1: some 1,100 customers and jobs, 40 vendors, 900 invoices, and what belongs to them: some 7,000 objects.
Everything happens through the same methods as later work, at its own moment, so links and balances have a history, too.
The lists were imported, so many of their records share a second; so do the invoices that are written at once on the
first of a month.
"""

from decimal import Decimal
from random import Random

from sandbox.changes import weights
from sandbox.company import Company
from sandbox.quickbooks import deals, times
from sandbox.quickbooks.books import Books
from sandbox.quickbooks.chart import Chart
from sandbox.quickbooks.lines import ref
from sandbox.quickbooks.people import People
from sandbox.quickbooks.store import Record
from sandbox.quickbooks.trade import Trade

PAST_SECONDS = 548 * times.DAY
YOUNGEST_SECONDS = 600
PER_SCALE = weights("""
    invoice:760 kit_invoice:90 invoice_of_estimate:40 invoice_of_time:60 invoice_of_charge:24 payment:640
    credit_memo:40 sales_receipt:130 refund_receipt:24 estimate:120 bill:420 restock:30 bill_payment:330
    vendor_credit:24 purchase:640 purchase_order:70 bill_of_order:40 purchase_of_order:8 deposit:240 transfer:50
    card_payment:36 journal_entry:110 time_activity:900 reimburse_charge:30
""")
"""How many of each there are at scale 1."""
FEWEST = 2
RATES = 30
BULK_PER_SECOND = 400
VOIDED_OF = 100
"""One invoice and sales receipt in so many was voided."""


def generate(books: Books, company: Company, seed: int) -> Trade:
    """Fill the books; returns the one who goes on writing them."""
    random = Random(f"quickbooks {seed}")
    store, options = books.store, books.options
    end = store.now - YOUNGEST_SECONDS
    begin = end - PAST_SECONDS
    store.at = begin
    chart = Chart(books, company)
    people = People(books, chart, random)
    trade = Trade(books, chart, people, random)
    _parties(company, people, random)
    trade.exchange_rate()
    trade.opening()
    for _ in range(2):
        trade.restock()
    counts = {name: max(FEWEST, round(count * company.scale)) for name, count in PER_SCALE.items()}
    if options.invoices is not None:
        counts["invoice"] = options.invoices
    counts["invoice"] = max(FEWEST, counts["invoice"] - sum(len(client.deal.parts) for client in company.clients))
    events = list(deals.steps(trade, company, end))
    events += [
        (begin + times.DAY + _moment(random, name, end - begin - times.DAY), getattr(trade, name))
        for name, count in counts.items()
        for _ in range(count)
    ]
    events += [(begin + number * (end - begin) // RATES, trade.exchange_rate) for number in range(1, RATES)]
    for store.at, happens in sorted(events, key=lambda event: event[0]):
        happens()
    _abroad(trade)
    _rest(trade, counts, end)
    if options.invoice_lines:
        trade.invoice(options.invoice_lines)
    _bulk(trade, options.bulk, begin)
    store.at = None
    return trade


def _moment(random: Random, name: str, span: int) -> int:
    """Some invoices are written at once, on the first of each month."""
    moment = int(random.random() * span)
    if name == "invoice" and random.random() < 0.4:
        month = 30 * times.DAY
        return moment // month * month
    if name.endswith(("payment", "deposit")) or "_of_" in name:
        return min(span, moment + 20 * times.DAY)
    return moment


def _parties(company: Company, people: People, random: Random) -> None:
    for known in company.known_in("quickbooks"):
        if known.client is None:
            people.colleague(known)
        else:
            people.contact(known)
    for kind, id in list(people.firms):
        for _ in range(int(random.random() * 3)):
            people.job(people.books.store.kinds[kind][id])
    for _ in range(max(2, round(30 * company.scale))):
        people.private()
    people.customer("Halden Ferries (deleted)", Active=False)
    for number in range(max(4, round(40 * company.scale))):
        people.vendor(foreign=number % 5 == 1)


def _abroad(trade: Trade) -> None:
    """Of every kind of transaction at least one in the foreign currency."""
    customer, vendor = trade.customer(foreign=True), trade.vendor(foreign=True)
    trade.invoice(customer=customer)
    for sell in (trade.estimate, trade.credit_memo, trade.sales_receipt, trade.refund_receipt):
        sell(customer)
    trade.reimburse_charge(customer)
    for buy in (trade.bill, trade.purchase_order, trade.vendor_credit):
        buy(vendor)
    for move in (trade.deposit, trade.transfer, trade.card_payment):
        move(foreign=True)
    trade.journal_entry("charges")


def _rest(trade: Trade, counts: dict[str, int], end: int) -> None:
    """What is no transaction: budgets, attachments, templates; and that something was voided, something deleted."""
    books, store, random = trade.books, trade.store, trade.random
    store.at = end - 40 * times.DAY
    for number in range(2):
        trade.budget(2025 + number)
    for _ in range(max(3, counts["invoice"] // 12)):
        trade.attach()
    for _ in range(3):
        trade.template()
    store.at = end - 20 * times.DAY
    for entity in ("Invoice", "SalesReceipt"):
        for _ in range(max(1, len(store.kinds[entity]) // VOIDED_OF)):
            fits = [one for one in store.all(entity) if not (books.applied[one.key] or books.mutual[one.key])]
            fits = [one for one in fits if one.key not in trade.deposited]
            if len(fits) > FEWEST:
                books.void(random.choice(fits))
    store.at = end - 5 * times.DAY
    for entity in ("TimeActivity", "Transfer", "Purchase"):
        gone = random.choice(list(store.kinds[entity].values()))
        if gone.key not in trade.deposited and trade.spare(gone) and len(store.kinds[entity]) > FEWEST:
            books.delete(gone)
    store.at = end


def _bulk(trade: Trade, count: int, begin: int) -> None:
    """Plain purchases of an import."""
    vendor, chart = trade.vendor(foreign=False), trade.chart
    head = {
        "PaymentType": "Cash",
        "AccountRef": ref(chart.account("Operating Checking")),
        "EntityRef": ref(vendor, type="Vendor") if isinstance(vendor, Record) else None,
        "CurrencyRef": {"value": "USD"},
    }
    account = {"AccountRef": ref(chart.account("Meals")), "BillableStatus": "NotBillable"}
    for number in range(count):
        trade.store.at = begin + number // BULK_PER_SECOND
        amount = Decimal(500 + number % 900) / 100
        line = {
            "Id": "1",
            "Amount": amount,
            "DetailType": "AccountBasedExpenseLineDetail",
            "AccountBasedExpenseLineDetail": account,
        }
        trade.books.add("Purchase", {**head, "TxnDate": trade.today, "TotalAmt": amount, "Line": [line]})
