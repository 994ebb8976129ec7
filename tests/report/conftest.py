"""What the tests of the report share."""

from tests.postgres import postgres, postgres_server

__all__ = ["postgres", "postgres_server"]
