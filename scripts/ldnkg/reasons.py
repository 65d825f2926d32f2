"""Says why each row of an answer is there: the claims that it stands on, and their sentences."""

from __future__ import annotations

import re
from typing import NamedTuple

import pyoxigraph as ox

from ldnkg.rdf import query_rows, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.query import Built

    Row = Mapping[str, object]

_SELECT = re.compile(r"^SELECT\b.*?(?=^WHERE\b|\{)", re.MULTILINE | re.DOTALL)
COLUMNS = ("thing", "claim", "label", "certainty", "sentence")


class Reason(NamedTuple):
    """A claim that a row stands on: its IRI, its words, how sure it is, and the sentences that it is derived from."""

    claim: str
    label: str
    certainty: str
    sentences: tuple[str, ...]


def reasons(built: Built, query: Path, sparql: str) -> list[list[Reason]]:
    """Return, for each row of a SELECT, the claims that its values and those behind them are, or are made of."""
    known = _known(built, query)
    rows = _solutions(built, sparql)
    behind = _solutions(built, _whole(sparql))
    return [_of_row(row, behind, known) for row in rows]


def _of_row(row: Row, behind: list[Row], known: Mapping[str, list[Reason]]) -> list[Reason]:
    held = [row, *(one for one in behind if _agree(row, one))]
    things = {value(term) for one in held for term in one.values() if isinstance(term, ox.NamedNode)}
    return sorted({reason for thing in things for reason in known.get(thing, [])})


def _agree(row: Row, one: Row) -> bool:
    """Say whether what stands behind can have given the row: they share values, and no value differs."""
    shared = row.keys() & one.keys()
    return bool(shared) and all(row[name] == one[name] for name in shared)


def _whole(sparql: str) -> str:
    """Return the query with all its variables in place of those selected, and nothing grouped or cut off."""
    return _SELECT.sub("SELECT * ", sparql[: sparql.rfind("}") + 1], count=1)


def _solutions(built: Built, sparql: str) -> list[Row]:
    try:
        answer = built.store.query(sparql, prefixes=dict(built.prefixes))
    except SyntaxError:
        return []
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101
    names = [variable.value for variable in answer.variables]
    return [{name: term for name in names if (term := row[name]) is not None} for row in answer]


def _known(built: Built, query: Path) -> dict[str, list[Reason]]:
    rows = [[value(row[name]) for name in COLUMNS] for row in query_rows(built.store, query, COLUMNS)]
    found: dict[tuple[str, ...], list[str]] = {}
    for *head, sentence in rows:
        found.setdefault(tuple(head), []).append(sentence)
    known: dict[str, list[Reason]] = {}
    for (thing, claim, label, certainty), sentences in found.items():
        known.setdefault(thing, []).append(Reason(claim, label, certainty, tuple(sentences)))
    return known
