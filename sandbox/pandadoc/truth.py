"""What a warehouse must hold: every table of the workspace, worked out from the store alone."""

from typing import Any

from sandbox.pandadoc.options import Options
from sandbox.pandadoc.store import Store


def truth(store: Store, options: Options) -> dict[str, list[dict[str, Any]]]:
    return {}
