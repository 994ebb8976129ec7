"""The real clock keeps the interface that the virtual one plays."""

import threading

from sandbox.clock import VirtualClock
from shared.clock import Clock, SystemClock


def test_the_system_clock_runs_a_thread_and_joins_it() -> None:
    ran: list[str] = []
    thread = SystemClock().start(lambda: ran.append(threading.current_thread().name), "reader")
    thread.join(5.0)
    assert ran == ["reader"]


def test_a_thread_of_the_system_clock_does_not_keep_the_process_alive() -> None:
    daemons: list[bool] = []
    SystemClock().start(lambda: daemons.append(threading.current_thread().daemon), "reader").join(5.0)
    assert daemons == [True]


def test_the_system_clock_never_runs_backwards() -> None:
    clock = SystemClock()
    times = [clock.monotonic() for _ in range(100)]
    assert times == sorted(times)


def test_a_condition_of_the_system_clock_waits_for_another_thread() -> None:
    clock, said = SystemClock(), list[str]()
    condition = clock.condition()

    def say() -> None:
        with condition:
            said.append("done")
            condition.notify_all()

    with condition:
        thread = clock.start(say, "speaker")
        condition.wait_for(lambda: bool(said))
    thread.join(5.0)
    assert said == ["done"]


def test_both_clocks_have_every_method_of_the_interface() -> None:
    methods = {name for name in vars(Clock) if not name.startswith("_")}
    assert methods == {"now", "monotonic", "sleep", "condition", "start"}
    for clock in (SystemClock(), VirtualClock()):
        assert all(callable(getattr(clock, name)) for name in methods)
