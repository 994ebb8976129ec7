"""The plain ways of paging, over answers that hold their records at one place."""

from typing import Any

import pytest
import requests

from sandbox.clock import VirtualClock
from sandbox.transport import WsgiAdapter
from sandbox.web import Answer, Environ, Request, StartResponse, json_answer, send
from shared.access import Access
from shared.errors import BadPayload
from shared.listings import Listings
from shared.redaction import Secrets
from shared.workers import Desk

ORIGIN = "https://source.test"


class Source:
    """Numbers from 1 to 7, three a page, in each way of paging."""

    def __init__(self, clock: VirtualClock) -> None:
        self.asked: list[str] = []
        self.session = requests.Session()
        self.session.mount(ORIGIN, WsgiAdapter(self, sleep=clock.sleep))

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        request = Request(environ)
        self.asked.append(f"{request.path}?{'&'.join(f'{key}={each}' for key, each in request.query.items())}")
        return send(self.answer(request), environ, start_response)

    def answer(self, request: Request) -> Answer:
        query = request.query
        first = int(query.get("cursor", 0)) or 3 * (int(query.get("page", 1)) - 1)
        found = list(range(1, 8))[first : first + 3]
        after = first + 3
        body: dict[str, Any] = {"result": {"data": found}, "cursor": str(min(after, 7)), "more": after < 7}
        if request.path == "/api/odd":
            return json_answer({"result": {"data": "none"}})
        answer = json_answer(body)
        if request.path == "/api/linked" and after < 7:
            answer.headers["Link"] = f'<{ORIGIN}/api/linked?cursor={after}>; rel="next"'
        return answer


@pytest.fixture
def source(clock: VirtualClock) -> Source:
    return Source(clock)


@pytest.fixture
def listings(clock: VirtualClock, source: Source) -> Listings:
    access = Access({}, Secrets(), clock, Desk(clock), session=source.session)
    return access.listings(f"{ORIGIN}/api", access.retry(), at="result.data")


def test_pages_by_number_end_at_the_first_empty_one(source: Source, listings: Listings) -> None:
    assert [page.records for page in listings.by_number("numbers", kind="all")] == [[1, 2, 3], [4, 5, 6], [7]]
    assert source.asked == [f"/api/numbers?kind=all&page={number}" for number in range(1, 5)]


def test_pages_by_link_are_followed(source: Source, listings: Listings) -> None:
    assert [page.records for page in listings.by_link("linked")] == [[1, 2, 3], [4, 5, 6], [7]]
    assert source.asked == ["/api/linked?", "/api/linked?cursor=3", "/api/linked?cursor=6"]


def test_the_cursor_of_a_page_is_its_position_on_the_last_one_too(source: Source, listings: Listings) -> None:
    pages = list(listings.by_cursor("numbers", cursor="cursor", more="more"))
    assert [(page.records, page.position) for page in pages] == [([1, 2, 3], "3"), ([4, 5, 6], "6"), ([7], "7")]
    assert source.asked == ["/api/numbers?", "/api/numbers?cursor=3", "/api/numbers?cursor=6"]


def test_a_listing_goes_on_after_a_cursor(listings: Listings) -> None:
    assert [page.records for page in listings.by_cursor("numbers", "6", cursor="cursor", more="more")] == [[7]]


def test_an_answer_without_a_list_is_refused(listings: Listings) -> None:
    with pytest.raises(BadPayload, match=r"a list was expected under result\.data"):
        listings.page("odd")
