"""The one page: the shape in which records travel from a source's answer to the warehouse.

A client makes it of an answer: records, what they are followed by, how many there are in all. The functions of
`pagination` hand it on, with positions where they know them. A stream adds what it means: what is gone, what failed,
where a later sync may go on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.errors import SourceError


@dataclass(frozen=True)
class Failure:
    """One record, or one part of a listing, that could not be read."""

    error: SourceError
    record_id: str | None
    """`None` where nobody can tell which one it is: then nothing is taken for gone, and the position waits, as for a
    record that cannot be told from others."""
    retry_key: Mapping[str, Any] | None = None
    """What `Stream.again` needs to read this record alone; `None` where it must come with its listing."""


@dataclass(frozen=True)
class Page:
    """Some records of a listing, in the order in which they came, and all that is known of them together."""

    records: Sequence[Any] = ()
    position: Any = None
    """Once these records have landed it is safe to go on from here; `None` where nothing may be saved yet."""
    next: Any = None
    """What the source names to ask for the page behind this one: an address, a cursor. Empty where it names none."""
    last: bool | None = None
    """Whether nothing follows in this listing. `None` where the source does not say: then an empty page is the last."""
    total: int | None = None
    """How many records the whole listing has, where the source says so."""
    partial: Sequence[Any] = ()
    """Records of which only a part could be read. They land where no more of them has landed yet."""
    unchanged: Sequence[str] = ()
    """Keys of records that are there as they have landed, so that they need not be read again."""
    deleted: Sequence[str] = ()
    """Keys of records that the source says are gone."""
    failures: Sequence[Failure] = ()
    resolved: Sequence[str] = ()
    """What failed under these names, now or before, has been read after all, or need not be."""
    partition: str = ""
    """The part of the stream that this page belongs to, where it is listed part by part."""
    whole: bool = False
    """With this page the partition has been listed completely, with no gap."""
    done: bool = False
    """With this page everything has been read, and `position` is the first one for `changes`."""

    @property
    def ends(self) -> bool:
        """Nothing follows: the source says so, or says nothing and sent no records."""
        return not self.records if self.last is None else self.last


def listed(parts: Iterable[Page]) -> Iterator[Page]:
    """The pages of a listing that has no parts and is read without a gap: after the last one it is `whole`."""
    yield from parts
    yield Page(whole=True)
