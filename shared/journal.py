"""What the connector says about itself: the tables `errors` and `sync_metadata`, and one warning a stream.

An error is a row that is touched again while it lasts and gets `resolved_at` once a sync has looked at the
same place and found nothing wrong. The state remembers which ones are open.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Protocol

from shared.errors import CATEGORIES, SourceError
from shared.open_errors import OpenError, OpenErrors
from shared.redaction import Secrets
from shared.tables import Column, Drift, Table
from shared.tally import Tally
from shared.types import DOUBLE, JSON, LONG, STRING, UTC_DATETIME

MOST_OPEN_ERRORS = 2_000
"""So many are written out in the state, for whoever reads it."""
MOST_FURTHER_ERRORS = 100_000
"""Of so many more the state keeps about 25 bytes each. Beyond that, those of one stream and category are one row."""
OTHERS = "(others)"
"""The record id of such a row."""
LONGEST_PAYLOAD = 20_000
"""Characters of a record that are kept with its error."""
LONGEST_POSITION = 1_000
LONGEST_PART = 100
"""Characters that are shown of a position, and of each part of it: what it remembers besides is for no one to read."""
CUT = "..."

ERRORS = Table(
    "errors",
    key=("id",),
    columns=(
        Column("id", STRING),
        Column("stream", STRING),
        Column("record_id", STRING),
        Column("category", STRING),
        Column("status", LONG),
        Column("method", STRING),
        Column("url", STRING),
        Column("message", STRING),
        Column("payload", JSON),
        Column("attempts", LONG),
        Column("first_seen_at", UTC_DATETIME),
        Column("last_seen_at", UTC_DATETIME),
        Column("resolved_at", UTC_DATETIME),
    ),
)
"""`id` is a hash of stream, record id and category."""

SYNC_METADATA = Table(
    "sync_metadata",
    key=("stream",),
    columns=(
        Column("stream", STRING),
        Column("last_started_at", UTC_DATETIME),
        Column("last_completed_at", UTC_DATETIME),
        Column("mode", STRING),
        Column("rows", LONG),
        Column("deletes", LONG),
        Column("requests", LONG),
        Column("retries", LONG),
        Column("throttled_seconds", DOUBLE),
        Column("errors", LONG),
        Column("position", STRING),
    ),
)
"""`mode` is `backfill`, `changes` or `complete`; counts are those of the last sync that read the stream."""

SYSTEM_TABLES = (ERRORS, SYNC_METADATA)


def schemas(tables: Iterable[Table], configuration: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the SDK's `schema()` returns: the tables with their children, and the system tables."""
    raw = str(configuration.get("keep_raw", "")).strip().lower() == "true"
    return [
        *(each for table in tables for each in table.with_raw(also=raw).schemas()),
        *(each for table in SYSTEM_TABLES for each in table.schemas()),
    ]


class Destination(Protocol):
    """The operations of the Connector SDK that the engine uses."""

    def upsert(self, table: str, data: dict[str, Any]) -> None: ...
    def update(self, table: str, modified: dict[str, Any]) -> None: ...
    def delete(self, table: str, keys: dict[str, Any]) -> None: ...
    def checkpoint(self, state: dict[str, Any]) -> None: ...
    def warning(self, message: str) -> None: ...
    def error(self, message: str) -> None: ...


