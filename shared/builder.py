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
from itertools import count
from typing import Any, NamedTuple

from shared.encoding import encode, encode_text
from shared.types import LONG, Type

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


class Part(NamedTuple):
    """One column of a row."""

    name: str
    type: Type
    source: Source


def builder(
    parts: Sequence[Part], also: Sequence[Source] = ()
) -> Callable[[Any], tuple[dict[str, Any], str, list[Any]]]:
    """From a record to its row, the row's JSON, and what the record has at the sources that are wanted `also`.

    The function raises `Misfit`, or whatever else comes of it, where anything is odd.
    """
    function = _Function()
    function.pick(parts)
    wanted = ", ".join([function.found(source) for source in also])
    lines = [*function.lines, f"return {function.row}, {function.text}, [{wanted}]"]
    return function.compiled("build(record):", lines)


def list_builder(
    parts: Sequence[Part], given: Mapping[str, Type], position: str = ""
) -> Callable[..., tuple[list[dict[str, Any]], list[str]]]:
    """From a list of records to their rows, and the JSON of each.

    After the list the function takes the position of its first record, for the column of that name where there is one,
    and the values of the columns that are `given`. It raises as that of `builder` does.
    """
    function = _Function()
    parameters = [f"given_{number}" for number in range(len(given))]
    for (name, kind), parameter in zip(given.items(), parameters, strict=True):
        function.add(name, kind, f"value = {parameter}")
    before, function.lines = function.lines, []
    if position:
        function.add(position, LONG, "value = position")
    function.pick(parts)
    each = [*function.lines, f"rows.append({function.row})", f"texts.append({function.text})"]
    lines = [
        *before,
        "rows, texts = [], []",
        "for position, record in enumerate(records, first):",
        *(f"    {line}" for line in each),
        "return rows, texts",
    ]
    return function.compiled(f"build({', '.join(['records', 'first', *parameters])}):", lines)


class _Function:
    """Its lines, and what they refer to by name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._names: dict[str, Any] = {"encode": encode, "encode_text": encode_text, "NOTHING": NOTHING}
        self._objects: dict[tuple[str, ...], str] = {}
        """What gets a key of the record and of the objects inside, by their paths."""
        self._columns: dict[str, int] = {}
        self._numbers = count()

    def found(self, source: Source) -> str:
        """An expression for what the record has there."""
        if callable(source):
            return f"{self._named(source)}(record)"
        *outer, key = source.split(".")
        return f"{self._get(tuple(outer))}({key!r})"

    def pick(self, parts: Sequence[Part]) -> None:
        """Columns of what the record has."""
        for name, kind, source in parts:
            found, fit = self.found(source), self._named(kind.fit)
            fitting = [f"if value is not None and not ({kind.as_it_is}):", f"    value = {fit}(value)"]
            self.add(name, kind, f"value = {found}", *fitting)

    def add(self, name: str, kind: Type, *lines: str) -> None:
        """A column, whose value these lines find. Of two with the same name the later one counts."""
        number = self._columns[name] = next(self._numbers)
        encoded = ENCODED.get(str(kind.schema), TEXT)
        self.lines += [*lines, f"value_{number}, text_{number} = value, 'null' if value is None else {encoded}"]

    @property
    def row(self) -> str:
        """An expression for all columns."""
        return f"{{{', '.join(f'{name!r}: value_{number}' for name, number in self._columns.items())}}}"

    @property
    def text(self) -> str:
        """An expression for their JSON."""
        pieces, before = list[str](), "{"
        for name, number in sorted(self._columns.items()):
            pieces += (repr(f"{before}{encode_text(name)}:"), f"text_{number}")
            before = ","
        return f"''.join(({', '.join(pieces)}, '}}'))"

    def compiled(self, head: str, lines: Sequence[str]) -> Callable[..., Any]:
        exec("\n    ".join([f"def {head}", *lines]), self._names)
        build: Callable[..., Any] = self._names["build"]
        return build

    def _named(self, value: Any) -> str:
        name = f"named_{len(self._names)}"
        self._names[name] = value
        return name

    def _get(self, path: tuple[str, ...]) -> str:
        if path not in self._objects:
            self.lines.append(f"inner = {self._get(path[:-1])}({path[-1]!r})" if path else "inner = record")
            self._objects[path] = get = f"get_{len(self._objects)}"
            self.lines.append(f"{get} = NOTHING.get if inner is None else inner.get")
        return self._objects[path]
