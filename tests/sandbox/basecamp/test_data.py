"""An account made of a folder of payloads: examples in the documented shapes come back as they are written."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sandbox.basecamp import Basecamp
from sandbox.basecamp.data import LEFT_OUT
from sandbox.basecamp.kinds import kind_of
from tests.basecamp.examples import FOLDER as EXAMPLES
from tests.sandbox.basecamp.conftest import ORIGIN, Reader
from tests.sandbox.basecamp.crawl import Crawl, differences
from tests.sandbox.conftest import Clock

OWN_FORM = ("steps", "lists", "wormholes")


def objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [one for inner in value for one in objects(inner)]
    if not isinstance(value, dict):
        return []
    return [value] * ("id" in value) + [one for inner in value.values() for one in objects(inner)]


def documented() -> dict[tuple[str, int], dict[str, Any]]:
    """The fullest payload of each recording in the examples."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for path in sorted(EXAMPLES.glob("*.json")):
        if LEFT_OUT.match(path.name):
            continue
        for one in objects(json.loads(path.read_text("utf-8"))):
            key = (one.get("type", ""), one["id"])
            if kind_of(key[0]) and "bucket" in one and "created_at" in one and len(one) > len(found.get(key, ())):
                found[key] = one
    return found


def without_people(value: Any) -> Any:
    """Persons reduced to their ids: the examples show the same person at different times."""
    if isinstance(value, list):
        return [without_people(one) for one in value]
    if not isinstance(value, dict):
        return value
    return value["id"] if "personable_type" in value else {key: without_people(one) for key, one in value.items()}


class Keeping(Reader):
    """Remembers every payload it has read, by wire type and id."""

    def __init__(self, vendor: Basecamp, clock: Clock) -> None:
        super().__init__(vendor, clock)
        self.seen: dict[tuple[str, int], dict[str, Any]] = {}

    def keep(self, payload: Any) -> Any:
        for one in objects(payload):
            key = (one.get("type", ""), one["id"])
            if len(one) >= len(self.seen.get(key, ())):
                self.seen[key] = one
        return payload

    def one(self, path: str) -> Any:
        return self.keep(super().one(path))

    def all(self, path: str) -> list[Any]:
        return self.keep(super().all(path))


@pytest.fixture(scope="module")
def read() -> Keeping:
    clock = Clock()
    reader = Keeping(Basecamp(EXAMPLES, clock.now), clock)
    columns = {table: list(rows[0]) if rows else [] for table, rows in reader.vendor.truth().items()}
    reader.tables = Crawl(reader, columns).run()  # type: ignore[attr-defined]
    return reader


def test_a_complete_reading_finds_exactly_the_truth(read: Keeping) -> None:
    assert differences(read.tables, read.vendor.truth()) == {}  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", documented(), ids=lambda key: f"{key[0]} {key[1]}")
def test_a_documented_recording_is_reached_through_the_lists(read: Keeping, key: tuple[str, int]) -> None:
    if key[0] in ("CloudFile", "GoogleDocument"):
        path = {"CloudFile": "cloud_files", "GoogleDocument": "google_documents"}[key[0]]
        read.one(f"{path}/{key[1]}.json")
    written = {name: value for name, value in documented()[key].items() if name not in OWN_FORM}
    served = json.loads(json.dumps(read.seen[key]).replace(f"{ORIGIN}/", "https://3.basecampapi.com/"))
    assert without_people({name: served.get(name) for name in written}) == without_people(written)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("account", "account.json"),
        ("project", "projects/2085958505.json"),
        ("projects_list", "projects.json"),
        ("person", "people/1049715928.json"),
        ("people_list", "people.json"),
        ("templates_list", "templates.json"),
        ("lineup_markers_list", "lineup/markers.json"),
        ("hill_chart", "todosets/1069479829/hill.json"),
        ("message_types_list", "buckets/2085958505/categories.json"),
        ("webhooks_list", "buckets/2085958505/webhooks.json"),
        ("events_list", "recordings/1069480015/events.json"),
        ("event_feed_poll", "events.json?since=0"),
        ("schedule", "schedules/1069479831.json"),
        ("card_table", "card_tables/1069479833.json"),
        ("upload", "uploads/1069480281.json"),
        ("timesheet_project_list", "projects/2085958505/timesheet.json"),
        ("gauges_list", "reports/gauges.json"),
        ("client_approval", "client/approvals/1069480147.json"),
    ],
)
def test_a_documented_answer_has_its_keys_and_its_ids(read: Keeping, name: str, path: str) -> None:
    written = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    served = read.all(path) if isinstance(written, list) else [read.one(path)]
    written = written if isinstance(written, list) else [written]
    for row in written:
        match = next(one for one in served if one.get("id") == row.get("id"))
        missing = set(row) - set(match)
        assert missing == set(), (name, missing)


def test_a_documented_payload_gives_way_when_its_record_changes() -> None:
    clock = Clock()
    reader = Reader(Basecamp(EXAMPLES, clock.now), clock)
    random = Random(5)
    for _ in range(30):
        clock.time += 86_400
        reader.vendor.work(random, 15)
    reader.renew()
    clock.time += 60
    columns = {table: list(rows[0]) if rows else [] for table, rows in reader.vendor.truth().items()}
    found, wanted = Crawl(reader, columns).run(), reader.vendor.truth()
    del wanted["event"]  # two documented records share an id, so one history is read twice
    assert differences(found, wanted) == {}


def test_a_folder_without_payloads_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no JSON files"):
        Basecamp(tmp_path, lambda: 0.0)
