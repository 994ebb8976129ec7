"""A world can be kept and copied: what happens to one does not happen to the other."""

from copy import deepcopy

from tests.copies import Kept


def test_a_copy_goes_on_where_the_world_was_and_neither_sees_what_happens_to_the_other(world):
    here = world()
    here.sync()
    truth, rows, asked = here.vendor.truth(), deepcopy(here.destination.rows), len(here.requests)
    kept = Kept(here)
    there = kept.copy()
    there.vendor.work(there.random, 40)
    there.sync(full_pass_days="0")
    there.sync(full_pass_days="0")
    assert there.differences() == [] and there.vendor.truth() != truth
    assert (here.vendor.truth(), here.destination.rows, len(here.requests)) == (truth, rows, asked)
    assert here.clock.now() < there.clock.now()
    again = kept.copy()
    for each in (here, again):
        each.vendor.work(each.random, 40)
        each.sync()
    assert [entry.path for entry in again.requests] == [entry.path for entry in here.requests]
    assert again.destination.business_rows() == here.destination.business_rows()
