"""Read the statements of the sources: subject, relation, object, level and direction."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.rdf.sparql import select_solutions
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

ENDS = ("subject", "predicate", "object")
TEXTS = ("graph", "statement", *ENDS, "certainty", "level")
TRUE = {"true", "1"}


class Statement(NamedTuple):
    """A statement of a source.

    `statement` is the IRI of a reified statement, and empty for a plain triple. `certainty` is its `ldn:certainty`, or
    empty; `level` is the Biolink knowledge level, and `rank` its position from 1 (lowest) to 4, or 0 if it is unknown.
    `polarity` is 1 if the relation increases its object, -1 if it decreases it, and 0 otherwise.
    """

    graph: str
    statement: str
    subject: str
    predicate: str
    object: str
    certainty: str
    level: str
    rank: int
    polarity: int
    negated: bool

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that identify a statement."""
        return self[:5]


def read_statements(store: ox.Store, folder: Path) -> list[Statement]:
    """Return the sorted statements in the named graphs of a store; `folder` has the query."""
    rows = select_solutions(store, folder / "statements.rq", ("graph", *ENDS), union=False)
    return sorted({_make_statement(row) for row in rows if _has_plain_ends(row)})


def _has_plain_ends(row: ox.QuerySolution) -> bool:
    """Return whether subject, predicate and object are IRIs, neither literals nor triple terms."""
    return all(type(row[name]).__name__ == "NamedNode" for name in ENDS)


def _make_statement(row: ox.QuerySolution) -> Statement:
    rank, polarity = (int(_get_text(row[name]) or 0) for name in ("rank", "polarity"))
    negated = _get_text(row["negated"]).lower() in TRUE
    return Statement._make([*(_get_text(row[name]) for name in TEXTS), rank, polarity, negated])


def _get_text(term: object) -> str:
    return intern(get_value(term)) if term is not None else ""
