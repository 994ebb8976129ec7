"""Lets the vendor's own client (python-quickbooks on intuit-oauth) authenticate, query and ask for changes.

    python -I vendor_client.py ORIGIN CONFIGURATION SINCE

CONFIGURATION is a connector configuration as JSON. Prints what it found as JSON. A process of its own is needed because
the package is called `quickbooks`, as the connector's folder is.
"""

# mypy: ignore-errors

import json
import sys

from intuitlib.client import AuthClient
from intuitlib.exceptions import AuthClientError
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import QuickbooksException
from quickbooks.objects.account import Account
from quickbooks.objects.bill import Bill
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.customer import Customer
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.journalentry import JournalEntry
from quickbooks.objects.payment import Payment
from quickbooks.objects.transfer import Transfer

from quickbooks import QuickBooks

PAGE = 100


def everything(kind, client):
    """Every active object of a kind, page by page."""
    found = []
    order = {"order_by": "MetaData.LastUpdatedTime", "max_results": PAGE}
    while page := kind.all(start_position=len(found) + 1, qb=client, **order):
        found += page
    return found


def main(origin, configuration, since):
    settings = json.loads(configuration)
    oauth = AuthClient(
        settings["client_id"],
        settings["client_secret"],
        "https://client.example/callback",
        f"{origin}/.well-known/openid_configuration",
    )
    QuickBooks.api_url_v3 = f"{origin}/v3"
    client = QuickBooks(
        auth_client=oauth, refresh_token=settings["refresh_token"], company_id=settings["realm_id"], minorversion=75
    )
    found = {"refresh_token": oauth.refresh_token, "expires_in": oauth.expires_in}
    found["ids"] = {
        kind.qbo_object_name: sorted(one.Id for one in everything(kind, client))
        for kind in (Account, Customer, Invoice, Bill, Payment, JournalEntry, Transfer)
    }
    found["count"] = Customer.count(qb=client)
    found["company"] = CompanyInfo.get(settings["realm_id"], qb=client).CompanyName
    invoice = Invoice.get(found["ids"]["Invoice"][0], qb=client)
    found["total"] = [str(invoice.TotalAmt), len(invoice.Line)]
    name = Customer.get(found["ids"]["Customer"][0], qb=client).DisplayName
    found["by_name"] = [one.Id for one in Customer.filter(DisplayName=name, qb=client)]
    changed = change_data_capture([Invoice, Transfer, Payment], since, qb=client)
    found["changed"] = {
        kind: {one.Id: getattr(one, "status", None) for one in getattr(changed, kind)._object_list}
        for kind in ("Invoice", "Transfer", "Payment")
        if hasattr(changed, kind)
    }
    found["refused"] = refusal(lambda: Customer.query("SELECT * FROM Customer MAXRESULTS 1001", qb=client))
    oauth.refresh_token = "RT1-wrong"
    found["wrong_token"] = refusal(oauth.refresh)
    print(json.dumps(found))


def refusal(call):
    try:
        call()
    except QuickbooksException as error:
        return [type(error).__name__, error.error_code]
    except AuthClientError as error:
        return [type(error).__name__, error.status_code]
    return None


main(*sys.argv[1:])
