"""Which streams one sync reads, which of them completely, and which also without a signal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.clock import DAY_SECONDS, HOUR_SECONDS, Clock, due
from shared.errors import ConfigurationError
from shared.journal import Journal
from shared.state import SavedStream
from shared.streams import Feed, Settings, Snapshot, Stream

SOONER = 0.9
"""It is time to look again once so much of the time between two looks has passed: a sync that begins a little early
does not leave it to the one after."""


class Plan:
    """Of one sync. `state` and `saved`, which is what it says of each stream, are brought up to date."""

    def __init__(
        self,
        streams: dict[str, Stream],
        settings: Settings,
        state: Mapping[str, Any],
        saved: dict[str, SavedStream],
        clock: Clock,
    ) -> None:
        """Raises `ConfigurationError` for a stream that is asked for and does not exist."""
        self._streams = streams
        self._settings = settings
        self._done: dict[str, str] = state["done"]
        self._saved = saved
        self._clock = clock
        unknown = sorted((settings.added | settings.left_out) - streams.keys())
        if unknown:
            raise ConfigurationError(
                f"streams: there is no stream called {', '.join(unknown)}. There are: {', '.join(streams)}."
            )

    def wanted(self, stream: Stream) -> bool:
        """Whether its rows are to land."""
        return stream.name not in self._settings.left_out and (not stream.opt_in or stream.name in self._settings.added)

    def due(self) -> dict[str, bool]:
        """The streams to read, in the order declared; by name, whether completely.

        A stream that is due completely needs all of its parents' records.
        """
        plan: dict[str, bool] = {}
        for stream in reversed(self._streams.values()):
            complete = self._is_due_completely(stream)
            if self.wanted(stream) and (complete or isinstance(stream, Feed)):
                plan[stream.name] = plan.get(stream.name, False) or complete
            if stream.name in plan:
                for parent in stream.parents:
                    plan[parent] = plan.get(parent, False) or plan[stream.name]
        return {name: plan[name] for name in self._streams if name in plan}

    def looks(self, name: str) -> bool:
        """Whether it is time that a stream looks at what the source gives no signal of. A look that did not come
        through is made again by the next sync."""
        looked_at = self._saved.get(name, SavedStream()).looked_at
        if looked_at is None or self._settings.full_pass_days == 0:
            return True
        every = SOONER * self._settings.look_hours * HOUR_SECONDS
        return due(datetime.fromisoformat(looked_at).timestamp(), self._clock, every)

    def take_in(self) -> None:
        """What has been kept away from a stream since its last complete pass makes it due, until such a pass is
        through."""
        for name, saved in self._saved.items():
            stream = self._streams.get(name)
            if stream is None or not self.wanted(stream):
                continue
            if saved.unlanded or self._missed(stream, saved):
                self._done.pop(name, None)
                self._saved[name] = replace(saved, backfill=None)

    def leave_out(self, journal: Journal) -> None:
        """Once nobody wants a stream any more, nothing of it can be late or wrong."""
        read = set[str]()
        for stream in reversed(self._streams.values()):
            if self.wanted(stream) or stream.name in read:
                read |= {stream.name, *stream.parents}
        for name in self._streams.keys() - read:
            saved = self._saved.get(name)
            if saved is not None and not saved.off:
                journal.leave_out(name)
                self._saved[name] = replace(saved, off=True)

    def _missed(self, stream: Stream, saved: SavedStream) -> bool:
        """Whether records may have come that this stream was not given, or did not want."""
        if isinstance(stream, Feed) and stream.appends:
            return False  # It goes on exactly where it was.
        # Without others above it, it finds by its position what changed while it was left out.
        return bool(saved.off and stream.parents) or (self._settings.start_date or "") < saved.start_date

    def _is_due_completely(self, stream: Stream) -> bool:
        done = self._done.get(stream.name)
        saved = self._saved.get(stream.name, SavedStream())
        if done is None:
            return True
        if isinstance(stream, Feed) and stream.appends:
            return False  # It would send again what is there already.
        if self._settings.full_pass_days == 0 or (saved.doubted and not saved.withheld):
            return True
        every = stream.every_seconds if isinstance(stream, Snapshot) else self._settings.full_pass_days * DAY_SECONDS
        return due(datetime.fromisoformat(done).timestamp(), self._clock, every)
