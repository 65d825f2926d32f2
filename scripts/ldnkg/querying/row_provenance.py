"""Find the claims that support each row of an answer, and their sentences."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from ldnkg.querying.engine import translate_store_errors
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import Shortener, get_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ldnkg.querying.engine import BuiltGraph

    Row = Mapping[str, object]
    Part = frozenset[tuple[str, object]]

CLAIMS = Path(__file__).with_suffix(".rq")
_SELECT = re.compile(r"^SELECT\b.*?(?=^WHERE\b|\{)", re.MULTILINE | re.DOTALL)
COLUMNS = ("thing", "claim", "label", "certainty", "sentence")


class SupportingClaim(NamedTuple):
    """A claim that supports a row: its IRI, its label, its certainty, and the sentences that it is derived from."""

    claim: str
    label: str
    certainty: str
    sentences: tuple[str, ...]


@translate_store_errors()
def explain_rows(built: BuiltGraph, sparql: str) -> list[list[SupportingClaim]]:
    """Return the claims that support each row of a SELECT.

    A claim supports a row if the row, or a solution from which the row was made, contains the claim or a mechanism or
    step that consists of it.
    """
    known = _load_claims(built)
    rows = _run(built, sparql)
    behind = SolutionIndex(_run(built, _select_all(sparql)))
    return [_collect_claims([row, *behind.find(row)], known) for row in rows]


def format_text(why: Sequence[SupportingClaim], prefixes: Mapping[str, str]) -> str:
    """Return the claims of a row as lines of text."""
    shorten = Shortener(prefixes)
    lines = [
        line
        for claim, label, certainty, sentences in why
        for line in (
            f"  {shorten(claim)} ({certainty}): {label}",
            f"    from {', '.join(map(shorten, sentences))}",
        )
    ]
    return "\n".join(lines or ["  no claim supports this row"])


def format_json(columns: Sequence[str], rows: Iterable[Sequence[str]], why: Iterable[Sequence[SupportingClaim]]) -> str:
    """Return the rows as JSON, each with its bound values and, as reasons, its claims."""
    import json

    found = [
        {
            "values": {name: cell for name, cell in zip(columns, row, strict=True) if cell},
            "reasons": [reason._asdict() for reason in own],
        }
        for row, own in zip(rows, why, strict=True)
    ]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _collect_claims(rows: list[Row], known: Mapping[str, list[SupportingClaim]]) -> list[SupportingClaim]:
    nodes = {get_value(term) for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}
    return sorted({claim for node in nodes for claim in known.get(node, [])})


class SolutionIndex:
    """The solutions from which a row can have been made, indexed by the values that they share with it."""

    def __init__(self, solutions: list[Row]) -> None:
        self._kinds: dict[frozenset[str], list[Row]] = {}
        for solution in solutions:
            self._kinds.setdefault(frozenset(solution), []).append(solution)
        self._found: dict[tuple[frozenset[str], frozenset[str]], dict[Part, list[Row]]] = {}

    def find(self, row: Row) -> list[Row]:
        """Return the solutions that share a value with the row and differ from it in none."""
        pairs = [(names, names.intersection(row)) for names in self._kinds]
        return [
            solution
            for names, shared in pairs
            if shared
            for solution in self._index(names, shared).get(_project(row, shared), [])
        ]

    def _index(self, names: frozenset[str], shared: frozenset[str]) -> dict[Part, list[Row]]:
        """Return the solutions that bind exactly these names, by their values of the shared names."""
        if (names, shared) not in self._found:
            found = self._found.setdefault((names, shared), {})
            for solution in self._kinds[names]:
                found.setdefault(_project(solution, shared), []).append(solution)
        return self._found[names, shared]


def _project(row: Row, names: frozenset[str]) -> Part:
    return frozenset((name, row[name]) for name in names)


def _select_all(sparql: str) -> str:
    """Return the query with SELECT *, without its GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET."""
    return _SELECT.sub("SELECT * ", sparql[: sparql.rfind("}") + 1], count=1)


def _run(built: BuiltGraph, sparql: str) -> list[Row]:
    try:
        answer = built.run(sparql)
    except SyntaxError:
        return []
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101
    names = [variable.value for variable in answer.variables]
    return [{name: term for name in names if (term := row[name]) is not None} for row in answer]


def _load_claims(built: BuiltGraph) -> dict[str, list[SupportingClaim]]:
    rows = [[get_value(row[name]) for name in COLUMNS] for row in select_rows(built.store, CLAIMS, COLUMNS)]
    found: dict[tuple[str, ...], list[str]] = {}
    for *head, sentence in rows:
        found.setdefault(tuple(head), []).append(sentence)
    known: dict[str, list[SupportingClaim]] = {}
    for (thing, claim, label, certainty), sentences in found.items():
        known.setdefault(thing, []).append(SupportingClaim(claim, label, certainty, tuple(sentences)))
    return known
