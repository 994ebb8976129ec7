"""Switches of the simulated Basecamp; basecamp.md 14 asks for them."""

from dataclasses import dataclass


@dataclass
class Options:
    """May be changed at any time; `large_ids` counts for ids given out afterwards.

    - `archived_bucket_404`: recordings of an archived project cannot be asked for by `bucket` (behaviour of
      2018).
    - `account_lists_skip_archived`: chats and gauges of archived projects are left out of the account-wide
      lists.
    - `redacted_emails`: the token's person is no admin and sees addresses as `j••••@•••••••••.•••`.
    - `hidden_feed`: an older server that answers 404 to /events.json.
    - `chats_with_rename_fail`: 500 for every page of lines of a chat that holds a rename announcement.
    - `endless_next_links`: with status=archived every page has a next link, also the empty ones after the
      end.
    - `empty_page_with_next`: the last page is followed by one empty page.
    - `account_inactive`: 404 with `Reason: Account Inactive` for everything of the account.
    - `token_lifetime_seconds`, `refresh_rotates`, `old_token_grace_seconds` (how long a rotated refresh token
      still works), `refresh_answer_has_token`, `invalid_refresh_status` (400 or 401).
    - `offsets`: times that carry the local offset where the real service has been seen to do so.
    - `large_ids`: ids above 2**53.
    - `subtask_keys`: to-dos and cards carry the subtask counters of current servers.
    - `rate_limit`, `rate_seconds`: requests of one address in a sliding window.
    - `work_before_page`: number of random changes made before each page after the first is served.
    """

    archived_bucket_404: bool = False
    account_lists_skip_archived: bool = False
    redacted_emails: bool = False
    hidden_feed: bool = False
    chats_with_rename_fail: bool = False
    endless_next_links: bool = False
    empty_page_with_next: bool = False
    account_inactive: bool = False
    token_lifetime_seconds: float = 1_209_600
    refresh_rotates: bool = False
    old_token_grace_seconds: float = 0
    refresh_answer_has_token: bool = True
    invalid_refresh_status: int = 400
    offsets: bool = True
    large_ids: bool = False
    subtask_keys: bool = True
    rate_limit: int = 50
    rate_seconds: float = 10
    work_before_page: int = 0
