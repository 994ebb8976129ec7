"""From an object to a row and the row's JSON: one function for each table, written from its columns, compiled once.

A value that already is what its column wants lands as it is, an object in which several columns lie is fetched once,
and the JSON is written along the way, because every row is hashed. Of one column, the street in an address, becomes

    def build(record):
        inner = record
        get_0 = NOTHING.get if inner is None else inner.get
        inner = get_0('address')
        get_1 = NOTHING.get if inner is None else inner.get
        value = get_1('street')
        if value is not None and not (type(value) is str and value.isascii() and '\\0' not in value):
            value = fit(value)
        value_0, text_0 = value, 'null' if value is None else encode_text(value)
        return {'address_street': value_0}, ''.join(('{"address_street":', text_0, '}')), []
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from shared.encoding import encode, encode_text
from shared.types import Type

NOTHING: Mapping[str, Any] = {}
"""In the place of an object that is not there."""
NUMBER = "repr(value)"
TEXT = "encode_text(value)"
ENCODED = {
    "BOOLEAN": "'true' if value else 'false'",
    "LONG": NUMBER,
    "DOUBLE": NUMBER,
    "JSON": "'[]' if value == [] else encode(value)",
}
"""The JSON of a value that has landed, by the type of the destination. Those of the others are texts."""

Source = str | Callable[[Any], Any]
"""The dotted path of a key, or a function of the record."""
Build = Callable[..., tuple[dict[str, Any], str, list[Any]]]


class Part(NamedTuple):
    """One column of a row."""

    name: str
    type: Type
    source: Source


def builder(parts: Sequence[Part], given: Mapping[str, Type], also: Sequence[Source] = ()) -> Build:
    """From a record, and the values of columns that are `given`, to the row, its JSON, and what the record has at the
    sources that are wanted `also`, unfitted.

    The function raises `Misfit`, or whatever else comes of it, where anything is odd.
    """
    function = _Function([f"given_{number}" for number in range(len(given))])
    for number, (name, kind) in enumerate(given.items()):
        function.add(name, kind, [f"value = given_{number}"])
    for name, kind, source in parts:
        found, fit = function.found(source), function.named(kind.fit)
        fitting = [f"if value is not None and not ({kind.as_it_is}):", f"    value = {fit}(value)"]
        function.add(name, kind, [f"value = {found}", *fitting])
    return function.compiled([function.found(source) for source in also])


class _Function:
    """Its lines, and what they refer to by name."""

    def __init__(self, given: Sequence[str]) -> None:
        self._names: dict[str, Any] = {"encode": encode, "encode_text": encode_text, "NOTHING": NOTHING}
        self._lines = [f"def build({', '.join(('record', *given))}):"]
        self._objects: dict[tuple[str, ...], str] = {}
        """What gets a key of the record and of the objects inside, by their paths."""
        self._columns: dict[str, int] = {}

    def named(self, value: Any) -> str:
        """A name that stands for this value."""
        name = f"named_{len(self._names)}"
        self._names[name] = value
        return name

    def found(self, source: Source) -> str:
        """An expression for what the record has there."""
        if callable(source):
            return f"{self.named(source)}(record)"
        *outer, key = source.split(".")
        return f"{self._get(tuple(outer))}({key!r})"

    def add(self, name: str, kind: Type, lines: Sequence[str]) -> None:
        """A column, whose value these lines find. Of two with the same name the later one counts."""
        number = len(self._lines)
        encoded = ENCODED.get(str(kind.schema), TEXT)
        self._lines += [*lines, f"value_{number}, text_{number} = value, 'null' if value is None else {encoded}"]
        self._columns[name] = number

    def compiled(self, also: Sequence[str]) -> Build:
        """All of them, `also` with these expressions."""
        row = [f"{name!r}: value_{number}" for name, number in self._columns.items()]
        text, before = list[str](), "{"
        for name, number in sorted(self._columns.items()):
            text += (repr(f"{before}{encode_text(name)}:"), f"text_{number}")
            before = ","
        result = f"return {{{', '.join(row)}}}, ''.join(({', '.join(text)}, '}}')), [{', '.join(also)}]"
        exec("\n    ".join([*self._lines, result]), self._names)
        build: Build = self._names["build"]
        return build

    def _get(self, path: tuple[str, ...]) -> str:
        if path not in self._objects:
            self._lines.append(f"inner = {self._get(path[:-1])}({path[-1]!r})" if path else "inner = record")
            self._objects[path] = get = f"get_{len(self._objects)}"
            self._lines.append(f"{get} = NOTHING.get if inner is None else inner.get")
        return self._objects[path]