class Journal:
    """Errors of one sync, against those that earlier syncs left open.

    `opened` is the part of the state that it keeps up to date: by error id, the stream, the attempts and
    when it was first seen. `further` is what the state has of those beyond. `now` answers the wall clock as text.
    """

    def __init__(
        self,
        destination: Destination,
        opened: dict[str, dict[str, Any]],
        now: Callable[[], str],
        secrets: Secrets,
        further: Mapping[str, str] | None = None,
    ) -> None:
        self._destination = destination
        self._open = OpenErrors(opened, further)
        self._now = now
        self._secrets = secrets
        self._met: set[str] = set()
        self._categories: dict[str, Counter[str]] = {}
        self._examples: dict[str, str] = {}

    def note(
        self, stream: str, error: SourceError, *, record_id: str = "", payload: Any = None, behind: bool = False
    ) -> None:
        """Report an error: of one record or page where there is a `record_id`, else of the whole stream. The stream
        leaves it `behind`: it does not come to it again with what changes."""
        # What a source says may hold half a surrogate pair, which the destination refuses.
        record_id, message = (STRING.fit(self._secrets.hide(each)) for each in (record_id, error.message))
        identity = _identity(stream, record_id, error.category)
        self._categories.setdefault(stream, Counter())[error.category] += 1
        self._examples.setdefault(stream, self._secrets.hide(str(error)))
        written = self._open.written < MOST_OPEN_ERRORS
        if identity not in self._open and not written and self._open.further >= MOST_FURTHER_ERRORS:
            record_id, message, payload = OTHERS, f"this and others beside: {message}", None
            identity = _identity(stream, OTHERS, error.category)
        now = self._now()
        known = self._open.get(identity) or OpenError(stream, now, record_id=record_id)
        attempts = known.attempts + (identity not in self._met)
        self._met.add(identity)
        known = replace(known, attempts=attempts, behind=known.behind or behind)
        self._open.put(identity, known, written=written)
        self._destination.upsert(
            ERRORS.name,
            {
                "id": identity,
                "stream": stream,
                "record_id": record_id,
                "category": error.category,
                "status": error.status,
                "method": error.method or None,
                "url": self._secrets.hide(error.url) or None,
                "message": message,
                "payload": self._shown(payload),
                "attempts": attempts,
                "first_seen_at": known.first_seen_at,
                "last_seen_at": now,
                "resolved_at": None,
            },
        )

    def note_drift(self, stream: str, drift: Drift, *, behind: bool = False) -> None:
        """Report what did not fit the declarations: a row for each place, with how often it was met. Only a value that
        landed as NULL keeps its stream where it is: all else is left behind."""
        for place, times in drift.keys.items():
            error = _SchemaDrift(f"unknown key {place} in {times} records: it is not landed")
            self.note(stream, error, record_id=place, behind=True)
        for place, times in drift.unlanded.items():
            error = _SchemaDrift(f"{place} in {times} records: it is not landed")
            self.note(stream, error, record_id=place, behind=True)
        for place, times in drift.values.items():
            error = _SchemaDrift(f"{place} in {times} records: landed as NULL")
            self.note(stream, error, record_id=place, behind=behind)
        for place, times in drift.changed.items():
            error = _SchemaDrift(f"{place} in {times} records: what is nearest to it landed")
            self.note(stream, error, record_id=place, behind=True)

    def note_ahead(self, stream: str) -> None:
        """Report that a record shows a time that has not come yet at the source."""
        self.note(
            stream,
            _SchemaDrift("a change time that has not come yet at the source: it landed, and moves no position"),
            record_id="a time to come",
        )

    def resolve(self, stream: str, record_id: str | None = None, *, unless_behind: bool = False) -> None:
        """This record was looked at again, or the whole stream: what did not come back is resolved. `unless_behind`:
        what the stream has left behind was not looked at."""
        if not self._open.written and not self._open.further:
            return
        if record_id is None:
            found = self._open.of(stream)
        else:
            hidden = STRING.fit(self._secrets.hide(record_id))
            found = [_identity(stream, hidden, category) for category in CATEGORIES]
        for identity in found:
            known = self._open.get(identity)
            if known is None or identity in self._met or (unless_behind and known.behind):
                continue
            self._destination.update(ERRORS.name, {"id": identity, "resolved_at": self._now()})
            self._open.close(identity)

    @property
    def further(self) -> dict[str, str]:
        """What the state is to have of the errors that are not written out."""
        return self._open.encoded()

    def leave_out(self, stream: str) -> None:
        """This stream is no longer read: its errors are resolved, and its row in `sync_metadata` goes."""
        self.resolve(stream)
        self._destination.delete(SYNC_METADATA.name, {"stream": stream})

    @property
    def first(self) -> str:
        """The first error of this sync, in words."""
        return next(iter(self._examples.values()), "")

    def count(self, stream: str) -> int:
        """Errors of this stream in this sync."""
        return self._categories.get(stream, Counter()).total()

    def warn(self, stream: str) -> None:
        """The one warning of a stream, where there is something to warn of."""
        if categories := self._categories.get(stream):
            kinds = ", ".join(f"{category} {times}" for category, times in categories.most_common())
            self._destination.warning(
                f"{stream}: {categories.total()} problems ({kinds}), each a row in the table errors. "
                f"The first: {self._examples[stream]}"
            )

    def record(
        self,
        stream: str,
        *,
        mode: str,
        started_at: str,
        completed_at: str | None,
        rows: int,
        deletes: int,
        tally: Tally,
        position: Any,
    ) -> None:
        """The row of this stream in `sync_metadata`."""
        self._destination.upsert(
            SYNC_METADATA.name,
            {
                "stream": stream,
                "last_started_at": started_at,
                "last_completed_at": completed_at,
                "mode": mode,
                "rows": rows,
                "deletes": deletes,
                "requests": tally.requests,
                "retries": tally.retries,
                "throttled_seconds": round(tally.throttled_seconds, 3),
                "errors": self.count(stream),
                "position": shown_position(position),
            },
        )

    def _shown(self, payload: Any) -> Any:
        if payload is None:
            return None
        if isinstance(payload, str):
            return {"text": self._secrets.hide(payload)[:LONGEST_PAYLOAD]}
        return _hidden(payload, self._secrets)


def shown_position(position: Any) -> str | None:
    """A position for people: JSON, without its long parts."""
    if position is None:
        return None
    text = json.dumps(_short(position), sort_keys=True)
    return text if len(text) <= LONGEST_POSITION else text[: LONGEST_POSITION - len(CUT)] + CUT


def _short(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {key: _short(inner) for key, inner in part.items()}
    return part if len(json.dumps(part)) <= LONGEST_PART else CUT


def _identity(stream: str, record_id: str, category: str) -> str:
    return blake2b(f"{stream}\0{record_id}\0{category}".encode(), digest_size=16).hexdigest()


class _SchemaDrift(SourceError):
    category = "schema_drift"


def _hidden(value: Any, secrets: Secrets) -> Any:
    if isinstance(value, str):
        return secrets.hide(value)[:LONGEST_PAYLOAD]
    if isinstance(value, dict):
        return {key: _hidden(inner, secrets) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [_hidden(inner, secrets) for inner in value]
    return value
