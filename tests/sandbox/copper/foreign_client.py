"""A client as others have written it, on the standard library alone: reads one collection, prints the ids.

    python foreign_client.py BASE_URL API_KEY E-MAIL COLLECTION [SORT]

It pages as most public clients do: the number of pages comes from `X-PW-Total` of the first one.
"""

import json
import math
import sys
from urllib.request import Request, urlopen

PAGE_SIZE = 200


def main(base: str, key: str, address: str, collection: str, sort: str | None = None) -> None:
    headers = {
        "X-PW-AccessToken": key,
        "X-PW-Application": "developer_api",
        "X-PW-UserEmail": address,
        "Content-Type": "application/json",
    }
    page, pages, ids = 1, 1, []
    while page <= pages:
        body = {"page_number": page, "page_size": PAGE_SIZE, **({"sort_by": sort} if sort else {})}
        request = Request(f"{base}/{collection}/search", json.dumps(body).encode(), headers, method="POST")
        with urlopen(request, timeout=30) as answer:
            if page == 1:
                pages = math.ceil(int(answer.headers["X-Pw-Total"]) / PAGE_SIZE)
            ids += [row["id"] for row in json.load(answer)]
        page += 1
    print(json.dumps(ids))


main(*sys.argv[1:])
