"""Activities that a search no longer shows, without a stub in their place."""

from tests.copper.account import synced


def test_deleted_activities_that_no_search_shows_are_found_by_the_complete_pass():
    here = synced(scale=0.05, deleted_activities_listed=False)
    here.vendor.work(here.random, 60)
    here.sync()
    here.sync(full_pass_days="0")
    assert here.differences() == []
