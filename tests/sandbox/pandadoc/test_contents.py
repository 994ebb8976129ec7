"""What a document holds is drawn from its number: the same each time, and another after each edit."""

from copy import copy
from decimal import Decimal

from sandbox.pandadoc.contents import EXACT, Contents
from tests.sandbox.pandadoc.conftest import Reader


def total(contents: Contents) -> Decimal:
    amounts = [
        line["subtotal"] for table in contents.tables if table["is_included_in_total"] for line in table["items"]
    ]
    amounts += [
        item["total"] for quote in contents.quotes for part in quote["sections"] for item in part["items"] or ()
    ]
    whole = Decimal(0)
    for amount in amounts:
        whole = EXACT.add(whole, Decimal(amount or 0))
    return whole


def test_the_same_document_holds_the_same_each_time_and_each_edit_changes_it(pandadoc: Reader) -> None:
    store = pandadoc.vendor.store
    for document in list(store.documents.values())[:25]:
        edited, seen = copy(document), [store.contents(document)]
        assert store.contents(document) == seen[0]
        for edits in range(6):
            for name in ("content_edits", "people_edits"):
                edited.fields = {**edited.fields, name: document.fields[name] + edits + 1}
                seen.append(store.contents(edited))
        assert all(one != other for one, other in zip(seen, seen[1:], strict=False))


def test_sums_are_exact(pandadoc: Reader) -> None:
    contents = [pandadoc.vendor.store.contents(one) for one in pandadoc.vendor.store.documents.values()]
    assert all(Decimal(one.amount) == total(one) for one in contents)
    assert any(Decimal(one.amount) > 0 for one in contents) and any(one.total is None for one in contents)


def test_the_identifiers_within_a_document_are_all_different(pandadoc: Reader) -> None:
    for document in pandadoc.vendor.store.documents.values():
        contents = pandadoc.vendor.store.contents(document)
        ids = [one["uuid"] for one in contents.fields] + [one["id"] for one in contents.recipients]
        ids += [line["id"] for table in contents.tables for line in table["items"] if line["id"]]
        assert len(ids) == len(set(ids))
