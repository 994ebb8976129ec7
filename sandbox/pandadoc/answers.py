"""How answers and refusals look: three versions of the interface, three shapes. pandadoc.md 4."""

from typing import Any

from sandbox.web import Answer, Refusal, json_answer

V1_TYPES = {401: "authentication_error", 403: "permissions_error", 404: "request_error", 429: "throttled"}
V2_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "bad_request",
    429: "too_many_requests",
}


def refused(path: str, status: int, detail: str) -> Answer:
    """A refusal in the shape of the version that `path` belongs to."""
    if path.startswith("/public/v2/"):
        details = [] if status == 429 else [{"code": V2_CODES[status], "pointer": None, "data": {"message": detail}}]
        return json_answer({"code": V2_CODES[status], "details": details}, status)
    if path.startswith("/public/beta/"):
        return json_answer({"error": {"code": V2_CODES[status], "message": detail}}, status)
    return json_answer({"type": V1_TYPES.get(status, "request_error"), "detail": detail}, status)


def refusal(path: str, status: int, detail: str) -> Refusal:
    return Refusal(refused(path, status, detail))


def missing(path: str) -> Refusal:
    return refusal(path, 404, "Not found")


def forbidden(path: str, detail: str) -> Refusal:
    """Version 1 adds where to read more."""
    answer: dict[str, Any] = {"type": "permissions_error", "detail": detail, "info_message": "Ask an administrator."}
    answer["links"] = [{"rel": "help", "href": "https://developers.pandadoc.example/permissions", "type": "GET"}]
    return refusal(path, 403, detail) if not path.startswith("/public/v1/") else Refusal(json_answer(answer, 403))


def invalid(path: str, parameter: str, message: str) -> Refusal:
    """A parameter that is refused."""
    if path.startswith("/public/v2/"):
        details = [{"code": "invalid", "pointer": f"/{parameter}", "data": {"message": message}}]
        return Refusal(json_answer({"code": "bad_request", "details": details}, 400))
    return Refusal(json_answer({"type": "validation_error", "detail": {parameter: [message]}}, 400))


def busy(id: str) -> Refusal:
    """The document is still being made: no `type`, no `detail`."""
    body = {"id": id, "status": "document.uploaded", "info_message": "You need to wait, it is still processing."}
    return Refusal(json_answer(body, 409))
