"""Numbers as the source wrote them."""

from math import isinf


class Exact(float):
    """A number with a fraction: a float for whoever computes, and in `text` the digits that floats lose."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "Exact":
        number = super().__new__(cls, text)
        number.text = text
        return number


def exact(text: str) -> "Exact | str":
    """What JSON's `1.50` becomes; beyond the range of floats the text alone, since infinity is no number."""
    number = Exact(text)
    return text if isinf(number) else number
