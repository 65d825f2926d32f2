"""Make mutants of the code that reads records: one condition is inverted, weakened or dropped in each."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULES = (
    *(
        "characters",
        "double_entry",
        "identifier_checks",
        "identifier_evidence",
        "lines",
        "name_checks",
        "names",
        "reader",
    ),
    *("sssom", "tsv_reader", "yaml_reader"),
)
INVERTED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
ERRORS = {"ReadError", "LocatedError"}


@dataclass(frozen=True)
class CodeMutant:
    """A module with one change: its name, the changed function, a description of the change, and the new source."""

    module: str
    function: str
    change: str
    text: str


def code_mutants(folder: Path) -> Iterator[CodeMutant]:
    """Yield each mutant of each module in `MODULES` of the package folder."""
    for name in MODULES:
        tree = ast.parse((folder / "records" / f"{name}.py").read_text("utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for change in _in_place(function):
                yield CodeMutant(name, function.name, change, ast.unparse(tree))


def _in_place(function: ast.FunctionDef) -> Iterator[str]:
    """Change the tree of the function in place, yield a description, and undo the change; one change at a time."""
    for node in _conditions(function):
        for field, value in ast.iter_fields(node):
            parts = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for at, part in parts:
                for new in () if part in _messages(node) else _replacements(part):
                    before = _code(node)
                    _put(node, field, at, new)
                    yield f"{before} to {_code(node)}"
                    _put(node, field, at, part)


def _conditions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node and its descendants, without the texts of messages, which do not change which faults are found."""
    yield node
    for child in ast.iter_child_nodes(node):
        if child not in _messages(node):
            yield from _conditions(child)


def _messages(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.JoinedStr):
        return list(node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
        return [*node.args[2:], *node.keywords]
    return []


def _replacements(part: object) -> Iterator[ast.AST]:
    if type(part) in INVERTED:
        yield INVERTED[type(part)]()  # type: ignore[index]
    if isinstance(part, ast.BoolOp):
        yield from part.values
    if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
        yield part.operand
    if isinstance(part, ast.If):
        yield from (_with_test(part, ast.Constant(value)) for value in (True, False))
    if isinstance(part, ast.Constant) and isinstance(part.value, int) and not isinstance(part.value, bool):
        yield ast.Constant(part.value + 1)
    if isinstance(part, ast.Starred | ast.Expr) and isinstance(part.value, ast.Yield | ast.YieldFrom | ast.Call):
        yield ast.Starred(ast.List([], ast.Load())) if isinstance(part, ast.Starred) else ast.Pass()


def _with_test(part: ast.If, test: ast.expr) -> ast.If:
    return ast.copy_location(ast.If(test, part.body, part.orelse), part)


def _put(node: ast.AST, field: str, at: int | None, new: object) -> None:
    if at is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[at] = new


def _code(node: ast.AST) -> str:
    """Return the source of a node in one line of at most 120 characters."""
    return " ".join(ast.unparse(node).split())[:120]
