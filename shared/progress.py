"""How far a stream has come: what is read of it, and where the next sync goes on."""

from typing import Any

from shared.order import Order
from shared.state import SavedStream, restored
from shared.streams import Feed, Stream

AGAIN, CHANGES, EVERYTHING, AFRESH, PROOF = "again", "changes", "everything", "afresh", "proof"
"""What a page was read for: records that had failed, what changed, a complete listing, one more of those after the rest
of one that broke off in an earlier sync, whether it showed everything."""


class Progress:
    """Of one stream in one sync."""

    def __init__(self, order: Order, saved: SavedStream) -> None:
        self.position, self.backfill = positions(order.stream, saved)
        self.completed_at = saved.completed_at
        self.complete = order.complete
        """Whether everything is read. A stream may find out only when it begins (`Feed.overdue`)."""
        self.backfilling = isinstance(order.stream, Feed) and saved.position is None
        # What other streams go through must be all there is, so they are not given the rest of a listing.
        self.resumed = self.backfilling and saved.backfill is not None and not order.has_children
        """The first reading goes on where an earlier one broke off."""
        self.done = False
        """A complete pass is through."""
        self.ended = False
        self._reached: Any = None

    @property
    def mode(self) -> str:
        """How the stream was read, for people."""
        return "backfill" if self.backfilling else "complete" if self.complete else "changes"

    def move(self, phase: str, position: Any, *, moves_on: bool) -> None:
        """Everything up to this position has landed."""
        if phase in (EVERYTHING, AFRESH):
            self._reached = position
            if self.backfilling and phase == EVERYTHING:
                self.backfill = position
        elif phase == CHANGES and moves_on:
            self.position = position

    def end_everything(self, *, stays: bool, sure: bool) -> None:
        """Everything has been read. It `stays` where something is in the way; `sure` that what it goes through was
        all there is."""
        self.done = not stays and sure
        if self.backfilling or not stays:
            self.position = self._reached
            self.backfill = None


def positions(stream: Stream, saved: SavedStream) -> tuple[Any, Any]:
    """The position for changes, and the one to resume a first reading from. Raises `StateError` for what is none."""
    if not isinstance(stream, Feed):
        return None, None
    place = f"streams.{stream.name}"
    return (
        restored(saved.position, f"{place}.position", stream.position),
        restored(saved.backfill, f"{place}.backfill", stream.backfill or stream.position),
    )
