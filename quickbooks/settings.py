"""The settings of the QuickBooks connector, the client they give, and the setup tests."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api import QuickBooks, exchange, meaning, refusal

from shared.clock import Clock
from shared.configuration import Configuration, Setting, origin, url, whole_number
from shared.http import Http, Session
from shared.oauth import Tokens
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry
from shared.workers import Desk

LIMITS = (Limit(requests=500, seconds=60), Limit(requests=10, seconds=1))
"""Per company. More than 10 at once are refused too; streams are read four at a time (quickbooks.md 5)."""
READ_SECONDS = 150.0
"""QuickBooks gives up after 120 seconds and says so (quickbooks.md 5): whoever hangs up before does not hear it."""
HOSTS = {"production": "https://quickbooks.api.intuit.com", "sandbox": "https://sandbox-quickbooks.api.intuit.com"}
TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"

CONFIGURATION = Configuration(
    (
        Setting("client_id", "Client id", "Of your app at developer.intuit.com, on its page of keys."),
        Setting("client_secret", "Client secret", "Of the same app.", secret=True),
        Setting(
            "refresh_token",
            "Refresh token",
            "From authorising the app once, as an administrator of the company.",
            secret=True,
            rotates=True,
        ),
        Setting("realm_id", "Company id", "The number called realmId that came with the authorisation.", whole_number),
        Setting(
            "environment",
            "Environment",
            "Which keys of the app these are, and which kind of company.",
            default="production",
            choices=tuple(HOSTS),
        ),
        Setting(
            "fivetran_api_key",
            "Fivetran API key",
            "Optional: the base64-encoded API key of a Fivetran user who may edit this connection. With it each new "
            "refresh token is written into this configuration, so that a full re-sync needs nobody to authorise again.",
            default="",
            secret=True,
        ),
        Setting(
            "base_url", "QuickBooks", "Only for tests; by default the host of the environment.", origin, default=""
        ),
        Setting("token_url", "Token endpoint", "Only for tests.", url, default=TOKEN_URL),
    )
)


@dataclass(frozen=True)
class Connection:
    """Everything that talks to one company."""

    quickbooks: QuickBooks
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
    breaker = Breaker()
    common: dict[str, Any] = {"secrets": secrets, "session": session, "id_header": "intuit_tid"}
    identity = base64.b64encode(f"{values['client_id']}:{values['client_secret']}".encode()).decode()
    secrets.add(identity)
    once = Http(
        values["token_url"],
        headers={"Authorization": f"Basic {identity}", "Accept": "application/json"},
        interpret=refusal,
        retry=Retry(clock=clock, pace=Pace(clock=clock), breaker=breaker),
        **common,
    )
    tokens = Tokens(
        state,
        refresh_token=values["refresh_token"],
        client_secret=values["client_secret"],
        clock=clock,
        desk=desk,
        secrets=secrets,
        exchange=lambda token: exchange(once, values["token_url"], token),
    )
    http = Http(
        values["base_url"] or HOSTS[values["environment"]],
        bearer=tokens.access,
        interpret=meaning,
        retry=Retry(clock=clock, pace=Pace(*LIMITS, clock=clock), breaker=breaker),
        headers={"Accept": "application/json"},
        read_seconds=READ_SECONDS,
        **common,
    )
    return Connection(QuickBooks(http, values["realm_id"]), tokens)


def checks(clock: Clock) -> list[tuple[str, Callable[[Mapping[str, str]], None]]]:
    """The setup test. It runs at every deployment without a state, so it must not spend the refresh token."""

    def settings_are_well_formed(configuration: Mapping[str, str]) -> None:
        CONFIGURATION.read(configuration)

    return [("The settings are well formed", settings_are_well_formed)]
