from random import Random
from sandbox.basecamp.store import Store
class Work:
    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
    def one(self, random: Random) -> str:
        return "nothing"
