"""The settings of the Basecamp connector, the client they give, and the setup tests."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api import Basecamp, accounts, exchange, meaning, refusal

from shared.clock import Clock
from shared.configuration import Configuration, Setting, origin, whole_number
from shared.errors import ConfigurationError, NotFound, Unauthorized
from shared.http import Http, Session
from shared.oauth import Tokens
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry
from shared.workers import Desk

LIMIT = Limit(requests=50, seconds=10)
"""Per address of the sender; others exist but are not disclosed (basecamp.md 3)."""


def identified(value: str) -> str:
    """An application and a way to reach you, like `Acme reports (data@example.com)`."""
    if not re.search(r"\S+\s+\(?.*(@|https?://).+", value):
        raise ValueError
    return value


CONFIGURATION = Configuration(
    (
        Setting(
            "account_id",
            "Account id",
            "The number in the address of your Basecamp: 3.basecamp.com/NUMBER.",
            whole_number,
        ),
        Setting("client_id", "Client id", "Of your integration at launchpad.37signals.com/integrations."),
        Setting("client_secret", "Client secret", "Of the same integration.", secret=True),
        Setting(
            "refresh_token",
            "Refresh token",
            "From authorising the integration once, best as an owner of the account.",
            secret=True,
            rotates=True,
        ),
        Setting(
            "user_agent",
            "Application and contact",
            "Basecamp demands both from everyone who reads: a name, and an address or e-mail in brackets.",
            identified,
        ),
        Setting("base_url", "Basecamp", "Only for tests.", origin, default="https://3.basecampapi.com"),
        Setting("launchpad_url", "Launchpad", "Only for tests.", origin, default="https://launchpad.37signals.com"),
    )
)


@dataclass(frozen=True)
class Connection:
    """Everything that talks to one Basecamp account."""

    basecamp: Basecamp
    launchpad: Http
    tokens: Tokens


def connect(
    values: Mapping[str, Any],
    state: dict[str, Any],
    *,
    clock: Clock,
    desk: Desk,
    secrets: Secrets,
    session: Session | None = None,
) -> Connection:
    """Compose client, retry, pace and tokens from the settings (as `Configuration.read` returns them)."""
    retry = Retry(clock=clock, pace=Pace(LIMIT, clock=clock), breaker=Breaker())
    headers = {"User-Agent": values["user_agent"], "Accept": "application/json"}
    common: dict[str, Any] = {"headers": headers, "secrets": secrets, "session": session}
    once = Http(values["launchpad_url"], interpret=refusal, retry=retry, **common)
    tokens = Tokens(
        state,
        refresh_token=values["refresh_token"],
        client_secret=values["client_secret"],
        clock=clock,
        desk=desk,
        secrets=secrets,
        exchange=lambda token: exchange(once, values["client_id"], values["client_secret"], token),
    )
    http = Http(values["base_url"], bearer=tokens.access, interpret=meaning, retry=retry, **common)
    return Connection(
        basecamp=Basecamp(http, values["account_id"]),
        launchpad=Http(values["launchpad_url"], bearer=tokens.access, retry=retry, **common),
        tokens=tokens,
    )


def checks(clock: Clock) -> list[tuple[str, Callable[[Mapping[str, str]], None]]]:
    """The setup tests, in order: each raises with what to do about it.

    The refresh token is tried: nothing else shows that it works, and Basecamp does not rotate it (basecamp.md 2).
    """

    state: dict[str, Any] = {}

    def connected(configuration: Mapping[str, str]) -> tuple[Mapping[str, Any], Connection]:
        # One state for all three: an access token is asked for once.
        values = CONFIGURATION.read(configuration)
        secrets = CONFIGURATION.secrets(configuration)
        return values, connect(values, state, clock=clock, desk=Desk(clock), secrets=secrets)

    def credential_is_valid(configuration: Mapping[str, str]) -> None:
        connected(configuration)[1].tokens.access(None)

    def account_is_reachable(configuration: Mapping[str, str]) -> None:
        values, connection = connected(configuration)
        known = {str(each.get("id")): str(each.get("name")) for each in accounts(connection.launchpad)}
        if values["account_id"] not in known:
            listed = ", ".join(f"{number} ({name})" for number, name in known.items()) or "none"
            raise ConfigurationError(
                f"the credential does not open account {values['account_id']}: it opens {listed}. Correct "
                "account_id, or authorise as somebody who belongs to that account."
            )
        connection.basecamp.one("my/profile.json")

    def a_project_is_visible(configuration: Mapping[str, str]) -> None:
        _, connection = connected(configuration)
        try:
            if next(connection.basecamp.listing("projects.json")).records:
                return
        except NotFound as error:
            raise Unauthorized(NO_ACCOUNT) from error
        raise ConfigurationError(NO_PROJECT)

    return [
        ("The credential is valid", credential_is_valid),
        ("The account is reachable", account_is_reachable),
        ("At least one project is visible", a_project_is_visible),
    ]


NO_ACCOUNT = (
    "this account is not there for the credential: check account_id, and that the person who authorised still "
    "belongs to it"
)
NO_PROJECT = "the person who authorised sees no project: add them to the projects to be reported on"
