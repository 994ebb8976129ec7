"""Make the states of release 1.0.0 anew, where the simulated company has become another one.

    python tests/contract/released/remake.py quickbooks

The connectors are taken from that release, the simulated vendors from here, in a folder of their own.
"""

import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

RELEASE = "ead34e5"
HERE = Path(__file__).parent
ROOT = HERE.parents[2]
MAKE = """
import json, sys
from functools import partial
import shared.loop
from tests.connectors import load_all
from tests.destination import KilledHard

load_all()
from tests.contract import world
from tests.contract.world import CASES, World

world.Company = partial(world.Company, hostile=True)  # As the contract has it today.

def state(world):
    return json.loads(json.dumps(world.destination.state))

case = CASES[sys.argv[1]]
here = World(case, scale=0.02)
here.sync()
states = {"complete": state(here)}
here.vendor.work(here.random, 20)
here.sync()
states["later"] = state(here)
shared.loop.CHECKPOINT_SECONDS = 0.5
whole = World(case, scale=0.02, latency=0.05)
whole.sync()
for percent in (20, 35, 50):
    here, left = World(case, scale=0.02, latency=0.05), iter(range(len(whole.requests) * percent // 100))

    def interrupt():
        if next(left, None) is None:
            raise KilledHard

    here.interrupt = interrupt
    try:
        here.sync()
    except KilledHard:
        states[f"begun, {percent} %"] = state(here)
print(json.dumps(dict(sorted(states.items()))))
"""


def main(source: str) -> None:
    packed = subprocess.run(["git", "archive", RELEASE], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            wanted = [each for each in archive.getmembers() if each.name.split("/")[0] != "sandbox"]
            archive.extractall(folder, wanted, filter="data")
        (Path(folder) / "sandbox").symlink_to(ROOT / "sandbox")
        made = subprocess.run(
            [sys.executable, "-c", MAKE, source], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
        )
    (HERE / f"{source}.json").write_text(made.stdout, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
