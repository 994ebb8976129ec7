"""The faults in QuickBooks' answers, in whichever of their spellings: JSON of the API or of the gateway, or XML
(quickbooks.md 5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import BadPayload
from shared.http import Answer
from shared.records import value


@dataclass(frozen=True)
class Fault:
    """The first error of an answer, in whichever of its spellings (quickbooks.md 5)."""

    code: str
    """Without leading zeros."""
    text: str
    kind: str


def fault_of(answer: Answer) -> Fault | None:
    """The fault in an answer, if there is one: JSON of the API or of the gateway, or XML."""
    if answer.text.lstrip()[:1] == "<":
        return _fault_in_xml(answer.text)
    try:
        body = answer.json
    except BadPayload:
        if answer.status < 300:
            raise
        return None
    for part in (*_list(body), *parts_of(body)):
        fault = part.get("Fault") or part.get("fault")
        if isinstance(fault, Mapping):
            errors = fault.get("Error") or fault.get("error")
            first = errors[0] if isinstance(errors, list) and errors else errors
            return _fault(first if isinstance(first, Mapping) else {}, str(fault.get("type") or ""))
    return None


def _fault(error: Mapping[str, Any], kind: str) -> Fault:
    said = {name.lower(): str(value) for name, value in error.items() if value is not None}
    text = " ".join(dict.fromkeys(each for each in (said.get("message"), said.get("detail")) if each))
    return Fault(_code(said.get("code", ""), text), " ".join(text.split()), kind)


def _fault_in_xml(text: str) -> Fault | None:
    fault = re.search(r"<Fault\b[^>]*", text)
    if fault is None:
        return None
    error = re.search(r'<Error\b[^>]*\bcode="([^"]*)"', text)
    said = " ".join(re.findall(r"<(?:Message|Detail)>([^<]*)<", text))
    kind = re.search(r'\btype="([^"]*)"', fault[0])
    return Fault(_code(error[1] if error else "", said), " ".join(said.split()), kind[1] if kind else "")


def _code(code: str, text: str) -> str:
    if not code and (told := re.search(r"errorCode=(\d+)", text)):
        code = told[1]
    return code.strip().lstrip("0")


def parts_of(body: Any) -> list[Mapping[str, Any]]:
    """The parts of an answer about changes; each may be a fault of its own."""
    found: list[Mapping[str, Any]] = []
    for outer in _list(value(body, "CDCResponse")):
        found.append(outer)
        found += _list(outer.get("QueryResponse"))
    return found


def _list(found: Any) -> list[Mapping[str, Any]]:
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, Mapping)]
