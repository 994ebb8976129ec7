"""What the tests of the job share."""

from tests.postgres import postgres, postgres_server

__all__ = ["postgres", "postgres_server"]
