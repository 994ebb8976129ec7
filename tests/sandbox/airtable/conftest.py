"""A simulated Airtable with two linked tables, and somebody who asks it one request at a time."""

from typing import Any

import pytest
import requests

from sandbox.airtable import Airtable
from sandbox.airtable.options import Options
from sandbox.airtable.tables import Table
from sandbox.company import Company
from sandbox.transport import WsgiAdapter

ORIGIN = "https://airtable.test"
PACE_SECONDS = 0.25
CLIENT_FIELDS: list[dict[str, Any]] = [
    {"name": "Name", "type": "singleLineText"},
    {"name": "Key", "type": "singleLineText"},
    {"name": "Balance", "type": "currency", "options": {"precision": 2, "symbol": "$"}},
    {"name": "Since", "type": "date", "options": {"dateFormat": {"name": "iso"}}},
    {
        "name": "Seen",
        "type": "dateTime",
        "options": {"timeZone": "utc", "dateFormat": {"name": "iso"}, "timeFormat": {"name": "24hour"}},
    },
    {"name": "Active", "type": "checkbox", "options": {"icon": "check", "color": "greenBright"}},
    {"name": "Status", "type": "singleSelect", "options": {"choices": [{"name": "Open"}, {"name": "Won"}]}},
    {"name": "Tags", "type": "multipleSelects", "options": {"choices": [{"name": "a"}, {"name": "b"}]}},
    {"name": "Mail", "type": "email"},
]


class Asker:
    """Waits a quarter of a second before each request, as a well-behaved client does."""

    def __init__(self) -> None:
        self.time = 1_790_000_000.0
        self.options = Options()
        self.vendor = Airtable(Company(1, 0.05), lambda: self.time, options=self.options)
        self.base = self.vendor.store.base_id
        self.pace = PACE_SECONDS
        self.session = requests.Session()
        self.session.mount(ORIGIN, WsgiAdapter(self.vendor.wsgi))
        self.session.headers["Authorization"] = f"Bearer {self.vendor.token}"

    def ask(self, method: str, path: str, json: Any = None, **options: Any) -> requests.Response:
        """`path` is below the version; `{base}` stands for the base."""
        self.time += self.pace
        url = f"{ORIGIN}/v0/{path.format(base=self.base)}"
        return self.session.request(method, url, json=json, **options)

    def got(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        answer = self.ask(method, path, json, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, json: Any = None, **options: Any) -> tuple[int, Any]:
        """Status and error type."""
        answer = self.ask(method, path, json, **options)
        assert answer.status_code != 200, answer.text
        payload = answer.json()
        error = payload["error"] if "error" in payload else {"type": payload["errors"][0]["error"]}
        return answer.status_code, error["type"] if isinstance(error, dict) else error

    def write(self, *cells: dict[str, Any], table: str = "Clients", **body: Any) -> Any:
        return self.got("POST", f"{{base}}/{table}", {"records": [{"fields": one} for one in cells], **body})["records"]

    def upsert(self, *records: dict[str, Any], on: tuple[str, ...] = ("Key",)) -> requests.Response:
        body = {"performUpsert": {"fieldsToMergeOn": list(on)}, "records": list(records)}
        return self.ask("PATCH", "{base}/Clients", body)

    def table(self, name: str = "Clients") -> Table:
        found = self.vendor.store.table(name)
        assert found is not None
        return found

    def rows(self, name: str = "Clients") -> list[dict[str, Any]]:
        return self.vendor.truth()[name]


@pytest.fixture
def airtable() -> Asker:
    asker = Asker()
    clients = asker.got("POST", "meta/bases/{base}/tables", {"name": "Clients", "fields": CLIENT_FIELDS})
    asker.got(
        "POST",
        "meta/bases/{base}/tables",
        {
            "name": "Deals",
            "fields": [
                {"name": "Name", "type": "singleLineText"},
                {"name": "Client", "type": "multipleRecordLinks", "options": {"linkedTableId": clients["id"]}},
            ],
        },
    )
    return asker
