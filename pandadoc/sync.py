"""The streams of PandaDoc: which table, which listing, which cadence (pandadoc.md 5-9).

    documents    each with its details, by creation and then by change
    extras       what hangs below documents, asked for one by one
    detailed     templates, content library items, the catalogue: what a listing shows to have changed
    listings     what is read whole
    history      what happened, and stays as it is

`walk` is what documents and extras have in common, `by_time` the order in which they come, `times` and `positions` are
what all of them write down.
"""

from collections.abc import Callable, Iterable
from functools import partial

import models
from api import DOCUMENT_DETAILS, TEMPLATE_DETAILS
from detailed import Detailed
from documents import STATUSES, Documents
from extras import Extras, reminders
from history import History, events, logs
from listings import folders, listing, without_secrets
from settings import connect
from times import BEGINNING, stamp

from shared.clock import DAY_SECONDS
from shared.pages import Page
from shared.run import Run
from shared.streams import Feed, Stream
from shared.tables import Table


def build(run: Run) -> list[Stream]:
    """The streams of one workspace."""
    pandadoc, lanes, start_date = connect(run.access), run.lanes, run.values["start_date"]
    open_statuses = STATUSES[run.values["reread_open_documents"]]

    def extra(table: Table, operation: str, read: Callable[[str], Iterable[Page]]) -> Feed:
        return Extras(pandadoc, lanes(operation), table, read, start_date, run.clock).stream()

    return [
        Documents(pandadoc, lanes(DOCUMENT_DETAILS), open_statuses, start_date, run.clock, run.look_seconds).stream(),
        Detailed(
            models.TEMPLATE,
            lanes(TEMPLATE_DETAILS),
            pandadoc.templates,
            pandadoc.template_details,
            partial(pandadoc.templates, deleted="true"),
        ).stream(),
        Detailed(
            models.CONTENT_LIBRARY_ITEM,
            lanes(TEMPLATE_DETAILS),
            pandadoc.content_library_items,
            pandadoc.content_library_item_details,
            partial(pandadoc.content_library_items, deleted="true"),
        ).stream(),
        Detailed(
            models.CATALOG_ITEM, lanes("catalogue details"), pandadoc.catalog_items, pandadoc.catalog_item_details
        ).stream(),
        listing(models.CONTACT, lambda: [pandadoc.contacts()], run.look_seconds),
        listing(models.MEMBER, lambda: [pandadoc.members()], run.look_seconds),
        listing(models.USER, pandadoc.users, DAY_SECONDS),
        listing(models.WORKSPACE, pandadoc.workspaces, DAY_SECONDS),
        listing(models.FORM, pandadoc.forms, DAY_SECONDS),
        listing(models.DOCUMENT_FOLDER, partial(folders, pandadoc, "documents"), DAY_SECONDS),
        listing(models.TEMPLATE_FOLDER, partial(folders, pandadoc, "templates"), DAY_SECONDS),
        listing(models.WEBHOOK_SUBSCRIPTION, lambda: [without_secrets(pandadoc.webhook_subscriptions())], DAY_SECONDS),
        History(models.WEBHOOK_EVENT, "delivery_time", partial(events, pandadoc)).stream(),
        History(models.API_LOG, "request_time", partial(logs, pandadoc, run.clock)).stream(opt_in=True),
        listing(models.NOTARY, pandadoc.notaries, DAY_SECONDS, opt_in=True),
        listing(models.NOTARIZATION_REQUEST, pandadoc.notarization_requests, DAY_SECONDS, opt_in=True),
        listing(models.SMS_OPT_OUT, lambda: [pandadoc.sms_opt_outs(stamp(BEGINNING))], DAY_SECONDS, opt_in=True),
        extra(models.DOCUMENT_ATTACHMENT, "attachments", lambda document: [pandadoc.attachments(document)]),
        extra(models.DOCUMENT_SECTION, "sections", lambda document: [pandadoc.sections(document)]),
        extra(models.DOCUMENT_AUDIT_TRAIL, "audit trail", pandadoc.audit_trail),
        extra(models.DOCUMENT_SETTING, "settings", lambda document: [Page([pandadoc.document_settings(document)])]),
        extra(models.DOCUMENT_AUTO_REMINDER, "auto-reminders", partial(reminders, pandadoc)),
    ]
