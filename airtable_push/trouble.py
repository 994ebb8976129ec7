"""When there is no use in going on: with a table, or with the whole run."""

from collections import Counter

from airtable_push.answers import FieldGone, QuotaSpent, told
from airtable_push.delivery import Outcome
from shared.errors import Forbidden, RateLimited, Rejected, SourceError, Transient, Unauthorized

REFUSED_BATCHES = 3
"""So many full batches refused record by record, each for one and the same reason, are the table's trouble."""


class TableEnds(Exception):
    """There is no use in going on with this table. The message says why."""


class Trouble:
    """What the batches of one table met."""

    def __init__(self) -> None:
        self._reasons: Counter[str] = Counter()
        self._error: SourceError | None = None
        self.ends = False
        """Whether no more of this table should be sent."""

    def meet(self, outcome: Outcome) -> None:
        """Look at what came of a batch."""
        if outcome.reason:
            self._reasons[outcome.reason] += 1
            self.ends |= self._reasons[outcome.reason] >= REFUSED_BATCHES
        if outcome.error is not None:
            self.ends, self._error = True, outcome.error

    def end(self) -> None:
        """Once what was under way is written down: raise `TableEnds`, or the error that ends the whole run, if there
        was any."""
        if not self.ends:
            return
        error = self._error
        if error is None:
            message, _ = self._reasons.most_common(1)[0]
            raise TableEnds(
                f"one batch after the other was refused for the same reason, so the rest was not sent: {message}"
            )
        if isinstance(error, QuotaSpent | Unauthorized | RateLimited) or not isinstance(error, Rejected | Transient):
            raise error
        if isinstance(error, FieldGone):
            raise TableEnds(f"a field was removed or renamed while writing ({error.message}); nothing more was sent")
        if isinstance(error, Transient):
            raise TableEnds(f"Airtable could not be written to: {told(error)}")
        raise TableEnds(error.message if isinstance(error, Forbidden) else str(error))
