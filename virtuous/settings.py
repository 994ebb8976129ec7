"""The settings of the Virtuous connector, the client they give, and the setup tests."""

from typing import Any

from api import Virtuous, meaning
from resources import RESOURCES

from shared.access import Access
from shared.clock import HOUR_SECONDS
from shared.configuration import Configuration, Setting, stream_settings
from shared.errors import ConfigurationError, Rejected
from shared.owner import Owner
from shared.records import number
from shared.retry import Limit
from shared.setup import Checks


def requests(value: str) -> int:
    """A whole number of requests, 1 to 5000."""
    amount = int(value)
    if not 1 <= amount <= 5_000:  # Of the whole organization (virtuous.md 2).
        raise ValueError
    return amount


def organization(access: Access) -> list[str]:
    """The organization that the key belongs to; none where the answer does not say."""
    found = connect(access).organization()
    ids = [number(found, name) for name in ("organizationId", "id")]
    return [str(id) for id in ids if id is not None][:1]


CONFIGURATION = Configuration(
    (
        Setting(
            "bearer_token",
            "API key",
            "Made in Virtuous by an administrator, with a permission group that may read everything.",
            secret=True,
        ),
        Setting(
            "requests_per_hour",
            "Requests an hour",
            "How many of the 5000 that the organization may send in an hour are for this connection.",
            requests,
            default="4500",
        ),
    ),
    base_url="https://api.virtuoussoftware.com",
    owner=Owner("organization", organization),
)


def connect(access: Access) -> Virtuous:
    """The client of one organization."""
    retry = access.retry(Limit(access.values["requests_per_hour"], seconds=HOUR_SECONDS))
    options: dict[str, Any] = {
        "headers": {"Authorization": f"Bearer {access.values['bearer_token']}", "Accept": "application/json"},
        "interpret": meaning(retry.pace),
    }
    address = access.values["base_url"]
    return Virtuous(access.http(address, retry, **options), access.http(address, retry.shrinking, **options))


def credential_is_valid(access: Access) -> None:
    """Raises what the organization answers."""
    connect(access).organization()


def tables_are_readable(access: Access) -> None:
    """Raises `ConfigurationError` with the tables that this key may not read."""
    virtuous, left_out = connect(access), stream_settings(access.values).left_out
    virtuous.organization()  # A key that is not accepted is no matter of rights.
    refused: dict[str, Rejected] = {}
    for each in RESOURCES:
        try:
            if each.table.name not in left_out:
                virtuous.query(each.query, (), 1)
        except Rejected as error:
            refused[each.table.name] = error
    if refused:
        raise ConfigurationError(
            f"this key may not read {', '.join(refused)} ({next(iter(refused.values()))}): give its permission group "
            f"the right, or leave them out with streams = {', '.join(f'-{table}' for table in refused)}"
        )


CHECKS: Checks = (("The key is valid", credential_is_valid), ("Every table is readable", tables_are_readable))
