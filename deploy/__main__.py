"""Deploy connectors to Fivetran, take a deployment back, and set configurations.

Read from the environment: FIVETRAN_API_KEY (base64 of key:secret), FIVETRAN_DESTINATION_NAME, and for `configure`
SFL_<CONNECTOR>_<KEY>. Nothing secret is given on the command line. Ends with 0 if all went well, else with 1.
See docs/deploying.md.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path

from deploy.command import Command
from deploy.configuring import Configuring, SetupFailed
from deploy.connectors import ROOT, connectors, declaration
from deploy.fivetran import Fivetran, Refused, secrets_of
from deploy.github import mask, summarise
from deploy.record import keep, tell
from deploy.rollout import Rollout
from shared.clock import Clock, SystemClock
from shared.errors import SourceError

RECORDS = ROOT / "build" / "deployments"


def main(
    arguments: list[str] | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    clock: Clock | None = None,
    connect: Callable[..., Fivetran] = Fivetran,
    records: Path = RECORDS,
) -> int:
    """Run one command; answers the exit code."""
    chosen = parser().parse_args(arguments)
    clock = clock or SystemClock()
    try:
        key, destination = (_needed(environment, name) for name in ("FIVETRAN_API_KEY", "FIVETRAN_DESTINATION_NAME"))
        mask(secrets_of(key))
        fivetran = connect(key, clock=clock)
        command = Command(fivetran, destination)
        if chosen.command == "configure":
            summarise(
                Configuring(fivetran, command, destination).configure(
                    chosen.connector,
                    declaration(chosen.connector),
                    environment,
                    create=chosen.create,
                    fresh=chosen.fresh,
                    delete=chosen.delete,
                )
            )
            return 0
        rollout = Rollout(fivetran, command, destination, clock=clock, note=summarise)
        if chosen.command == "deploy":
            outcome = rollout.deploy(chosen.connector)
        else:
            outcome = rollout.roll_back(chosen.connector, chosen.package)
    except (Refused, SetupFailed, SourceError) as problem:
        summarise(f"{chosen.connector}: {problem}")
        return 1
    at = datetime.fromtimestamp(clock.now(), timezone.utc).isoformat(timespec="seconds")
    commit = environment.get("GITHUB_SHA", "")
    tell(outcome, commit, at)
    keep(outcome, commit, at, records)
    return 0 if outcome.good else 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    description, _, ending = str(__doc__).partition("\n\n")
    built = argparse.ArgumentParser(prog="python -m deploy", description=description, epilog=ending)
    commands = built.add_subparsers(dest="command", required=True)
    deploy = commands.add_parser("deploy", help="deploy the code that is here; the configuration stays")
    rollback = commands.add_parser("rollback", help="bind a package of before again")
    configure = commands.add_parser("configure", help="replace the configuration of a connection, or make one")
    for each in (deploy, rollback, configure):
        each.add_argument("connector", choices=connectors())
    rollback.add_argument("package", type=_package, help="its id, as the summary of the deployment shows it")
    for name, meaning in (
        ("create", "there is no such connection yet: make it"),
        ("fresh", "the refresh token was given by the source a moment ago"),
        ("delete", "settings that the connection has and the environment has not may go"),
    ):
        configure.add_argument(f"--{name}", type=_flag, default=False, metavar="true|false", help=meaning)
    return built


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise Refused(f"{name} is not set in the environment")
    return value


def _package(value: str) -> str:
    if not re.fullmatch(r"\w[\w-]*", copied := value.strip(), re.ASCII):
        raise argparse.ArgumentTypeError("a package id is letters and digits")
    return copied


def _flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise argparse.ArgumentTypeError("true or false")
    return value == "true"


if __name__ == "__main__":
    sys.exit(main())
