"""What a client has asked for, from the first call to the last invoice: a story of which each system tells a part."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

DAY = 86_400
HOME, FOREIGN = "USD", "EUR"
TITLES = (
    "Spring catalogue|Shop signage|Annual report|Trade fair booth|Web relaunch|Packaging|Wayfinding|Photo week|"
    "Press kit|Price lists|Launch campaign|Product manuals|Open day|Newsletter|Site survey|Showroom"
).split("|")
STEP = 50
"""Amounts are multiples of it."""
SHARES = ((1,), (5, 5), (4, 3, 3), (6, 4))
"""Tenths of the amount, one for each invoice."""


@dataclass(frozen=True, slots=True)
class Deal:
    """`asked`, `offered` and `decided` are seconds before now, None for what has not happened; a deal that was decided
    is won or lost. `parts` are the invoices, one a month from the decision on; their sum is the amount."""

    title: str
    amount: Decimal
    currency: str
    asked: int
    offered: int | None = None
    decided: int | None = None
    parts: tuple[Decimal, ...] = ()

    @property
    def status(self) -> str:
        return "Open" if self.decided is None else "Won" if self.parts else "Lost"


def draw(random: Random, number: int, systems: tuple[str, ...]) -> Deal:
    """The deal of the client of this number: won where the books know the client, offered where a document was sent."""
    amount = Decimal(STEP * random.randint(30, 900))
    won, offered = "quickbooks" in systems, "pandadoc" in systems
    decided = _days(random, 100, 430) if won else _days(random, 5, 200) if offered and number % 2 else None
    sent = (decided or 0) + _days(random, 8, 30) if offered else None
    shares = random.choice(SHARES)
    return Deal(
        random.choice(TITLES),
        amount,
        currency_of(number),
        (sent or 0) + _days(random, 5, 40),
        sent,
        decided,
        tuple(amount * share / sum(shares) for share in shares) if won else (),
    )


def currency_of(client: int) -> str:
    """What the client of this number is offered and billed in."""
    return FOREIGN if client % 6 == 1 else HOME


def _days(random: Random, least: int, most: int) -> int:
    return int(random.uniform(least, most) * DAY)
