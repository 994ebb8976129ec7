"""A simulated Airtable: one base, and one token that opens it.

    vendor = Airtable(Company(seed=1), now=time.time)
    session.mount("https://airtable.test", WsgiAdapter(vendor.wsgi))
    configuration = vendor.configuration("https://airtable.test")     # base, token, base_url

The base is empty: tables are made through the metadata endpoints, by `store`, or by the people who work there (`work`).

Decisions where the documentation is silent, each a switch or one function:
- a write is all or nothing, and the error never says which record it was about;
- a request over the limit is refused and begins the penalty; what is refused during it does not prolong it
  (`refused_extend_penalty`), and says nothing of how long it lasts (`retry_after`);
- the monthly limit counts every accepted request of a data endpoint;
- several matches of an upsert answer 422 INVALID_REQUEST_UNKNOWN; two equal keys in one request make two records;
- a full base answers `full_base`; the deletion of a record that is not there answers `missing_in_delete`;
- a listing shows the records that were there when it began; those deleted meanwhile are left out of its pages;
- a link to the own table has no other end.

`requests` and `statistics` tell what was asked.

Order of refusals: limits, path, token, size, quota, base, permission, table, body. What has no valid token counts
towards no limit.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from random import Random
from typing import Any

from sandbox.airtable import records, schema
from sandbox.airtable.calls import Call
from sandbox.airtable.operators import Operators
from sandbox.airtable.options import Options
from sandbox.airtable.records import Iterators
from sandbox.airtable.refusals import hidden, not_found, refuse, too_many, unauthorized
from sandbox.airtable.store import Store
from sandbox.company import Company
from sandbox.limits import SlidingWindow
from sandbox.vendor import SimulatedVendor
from sandbox.web import Answer, Request, json_answer

ROOT = "/v0/"
PENALTY_SECONDS = 30.0
OF_NO_BASE = ("/v0/meta/bases", "/v0/meta/whoami")
ID = r"[^/]+"
BASE = "(app[0-9A-Za-z]+)"
Route = Callable[..., Answer]
META: list[tuple[str, re.Pattern[str], Route]] = [
    ("GET", re.compile("meta/bases"), schema.bases),
    ("GET", re.compile(f"meta/bases/{BASE}/tables"), schema.tables),
    ("POST", re.compile(f"meta/bases/{BASE}/tables"), schema.create_table),
    ("PATCH", re.compile(f"meta/bases/{BASE}/tables/({ID})"), schema.update_table),
    ("POST", re.compile(f"meta/bases/{BASE}/tables/({ID})/fields"), schema.create_field),
    ("PATCH", re.compile(f"meta/bases/{BASE}/tables/({ID})/fields/({ID})"), schema.update_field),
]
DATA: list[tuple[str, re.Pattern[str], Route]] = [
    ("POST", re.compile(f"{BASE}/({ID})"), records.create),
    ("PATCH|PUT", re.compile(f"{BASE}/({ID})"), records.update),
    ("DELETE", re.compile(f"{BASE}/({ID})"), records.delete),
    ("GET", re.compile(f"{BASE}/({ID})/({ID})"), records.single),
    ("PATCH|PUT", re.compile(f"{BASE}/({ID})/({ID})"), records.update_one),
    ("DELETE", re.compile(f"{BASE}/({ID})/({ID})"), records.delete_one),
]


class Airtable(SimulatedVendor):
    """Nothing fails for good under hostile faults: a base has too few addresses for that."""

    never_broken, make_options = "", Options

    def _build(self, company: Company) -> None:
        self.store = Store(self._now, self._seed)
        self.store.name = f"{company.name}: operations"
        self.operators = Operators(self.store)
        self.token = f"pat{blake2b(f'airtable {self._seed}'.encode(), digest_size=7).hexdigest()}." + (
            blake2b(f"airtable token {self._seed}".encode(), digest_size=32).hexdigest()
        )
        self.month_calls: Counter[str] = Counter()
        """Accepted requests of the data endpoints, by month."""
        self._user = self.store.new_id("usr")
        self._iterators = Iterators()
        self._refused_until = 0.0
        self._per_base = SlidingWindow(self.options.requests_per_second, 1.0)
        self._per_owner = SlidingWindow(self.options.owner_requests_per_second, 1.0)

    def configuration(self, origin: str) -> dict[str, str]:
        """What a client needs to get here."""
        return {"base": self.store.base_id, "base_url": origin, "token": self.token}

    def restart(self) -> None:
        """As after an update of the vendor's servers: listings under way have to begin again."""
        self._iterators = Iterators()

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        """Every table by name, each record with its id and the cells that are not empty, by field name."""
        return {
            table.name: [
                {"id": record.id, **records.payload_of(table, record)["fields"]} for record in table.records.values()
            ]
            for table in self.store.tables.values()
        }

    def _change(self, random: Random) -> str:
        """What the people of the base do."""
        return self.operators.one(random)

    def _known(self, request: Request) -> bool:
        return request.path.startswith(ROOT) and request.header("Authorization") == f"Bearer {self.token}"

    def _limit(self, request: Request) -> Answer | None:
        """Refuse what is too fast, and everything in the half minute after that. airtable.md A2."""
        if not self._known(request):
            return None
        now, options = self._now(), self.options
        self._per_base.limit, self._per_owner.limit = options.requests_per_second, options.owner_requests_per_second
        if now >= self._refused_until:
            of_base = request.path not in OF_NO_BASE
            crowded = of_base and self._per_base.refuse(self.store.base_id, now)
            if not crowded and not self._per_owner.refuse(self._user, now):
                return None
            self._refused_until = now + PENALTY_SECONDS
        elif options.refused_extend_penalty:
            self._refused_until = now + PENALTY_SECONDS
        left = self._refused_until - now
        return too_many(
            "RATE_LIMIT_REACHED", "Rate limit exceeded. Please try again later", left if options.retry_after else None
        ).answer

    def _count(self, now: float) -> None:
        month = datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
        if self.options.monthly_calls is not None and self.month_calls[month] >= self.options.monthly_calls:
            raise too_many(
                "PUBLIC_API_BILLING_LIMIT_EXCEEDED", "The API calls of this month are used up on this billing plan."
            )
        self.month_calls[month] += 1

    def _answer(self, request: Request) -> Answer:
        if not request.path.startswith(ROOT):
            raise not_found()
        if not self._known(request):
            raise unauthorized()
        request.environ["sandbox.authenticated"] = True
        if len(request.body) > self.options.body_bytes:
            raise refuse(413, "REQUEST_TOO_LARGE", "Request body is too large")
        path = request.path.removeprefix(ROOT).rstrip("/")
        if path == "meta/whoami" and request.method == "GET":
            return json_answer({"id": self._user})
        call = Call(request, self.store, self.options, self._now())
        if path.startswith("meta/"):
            return self._routed(call, META, path)
        self._count(call.now)
        if request.method == "GET" and (found := re.fullmatch(f"{BASE}/({ID})", path)):
            return records.listing(call, self._opened(found), self._iterators, call.parameters)
        if request.method == "POST" and (found := re.fullmatch(f"{BASE}/({ID})/listRecords", path)):
            return records.listing(call, self._opened(found), self._iterators, call.body)
        return self._routed(call, DATA, path)

    def _routed(self, call: Call, routes: list[tuple[str, re.Pattern[str], Route]], path: str) -> Answer:
        for methods, pattern, function in routes:
            found = pattern.fullmatch(path)
            if found is not None and call.request.method in methods.split("|"):
                if found.groups():
                    self._open(found[1])
                return function(call, *found.groups()[1:])
        raise not_found()

    def _opened(self, found: re.Match[str]) -> str:
        self._open(found[1])
        return found[2]

    def _open(self, base: str) -> None:
        if base != self.store.base_id:
            raise hidden()
