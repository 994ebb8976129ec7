"""API keys, and OAuth 2.0 with its token endpoint. pandadoc.md 2."""

from collections.abc import Callable
from hashlib import sha256

from sandbox.pandadoc.answers import refusal
from sandbox.pandadoc.options import Options
from sandbox.web import Answer, Request, json_answer

TOKEN_PATH = "/oauth2/access_token"
SCOPE = "read+write"
NO_CREDENTIALS = "Authentication credentials were not provided."


class Access:
    """Keys and tokens are derived from the seed and a counter, so that two runs give out the same ones."""

    def __init__(self, options: Options, now: Callable[[], float], seed: int) -> None:
        self.options = options
        self.api_key = self._secret(f"key {seed}")[:40]
        self.client_id = self._secret(f"client {seed}")[:20]
        self.client_secret = self._secret(f"client secret {seed}")[:40]
        self.refresh_token = ""
        self._now = now
        self._seed = seed
        self._given = 0
        self._codes: set[str] = set()
        self._tokens: dict[str, list[float]] = {}
        self._refresh: dict[str, float | None] = {}
        self.renew_refresh_token()

    def renew_refresh_token(self) -> str:
        """A new refresh token, valid beside the older ones."""
        self.refresh_token = self._token("refresh")
        self._refresh[self.refresh_token] = None
        return self.refresh_token

    def consent(self) -> str:
        """A person agrees in the browser: the code that can be exchanged once."""
        code = self._token("code")
        self._codes.add(code)
        return code

    def access_token(self) -> str:
        """A fresh access token, as the token endpoint would give."""
        token = self._token("access")
        self._tokens[token] = [self._now() + self.options.access_token_seconds, 0]
        return token

    def revoke(self) -> None:
        """The person took the consent back: refresh and access tokens are dead for good."""
        self._refresh.clear()
        self._tokens.clear()

    def deactivate_key(self) -> None:
        """The key's owner was removed from the workspace."""
        self.api_key = self._secret(f"next key {self.api_key}")[:40]

    def require(self, request: Request) -> None:
        """Refuse a request without a key, or a token that lives."""
        scheme, _, value = request.header("Authorization").partition(" ")
        if not value:
            raise refusal(request.path, 401, NO_CREDENTIALS)
        if not (self._knows_token(value) if scheme == "Bearer" else scheme == "API-Key" and value == self.api_key):
            raise refusal(request.path, 401, "Invalid key." if scheme == "API-Key" else "Invalid token.")
        request.environ["sandbox.authenticated"] = True

    def token(self, request: Request) -> Answer:
        """POST /oauth2/access_token, parameters in a form body only."""
        if "x-www-form-urlencoded" not in request.environ.get("CONTENT_TYPE", "") or request.query_string:
            return json_answer({"error": "invalid_request"}, 400)
        form = request.form
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            return json_answer({"error": "invalid_client"}, 401)
        if form.get("grant_type") == "authorization_code":
            if form.get("code") not in self._codes:
                return json_answer({"error": "invalid_grant"}, 400)
            self._codes.discard(form["code"])
            return self._answer(self.renew_refresh_token())
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form.get("refresh_token", ""))
        return json_answer({"error": "unsupported_grant_type"}, 400)

    def _knows_token(self, token: str) -> bool:
        found = self._tokens.get(token)
        if found is None or self._now() >= found[0]:
            return False
        found[1] += 1
        most = self.options.access_token_requests
        return most is None or found[1] <= most

    def _refreshed(self, token: str) -> Answer:
        until = self._refresh.get(token, 0.0)
        if until is not None and self._now() >= until:
            return json_answer({"error": "invalid_grant"}, 400)
        if not self.options.refresh_rotates:
            return self._answer(token)
        if until is None:
            self._refresh[token] = self._now() + self.options.old_token_grace_seconds
        return self._answer(self.renew_refresh_token())

    def _answer(self, refresh_token: str) -> Answer:
        return json_answer(
            {
                "access_token": self.access_token(),
                "token_type": "Bearer",
                "scope": SCOPE,
                "expires_in": int(self.options.access_token_seconds),
                "refresh_token": refresh_token,
            }
        )

    def _token(self, use: str) -> str:
        self._given += 1
        return self._secret(f"{use} {self._seed} {self._given}")[:40]

    @staticmethod
    def _secret(text: str) -> str:
        return sha256(f"pandadoc {text}".encode()).hexdigest()
