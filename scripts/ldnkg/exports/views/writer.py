"""Construct a view of the built graph in another vocabulary, with a query and the alignments."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from ldnkg.errors import LdnkgError, suggest
from ldnkg.files import display_path
from ldnkg.publication.combined import find_alignments, read_turtle_files
from ldnkg.querying.engine import BuiltGraph, load_graph
from ldnkg.rdf.formats import get_graph_format
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import run_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ldnkg.paths import Home

FOLDER = Path(__file__).parent


def find_view(name: str) -> Path:
    """Return the query of a view; raise LdnkgError, with the nearest name, if the name is unknown.

    >>> find_view("biolink").name
    'biolink.rq'
    """
    known = {path.stem: path for path in sorted(FOLDER.glob("*.rq"))}
    if name in known:
        return known[name]
    hint = suggest(name, known)
    raise LdnkgError(f"There is no view '{name}'. {hint}Views: {', '.join(known) or 'none'}.")


def load_with_alignments(home: Home) -> BuiltGraph:
    """Load the built graph with the alignments; raise LdnkgError if one of them cannot be read."""
    built = load_graph(home)
    read = read_turtle_files(find_alignments(home))
    built.store.extend(read.quads)
    return BuiltGraph(built.store, {**built.prefixes, **read.prefixes})


def construct_view(built: BuiltGraph, path: Path) -> list[ox.Triple]:
    """Return the triples of the view, sorted; raise LdnkgError if its query is not a valid CONSTRUCT query."""
    answer = run_file(built.store, path)
    if not isinstance(answer, ox.QueryTriples):
        raise LdnkgError(
            f"{display_path(path)}: a view must be a CONSTRUCT query, but this is another form. Rewrite it."
        )
    return sorted(set(answer), key=str)


def serialise_view(triples: list[ox.Triple], form: str, built: BuiltGraph) -> str:
    """Return the triples in a format of `ldnkg.rdf.formats`, with the same text for the same triples."""
    return serialise(triples, get_graph_format(form), built.prefixes).decode()
