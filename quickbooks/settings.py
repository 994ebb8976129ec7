"""The settings of the QuickBooks connector, the client they give, and the setup tests."""

import base64
from dataclasses import dataclass

from api import QuickBooks, exchange, lifetime, meaning, refusal

from shared.access import Access
from shared.configuration import Configuration, Setting, origin, url, whole_number
from shared.oauth import Tokens
from shared.owner import Owner
from shared.retry import Limit
from shared.setup import Checks

LIMITS = (Limit(requests=500, seconds=60), Limit(requests=10, seconds=1))
"""Per company. More than 10 at once are refused too; streams are read four at a time (quickbooks.md 5)."""
READ_SECONDS = 150.0
"""QuickBooks gives up after 120 seconds and says so (quickbooks.md 5): whoever hangs up before does not hear it."""
HOSTS = {"production": "https://quickbooks.api.intuit.com", "sandbox": "https://sandbox-quickbooks.api.intuit.com"}
ID_HEADER = "intuit_tid"
"""Names a request, for Intuit's support."""
SAYS_ITS_END = {"x-include-refresh-token-hard-expires-in": "true"}
"""Has the token endpoint say when the authorisation ends, which no use of its tokens puts off (quickbooks.md 2)."""
TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"


def company(access: Access) -> list[str]:
    """The company that these settings lead to: every address names it."""
    return [access.values["realm_id"]]


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
    ),
    owner=Owner("company", company),
)


@dataclass(frozen=True)
class Connection:
    """Everything that talks to one company."""

    quickbooks: QuickBooks
    tokens: Tokens


def connect(access: Access) -> Connection:
    """The client of one company, and its tokens."""
    values = access.values
    basic = base64.b64encode(f"{values['client_id']}:{values['client_secret']}".encode()).decode()
    access.secrets.add(basic)
    token_endpoint = access.http(
        values["token_url"],
        access.retry(),
        headers={"Authorization": f"Basic {basic}", "Accept": "application/json", **SAYS_ITS_END},
        interpret=refusal,
        id_header=ID_HEADER,
    )
    tokens = Tokens.of(access, lambda token: exchange(token_endpoint, values["token_url"], token), lifetime=lifetime)
    http = access.http(
        values["base_url"] or HOSTS[values["environment"]],
        access.retry(*LIMITS),
        bearer=tokens.access,
        interpret=meaning,
        headers={"Accept": "application/json"},
        read_seconds=READ_SECONDS,
        id_header=ID_HEADER,
    )
    return Connection(QuickBooks(http, values["realm_id"]), tokens)


def settings_are_well_formed(access: Access) -> None:
    """They were read, which is all: at every deployment this runs without a state, and must not spend the refresh
    token."""


CHECKS: Checks = (("The settings are well formed", settings_are_well_formed),)
