"""A state that an earlier release wrote is read, and gone on from.

`released/<source>.json` holds states of release 1.0.0, as its connectors left them after syncs of the company of
`World(seed=1, scale=0.02)`: complete ones, and some of a first sync that was killed on its way.
"""

import json
from pathlib import Path

import pytest

from tests.contract.world import CASES
from tests.depth import prove

RELEASED = Path(__file__).parent / "released"
SOURCES = sorted(file.stem for file in RELEASED.glob("*.json"))
MOMENTS = ("complete", "later", "begun, 35 %", prove("begun, 20 %"), prove("begun, 50 %"))


@pytest.fixture(params=SOURCES, scope="session")
def case(request):
    """One connector that was there in that release."""
    return CASES[request.param]


def released(source, moment):
    """The state that the earlier release left at this moment."""
    return json.loads((RELEASED / f"{source}.json").read_text())[moment]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_sync_goes_on_from_the_state_of_an_earlier_release(synced, case, moment):
    here = synced()
    if moment == "later":
        here.vendor.work(here.random, 20)
        here.sync(look_hours="0")  # As the release that wrote that state did at every sync.
    here.destination.state = released(case.source, moment)
    here.sync()
    here.vendor.work(here.random, 20)
    here.sync(full_pass_days="0")
    assert here.differences() == []


def test_what_an_earlier_release_remembers_is_not_sent_again_but_for_tables_that_have_grown(synced, case):
    here = synced()
    here.destination.state = released(case.source, "complete")
    here.sync(full_pass_days="0")
    grown = {name for table in case.grown for name in here.family(table)}
    assert {table for table, count in here.destination.counts.items() if count.total()} - grown <= {"sync_metadata"}
    here.sync(full_pass_days="0")
    assert here.destination.business() == 0
