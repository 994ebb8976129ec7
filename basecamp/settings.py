"""The settings of the Basecamp connector, the client they give, and the setup tests."""

import re
from dataclasses import dataclass

from api import Basecamp, accounts, exchange, meaning, refusal

from shared.access import Access
from shared.configuration import Configuration, Setting, origin, whole_number
from shared.errors import ConfigurationError, NotFound, Unauthorized
from shared.http import Http
from shared.oauth import Tokens
from shared.owner import Owner
from shared.retry import Limit
from shared.setup import Checks

LIMIT = Limit(requests=50, seconds=10)
"""Per address of the sender; others exist but are not disclosed (basecamp.md 3)."""


def identified(value: str) -> str:
    """An application and a way to reach you, like `Acme reports (data@example.com)`."""
    if not re.search(r"\S+\s+\(?.*(@|https?://).+", value):
        raise ValueError
    return value


def account(access: Access) -> list[str]:
    """The account that these settings lead to: every address names it."""
    return [access.values["account_id"]]


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
    ),
    owner=Owner("account", account),
)


@dataclass(frozen=True)
class Connection:
    """Everything that talks to one Basecamp account."""

    basecamp: Basecamp
    launchpad: Http
    tokens: Tokens


def connect(access: Access) -> Connection:
    """What talks to the account of these settings."""
    values = access.values
    retry = access.retry(LIMIT)
    headers = {"User-Agent": values["user_agent"], "Accept": "application/json"}
    once = access.http(values["launchpad_url"], retry, headers=headers, interpret=refusal)
    tokens = Tokens.of(access, lambda token: exchange(once, values["client_id"], values["client_secret"], token))
    http = access.http(values["base_url"], retry, headers=headers, bearer=tokens.access, interpret=meaning)
    launchpad = access.http(values["launchpad_url"], retry, headers=headers, bearer=tokens.access)
    return Connection(Basecamp(http, values["account_id"]), launchpad, tokens)


def credential_is_valid(access: Access) -> None:
    """The refresh token is tried: nothing else shows that it works, and Basecamp does not rotate it (basecamp.md 2)."""
    connect(access).tokens.access()


def account_is_reachable(access: Access) -> None:
    """Launchpad names the account among those of the credential, and Basecamp answers for it."""
    connection, wanted = connect(access), access.values["account_id"]
    known = {str(each["id"]): str(each.get("name")) for each in accounts(connection.launchpad)}
    if wanted not in known:
        listed = ", ".join(f"{number} ({name})" for number, name in known.items()) or "none"
        raise ConfigurationError(
            f"the credential does not open account {wanted}: it opens {listed}. Correct "
            "account_id, or authorise as somebody who belongs to that account."
        )
    connection.basecamp.one("my/profile.json")


def a_project_is_visible(access: Access) -> None:
    """The listing of the active projects is there, and not empty."""
    try:
        if next(connect(access).basecamp.listing("projects.json")).records:
            return
    except NotFound as error:
        raise Unauthorized(NO_ACCOUNT) from error
    raise ConfigurationError(NO_PROJECT)


CHECKS: Checks = (
    ("The credential is valid", credential_is_valid),
    ("The account is reachable", account_is_reachable),
    ("At least one project is visible", a_project_is_visible),
)
NO_ACCOUNT = (
    "this account is not there for the credential: check account_id, and that the person who authorised still "
    "belongs to it"
)
NO_PROJECT = "the person who authorised sees no project: add them to the projects to be reported on"
