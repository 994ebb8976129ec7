"""What many need is done once, by the first who asks."""

import pytest

from sandbox.clock import VirtualClock
from shared.once import Once


def test_many_threads_share_what_one_of_them_does(clock: VirtualClock) -> None:
    done: list[float] = []

    def work() -> int:
        clock.sleep(3.0)
        done.append(clock.now())
        return 42

    once, found = Once(work, clock), list[int]()
    threads = [clock.start(lambda: found.append(once()), f"thread {number}") for number in range(5)]
    for thread in threads:
        thread.join()
    assert found == [42] * 5 and len(done) == 1
    assert once() == 42 and len(done) == 1


def test_everybody_learns_of_its_failure(clock: VirtualClock) -> None:
    def work() -> int:
        clock.sleep(1.0)
        raise OSError("broken")

    once, caught = Once(work, clock), list[str]()

    def ask() -> None:
        try:
            once()
        except OSError as error:
            caught.append(str(error))

    for thread in [clock.start(ask, f"thread {number}") for number in range(3)]:
        thread.join()
    assert caught == ["broken"] * 3
    with pytest.raises(OSError, match="broken"):
        once()
