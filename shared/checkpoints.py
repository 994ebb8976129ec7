"""What a checkpoint saves: how far every stream has come, within what the state may hold."""

import json
from collections.abc import Mapping
from typing import Any

from shared.clock import Clock
from shared.landed import Landed
from shared.memory import Forgetful, Unread
from shared.order import Order, Sync
from shared.reading import Below, Reading
from shared.state import FURTHER_ERRORS, HASHES, IDS, SavedStream

CHECKPOINT_SECONDS = 60.0
"""Fivetran asks for no more than one checkpoint a minute (fivetran_sdk.md, 1.10)."""
LARGEST_STATE_BYTES = 8_000_000
"""The documented limit is 10 MB (fivetran_sdk.md, 1.9)."""


class Checkpoints:
    """Of one sync. Main thread only."""

    def __init__(
        self,
        state: dict[str, Any],
        saved: dict[str, SavedStream],
        parents: Mapping[str, tuple[str, ...]],
        sync: Sync,
        clock: Clock,
    ) -> None:
        """`state` and `saved`, which is what it says of each stream, are kept up to date. `parents` are those of each
        stream that is read."""
        self.readings: dict[str, Reading] = {}
        """What has been begun in this sync, by stream."""
        self._state = state
        self._saved = saved
        self._parents = parents
        self._sync = sync
        self._clock = clock
        self._last_seconds = clock.monotonic()

    def begin(self, order: Order) -> Reading:
        """The reading of a stream, from what is saved of it."""
        name, stream = order.stream.name, order.stream
        saved, pending = self._saved.get(name, SavedStream()), self._state["pending"].get(name, {})
        reading = Reading(order, self._sync, saved, pending, [self.readings[parent] for parent in stream.parents])
        self.readings[name] = reading
        return reading

    def end(self, reading: Reading, now: str) -> None:
        """What has been read whole is due again so long after `now` (ISO 8601)."""
        if reading.progress.done:
            self._state["done"][reading.stream.name] = now

    @property
    def due(self) -> bool:
        """Whether the last one is long ago."""
        return self._clock.monotonic() - self._last_seconds >= CHECKPOINT_SECONDS

    def save(self) -> None:
        """Save how far everything has come."""
        self._remember()
        self._shrink()
        self._sync.destination.checkpoint(self._state)
        self._last_seconds = self._clock.monotonic()

    def _remember(self) -> None:
        for name, reading in self.readings.items():
            below = self._below(name)
            self._saved[name] = reading.saved(below)
            self._state["pending"][name] = reading.put_off(below)
            if not self._state["pending"][name]:
                del self._state["pending"][name]
        self._state["streams"] = {name: saved.form for name, saved in self._saved.items()}
        self._sync.gathered.save()
        if further := self._sync.journal.further:
            self._state[FURTHER_ERRORS] = further
        else:
            self._state.pop(FURTHER_ERRORS, None)

    def _below(self, name: str) -> Below:
        children = [child for child, parents in self._parents.items() if name in parents]
        below = [self._below(child) for child in children]
        readings = [self.readings.get(child) for child in children]
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
                self._sync.destination.warning(
                    f"{name}: too many rows to remember what each of them holds. From now on every complete pass sends "
                    f"all {rows} of them again, which can be billed. Set full_pass_days higher, or leave the stream "
                    "out with streams."
                )

    def _forget(self) -> None:
        """The largest memory forgets first; nothing else, as long as one still knows single tables of its records."""
        unread = [Unread(self._saved, name) for name in self._saved if name not in self.readings]
        while _size(self._state) > LARGEST_STATE_BYTES:
            read = [reading.memory for reading in self.readings.values()]
            memories: list[Forgetful] = [*read, *unread, self._sync.gathered]
            memories.sort(key=lambda memory: -memory.memory_size)
            forgotten = any(memory.forget_tables() for memory in memories) or any(
                memory.forget() for memory in memories
            )
            if not forgotten:
                return
            self._remember()


def _size(state: dict[str, Any]) -> int:
    """Bytes of the state as text. The memories are ASCII already, and much the largest: they are not copied."""
    memories = sum(len(text) for saved in state["streams"].values() for text in saved.get("known", {}).values())
    streams = {name: {**saved, "known": None} for name, saved in state["streams"].items()}
    return memories + len(json.dumps({**state, "streams": streams}))
