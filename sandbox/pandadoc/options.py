"""Switches of the simulated PandaDoc; pandadoc.md 14 and 15 ask for them."""

from dataclasses import dataclass, field


@dataclass
class Options:
    """May be changed at any time, except `documents`, which counts when the account is made.

    - `documents`: number of documents, deleted ones not counted, instead of what the company's scale gives.
    - `sandbox_key`: the key is a sandbox key: 10 requests a minute an operation, audit addresses hidden.
    - `limits`: requests a minute of an operation group (`sandbox.pandadoc.groups`), instead of the documented ones.
    - `throttled_shapes`: the bodies of a 429 of version 1, in turn: `plain`, `expected` (names the seconds to wait).
    - `retry_after`: whether a 429 carries `Retry-After`; the vendor promises none.
    - `count_clamps`: a `count` above the maximum gives the maximum, else 400.
    - `unknown_parameters_refused`: a parameter that the resource does not have is a 400, else ignored.
    - `organization_admin`: the key's owner may list users and workspaces, else 403.
    - `workspace_admin`: the key's owner may read audit trails, else 403.
    - `notary`: the account has the notary add-on, else 403.
    - `refused`: resource (the part of its path after the version) and the status it answers: {"contacts": 403}.
    - `forbidden_share`: so large a share of the documents is listed, and their details answer 403.
    - `hidden_share`: the key's role shows less: so large a share of the documents is not listed.
    - `details_of_deleted`: what the details of a deleted document answer, 404 or 403.
    - `error_documents_have_details`: details of a document whose creation failed are there, else 404.
    - `deleting_moves_date`, `restoring_moves_date`: `date_modified` moves.
    - `deleted_combines`: the list of deleted documents heeds other filters too, else it is always whole.
    - `busy_below`: whatever is asked below a document that is being made is a 409, else what the specification says.
    - `upload_seconds`: after so long a new document is a draft by itself, else only by the company's work.
    - `uploading_has_no_modified_date`: `date_modified` is null so long, and no filter by it finds the document.
    - `index_lag_seconds`: how long lists go on showing a document as it was before a change.
    - `unstable_ties`: what an order leaves equal comes in another order at each request.
    - `work_before_page`: number of random changes made before each page after the first is served.
    - `access_token_seconds`: life of an access token; `access_token_requests`: or so many requests.
    - `refresh_rotates`: a refresh gives a new refresh token; `old_token_grace_seconds`: how long the old one lives.
    - `reminders_key`: the envelope of the reminders' status; `result` before 8.0.0.
    - `member_verified_key`: `email_verified` as observed, `emails_verified` as specified.
    - `new_field`: a key that every document, template and contact has grown since this was written.
    """

    documents: int | None = None
    sandbox_key: bool = False
    limits: dict[str, int] = field(default_factory=dict)
    throttled_shapes: tuple[str, ...] = ("plain", "expected")
    retry_after: bool = False
    count_clamps: bool = False
    unknown_parameters_refused: bool = False
    organization_admin: bool = True
    workspace_admin: bool = True
    notary: bool = False
    refused: dict[str, int] = field(default_factory=dict)
    forbidden_share: float = 0.0
    hidden_share: float = 0.0
    details_of_deleted: int = 404
    error_documents_have_details: bool = True
    deleting_moves_date: bool = False
    restoring_moves_date: bool = False
    deleted_combines: bool = False
    busy_below: bool = False
    upload_seconds: float | None = None
    uploading_has_no_modified_date: bool = False
    index_lag_seconds: float = 0
    unstable_ties: bool = False
    work_before_page: int = 0
    access_token_seconds: float = 31_535_999
    access_token_requests: int | None = None
    refresh_rotates: bool = True
    old_token_grace_seconds: float = 0
    reminders_key: str = "reminders"
    member_verified_key: str = "email_verified"
    new_field: str | None = None
