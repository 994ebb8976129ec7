"""The settings of the PandaDoc connector, the client they give, and the setup tests."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from api import DOCUMENT_DETAILS, LIST, TEMPLATE_DETAILS, PandaDoc, exchange, meaning, refusal

from shared.access import Access
from shared.configuration import Configuration, Setting, origin
from shared.errors import ConfigurationError, Forbidden
from shared.http import Http
from shared.oauth import Tokens
from shared.owner import Owner
from shared.records import text
from shared.retry import Breaker, Limit
from shared.run import CALLS_AT_ONCE, STREAMS_AT_ONCE
from shared.setup import Checks

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


def memberships(access: Access) -> list[str]:
    """Of the members of the workspace: no answer names it itself (pandadoc.md 9.5). A membership is of one."""
    return [id for each in connect(access).members().records if (id := text(each, "membership_id"))]


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
            "PandaDoc does not tell when the content of a document changes: look again at the details of no document, "
            "of all drafts, or of all that are not finished.",
            default="drafts",
            choices=("off", "drafts", "all"),
        ),
    ),
    either=(("api_key",), ("client_id", "client_secret", "refresh_token")),
    owner=Owner("workspace", memberships, stream="member"),
)


def connect(access: Access) -> PandaDoc:
    """The client, with a pace for each operation."""
    values, host = access.values, host_of(access.values)
    retry = partial(
        access.retry, breaker=Breaker(MOST_FAILURES), attempts=ATTEMPTS, first_wait_seconds=FIRST_WAIT_SECONDS
    )
    options: dict[str, Any] = {"headers": {"Accept": "application/json"}, "interpret": meaning}
    if values["api_key"]:
        options["headers"]["Authorization"] = f"API-Key {values['api_key']}"
    else:
        once = access.http(host, retry(), interpret=refusal)
        options["bearer"] = Tokens.of(
            access, lambda token: exchange(once, values["client_id"], values["client_secret"], token)
        ).access
    clients: dict[str, Http] = {}

    def client(operation: str) -> Http:
        if operation not in clients:
            limit = Limit(requests_a_minute(operation, values["key_type"]), 60)
            clients.setdefault(operation, access.http(host, retry(limit), **options))
        return clients[operation]

    return PandaDoc(client)


def host_of(values: Mapping[str, Any]) -> str:
    """The address that was configured, else that of the region."""
    configured: str = values["base_url"]
    return configured if configured != REGIONS["us"] else REGIONS[values["region"]]


def requests_a_minute(operation: str, key_type: str) -> int:
    """What the vendor allows."""
    if key_type == "sandbox":
        return SANDBOX_REQUESTS_A_MINUTE
    return REQUESTS_A_MINUTE.get(operation, UNPUBLISHED_REQUESTS_A_MINUTE)


def credential_is_valid(access: Access) -> None:
    """A refresh token is not tried: it may be used up by that, and an old one need not work (see `shared.oauth`)."""
    if access.values["api_key"]:
        connect(access).current_member()


def documents_are_readable(access: Access) -> None:
    """The same."""
    try:
        if access.values["api_key"]:
            connect(access).documents(count=1)
    except Forbidden as error:
        raise ConfigurationError(
            f"this credential may not read documents ({error}): use one whose owner is an administrator"
        ) from error


CHECKS: Checks = (("The credential is valid", credential_is_valid), ("Documents are readable", documents_are_readable))
