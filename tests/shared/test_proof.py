"""Before anything is deleted that a complete listing did not show, the source is asked once more."""

from collections.abc import Iterator, Sequence
from typing import Any

from shared.errors import NotFound, Unavailable
from shared.pages import Failure, Page
from shared.streams import Stream, Task
from tests.destination import Destination
from tests.shared.engine import Source, company, errors, sync, warehouse


def proven(
    source: Source, *, shown: Sequence[dict[str, Any]] = (), unread: str = "", whole: bool = True
) -> list[Stream]:
    """Tasks alone, of which the proof shows some that the listing did not, cannot read something, or proves nothing."""

    def proves(task: Task) -> Iterator[Page]:
        source.ask("proof")
        yield Page(shown)
        if unread:
            yield Page(failures=[Failure(NotFound("nobody knows"), unread)])
        yield Page(whole=whole)

    return [source.task_stream(proves=proves)]


def landed(source: Source) -> Destination:
    destination = warehouse()
    sync(source, destination, proven(source))
    assert "proof" not in source.asked
    return destination


def test_what_the_proof_shows_stays_and_the_rest_is_deleted() -> None:
    source = company()
    destination = landed(source)
    for number in (3, 4):
        source.remove(number, signal=False)
    hidden = source.tasks.pop(5)
    sync(source, destination, proven(source, shown=[hidden]), full_pass_days=0)
    assert source.asked.count("proof") == 1
    source.tasks[5] = hidden
    assert destination.rows["task"] == source.truth()["task"]


def test_what_the_proof_cannot_read_keeps_all_that_has_landed() -> None:
    source = company()
    destination = landed(source)
    before = dict(destination.rows["task"])
    source.remove(3, signal=False)
    sync(source, destination, proven(source, unread="tasks"), full_pass_days=0)
    assert destination.rows["task"] == before and errors(destination) == [("task", "tasks", "not_found")]
    sync(source, destination, proven(source), full_pass_days=0)
    assert destination.rows["task"] == source.truth()["task"] and errors(destination) == []


def test_what_is_not_proven_is_not_deleted_and_no_error() -> None:
    source = company()
    destination = landed(source)
    source.remove(3, signal=False)
    sync(source, destination, proven(source, whole=False), full_pass_days=0)
    assert destination.business("delete") == 0 and errors(destination) == [] and destination.warnings == []


def test_a_proof_that_breaks_off_deletes_nothing() -> None:
    source = company()
    destination = landed(source)
    source.remove(3, signal=False)
    source.fails["proof"] = Unavailable("down")
    sync(source, destination, proven(source), full_pass_days=0)
    assert destination.business("delete") == 0 and errors(destination) == [("task", "", "unavailable")]


def test_where_nothing_would_be_deleted_nobody_is_asked() -> None:
    source = company()
    destination = landed(source)
    source.put(99)
    for days in (0, 7):
        sync(source, destination, proven(source), full_pass_days=days)
        assert "proof" not in source.asked
