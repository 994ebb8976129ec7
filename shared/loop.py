"""The one loop: in which order streams are read, and how a sync ends. `plan` says which are due, `checkpoints` saves.

    Loop(streams, state=state, destination=operations, …).run()

Streams are read side by side on worker threads. Rows, deletes, checkpoints and tokens are the main
thread's alone, so a checkpoint always says exactly what has landed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, Protocol

from shared.allocation import give_back_large_blocks, look_for_circles_seldom
from shared.checkpoints import Checkpoints
from shared.clock import Clock
from shared.comparing import doubts_much
from shared.errors import Exhausted, ServiceDown, Unauthorized
from shared.gathered import GatheredTables
from shared.herald import Herald
from shared.journal import Destination, Journal
from shared.order import Order, Sync
from shared.plan import Plan
from shared.progress import positions
from shared.reading import Read, Reading
from shared.redaction import Secrets
from shared.state import FURTHER_ERRORS, SavedStream
from shared.streams import Settings, Stream
from shared.tally import Tally, current
from shared.workers import Desk, Lanes, Workers


class Log(Protocol):
    """The part of the SDK's log that the engine uses."""

    def info(self, message: str) -> None: ...


class Loop:
    """One sync of one connection."""

    def __init__(
        self,
        streams: Sequence[Stream],
        *,
        state: dict[str, Any],
        destination: Destination,
        clock: Clock,
        workers: Workers,
        desk: Desk,
        settings: Settings,
        secrets: Secrets,
        log: Log,
        calls: Lanes | None = None,
    ) -> None:
        """`state` must be `checked_state`; it is kept up to date. Raises `ConfigurationError` for a stream
        that is asked for and does not exist, and `StateError` for a position that is damaged."""
        self._streams = {
            stream.name: replace(stream, table=stream.table.with_raw(also=settings.keep_raw)) for stream in streams
        }
        self._clock = clock
        self._workers = workers
        self._calls = calls
        self._desk = desk
        self._log = log
        gathered = GatheredTables(self._streams.values(), state["pooled"], destination)
        journal = Journal(destination, state["errors"], self._now, secrets, state.get(FURTHER_ERRORS))
        self._sync = Sync(destination, journal, gathered, settings)
        saved = {name: SavedStream.read(form) for name, form in state["streams"].items()}
        self._doubting = {name for name, each in saved.items() if doubts_much(each)}
        self._under_way: dict[int, tuple[Iterator[Read], Reading]] = {}
        self._proofs: list[tuple[Iterator[Read], Reading]] = []
        for name, stream in self._streams.items():
            positions(stream, saved.get(name, SavedStream()))  # A damaged one is told before anything is read.
        self._plan = Plan(self._streams, settings, state, saved, clock)
        self._plan.take_in()
        self._waiting = self._plan.due()
        self._parents = {name: self._streams[name].parents for name in self._waiting}
        self._checkpoints = Checkpoints(state, saved, self._parents, self._sync, clock)
        self._down: ServiceDown | None = None
        self._herald = Herald(clock, log.info, self._tallies)
        desk.on_errand = workers.wake

    def run(self) -> None:
        """Read and land every stream that is due, and checkpoint.

        Ends early, after a checkpoint, when the credential is rejected (`Destination.error`) or the whole
        source is down (a warning). A sync that asked and was answered nothing has failed, too.
        """
        give_back_large_blocks()
        look_for_circles_seldom()
        self._plan.leave_out(self._sync.journal)
        refusal = self._read()
        self.checkpoint()
        if refusal is not None:
            self._sync.destination.error(str(refusal))
        elif self._read_nothing and not isinstance(self._down, Exhausted):
            self._sync.destination.error(
                "Nothing could be read in this sync. What was read before stays as it is, and the next sync goes on "
                f"from there. The first of what went wrong: {self._sync.journal.first}"
            )
        elif self._down is not None:
            why = self._down.message if isinstance(self._down, Exhausted) else "The source failed again and again"
            self._sync.destination.warning(
                f"{why}. So this sync ended early. What was read is saved; the next sync goes on from there."
            )

    def checkpoint(self) -> None:
        """Save how far everything has come. On the main thread, between pages."""
        self._checkpoints.save()

    def tick(self) -> float:
        """Say what is waited for where it is time; answers the seconds until it is time again. On the main thread."""
        return self._herald.tick()

    def _tallies(self) -> dict[str, Tally]:
        return {reading.stream.name: reading.tally for _, reading in self._under_way.values()}

    @property
    def _read_nothing(self) -> bool:
        """Something was asked, and no request brought what it should."""
        tallies = [reading.tally for reading in self._checkpoints.readings.values()]
        before = current().answers  # Whoever sets a sync up may have been answered.
        return any(tally.requests for tally in tallies) and not any([before, *(tally.answers for tally in tallies)])

    def _read(self) -> Unauthorized | None:
        try:
            for outcome in self._workers.interleave(self._next, self._desk, self.tick):
                self.tick()
                generator, reading = self._under_way[id(outcome.source)]
                if outcome.item is not None:
                    reading.land(outcome.item)
                if outcome.ended:
                    del self._under_way[id(generator)]
                    proof = None if outcome.error else reading.proof()
                    if proof is None:
                        self._end(reading, outcome.error)
                    else:
                        self._proofs.append((proof, reading))
                    if isinstance(outcome.error, Unauthorized):
                        return outcome.error
                if self._checkpoints.due:
                    self.checkpoint()
        finally:
            self._desk.close()
            if self._calls is not None:
                self._calls.close()  # First: the streams' threads may wait for it.
            self._workers.close()
        return None

    def _next(self) -> Iterator[Read] | None:
        """A proof that is wanted, or the next stream whose parents have been read; `None` if there is none for now."""
        if self._proofs:
            generator, reading = self._proofs.pop()
            self._under_way[id(generator)] = (generator, reading)
            return generator
        readings = self._checkpoints.readings
        for name in () if self._down else self._waiting:
            stream = self._streams[name]
            parents = [readings[parent] for parent in stream.parents if parent in readings]
            if len(parents) < len(stream.parents) or not all(parent.progress.ended for parent in parents):
                continue
            if any(each in self._waiting or self._is_under_way(each) for each in stream.after):
                continue
            order = Order(
                stream,
                self._now(),
                complete=self._waiting.pop(name),
                looks=self._plan.looks(name),
                lands=self._plan.wanted(stream),
                has_children=any(name in names for names in self._parents.values()),
                left_behind=any(parent.obstacles.waited_long_enough for parent in parents),
                others_doubt=bool(self._doubting - {name}),
            )
            reading = self._checkpoints.begin(order)
            generator = reading.pages()
            self._under_way[id(generator)] = (generator, reading)
            return generator
        return None

    def _is_under_way(self, name: str) -> bool:
        reading = self._checkpoints.readings.get(name)
        return reading is not None and not reading.progress.ended

    def _end(self, reading: Reading, error: BaseException | None) -> None:
        now = self._now()
        reading.end(error, now)
        self._checkpoints.end(reading, now)
        if isinstance(error, ServiceDown):
            self._down = self._down or error
        self._log.info(reading.summary)

    def _now(self) -> str:
        moment = datetime.fromtimestamp(self._clock.now(), timezone.utc)
        return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
