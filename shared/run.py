"""One sync of a connector, from its settings to its last checkpoint.

A connector's `sync` says what its streams are; everything around them is the same for all:

    def build(run: Run) -> list[Stream]:
        return streams(connect(run.values, clock=run.clock, secrets=run.secrets, session=run.session), run.calls)

    run = runner(CONFIGURATION, build)
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from shared.clock import Clock, SystemClock
from shared.configuration import Configuration, stream_settings
from shared.errors import ConfigurationError, StateError
from shared.http import Session
from shared.journal import Destination
from shared.loop import Log, Loop
from shared.state import checked_state
from shared.streams import Stream
from shared.workers import Desk, Lanes, Workers

STREAMS_AT_ONCE = 4
CALLS_AT_ONCE = 8
"""Together many more than a vendor's rate needs in flight, and few enough to keep their pages in memory."""


class Run:
    """What a connector builds its client and its streams with."""

    def __init__(
        self,
        declared: Configuration,
        configuration: Mapping[str, str],
        state: dict[str, Any],
        clock: Clock,
        session: Session | None,
        warn: Callable[[str], None],
    ) -> None:
        self.configuration = configuration
        self.values = declared.read(configuration)
        """The settings, as `Configuration.read` returns them."""
        self.secrets = declared.secrets(configuration)
        self.state = checked_state(state)
        self.clock = clock
        self.session = session
        self.warn = warn
        """Tells whoever looks after the connection: main thread only."""
        self.desk = Desk(clock)
        self.lanes = Lanes(clock, CALLS_AT_ONCE)
        """For the requests that streams send side by side, by what has a pace of its own."""
        self.calls = self.lanes("call")
        """Where there is one pace for all of them."""
        self.loop: Loop | None = None

    def checkpoint(self) -> None:
        """Save everything as it is now: main thread only."""
        assert self.loop is not None, "nothing is read yet"
        self.loop.checkpoint()


class Runner(Protocol):
    """One sync. What is wrong with the settings or the state ends it, by `Destination.error`."""

    def __call__(
        self,
        configuration: Mapping[str, str],
        state: dict[str, Any],
        destination: Destination,
        log: Log,
        *,
        clock: Clock | None = None,
        session: Session | None = None,
    ) -> None: ...


def runner(declared: Configuration, build: Callable[[Run], Sequence[Stream]]) -> Runner:
    """What a connector's `update` calls."""

    def run(
        configuration: Mapping[str, str],
        state: dict[str, Any],
        destination: Destination,
        log: Log,
        *,
        clock: Clock | None = None,
        session: Session | None = None,
    ) -> None:
        try:
            run = Run(declared, configuration, state, clock or SystemClock(), session, destination.warning)
            for sentence in declared.unknown(configuration):
                destination.warning(sentence)
            run.loop = Loop(
                build(run),
                state=run.state,
                destination=destination,
                clock=run.clock,
                workers=Workers(run.clock, STREAMS_AT_ONCE, "stream"),
                calls=run.lanes,
                desk=run.desk,
                settings=stream_settings(run.values),
                secrets=run.secrets,
                log=log,
            )
            run.loop.run()
        except (ConfigurationError, StateError) as problem:
            destination.error(str(problem))

    return run
