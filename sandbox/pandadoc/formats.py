"""Identifiers, times and amounts as PandaDoc writes them. pandadoc.md 9.2 and 9.10."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from sandbox.columns import text

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECONDS = 1_000_000
DAY = 86_400 * MICROSECONDS


def short_id(*what: object) -> str:
    """22 letters of both cases and digits, always the same for the same `what`."""
    digest = blake2b(repr(what).encode(), digest_size=16).digest()
    return b64encode(digest, altchars=b"Qx")[:22].decode()


def uuid(*what: object) -> str:
    """A hyphenated version 4 UUID, always the same for the same `what`."""
    digest = blake2b(repr(what).encode(), digest_size=16).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:]}"


def moment(time: int) -> datetime:
    """`time` is microseconds since 1970."""
    return EPOCH + timedelta(microseconds=time)


def instant(time: int) -> str:
    """`2026-03-01T09:30:00.123456Z`"""
    return f"{moment(time).isoformat(timespec='microseconds')[:-6]}Z"


def whole_second(time: int) -> str:
    """`2026-03-01T09:30:00Z`"""
    return moment(time).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_offset(time: int) -> str:
    """`2026-03-01T09:30:00.123456+00:00`"""
    return moment(time).isoformat(timespec="microseconds")


def without_zone(time: int) -> str:
    """`2026-03-01T09:30:00.123`"""
    return moment(time).replace(tzinfo=None).isoformat(timespec="milliseconds")


def microseconds(seconds: float) -> int:
    return round(seconds * MICROSECONDS)


def plain(amount: Decimal) -> str:
    """Without exponent and without zeros at the end: `11500`, `29.9`."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def cents(amount: Decimal) -> str:
    """`11500.00`, `29.99`; what is finer is kept."""
    text = format(amount, "f")
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<2}"


def ten_decimals(amount: Decimal) -> str:
    """`33.0000000000`"""
    return format(amount, ".10f")


STYLES = (plain, cents, ten_decimals)
"""How amounts are written: by document, as the vendor's samples of different years."""


def if_set(write: Callable[[int], str]) -> Callable[[int | None], str | None]:
    return lambda time: None if time is None else write(time)


FORMS: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "or_empty": lambda value: value or "",
    "instant": if_set(instant),
    "second": whole_second,
    "offset": if_set(with_offset),
    "local": if_set(without_zone),
}
"""How columns are written."""
