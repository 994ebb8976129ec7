"""A simulated EveryAction, or NGP VAN.

    vendor = EveryAction(Company(seed=1, scale=0.1), now=time.time)
    session = session_over("http://everyaction.test", WsgiAdapter(vendor.wsgi))
    configuration = vendor.configuration("http://everyaction.test")

The files of export jobs are at another origin, `vendor.files`: `vendor.wsgi` answers there, too.

Decisions where the documentation is silent are switches (`options.Options`), and these:
- an export has the records as they are when the job is finished, and a window both its ends;
- the mode of the voter file is refused: the organisation has none;
- every answer has a Date, as those of all servers have.

Order of refusals: request limit, length of the query, credential, mode, path, what is asked for. The file host knows no
limit and no credential.
"""

import base64
import re
from email.utils import formatdate
from hashlib import blake2b
from typing import Any

from sandbox.company import Company
from sandbox.everyaction.answers import LONGEST_QUERY, error, failed
from sandbox.everyaction.database import Database
from sandbox.everyaction.generate import UNREACHABLE, generate
from sandbox.everyaction.jobs import Jobs
from sandbox.everyaction.kinds import kinds
from sandbox.everyaction.options import Options
from sandbox.everyaction.routes import routes
from sandbox.everyaction.truth import truth
from sandbox.everyaction.work import CHANGES
from sandbox.vendor import SimulatedVendor
from sandbox.web import Answer, Request


class EveryAction(SimulatedVendor):
    never_broken, make_options, routes, changes = r"/apiKeyProfiles|/resources|/fields/", Options, routes, CHANGES
    hands_out_files = True
    later_page = re.compile(r"skip=(?!0(&|$))")
    application = "lanternfish.sync"

    def _build(self, company: Company) -> None:
        digest = blake2b(f"everyaction {self._seed}".encode(), digest_size=16).hexdigest()
        parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:])
        self.key, self.committee = "-".join(parts), f"{company.name} {self._seed}"
        self.committee_id = 700 + self._seed
        now = int(self._now())
        self.store = Database(kinds(), lambda: int(self._now()), horizon=now - UNREACHABLE)
        self.jobs = Jobs(self.store, lambda: self.options, self._seed)
        generate(self.store, company, self._seed)

    @property
    def time(self) -> float:
        return self._now()

    def configuration(self, origin: str) -> dict[str, str]:
        return {"username": self.application, "password": f"{self.key}|1", "base_url": f"{origin}/v4"}

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return truth(self.store)

    def _settle(self) -> None:
        self.jobs.settle(self.time)

    def _limit(self, request: Request) -> Answer | None:
        return None if request.origin == self.files else super()._limit(request)

    def _throttled(self, request: Request, wait: int) -> Answer:
        refusal = error(429, "RATE_LIMIT_EXCEEDED", "Too many requests.")
        if self.options.retry_after:
            refusal.headers["Retry-After"] = str(wait)
        return refusal

    def _authorize(self, request: Request) -> None:
        """The name of the application, and the key with the mode of the database. everyaction.md 1."""
        if len(request.query_string) > LONGEST_QUERY:
            failed(404, "NOT_FOUND", "The query is too long.")
        scheme, _, sent = request.header("Authorization").partition(" ")
        try:
            name, _, key = base64.b64decode(sent, validate=True).decode().partition(":")
        except ValueError:
            name = key = ""
        known, _, mode = key.partition("|")
        if (scheme, name, known) != ("Basic", self.application, self.key) or mode not in ("0", "1"):
            failed(401, "UNAUTHORIZED", "The application or the key is not known.")
        if mode == "0" or request.path.removeprefix("/v4/") in self.options.refused:
            failed(403, "FORBIDDEN", "The key has no right to this.")

    def _answer(self, request: Request) -> Answer:
        if request.origin == self.files:
            return self.jobs.fetch(request, self.time)
        answer = super()._answer(request)
        return error(404, "NOT_FOUND", "There is nothing here.") if answer.body == b'{"error":"not found"}' else answer

    def _finish(self, request: Request, answer: Answer) -> Answer:
        answer.headers["Date"] = formatdate(self.time, usegmt=True)
        return answer
