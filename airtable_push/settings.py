"""Where the warehouse and the base are: from the environment, else from a TOML file, else a default.

    # airtable_push/airtable_push.toml
    base = "appXXXXXXXXXXXXXX"
    warehouse = "postgresql://etl@warehouse.example/analytics"
    deletes = "mark"

    [flatten]
    copper = "copper/files/warehouse.db"

The environment variable of a setting is `AIRTABLE_PUSH_` and its name in capitals; of one under `[flatten]`,
`AIRTABLE_PUSH_FLATTEN_` and its name. The token is read from the environment only.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airtable_push.errors import UsageError
from shared.configuration import Setting, origin, text
from shared.errors import ConfigurationError

HOME = Path(__file__).parent
PREFIX = "AIRTABLE_PUSH_"
FLATTEN = "flatten"


def base_id(value: str) -> str:
    """The id of a base: app and 14 letters or digits, as in its address."""
    if len(value) != 17 or not value.startswith("app") or not value.isalnum():
        raise ValueError
    return value


SETTINGS = (
    Setting(
        "base",
        "Base",
        "The Airtable base that is written to: the part of its address that begins with app.",
        base_id,
        default="",
    ),
    Setting("base_url", "Address", "Where Airtable's Web API is.", origin, default="https://api.airtable.com"),
    Setting(
        "token",
        "Token",
        "A personal access token with data.records:read and :write and schema.bases:read (and"
        " schema.bases:write for init), and the base on its access list.",
        text,
        default="",
        secret=True,
    ),
    Setting(
        "warehouse",
        "Warehouse",
        "A DuckDB file, or postgresql://user@host/database.",
        text,
        default=str(HOME / "files" / "flat.duckdb"),
    ),
    Setting(
        "manifest",
        "Manifest",
        "The manifest.json that dbt has written.",
        text,
        default=str(HOME / "flatten" / "target" / "manifest.json"),
    ),
    Setting(
        "deletes",
        "Deletes",
        "What becomes of records whose row is gone: delete them, or mark them.",
        text,
        default="delete",
        choices=("delete", "mark"),
    ),
)


@dataclass(frozen=True)
class Settings:
    """`base` and `token` are empty where they are not set: `plan` and `status` ask nobody."""

    base: str
    base_url: str
    token: str
    warehouse: str
    manifest: Path
    deletes: str
    flatten: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Settings(base={self.base!r}, warehouse={shown(self.warehouse)!r})"

    @property
    def marks(self) -> bool:
        """Whether records are marked instead of deleted."""
        return self.deletes == "mark"


def read(environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """The settings. Raises `UsageError` that names everything that is wrong."""
    path = file or HOME / "airtable_push.toml"
    given: dict[str, Any] = {}
    if file is not None or path.exists():
        try:
            given = tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} cannot be read: {error}") from error
    flatten = given.pop(FLATTEN, {})
    names = {setting.name for setting in SETTINGS}
    problems = [f"{name} is not a setting; there are {', '.join(sorted(names))}" for name in given if name not in names]
    if given.pop("token", None):
        problems.append(f"token does not belong into a file: set {PREFIX}TOKEN")
    if not isinstance(flatten, dict):
        problems.append(f"{FLATTEN} must be a table: [{FLATTEN}]")
        flatten = {}
    asked = {**given}
    for name in names:
        if value := environment.get(PREFIX + name.upper(), "").strip():
            asked[name] = value
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            values[setting.name] = setting.read(asked) or ""
        except ConfigurationError as problem:
            problems.append(f"{problem} ({PREFIX}{setting.name.upper()})")
    if problems:
        raise UsageError("; ".join(problems) + ".")
    options = PREFIX + FLATTEN.upper() + "_"
    flatten |= {
        name.removeprefix(options).lower(): value
        for name, value in environment.items()
        if name.startswith(options) and value.strip()
    }
    return Settings(
        values["base"],
        values["base_url"],
        values["token"],
        values["warehouse"],
        Path(values["manifest"]),
        values["deletes"],
        flatten,
    )


def shown(warehouse: str) -> str:
    """The warehouse as it may be written anywhere: without a password."""
    scheme, separator, rest = warehouse.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if separator else warehouse
