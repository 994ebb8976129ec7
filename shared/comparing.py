"""What a reading saw of a stream, compared with what has landed: so one finds what vanished without a signal.

Large losses that only a comparison found are doubted until a second one agrees.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.landed import Entry, Landed
from shared.state import SavedStream

GUARDED_SHARE = 0.1
GUARDED_ROWS = 100
"""A comparison that would delete more than both waits for the next one to agree."""
SMALL_SHARE = 0.5
SMALL_ROWS = 10
"""So does one that would delete more than this share of a table with more rows than these, however few that are."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of the records that vanished."""

    gone: Sequence[str]
    """Those to delete."""
    kept: int = 0
    """So many others are kept, in doubt."""
    landed: int = 0
    """Of so many that have landed."""
    withheld: bool = False
    """For as long as other streams doubt too."""

    def sentence(self, name: str) -> str:
        """What is said about those that are kept."""
        if self.withheld:
            return (
                f"{name}: {self.kept} rows are gone, and many of other tables with them, as when a "
                "credential may see less than before. They are kept. Give the credential its rights back; if they were "
                "deleted, re-sync this connection."
            )
        return (
            f"{name}: {self.kept} of {self.landed} rows are no longer in the source. They are "
            "kept until the next sync has looked again. If nobody deleted them, check what the credential may see."
        )


class Comparison:
    """Of one stream in one sync."""

    def __init__(self, landed: Landed, saved: SavedStream, *, compares: bool = True) -> None:
        """It `compares` only where it is remembered what has landed."""
        self._landed = landed
        self._compares = compares and len(landed) > 0
        self._seen: set[str] = set()
        self._visited: set[str] = set()
        self._whole: set[str] = set()
        self._blemished: set[str] = set()
        self._unproven: set[str] = set()
        self.doubted = Landed.decoded(saved.doubted)
        """What the last comparison missed and kept, because it was much."""
        self.withheld = saved.withheld

    def see(self, identity: str) -> None:
        """This record is there."""
        if self._compares:
            self._seen.add(identity)

    def visit(self, partition: str, *, whole: bool) -> None:
        """A page of this part was read; with it the part was listed completely."""
        self._visited.add(partition)
        if whole:
            self._whole.add(partition)

    def prove(self, partition: str, *, whole: bool) -> None:
        """This part has been looked at again: what a listing did not show of it is gone only if this one was whole."""
        if whole:
            self._unproven.discard(partition)
        else:
            self._unproven.add(partition)

    def blemish(self, partition: str) -> None:
        """Something of this part could not be told, so that it may seem to be missing."""
        self._blemished.add(partition)

    @property
    def skipped(self) -> bool:
        """A listing that has no parts was not read without a gap."""
        return "" in self._visited and "" not in self._whole

    @property
    def unblemished(self) -> set[str]:
        """The parts that were read, and nothing in them was wrong."""
        return self._visited - self._blemished

    def vanished(self, *, complete: bool, sound: bool, has_parent: Callable[[str], bool] | None) -> list[str] | None:
        """What was landed and is missing from a part that was listed completely, or from all parts there are.

        `complete` and `sound`: everything was read, and it was all there is. `has_parent` says of parts that are
        named by other streams' records whether the record is there. `None` where nothing can be compared.
        """
        if not self._compares or not (complete or self._whole or has_parent):
            return None
        whole = self._whole - self._blemished - self._unproven
        return [
            identity
            for identity, entry in self._landed.items()
            if identity not in self._seen
            and (
                entry.partition in whole
                or (complete and sound and entry.partition not in self._visited)
                or (has_parent is not None and not has_parent(entry.partition))
            )
        ]

    def judge(self, vanished: Sequence[str], *, others_doubt: bool) -> Verdict:
        """Whether to believe it. Much at once is doubted until the next comparison has found the same; for as long as
        `others_doubt` too where the source leaves out what a credential may not see."""
        before, self.doubted, self.withheld = self.doubted, Landed(), False
        if others_doubt and is_much(len(vanished), len(self._landed)):
            self.withheld = True
            return self._doubt(vanished, gone=())
        agreed = [identity for identity in vanished if identity in before]
        new = [identity for identity in vanished if identity not in before]
        if is_large(len(new), len(self._landed)):
            return self._doubt(new, gone=agreed)
        return Verdict([*agreed, *new])

    def _doubt(self, vanished: Sequence[str], *, gone: Sequence[str]) -> Verdict:
        for identity in vanished:
            self.doubted.put(identity, Entry(None))
        return Verdict(gone, len(vanished), len(self._landed), self.withheld)


def is_large(rows: int, there_were: int) -> bool:
    """Whether so many rows at once are so large a share of their table that it takes more to believe that they are
    gone."""
    return is_much(rows, there_were) or (there_were > SMALL_ROWS and rows > SMALL_SHARE * there_were)


def is_much(rows: int, there_were: int) -> bool:
    """Whether so many rows at once are a large share of a large table."""
    return rows > GUARDED_ROWS and rows > GUARDED_SHARE * there_were


def doubts_much(saved: SavedStream) -> bool:
    """Whether the last comparison of a stream kept many rows in doubt: where several streams do, that is a sign of
    less that the credential may see. Small tables lose most of their rows for lesser reasons."""
    return len(Landed.decoded(saved.doubted)) > GUARDED_ROWS
