"""Reads what others state: of which pair, how surely and which way."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.rdf.sparql import select_solutions
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

ENDS = ("subject", "predicate", "object")
TRUE = {"true", "1"}


class Statement(NamedTuple):
    """What somebody states: in which graph, as which node where it is one, how surely and which way."""

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
        """What makes it one statement."""
        return self[:5]


def statements(store: ox.Store, folder: Path) -> list[Statement]:
    """Return what is stated in the named graphs of the store, in order."""
    rows = select_solutions(store, folder / "statements.rq", ("graph", *ENDS), union=False)
    return sorted({_statement(row) for row in rows if _plain(row)})


def _plain(row: ox.QuerySolution) -> bool:
    """Say whether each end is a node, and neither a literal nor a triple."""
    return all(type(row[name]).__name__ == "NamedNode" for name in ENDS)


def _statement(row: ox.QuerySolution) -> Statement:
    texts = [_text(row[n]) for n in ("graph", "statement", "subject", "predicate", "object", "certainty", "level")]
    way = int(_text(row["polarity"]) or 0)
    return Statement(*texts, int(_text(row["rank"]) or 0), way, _text(row["negated"]).lower() in TRUE)  # type: ignore[call-arg,arg-type]


def _text(term: object) -> str:
    return intern(get_value(term)) if term is not None else ""
