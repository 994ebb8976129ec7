"""Progress follows what has landed: what was kept away from a stream is due until it has come."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import StateError
from shared.progress import positions
from shared.state import SavedStream
from tests.contract.world import streams_of

TIME = re.compile(r"\d{4}-\d\d-\d\d")


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


def test_a_stream_that_is_taken_in_again_is_as_if_it_had_never_been_away(synced, case):
    streams = {stream.name for stream in streams_of(case) if stream.parents and not stream.opt_in}
    below = sorted(streams - case.not_compared)
    found = []
    for left_out in ("", ", ".join(f"-{name}" for name in below)):
        here = synced()
        here.vendor.work(here.random, 40)
        here.sync(streams=left_out)
        here.sync()
        found.append(set(here.differences(*below)) if below else set())
    always, away = found
    assert away <= always


def test_a_position_with_a_time_that_is_none_is_refused_by_name_before_anything_is_asked(synced, case):
    here = synced()
    streams = {stream.name: stream for stream in streams_of(case)}
    damaged = [
        (name, replace(SavedStream.read(form), position=position))
        for name, form in here.destination.state["streams"].items()
        for position in without_a_time(form.get("position"))
    ]
    for name, saved in damaged:
        with pytest.raises(StateError, match=f"streams.{name}.position"):
            positions(streams[name], saved)


def without_a_time(saved: Any) -> Iterator[Any]:
    """A saved position, each time with something else in place of one of its times."""
    if isinstance(saved, str) and TIME.match(saved):
        yield "once upon a time"
    if isinstance(saved, dict):
        for key, inner in saved.items():
            yield from ({**saved, key: changed} for changed in without_a_time(inner))
