"""Which requests count together, and how many a minute. pandadoc.md 3."""

import re

WINDOW_SECONDS = 60
SANDBOX_LIMIT = 10
DOCUMENTED = {"list": 2000, "document details": 600, "blueprint details": 300, "download": 100}
OTHER_LIMIT = 100
"""Of each address whose limit is not published."""
GROUPS = (
    ("document details", r"/public/v1/documents/[^/]+/details"),
    ("blueprint details", r"/public/v1/(templates|content-library-items)/[^/]+/details"),
    ("download", r"/public/v1/documents/[^/]+/download(-protected)?"),
    ("folders", r"/public/v1/(documents|templates)/folders"),
    ("list", r"/public/v1/(documents|templates|content-library-items)(/[^/]+)?"),
)
IDENTIFIERS = re.compile(r"(?<=/)(?=[^/]*[0-9A-Z])(?!v\d/)[^/]{12,}")
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in GROUPS)


def group_of(path: str) -> str:
    """The operation group of a path, as `Options.limits` names it; else the path with its identifiers as `{id}`."""
    for name, pattern in _COMPILED:
        if pattern.fullmatch(path):
            return name if name != "folders" else path
    return IDENTIFIERS.sub("{id}", path)


def limit_of(group: str, limits: dict[str, int], sandbox_key: bool) -> int:
    """Requests a minute. A sandbox key has ten for each."""
    if group in limits:
        return limits[group]
    return SANDBOX_LIMIT if sandbox_key else DOCUMENTED.get(group, OTHER_LIMIT)
