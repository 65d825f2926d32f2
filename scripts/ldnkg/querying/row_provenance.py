"""Says why each row of an answer is there: the claims that it stands on, and their sentences."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

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
    """A claim that a row stands on: its IRI, its words, how sure it is, and the sentences that it is derived from."""

    claim: str
    label: str
    certainty: str
    sentences: tuple[str, ...]


def explain_rows(built: BuiltGraph, sparql: str) -> list[list[SupportingClaim]]:
    """Return, for each row of a SELECT, the claims that its values and those behind them are, or are made of."""
    known = _load_claims(built)
    rows = _run(built, sparql)
    behind = SolutionIndex(_run(built, _select_all(sparql)))
    return [_collect_claims([row, *behind.find(row)], known) for row in rows]


def format_text(why: Sequence[SupportingClaim], prefixes: Mapping[str, str]) -> str:
    """Return the reasons of a row in lines of text."""
    shorten = Shortener(prefixes)
    lines = [
        line
        for claim, label, certainty, sentences in why
        for line in (
            f"  {shorten(claim)} ({certainty}): {label}",
            f"    from {', '.join(map(shorten, sentences))}",
        )
    ]
    return "\n".join(lines or ["  stands on no claim"])


def format_json(columns: Sequence[str], rows: Iterable[Sequence[str]], why: Iterable[Sequence[SupportingClaim]]) -> str:
    """Return the rows as JSON: of each its values, those that it has, and its reasons."""
    import json

    found = [
        {
            "values": {name: cell for name, cell in zip(columns, row, strict=True) if cell},
            "reasons": [reason._asdict() for reason in own],
        }
        for row, own in zip(rows, why, strict=True)
    ]
    return json.dumps(found, ensure_ascii=False, indent=1)


def _collect_claims(held: list[Row], known: Mapping[str, list[SupportingClaim]]) -> list[SupportingClaim]:
    things = {get_value(term) for one in held for term in one.values() if isinstance(term, ox.NamedNode)}
    return sorted({reason for thing in things for reason in known.get(thing, [])})


class SolutionIndex:
    """The solutions that can stand behind a row, found by the values that they share with it."""

    def __init__(self, solutions: list[Row]) -> None:
        self._kinds: dict[frozenset[str], list[Row]] = {}
        for one in solutions:
            self._kinds.setdefault(frozenset(one), []).append(one)
        self._found: dict[tuple[frozenset[str], frozenset[str]], dict[Part, list[Row]]] = {}

    def find(self, row: Row) -> list[Row]:
        """Return those that can have given the row: they share values, and no value differs."""
        pairs = [(names, names.intersection(row)) for names in self._kinds]
        return [
            one
            for names, shared in pairs
            if shared
            for one in self._index(names, shared).get(_project(row, shared), [])
        ]

    def _index(self, names: frozenset[str], shared: frozenset[str]) -> dict[Part, list[Row]]:
        """Return the solutions that bind these names, by their values for some of them."""
        if (names, shared) not in self._found:
            found = self._found.setdefault((names, shared), {})
            for one in self._kinds[names]:
                found.setdefault(_project(one, shared), []).append(one)
        return self._found[names, shared]


def _project(row: Row, names: frozenset[str]) -> Part:
    return frozenset((name, row[name]) for name in names)


def _select_all(sparql: str) -> str:
    """Return the query with all its variables in place of those selected, and nothing grouped or cut off."""
    return _SELECT.sub("SELECT * ", sparql[: sparql.rfind("}") + 1], count=1)


def _run(built: BuiltGraph, sparql: str) -> list[Row]:
    try:
        answer = built.store.query(sparql, prefixes=dict(built.prefixes))
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
