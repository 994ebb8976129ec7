"""Numbers as the source wrote them."""


class Exact(float):
    """A number with a fraction: a float for whoever computes, and in `text` the digits that floats lose."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> "Exact":
        number = super().__new__(cls, text)
        number.text = text
        return number
