"""Measure how deep the syntax tree of a query can become, without parsing it: the parser itself could crash."""

from __future__ import annotations

from typing import NamedTuple

from ldnkg.rdf.sparql_tokens import tokenize

# The keywords that add a pattern to a group or a condition to an expression.
_COMBINING = {"UNION", "OPTIONAL", "MINUS", "FILTER", "BIND", "GRAPH", "SERVICE", "LATERAL", "EXISTS", "IN", "AS"}
_OPERATORS = {"!", "+", "-", "*", "/", "|", "^", "&&", "||", "=", "!=", "<", ">", "<=", ">="}
_PROLOGUE = {"PREFIX", "BASE"}
_OPENING = {"{", "(", "[", "<<", "<<(", "{|"}
_CLOSING = {"}", ")", "]", ">>", ")>>", "|}"}
_SEPARATORS = {".", ";", ","}
_TOP = "the query itself"


class QuerySize(NamedTuple):
    """How many brackets are open at once, and how many parts a tree of expressions or patterns has, at most.

    The rows of VALUES and the items of a list with commas do not make the tree deeper and are no parts.
    """

    depth: int
    parts: int


class _Bracket:
    """An open bracket with its depth and the parts that were read in it; `data` says that it holds rows of VALUES."""

    def __init__(self, opening: str, depth: int, *, data: bool = False) -> None:
        self.opening, self.depth, self.data = opening, depth, data
        self.parts = self.longest = self.inner = 0
        self.follows_term = self.awaits_data = False

    @property
    def total(self) -> int:
        """The parts of this bracket, with those of the largest bracket in it."""
        return 0 if self.data else max(self.longest, self.parts) + self.inner

    def add(self, word: str) -> None:
        """Add a token that is no bracket."""
        is_term = word not in _OPERATORS and word not in _SEPARATORS
        if (word == "," and self.opening == "(") or word.upper() in _PROLOGUE:
            self.longest, self.parts = max(self.longest, self.parts), 0
        elif not is_term or word.upper() in _COMBINING or (self.opening in {"(", _TOP} and self.follows_term):
            self.parts += 1
        self.follows_term = is_term
        self.awaits_data = self.awaits_data or word.upper() == "VALUES"

    def open(self, opening: str) -> _Bracket:
        """Return a new bracket in this one, which counts as a part."""
        self.parts, self.follows_term = self.parts + 1, False
        data = self.data or (self.awaits_data and opening == "{")
        self.awaits_data = self.awaits_data and opening != "{"
        return _Bracket(opening, self.depth + 1, data=data)


def measure_size(sparql: str) -> QuerySize:
    """Return upper limits of the size of a query.

    >>> measure_size("ASK { FILTER(!!(1 + 2 = 3)) }")
    QuerySize(depth=3, parts=8)
    """
    opened, deepest = [_Bracket(_TOP, 0)], 0
    for token in tokenize(sparql):
        word = token[0]
        if word in _OPENING:
            opened.append(opened[-1].open(word))
        elif word in _CLOSING and len(opened) > 1:
            _close(opened)
        else:
            inside = _measure_inside(word)
            opened[-1].inner = max(opened[-1].inner, inside.parts)
            deepest = max(deepest, opened[-1].depth + inside.depth)
            opened[-1].add(word)
        deepest = max(deepest, opened[-1].depth)
    while len(opened) > 1:
        _close(opened)
    return QuerySize(deepest, opened[0].total)


def _close(opened: list[_Bracket]) -> None:
    inner = opened.pop().total
    opened[-1].inner = max(opened[-1].inner, inner)


def _measure_inside(word: str) -> QuerySize:
    """Return the size of what looks like an IRI: in `1<((2))>0`, the signs are comparisons."""
    return measure_size(word[1:-1]) if word[0] == "<" and any(map(word.__contains__, "([!")) else QuerySize(0, 0)
