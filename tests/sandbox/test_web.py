"""Requests as a simulated vendor, its ledger and its faults see them."""

import json
from io import BytesIO
from typing import Any

from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.web import Answer, Application, Environ, Request, collect, described, json_answer, send

SEARCH = {"page": 2, "filter": [{"id": 7}], "name": "a b"}


def asked(application: Application, body: bytes, query: str = "take=5") -> Answer:
    environ: Environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/search",
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    return collect(application, environ)


def vendor(environ: Environ, start_response: Any) -> Any:
    request = Request(environ)
    return send(json_answer([request.as_sent.query, json.loads(request.body or b"null")]), environ, start_response)


def test_a_posted_search_is_found_by_its_body_in_the_ledger_and_by_faults() -> None:
    ledger, faults = Ledger(lambda: 0.0), Faults()
    faults.break_path(r"page=2&take=6|take=6&.*page=2")
    application = described(ledger.wrap(faults.wrap(vendor)))
    assert asked(application, json.dumps(SEARCH).encode()).status == 200
    assert asked(application, json.dumps(SEARCH).encode(), "take=6").status == 500
    assert asked(application, b"{}", "take=6").status == 200
    assert ledger.entries[0].path == "/search?take=5&filter=%5B%7B%22id%22%3A+7%7D%5D&name=a+b&page=2"


def test_the_vendor_still_gets_query_and_body_as_they_were_sent() -> None:
    assert json.loads(asked(described(vendor), json.dumps(SEARCH).encode()).body) == [{"take": "5"}, SEARCH]
    assert json.loads(asked(described(vendor), b"").body) == [{"take": "5"}, None]
    for body in (b"[1]", b"{\xff", b"no json"):
        assert asked(described(Ledger(lambda: 0.0).wrap(lambda *call: send(Answer(204), *call))), body).status == 204
