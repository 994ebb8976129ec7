"""The example of docs/adding_a_source.md, taken out of the page: a connector and its simulated vendor."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sandbox
from tests.connectors import ROOT, load

PAGE = (ROOT / "docs/adding_a_source.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
CONNECTOR = {name: text for name, text in BLOCKS.items() if name.startswith("lighthouse/")}
VENDOR = {name: text for name, text in BLOCKS.items() if name.startswith("sandbox/")}


def write(root: Path) -> None:
    """Write every file of the page below `root`, as a reader of the page would."""
    for name, text in BLOCKS.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for folder in ("lighthouse", "recipes"):
        (root / folder / "shared").symlink_to(ROOT / "shared")
    for module in (ROOT / "sandbox").iterdir():
        (root / "sandbox" / module.name).symlink_to(module)


@contextmanager
def loaded(root: Path) -> Iterator[None]:
    """`lighthouse` and `sandbox.lighthouse` can be imported, from what was written below `root`, unless they can be
    already."""
    if "lighthouse" in sys.modules:
        yield
        return
    sandbox.__path__.append(str(root / "sandbox"))
    load("lighthouse", root)
    try:
        yield
    finally:
        sandbox.__path__.remove(str(root / "sandbox"))
        for name in [each for each in sys.modules if re.match(r"(sandbox\.)?lighthouse(\.|$)", each)]:
            del sys.modules[name]
        vars(sandbox).pop("lighthouse", None)
