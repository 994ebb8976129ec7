"""The settings of the EveryAction connector, the client they give, and the setup tests."""

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import models
from api import EveryAction, interpret

from shared.access import Access
from shared.configuration import Configuration, Setting
from shared.discovered import Fields
from shared.errors import ConfigurationError, ServiceDown, SourceError, Unauthorized
from shared.owner import Owner
from shared.records import text, value
from shared.retry import Limit
from shared.setup import Checks

LIMIT = Limit(120, seconds=60)
"""The service publishes none that we know (everyaction.md 2)."""
MODE = re.compile(r"[^|]+(?:\|[01])?", re.ASCII)


def api_key(value: str) -> str:
    """An API key, with |0 or |1 behind it or without."""
    if not MODE.fullmatch(value):
        raise ValueError
    return value


def names(value: str) -> frozenset[str]:
    """A comma list of names."""
    return frozenset(name.strip().casefold() for name in value.split(",") if name.strip())


def keys(value: str) -> dict[str, str]:
    """A comma list of names with their columns, as in ContactHistory=HistoryID."""
    pairs = (pair.split("=") for pair in value.split(",") if pair.strip())
    found = {resource.strip(): column.strip() for resource, column in pairs}
    if not all(found.values()) or not found.keys() <= models.EXPORTS.keys():
        raise ValueError
    return found


def fields(access: Access) -> Fields:
    """The columns of each export that this key may read: by resource type, field by field, with its kind."""
    everyaction, found = connect(access), {}
    for resource in models.EXPORTS.keys() & everyaction.exportable():
        try:
            found[resource] = models.kinds(everyaction.fields(resource))
        except (Unauthorized, ServiceDown):
            raise
        except SourceError:
            continue  # Its own stream will tell.
    return found


def database(access: Access) -> list[str]:
    """The database and the committee that the key belongs to, and whether it opens the voter file, whose ids differ.

    None where the answer does not say.
    """
    profile = connect(access).profile()
    committee = value(profile, "committeeId") or text(profile, "committeeName")
    voters = "/My Voters" if key_of(access.values).endswith("|0") else ""
    return [f"{text(profile, 'databaseName')}/{committee}{voters}"] if text(profile, "databaseName") else []


CONFIGURATION = Configuration(
    (
        Setting("username", "Application name", "The name of the application that the API key was made for."),
        Setting("password", "API key", "All of the key, as in GUID|1.", api_key, secret=True),
        Setting(
            "mode",
            "Database mode",
            "1 for EveryAction and My Campaign, 0 for My Voters. Only where the key does not end in it.",
            choices=("0", "1"),
            default="1",
        ),
        Setting(
            "deleted_change_types",
            "Change types that delete",
            "Comma list: names of change types whose rows are deleted.",
            names,
            default="",
        ),
        Setting(
            "key_columns",
            "Key columns",
            "Comma list: resource types whose rows are told apart by another column, as in ContactHistory=HistoryID.",
            keys,
            default="",
        ),
    ),
    base_url="https://api.securevan.com/v4",
    owner=Owner("database", database),
    fields=fields,
)


def key_of(values: Mapping[str, Any]) -> str:
    """The API key with its mode."""
    key: str = values["password"]
    return key if "|" in key else f"{key}|{values['mode']}"


def connect(access: Access) -> EveryAction:
    """The client of one database. The file host is asked at no pace, and handed no credential."""
    values = access.values
    credential = b64encode(f"{values['username']}:{key_of(values)}".encode()).decode()
    access.secrets.add(credential)
    policy = {"attempts": 8, "first_wait_seconds": 2.0}
    http = access.http(
        values["base_url"],
        access.retry(LIMIT, **policy),
        headers={"Authorization": f"Basic {credential}"},
        interpret=interpret,
    )
    return EveryAction(http, access.http(values["base_url"], access.retry(**policy)), access.clock)


def credential_is_valid(access: Access) -> None:
    """Raises what the service answers."""
    connect(access).profile()


def exports_are_permitted(access: Access) -> None:
    """Raises `ConfigurationError` where this key may export nothing."""
    if not models.EXPORTS.keys() & connect(access).exportable():
        raise ConfigurationError(
            "this key may export nothing: ask EveryAction to permit it changed entity export jobs, without which no "
            "supporter and no contribution can be read"
        )


CHECKS: Checks = (("The key is valid", credential_is_valid), ("Exports are permitted", exports_are_permitted))
