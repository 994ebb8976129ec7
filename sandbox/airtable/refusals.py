"""How Airtable says no. airtable.md A7."""

from typing import Any

from sandbox.web import Refusal, json_answer


def refuse(status: int, type: str, message: str | None = None) -> Refusal:
    """An error object with a type and, mostly, a message."""
    error: dict[str, Any] = {"type": type}
    if message is not None:
        error["message"] = message
    return Refusal(json_answer({"error": error}, status))


def not_found() -> Refusal:
    """Nothing at this path: the one error that is a text."""
    return Refusal(json_answer({"error": "NOT_FOUND"}, 404))


def unauthorized() -> Refusal:
    return refuse(401, "AUTHENTICATION_REQUIRED", "Authentication required")


def hidden() -> Refusal:
    """Unknown or not granted: deliberately the same answer."""
    return refuse(
        403,
        "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
        "Invalid permissions, or the requested model was not found. Check that the token's owner and the token have "
        "the required permissions, and that names and ids are correct.",
    )


def forbidden(what: str) -> Refusal:
    return refuse(403, "INVALID_PERMISSIONS", f"You are not permitted to {what}")


def too_many(type: str, message: str, seconds: float | None = None) -> Refusal:
    """A 429, which has a shape of its own."""
    answer = json_answer({"errors": [{"error": type, "message": message}]}, 429)
    if seconds is not None:
        answer.headers["Retry-After"] = str(max(1, round(seconds)))
    return Refusal(answer)


def invalid_request(message: str = "Invalid request: parameter validation failed. Check your request data.") -> Refusal:
    return refuse(422, "INVALID_REQUEST_UNKNOWN", message)


def invalid_records(message: str) -> Refusal:
    return refuse(422, "INVALID_RECORDS", message)


def unknown_field(name: str) -> Refusal:
    return refuse(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{name}"')


def invalid_value(field: str) -> Refusal:
    return refuse(422, "INVALID_VALUE_FOR_COLUMN", f'Field "{field}" cannot accept the provided value')


def computed_field(field: str) -> Refusal:
    return refuse(
        422, "INVALID_VALUE_FOR_COLUMN", f'Field "{field}" cannot accept a value because the field is computed'
    )


def missing_row(record: str, status: int = 422, type: str = "ROW_DOES_NOT_EXIST") -> Refusal:
    return refuse(status, type, f"Record ID {record} does not exist in this table")
