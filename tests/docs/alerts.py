"""Finds, in the source, every text that a sync can hand to Fivetran as a warning or as an error.

A text is what is passed to `warning(...)` or `error(...)` of the destination, or to a callable called `warn`. Where
that is no text but a name, it is followed to where the text is written: through parameters, loops over what a
function returns, and exceptions to the places that raise them. What cannot be followed is an error: it would be
overlooked. What is filled in at run time is shown as `…`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

FILLED_IN = "…"
SINKS = {"warning": "warning", "error": "error", "warn": "warning", "_warn": "warning"}
DESTINATION = ("warning", "error")
"""Those of the destination, and of what hands texts on to it: there they are not followed any further."""
LOGS = ("log", "_log", "Logging")


class Lost(Exception):
    """A text that cannot be followed to where it is written."""


@dataclass
class Module:
    path: Path
    tree: ast.Module
    constants: dict[str, ast.expr] = field(default_factory=dict)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)


class Source:
    """The modules of the engine and of some connectors."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.modules = [_module(path) for path in sorted(paths)]
        self._functions: dict[str, list[tuple[Module, ast.FunctionDef]]] = {}
        self._bases: dict[str, set[str]] = {}
        self._calls: list[tuple[Module, ast.Call]] = []
        for module in self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef) and [ast.unparse(one) for one in node.body] != ["..."]:
                    self._functions.setdefault(node.name, []).append((module, node))
                elif isinstance(node, ast.ClassDef):
                    self._bases.setdefault(node.name, set()).update(_last_name(base) for base in node.bases)
                elif isinstance(node, ast.Call):
                    self._calls.append((module, node))
        for module in self.modules:
            for node in module.tree.body:
                if isinstance(node, ast.ImportFrom):
                    module.constants.update(self._imported(module, node))

    def _imported(self, module: Module, node: ast.ImportFrom) -> Iterator[tuple[str, ast.expr]]:
        for other in self.modules:
            if other.path.parent == module.path.parent and other.path.stem == node.module:
                for each in node.names:
                    if each.name in other.constants:
                        yield each.asname or each.name, other.constants[each.name]

    def texts(self) -> set[tuple[str, str]]:
        """Every text with its level, `warning` or `error`."""
        return {
            (SINKS[_last_name(call.func)], text)
            for module, call in self._calls
            if self._is_sink(call)
            for text in self._texts_of(call.args[0], module)
            if re.search(r"[a-z]{3}", text)
        }

    def _is_sink(self, call: ast.Call) -> bool:
        name = _last_name(call.func)
        if name not in SINKS or len(call.args) != 1 or (name in self._functions and name not in DESTINATION):
            return False
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        return receiver is None or _last_name(receiver) not in LOGS

    def _texts_of(self, expression: ast.expr, module: Module) -> Iterator[str]:
        yield from self._joined(expression, module)
        written = self._written(expression, module)
        if written is not None:
            yield from written
        elif isinstance(expression, ast.Call) and _last_name(expression.func) == "str":
            yield from self._texts_of(expression.args[0], module)
        elif isinstance(expression, ast.Call) and _last_name(expression.func) in self._functions:
            yield from self._returned_by(_last_name(expression.func))
        elif isinstance(expression, ast.Name):
            yield from self._texts_behind(expression, module)
        else:
            raise Lost(f"{module.path.name}:{expression.lineno}: {ast.unparse(expression)}")

    def _written(self, expression: ast.expr, module: Module) -> list[str] | None:
        """What a text is that is written right here, with every branch of it."""
        match expression:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                texts = [""]
                for part in parts:
                    ends = self._written(part, module) or [FILLED_IN]
                    texts = [text + end for text in texts for end in ends]
                return texts
            case ast.FormattedValue(value=ast.Name() as inner):
                return self._written(inner, module)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                first, second = (self._written(side, module) or [FILLED_IN] for side in (left, right))
                return [one + other for one in first for other in second]
            case ast.IfExp(body=body, orelse=orelse):
                return [text for side in (body, orelse) for text in self._written(side, module) or [FILLED_IN]]
            case ast.Name(id=name) if name in module.constants:
                return self._written(module.constants[name], module)
        return None

    def _joined(self, expression: ast.expr, module: Module) -> Iterator[str]:
        """The texts that a function has returned to a list that is joined here."""
        calls = [node for node in ast.walk(expression) if isinstance(node, ast.Call)]
        joined = {_last_name(call.args[0]) for call in calls if _last_name(call.func) == "join"}
        for node in ast.walk(module.tree):
            match node:
                case ast.AugAssign(target=ast.Name(id=name), value=ast.Call(func=function)) if name in joined:
                    yield from self._returned_by(_last_name(function))

    def _texts_behind(self, name: ast.Name, module: Module) -> Iterator[str]:
        """The texts that a local name may stand for."""
        node: ast.AST = name
        while (node := module.parents.get(node, module.tree)) is not module.tree:
            match node:
                case ast.ExceptHandler(name=caught, type=kind) if caught == name.id and kind is not None:
                    yield from self._raised(_names(kind))
                    return
                case ast.For(target=ast.Name(id=each), iter=ast.Call(func=function)) if each == name.id:
                    yield from self._returned_by(_last_name(function))
                    return
                case ast.FunctionDef(args=arguments):
                    positions = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
                    if name.id in (*positions, *(argument.arg for argument in arguments.kwonlyargs)):
                        yield from self._passed_to(node, name.id, positions)
                        return
                    if found := list(self._assigned(node, name.id, module)):
                        yield from found
                        return
        raise Lost(f"{module.path.name}:{name.lineno}: {name.id}")

    def _assigned(self, function: ast.FunctionDef, name: str, module: Module) -> Iterator[str]:
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                    if isinstance(value, ast.Call) and (kinds := self._errors_returned_by(_last_name(value.func))):
                        yield from self._raised(kinds)
                    else:
                        yield from self._texts_of(value, module)

    def _passed_to(self, function: ast.FunctionDef, parameter: str, positions: list[str]) -> Iterator[str]:
        for module, call in self._calls:
            if _last_name(call.func) == function.name:
                given = {each.arg: each.value for each in call.keywords}
                names = positions[1:] if positions[:1] == ["self"] else positions
                given.update(zip(names, call.args, strict=False))
                if parameter in given:
                    yield from self._texts_of(given[parameter], module)

    def _returned_by(self, name: str) -> Iterator[str]:
        for module, function in self._functions.get(name, []):
            for node in ast.walk(function):
                match node:
                    case ast.Return(value=value) | ast.Yield(value=value) if value is not None:
                        for each in value.elts if isinstance(value, ast.List) else [value]:
                            yield from self._written(each, module) or []
                    case ast.Call(func=ast.Attribute(attr="append"), args=[value]):
                        yield from self._written(value, module) or []

    def _errors_returned_by(self, name: str) -> set[str]:
        found = {
            each
            for _, function in self._functions.get(name, [])
            if function.returns
            for each in _names(function.returns)
        }
        return {each for each in found if "Exception" in self._ancestors(each)}

    def _raised(self, kinds: set[str]) -> Iterator[str]:
        """The text of every error of these kinds: the first argument where one is made."""
        for module, call in self._calls:
            made = {_last_name(call.func), *(_last_name(argument) for argument in call.args[1:])}
            if not call.args or "isinstance" in made:
                continue
            if any(kinds & {kind, *self._ancestors(kind)} for kind in made if kind in self._bases):
                yield from self._texts_of(call.args[0], module)

    def _ancestors(self, kind: str) -> set[str]:
        bases = self._bases.get(kind, set())
        return bases.union(*(self._ancestors(base) for base in bases))


def _module(path: Path) -> Module:
    tree = ast.parse(path.read_text("utf-8"))
    module = Module(path, tree)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            module.constants[node.targets[0].id] = node.value
    for inner in ast.walk(tree):
        module.parents.update((child, inner) for child in ast.iter_child_nodes(inner))
    return module


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _names(node: ast.AST) -> set[str]:
    return {_last_name(each) for each in ast.walk(node)} - {""}
