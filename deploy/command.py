"""`fivetran`, run as a child process in a home of its own.

`fivetran deploy` imports the connector's code in the process that holds the key, so that process is given the
key and hardly anything else of the environment (fivetran_sdk.md 0.20). It reads further settings from the
working directory and the home folder: both are empty and new (fivetran_sdk.md 3.6).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.connectors import ROOT
from deploy.fivetran import ADDRESS, Fivetran, Refused

PYTHON_VERSION = "3.13"
"""What deployed connectors run on: one that the tests run on too."""
PASSED_ON = (
    "PATH",
    "LD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
LONGEST_SECONDS = 900.0
"""After this the command is given up; what it has done by then is asked of the API, as always."""
GIVEN_UP = 124
CONFIGURATION = "configuration.json"


def prepared_home(folder: Path, address: str = ADDRESS) -> Path:
    """Make a home in which `fivetran` does not look for a newer version of itself, and calls this address."""
    own = folder / ".fivetran" / "connector_sdk"
    own.mkdir(parents=True, exist_ok=True)
    (own / "_last_version_check").write_text(str(int(time.time())), "utf-8")
    if address != ADDRESS:
        (own / "_config.json").write_text(json.dumps({"production_base_url": address}), "utf-8")
    return folder


@dataclass(frozen=True)
class Ended:
    """How the command ended, and what it printed, without secrets."""

    code: int
    output: str


class Command:
    """Runs `fivetran` for one account and one destination."""

    def __init__(self, fivetran: Fivetran, destination: str, *, root: Path = ROOT, path: str | None = None) -> None:
        self._fivetran = fivetran
        self._destination = destination
        self._root = root
        # `fivetran` starts programs that are installed beside it by their bare names.
        self._path = os.pathsep.join(filter(None, [path, str(Path(sys.executable).parent), os.environ.get("PATH")]))

    def deploy(self, connector: str, configuration: Mapping[str, str] | None = None) -> Ended:
        """Package and upload the connector and bind its connection to that.

        A configuration is handed over in a pipe: it is in no file and on no command line. Raises `Refused`
        where a file lies about that would be sent as the configuration.
        """
        lying = self._root / connector / CONFIGURATION
        if lying.exists():
            raise Refused(f"{lying} would replace the secrets of the connection: move it away")
        options = [str(self._root / connector), *self._connection(connector)]
        if configuration is None:
            return self._run(["deploy", *options])
        with _piped(json.dumps(configuration)) as descriptor:
            return self._run(
                ["deploy", *options, "--configuration", f"/dev/fd/{descriptor}"], descriptors=(descriptor,)
            )

    def rebind(self, connector: str, package: str) -> Ended:
        """Bind the connection of this name to a package that is there."""
        return self._run(["deploy", "--package-id", package, *self._connection(connector)])

    def package(self, connector: str, folder: Path) -> Path:
        """Make the zip that would be deployed, in the folder."""
        ended = self._run(["package", str(self._root / connector), "--yes"])
        if ended.code != 0:
            raise Refused(f"{connector} could not be packaged:\n{ended.output}")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(self._root / connector / "files" / f"{connector}.zip", folder / f"{connector}.zip"))

    def _connection(self, connector: str) -> list[str]:
        return [
            "--destination",
            self._destination,
            "--connection",
            connector,
            "--python-version",
            PYTHON_VERSION,
            "--yes",
        ]

    def _run(self, arguments: Sequence[str], descriptors: Sequence[int] = ()) -> Ended:
        with tempfile.TemporaryDirectory() as home:
            passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            environment = {
                **passed_on,
                "PATH": self._path,
                "HOME": str(prepared_home(Path(home), self._fivetran.address)),
                "FIVETRAN_API_KEY": self._fivetran.key,
                "DO_NOT_TRACK": "1",
                "CI": "true",
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            try:
                ran = subprocess.run(
                    [str(Path(sys.executable).parent / "fivetran"), *arguments],
                    cwd=home,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    timeout=LONGEST_SECONDS,
                    pass_fds=descriptors,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return Ended(GIVEN_UP, f"no end within {LONGEST_SECONDS:.0f} seconds")
        return Ended(ran.returncode, self._fivetran.secrets.hide(ran.stdout))


@contextmanager
def _piped(text: str) -> Iterator[int]:
    """A descriptor to read the text from, once."""
    reader, writer = os.pipe()
    try:
        with os.fdopen(writer, "w", encoding="utf-8") as file:
            file.write(text)
        yield reader
    finally:
        os.close(reader)
