"""Switches of the simulated Virtuous: what its documentation leaves open goes both ways; virtuous.md 13 and 15."""

from dataclasses import dataclass, field


@dataclass
class Options:
    """May be changed at any time, except `child_edits_move_contact`, which counts when the organisation is made.

    - `rate_limit`, `rate_seconds`: requests of the whole organisation in a window that begins with its first one;
      `retry_after`: whether a 429 carries `Retry-After`; `rate_headers`: whether answers carry the three of the limit.
    - `other_client_per_hour`: requests that another client of the organisation sends, evenly spaced.
    - `plain_401`: a refused credential is answered in plain text; `new_errors`: other refusals have the newer shape.
    - `take_refused`: a `take` above the maximum is a 400, else cut in silence.
    - `unknown_parameter`, `unknown_sort`: the status that an unknown name is answered with; 0: the name is ignored.
    - `unknown_operator`: the status of an operator that the parameter's type does not have.
    - `without_id`, `without_modified`: kinds whose queries have no parameter of their id or of their change time.
    - `deaf`: kinds whose parameter of the change time is among the options, and is ignored.
    - `unsorted`: kinds whose queries do not know the order `Id`.
    - `filter_hours`: the zone in which filters know the day of a change, in hours from UTC; `filter_by_time`: they
      know the time of day too.
    - `child_edits_move_contact`: what happens to an individual, a method or an address moves its contact's change time.
    - `poison`: what cannot be served of (kind, id): `full` by no full query, `always` by none, `crowd` in no page with
      others; `poison_status` is what comes in its place, 0 a broken connection, 520 a page of the proxy.
    - `rights`: kinds that the key may not see, and how that is told: 403, or 200 for a listing without records.
    - `segments_paged`: `skip` works in the search for segments, else every page is the first.
    - `work_before_page`: number of random changes made before each page after the first is served.
    """

    rate_limit: int = 5_000
    rate_seconds: float = 3_600
    retry_after: bool = True
    rate_headers: bool = True
    other_client_per_hour: float = 0
    plain_401: bool = False
    new_errors: bool = False
    take_refused: bool = True
    unknown_parameter: int = 0
    unknown_sort: int = 0
    unknown_operator: int = 400
    without_id: frozenset[str] = frozenset()
    without_modified: frozenset[str] = frozenset({"premium"})
    deaf: frozenset[str] = frozenset()
    unsorted: frozenset[str] = frozenset()
    filter_hours: float = -7
    filter_by_time: bool = False
    child_edits_move_contact: bool = True
    poison: dict[tuple[str, int], str] = field(default_factory=dict)
    poison_status: int = 500
    rights: dict[str, int] = field(default_factory=dict)
    segments_paged: bool = False
    work_before_page: int = 0
