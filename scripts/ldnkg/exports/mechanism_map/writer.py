"""Write the mechanism map: the queries of this folder give its rows, `layout` the places, the template the picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.exports.mechanism_map.layout import Start, Step, arrange
from ldnkg.exports.templates import render
from ldnkg.rdf.sparql import select_tuples

if TYPE_CHECKING:
    from typing import TypeVar

    from ldnkg.publication.combined import CombinedGraph

    Kind = TypeVar("Kind", bound=NamedTuple)

FOLDER = Path(__file__).parent
NAME = "mechanism-map.svg"


class Level(NamedTuple):
    """One row of `levels.rq`: a level of certainty."""

    rank: str
    label: str


class Unknown(NamedTuple):
    """One row of `unknowns.rq`: a claim that a mechanism is unclear."""

    claim: str
    says: str
    rank: str
    certainty: str


def make_files(combined: CombinedGraph) -> dict[str, bytes]:
    """Return the picture by its name; a publication without mechanisms has an empty picture."""
    steps = _select(combined, "steps", Step)
    drawing = arrange(steps, _select(combined, "starts", Start))
    (picture,) = render(
        FOLDER,
        "map.svg",
        {
            "drawing": drawing,
            "levels": _select(combined, "levels", Level),
            "unknowns": _select(combined, "unknowns", Unknown),
        },
    )
    return {NAME: picture}


def _select(combined: CombinedGraph, query: str, kind: type[Kind]) -> list[Kind]:
    rows = select_tuples(combined.store, FOLDER / f"{query}.rq", kind._fields)
    return [kind._make(term.value for term in row) for row in rows]
