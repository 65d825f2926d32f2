"""Says the built graph in another vocabulary, by a view of the publication and its alignments."""

from __future__ import annotations

import pyoxigraph as ox

from ldnkg.alignments import alignments, read_beside
from ldnkg.files import broken, read_text, shown
from ldnkg.problem import Problem, did_you_mean
from ldnkg.query import Built, load
from ldnkg.rdf import serialise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.paths import Home

ENDINGS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}


def find_view(home: Home, name: str) -> Path:
    """Return the file of the view; raise Problem where there is none of that name."""
    known = {path.stem: path for path in sorted((home.ontology / "views").glob("*.rq"))}
    if name in known:
        return known[name]
    hint = did_you_mean(name, known)
    raise Problem(f"There is no view '{name}'. {hint}Views: {', '.join(known) or 'none'}.")


def load_aligned(home: Home) -> Built:
    """Load the built graph with the alignments; raise Problem where one of them cannot be read."""
    built = load(home)
    beside = read_beside(alignments(home))
    built.store.extend(beside.quads)
    return Built(built.store, {**built.prefixes, **beside.prefixes})


def view(built: Built, path: Path) -> list[ox.Triple]:
    """Return the triples of the view, in order; raise Problem where its query is broken or constructs nothing."""
    try:
        answer = built.store.query(read_text(path))
    except SyntaxError as error:
        raise broken(path, error) from error
    if not isinstance(answer, ox.QueryTriples):
        raise Problem(f"{shown(path)}: a view is a CONSTRUCT query, and this is another.")
    return sorted(set(answer), key=str)


def as_text(triples: list[ox.Triple], form: str, built: Built) -> str:
    """Return the triples as Turtle or N-Triples, the same bytes each time."""
    return serialise(triples, ENDINGS[form], built.prefixes).decode()
