"""Lets everyaction-client, a public client, read lists and export what has changed.

    python -I everyaction_client.py CONFIGURATION SINCE

CONFIGURATION is a connector configuration as JSON. Prints what it found as JSON. Of a list it can read the first page
only: the address of the next one it puts behind its own.
"""

# mypy: ignore-errors

import json
import sys

from everyaction.exception import EAHTTPException

from everyaction import EAClient

settings, since = json.loads(sys.argv[1]), sys.argv[2]
client = EAClient(settings["username"], settings["password"], endpoint=settings["base_url"])
client.changed_entities._WAIT_INTERVAL = 0
asked = {"include_inactive": True, "dateChangedFrom": since, "fileSizeKbLimit": 1_000}
changed = {
    type: client.changed_entities.changes(resourceType=type, **asked)
    for type in ("Contacts", "ContactsActivistCodes", "RecurringContributions")
}
try:
    client.people.list()
except EAHTTPException as error:
    refused = error.errors[0].code
events = client.events.list(expand="shifts,roles,locations,codes", limit=50)
print(
    json.dumps(
        {
            "types": client.changed_entities.resources(),
            "change_types": [each["changeTypeName"] for each in client.changed_entities.change_types("Contacts")],
            "fields": [each["fieldName"] for each in client.changed_entities.fields("Contacts")],
            "changed": {type: sorted(next(iter(row.values())) for row in rows) for type, rows in changed.items()},
            "codes": sorted(each.id for each in client.codes.list(limit=50)),
            "events": sorted(each.id for each in events),
            "shifts": sum(len(each.shifts) for each in events),
            "custom_fields": sorted(each.id for each in client.custom_fields.list()),
            "batches": len(client.financial_batches.list()),
            "signups": len(client.signups.list(eventId=events[0].id, limit=50)),
            "refused": refused,
        }
    )
)
