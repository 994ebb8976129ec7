"""What a client is made of: the settings' values, and what all requests of one sync share.

    def connect(access: Access) -> Copper:
        headers = {"X-PW-AccessToken": access.values["api_key"]}
        return Copper(access.http(access.values["base_url"], access.retry(Limit(180, seconds=60)), headers=headers))

A setup test makes its client in the same way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.clock import Clock
from shared.http import Http
from shared.listings import Listings
from shared.redaction import Secrets
from shared.retry import Breaker, Limit, Pace, Retry
from shared.transport import Session
from shared.workers import Desk


@dataclass(frozen=True)
class Access:
    """The values of one configuration, and the way to their source."""

    values: Mapping[str, Any]
    """As `Configuration.read` returns them."""
    secrets: Secrets
    clock: Clock
    desk: Desk
    state: dict[str, Any] = field(default_factory=dict)
    """Where tokens are kept."""
    session: Session | None = None
    """What sends; a new one for each client by default."""
    persist: Callable[[], None] = lambda: None
    """Saves the state, with everything that has landed."""
    breaker: Breaker = field(default_factory=Breaker)
    """One for the whole source, however many clients there are."""

    def retry(self, *limits: Limit, **policy: Any) -> Retry:
        """When to send, within these limits, and when again. `policy` is what `Retry` is told otherwise."""
        return Retry(clock=self.clock, pace=Pace(*limits, clock=self.clock), **{"breaker": self.breaker, **policy})

    def http(self, base_url: str, retry: Retry, **options: Any) -> Http:
        """A client of one address. `options` are those of `Http`."""
        return Http(base_url, retry=retry, secrets=self.secrets, session=self.session, **options)

    def listings(self, base_url: str, retry: Retry, *, at: str = "", **options: Any) -> Listings:
        """The listings of one address, whose answers hold their records at the path `at`."""
        return Listings(self.http(base_url, retry, **options), at)
