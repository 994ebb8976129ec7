"""OAuth 2 with a refresh token that may rotate: refreshed once, persisted at once, kept encrypted.

The tokens live in the state, encrypted with a key derived from the client secret, because every new
refresh token may be the last one that works. The stored token counts, unless the configured one has never
been seen: then somebody has authorised again. Fingerprints of all tokens seen decide, so that an old
token that is configured again does not win.

Between the vendor's answer and our checkpoint there is one statement, `persist`. Nobody can close it.
"""

import base64
import json
from collections.abc import Callable, Mapping, MutableMapping
from enum import Enum
from hashlib import blake2b, sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from shared.access import Access
from shared.clock import Clock
from shared.errors import BadPayload, SourceError, Unauthorized, Unavailable
from shared.http import Answer
from shared.records import value
from shared.redaction import Secrets
from shared.state import TOKENS
from shared.tally import current
from shared.workers import Desk

STATE_KEY = TOKENS
EARLY_SECONDS = 120.0
"""An access token is given up this long before it expires."""
FINGERPRINTS_KEPT = 500

Exchange = Callable[[str], Answer]
"""Sends a refresh token to the vendor and returns its answer: JSON with `access_token`, `expires_in`
(seconds) and, where it rotates, `refresh_token`."""
Lifetime = Callable[[Any], float | None]
"""Seconds for which the refresh token of such an answer works; `None` where it does not say."""


UNKNOWN_APPLICATION = ("invalid_client", "unauthorized_client")
PASSING = ("server_error", "temporarily_unavailable", "slow_down")
"""What a token endpoint may say of itself (RFC 6749 4.1.2.1, RFC 8628 3.5)."""


def refused(answer: Answer, *, application: str, token: str) -> SourceError | None:
    """What the answer of a token endpoint means, whatever its status: a body with an `error` is a refusal, and final
    (RFC 6749 5.2). Two texts that say what to do: for an unknown `application`, and for a refresh `token` that does not
    count. A page for people instead comes from something in between, and passes."""
    if answer.status == 429 or answer.status >= 500:
        return None
    said = _error_in(answer)
    if said in PASSING:
        return answer.bad("the source failed", Unavailable)
    if said in UNKNOWN_APPLICATION:
        return answer.bad(application, Unauthorized)
    if not said and answer.status not in (400, 401, 403):
        return None
    if not said and answer.status != 401 and answer.text.lstrip().startswith("<"):
        return answer.bad("the source failed: a page for people in place of an answer", Unavailable)
    return answer.bad(token, Unauthorized)


def _error_in(answer: Answer) -> str:
    try:
        return str(value(answer.json, "error") or "")
    except BadPayload:
        # Some write it in plain text.
        return next((each for each in UNKNOWN_APPLICATION if each in answer.text), "")


class Standing(Enum):
    """What a state says of a refresh token that somebody is about to configure."""

    NEW = "new"
    CURRENT = "current"
    REPLACED = "replaced"
    """The source has given another one since: this one no longer works."""
    UNKNOWN = "unknown"
    """The state holds no tokens, or those of another client secret."""


def standing(state: Mapping[str, Any], *, refresh_token: str, client_secret: str) -> Standing:
    """Hold a refresh token against those that the connection with this state has used."""
    vault = _Vault(client_secret)
    try:
        kept = vault.opened(state)
        if refresh_token == kept["refresh"]:
            return Standing.CURRENT
        return Standing.REPLACED if vault.fingerprint(refresh_token) in kept["seen"] else Standing.NEW
    except UNREADABLE:
        return Standing.UNKNOWN


