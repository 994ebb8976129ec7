"""A simulated Virtuous CRM+ organisation.

    vendor = Virtuous(Company(seed=1, scale=0.1), now=time.time)
    session = session_over("http://virtuous.test", WsgiAdapter(vendor.wsgi))
    configuration = vendor.configuration("http://virtuous.test")

Decisions where the documentation is silent are switches (`options.Options`), and these:
- without an order that is known, records come in one that follows nothing;
- what others are called, and what is worked out from others, moves no change time; a merged contact stays, archived,
  and its gifts are moved;
- requests without a credential that is known are no organisation's, and do not count.

The requests that are kept, and the addresses that faults go by, show a query's body as if it were in the query string;
the vendor itself reads `skip` and `take` there only, and everything else in the body only.

Order of refusals: credential, request limit, path, permission, query.
"""

import math
import re
from hashlib import blake2b
from typing import Any

from sandbox.company import Company
from sandbox.limits import FixedWindow
from sandbox.routes import Call
from sandbox.vendor import SimulatedVendor
from sandbox.virtuous.answers import MISSING
from sandbox.virtuous.database import Database
from sandbox.virtuous.generate import generate
from sandbox.virtuous.kinds import kinds
from sandbox.virtuous.options import Options
from sandbox.virtuous.routes import routes
from sandbox.virtuous.times import SECOND
from sandbox.virtuous.truth import truth
from sandbox.virtuous.work import CHANGES
from sandbox.web import Answer, Request, described, json_answer, text_answer

DENIED = "Authorization has been denied for this request."


class Virtuous(SimulatedVendor):
    never_broken, make_options, routes, changes = r"/api/Organization", Options, routes, CHANGES
    later_page = re.compile(r"GreaterThan|skip=(?!0(&|$))")

    def _build(self, company: Company) -> None:
        self.wsgi = described(self.wsgi)
        digests = (blake2b(f"virtuous {self._seed} {part}".encode(), digest_size=32).hexdigest() for part in range(5))
        self.key = "v_" + "".join(digests)
        self.store = Database(kinds(self.options.child_edits_move_contact), lambda: round(self._now() * SECOND))
        self.store.organization = {"organizationId": 900 + self._seed, "organizationName": company.name}
        self._window, self._others_seen = FixedWindow(), self._now()
        generate(self.store, company, self._seed)

    def configuration(self, origin: str) -> dict[str, str]:
        return {"bearer_token": self.key, "base_url": origin}

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return truth(self.store)

    def _limit(self, request: Request) -> Answer | None:
        """Count a request of the organisation, and what another client of it sends. virtuous.md 2."""
        if request.header("Authorization") != f"Bearer {self.key}":
            return text_answer(DENIED, 401) if self.options.plain_401 else json_answer({"message": DENIED}, 401)
        now, rate = self._now(), (self.options.rate_limit, self.options.rate_seconds)
        pause = 3_600 / self.options.other_client_per_hour if self.options.other_client_per_hour else math.inf
        while self._others_seen + pause <= now:
            self._others_seen += pause
            self._window.take(self._others_seen, rate)
        if self._window.take(now, rate):
            return None
        refusal = json_answer({"message": "Too many requests."}, 429)
        if self.options.retry_after:
            refusal.headers["Retry-After"] = str(max(1, math.ceil(self._resets - now)))
        return refusal

    @property
    def _resets(self) -> float:
        seconds: float = self.options.rate_seconds
        return self._window.begun + seconds

    def _answer(self, request: Request) -> Answer:
        request.environ["sandbox.authenticated"] = True
        self._meanwhile(request.environ["sandbox.asked"])
        sent = request.as_sent
        found = self.routes.find(sent.method, sent.path)
        if found is None:
            return MISSING
        route, arguments = found
        return route(Call(self, sent, self._answered), *arguments)

    def _finish(self, request: Request, answer: Answer) -> Answer:
        """Every answer tells what is left of the organisation's hour, where it is known whose."""
        if self.options.rate_headers and answer.status != 401:
            told = {
                "X-RateLimit-Limit": self.options.rate_limit,
                "X-RateLimit-Remaining": self.options.rate_limit - self._window.used,
                "X-RateLimit-Reset": math.ceil(self._resets),
            }
            answer.headers |= {name: str(value) for name, value in told.items()}
        return answer
