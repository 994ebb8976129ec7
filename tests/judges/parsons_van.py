"""Lets Parsons, a public client, read lists and export what has changed.

    python -I parsons_van.py CONFIGURATION SINCE

CONFIGURATION is a connector configuration as JSON. Prints what it found as JSON.
"""

# mypy: ignore-errors

import json
import os
import sys
import warnings

os.environ["TESTING"] = "1"
warnings.simplefilter("ignore")
from parsons.ngpvan import changed_entities, van_connector  # noqa: E402
from parsons.ngpvan.van import VAN  # noqa: E402

settings, since = json.loads(sys.argv[1]), sys.argv[2]
van_connector.URI = settings["base_url"] + "/"
changed_entities.RETRY_RATE = 0
key = {"api_key": settings["password"].partition("|")[0], "db": "EveryAction"}
van = VAN(**key)
van.connection = van_connector.VANConnector(**key, auth_name=settings["username"])


def ids(table, name):
    return sorted(row[name] for row in table)


contacts = van.get_changed_entities("Contacts", since, include_inactive=True, requested_fields=["Email"])
print(
    json.dumps(
        {
            "committee": van.connection.api_key_profile["committeeName"],
            "types": van.get_changed_entity_resources(),
            "fields": ids(van.get_changed_entity_resource_fields("Contacts"), "fieldName"),
            "contacts": ids(contacts, "VanID"),
            "events": ids(van.get_events(), "eventId"),
            "event_types": ids(van.get_event_types(), "eventTypeId"),
            "saved_lists": ids(van.get_saved_lists(), "savedListId"),
            "printed_lists": ids(van.get_printed_lists(), "number"),
            "folders": ids(van.get_folders(), "folderId"),
            "activist_codes": ids(van.get_activist_codes(), "activistCodeId"),
            "codes": ids(van.get_codes(), "codeId"),
            "locations": ids(van.get_locations(), "locationId"),
            "messages": ids(van.get_emails(), "foreignMessageId"),
            "scores": ids(van.get_scores(), "scoreId"),
            "targets": ids(van.get_targets(), "targetId"),
            "groups": ids(van.get_supporter_groups(), "id"),
        }
    )
)