class Tokens:
    """The tokens of one connection. `access()` always returns one that should work (the `bearer` of `Http`).

    `exchange` is called by the main thread only, and so is `persist`, which must save the state. `lifetime` reads out
    of an answer for how many seconds its refresh token works, where the vendor says so.
    """

    def __init__(
        self,
        state: MutableMapping[str, Any],
        *,
        refresh_token: str,
        client_secret: str,
        exchange: Exchange,
        lifetime: Lifetime = lambda body: None,
        clock: Clock,
        desk: Desk,
        secrets: Secrets,
        persist: Callable[[], None] = lambda: None,
    ) -> None:
        self._state = state
        self._vault = _Vault(client_secret)
        self._exchange = exchange
        self._lifetime = lifetime
        self.ends_at: float | None = None
        """When the refresh token ends, in Unix seconds, as the vendor has said in this sync."""
        self._clock = clock
        self._desk = desk
        self._secrets = secrets
        self.persist = persist
        self._configured = self._vault.fingerprint(refresh_token)
        self._kept = self._load(refresh_token)
        self._refusal: Unauthorized | None = None
        self._hide()

    @classmethod
    def of(cls, access: Access, exchange: Exchange, **more: Any) -> "Tokens":
        """Those of the settings `refresh_token` and `client_secret`. `more` is what `Tokens` is told otherwise."""
        return cls(
            access.state,
            refresh_token=access.values["refresh_token"],
            client_secret=access.values["client_secret"],
            exchange=exchange,
            clock=access.clock,
            desk=access.desk,
            secrets=access.secrets,
            **{"persist": access.persist, **more},
        )

    def __repr__(self) -> str:
        return "Tokens(***)"

    @property
    def rotated(self) -> str | None:
        """The refresh token that counts, where it is no longer the configured one."""
        refresh: str = self._kept["refresh"]
        return None if self._vault.fingerprint(refresh) == self._configured else refresh

    def access(self, rejected: str | None = None) -> str:
        """An access token: the stored one, or a new one if it has expired or is the one just rejected.

        Many threads may ask at once; one refresh serves them all. Raises what the exchange raises.
        """
        token = self._usable(rejected)
        return token if token is not None else self._desk.call(lambda: self._usable(rejected) or self._refresh())

    def _usable(self, rejected: str | None) -> str | None:
        token: str | None = self._kept.get("access")
        fresh = self._kept.get("expires_at", 0.0) - EARLY_SECONDS > self._clock.now()
        return token if token and token != rejected and fresh else None

    def _refresh(self) -> str:
        if self._refusal is not None:
            raise self._refusal
        asked_at = self._clock.now()
        tally = current()
        answers = tally.answers
        try:
            answer = self._exchange(self._kept["refresh"])
            tally.answers = answers  # A token is nothing that was read.
        except Unauthorized as refusal:
            self._refusal = refusal  # The same token would be refused again, whoever asks.
            raise
        body = answer.json
        try:
            access, lifetime = body["access_token"], float(body["expires_in"])
            refresh = body.get("refresh_token") or self._kept["refresh"]
            if not isinstance(access, str) or not access or not isinstance(refresh, str):
                raise TypeError
        except (KeyError, TypeError, ValueError, AttributeError):
            raise answer.bad("the token answer has no access_token and expires_in", BadPayload) from None
        others = [each for each in (*self._kept["seen"], self._vault.fingerprint(refresh)) if each != self._configured]
        seen = [self._configured, *dict.fromkeys(others[-FINGERPRINTS_KEPT:])]
        left = self._lifetime(body)
        self.ends_at = None if left is None else asked_at + left
        self._kept = {"access": access, "expires_at": asked_at + lifetime, "refresh": refresh, "seen": seen}
        self._state[STATE_KEY] = self._vault.sealed(self._kept)
        self._hide()
        self.persist()
        return access

    def _load(self, configured: str) -> dict[str, Any]:
        try:
            kept = self._vault.opened(self._state)
            if self._configured in kept["seen"]:
                return kept
            seen = kept["seen"]
        except UNREADABLE:
            # Nothing stored, or stored under another client secret: only the configured one is left.
            seen = []
        return {"refresh": configured, "seen": [*seen, self._configured]}

    def _hide(self) -> None:
        self._secrets.add(self._kept["refresh"])
        self._secrets.add(self._kept.get("access"))


UNREADABLE = (KeyError, InvalidToken, ValueError, TypeError)
"""What opening a state without tokens raises, or with those of another client secret, or with damaged ones."""


class _Vault:
    """Keeps the tokens in the state so that only who has the client secret can read them."""

    def __init__(self, client_secret: str) -> None:
        self._cipher = Fernet(base64.urlsafe_b64encode(sha256(b"oauth state\0" + client_secret.encode()).digest()))
        self._fingerprint_key = sha256(b"oauth fingerprints\0" + client_secret.encode()).digest()

    def sealed(self, kept: Mapping[str, Any]) -> str:
        return self._cipher.encrypt(json.dumps(kept).encode()).decode()

    def opened(self, state: Mapping[str, Any]) -> dict[str, Any]:
        return dict(json.loads(self._cipher.decrypt(str(state[STATE_KEY]).encode())))

    def fingerprint(self, token: str) -> str:
        return blake2b(token.encode(), key=self._fingerprint_key, digest_size=8).hexdigest()
