"""How Virtuous refuses, and how it cuts lists. virtuous.md 4 and 9."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sandbox.faults import ConnectionReset
from sandbox.listings import Page, window
from sandbox.routes import Call
from sandbox.web import Answer, Refusal, json_answer, text_answer

DEFAULT_TAKE = 10
LARGEST_TAKE = 1_000
CODES = {400: "BAD_REQUEST", 401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND"}
PROXY = "<html><head><title>Web server is returning an unknown error</title></head><body>Error 520</body></html>"
MISSING = Answer(404)
"""Whatever single thing is not there: an answer without a body."""


def failed(call: Call, status: int, message: str = "An error has occurred.", **details: Any) -> NoReturn:
    """End the request with an error; 520 is the proxy's page, 0 a connection that breaks."""
    if status == 0:
        raise ConnectionReset(message)
    if status == 520:
        raise Refusal(text_answer(PROXY, status, "text/html; charset=utf-8"))
    if call.options.new_errors:
        raise Refusal(json_answer({"error": {"code": CODES.get(status, "ERROR"), "message": message}}, status))
    raise Refusal(json_answer({"message": message, **details}, status))


def invalid(call: Call, where: str, message: str) -> NoReturn:
    """What was sent does not fit the model."""
    failed(call, 400, "The request is invalid.", modelState={where: [message]})


def whole(call: Call, name: str, default: int, most: int | None = None) -> int:
    """A whole number of the query string."""
    text = call.query.get(name, str(default))
    if not text.isdigit():
        invalid(call, name, f"The value '{text}' is not valid for {name}.")
    if most is not None and int(text) > most:
        if call.options.take_refused:
            failed(call, 400, f"{name} cannot exceed {most}.")
        return most
    return int(text)


def hidden(call: Call, kind: str) -> bool:
    """Whether the key's permissions hide this kind. Where they refuse it, so is the request."""
    status: int = call.options.rights.get(kind, 0)
    if status >= 400:
        failed(call, status, "You do not have permission to perform this action.")
    return status != 0


@dataclass(frozen=True)
class Taken:
    """Lists that are cut by `skip` and `take`, in the query string only. Where nothing is skipped, every page is the
    first."""

    largest: int = LARGEST_TAKE
    skips: bool = True
    parameters: tuple[str, ...] = ("skip", "take")

    def cut(self, call: Call, rows: Sequence[Any]) -> Page:
        skip, take = self.skips * whole(call, "skip", 0), whole(call, "take", DEFAULT_TAKE, self.largest)
        shown, _ = window(call, rows, skip, take)
        return Page(shown, None, len(rows))


def listed(call: Call, page: Page, shown: list[Any]) -> Answer:
    """Records, and how many there are in all."""
    return json_answer({"list": shown, "total": page.total})
