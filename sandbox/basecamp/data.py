from pathlib import Path
from sandbox.basecamp.store import Store
def load(store: Store, directory: Path) -> int:
    raise NotImplementedError
