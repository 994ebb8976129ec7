"""The one page, and listings made of it."""

from collections.abc import Iterator

import pytest

from shared.pages import Page, listed


def test_a_page_moves_no_position_unless_it_says_so() -> None:
    page = Page([1])
    assert page.position is None and not page.whole and page.partition == ""


@pytest.mark.parametrize(
    ("page", "ends"),
    [
        (Page([1]), False),
        (Page(), True),
        (Page([1], last=True), True),
        (Page(last=False), False),
        (Page([1], last=False), False),
    ],
)
def test_a_page_ends_its_listing_where_it_says_so_or_has_nothing_to_say(page: Page, ends: bool) -> None:
    assert page.ends is ends


def test_a_listing_without_a_gap_is_whole_at_its_end() -> None:
    assert list(listed([Page([1, 2]), Page([3])])) == [Page([1, 2]), Page([3]), Page(whole=True)]


def test_an_empty_listing_is_whole_too() -> None:
    assert list(listed([])) == [Page(whole=True)]


def test_a_listing_that_breaks_off_is_not_whole() -> None:
    def parts() -> Iterator[Page]:
        yield Page([1])
        raise ConnectionError

    pages = listed(parts())
    assert next(pages) == Page([1])
    with pytest.raises(ConnectionError):
        next(pages)
