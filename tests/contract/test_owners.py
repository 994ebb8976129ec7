"""What has landed is added to only from where it came: another company's settings over the same state end the sync."""

from dataclasses import replace
from importlib import import_module

import pytest

from sandbox.company import Company
from tests.contract.world import CASES
from tests.destination import Stop


def test_every_connector_says_how_to_tell_the_owner():
    assert [source for source, case in CASES.items() if case.settings.owner is None] == []


names_its_owner = pytest.mark.parametrize("case", CASES, indirect=True)
"""Every connector, and not the example: its page says what to do where there is an owner."""


def another_company(here):
    """The same vendor's service for somebody else, with a credential of its own."""
    return here.case.vendor(Company(seed=7, scale=here.scale), now=here.clock.monotonic, seed=7)


@pytest.fixture
def asked(case, monkeypatch):
    """One entry for each time that it was asked whose data it is."""
    module, times = import_module(f"{case.source}.settings"), list[str]()
    owner = module.CONFIGURATION.owner

    def ids(access):
        times.append(case.source)
        return owner.ids(access)

    monkeypatch.setattr(module, "CONFIGURATION", replace(module.CONFIGURATION, owner=replace(owner, ids=ids)))
    return times


@names_its_owner
def test_another_companys_credential_over_the_same_state_ends_the_sync_before_anything_lands(synced):
    here = synced()
    mine, rows, state = here.vendor, here.destination.business_rows(), here.destination.state
    here.vendor = another_company(here)
    with pytest.raises(
        Stop, match="open the .*, but what has landed is of the .*: put back the settings of before, or"
    ):
        here.sync()
    assert here.destination.business_rows() == rows and here.destination.state == state
    here.vendor = mine
    mine.work(here.random, 10)
    here.sync(full_pass_days="0")
    assert here.differences() == []


@names_its_owner
def test_after_a_full_resync_the_other_company_is_the_owner(synced):
    here = synced()
    here.vendor = another_company(here)
    here.destination.state = {}
    here.sync()
    assert here.destination.errors == []
    assert here.destination.state["owner"]["ids"]


@names_its_owner
def test_it_is_asked_only_where_the_settings_have_changed(world, asked):
    here = world()
    here.sync()
    here.sync()
    here.sync(full_pass_days="0", streams="", keep_raw="false")
    assert len(asked) == 1
    here.destination.state["owner"]["fingerprint"] = "of another credential"
    here.sync()
    assert len(asked) == 2 and here.destination.errors == []
    here.sync()
    assert len(asked) == 2


@names_its_owner
def test_a_state_of_before_has_no_owner_and_takes_the_one_it_meets(world, asked):
    here = world()
    here.sync()
    owner = here.destination.state.pop("owner")
    here.sync()
    assert here.destination.state["owner"] == owner
    assert here.differences() == [] and len(asked) == 2
