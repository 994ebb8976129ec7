"""The connectors of this repository: their folders, what a package of each holds, and their settings.

python -m deploy.connectors               hands on the names of all as JSON; needs nothing installed
python -m deploy.connectors CONNECTOR     prints what it needs, the SDK too, as lines of lock.txt
python -m deploy.connectors --links       fails where a package would follow a link out of its folder
"""

import importlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from deploy.github import output

ROOT = Path(__file__).resolve().parent.parent
ENTRY = "connector"
"""The module that Fivetran looks for."""
SDK = "fivetran-connector-sdk"


def connectors(root: Path = ROOT) -> tuple[str, ...]:
    """The name of every folder that can be deployed, sorted."""
    return tuple(sorted(path.parent.name for path in root.glob(f"*/{ENTRY}.py")))


def packed(connector: str, root: Path = ROOT) -> tuple[str, ...]:
    """The folders whose files a package holds, relative to the root: its own, and what it links to.

    Git records a link, not what is behind it, so a change there does not touch the connector's folder.
    """
    home = root / connector
    links = (path.resolve().relative_to(root.resolve()) for path in sorted(home.iterdir()) if path.is_symlink())
    return (connector, *(str(path) for path in links))


def misled(connector: str, root: Path = ROOT) -> list[str]:
    """Links that a package must not follow, and a link to the engine that is none: a sentence each.

    `fivetran package` packs what a link leads to, wherever that is.
    """
    home = root / connector
    engine = home / "shared"
    links = [path for path in sorted(home.rglob("*")) if path.is_symlink() and path != engine]
    said = [f"{path.relative_to(root)} is a link: what it leads to would be packed" for path in links]
    if not engine.is_symlink():
        said.append(f"{connector}/shared is no link: check the repository out with core.symlinks=true")
    elif engine.resolve() != (root / "shared").resolve():
        said.append(f"{connector}/shared does not lead to shared")
    return said


def requirements(connector: str, root: Path = ROOT) -> list[str]:
    """The packages that must be installed where its `connector.py` is imported, beside the SDK: their names."""
    with (root / connector / "pyproject.toml").open("rb") as file:
        return [re.split(r"[=<>~ \[]", each)[0] for each in tomllib.load(file)["project"]["dependencies"]]


def locked(names: Iterable[str], root: Path = ROOT) -> str:
    """The lines of lock.txt for these packages and for all that they bring, with their hashes, for `pip install -r`.

    lock.txt says below each package who brings it. ValueError where it lacks one of the names.
    """
    packages = re.findall(r"^([\w.-]+)(.*(?:\n .*)*)", (root / "lock.txt").read_text("utf-8"), re.MULTILINE)
    brings: dict[str, set[str]] = {}
    for name, rest in packages:
        for owner in rest.rpartition("# via ")[2].split(", "):
            brings.setdefault(owner, set()).add(name)
    found, waiting = set[str](), set(names)
    if missing := waiting - {name for name, _ in packages}:
        raise ValueError(f"lock.txt does not know {', '.join(sorted(missing))}: run `make lock`")
    while waiting:
        found.add(name := waiting.pop())
        waiting |= brings.get(name, set()) - found
    return "\n".join(name + rest for name, rest in packages if name in found)


def modules(folder: Path, entry: str) -> dict[str, ModuleType]:
    """Import `entry` from the folder as Fivetran does: its modules, by the bare names they call each other by.

    They are taken out of `sys.modules` again, because other connectors use the same names.
    """
    importlib.import_module("shared")
    sys.path.insert(0, str(folder))
    names = [path.stem for path in folder.glob("*.py")]
    try:
        importlib.import_module(entry)
    finally:
        sys.path.remove(str(folder))
        found = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    for name, module in found.items():
        if Path(str(module.__file__)).parent != folder:
            raise ImportError(f"{name} was not imported from {os.fspath(folder)}")
    return found


def declaration(connector: str, root: Path = ROOT) -> Any:
    """The `shared.configuration.Configuration` of a connector."""
    return modules(root / connector, "settings")["settings"].CONFIGURATION


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--links"]:
            sys.exit("\n".join(sentence for connector in connectors() for sentence in misled(connector)) or None)
        case [connector]:
            print(locked({SDK, *requirements(connector)}))
        case _:
            output("connectors", json.dumps(connectors()))
