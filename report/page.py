"""The page: one file of HTML that loads nothing and runs nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from report.facts import Facts
from report.health import HOUR_SECONDS, ORDER, Objectives, SourceHealth, Status, judge

DAYS = 14
DAY_SECONDS = 86_400
MEANINGS = {
    "auth": "the credential was not accepted",
    "permission": "the credential may not read this",
    "not_found": "it is gone, or was never there",
    "rate_limit": "too many requests, for too long",
    "timeout": "no answer in time",
    "unavailable": "the source failed",
    "bad_payload": "an answer that is not what the source documents",
    "schema_drift": "a value or a key that no column is for",
    "rejected": "the source refused the request",
}
"""Of the categories of `errors` (DESIGN, section 5)."""


def render(facts: Facts, objectives: Objectives, now: float) -> str:
    """The whole page. `now` is in seconds since 1970 UTC."""
    environment = Environment(
        loader=PackageLoader("report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number="{:,}".format, ago=ago, span=span, moment=moment, spoken=spoken)
    environment.globals.update(since=lambda seconds: "–" if seconds is None else ago((now - seconds) / HOUR_SECONDS))
    judged = (judge(source, objectives, now) for source in facts.sources)
    healths = sorted(judged, key=lambda each: (ORDER.index(each.status), each.source.name))
    today = int(now // DAY_SECONDS)
    return environment.get_template("page.html").render(
        facts=facts,
        healths=healths,
        now=now,
        verdict=verdict(healths, all_read=not facts.missing),
        Status=Status,
        meanings=MEANINGS,
        touched=[_by_day([table.touched for table in each.source.tables], today) for each in healths],
        noted=[_by_day([each.source.noted], today) for each in healths],
    )


def verdict(healths: Sequence[SourceHealth], *, all_read: bool = True) -> str:
    """The state of everything in a sentence."""
    if not healths:
        return "Nothing has been landed yet" if all_read else "Nothing could be read"
    stale = [spoken(each.source.name) for each in healths if each.stale]
    empty = [spoken(each.source.name) for each in healths if each.status is Status.EMPTY]
    failing = [spoken(each.source.name) for each in healths if each.source.open_by_stream]
    bad = [
        f"{_listed(names)} {one if len(names) == 1 else many}"
        for names, one, many in ((stale, "is stale", "are stale"), (empty, "has no data", "have no data"))
        if names
    ]
    sentence = ", ".join(bad) or "Everything is fresh"
    if failing and not bad:
        sentence += f", with open problems in {_listed(failing)}"
    return sentence if all_read else f"{sentence}, as far as it could be read"


def ago(hours: float | None) -> str:
    """An age as people say it."""
    return "never" if hours is None else f"{span(hours)} ago"


def span(hours: float) -> str:
    """A length of time in its largest sensible unit."""
    if hours < 1:
        return f"{max(1, round(hours * 60))} min"
    return f"{hours:.0f} h" if hours < 72 else f"{hours / 24:.0f} days"


def moment(seconds: float) -> str:
    """A time in UTC, as HTML and people can read it."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M")


def spoken(name: str) -> str:
    """A source as it calls itself; any other name with a capital."""
    return {"quickbooks": "QuickBooks", "pandadoc": "PandaDoc"}.get(name, name[:1].upper() + name[1:])


def _by_day(counts: Sequence[Mapping[int, int]], today: int) -> list[dict[str, Any]]:
    first = datetime.fromtimestamp(0, timezone.utc)
    return [
        {
            "day": (first + timedelta(days=day)).strftime("%d %b").lstrip("0"),
            "count": sum(each.get(day, 0) for each in counts),
        }
        for day in range(today - DAYS + 1, today + 1)
    ]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
