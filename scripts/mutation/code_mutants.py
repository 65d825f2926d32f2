"""Makes mutants of the code behind the rules of reading: each condition turned, weakened or dropped, one at a time."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULES = ("identifier_checks", "identifier_evidence", "name_checks", "reader", "sssom", "tsv_reader", "yaml_reader")
TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
SAYING = {"ReadError", "LocatedError"}


@dataclass(frozen=True)
class CodeMutant:
    """A module with one change: its name, the function that is changed, the change in words, and its text."""

    module: str
    function: str
    change: str
    text: str


def code_mutants(folder: Path) -> Iterator[CodeMutant]:
    """Yield each mutant of each module of the folder that has a part in reading."""
    for name in MODULES:
        tree = ast.parse((folder / "records" / f"{name}.py").read_text("utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for change in _in_place(function):
                yield CodeMutant(name, function.name, change, ast.unparse(tree))


def _in_place(function: ast.FunctionDef) -> Iterator[str]:
    """Make each change of the function in its tree, one at a time: yield it in words, and take it back."""
    for node in _conditions(function):
        for field, value in ast.iter_fields(node):
            parts = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for at, part in parts:
                for new in () if part in _words(node) else _news(part):
                    before = _said(node)
                    _put(node, field, at, new)
                    yield f"{before} to {_said(node)}"
                    _put(node, field, at, part)


def _conditions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node and what is in it, but for the words of a fault and of a report, which change nothing found."""
    yield node
    for child in ast.iter_child_nodes(node):
        if child not in _words(node):
            yield from _conditions(child)


def _words(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.JoinedStr):
        return list(node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING:
        return [*node.args[2:], *node.keywords]
    return []


def _news(part: object) -> Iterator[ast.AST]:
    if type(part) in TURNED:
        yield TURNED[type(part)]()  # type: ignore[index]
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


def _said(node: ast.AST) -> str:
    """Return the code of a node in one line, cut where it is long."""
    return " ".join(ast.unparse(node).split())[:120]
