"""37signals Launchpad: consent, tokens, and the list of accounts. basecamp.md 2."""

from collections.abc import Callable
from hashlib import sha256
from urllib.parse import urlencode

from sandbox.basecamp import times
from sandbox.basecamp.options import Options
from sandbox.basecamp.store import Store
from sandbox.web import Answer, Refusal, Request, json_answer, text_answer

REFRESH = ("refresh_token", "refresh")
EXCHANGE = ("authorization_code", "web_server")
OLD_AGE = "OAuth token expired (old age)"


class Launchpad:
    """Tokens are derived from the seed and a counter, so that two runs give out the same ones."""

    def __init__(self, store: Store, options: Options, now: Callable[[], float], seed: int) -> None:
        self.store = store
        self.options = options
        self.client_id = self._secret(f"client {seed}")[:40]
        self.client_secret = self._secret(f"client secret {seed}")[:40]
        self.refresh_token = ""
        self._now = now
        self._seed = seed
        self._given = 0
        self._codes: set[str] = set()
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float | None] = {}
        self.renew_refresh_token()

    def renew_refresh_token(self) -> str:
        """A person consents again: a new refresh token, valid beside the older ones."""
        self.refresh_token = self._token("refresh")
        self._refresh[self.refresh_token] = None
        return self.refresh_token

    def revoke(self) -> None:
        """The person changed the password: every refresh and access token is dead for good."""
        self._refresh.clear()
        self._access.clear()

    def expire_access_tokens(self) -> None:
        """Every access token is too old from now on."""
        self._access = dict.fromkeys(self._access, self._now())

    def access_token(self) -> str:
        """A fresh access token, as the token endpoint would give."""
        token = self._token("access")
        self._access[token] = self._now() + self.options.token_lifetime_seconds
        return token

    def require(self, request: Request) -> None:
        """Refuse a request without a living access token."""
        scheme, _, token = request.header("Authorization").partition(" ")
        expires = self._access.get(token.strip()) if scheme.lower() == "bearer" else None
        if expires is None:
            raise Refusal(json_answer({"error": "OAuth token is missing or invalid"}, 401))
        if self._now() >= expires:
            raise Refusal(json_answer({"error": f"{OLD_AGE}: it was valid for 2 weeks"}, 401))
        request.environ["sandbox.authenticated"] = True

    def consent(self, request: Request) -> Answer:
        """GET /authorization/new: the person agrees at once."""
        target = request.query.get("redirect_uri")
        if request.query.get("client_id") != self.client_id or not target:
            return text_answer("Unknown client or redirect_uri", 400)
        code = self._token("code")
        self._codes.add(code)
        answer = {"code": code, **({"state": request.query["state"]} if "state" in request.query else {})}
        return text_answer("", 302, Location=f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}")

    def token(self, request: Request) -> Answer:
        """POST /authorization/token, parameters in a form body or in the query string, old spellings too."""
        if request.method != "POST":
            return text_answer("Not found", 404)
        form = request.form
        wanted = form.get("grant_type") or form.get("type") or ""
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            return json_answer({"error": "invalid_client"}, 401)
        if wanted in REFRESH:
            return self._refreshed(form.get("refresh_token", ""))
        if wanted in EXCHANGE:
            code = form.get("code", "")
            if code not in self._codes or not form.get("redirect_uri"):
                return json_answer({"error": "authorization_expired"}, 400)
            self._codes.discard(code)
            return self._tokens(self.renew_refresh_token())
        return json_answer({"error": "unsupported_grant_type"}, 400)

    def accounts(self, request: Request, account: int) -> Answer:
        """GET /authorization.json; other products stand beside ours in no useful order."""
        self.require(request)
        owner = self.store.people[self.store.reader]
        first, _, last = owner.name.partition(" ")
        expires = max(self._access.values())
        name = self.store.account["name"]
        others = [
            {"product": "bcx", "id": account + 11, "name": f"{name} (old)"},
            {"product": "bc3", "id": account, "name": name},
            {"product": "hey", "id": account + 12, "name": owner.name},
        ]
        for one in others:
            one["href"] = f"{request.origin}/{one['id']}"
            one["app_href"] = f"{request.origin}/app/{one['id']}"
        identity = {"id": 9_000_000 + self._seed, "first_name": first, "last_name": last, "email_address": owner.email}
        return json_answer(
            {"expires_at": times.local(int(expires) * 1000, -360), "identity": identity, "accounts": others}
        )

    def _refreshed(self, token: str) -> Answer:
        limit = self._refresh.get(token, 0.0)
        if limit is not None and self._now() >= limit:
            if self.options.invalid_refresh_status == 401:
                return text_answer("Unknown Basecamp ID. It may have been rekeyed.", 401)
            return json_answer({"error": "authorization_expired"}, 400)
        if not self.options.refresh_rotates:
            return self._tokens(token if self.options.refresh_answer_has_token else None)
        if limit is None:
            self._refresh[token] = self._now() + self.options.old_token_grace_seconds
        return self._tokens(self.renew_refresh_token())

    def _tokens(self, refresh_token: str | None) -> Answer:
        payload = {"access_token": self.access_token(), "token_type": "Bearer"}
        lifetime = {"expires_in": int(self.options.token_lifetime_seconds)}
        again = {"refresh_token": refresh_token} if refresh_token else {}
        return json_answer({**payload, **lifetime, **again})

    def _token(self, use: str) -> str:
        self._given += 1
        return f"BAhb{self._secret(f'{use} {self._seed} {self._given}')}"

    @staticmethod
    def _secret(text: str) -> str:
        return sha256(text.encode()).hexdigest()
