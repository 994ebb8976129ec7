"""A rotated refresh token, written back into the connection's configuration.

A full re-sync empties the state, and with it the only token that still works (fivetran_sdk.md, 4.3). Fivetran's
REST API replaces all values of a configuration at once, so all of them are sent; setup tests are not run. What somebody
has changed since this sync began is kept, as far as the API shows it: it may show names alone.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from shared.clock import Clock
from shared.errors import BadPayload, Rejected, SourceError
from shared.http import Http
from shared.oauth import Tokens
from shared.redaction import Secrets
from shared.retry import Breaker, Pace, Retry
from shared.transport import Session

FIVETRAN = "https://api.fivetran.com/v1"
ATTEMPTS = 3


def connection_id() -> str | None:
    """The connection that this sync belongs to; `None` where it is none of Fivetran's."""
    local = os.environ.get("FIVETRAN_DEPLOYMENT_MODEL") == "local_debug"
    return None if local else os.environ.get("FIVETRAN_CONNECTION_ID") or None


class WriteBack:
    """Writes the refresh token that counts into the setting `refresh_token`, once a sync, where it is another one.

    What goes wrong is a warning: the sync goes on with the token in its state, and the next one tries again.
    `api_key` is what Fivetran calls the base64-encoded API key.
    """

    def __init__(
        self,
        tokens: Tokens,
        configuration: Mapping[str, str],
        *,
        api_key: str | None,
        clock: Clock,
        secrets: Secrets,
        warn: Callable[[str], None],
        session: Session | None = None,
    ) -> None:
        self._tokens = tokens
        self._configuration = configuration
        self._warn = warn
        self._written: str | None = None
        self._connection = connection_id() if api_key else None
        self._http = Http(
            FIVETRAN,
            headers={"Authorization": f"Basic {api_key}", "Accept": "application/json"},
            secrets=secrets,
            retry=Retry(clock=clock, pace=Pace(clock=clock), breaker=Breaker(), attempts=ATTEMPTS),
            session=session,
        )

    def __call__(self) -> None:
        """Write it, if there is one to write and nobody has in this sync. On the main thread."""
        token = self._tokens.rotated
        if token is None or token == self._written or self._connection is None:
            return
        self._written = token
        try:
            values = self._present()
            if values is None:
                self._warn(
                    "The new refresh token was not written into the connection's configuration, because that was "
                    "changed during this sync. The next sync writes it."
                )
                return
            values["refresh_token"] = token
            self._http.send(
                "PATCH",
                f"connections/{self._connection}",
                json={
                    "config": {"secrets_list": [{"key": key, "value": value} for key, value in values.items()]},
                    "run_setup_tests": False,
                },
            )
        except SourceError as error:
            self._warn(
                f"The new refresh token could not be written into the connection's configuration ({error}). Syncs go "
                "on, because their state has it; before a full re-sync, authorise again. Check fivetran_api_key."
            )

    def _present(self) -> dict[str, str] | None:
        """The configuration as it is now; `None` where that cannot be told, or where somebody has authorised again."""
        try:
            listed = _listed(self._http.get(f"connections/{self._connection}").json)
        except (Rejected, BadPayload):
            listed = {}
        if not listed:
            return dict(self._configuration)  # It shows nothing.
        now = {name: self._configuration.get(name) if _is_masked(value) else value for name, value in listed.items()}
        if None in now.values() or now.get("refresh_token") != self._configuration["refresh_token"]:
            return None
        return {name: value for name, value in now.items() if value is not None}


def _listed(body: Any) -> dict[str, Any]:
    """The settings in what Fivetran says of a connection, by name."""
    for step in ("data", "config", "secrets_list"):
        body = body.get(step) if isinstance(body, Mapping) else None
    entries = body if isinstance(body, list) else []
    return {str(each["key"]): each.get("value") for each in entries if isinstance(each, Mapping) and "key" in each}


def _is_masked(value: Any) -> bool:
    """Whether this stands for a value that is not shown."""
    return not isinstance(value, str) or not value or "**" in value
