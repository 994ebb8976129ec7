"""A vendor with very many Copper people, made up while they are asked for."""

import json
import sys
from types import SimpleNamespace
from typing import Any

from sandbox.server import Server
from sandbox.web import Environ, Request, StartResponse, json_answer, send

PAGE_SIZE = 200
FIRST_SECOND = 1_600_000_000
BETWEEN_SECONDS = 700
"""From one person's change to the next: longer than searches lag behind, so that each page is asked for once."""
KINDS = ("Dropdown", "MultiSelect", "Date", "Checkbox", "Float")
ACCOUNT = {"id": 1, "name": "Lanternfish", "primary_timezone": "America/New_York", "settings": {}}


def serve_all() -> None:
    """Serve so many people until the standard input ends."""
    count, lists = int(sys.argv[1]), sys.argv[2] == "lists"
    definitions = [
        {"id": number, "name": f"Field {number}", "data_type": kind, "options": [], "available_on": ["person"]}
        for number, kind in enumerate(KINDS)
    ]

    def application(environ: Environ, start_response: StartResponse) -> Any:
        request = Request(environ)
        answer: Any = {"/account": ACCOUNT, "/custom_field_definitions": definitions}.get(request.path)
        if answer is None:
            asked = json.loads(request.body)
            newest = asked.get("sort_direction") == "desc"
            lower = max(0, asked.get("minimum_modified_date", 0) - FIRST_SECOND)
            first = count - 1 if newest else -(-lower // BETWEEN_SECONDS)
            first += (asked.get("page_number", 1) - 1) * asked["page_size"]
            last = min(count, first + asked["page_size"])
            answer = [person(number, lists=lists) for number in range(first, last)]
        return send(json_answer(answer, X_PW_TOTAL=str(count)), environ, start_response)

    vendor: Any = SimpleNamespace(wsgi=application, hands_out_files=False)
    with Server(vendor, port=0) as server:
        print(server.origin, flush=True)
        sys.stdin.read()


def person(number: int, *, lists: bool) -> dict[str, Any]:
    """Each was changed in a second of its own."""
    word, second = f"{number * 7_919 % 1_000_003:06d}", FIRST_SECOND + number * BETWEEN_SECONDS
    several: dict[str, list[Any]] = {
        "emails": [{"email": f"{word}.{each}@mail.example", "category": "work"} for each in "ab"],
        "phone_numbers": [{"number": f"+1 410 {word} {each}", "category": "mobile"} for each in range(2)],
        "socials": [{"url": f"https://social.example/{word}/{each}", "category": "linkedin"} for each in range(2)],
        "websites": [{"url": f"https://{word}.example/", "category": None}],
        "tags": ["press", "vip", "partner", "beta"][number % 2 :],
        "custom_fields": [
            {"custom_field_definition_id": place, "value": value}
            for place, value in enumerate((610_003, [610_007, 610_008], 1_622_174_400, number % 3 == 0, number / 8))
        ],
    }
    return {
        "id": 52_000_000 + number,
        "name": f"Maeve Lindqvale {word}",
        "prefix": "Dr.",
        "first_name": "Maeve",
        "middle_name": "Zelda",
        "last_name": f"Lindqvale {word}",
        "suffix": None,
        "address": {
            "street": f"{number} Old Post Way",
            "city": "Orin",
            "state": "",
            "postal_code": word,
            "country": "US",
        },
        "assignee_id": 610_000 + number % 20,
        "company_id": 52_000_000 + number % 5_000,
        "company_name": "Hartley Roofing GmbH",
        "contact_type_id": 610_004,
        "details": f"Met at the fair, wants a quote for {number} pieces",
        "title": "Support Agent",
        **(several if lists else dict.fromkeys(several, [])),
        "date_created": second - 86_400,
        "date_modified": second,
        "date_last_contacted": second - 3_600,
        "interaction_count": number % 50,
        "leads_converted_from": [],
        "date_lead_created": None,
    }
