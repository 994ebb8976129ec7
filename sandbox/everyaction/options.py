"""Switches of the simulated EveryAction: what is left open goes both ways; everyaction.md 2, 12, 13 and 15."""

from dataclasses import dataclass, field

LIFE_SECONDS = 20 * 86_400.0
"""How long a job is known, and its files are there."""


@dataclass
class Options:
    """May be changed at any time.

    - `rate_limit`, `rate_seconds`: requests of a key in a rolling window; no number is published. `retry_after`:
      whether a 429 carries `Retry-After`.
    - `without`: resource types that the key may not export; `refused`: paths of lists that are answered with 403.
    - `link_port`: `nextPageLink` names the port; `endless_lists`: those of saved and printed lists go on for ever.
    - `top_refused`: a `$top` above the maximum is a 400, else cut in silence.
    - `job_seconds`: how long jobs are pending and then in process, one after the other, again from the first.
    - `one_job`: a job that is asked for while another one runs is a 429; `failing`: resource types whose next jobs end
      in an error, each as often as it stands there; `link_seconds`: how long a link opens its file.
    - `live_spelling`: change types as clients have seen them, else as they are documented.
    - `ids_add`: `requestedIds` are added to what the window has, else they stand in its place.
    - `unaccepted`: properties of a job that are neither followed nor echoed.
    - `kilobyte`: how many bytes of a file `fileSizeKbLimit` means by one; `header_again`: whether files after the
      first have the header too, by turns like `job_seconds`; `empty_file`: a result without rows has a file.
    - `delimiter`, `line_end`, `byte_order_mark`, `gzipped`: how files are written.
    - `cuts`: how the files that are fetched next break off: `field`, inside one; `row`, between two; `length`, before
      their `Content-Length`; "" not at all. `miscounted`: what is added to `exportedRecordCount`.
    - `work_before_page`: number of random changes made before each page after the first is served.
    """

    rate_limit: int = 120
    rate_seconds: float = 60
    retry_after: bool = True
    without: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    link_port: bool = False
    endless_lists: bool = True
    top_refused: bool = True
    job_seconds: tuple[tuple[float, float], ...] = ((1, 3), (2, 2), (4, 6))
    one_job: bool = True
    failing: list[str] = field(default_factory=list)
    link_seconds: float = LIFE_SECONDS
    live_spelling: bool = True
    ids_add: bool = False
    unaccepted: frozenset[str] = frozenset()
    kilobyte: float = 1
    header_again: tuple[bool, ...] = (True, False)
    empty_file: bool = False
    delimiter: str = ","
    line_end: str = "\r\n"
    byte_order_mark: bool = True
    gzipped: bool = False
    cuts: list[str] = field(default_factory=list)
    miscounted: int = 0
    work_before_page: int = 0
