"""What a warehouse must hold: every table of the company, worked out from the store alone."""

from typing import Any

from sandbox.quickbooks.books import Books
from sandbox.quickbooks.options import Options

Tables = dict[str, list[dict[str, Any]]]


def truth(books: Books, options: Options) -> Tables:
    return {}
