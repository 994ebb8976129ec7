"""The one loop: which streams are due, in which order they are read, when their progress is saved.

    Loop(streams, state=state, destination=operations, …).run()

Streams are read side by side on worker threads. Rows, deletes, checkpoints and tokens are the main
thread's alone, so a checkpoint always says exactly what has landed.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, Protocol

from shared.allocation import give_back_large_blocks
from shared.clock import Clock, due
from shared.comparing import doubts_much
from shared.errors import ConfigurationError, Exhausted, ServiceDown, Unauthorized
from shared.gathered import GatheredTables
from shared.herald import Herald
from shared.journal import Destination, Journal
from shared.landed import Landed
from shared.memory import Forgetful, Unread
from shared.order import Order, Sync
from shared.progress import positions
from shared.reading import Below, Read, Reading
from shared.redaction import Secrets
from shared.state import FURTHER_ERRORS, HASHES, IDS, SavedStream
from shared.streams import Feed, Settings, Snapshot, Stream
from shared.tally import Tally
from shared.workers import Desk, Lanes, Workers

LARGEST_STATE_BYTES = 8_000_000
"""The documented limit is 10 MB (fivetran_sdk.md, 1.9)."""
CHECKPOINT_SECONDS = 60.0
"""Fivetran asks for no more than one checkpoint a minute (fivetran_sdk.md, 1.10)."""
DAY_SECONDS = 86_400.0


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
            stream.name: replace(stream, table=replace(stream.table, keep_raw=settings.keep_raw)) for stream in streams
        }
        self._state = state
        self._destination = destination
        self._clock = clock
        self._workers = workers
        self._calls = calls
        self._desk = desk
        self._settings = settings
        self._log = log
        self._gathered = GatheredTables(self._streams.values(), state["pooled"], destination)
        self._journal = Journal(destination, state["errors"], self._now, secrets, state.get(FURTHER_ERRORS))
        self._sync = Sync(destination, self._journal, self._gathered, settings)
        self._readings: dict[str, Reading] = {}
        self._saved = {name: SavedStream.read(form) for name, form in state["streams"].items()}
        self._doubting = {name for name, saved in self._saved.items() if doubts_much(saved)}
        self._under_way: dict[int, tuple[Iterator[Read], Reading]] = {}
        self._proofs: list[tuple[Iterator[Read], Reading]] = []
        for name, stream in self._streams.items():
            positions(stream, self._saved.get(name, SavedStream()))  # A damaged one is told before anything is read.
        self._take_in()
        self._waiting = self._plan()
        self._parents = {name: self._streams[name].parents for name in self._waiting}
        self._down: ServiceDown | None = None
        self._last_checkpoint = clock.monotonic()
        self._herald = Herald(clock, log.info, self._tallies)
        desk.on_errand = workers.wake

    def run(self) -> None:
        """Read and land every stream that is due, and checkpoint.

        Ends early, after a checkpoint, when the credential is rejected (`Destination.error`) or the whole
        source is down (a warning). A sync that asked and was answered nothing has failed, too.
        """
        give_back_large_blocks()
        self._leave_out()
        refusal = self._read()
        self.checkpoint()
        if refusal is not None:
            self._destination.error(str(refusal))
        elif self._read_nothing and not isinstance(self._down, Exhausted):
            self._destination.error(
                "Nothing could be read in this sync. What was read before stays as it is, and the next sync goes on "
                f"from there. The first of what went wrong: {self._journal.first}"
            )
        elif self._down is not None:
            why = self._down.message if isinstance(self._down, Exhausted) else "The source failed again and again"
            self._destination.warning(
                f"{why}. So this sync ended early. What was read is saved; the next sync goes on from there."
            )

    def checkpoint(self) -> None:
        """Save how far everything has come. On the main thread, between pages."""
        self._remember()
        self._shrink()
        self._destination.checkpoint(self._state)
        self._last_checkpoint = self._clock.monotonic()

    def tick(self) -> float:
        """Say what is waited for where it is time; answers the seconds until it is time again. On the main thread."""
        return self._herald.tick()

    def _tallies(self) -> dict[str, Tally]:
        return {reading.stream.name: reading.tally for _, reading in self._under_way.values()}

    @property
    def _read_nothing(self) -> bool:
        """Something was asked, and no request brought what it should."""
        tallies = [reading.tally for reading in self._readings.values()]
        return any(tally.requests for tally in tallies) and not any(tally.answers for tally in tallies)

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
                if self._clock.monotonic() - self._last_checkpoint >= CHECKPOINT_SECONDS:
                    self.checkpoint()
        finally:
            self._desk.close()
            if self._calls is not None:
                self._calls.close()  # First: the streams' threads may wait for it.
            self._workers.close()
        return None

    def _plan(self) -> dict[str, bool]:
        """The streams to read, in the order declared; by name, whether completely.

        A stream that is due completely needs all of its parents' records.
        """
        self._check_names()
        plan: dict[str, bool] = {}
        for stream in reversed(self._streams.values()):
            complete = self._due(stream)
            if self._wanted(stream) and (complete or isinstance(stream, Feed)):
                plan[stream.name] = plan.get(stream.name, False) or complete
            if stream.name in plan:
                for parent in stream.parents:
                    plan[parent] = plan.get(parent, False) or plan[stream.name]
        return {name: plan[name] for name in self._streams if name in plan}

    def _leave_out(self) -> None:
        """Once nobody wants a stream any more, nothing of it can be late or wrong."""
        read = set[str]()
        for stream in reversed(self._streams.values()):
            if self._wanted(stream) or stream.name in read:
                read |= {stream.name, *stream.parents}
        for name in self._streams.keys() - read:
            saved = self._saved.get(name)
            if saved is not None and not saved.off:
                self._journal.leave_out(name)
                self._saved[name] = replace(saved, off=True)

    def _take_in(self) -> None:
        """What has been kept away from a stream since its last complete pass makes it due, until such a pass is
        through."""
        for name, saved in self._saved.items():
            stream = self._streams.get(name)
            if stream is None or not self._wanted(stream):
                continue
            if saved.unlanded or self._missed(stream, saved):
                self._state["done"].pop(name, None)
                self._saved[name] = replace(saved, backfill=None)

    def _missed(self, stream: Stream, saved: SavedStream) -> bool:
        """Whether records may have come that this stream was not given, or did not want."""
        if isinstance(stream, Feed) and stream.appends:
            return False  # It goes on exactly where it was.
        # Without others above it, it finds by its position what changed while it was left out.
        return bool(saved.off and stream.parents) or (self._settings.start_date or "") < saved.start_date

    def _check_names(self) -> None:
        unknown = sorted((self._settings.added | self._settings.left_out) - self._streams.keys())
        if unknown:
            raise ConfigurationError(
                f"streams: there is no stream called {', '.join(unknown)}. There are: {', '.join(self._streams)}."
            )

    def _wanted(self, stream: Stream) -> bool:
        return stream.name not in self._settings.left_out and (not stream.opt_in or stream.name in self._settings.added)

    def _due(self, stream: Stream) -> bool:
        done = self._state["done"].get(stream.name)
        saved = self._saved.get(stream.name, SavedStream())
        if done is None:
            return True
        if isinstance(stream, Feed) and stream.appends:
            return False  # It would send again what is there already.
        if self._settings.full_pass_days == 0 or (saved.doubted and not saved.withheld):
            return True
        every = stream.every_seconds if isinstance(stream, Snapshot) else self._settings.full_pass_days * DAY_SECONDS
        return due(datetime.fromisoformat(done).timestamp(), self._clock, every)

    def _next(self) -> Iterator[Read] | None:
        """A proof that is wanted, or the next stream whose parents have been read; `None` if there is none for now."""
        if self._proofs:
            generator, reading = self._proofs.pop()
            self._under_way[id(generator)] = (generator, reading)
            return generator
        for name in () if self._down else self._waiting:
            stream = self._streams[name]
            parents = [self._readings[parent] for parent in stream.parents if parent in self._readings]
            if len(parents) < len(stream.parents) or not all(parent.progress.ended for parent in parents):
                continue
            order = Order(
                stream,
                self._now(),
                complete=self._waiting.pop(name),
                lands=self._wanted(stream),
                has_children=any(name in names for names in self._parents.values()),
                left_behind=any(parent.obstacles.waited_long_enough for parent in parents),
                others_doubt=bool(self._doubting - {name}),
            )
            saved, pending = self._saved.get(name, SavedStream()), self._state["pending"].get(name, {})
            reading = Reading(order, self._sync, saved, pending, parents)
            self._readings[name] = reading
            generator = reading.pages()
            self._under_way[id(generator)] = (generator, reading)
            return generator
        return None

    def _end(self, reading: Reading, error: BaseException | None) -> None:
        now = self._now()
        reading.end(error, now)
        if reading.progress.done:
            self._state["done"][reading.stream.name] = now
        if isinstance(error, ServiceDown):
            self._down = self._down or error
        self._log.info(reading.summary)

    def _remember(self) -> None:
        for name, reading in self._readings.items():
            below = self._below(name)
            self._saved[name] = reading.saved(below)
            self._state["pending"][name] = reading.put_off(below)
            if not self._state["pending"][name]:
                del self._state["pending"][name]
        self._state["streams"] = {name: saved.form for name, saved in self._saved.items()}
        self._gathered.save()
        if further := self._journal.further:
            self._state[FURTHER_ERRORS] = further
        else:
            self._state.pop(FURTHER_ERRORS, None)

    def _below(self, name: str) -> Below:
        children = [child for child, parents in self._parents.items() if name in parents]
        below = [self._below(child) for child in children]
        readings = [self._readings.get(child) for child in children]
        return Below(
            read=all(each.read for each in below) and all(each is not None and each.through for each in readings),
            tried=all(each.tried for each in below) and all(each is not None and each.tried for each in readings),
        )

    def _shrink(self) -> None:
        """Keep the state below the limit, and tell what a memory that forgets its hashes will cost."""
        remembered = {name for name, saved in self._saved.items() if saved.remembers == HASHES}
        self._forget()
        for name in sorted(remembered):
            saved = self._saved[name]
            if saved.remembers == IDS and (rows := len(Landed.decoded(saved.known))):
                self._destination.warning(
                    f"{name}: too many rows to remember what each of them holds. From now on every complete pass sends "
                    f"all {rows} of them again, which can be billed. Set full_pass_days higher, or leave the stream "
                    "out with streams."
                )

    def _forget(self) -> None:
        """The largest memory forgets first."""
        while _size(self._state) > LARGEST_STATE_BYTES:
            unread = [Unread(self._saved, name) for name in self._saved if name not in self._readings]
            read = [reading.memory for reading in self._readings.values()]
            memories: list[Forgetful] = [*read, *unread, self._gathered]
            memories.sort(key=lambda memory: -memory.memory_size)
            if not any(memory.forget() for memory in memories):
                return
            self._remember()

    def _now(self) -> str:
        moment = datetime.fromtimestamp(self._clock.now(), timezone.utc)
        return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _size(state: dict[str, Any]) -> int:
    """Bytes of the state as text. The memories are ASCII already, and much the largest: they are not copied."""
    memories = sum(len(text) for saved in state["streams"].values() for text in saved.get("known", {}).values())
    streams = {name: {**saved, "known": None} for name, saved in state["streams"].items()}
    return memories + len(json.dumps({**state, "streams": streams}))
