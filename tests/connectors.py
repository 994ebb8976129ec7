"""Loads every connector as Fivetran does, side by side in one process.

Fivetran puts a connector's folder on `sys.path` and imports `connector`, so its modules call each other
by bare names, and those of four connectors would collide. Each is loaded once and filed under the name of
its folder: `from basecamp import models` works in tests, for editors too.
"""

import importlib
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("basecamp", "copper")


def load(source: str) -> None:
    """Import `source` with all its modules, unless that was done before."""
    if source in sys.modules:
        return
    home = ROOT / source
    importlib.import_module("shared")
    package = ModuleType(source)
    package.__path__ = [str(home)]
    sys.modules[source] = package
    sys.path.insert(0, str(home))
    try:
        importlib.import_module("connector")
    finally:
        sys.path.remove(str(home))
        for name in [path.stem for path in home.glob("*.py")]:
            module = sys.modules.pop(name, None)
            if module is not None:
                assert Path(str(module.__file__)).parent == home, f"{name} was not imported from {home}"
                sys.modules[f"{source}.{name}"] = module
                setattr(package, name, module)


def load_all() -> None:
    """Import every connector."""
    for source in SOURCES:
        load(source)
