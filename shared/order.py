"""What is to be read of a stream in one sync, and where what comes of it goes."""

from dataclasses import dataclass

from shared.gathered import GatheredTables
from shared.journal import Destination, Journal
from shared.streams import Settings, Stream


@dataclass(frozen=True)
class Sync:
    """What all readings of one sync share."""

    destination: Destination
    journal: Journal
    gathered: GatheredTables
    settings: Settings


@dataclass(frozen=True)
class Order:
    """One stream, and what is wanted of it."""

    stream: Stream
    started_at: str
    complete: bool = False
    """Everything, whatever has been read before."""
    looks: bool = True
    """Also what the source gives no signal of."""
    lands: bool = True
    """Its records land. Else they are read for other streams alone."""
    has_children: bool = False
    """Other streams go through its records in this sync."""
    left_behind: bool = False
    """The streams that it goes through have waited for long enough: they move on, whatever comes of it."""
    others_doubt: bool = False
    """Other streams doubt that what they miss is gone."""
