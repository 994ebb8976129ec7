"""`python -m bench.imports`: how long a connector takes to load, after what every runner has loaded before it.

It is the CPU milliseconds of importing `connector` when `fivetran_connector_sdk` and `cryptography` are imported and
everything has bytecode.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from statistics import median

from bench.apart import ROOT
from bench.figures import Figure, shown
from deploy.connectors import connectors

TRIES = 9
"""The median of so many counts."""
MOST_MILLISECONDS = 30
CODE = """\
import sys, time
import cryptography.fernet, fivetran_connector_sdk
began = time.process_time()
import connector
print(1_000 * (time.process_time() - began))
"""


def main() -> int:
    print(shown(figures()))
    return 0


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as bytecode:
        for source in connectors():
            milliseconds(source, bytecode)  # Now there is bytecode.
            found = median(milliseconds(source, bytecode) for _ in range(TRIES))
            yield Figure("ms to import a connector", source, found, MOST_MILLISECONDS)


def milliseconds(source: str, bytecode: str) -> float:
    """Of one import, in a process of its own."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "DO_NOT_TRACK": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", CODE]
    ran = subprocess.run(command, cwd=ROOT / source, env=environment, capture_output=True, text=True, check=True)
    return float(ran.stdout)


if __name__ == "__main__":
    sys.exit(main())
