"""Loads every connector as Fivetran does, side by side in one process.

Fivetran puts a connector's folder on `sys.path` and imports `connector`, so its modules call each other
by bare names, and those of several connectors would collide. Each is loaded once and filed under the name of
its folder: `from basecamp import models` works in tests, for editors too.
"""

import sys
from pathlib import Path
from types import ModuleType

from deploy.connectors import ENTRY, ROOT, connectors, modules

SOURCES = connectors()


def load(source: str, root: Path = ROOT) -> None:
    """Import `source`, a folder of `root`, with all its modules, unless that was done before."""
    if source in sys.modules:
        return
    package = ModuleType(source)
    package.__path__ = [str(root / source)]
    sys.modules[source] = package
    for name, module in modules(root / source, ENTRY).items():
        sys.modules[f"{source}.{name}"] = module
        setattr(package, name, module)


def load_all() -> None:
    """Import every connector."""
    for source in SOURCES:
        load(source)
