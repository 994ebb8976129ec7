"""What never lands."""

import json
from typing import Any

from shared.journal import schemas
from tests.destination import Destination
from tests.pandadoc.account import OPTIONAL, account


def secrets_in(body: Any) -> set[str]:
    """What the simulator sends that may open something."""
    found = set[str]()
    if isinstance(body, list):
        found = {each for inner in body for each in secrets_in(inner)}
    elif isinstance(body, dict):
        for key, value in body.items():
            if key in ("shared_link", "passcode", "shared_key", "signature", "request_body", "response_body"):
                found |= {value} if isinstance(value, str) and value else set()
            elif key == "value" and isinstance(value, dict) and value.get("url"):
                found.add(value["url"])
            else:
                found |= secrets_in(value)
    return found


def test_what_opens_documents_is_sent_by_the_source_and_never_lands_not_even_raw() -> None:
    here = account(scale=0.3, settings={"keep_raw": "true", "streams": ",".join([*OPTIONAL, "api_log"])})
    here.destination = Destination(schemas(here.case.tables, {"keep_raw": "true"}))
    sent = set[str]()

    def read(answer: Any, request: Any) -> None:
        if answer.status == 200 and "oauth2" not in request.path:
            sent.update(secrets_in(json.loads(answer.body)))

    here.change("", read)
    here.change_body(
        r"/templates/[^/]+/details", lambda body: {**body, "unknown": {"shared_link": "https://canary.example"}}
    )
    sent.add("https://canary.example")
    here.sync()
    written = json.dumps(
        [{str(key): row for key, row in rows.items()} for rows in here.destination.rows.values()], default=str
    ) + json.dumps(here.destination.state)
    assert len(sent) > 50
    assert [each for each in sent if each in written] == []
    assert all("raw" in row for (_,), row in here.destination.rows["document"].items())
