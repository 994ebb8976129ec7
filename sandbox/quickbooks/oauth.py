"""Intuit's token endpoint. quickbooks.md 2."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from math import inf

from sandbox.quickbooks.options import Options
from sandbox.web import Answer, Request, json_answer

TOKEN_PATH = "/oauth2/v1/tokens/bearer"
REVOKE_PATH = "/v2/oauth2/tokens/revoke"
DISCOVERY_PATH = "/.well-known/openid_configuration"
CONSENT_PATH = "/connect/oauth2"
REFRESH_LIFETIME_SECONDS = 8_726_400
"""A refresh token that was not used for so long is dead."""


@dataclass
class Granted:
    """One refresh token. `dead_at` is set when another one took its place."""

    consented: float
    issued: float
    used: float
    dead_at: float = inf


class Intuit:
    """Tokens are derived from the seed and a counter, so that two runs give out the same ones. One grant belongs to
    one realm. A refresh token holds characters that a form must encode."""

    def __init__(self, options: Options, now: Callable[[], float], seed: int) -> None:
        self.options = options
        self.client_id = "AB" + _secret(f"client {seed}")[:48]
        self.client_secret = _secret(f"client secret {seed}")[:40]
        self.realm_id = f"9341{int(_secret(f'realm {seed}')[:12], 16) % 10**12:012d}"
        self.refresh_token = ""
        self.token_path = TOKEN_PATH
        self.refreshed = 0
        """How often a refresh token was exchanged."""
        self._now = now
        self._seed = seed
        self._given = 0
        self._access: dict[str, float] = {}
        self._refresh: dict[str, Granted] = {}
        self.consent()

    def consent(self) -> str:
        """A person consents (again): the refresh token of a new grant. Older ones go on until they are exchanged."""
        return self._grant(self._now())

    def _grant(self, consented: float) -> str:
        now = self._now()
        self.refresh_token = self._token("RT1-57-H0-")
        self._refresh[self.refresh_token] = Granted(consented, now, now)
        return self.refresh_token

    def revoke(self) -> None:
        """The person disconnected the application: every token is dead."""
        self._refresh.clear()
        self._access.clear()

    def expire_access_tokens(self) -> None:
        """Every access token is too old from now on."""
        self._access = dict.fromkeys(self._access, self._now())

    def access_token(self) -> str:
        """A fresh access token, as the token endpoint would give."""
        token = "eyJhbGciOiJkaXIifQ.." + self._token("")
        self._access[token] = self._now() + self.options.token_lifetime_seconds
        return token

    def known(self, request: Request) -> bool:
        """Whether a request carries a living access token."""
        scheme, _, token = request.header("Authorization").partition(" ")
        return scheme.lower() == "bearer" and self._now() < self._access.get(token.strip(), 0.0)

    def answer(self, request: Request) -> Answer | None:
        """The answer of an address of the authorization service; None for any other address."""
        asked = (request.method, request.path)
        if asked in (("POST", TOKEN_PATH), ("POST", REVOKE_PATH)):
            if not self._is_application(request):
                return json_answer({"error": "invalid_client"}, 401)
            return self._exchanged(request) if request.path == TOKEN_PATH else self._revoked(request)
        if asked == ("GET", DISCOVERY_PATH):
            return json_answer(
                {
                    "issuer": f"{request.origin}/op/v1",
                    "authorization_endpoint": request.origin + CONSENT_PATH,
                    "token_endpoint": request.origin + TOKEN_PATH,
                    "revocation_endpoint": request.origin + REVOKE_PATH,
                    "userinfo_endpoint": f"{request.origin}/v1/openid_connect/userinfo",
                    "jwks_uri": f"{request.origin}/op/v1/jwks",
                    "response_types_supported": ["code"],
                    "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                }
            )
        return None

    def _exchanged(self, request: Request) -> Answer:
        form = _form(request)
        if form.get("grant_type") != "refresh_token":
            return json_answer({"error": "unsupported_grant_type"}, 400)
        found = self._refresh.get(form.get("refresh_token", ""))
        now = self._now()
        if found is None or self._dead(found, now):
            wrong = {"error": "invalid_grant", "error_description": "Incorrect or invalid refresh token"}
            return json_answer(wrong if self._given % 2 else {"error": "invalid_grant"}, 400)
        self.refreshed += 1
        if found.dead_at == inf:
            found.used = now
            if now - found.issued >= self.options.rotation_seconds:
                found.dead_at = now + self.options.old_token_grace_seconds
                self._grant(found.consented)
        answer: dict[str, str | int] = {
            "token_type": "bearer",
            "access_token": self.access_token(),
            "expires_in": int(self.options.token_lifetime_seconds),
            "refresh_token": self.refresh_token,
            "x_refresh_token_expires_in": REFRESH_LIFETIME_SECONDS,
        }
        if request.header("x-include-refresh-token-hard-expires-in") == "true":
            answer["x_refresh_token_hard_expires_in"] = int(found.consented + self.options.grant_lifetime_seconds - now)
        return json_answer(answer)

    def _dead(self, found: Granted, now: float) -> bool:
        unused, ended = found.used + REFRESH_LIFETIME_SECONDS, found.consented + self.options.grant_lifetime_seconds
        return now >= min(found.dead_at, unused, ended)

    def _revoked(self, request: Request) -> Answer:
        try:
            token = json.loads(request.body).get("token")
        except (ValueError, AttributeError):
            token = request.form.get("token")
        if token not in self._refresh and token not in self._access:
            return json_answer({"error": "invalid_request"}, 400)
        self.revoke()
        return Answer(200)

    def _is_application(self, request: Request) -> bool:
        """Whether the client says who it is: in the header or in the form, not in both (RFC 6749, 2.3), and never in
        the address."""
        header, form = request.header("Authorization"), _form(request)
        if header and "client_secret" in form:
            return False
        if header:
            expected = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            scheme, _, sent = header.partition(" ")
            return scheme.lower() == "basic" and sent.strip() == expected
        return (form.get("client_id"), form.get("client_secret")) == (self.client_id, self.client_secret)

    def _token(self, prefix: str) -> str:
        self._given += 1
        digest = _secret(f"token {self._seed} {self._given}")
        return f"{prefix}{digest[:20]}+{digest[20:40]}/{digest[40:]}="


def _form(request: Request) -> dict[str, str]:
    """What was sent as a form; parameters in the address are none."""
    return {} if request.query_string else request.form


def _secret(text: str) -> str:
    return sha256(text.encode()).hexdigest()
