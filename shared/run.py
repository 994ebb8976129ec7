"""One sync of a connector, from its settings to its last checkpoint.

A connector's `sync` says what its streams are; everything around them is the same for all:

    def build(run: Run) -> list[Stream]:
        return streams(connect(run.access), run.calls)

"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from shared.access import Access
from shared.clock import HOUR_SECONDS, Clock, SystemClock
from shared.configuration import Configuration, stream_settings
from shared.discovered import Fields, fields_of
from shared.errors import ConfigurationError, StateError, Unauthorized
from shared.herald import AudibleClock, Herald
from shared.journal import Destination
from shared.loop import Log, Loop
from shared.positions import Restore
from shared.redaction import Secrets
from shared.state import checked_state, restored
from shared.streams import Stream
from shared.tally import CURRENT, Tally, current
from shared.transport import Session
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
        secrets: Secrets,
        state: dict[str, Any],
        clock: Clock,
        session: Session | None,
        warn: Callable[[str], None],
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.configuration = configuration
        self.values = declared.read(configuration)
        """The settings, as `Configuration.read` returns them."""
        self.secrets = secrets
        self.state = checked_state(state)
        self._herald = Herald(clock, say, lambda: {"the settings' owner": current()})
        self.clock: Clock = AudibleClock(clock, self._tick)
        self.session = session
        self.warn = warn
        """Tells whoever looks after the connection: main thread only."""
        self.desk = Desk(clock)
        self.access = Access(
            self.values, self.secrets, self.clock, self.desk, self.state, session, persist=self.checkpoint
        )
        """What the client is made of."""
        self.lanes = Lanes(clock, CALLS_AT_ONCE)
        """For the requests that streams send side by side, by what has a pace of its own."""
        self.fields: Fields = {}
        """What the source names of its columns, where it has been asked."""
        self.calls = self.lanes("call")
        """Where there is one pace for all of them."""
        self.loop: Loop | None = None

    @property
    def look_seconds(self) -> float:
        """Between two looks at what the source gives no signal of."""
        seconds: float = self.values["look_hours"] * HOUR_SECONDS
        return seconds

    def position(self, stream: str, restore: Restore) -> Any:
        """What the last sync has saved of how far a stream has come, for what has to be known before it is read;
        `None` where it has saved nothing. Raises `StateError` where that is damaged."""
        saved = self.state["streams"].get(stream, {})
        return restored(saved.get("position"), f"streams.{stream}.position", restore)

    def _tick(self) -> float:
        return self._herald.tick() if self.loop is None else self.loop.tick()

    def checkpoint(self) -> None:
        """Save everything as it is now: main thread only."""
        assert self.loop is not None, "nothing is read yet"
        self.loop.checkpoint()


class Spoken:
    """A destination and a log, where every text that people read leaves without secrets."""

    def __init__(self, destination: Destination, log: Log, secrets: Secrets) -> None:
        self._destination = destination
        self._log = log
        self._secrets = secrets
        self.upsert = destination.upsert
        self.update = destination.update
        self.delete = destination.delete
        self.checkpoint = destination.checkpoint

    def warning(self, message: str) -> None:
        """What whoever looks after the connection should know."""
        self._destination.warning(self._secrets.hide(message))

    def error(self, message: str) -> None:
        """Why the sync fails, and what to do."""
        self._destination.error(self._secrets.hide(message))

    def info(self, message: str) -> None:
        """What is done, for the log."""
        self._log.info(self._secrets.hide(message))


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
        CURRENT.set(Tally())
        secrets = declared.secrets(configuration)
        spoken = Spoken(destination, log, secrets)
        try:
            run = Run(
                declared, configuration, secrets, state, clock or SystemClock(), session, spoken.warning, spoken.info
            )
            for sentence in declared.unknown(configuration):
                spoken.warning(sentence)
            if declared.owner is not None:
                fingerprint = declared.fingerprint(configuration)
                declared.owner.check(
                    run.access, run.state, fingerprint, save=lambda: spoken.checkpoint(run.state), say=spoken.info
                )
            if declared.fields is not None:
                run.fields = fields_of(declared.fields, run.access, run.state, spoken.info)
            run.loop = Loop(
                build(run),
                state=run.state,
                destination=spoken,
                clock=run.clock,
                workers=Workers(run.clock, STREAMS_AT_ONCE, "stream"),
                calls=run.lanes,
                desk=run.desk,
                settings=stream_settings(run.values),
                secrets=run.secrets,
                log=spoken,
            )
            run.loop.run()
        except (ConfigurationError, StateError) as problem:
            spoken.error(str(problem))
        except Unauthorized as refusal:
            spoken.error(str(refusal))

    return run
