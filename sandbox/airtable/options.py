"""Switches of the simulated Airtable; airtable.md A2, A3 and B1 ask for them."""

from dataclasses import dataclass, field

SCOPES = ("data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write")
ROLES = ("none", "read", "comment", "edit", "create")


@dataclass
class Options:
    """May be changed at any time.

    - `requests_per_second`: of the base; one more, and everything is refused for half a minute.
    - `owner_requests_per_second`: of the token's owner over all bases, with the same penalty.
    - `retry_after`: whether a 429 says how long the penalty lasts; the vendor promises it for 503 only.
    - `refused_extend_penalty`: a request during the penalty begins it anew.
    - `monthly_calls`: of the workspace, by UTC month; None is unlimited. `/meta` goes on answering beyond it.
    - `record_limit`: records of all tables of the base together.
    - `full_base`: type and message of what answers a create beyond it; no source documents them.
    - `cell_characters`, `body_bytes`: the longest text of a cell and the largest request.
    - `scopes`, `role`: what the token and its owner may do; the role is one of `ROLES`.
    - `missing_in_delete`: status and type that answer the deletion of a record that is not there.
    """

    requests_per_second: int = 5
    owner_requests_per_second: int = 50
    retry_after: bool = False
    refused_extend_penalty: bool = False
    monthly_calls: int | None = 100_000
    record_limit: int = 50_000
    full_base: tuple[str, str] = (
        "RECORD_LIMIT_EXCEEDED",
        "This base has as many records as its plan allows. Upgrade it to add more records.",
    )
    cell_characters: int = 100_000
    body_bytes: int = 4_000_000
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    role: str = "create"
    missing_in_delete: tuple[int, str] = (422, "ROW_DOES_NOT_EXIST")
