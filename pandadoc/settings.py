"""The settings of the PandaDoc connector, the client they give, and the setup tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api import DOCUMENT_DETAILS, LIST, TEMPLATE_DETAILS, PandaDoc, exchange, meaning, refusal

from shared.clock import Clock
from shared.configuration import Configuration, Setting, origin
from shared.errors import ConfigurationError, Forbidden
from shared.http import Http, Session
from shared.oauth import Tokens
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry
from shared.run import CALLS_AT_ONCE, STREAMS_AT_ONCE
from shared.workers import Desk

REQUESTS_A_MINUTE = {LIST: 2000, DOCUMENT_DETAILS: 600, TEMPLATE_DETAILS: 300}
"""By operation, in a sliding window, of the user who owns the credential (pandadoc.md 3)."""
UNPUBLISHED_REQUESTS_A_MINUTE = 100
"""Of every other operation."""
SANDBOX_REQUESTS_A_MINUTE = 10
"""Of each operation, with a sandbox key."""
FIRST_WAIT_SECONDS = 2.0
ATTEMPTS = 8
"""So many that their waits outlast a window of a minute, where the source does not say how long to wait."""
MOST_FAILURES = STREAMS_AT_ONCE * CALLS_AT_ONCE
"""In a row, and the source is down. So many requests are under way at once, each of which may be for a record that
fails for good: those that failed before are read again side by side."""
REGIONS = {"us": "https://api.pandadoc.com", "eu": "https://api.pandadoc.eu"}
"""Only the first is documented; the second is what others have seen (pandadoc.md 1)."""

CONFIGURATION = Configuration(
    (
        Setting(
            "api_key",
            "API key",
            "Made in PandaDoc's developer dashboard by an administrator: PandaDoc shows everybody else fewer "
            "documents, and does not say so. Leave it empty to use OAuth 2.",
            default="",
            secret=True,
        ),
        Setting("client_id", "Client id", "Of your application, for OAuth 2.", default=""),
        Setting("client_secret", "Client secret", "Of the same application.", default="", secret=True),
        Setting(
            "refresh_token", "Refresh token", "From authorising the application.", default="", secret=True, rotates=True
        ),
        Setting(
            "key_type",
            "Kind of key",
            "A sandbox key is allowed 10 requests a minute.",
            default="production",
            choices=("production", "sandbox"),
        ),
        Setting("region", "Region", "Where the account is kept.", default="us", choices=tuple(REGIONS)),
        Setting(
            "base_url", "PandaDoc", "Only for tests, or for another host of PandaDoc's.", origin, default=REGIONS["us"]
        ),
        Setting(
            "reread_open_documents",
            "Open documents to read again",
            "PandaDoc does not tell when the content of a document changes: at every sync read the details of no "
            "document, of all drafts, or of all that are not finished.",
            default="drafts",
            choices=("off", "drafts", "all"),
        ),
    ),
    either=(("api_key",), ("client_id", "client_secret", "refresh_token")),
)


@dataclass(frozen=True)
class Connection:
    """Everything that talks to one PandaDoc workspace. `tokens` only with OAuth 2."""

    pandadoc: PandaDoc
    tokens: Tokens | None


def connect(
    values: Mapping[str, Any],
    state: dict[str, Any],
    *,
    clock: Clock,
    desk: Desk,
    secrets: Secrets,
    session: Session | None = None,
) -> Connection:
    """Compose client, retry, paces and tokens from the settings (as `Configuration.read` returns them)."""
    breaker = Breaker(MOST_FAILURES)
    common: dict[str, Any] = {"secrets": secrets, "session": session}
    host = host_of(values)

    def retry(*limits: Limit) -> Retry:
        pace = Pace(*limits, clock=clock)
        return Retry(clock=clock, pace=pace, breaker=breaker, attempts=ATTEMPTS, first_wait_seconds=FIRST_WAIT_SECONDS)

    headers, tokens = {"Accept": "application/json"}, None
    if values["api_key"]:
        headers["Authorization"] = f"API-Key {values['api_key']}"
    else:
        once = Http(host, interpret=refusal, retry=retry(), **common)
        tokens = Tokens(
            state,
            refresh_token=values["refresh_token"],
            client_secret=values["client_secret"],
            clock=clock,
            desk=desk,
            secrets=secrets,
            exchange=lambda token: exchange(once, values["client_id"], values["client_secret"], token),
        )
    bearer = tokens.access if tokens else None
    clients: dict[str, Http] = {}

    def client(operation: str) -> Http:
        if operation not in clients:
            made = retry(Limit(requests_a_minute(operation, values["key_type"]), 60))
            clients.setdefault(
                operation, Http(host, bearer=bearer, headers=headers, interpret=meaning, retry=made, **common)
            )
        return clients[operation]

    return Connection(PandaDoc(client), tokens)


def host_of(values: Mapping[str, Any]) -> str:
    """The address that was configured, else that of the region."""
    configured: str = values["base_url"]
    return configured if configured != REGIONS["us"] else REGIONS[values["region"]]


def requests_a_minute(operation: str, key_type: str) -> int:
    """What the vendor allows."""
    if key_type == "sandbox":
        return SANDBOX_REQUESTS_A_MINUTE
    return REQUESTS_A_MINUTE.get(operation, UNPUBLISHED_REQUESTS_A_MINUTE)


def checks(clock: Clock) -> list[tuple[str, Callable[[Mapping[str, str]], None]]]:
    """The setup tests, in order: each raises with what to do about it.

    A refresh token is not tried: it may be used up by that, and an old one need not work (see `shared.oauth`).
    """

    def connected(configuration: Mapping[str, str]) -> PandaDoc | None:
        values = CONFIGURATION.read(configuration)
        secrets = CONFIGURATION.secrets(configuration)
        if not values["api_key"]:
            return None
        return connect(values, {}, clock=clock, desk=Desk(clock), secrets=secrets).pandadoc

    def credential_is_valid(configuration: Mapping[str, str]) -> None:
        if pandadoc := connected(configuration):
            pandadoc.current_member()

    def documents_are_readable(configuration: Mapping[str, str]) -> None:
        try:
            if pandadoc := connected(configuration):
                pandadoc.documents(count=1)
        except Forbidden as error:
            raise ConfigurationError(
                f"this credential may not read documents ({error}): use one whose owner is an administrator"
            ) from error

    return [("The credential is valid", credential_is_valid), ("Documents are readable", documents_are_readable)]
