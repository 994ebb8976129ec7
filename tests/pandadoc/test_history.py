"""What happened, and stays as it is."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import unquote

import pytest

from pandadoc import history
from tests.pandadoc.account import DAY_SECONDS, account, landed_ids, only, synced


def test_the_api_logs_land_once_without_bodies_and_grow() -> None:
    here = synced(scale=0.05, settings={"streams": only("api_log", "contact"), "look_hours": "0"})
    first = {key for (key,) in here.destination.rows["api_log"]}
    assert first == {row["id"] for row in here.vendor.truth()["api_log"]} & first and first
    here.sync()
    second = {key for (key,) in here.destination.rows["api_log"]}
    assert first < second
    assert here.destination.counts["api_log"]["upsert"] == len(second - first)


def test_the_api_logs_are_read_once_up_to_a_moment_of_the_sources_clock() -> None:
    here = account(scale=0.05, settings={"streams": only("api_log", "contact"), "look_hours": "0"})
    here.change(
        "/v2/logs",
        lambda answer, request: replace(
            answer,
            headers={**answer.headers, "Date": format_datetime(datetime.fromtimestamp(here.clock.now(), UTC), True)},
        ),
    )
    here.sync()
    first = landed_ids(here, "api_log")
    assert first
    for _ in range(2):
        before = len(here.requests)
        here.sync()
        calls = here.asked("/v2/logs", before)
        assert len(calls) == 3 and all("&to=" in each for each in calls[1:])  # The time; a page; and none after it.
    last = here.asked("/v2/logs", before)
    truth = {row["id"] for row in here.vendor.truth()["api_log"]}
    assert first < landed_ids(here, "api_log") < truth and len(truth - landed_ids(here, "api_log")) <= len(last) + 3


def test_a_window_of_the_api_logs_that_holds_more_than_can_be_had_is_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    here = account(settings={"streams": only("document")})
    for _ in range(8):
        here.sync(full_pass_days="0")
        here.clock.advance(DAY_SECONDS)
    calls = {row["id"] for row in here.vendor.truth()["api_log"] if row["request_time"] >= "2026"}
    monkeypatch.setattr(history, "MOST_LOGS", len(calls) // 2)
    before = len(here.requests)
    here.sync(streams=only("api_log"))
    assert here.open_errors() == [] and calls <= landed_ids(here, "api_log")
    times = [re.findall("since=([^&]+)&to=([^&]+)", unquote(path)) for path in here.asked("/v2/logs", before)]
    lengths = {datetime.fromisoformat(to) - datetime.fromisoformat(since) for [(since, to)] in filter(None, times)}
    assert max(lengths) == timedelta(days=10) and timedelta(days=5) in lengths


def test_webhook_events_are_sent_once_and_never_deleted() -> None:
    here = synced(scale=0.3, settings={"streams": only("webhook_event")})
    kept = len(here.destination.rows["webhook_event"])
    for event in here.vendor.store.living("webhook_event")[: kept // 2]:
        here.vendor.store.purge(event)
    for days in ("7", "0"):
        here.sync(full_pass_days=days)
        assert len(here.destination.rows["webhook_event"]) == kept
        assert here.destination.business() == 0
