"""What can go wrong with a source, named by what may be done about it.

    SourceError
    ├── Rejected            the source understood and refuses: never retried
    │   ├── Unauthorized    the credential is not accepted: ends the sync
    │   ├── Forbidden       not allowed for this credential
    │   ├── NotFound        not there, or not there for this credential
    │   ├── NotReady        not there yet: no fault, read again at the next sync
    │   ├── JobFailed       the source gave up a job that it was asked to do
    │   └── JobGone         it no longer knows a job that it was doing
    ├── Transient           may pass: retried
    │   ├── RateLimited     too fast; `retry_after` is the wait the source asks for
    │   ├── TimedOut        no answer in time
    │   ├── Unavailable     broken connection or 5xx
    │   └── Unexplained     an answer nobody expected: retried twice, then permanent
    │       └── BadPayload  a 2xx that is not what the source documents
    │           ├── TooLarge    more than is held in memory: asked for once
    │           └── Disordered  not in the order that was asked for
    ├── Unclear             sent once, and nobody knows whether it was done: never sent again
    └── ServiceDown         the whole source fails: the sync ends at its last checkpoint
        └── Exhausted       it has answered all that it will answer for now, and says so

`ConfigurationError` and `StateError` are about what the user or an earlier sync handed in.
"""

from typing import ClassVar

CATEGORIES = (
    *"""
        auth permission not_found rate_limit timeout unavailable bad_payload schema_drift rejected
    """.split(),
)
"""What a row of the table `errors` may have as its category."""


class ConfigurationError(Exception):
    """A setting is missing or malformed. The message names each one and says what it should be."""


class StateError(Exception):
    """The saved state cannot be used. The message says why and what to do."""


class SourceError(Exception):
    """A request to the source did not bring what it should. `url` must be redacted by whoever raises."""

    category: ClassVar[str] = "rejected"
    attempts: ClassVar[int | None] = None
    """How often a request that fails like this is sent at the most; `None` leaves it to the policy."""
    of_the_request: ClassVar[bool] = False
    """It lies in what was asked for, so it says nothing about the health of the source."""

    def __init__(
        self,
        message: str,
        *,
        method: str = "",
        url: str = "",
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.method = method
        self.url = url
        self.status = status
        self.retry_after = retry_after

    def __str__(self) -> str:
        request = " ".join(part for part in (self.method, self.url) if part)
        status = f" answered {self.status}" if self.status else ""
        return f"{request}{status}: {self.message}" if request else self.message


class Rejected(SourceError):
    """The source understood the request and refuses it."""


class Unauthorized(Rejected):
    """The credential, or the account behind it, is not accepted. Ends the sync."""

    category = "auth"


class Forbidden(Rejected):
    """This credential may not read this."""

    category = "permission"


class NotFound(Rejected):
    """There is nothing at this address, or not for this credential."""

    category = "not_found"


class NotReady(Rejected):
    """The source is still making this, or cannot say yet what became of it."""


class JobFailed(Rejected):
    """The source gave up a job that it was asked to do."""


class JobGone(Rejected):
    """The source no longer knows a job that it was doing: it has to be started anew."""


class Unclear(SourceError):
    """What may be sent only once was sent, and no answer says whether it was done."""

    category = "unavailable"


class Transient(SourceError):
    """The same request may succeed later."""

    category = "unavailable"


class RateLimited(Transient):
    """Too many requests. `retry_after` is in seconds, `None` where the source does not say."""

    category = "rate_limit"


class TimedOut(Transient):
    """No answer within the time allowed."""

    category = "timeout"


class Unavailable(Transient):
    """The connection broke, or the source answered 5xx."""


class Unexplained(Transient):
    """An answer that neither the source nor we have a meaning for."""

    category = "rejected"
    attempts = 3


class BadPayload(Unexplained):
    """A success whose body is not what the source documents."""

    category = "bad_payload"


class TooLarge(BadPayload):
    """More than is held in memory: it would be as large at the next attempt."""

    attempts = 1
    of_the_request = True


class Disordered(BadPayload):
    """Records that are not in the order, or not within the bounds, that were asked for: going on would lose some."""

    attempts = 1
    of_the_request = True


class ServiceDown(SourceError):
    """Request after request failed for good: there is no use in going on now."""

    category = "unavailable"


class Exhausted(ServiceDown):
    """What the account may read in this month, or day, is used up. The message says so, and when it goes on."""

    category = "rate_limit"
