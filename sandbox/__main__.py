"""`python -m sandbox serve` and `python -m sandbox configure SOURCE`."""

import argparse
import json
import shlex
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from sandbox.company import Company
from sandbox.faults import PROFILES, Faults
from sandbox.server import ENVIRONMENTS, PORT_BASE, PORTS, VENDORS, Server, Worker

READY = "\n".join(f"  READY {name} http://127.0.0.1:{PORT_BASE + place}" for name, place in PORTS.items())
SERVE_HELP = f"""\
Play the vendors on this machine until Ctrl-C or SIGTERM. One line a vendor is printed when it answers:

{READY}

Another --port-base moves them all.

examples:
  python -m sandbox serve --scale 0.05                     a small company, quick to sync in real time
  python -m sandbox serve --faults flaky --changes 2       it stutters, and works on while you read
  python -m sandbox serve --data ./payloads                records from a folder of JSON files instead
"""
CONFIGURE_HELP = """\
Write SOURCE/configuration.json so that the connector in that folder talks to `python -m sandbox serve`.
Give the same --seed, --data and --port-base as there; the credentials follow from the seed.
For airtable, which is written to, print the environment variables of the job that does.

examples:
  python -m sandbox configure basecamp
  eval "$(python -m sandbox configure airtable)"
"""
SMALLEST_SCALE = 0.05


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__, formatter_class=raw)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--port-base", type=int, default=PORT_BASE, help="port of the first vendor (default 8701)")
    shared.add_argument("--seed", type=int, default=1, help="another seed, another company (default 1)")
    shared.add_argument(
        "--data", type=Path, metavar="DIR", help="a folder of JSON payloads for basecamp to serve instead"
    )
    shared.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")

    serve = commands.add_parser(
        "serve", parents=[shared], help="play the vendors on this machine", description=SERVE_HELP, formatter_class=raw
    )
    serve.add_argument(
        "--scale",
        type=float,
        default=1.0,
        help="size of the company; 1 is 5,000 to-dos, 8,000 people, 600 documents and 12,000 gifts (default 1)",
    )
    serve.add_argument("--faults", choices=PROFILES, default="none", help="how badly it behaves (default none)")
    serve.add_argument(
        "--changes", type=float, default=0.0, metavar="PER_SECOND", help="changes while you read (default 0)"
    )
    serve.add_argument(
        "--vendors", default=",".join(VENDORS), help=f"comma list of the vendors to play (default {','.join(VENDORS)})"
    )
    serve.set_defaults(run=_serve)

    configure = commands.add_parser(
        "configure",
        parents=[shared],
        help="point a connector, or the job for Airtable, here",
        description=CONFIGURE_HELP,
        formatter_class=raw,
    )
    configure.add_argument("source", choices=sorted(VENDORS), help="the connector's folder")
    configure.set_defaults(run=_configure)
    return parser


def _serve(options: argparse.Namespace) -> int:
    names = [name.strip() for name in options.vendors.split(",") if name.strip()]
    unknown = [name for name in names if name not in VENDORS]
    if unknown:
        print(f"cannot play {', '.join(unknown)}; there is {', '.join(VENDORS)}", file=sys.stderr)
        return 2
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def wait(seconds: float) -> None:
        stop.wait(seconds)

    company = Company(options.seed, options.scale)
    with ExitStack() as stack:
        vendors = []
        for name in names:
            faults = Faults(options.seed, options.faults, sleep=wait)
            vendor = VENDORS[name](company, time.time, options.seed, faults, options.data)
            vendors.append(vendor)
            try:
                server = stack.enter_context(
                    Server(vendor, options.port_base + PORTS[name], options.host, options.seed)
                )
            except OSError as error:
                print(f"{name}: {error}; is another sandbox running? see --port-base", file=sys.stderr)
                return 1
            print(f"READY {name} {server.origin}", flush=True)
        stack.enter_context(Worker(vendors, options.changes, options.seed))
        stop.wait()
    return 0


def _configure(options: argparse.Namespace) -> int:
    company = Company(options.seed, SMALLEST_SCALE)
    vendor = VENDORS[options.source](company, time.time, options.seed, Faults(options.seed), options.data)
    origin = f"http://{options.host}:{options.port_base + PORTS[options.source]}"
    configuration = vendor.configuration(origin)
    if options.source in ENVIRONMENTS:
        for name, value in configuration.items():
            print(f"export {ENVIRONMENTS[options.source]}{name.upper()}={shlex.quote(value)}")
        return 0
    folder = Path(options.source)
    if not folder.is_dir():
        print(f"there is no folder {folder}; run this from the root of the repository", file=sys.stderr)
        return 1
    target = folder / "configuration.json"
    target.write_text(json.dumps(configuration, indent=2) + "\n", "utf-8")
    print(f"{target} points to {origin}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
