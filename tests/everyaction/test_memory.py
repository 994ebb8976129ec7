"""However many rows an export has, the connector holds few of them."""

import tracemalloc
from datetime import datetime, timezone

import pytest

from sandbox.clock import VirtualClock
from shared.configuration import stream_settings
from shared.loop import Loop
from shared.run import STREAMS_AT_ONCE, Run
from shared.workers import Workers
from tests.contract.world import CASES
from tests.depth import prove
from tests.shared.engine import Log

ROWS_OF_A_FILE = 250_000
MOST_BYTES = 150_000_000


class Service:
    """Exports so many supporters, in files."""

    def __init__(self, amount, export):
        self._amount = amount
        files = range(0, amount, ROWS_OF_A_FILE)
        self._export = export(tuple(map(str, files)), amount)

    def now(self):
        return datetime(2026, 6, 1, tzinfo=timezone.utc)

    def start(self, question):
        return {"exportJobId": 1, "dateChangedTo": "2026-06-01T00:00:00Z", **question}

    def ask(self, job):
        return self._export

    def download(self, first):
        yield b"VanID,FirstName,LastName,ChangeTypeID,ChangeTypeName\n"
        last = min(int(first) + ROWS_OF_A_FILE, self._amount)
        for number in range(int(first), last, 100):
            yield b"".join(
                b'%d,Ada,"of\n%d",1,CreatedOrUpdated\n' % (each, each) for each in range(number, number + 100)
            )


class Warehouse:
    """Counts rows, and keeps none."""

    rows = 0

    def upsert(self, table, data):
        self.rows += table == "contacts"

    def update(self, table, modified): ...
    def delete(self, table, keys): ...
    def checkpoint(self, state): ...
    def warning(self, message): ...
    def error(self, message): ...


@pytest.mark.parametrize("amount", [20_000, prove(1_000_000)])
def test_a_first_reading_and_its_files_take_little_memory(amount):
    from everyaction.api import Export
    from everyaction.exports import Exports

    declared, clock, warehouse = CASES["everyaction"].settings, VirtualClock(), Warehouse()
    configuration = {"username": "a", "password": "b|1", "start_date": "2026-05-30"}
    run = Run(declared, configuration, declared.secrets(configuration), {}, clock, None, lambda said: None)
    run.fields = {"Contacts": {"VanID": "N"}}
    run.loop = Loop(
        [Exports(run, Service(amount, Export), "Contacts", None).feed()],
        state=run.state,
        destination=warehouse,
        clock=clock,
        workers=Workers(clock, STREAMS_AT_ONCE),
        desk=run.desk,
        settings=stream_settings(run.values),
        secrets=run.secrets,
        log=Log(),
    )
    tracemalloc.start()
    try:
        run.loop.run()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert warehouse.rows == amount and peak < min(MOST_BYTES, 20_000_000 + 100 * amount)
