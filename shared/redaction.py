"""What must not be written anywhere: secret values, and the parts of a URL that may hold them."""

import html
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from threading import Lock
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

HIDDEN = "***"
SHOWN_IN_URLS = "*/:,"
"""Characters that `redacted` leaves readable."""
SHORTEST_SECRET = 6
"""Shorter values are not looked for in texts: they would hide ordinary words."""
SECRET_PARAMETER = re.compile(
    r"token|secret|key|passw|passcode|pwd|^code$|sig|auth|credential|jwt|bearer|session|^sid$|otp", re.IGNORECASE
)


class Secrets:
    """The secret values of this run. Every text that leaves the connector goes through `hide`."""

    def __init__(self, *values: str) -> None:
        self._forms: set[str] = set()
        self._adding = Lock()
        for value in values:
            self.add(value)

    def __repr__(self) -> str:
        return f"Secrets({len(self._forms)})"

    def add(self, value: str | None) -> None:
        """From now on hide this value too, in every form in which it may come back."""
        if value and len(value) >= SHORTEST_SECRET:
            with self._adding:
                self._forms = {*self._forms, *_forms(value)}  # Another thread may be hiding.

    def hide(self, text: str) -> str:
        """The text with every secret replaced, longest first, so that no tail of one remains."""
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, HIDDEN)
        return text


def _forms(value: str) -> Iterator[str]:
    """As it is, in an address, in JSON, in HTML, and inside of what is written in base 64."""
    yield value
    for encoded in (quote(value, safe=""), quote(value, safe=SHOWN_IN_URLS), quote(value), quote_plus(value)):
        yield encoded
        yield PERCENT.sub(lambda found: found[0].lower(), encoded)
    for ascii_only in (True, False):
        yield json.dumps(value, ensure_ascii=ascii_only)[1:-1]
        yield json.dumps(value, ensure_ascii=ascii_only)[1:-1].replace("/", "\\/")
    yield html.escape(value, quote=False)
    yield html.escape(value)
    # Three bytes are four characters, so what stands before decides in which of three ways it is written.
    for before in range(3):
        content = value.encode()
        whole = b64encode(bytes(before) + content).decode().rstrip("=")
        first, last = (8 * before + 5) // 6, 8 * (before + len(content)) // 6
        yield whole[first:last]
        yield whole[first:last].replace("+", "-").replace("/", "_")


PERCENT = re.compile(r"%[0-9A-F]{2}")


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
