"""Switches of the simulated Copper; copper.md 14 asks for them."""

from dataclasses import dataclass, field


@dataclass
class Options:
    """May be changed at any time, except `people` and `company_zone`, which count when the account is made.

    - `people`: number of people instead of what the company's scale gives; the rest stays as it is.
    - `company_zone`: the account's time zone, an IANA name, instead of one that the seed picks.
    - `rate_limit`, `rate_seconds`: requests of the whole account in a rolling window.
    - `retry_after`: whether a 429 carries `Retry-After`; the vendor promises none.
    - `other_client_per_minute`: requests that another client of the same account sends, evenly spaced.
    - `record_cap`: the number of matches that paging reaches; `cap_refuses`: past it a 422, else an empty page.
    - `total_surplus`: by how much `X-PW-TOTAL` exceeds the matches; `total_header`: whether it is sent at all.
    - `exclusive_bounds`: `minimum_…` and `maximum_…` leave their own second out.
    - `half_open_bounds`: only `maximum_…` leaves its own second out.
    - `index_lag_seconds`: how long searches go on showing a record as it was before a change;
      `index_has_order_only`: at its place of before, but as it is now.
    - `unstable_ties`: records of the same second come in another order at each request.
    - `hidden_share`: the key's user is no administrator, and so large a share of the records is not shown to it;
      `hidden_after_paging`: such records are taken out of a page that was already cut, which comes out shorter.
    - `leads_enabled`: an account without leads says so in its settings, and answers `leads_status` to them.
    - `refused`: resource (the first part of its path) and the status that it answers, such as {"pipelines": 403}.
    - `conversion_moves_date`: converting a lead moves its `date_modified`.
    - `converted_leads_are_gone`: a single converted lead, and what hangs under it, answers 404.
    - `deleted_activities_listed`: searches show a deleted activity as a stub.
    - `tag_page`: tags in one answer; `tags_ignore_last`: `last_tag_value` is ignored and all tags are sent.
    - `other_activity_category`: /activity_types has a third list.
    - `new_field`: a key that every record has grown since this was written.
    - `work_before_page`: number of random changes made before each page after the first is served.
    """

    people: int | None = None
    company_zone: str | None = None
    rate_limit: int = 180
    rate_seconds: float = 60
    retry_after: bool = False
    other_client_per_minute: float = 0
    record_cap: int = 100_000
    cap_refuses: bool = True
    total_surplus: int = 0
    total_header: bool = True
    exclusive_bounds: bool = False
    half_open_bounds: bool = False
    index_lag_seconds: float = 0
    index_has_order_only: bool = False
    unstable_ties: bool = False
    hidden_share: float = 0.0
    hidden_after_paging: bool = False
    leads_enabled: bool = True
    leads_status: int = 403
    refused: dict[str, int] = field(default_factory=dict)
    conversion_moves_date: bool = True
    converted_leads_are_gone: bool = True
    deleted_activities_listed: bool = True
    tag_page: int = 100
    tags_ignore_last: bool = False
    other_activity_category: bool = False
    new_field: str | None = None
    work_before_page: int = 0
