"""Query parameters as the vendor reads them: what is empty or malformed is a 400. pandadoc.md 4 and 5."""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl

from sandbox.pandadoc.answers import invalid
from sandbox.pandadoc.formats import EPOCH
from sandbox.pandadoc.options import Options

METADATA = "metadata_"
LARGEST = 2**31 - 1
BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "True": True, "False": False}


class Parameters:
    """`known` are the parameters of the resource; `metadata_` stands for all that begin so."""

    def __init__(self, path: str, query: str, known: Iterable[str], options: Options) -> None:
        self.path = path
        self.options = options
        self.sent: dict[str, list[str]] = {}
        names = set(known)
        for name, value in parse_qsl(query, keep_blank_values=True):
            if not value:
                raise invalid(path, name, "This field may not be blank.")
            family = METADATA if name.startswith(METADATA) else name
            if family not in names or name == METADATA:
                if options.unknown_parameters_refused:
                    raise invalid(path, name, "Unknown parameter.")
                continue
            self.sent.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self.sent

    def text(self, name: str) -> str | None:
        return self.sent[name][-1] if name in self.sent else None

    def many(self, name: str, choices: Iterable[str] = (), comma: bool = False) -> list[str]:
        """Every value of a repeated parameter, or of one with commas."""
        found = self.sent.get(name, [])
        if comma:
            found = [part for value in found for part in value.split(",")]
        allowed = set(choices)
        if allowed and not allowed.issuperset(found):
            raise invalid(self.path, name, "value is not a valid choice.")
        return found

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        value = self.text(name) or default
        if value not in choices:
            raise invalid(self.path, name, "value is not a valid choice.")
        return value

    def integer(self, name: str, default: int | None = None, least: int = 0, most: int = LARGEST) -> int:
        """A whole number; what is above `most` is refused, or taken for `most` where the vendor clamps."""
        text = self.text(name)
        if text is None:
            if default is None:
                raise invalid(self.path, name, "This field is required.")
            return default
        if not text.isdigit() or int(text) < least:
            raise invalid(self.path, name, "A valid integer is required.")
        if int(text) > most:
            if not self.options.count_clamps:
                raise invalid(self.path, name, f"Ensure this value is less than or equal to {most}.")
            return most
        return int(text)

    def boolean(self, name: str, default: bool = False) -> bool:
        text = self.text(name)
        if text is None:
            return default
        if text not in BOOLEANS:
            raise invalid(self.path, name, "Must be a valid boolean.")
        return BOOLEANS[text]

    def instant(self, name: str) -> int | None:
        """Microseconds since 1970 of an ISO 8601 time; one without a zone is UTC."""
        text = self.text(name)
        return None if text is None else self._microseconds(name, text)

    def moment(self, name: str, default: str, now: int) -> int:
        """Like `instant`; also `now`, and relative ones: `-90d`, `-12h`, `-30m`."""
        text = self.text(name) or default
        if text == "now":
            return now
        units = {"d": "days", "h": "hours", "m": "minutes"}
        if text[0] == "-" and text[1:-1].isdigit() and text[-1] in units:
            return now - timedelta(**{units[text[-1]]: int(text[1:-1])}) // timedelta(microseconds=1)
        return self._microseconds(name, text)

    def _microseconds(self, name: str, text: str) -> int:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise invalid(self.path, name, "Datetime has wrong format.") from None
        if found.tzinfo is None:
            found = found.replace(tzinfo=timezone.utc)
        return (found - EPOCH) // timedelta(microseconds=1)
