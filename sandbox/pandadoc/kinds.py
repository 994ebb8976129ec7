"""The kinds of records in a workspace, and the statuses of a document."""

from sandbox.store import Kind

STATUSES = (
    "draft sent completed uploaded error viewed waiting_approval approved rejected waiting_pay paid voided declined "
    "external_review scheduled"
).split()
"""The statuses of a document, by their codes. pandadoc.md 6."""
FINISHED = ("completed", "paid", "voided", "declined", "error")
UNSENT = ("draft", "uploaded", "error", "waiting_approval", "approved", "rejected", "external_review", "scheduled")
IN_CONTENTS = "number name author content_modified folder tags metadata content_edits"
DOCUMENT = f"""{IN_CONTENTS} people_edits ref_number status status_changed acted sent completed declined expires
    template form signatures history attachments locked addressees deal"""
PERSON = "person email first_name last_name"
CATALOG_ITEM = "title type workspace_id created_by modified_by category_id category_name modified price variants bundle"
SUBSCRIPTION = "name url active status payload triggers workspace_id shared_key"
KINDS = (
    Kind("document", DOCUMENT, moved_by="edit"),
    Kind("template", f"{IN_CONTENTS} role_edits", moved_by="edit"),
    Kind("content_library_item", f"{IN_CONTENTS} role_edits", moved_by="edit"),
    Kind("document_folder", "name", moved_by="", space="document folder"),
    Kind("template_folder", "name", moved_by="", space="template folder"),
    Kind("contact", f"{PERSON} client company job_title phone country state street_address city postal_code"),
    Kind("member", f"{PERSON} user_id is_active email_verified role user_license workspace author", space="membership"),
    Kind("user", f"{PERSON} phone_number license is_organization_owner workspaces removed"),
    Kind("workspace", "name owner"),
    Kind("form", "name status responses"),
    Kind("catalog_item", CATALOG_ITEM, space="item"),
    Kind("webhook_subscription", SUBSCRIPTION, space="subscription"),
    Kind("webhook_event", "name type http_status_code error delivered", space="event"),
    Kind("notary", "email name status commission_state"),
    Kind("opt_out", "status"),
)
"""Times are microseconds since 1970. What is in a document, template or content library item is drawn from its
`number` (`sandbox.pandadoc.contents`) whenever somebody asks, with as many edits as it says. Of a document
`signatures` are the times at which the first signers were done, `history` the audit entries (time, action) beyond
those that the other times tell of. Its `addressees` are the people of one firm, as the contacts were at first:
recipients do not change with them; a `deal` that it offers is what it is worth. An `author` is a member as documents
name them: as they were when the document was made. A folder hangs under another or none. Events were `created` when
they happened, which filters go by, and show when they were `delivered`. A `person` is the company's number of
somebody, a `client` that of the firm."""
FOLDERS = {"document_folder": "document", "template_folder": "template"}
"""What is in a folder."""
