"""Why the job ends early. Every message is a sentence for the person who reads it."""

from typing import ClassVar


class JobError(Exception):
    """The job cannot go on. The message says what happened, to what, and what to do."""

    exit_code: ClassVar[int] = 1


class UsageError(JobError):
    """A setting or an option is wrong."""

    exit_code = 2


class StoppedAtLimit(JobError):
    """A limit of Airtable, or the one that was asked for: the next run continues."""

    exit_code = 3
