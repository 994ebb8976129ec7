"""Switches of the simulated QuickBooks."""

from dataclasses import dataclass, field


@dataclass
class Options:
    """May be changed at any time, except `invoices`, `invoice_lines` and `bulk`, which count when the company is made.

    - `invoices`: number of invoices instead of what the company's scale gives.
    - `invoice_lines`: sales lines of the one largest invoice (up to 10,000 are allowed).
    - `bulk`: so many plain purchases more, all imported within a few seconds, for a company that is large to read.
    - `token_lifetime_seconds`: life of an access token.
    - `rotation_seconds`: a refresh token older than this is exchanged for another one.
    - `old_token_grace_seconds`: how long a refresh token that was exchanged still works.
    - `grant_lifetime_seconds`: a consent ends after so long, however often its tokens are used.
    - `requests_per_minute`, `requests_per_second`, `requests_at_once`: what one company may be asked.
    - `answer_seconds`: how long an answer keeps one of the places `requests_at_once`.
    - `retry_after`: seconds in a `Retry-After` of a throttled answer; Intuit documents none.
    - `monthly_reads`: metered reads of a calendar month; past them every read is refused until the next one.
    - `quota_named`: whether the refusal says that it is the monthly meter; if not it looks like any other.
    - `slow_lines`: a page with more lines than this is not answered within the time limit (504 after 120 s).
    - `cdc_cap`: the most objects of one answer to CDC.
    - `lag_seconds`: how long queries and CDC go on answering as before a change; its time is that of the change.
    - `cdc_exclusive`: CDC leaves the second of `changedSince` out.
    - `cdc_refused`: entities that CDC refuses beyond the five that it never supports.
    - `cdc_sparse`: entities of which CDC shows no more than the name, as sparse objects.
    - `cdc_contradicts`: ids by entity; CDC shows them whole, and marked as deleted.
    - `refused`: entity and the error code that the company answers, such as {"Budget": "5030"}.
    - `unfiltered`: entities that cannot be filtered by `Active`.
    - `poisoned`: ids by entity; a page that would hold one of them fails as a whole with code 10000.
    - `over_delivery`: a page comes with one row more than was asked for.
    - `unstable_ties`: records of the same second come in another order at each request.
    - `customer_balances_move_time`, `account_balances_move_time`: whether a balance that changed because of a
      transaction changes `LastUpdatedTime` of the customer or vendor, or of the account.
    - `stale_addresses`: whoever moves house keeps the address's id, and transactions go on showing it as it was.
    - `merge_leaves_stub`: whether CDC tells of the customer that vanished in a merge.
    - `work_before_page`: number of random changes made before each page after the first, and before each CDC answer.
    - `new_field`: a key that every record has grown since this was written.
    """

    invoices: int | None = None
    invoice_lines: int = 0
    bulk: int = 0
    token_lifetime_seconds: float = 3_600
    rotation_seconds: float = 86_400
    old_token_grace_seconds: float = 0
    grant_lifetime_seconds: float = 5 * 365 * 86_400
    requests_per_minute: int = 500
    requests_per_second: int = 10
    requests_at_once: int = 10
    answer_seconds: float = 0
    retry_after: int | None = None
    monthly_reads: int = 500_000
    quota_named: bool = True
    slow_lines: int = 20_000
    cdc_cap: int = 1_000
    lag_seconds: float = 0
    cdc_exclusive: bool = False
    cdc_refused: frozenset[str] = frozenset()
    cdc_sparse: frozenset[str] = frozenset()
    cdc_contradicts: dict[str, set[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unfiltered: frozenset[str] = frozenset()
    poisoned: dict[str, set[str]] = field(default_factory=dict)
    over_delivery: bool = False
    unstable_ties: bool = False
    customer_balances_move_time: bool = True
    account_balances_move_time: bool = False
    stale_addresses: bool = False
    merge_leaves_stub: bool = False
    work_before_page: int = 0
    new_field: str | None = None
