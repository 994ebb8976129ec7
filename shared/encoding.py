"""The JSON by which content is compared: equal content has the same text, whatever the order of its keys."""

from json import JSONEncoder
from json.encoder import encode_basestring_ascii
from typing import Any

from shared.exact import TOO_DEEP, shallow

encode = JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode
"""Of anything that JSON can hold. Raises `TypeError` or `RecursionError` for what is nested too deeply."""
encode_text = encode_basestring_ascii
"""The same of a text, and quick."""


def encode_any(value: Any) -> str:
    """The same, in which what is nested too deeply counts alike, whatever it is."""
    try:
        return encode(value)
    except (TypeError, RecursionError):
        return encode(shallow(value, mark=repr(TOO_DEEP)))
