"""One batch: sent, split where it is refused, and what came of it. On a worker thread; nothing is written down here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from airtable_push.answers import BaseFull, Refused
from airtable_push.api import BATCH, Client, Record
from airtable_push.changes import Change
from airtable_push.schema import Place
from airtable_push.state import UNKNOWN, Pushed
from shared.errors import SourceError, TimedOut, Unavailable, Unexplained

Item = TypeVar("Item")
MOST_FAILURES = 2
"""Of a batch and one half of it: where the other half fails too, nothing gets through."""


@dataclass
class Outcome:
    """What came of one batch."""

    batch: int
    saved: list[tuple[Change, str, bool]] = field(default_factory=list)
    """With the record id, and whether it was created."""
    rejected: list[tuple[Change, Refused]] = field(default_factory=list)
    removed: list[Pushed] = field(default_factory=list)
    kept: list[tuple[Pushed, Refused]] = field(default_factory=list)
    """Records that Airtable does not let go."""
    lost: set[str] = field(default_factory=set)
    """Ids of linked records that are not there."""
    no_room: list[Change] = field(default_factory=list)
    error: SourceError | None = None

    @property
    def reason(self) -> str:
        """Why all records of a full batch were refused, if that was for one and the same reason; else ''."""
        refused = [each for _, each in self.rejected] + [each for _, each in self.kept]
        reasons = {re.sub(r"\brec\w{14}\b", "", each.message) for each in refused}
        return refused[0].message if len(refused) == self.batch >= BATCH and len(reasons) == 1 else ""


def send(client: Client, place: Place, batch: list[Change]) -> Outcome:
    """Write a batch; what is refused is split until the bad record stands alone."""
    outcome, parts, failures = Outcome(len(batch)), [batch], 0
    while parts:
        part = parts.pop()
        try:
            ids, created = client.upsert(place.id, place.key, [_record(place, change) for change in part])
        except Refused as refused:
            mended = _without_gone(part, refused, outcome) if refused.gone else None
            if mended is not None:
                parts.append(mended)
            elif len(part) == 1:
                outcome.rejected.append((part[0], refused))
            else:
                parts += _halves(part)
        except BaseFull:
            there = [change for change in part if change.record_id is not None]
            outcome.no_room += [change for change in part if change.record_id is None]
            if there and len(there) < len(part):
                parts.append(there)
        except (TimedOut, Unavailable, Unexplained) as error:
            # A record at which Airtable fails is one if others get through; if none does, it is Airtable.
            failures += 1
            if outcome.saved and len(part) == 1:
                outcome.rejected.append((part[0], Refused.after(error)))
            elif not outcome.saved and (failures > MOST_FAILURES or not parts and len(part) == 1):
                outcome.error = error
                return outcome
            else:
                parts[:0] = _halves(part)
        except SourceError as error:
            outcome.error = error
            return outcome
        else:
            outcome.saved += [(change, ids[change.key], ids[change.key] in created) for change in part]
    return outcome


def remove(client: Client, place: Place, batch: list[Pushed]) -> Outcome:
    """Delete a batch; what somebody has deleted before is as good."""
    return _splitting(client, place, batch, lambda part: client.delete(place.id, [each.record_id for each in part]))


def mark(client: Client, place: Place, batch: list[Pushed]) -> Outcome:
    """Mark a batch as gone from the source."""
    return _splitting(
        client,
        place,
        batch,
        lambda part: client.upsert(
            place.id,
            place.key,
            [Record(each.key, each.record_id, {place.key: each.key, str(place.mark): True}) for each in part],
        ),
    )


def _splitting(client: Client, place: Place, batch: list[Pushed], act: Callable[[list[Pushed]], object]) -> Outcome:
    outcome = Outcome(len(batch))
    try:
        parts = [_found(client, place, batch, outcome)]
        while parts:
            part = parts.pop()
            try:
                if part:
                    act(part)
            except Refused as refused:
                if len(part) > 1:
                    parts += _halves(part)
                elif refused.gone:
                    outcome.removed += part
                else:
                    outcome.kept.append((part[0], refused))
            else:
                outcome.removed += part
    except SourceError as error:
        outcome.error = error
    return outcome


def _found(client: Client, place: Place, batch: list[Pushed], outcome: Outcome) -> list[Pushed]:
    """The records of the batch. One whose answer a killed run did not live to see is looked for by its key, by an
    upsert of the key alone; what that makes is deleted again."""
    found = [each for each in batch if each.record_id]
    for each in batch:
        if each.record_id:
            continue
        try:
            ids, created = client.upsert(place.id, place.key, [Record(each.key, None, {place.key: each.key})])
            if created:
                client.delete(place.id, list(created))
                outcome.removed.append(each)
            else:
                found.append(replace(each, record_id=ids[each.key]))
        except BaseFull:
            outcome.removed.append(each)
        except Refused as refused:
            outcome.kept.append((each, refused))
    return found


def _without_gone(part: list[Change], refused: Refused, outcome: Outcome) -> list[Change] | None:
    """The same records without the ids that are not there: they are looked for by key, and links left out.

    None where the refusal does not tell which, so that the batch has to be split."""
    gone = set(refused.records)
    own = {change.record_id for change in part}
    if not gone and len(part) == 1:
        gone = {part[0].record_id} - {None}  # type: ignore[assignment]
    linked = {one for change in part for cell in change.cells if isinstance(cell, list) for one in cell if one in gone}
    if not gone & (own | linked):
        return None
    outcome.lost |= linked
    return [_mended(change, gone) for change in part]


def _mended(change: Change, gone: set[str]) -> Change:
    cells = tuple(
        ([one for one in cell if one not in gone] or None) if isinstance(cell, list) else cell for cell in change.cells
    )
    record_id = None if change.record_id in gone else change.record_id
    # What was sent is not what the row says, so the next pass has to find a difference.
    return replace(change, record_id=record_id, cells=cells, hash=change.hash if cells == change.cells else UNKNOWN)


def _halves(part: list[Item]) -> list[list[Item]]:
    """The second half and the first; one record stays whole."""
    return [half for half in (part[len(part) // 2 :], part[: len(part) // 2]) if half]


def _record(place: Place, change: Change) -> Record:
    cells = dict(zip(place.fields, change.cells, strict=True))
    if place.mark is not None:
        cells[place.mark] = None
    return Record(change.key, change.record_id, cells)
