"""Progress follows what has landed: what was kept away from a stream is due until it has come."""

from tests.contract.world import streams_of


def test_an_earlier_start_date_brings_with_the_next_sync_what_became_visible(world, case):
    here = world()
    changed = sorted(
        row[case.change_time] for rows in here.vendor.truth().values() for row in rows if row.get(case.change_time)
    )
    later = changed[len(changed) * 2 // 3][:10]
    here.sync(start_date=later)
    assert here.differences()
    here.sync(start_date=changed[len(changed) // 3][:10])
    here.sync()
    assert here.differences() == []
    here.sync(start_date=later, full_pass_days="0")
    assert here.differences() == []


def test_a_stream_that_is_taken_in_again_is_as_if_it_had_never_been_away(world, case):
    streams = {stream.name for stream in streams_of(case) if stream.parents and not stream.opt_in}
    below = sorted(streams - case.not_compared)
    found = []
    for left_out in ("", ", ".join(f"-{name}" for name in below)):
        here = world()
        here.sync()
        here.vendor.work(here.random, 40)
        here.sync(streams=left_out)
        here.sync()
        found.append(set(here.differences(*below)) if below else set())
    always, away = found
    assert away <= always
