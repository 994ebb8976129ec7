"""Bodies as Intuit writes them: JSON, XML where no JSON was asked for, and refusals in three spellings.

quickbooks.md 3.4, 5 and 6. A refusal is spelled by the API (`{"Fault": ...}`), by the gateway in JSON
(`{"fault": ...}`), or by the gateway in XML.
"""

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sandbox.quickbooks import times
from sandbox.web import Answer

JSON = "application/json;charset=UTF-8"
XML = "application/xml;charset=UTF-8"
NAMESPACE = "http://schema.intuit.com/finance/v3"
TYPES = {"3001": "SERVICE", "3200": "AUTHENTICATION", "100": "AuthenticationFault", "3100": "AuthorizationFault"}
NAMES = {"3001": "ThrottleExceeded", "3200": "AuthenticationFailed", "3100": "ApplicationAuthorizationFailed"}


def dumps(payload: Any) -> bytes:
    """JSON in which a Decimal is a number."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False, default=float).encode()


def answered(payload: dict[str, Any], now: float, as_json: bool) -> Answer:
    """A successful body; `time` is added."""
    if as_json:
        return Answer(200, dumps({**payload, "time": times.server_time(now)}), {"Content-Type": JSON})
    inner = "".join(_element(name, value) for name, value in payload.items())
    text = f'<IntuitResponse xmlns="{NAMESPACE}" time={quoteattr(times.server_time(now))}>{inner}</IntuitResponse>'
    return Answer(200, text.encode(), {"Content-Type": XML})


def fault(
    code: str, message: str, detail: str = "", kind: str = "ValidationFault", element: str = ""
) -> dict[str, Any]:
    """The object in `Fault` of the API's own spelling."""
    error = {"Message": message, "Detail": detail or message, "code": code}
    return {"Error": [{**error, "element": element} if element else error], "type": kind}


def refusal(
    code: str,
    message: str,
    now: float,
    detail: str = "",
    status: int = 400,
    kind: str = "ValidationFault",
    spelling: str = "api",
    element: str = "",
) -> Answer:
    """`spelling` is one of `api`, `gateway`, `xml`; the last two write the code with leading zeros in the text."""
    if spelling == "api":
        body = {"Fault": fault(code, message, detail, kind, element), "time": times.server_time(now)}
        return Answer(status, dumps(body), {"Content-Type": JSON})
    text = f"message={NAMES.get(code, message)}; errorCode={code.zfill(6)}; statusCode={status}"
    kind = TYPES.get(code, "SERVICE")
    if spelling == "gateway":
        error = {"message": text, "detail": detail or message, "code": code, "element": None}
        payload: dict[str, Any] = {
            **dict.fromkeys("warnings intuitObject report queryResponse syncErrorResponse requestId status".split()),
            **{empty: [] for empty in ("batchItemResponse", "attachableResponse", "cdcresponse")},
            "fault": {"error": [error], "type": kind},
            "time": round(now * 1000),
        }
        return Answer(status, dumps(payload), {"Content-Type": JSON})
    stamp = quoteattr(times.server_time(now))
    inner = f"<Message>{escape(text)}</Message><Detail>{escape(detail or message)}</Detail>"
    body_text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse time={stamp} xmlns="{NAMESPACE}"><Fault type="{kind}"><Error code="{code}">{inner}</Error>'
        "</Fault></IntuitResponse>"
    )
    return Answer(status, body_text.encode(), {"Content-Type": XML})


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(inner, one) for inner, one in value.items())}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"
