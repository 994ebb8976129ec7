"""What keeps a stream from moving on, and for how many syncs already."""

from shared.state import SavedStream

MOST_STAYS = 5
"""How many syncs in a row a bad record may keep its stream from moving on."""


class Obstacles:
    """Those of one stream, met in this sync."""

    def __init__(self, saved: SavedStream) -> None:
        self.failed = False
        """Something could not be read."""
        self.misfit = False
        """A record landed with a value that did not fit, and had not landed like that before."""
        self.lost = False
        """A record could not be told from others, or what is below it could not be found."""
        self.unread = False
        """A part could not be read, and may be another time."""
        self.broken_off = False
        """The reading itself failed."""
        self._stayed = saved.stayed
        self._waited = saved.waited

    @property
    def bad_record(self) -> bool:
        """A record was bad: it may be good the next time."""
        return self.misfit or self.lost

    @property
    def none(self) -> bool:
        """All was read, and all was good."""
        return not self.failed and not self.bad_record

    @property
    def moves_on(self) -> bool:
        """No record was bad, or it has been waited for long enough."""
        return not self.bad_record or self.gives_up

    @property
    def passed(self) -> bool:
        """All has been read, or will not be had by trying again."""
        return not self.unread and not self.broken_off

    @property
    def in_the_way(self) -> bool:
        """What was read is not all there is, and it has not been waited for it long enough."""
        return (self.bad_record or self.unread) and self._stayed < MOST_STAYS

    @property
    def gives_up(self) -> bool:
        """A bad record has been waited for long enough: the position passes over it."""
        return self._stayed >= MOST_STAYS

    @property
    def stayed_before(self) -> bool:
        """The last sync did not move on, and this one read the same again."""
        return 0 < self._stayed < MOST_STAYS

    @property
    def waited_long_enough(self) -> bool:
        """The streams that go through this one's records have been waited for long enough."""
        return self._waited >= MOST_STAYS

    def counted(self, *, ended: bool, passed_on: bool, tried: bool) -> tuple[int, int]:
        """For how many syncs in a row the stream stayed and waited, this one included once it has ended, and once all
        that it waits for was `tried`."""
        stays, waits = self.bad_record or self.unread, not passed_on
        return (
            _one_more(self._stayed, stays) if ended else self._stayed,
            _one_more(self._waited, waits) if ended and (tried or not waits) else self._waited,
        )


def _one_more(before: int, again: bool) -> int:
    return min(before + 1, MOST_STAYS) if again else 0
