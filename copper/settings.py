"""The settings of the Copper connector, the client they give, and the setup tests."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from account import leads_enabled
from api import LISTINGS, SEARCHES, Copper, meaning

from shared.access import Access
from shared.configuration import Configuration, Setting, stream_settings
from shared.errors import ConfigurationError, Rejected
from shared.owner import Owner
from shared.records import number
from shared.retry import Limit
from shared.setup import Checks

LIMIT = Limit(requests=180, seconds=60)
"""Of the whole account, in a rolling window (copper.md 2)."""
FIRST_WAIT_SECONDS = 5.0
"""A refusal names no wait, and the window is a minute long."""


def address(value: str) -> str:
    """An e-mail address."""
    if not re.fullmatch(r"\S+@\S+", value):
        raise ValueError
    return value


def account(access: Access) -> list[str]:
    """The account that the key belongs to; none where the answer does not say."""
    return [str(id) for id in [number(connect(access).account(), "id")] if id is not None]


CONFIGURATION = Configuration(
    (
        Setting(
            "api_key",
            "API key",
            "Made in Copper under Settings, Integrations, API Keys. Its owner must be an administrator: Copper shows "
            "everybody else fewer records, and does not say so.",
            secret=True,
        ),
        Setting("user_email", "E-mail of the key's owner", "The address of the very user who made the key.", address),
    ),
    base_url="https://api.copper.com/developer_api/v1",
    owner=Owner("account", account),
)


def connect(access: Access) -> Copper:
    """The client of one account."""
    headers = {
        "X-PW-AccessToken": access.values["api_key"],
        "X-PW-Application": "developer_api",
        "X-PW-UserEmail": access.values["user_email"],
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    retry = access.retry(LIMIT, first_wait_seconds=FIRST_WAIT_SECONDS)
    return Copper(access.http(access.values["base_url"], retry, headers=headers, interpret=meaning))


def credential_is_valid(access: Access) -> None:
    """Raises what the account answers."""
    connect(access).account()


def tables_are_readable(access: Access) -> None:
    """Raises `ConfigurationError` with the tables that this key may not read."""
    left_out = stream_settings(access.values).left_out
    refused: dict[str, Rejected] = {}
    for table, read in samples(connect(access)).items():
        try:
            if table not in left_out:
                read()
        except Rejected as error:
            refused[table] = error
    if refused:
        raise ConfigurationError(
            f"this key may not read {', '.join(refused)} ({next(iter(refused.values()))}): use the key of an "
            f"administrator, or leave them out with streams = {', '.join(f'-{table}' for table in refused)}"
        )


CHECKS: Checks = (
    ("The key and the e-mail are valid", credential_is_valid),
    ("Every table is readable", tables_are_readable),
)


def samples(copper: Copper) -> dict[str, Callable[[], Any]]:
    """One small request for each table that is read by default."""
    searches = {**SEARCHES, "user": "users", "activity": "activities"}
    if not leads_enabled(copper.account()):
        del searches["lead"]
    return {
        **{table: partial(copper.one_of, path) for table, path in searches.items()},
        **{table: partial(copper.listing, path) for table, path in LISTINGS.items()},
        "activity_type": copper.activity_types,
        "tag": lambda: next(copper.tags()),
    }
