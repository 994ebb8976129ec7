"""The settings of the Copper connector, the client they give, and the setup tests."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from api import SEARCHES, Copper, meaning

from shared.clock import Clock
from shared.configuration import Configuration, Setting, stream_settings, url
from shared.errors import ConfigurationError, Rejected
from shared.http import Http, Session
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry

LIMIT = Limit(requests=180, seconds=60)
"""Of the whole account, in a rolling window (copper.md 2)."""
FIRST_WAIT_SECONDS = 5.0
"""A refusal names no wait, and the window is a minute long."""
LISTINGS = {
    "pipeline": "pipelines",
    "pipeline_stage": "pipeline_stages",
    "custom_activity_type": "custom_activity_types",
    "contact_type": "contact_types",
    "customer_source": "customer_sources",
    "loss_reason": "loss_reasons",
    "lead_status": "lead_statuses",
    "custom_field_definition": "custom_field_definitions",
}
"""The addresses of the listings that come whole, by table."""


def address(value: str) -> str:
    """An e-mail address."""
    if not re.fullmatch(r"\S+@\S+", value):
        raise ValueError
    return value


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
        Setting("base_url", "Copper", "Only for tests.", url, default="https://api.copper.com/developer_api/v1"),
    )
)


def connect(values: Mapping[str, Any], *, clock: Clock, secrets: Secrets, session: Session | None = None) -> Copper:
    """Compose client, retry and pace from the settings (as `Configuration.read` returns them)."""
    retry = Retry(clock=clock, pace=Pace(LIMIT, clock=clock), breaker=Breaker(), first_wait_seconds=FIRST_WAIT_SECONDS)
    headers = {
        "X-PW-AccessToken": values["api_key"],
        "X-PW-Application": "developer_api",
        "X-PW-UserEmail": values["user_email"],
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    return Copper(
        Http(values["base_url"], headers=headers, retry=retry, interpret=meaning, secrets=secrets, session=session)
    )


def checks(clock: Clock) -> list[tuple[str, Callable[[Mapping[str, str]], None]]]:
    """The setup tests, in order: each raises with what to do about it."""

    def connected(configuration: Mapping[str, str]) -> Copper:
        values = CONFIGURATION.read(configuration)
        return connect(values, clock=clock, secrets=CONFIGURATION.secrets(configuration))

    def credential_is_valid(configuration: Mapping[str, str]) -> None:
        connected(configuration).account()

    def tables_are_readable(configuration: Mapping[str, str]) -> None:
        copper = connected(configuration)
        left_out = stream_settings(CONFIGURATION.read(configuration)).left_out
        refused: dict[str, Rejected] = {}
        for table, read in samples(copper).items():
            try:
                if table not in left_out:
                    read()
            except Rejected as error:
                refused[table] = error
        if refused:
            tables = ", ".join(refused)
            raise ConfigurationError(
                f"this key may not read {tables} ({next(iter(refused.values()))}): use the key of an administrator, or "
                f"leave them out with streams = {', '.join(f'-{table}' for table in refused)}"
            )

    return [("The key and the e-mail are valid", credential_is_valid), ("Every table is readable", tables_are_readable)]


def samples(copper: Copper) -> dict[str, Callable[[], Any]]:
    """One small request for each table that is read by default."""
    searches = {**SEARCHES, "user": "users", "activity": "activities"}
    if not leads_enabled(copper.account()):
        del searches["lead"]
    return {
        **{table: lambda path=path: copper.one_of(path) for table, path in searches.items()},  # type: ignore[misc]
        **{table: lambda path=path: copper.listing(path) for table, path in LISTINGS.items()},  # type: ignore[misc]
        "activity_type": copper.activity_types,
        "tag": lambda: next(copper.tags()),
    }


def leads_enabled(account: Mapping[str, Any]) -> bool:
    """Whether the account has leads at all: that can be switched off (copper.md 4)."""
    settings = account.get("settings")
    return not isinstance(settings, Mapping) or settings.get("setting_enable_leads") is not False
