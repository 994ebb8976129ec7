"""The sandbox stands alone: what it plays and what it calls true owe nothing to the connectors."""

import ast
from pathlib import Path

import pytest

from deploy.connectors import connectors

SANDBOX = Path(__file__).parents[2] / "sandbox"
MODULES = sorted(SANDBOX.rglob("*.py"))
CONNECTORS = {*connectors(), "shared", "airtable_push", "fivetran_connector_sdk"}
VENDORS = tuple(f"sandbox.{path.parent.name}" for path in sorted(SANDBOX.glob("*/__init__.py")))


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SANDBOX)))
def test_a_module_imports_no_connector(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & CONNECTORS


def test_what_serves_every_vendor_knows_none() -> None:
    shared_by_all = (
        "company web limits ledger faults transport order vendor store changes routes listings columns draw".split()
    )
    for name in shared_by_all:
        assert not [one for one in imports(SANDBOX / f"{name}.py") if one.startswith(VENDORS)]


def test_truth_looks_at_no_payload() -> None:
    found = imports(SANDBOX / "basecamp" / "truth.py")
    assert not {"sandbox.basecamp.routes", "sandbox.basecamp.calls", "sandbox.basecamp.payloads"} & found
