"""Whose data it is: what has landed is added to only from where it came.

Other settings may lead to another company over the same state. Then records of two companies that have the same id by
chance become one, and what only the first one has is taken for deleted. So the state says whose data it is:

    "owner": {"ids": ["9341453012345678"], "fingerprint": "5f0a1c33"}

The source is asked only where the fingerprint of the settings is another one. A state without an owner, as earlier
releases wrote it, takes the first one that it meets.
"""

from collections.abc import Callable, Collection, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from shared.access import Access
from shared.errors import Rejected, SourceError, StateError, Unauthorized
from shared.landed import Landed
from shared.retry import haste
from shared.state import TOKENS

STATE_KEY = "owner"
MOST_IDS = 100
"""So many ids of one owner are kept, where it has many."""


@dataclass(frozen=True)
class Owner:
    """How a connector tells whose data its settings lead to."""

    kind: str
    """What the owner is, in the vendor's words: company, account."""
    ids: Callable[[Access], Collection[str]]
    """Ids that nobody else has. One is enough; of several, one that is the same shows the same owner."""
    stream: str = ""
    """The stream whose records have these ids, where they come and go: what has landed of it counts too."""

    def check(
        self,
        access: Access,
        state: MutableMapping[str, Any],
        fingerprint: str,
        *,
        save: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        """Ask whose data it is, where these settings are not the ones of before, and take note of it in `state`.

        `save` saves the state: tokens may be replaced while it is asked. `say` is for the log. Raises `StateError` for
        another owner than before, or where it cannot be told for now, and `Unauthorized`.
        """
        kept = state.get(STATE_KEY, {})
        if kept.get("fingerprint") == fingerprint:
            return
        known = [*kept.get("ids", ()), *self._landed(state)]
        tokens = state.get(TOKENS)
        try:
            found = self._found(replace(access, persist=save), patient=bool(known))
        except Unauthorized:
            raise
        except Rejected:
            found = ()  # This credential may not ask: nothing can be told.
        except SourceError as error:
            if not known:
                say(f"Whose {self.kind} the settings open could not be asked: the next sync asks again")
                return
            raise StateError(
                f"The settings have changed, and whose {self.kind} they open could not be asked: {error}. Nothing was "
                "read; the next sync asks again"
            ) from error
        if found and known and not set(found) & set(known):
            self._take_back(state, tokens, save)
            raise StateError(
                f"These settings open the {self.kind} {_shown(found)}, but what has landed is of the {self.kind} "
                f"{_shown(known)}: put back the settings of before, or, to have the new one instead, re-sync this "
                "connection from the beginning"
            )
        told = f"open the {self.kind} {_shown(found)}" if found else f"do not tell whose {self.kind} they open"
        say(f"The settings {told}")
        state[STATE_KEY] = {"ids": sorted(found)[:MOST_IDS] or known[:MOST_IDS], "fingerprint": fingerprint}

    def _found(self, access: Access, *, patient: bool) -> Collection[str]:
        if patient:
            return self.ids(access)
        with haste():
            return self.ids(access)

    def _landed(self, state: MutableMapping[str, Any]) -> list[str]:
        saved = state["streams"].get(self.stream, {})
        return [identity for identity, _ in Landed.decoded(saved.get("known")).items()]

    @staticmethod
    def _take_back(state: MutableMapping[str, Any], tokens: Any, save: Callable[[], None]) -> None:
        """Tokens of another owner must not win once the settings are put back."""
        if state.get(TOKENS) == tokens:
            return
        if tokens is None:
            del state[TOKENS]
        else:
            state[TOKENS] = tokens
        save()


def _shown(ids: Collection[str]) -> str:
    first = min(ids)
    others = len(set(ids)) - 1
    return f"with {first} and {others} others" if others else first
