"""A simulated PandaDoc workspace.

    vendor = PandaDoc(Company(seed=1, scale=0.1), now=time.time)
    session.mount("http://pandadoc.test", WsgiAdapter(vendor.wsgi))
    configuration = vendor.configuration("http://pandadoc.test")

Decisions where the documentation is silent, each a switch or one function:
- deleting and restoring a document move no `date_modified`; who is deleted stays listed for 30 days and more, then
  the document may be gone for good; details of a deleted one answer 404; the list of deleted ones heeds no
  filter;
- an upload ends when the company's work ends it, or after `upload_seconds`;
- content edits move `content_date_modified` only, all others `date_modified`;
- documents of one moment come in an order that follows neither ids nor creation, the same each time
  (`unstable_ties`); templates and library items come last change first, so that editing one shifts pages;
- a `count` above the maximum is refused (`count_clamps`); a parameter that the resource does not have is ignored, as
  published clients that send some succeed (`unknown_parameters_refused`);
- of a document that is still being made, what the specification gives a 409 is one (`busy_below`: all that is below);
  the rest shows what there is, and counts in `truth()` once the document is made;
- list and status calls count together, as do details of templates and library items; what is refused does not count;
- requests without credentials do not count, and are not in the API logs; the others are;
- in webhook events and users page 0 is page 1;
- `truth()` is the whole workspace, whatever the key's owner is shown.

Order of refusals: credentials, request limit, resource, path, parameters.
"""

import re
from random import Random
from typing import Any

from sandbox.company import Company
from sandbox.listings import Listings
from sandbox.pandadoc import routes as routes  # registers them
from sandbox.pandadoc.access import TOKEN_PATH, Access
from sandbox.pandadoc.answers import forbidden, missing, refused
from sandbox.pandadoc.calls import ROUTES, Call
from sandbox.pandadoc.generate import generate
from sandbox.pandadoc.groups import WINDOW_SECONDS, group_of, limit_of
from sandbox.pandadoc.options import Options
from sandbox.pandadoc.store import Store
from sandbox.pandadoc.truth import truth
from sandbox.pandadoc.work import Work
from sandbox.vendor import SimulatedVendor
from sandbox.web import Answer, Refusal, Request, json_answer

NEVER_BROKEN = r"/oauth2/|/members/current|/public/v1/documents\?count=1&page=1$"
LATER_PAGE = re.compile(r"(^|&)(page=(?!1(&|$))|offset=(?!0(&|$)))")


class PandaDoc(SimulatedVendor):
    never_broken, later_page, make_options = NEVER_BROKEN, LATER_PAGE, Options

    def _build(self, company: Company) -> None:
        self.store = Store(self._now, self.options, self._seed, company.hostile)
        self.access = Access(self.options, self._now, self._seed)
        generate(self.store, company, self._seed)
        self.listings = Listings(self.store)
        self._refusals = 0
        self._work = Work(self.store, self._seed)

    def configuration(self, origin: str) -> dict[str, str]:
        return {"api_key": self.access.api_key, **self._place(origin)}

    def oauth_configuration(self, origin: str) -> dict[str, str]:
        """A connector configuration that points here and authorises by OAuth 2.0."""
        return {
            "client_id": self.access.client_id,
            "client_secret": self.access.client_secret,
            "refresh_token": self.access.refresh_token,
            **self._place(origin),
        }

    def identities(self) -> dict[tuple[str, str], int]:
        with self._lock:
            people = ("contact", "member", "user")
            return {one.key: one.fields["person"] for kind in people for one in self.store.living(kind)}

    def let(self, change: str, random: Random) -> bool:
        """One change of `work.CHANGES` happens now. Whether the company had something to change in that way."""
        with self._lock:
            self._settle()
            return self._work.let(change, random)

    def edit_at_once(self, count: int, random: Random) -> list[str]:
        """One bulk edit: `count` documents get the same `date_modified`, now. Returns their ids."""
        with self._lock:
            return self._work.edit_at_once(count, random)

    def edit_content(self, id: str) -> None:
        """Somebody writes into this document, and its `date_modified` does not tell."""
        with self._lock:
            self.store.edit_content(self.store.documents[id])

    def rename(self, id: str, name: str) -> None:
        """This document gets another name, and its `date_modified` tells."""
        with self._lock:
            self.store.edit(self.store.documents[id], {"name": name})

    def _place(self, origin: str) -> dict[str, str]:
        return {"base_url": origin, **({"key_type": "sandbox"} if self.options.sandbox_key else {})}

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        return truth(self.store, self.options)

    def _change(self, random: Random) -> str:
        return self._work.one(random)

    def _settle(self) -> None:
        self.store.settle()

    def _limit(self, request: Request) -> Answer | None:
        """Count a request of the key's owner in its group. Whoever is nobody does not count."""
        if request.path == TOKEN_PATH:
            return None
        try:
            self.access.require(request)
        except Refusal as refusal:
            return refusal.answer
        group = group_of(_path(request))
        limit = limit_of(group, self.options.limits, self.options.sandbox_key)
        wait = self._windows.refuse(group, group, (limit, WINDOW_SECONDS), self._now())
        return self._throttled(request, wait) if wait else None

    def _throttled(self, request: Request, wait: int) -> Answer:
        self._refusals += 1
        path, shapes = _path(request), self.options.throttled_shapes
        found = refused(path, 429, "Request was throttled.")
        if path.startswith("/public/v1/") and shapes[self._refusals % len(shapes)] == "expected":
            detail = f"Request was throttled. Expected available in {wait} seconds."
            found = json_answer({"type": "request_error", "detail": detail}, 429)
        if self.options.retry_after:
            found.headers["Retry-After"] = str(wait)
        return found

    def _answer(self, request: Request) -> Answer:
        if request.path == TOKEN_PATH:
            return self.access.token(request) if request.method == "POST" else refused(request.path, 404, "Not found")
        path, asked = _path(request), self.store.now
        self._meanwhile(request.query_string)
        try:
            found = self._found(request, path)
        except Refusal as refusal:
            found = refusal.answer
        query = f"?{request.query_string}" if request.query_string else ""
        self.store.record_call(request.method, f"{path}{query}", found.status, asked)
        return found

    def _found(self, request: Request, path: str) -> Answer:
        status = self.options.refused.get(path.removeprefix("/public/").partition("/")[2].partition("/")[0])
        if status == 403:
            raise forbidden(path, "You do not have permission to perform this action.")
        if status is not None:
            return refused(path, status, "Refused.")
        found = ROUTES.find("GET", path)
        if found is None:
            raise missing(path)
        if request.method != "GET":
            return refused(path, 403, "The sandbox is not written to.")
        route, arguments = found
        return route(Call(self, request, self._answered, path), *arguments)

    def _finish(self, request: Request, answer: Answer) -> Answer:
        return self._signed(answer)


def _path(request: Request) -> str:
    """Some clients end paths with a slash, and it works. pandadoc.md 1."""
    return request.path.rstrip("/") or "/"
