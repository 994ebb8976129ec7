"""The errors that are open, and what the state keeps of each, so that it is told apart, counted and resolved.

The first ones are written out. Of further ones a few bytes are kept: by id, how often and since when.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from shared.landed import Entry, Landed


@dataclass(frozen=True)
class OpenError:
    """What is known of one."""

    stream: str
    first_seen_at: str
    attempts: int = 0
    record_id: str = ""
    """Empty where only a few bytes are kept."""
    behind: bool = False
    """The stream does not come to it again with what changes."""


class OpenErrors:
    """Those of all streams, by id."""

    def __init__(self, written: MutableMapping[str, dict[str, Any]], further: Mapping[str, str] | None) -> None:
        """`written` is the part of the state with those that are written out, and is kept up to date; `further` the
        others, as they were `encoded`. Raises `StateError` where that is damaged."""
        self._written = written
        self._further = Landed.decoded(further)

    def __contains__(self, identity: str) -> bool:
        return identity in self._written or identity in self._further

    @property
    def written(self) -> int:
        """How many are written out."""
        return len(self._written)

    @property
    def further(self) -> int:
        """How many are not."""
        return len(self._further)

    def get(self, identity: str) -> OpenError | None:
        """What is known of this one; `None` where it is not open."""
        if known := self._written.get(identity):
            behind = known.get("behind", False)
            return OpenError(known["stream"], known["first_seen_at"], known["attempts"], known["record_id"], behind)
        entry = self._further.get(identity)
        if entry is None:
            return None
        attempts, milliseconds, behind = (each for each in entry.children if isinstance(each, int))
        return OpenError(entry.partition, _text(milliseconds), attempts, behind=bool(behind))

    def put(self, identity: str, error: OpenError, *, written: bool) -> None:
        """This one is open. It is `written` out, if it was or where that is wanted."""
        if identity in self._written or (written and identity not in self._further):
            self._written[identity] = {
                "stream": error.stream,
                "record_id": error.record_id,
                "attempts": error.attempts,
                "first_seen_at": error.first_seen_at,
                **({"behind": True} if error.behind else {}),
            }
            return
        numbers = (error.attempts, _milliseconds(error.first_seen_at), int(error.behind))
        self._further.put(identity, Entry(None, numbers, error.stream))

    def close(self, identity: str) -> None:
        """This one is resolved."""
        self._written.pop(identity, None)
        self._further.remove(identity)

    def of(self, stream: str) -> list[str]:
        """The ids of those of one stream."""
        written = [identity for identity, known in self._written.items() if known["stream"] == stream]
        return written + self._further.within(stream)

    def encoded(self) -> dict[str, str]:
        """Those that are not written out, for the state."""
        return self._further.encoded()


def _milliseconds(text: str) -> int:
    return max(0, round(datetime.fromisoformat(text).timestamp() * 1_000))


def _text(milliseconds: int) -> str:
    moment = datetime.fromtimestamp(milliseconds / 1_000, timezone.utc)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
