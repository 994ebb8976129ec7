"""The tree of errors says what may be done about each."""

import pytest

from shared import errors
from shared.errors import CATEGORIES, BadPayload, Rejected, ServiceDown, SourceError, Transient, Unavailable


@pytest.mark.parametrize("kind", [errors.Unauthorized, errors.Forbidden, errors.NotFound, errors.NotReady])
def test_a_refusal_is_never_retried(kind: type[SourceError]) -> None:
    assert issubclass(kind, Rejected) and not issubclass(kind, Transient)


@pytest.mark.parametrize(
    "kind", [errors.RateLimited, errors.TimedOut, errors.Unavailable, errors.Unexplained, errors.BadPayload]
)
def test_what_may_pass_is_retried(kind: type[SourceError]) -> None:
    assert issubclass(kind, Transient) and not issubclass(kind, Rejected)


def test_the_end_of_the_service_is_not_retried() -> None:
    assert not issubclass(ServiceDown, Transient)


def test_every_error_has_a_documented_category() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SourceError)]
    assert {kind.category for kind in kinds} <= set(CATEGORIES)


def test_an_error_tells_request_status_and_message() -> None:
    error = Unavailable("the source failed", method="GET", url="https://source.test/people", status=503)
    assert str(error) == "GET https://source.test/people answered 503: the source failed"


def test_an_error_without_a_request_tells_its_message() -> None:
    assert str(BadPayload("no records")) == "no records"


def test_an_error_without_an_answer_tells_the_request() -> None:
    assert str(Unavailable("broken", method="GET", url="https://source.test/")) == "GET https://source.test/: broken"
