"""What is remembered of the records that have landed, and what is forgotten first where the state is full."""

from collections.abc import MutableMapping
from dataclasses import replace
from typing import Protocol

from shared.journal import Destination
from shared.landed import Entry, Landed
from shared.state import HASHES, IDS, NOTHING, SavedStream
from shared.streams import Feed, Stream

MOST_RECENT = 20_000
"""So many records of a stream that need not be remembered are, because the next sync may read them again."""


class Forgetful(Protocol):
    """Whatever takes room in the state and can do with less."""

    @property
    def memory_size(self) -> int:
        """Characters that it takes in the state."""

    def forget_tables(self) -> bool:
        """Forget in which of its tables a record has changed: at its next change all of its rows are sent, once. False
        if there is nothing to forget."""

    def forget(self) -> bool:
        """Remember less. False if there is no less."""


class Memory:
    """Of one stream that is read in this sync."""

    def __init__(self, stream: Stream, saved: SavedStream, destination: Destination) -> None:
        self.landed = Landed.decoded(saved.known)
        self._appends = isinstance(stream, Feed) and stream.appends
        self.remembers = NOTHING if self._appends else saved.remembers or HASHES
        """`HASHES`, `IDS` or `NOTHING`: of each record that has landed."""
        self.recent: set[str] = set()
        """What this sync read as changes. It is remembered all the same: the next one reads it again."""
        self._name = stream.name
        self._destination = destination

    def note_change(self, identity: str) -> None:
        """This record was read as a change."""
        if not self._appends or len(self.recent) < MOST_RECENT:
            self.recent.add(identity)

    def put(self, identity: str, entry: Entry) -> None:
        """This record was landed like this."""
        if not self._appends or identity in self.recent:
            self.landed.put(identity, entry)

    @property
    def memory_size(self) -> int:
        """Characters that the memory of what was landed takes in the state."""
        return sum(map(len, self.landed.encoded().values()))

    def forget_tables(self) -> bool:
        """Forget in which of its tables a record has changed. False if there is nothing to forget."""
        return self.landed.drop_tables()

    def forget(self) -> bool:
        """Remember less, because the state is full: ids without hashes, then nothing. False if there is no less."""
        before = self.memory_size
        if self.remembers == HASHES:
            self.remembers = IDS
        elif self._appends:
            self.recent.clear()
        self._drop()  # A pass under way has brought hashes again.
        if self.remembers == IDS and self.memory_size >= before:
            self.remembers = NOTHING
            self._destination.warning(
                f"{self._name}: too many rows to remember in the state. From now on, rows that vanish from the "
                "source without a signal stay in the warehouse."
            )
            self._drop()
        return self.memory_size < before

    def rest(self) -> None:
        """The stream is read: keep what the state keeps, as text."""
        self._drop()
        self.landed.rest()

    def _drop(self) -> None:
        if self.remembers == IDS:
            self.landed.drop_hashes(keep=self.recent)
        elif self.remembers == NOTHING:
            self.landed.keep_only(self.recent)


class Unread:
    """Of a stream that is not read in this sync, or not yet."""

    def __init__(self, streams: MutableMapping[str, SavedStream], name: str) -> None:
        self._streams = streams
        self._name = name
        self._knows_tables = True
        """As far as is known: it takes long to see."""

    @property
    def memory_size(self) -> int:
        """Characters that the memory of what was landed takes in the state."""
        return sum(map(len, (self._streams[self._name].known or {}).values()))

    def forget_tables(self) -> bool:
        """Forget in which of its tables a record has changed. False if there is nothing to forget."""
        if not self._knows_tables:
            return False
        self._knows_tables = False
        saved = self._streams[self._name]
        landed = Landed.decoded(saved.known)
        if not landed.drop_tables():
            return False
        self._streams[self._name] = replace(saved, known=landed.encoded())
        return True

    def forget(self) -> bool:
        """Forget the hashes. False if there are none: more is forgotten when the stream is read."""
        saved = self._streams[self._name]
        if saved.remembers in (IDS, NOTHING) or not saved.known:
            return False
        landed = Landed.decoded(saved.known)
        landed.drop_hashes(keep=set())
        self._streams[self._name] = replace(saved, known=landed.encoded(), remembers=IDS)
        return True
