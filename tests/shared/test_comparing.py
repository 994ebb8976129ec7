"""What is missing from a listing is gone, unless it may be elsewhere, or is so much that it is looked for once more."""

from collections.abc import Iterable

import pytest

from shared.comparing import GUARDED_ROWS, GUARDED_SHARE, Comparison
from shared.landed import Entry, Landed
from shared.state import SavedStream


def landed(*parts: tuple[str, Iterable[int]]) -> Landed:
    """Records that have landed, by the part that they were listed in."""
    memory = Landed()
    for partition, numbers in parts:
        for number in numbers:
            memory.put(str(number), Entry(None, (), partition))
    return memory


def comparison(memory: Landed, seen: Iterable[int] = (), before: Comparison | None = None) -> Comparison:
    """A whole listing with these records in it, after another one."""
    saved = SavedStream(doubted=before.doubted.encoded()) if before else SavedStream()
    made = Comparison(memory, saved)
    for number in seen:
        made.see(str(number))
    made.visit("", whole=True)
    return made


def test_what_a_whole_listing_does_not_show_vanished() -> None:
    made = comparison(landed(("", range(5))), seen=[0, 1, 3])
    assert made.vanished(complete=True, sound=True, has_parent=None) == ["2", "4"]
    assert not made.skipped


def test_nothing_is_compared_where_nothing_has_landed_before() -> None:
    memory = landed()
    made = comparison(memory)
    memory.put("7", Entry(None))
    assert made.vanished(complete=True, sound=True, has_parent=None) is None


def test_of_changes_alone_nothing_can_be_told() -> None:
    made = Comparison(landed(("", range(5))), SavedStream())
    made.visit("", whole=False)
    assert made.vanished(complete=False, sound=True, has_parent=None) is None and made.skipped


def test_a_part_is_compared_by_itself_unless_it_is_blemished() -> None:
    made = Comparison(landed(("a", [1, 2]), ("b", [3, 4]), ("c", [5])), SavedStream())
    for number in (1, 3):
        made.see(str(number))
    made.visit("a", whole=True)
    made.visit("b", whole=True)
    made.blemish("b")
    assert made.vanished(complete=False, sound=True, has_parent=None) == ["2"]
    assert made.unblemished == {"a"}


@pytest.mark.parametrize(("complete", "sound", "gone"), [(True, True, ["5"]), (True, False, []), (False, True, [])])
def test_a_part_that_was_not_there_is_gone_only_if_these_are_all(complete: bool, sound: bool, gone: list[str]) -> None:
    made = Comparison(landed(("a", [1]), ("c", [5])), SavedStream())
    made.see("1")
    made.visit("a", whole=True)
    assert made.vanished(complete=complete, sound=sound, has_parent=None) == gone


def test_a_part_goes_with_the_record_that_names_it() -> None:
    made = Comparison(landed(("a", [1]), ("c", [5])), SavedStream())
    assert made.vanished(complete=False, sound=False, has_parent=lambda partition: partition == "a") == ["5"]


def test_a_little_is_believed_at_once() -> None:
    memory = landed(("", range(GUARDED_ROWS * 2)))  # Half of it, not more.
    verdict = comparison(memory).judge([str(number) for number in range(GUARDED_ROWS)], others_doubt=False)
    assert len(verdict.gone) == GUARDED_ROWS and verdict.kept == 0


@pytest.mark.parametrize(("there_were", "vanished", "kept"), [(11, 6, 6), (116, 60, 60), (12, 6, 0), (10, 10, 0)])
def test_most_of_a_small_table_is_doubted_too(there_were: int, vanished: int, kept: int) -> None:
    made = comparison(landed(("", range(there_were))))
    missing = [str(number) for number in range(vanished)]
    verdict = made.judge(missing, others_doubt=False)
    assert (verdict.kept, len(verdict.gone)) == (kept, vanished - kept)


def test_most_of_a_small_table_is_not_withheld_because_others_doubt() -> None:
    memory = landed(("", range(50)))
    missing = [str(number) for number in range(40)]
    first = comparison(memory)
    assert first.judge(missing, others_doubt=True).kept == 40 and not first.withheld
    second = comparison(memory, before=first)
    assert second.judge(missing, others_doubt=True).gone == missing


def test_a_small_share_is_believed_at_once() -> None:
    few = GUARDED_ROWS + 1
    memory = landed(("", range(int(few / GUARDED_SHARE))))
    verdict = comparison(memory).judge([str(number) for number in range(few)], others_doubt=False)
    assert len(verdict.gone) == few


def test_much_is_doubted_until_the_next_comparison_agrees() -> None:
    memory = landed(("", range(500)))
    missing = [str(number) for number in range(200)]
    first = comparison(memory)
    verdict = first.judge(missing, others_doubt=False)
    assert verdict.gone == [] and "task: 200 of 500 rows are no longer in the source" in verdict.sentence("task")
    assert len(first.doubted) == 200 and not first.withheld
    second = comparison(memory, before=first)
    verdict = second.judge(missing[:150], others_doubt=False)
    assert verdict.gone == missing[:150] and verdict.kept == 0 and len(second.doubted) == 0


def test_what_only_the_second_comparison_misses_is_doubted_anew() -> None:
    memory = landed(("", range(500)))
    first = comparison(memory)
    first.judge([str(number) for number in range(200)], others_doubt=False)
    second = comparison(memory, before=first)
    verdict = second.judge([str(number) for number in range(100, 400)], others_doubt=False)
    assert verdict.gone == [str(number) for number in range(100, 200)]
    assert sorted(int(identity) for identity, _ in second.doubted.items()) == list(range(200, 400))


def test_much_is_withheld_for_as_long_as_others_lose_much_too() -> None:
    memory = landed(("", range(500)))
    missing = [str(number) for number in range(200)]
    before = None
    for _ in range(3):
        before = comparison(memory, before=before)
        verdict = before.judge(missing, others_doubt=True)
        assert verdict.gone == () and "may see less than before" in verdict.sentence("task")
        assert before.withheld and len(before.doubted) == 200
    last = comparison(memory, before=before)
    assert last.judge(missing, others_doubt=False).gone == missing and not last.withheld
