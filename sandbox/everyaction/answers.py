"""How EveryAction refuses, and how it cuts lists. everyaction.md 3 and 9."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, urlsplit

from sandbox.listings import Page, Write, window
from sandbox.routes import Call
from sandbox.web import Answer, Refusal, json_answer

LONGEST_QUERY = 2_048
"""Characters that the server reads; what is longer is no address that it knows."""


def error(status: int, code: str, text: str, *properties: str, hint: str = "") -> Answer:
    told = {"code": code, "text": text, "properties": list(properties), "hint": hint or None}
    return json_answer({"errors": [{name: value for name, value in told.items() if value}]}, status)


def failed(status: int, code: str, text: str, *properties: str, hint: str = "") -> NoReturn:
    """End the request with an error."""
    raise Refusal(error(status, code, text, *properties, hint=hint))


def invalid(name: str, text: str, hint: str = "") -> NoReturn:
    """What was asked for does not fit."""
    failed(400, "INVALID_PARAMETER", text, name, hint=hint)


def missing(what: str) -> NoReturn:
    failed(404, "NOT_FOUND", f"There is no such {what}.")


def whole(call: Call, name: str, default: int, empty: int) -> int:
    """A whole number of the query, or what stands for an empty text."""
    text = call.query.get(name, str(default)) or str(empty)
    return int(text) if text.isdigit() else invalid(name, f"'{text}' is no whole number.")


@dataclass(frozen=True)
class Skipped:
    """Lists that are cut by `$top` and `$skip`. An empty `$top` is the maximum."""

    default: int = 50
    most: int = 200
    parameters: tuple[str, ...] = ("$top", "$skip")

    def cut(self, call: Call, rows: Sequence[Any]) -> Page:
        skip, asked = whole(call, "$skip", 0, 0), whole(call, "$top", self.default, self.most)
        if asked > self.most and call.options.top_refused:
            invalid("$top", f"$top must be at most {self.most}.")
        top = min(asked, self.most)
        shown, repeated = window(call, rows, skip, top)
        following = skip if repeated else skip + top
        return Page(shown, following if top and skip + top < len(rows) else None, len(rows))


def linked(endless: bool = False, counted: bool = True) -> Write:
    """Items, how many there are in all, and the address of what follows: with everything that this one was asked with.

    `endless`: there is always one, though nothing follows."""

    def write(call: Call, page: Page, shown: list[Any]) -> Answer:
        following = page.next
        if following is None and endless and call.options.endless_lists:
            following = whole(call, "$skip", 0, 0) + len(page.rows)
        count = {"count": page.total} if counted else {}
        return json_answer({"items": shown, "nextPageLink": link(call, following), **count})

    return write


def items(call: Call, page: Page, shown: list[Any]) -> Answer:
    """Items alone."""
    return json_answer({"items": shown})


def link(call: Call, skip: int | None) -> str | None:
    """The address of a page. Parameters that stand there twice stay twice."""
    if skip is None:
        return None
    asked = parse_qsl(call.request.query_string, keep_blank_values=True)
    kept = [(name, value) for name, value in asked if name != "$skip"]
    query = "&".join(f"{name}={quote(value)}" for name, value in [*kept, ("$skip", str(skip))])
    origin = call.request.origin
    if call.options.link_port and urlsplit(origin).port is None:
        origin += ":443" if origin.startswith("https") else ":80"
    return f"{origin}{call.request.path}?{query}"


def expanded(call: Call, names: Sequence[str]) -> set[str]:
    """What `$expand` asks for, in the vendor's spelling, of these names; another one fails the whole request."""
    asked = [part.strip() for part in call.query.get("$expand", "").split(",") if part.strip()]
    known = {name.lower(): name for name in names}
    for part in asked:
        if part.lower() not in known:
            invalid("$expand", f"'{part}' cannot be expanded.", hint=", ".join(names))
    return {known[part.lower()] for part in asked}


def ordered(call: Call, known: dict[str, Callable[[Any], Any]], rows: list[Any]) -> list[Any]:
    """In the order asked for."""
    asked = call.query.get("$orderby", "")
    for part in reversed([part.strip() for part in asked.split(",") if part.strip()]):
        name, _, direction = part.partition(" ")
        if name not in known or direction not in ("", "asc", "desc"):
            invalid("$orderby", f"'{part}' is no order.", hint=", ".join(known))
        rows = sorted(rows, key=known[name], reverse=direction == "desc")
    return rows
