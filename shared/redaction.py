"""What must not be written anywhere: secret values, and the parts of a URL that may hold them."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

HIDDEN = "***"
SHOWN_IN_URLS = "*/:,"
"""Characters that `redacted` leaves readable."""
SHORTEST_SECRET = 6
"""Shorter values are not looked for in texts: they would hide ordinary words."""
SECRET_PARAMETER = re.compile(r"token|secret|key|passw|passcode|^code$|sig|auth|credential", re.IGNORECASE)


class Secrets:
    """The secret values of this run. Every text that leaves the connector goes through `hide`."""

    def __init__(self, *values: str) -> None:
        self._values: set[str] = set()
        for value in values:
            self.add(value)

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)})"

    def add(self, value: str | None) -> None:
        """From now on hide this value too, also in the form that it takes in a URL."""
        if value and len(value) >= SHORTEST_SECRET:
            self._values |= {value, quote(value, safe=""), quote(value, safe=SHOWN_IN_URLS)}

    def hide(self, text: str) -> str:
        """The text with every secret replaced, longest first, so that no tail of one remains."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, HIDDEN)
        return text


def redacted(url: str) -> str:
    """The URL without user, password, fragment, and the values of parameters that may be secret."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "(an address that cannot be read)"
    shown = [(name, HIDDEN if SECRET_PARAMETER.search(name) else value) for name, value in pairs]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(shown, safe=SHOWN_IN_URLS, quote_via=quote), ""))
