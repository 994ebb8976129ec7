"""A job is started once, asked about at growing distances, and gone on with by whoever knows its id."""

from itertools import chain, repeat

import pytest

from shared.errors import JobFailed, JobGone, NotFound, TimedOut
from shared.jobs import awaited


class Service:
    """Answers questions about a job one after the other; the last answer for ever."""

    def __init__(self, clock, *answers):
        self.clock = clock
        self.started = []
        self.asked = []
        self._answers = chain(answers, repeat(answers[-1]))

    def start(self):
        self.started.append(self.clock.monotonic())
        return f"job {len(self.started)}"

    def ask(self, job):
        self.asked.append((job, self.clock.monotonic()))
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def awaited(self, **options):
        return awaited(self.start, self.ask, clock=self.clock, **options)


def test_the_id_is_told_before_anything_is_asked_and_after_each_question(clock):
    service = Service(clock, None, None, "done")
    steps = service.awaited()
    assert next(steps) == ("job 1", None) and service.asked == []
    assert list(steps) == [("job 1", None), ("job 1", None), ("job 1", "done")]
    assert len(service.started) == 1


def test_the_time_between_two_questions_grows_up_to_a_minute(clock):
    service = Service(clock, *[None] * 6, "done")
    began = clock.monotonic()
    list(service.awaited())
    moments = [began, *(moment for _, moment in service.asked)]
    waits = [later - earlier for earlier, later in zip(moments, moments[1:], strict=False)]
    assert waits == [5, 10, 20, 40, 60, 60, 60]


def test_a_job_that_was_started_before_is_asked_about_at_once_and_none_is_started(clock):
    service = Service(clock, "done")
    began = clock.monotonic()
    assert list(service.awaited(job="from before")) == [("from before", None), ("from before", "done")]
    assert service.started == [] and service.asked == [("from before", began)]


def test_a_job_that_takes_too_long_is_left_to_the_next_sync(clock):
    service = Service(clock, None)
    began, steps = clock.monotonic(), []
    with pytest.raises(TimedOut, match="the next sync asks again"):
        steps.extend(service.awaited(patience_seconds=600))
    assert 600 <= clock.monotonic() - began <= 660


def test_a_job_that_the_source_gave_up_or_no_longer_knows_is_told(clock):
    with pytest.raises(JobFailed, match="too much"):
        list(Service(clock, None, JobFailed("too much")).awaited())
    with pytest.raises(JobGone, match="from before is gone"):
        list(Service(clock, NotFound("no such job")).awaited(job="from before"))
