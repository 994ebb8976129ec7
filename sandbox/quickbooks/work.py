"""The company at work."""

from random import Random

from sandbox.quickbooks.trade import Trade


class Work:
    def __init__(self, trade: Trade) -> None:
        self.trade = trade

    def one(self, random: Random) -> str:
        self.trade.random = self.trade.people.random = random
        self.trade.invoice()
        return "invoice"
