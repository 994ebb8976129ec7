"""Real processes to try a connector with: a sandbox, a copy of the connector's folder, and `fivetran`.

with Sandbox("basecamp", scale=0.05) as sandbox:
    project = Project("basecamp", Path("build/demo/basecamp"))
    project.configure(sandbox["basecamp"].configuration())
    project.debug()
    project.query("SELECT count(*) FROM tester.todo")
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import Request, urlopen

import duckdb

from deploy.command import prepared_home
from sandbox.server import PORT_BASE, PORTS

ROOT = Path(__file__).resolve().parent.parent
LEFT_BEHIND = ("__pycache__", ".*", "files", "crash-reports", "configuration.json", "state.json")
"""What running a connector leaves in its folder."""
PROGRAMS = Path(sys.executable).parent
"""Where `fivetran` is, and the programs that it starts by name."""
ANSWER_SECONDS = 30.0
PORTS_TRIED = 5


class Played:
    """One vendor that is played at `origin`."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def configuration(self) -> dict[str, str]:
        """A configuration that points here."""
        return dict(self._ask("GET", "configuration"))

    def work(self, count: int) -> list[str]:
        """Let the company make this many changes; answers their names."""
        return list(self._ask("POST", f"work?count={count}")["changes"])

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """Every table as a warehouse must hold it."""
        return dict(self._ask("GET", "truth"))

    def _ask(self, method: str, what: str) -> Any:
        with urlopen(Request(f"{self.origin}/_sandbox/{what}", method=method), timeout=ANSWER_SECONDS) as answer:
            return json.load(answer)


class Sandbox:
    """`python -m sandbox serve` in a process of its own until the block is left. `sandbox[vendor]` is `Played`."""

    def __init__(self, *vendors: str, scale: float, seed: int = 1) -> None:
        self._vendors = vendors
        self._command = [
            sys.executable,
            "-m",
            "sandbox",
            "serve",
            "--vendors",
            ",".join(vendors),
            "--scale",
            str(scale),
            "--seed",
            str(seed),
        ]
        self._played: dict[str, Played] = {}

    def __enter__(self) -> "Sandbox":
        for _ in range(PORTS_TRIED):
            port_base = str(_free_port_base([PORTS[vendor] for vendor in self._vendors]))
            self._process = subprocess.Popen(
                [*self._command, "--port-base", port_base], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
            if self._all_ready():
                return self
            # Somebody else took a port between looking and serving.
            self.__exit__(None, None, None)
        raise RuntimeError("the sandbox did not start")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def __getitem__(self, vendor: str) -> Played:
        return self._played[vendor]

    def _all_ready(self) -> bool:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            _, vendor, origin = line.split()
            self._played[vendor] = Played(origin)
            if self._played.keys() == set(self._vendors):
                return True
        return False


class Project:
    """A copy of a connector's folder, with what it links to beside it. Both are emptied first."""

    def __init__(self, source: str, folder: Path) -> None:
        self.folder = folder
        for origin, copy in ((ROOT / "shared", folder.parent / "shared"), (ROOT / source, folder)):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(origin, copy, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_BEHIND))

    @classmethod
    def at(cls, folder: Path) -> "Project":
        """A folder that is there already, as it is."""
        project = cls.__new__(cls)
        project.folder = folder
        return project

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that `fivetran debug` writes."""
        return self.folder / "files" / "warehouse.db"

    def configure(self, configuration: dict[str, str]) -> None:
        """Write its configuration.json, readable by nobody else."""
        path = self.folder / "configuration.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(configuration, indent=2) + "\n", "utf-8")

    def environment(self, home: Path | None = None) -> dict[str, str]:
        """The variables with which this folder is run. `home` replaces the user's own."""
        path = os.pathsep.join([str(stand_ins(self.folder.parent)), str(PROGRAMS), os.environ["PATH"]])
        variables = {**os.environ, "DO_NOT_TRACK": "1", "PATH": path}
        return variables if home is None else {**variables, "HOME": str(prepared_home(home))}

    def start(self, *command: str, home: Path | None = None, **options: Any) -> subprocess.Popen[str]:
        """Start `fivetran COMMAND` on this folder, with its output in a pipe."""
        name, *rest = command
        return subprocess.Popen(
            [str(PROGRAMS / "fivetran"), name, str(self.folder), *rest],
            cwd=self.folder,
            env=self.environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def run(self, *command: str, home: Path | None = None) -> tuple[int, str]:
        """Run it to its end; answers the exit code and everything that it printed."""
        process = self.start(*command, home=home)
        output, _ = process.communicate()
        return process.returncode, output

    def query(self, statement: str, parameters: Sequence[Any] = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows. The file is opened for reading only and closed again."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            found = connection.execute(statement, list(parameters))
            return [column[0] for column in found.description or ()], found.fetchall()


def stand_ins(folder: Path) -> Path:
    """A folder with a `pipreqs` that finds nothing: the real one asks the package index about every import,
    only to compare the answer with pyproject.toml, and waits long where there is no index."""
    programs = folder / "programs"
    programs.mkdir(parents=True, exist_ok=True)
    program = programs / "pipreqs"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    return programs


def _free_port_base(distances: Sequence[int]) -> int:
    """The usual base if its ports are free, else one near a port that the system offers."""
    for base in (PORT_BASE, *(_offered_port() for _ in range(PORTS_TRIED))):
        if all(_is_free(base + distance) for distance in distances):
            return base
    raise RuntimeError("no ports are free on 127.0.0.1")


def _offered_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
