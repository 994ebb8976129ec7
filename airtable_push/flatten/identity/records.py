"""What goes through the identity step: records, pairs that belong together, and what a person should look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from airtable_push.flatten.identity.normal import Name

MANUAL = "manual"
SOURCE_KEY = "source key"
E_MAIL = "e-mail"
TAGGED_E_MAIL = "tagged e-mail and name"
SHARED_E_MAIL = "shared e-mail and whole name"
PHONE = "phone and name"
SLIP = "name and a slip in the e-mail"
MISSPELT = "mailbox at a misspelt domain"
MAILBOX = "unusual mailbox and name"
NAME_AND_FIRM = "name and firm"
FIRM_NAME = "firm name"
FIRM_DOMAIN = "web domain and firm name"
FIRST = "first record"
RULES = (
    *(MANUAL, SOURCE_KEY, E_MAIL, TAGGED_E_MAIL, SHARED_E_MAIL, PHONE, SLIP, MISSPELT, MAILBOX, NAME_AND_FIRM),
    *(FIRM_NAME, FIRM_DOMAIN),
)
"""Strongest first."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of one system that stands for a person. `id` is `source:table:id of the record`.

    `phones` are pairs of E.164 and extension. `firm` is what the firms' step knows the person's firm by, '' for none.
    `same_as` are ids of records that the system itself says are this person. `created` is ISO text, '' if unknown."""

    id: str
    name: Name = Name()
    emails: tuple[str, ...] = ()
    phones: tuple[tuple[str, str], ...] = ()
    firm: str = ""
    same_as: tuple[str, ...] = ()
    created: str = ""

    @property
    def table(self) -> str:
        """`source:table`."""
        return self.id.rpartition(":")[0] if self.id.count(":") == 2 else ":".join(self.id.split(":")[:2])

    @property
    def source(self) -> str:
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that belong together, or (in a review) might: by which rule, and what shows it."""

    one: str
    other: str
    rule: str
    evidence: str
    reason: str = ""
    """Why it is a suggestion only."""

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Strongest first, then the same on every run."""
        return RULES.index(self.rule), self.one, self.other, self.evidence


class Sets:
    """Union-find: which of the ids have been joined, directly or through others."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parents = {id: id for id in ids}

    def top(self, id: str) -> str:
        parents, top = self._parents, id
        while parents[top] != top:
            top = parents[top]
        while parents[id] != top:
            parents[id], id = top, parents[id]
        return top

    def join(self, one: str, other: str) -> None:
        one, other = self.top(one), self.top(other)
        if one != other:
            self._parents[max(one, other)] = min(one, other)

    def groups(self) -> Iterator[list[str]]:
        """All groups, each in the order of its ids."""
        found: dict[str, list[str]] = {}
        for id in sorted(self._parents):
            found.setdefault(self.top(id), []).append(id)
        yield from found.values()
