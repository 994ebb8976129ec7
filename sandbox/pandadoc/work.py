"""The company works."""

from random import Random

from sandbox.pandadoc.store import Store


class Work:
    def __init__(self, store: Store, seed: int) -> None:
        self.store = store

    def one(self, random: Random) -> str:
        return ""

    def edit_at_once(self, count: int, random: Random) -> list[str]:
        return []
