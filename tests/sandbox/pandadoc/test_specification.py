"""Every answer is what the vendor's specification says, but for what it is known to say wrongly."""

from collections.abc import Callable
from random import Random

import pytest

from sandbox.company import Company
from sandbox.pandadoc import PandaDoc
from sandbox.pandadoc.options import Options
from tests.sandbox.conftest import Clock
from tests.sandbox.pandadoc import specification
from tests.sandbox.pandadoc.conftest import Reader

LISTS = (
    "v1/documents?order_by=-date_created",
    "v1/documents?deleted=true",
    "v1/templates?fields=content_date_modified",
    "v1/templates?deleted=true",
    "v1/content-library-items",
    "v1/forms",
    "v1/contacts",
    "v1/members",
    "v1/members/current",
    "v1/users",
    "v1/workspaces",
    "v1/documents/folders",
    "v1/templates/folders",
    "v2/product-catalog/items/search?types=regular&types=bundle&per_page=100",
    "v2/logs?count=1000",
    "v1/logs?count=10",
    "v1/webhook-subscriptions",
    "v1/webhook-events?count=100&page=1",
    "v1/sms-opt-outs?timestamp_from=2020-01-01T00:00:00Z",
    "v2/notary/notaries",
    "v2/notary/notarization-requests",
)
OF_A_DOCUMENT = (
    "v1/documents/{}",
    "v1/documents/{}/details",
    "v1/documents/{}/fields",
    "v1/documents/{}/attachments",
    "v1/documents/{}/linked-objects",
    "v1/documents/{}/sections",
    "v1/documents/{}/auto-reminders",
    "v1/documents/{}/auto-reminders/status",
    "v1/documents/{}/esign-disclosure",
    "v2/documents/{}/audit-trail",
    "v2/documents/{}/settings",
)
REFUSED = (
    "v1/documents?order_by=size",
    "v1/documents?q=",
    "v1/forms?count=1000",
    "v2/logs?count=1000&page=11",
    "v1/documents/nobody/details",
    "v1/templates/nobody/details",
    "v2/product-catalog/items/search?per_page=0",
    "v1/content-library-items?count=0",
    "v1/documents/folders?count=101",
)


def checked(reader: Reader, path: str) -> set[str]:
    """Ask, and return how the answer deviates, as it may."""
    answer = reader.ask(path)
    where = f"/public/{path.partition('?')[0]}"
    found = specification.deviations(where, answer.status_code, answer.json())
    assert found <= specification.DEVIATIONS.keys(), (path, answer.status_code)
    return found


@pytest.fixture(scope="module")
def worked() -> Reader:
    """A workspace after months of work, in which a document is just being made."""
    clock = Clock()
    reader, random = Reader(PandaDoc(Company(1, 0.1), clock.now, options=Options(notary=True)), clock), Random(1)
    for _ in range(20):
        clock.time += 3 * 86_400
        reader.vendor.work(random, 15)
    while not any(row["status"] == "document.uploaded" for row in reader.documents()):
        reader.vendor.work(random)
    return reader


def test_everything_that_can_be_read_is_as_specified_but_for_what_is_known(worked: Reader) -> None:
    store = worked.vendor.store
    paths = [*LISTS, *(path.format(id) for id in store.documents for path in OF_A_DOCUMENT)]
    for kind, folder in (("template", "templates"), ("content_library_item", "content-library-items")):
        paths += [f"v1/{folder}/{id}{end}" for id in store.kinds[kind] for end in ("", "/details")]
    paths += [f"v2/templates/{id}/settings" for id in store.kinds["template"]]
    paths += [f"v2/product-catalog/items/{uuid}" for uuid in store.kinds["catalog_item"]]
    paths += [f"v1/webhook-events/{uuid}" for uuid in store.kinds["webhook_event"]]
    paths += [f"v1/webhook-subscriptions/{uuid}" for uuid in store.kinds["webhook_subscription"]]
    paths += [f"v1/contacts/{id}" for id in list(store.kinds["contact"])[:3]]
    paths += [f"v1/users/{id}" for id in list(store.kinds["user"])[:9]]
    paths += [f"v2/logs/{worked.one('v2/logs')['results'][0]['id']}"]
    seen = set().union(*(checked(worked, path) for path in paths))
    nobody = Reader(worked.vendor, worked.clock)
    nobody.session.headers["Authorization"] = "API-Key wrong"
    seen |= checked(nobody, "v1/contacts")
    assert seen == specification.DEVIATIONS.keys()


@pytest.mark.parametrize("path", REFUSED)
def test_refusals_look_as_specified(worked: Reader, path: str) -> None:
    assert worked.ask(path).status_code in (400, 404)
    checked(worked, path)


def test_refused_credentials_and_too_many_requests_look_as_specified(make: Callable[..., Reader]) -> None:
    reader = make(organization_admin=False, limits={"list": 1, "/public/v2/logs": 1})
    for path in ("v1/users", "v1/workspaces", "v1/documents", "v1/documents", "v1/documents", "v2/logs", "v2/logs"):
        checked(reader, path)
    assert reader.vendor.statistics["429"] == 3 and reader.vendor.statistics["403"] == 2
    reader.session.headers["Authorization"] = "API-Key wrong"
    for path in ("v1/documents", "v2/logs", "v1/contacts"):
        assert reader.ask(path).status_code == 401
        checked(reader, path)


def test_a_key_or_a_type_that_is_not_specified_is_found(pandadoc: Reader) -> None:
    payload = pandadoc.one("v1/documents", status=2)
    payload["results"][0] |= {"owner": 1, "name": 5}
    found = specification.deviations("/public/v1/documents", 200, payload)
    assert found == {".results[].owner key", ".results[].name type"}
