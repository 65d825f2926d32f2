"""The forms that an answer can have, and which of them an Accept header wants."""

from __future__ import annotations

from typing import NamedTuple

import mimeparse
import pyoxigraph as ox

ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
HTML = "text/html"
# What clients also call these forms; browsers that take XML mean a page of theirs by it.
NAMED = {"application/json": "application/sparql-results+json", "application/xhtml+xml": HTML}


class Unacceptable(Exception):
    """No form fits; it says what there is."""

    def __init__(self, offered: list[str]) -> None:
        super().__init__(f"There is no such form of this. Ask with Accept: {', '.join(offered)}.")


class Wanted(NamedTuple):
    """The best media type for rows, and that for a graph, each empty where none fits."""

    rows: str
    graph: str


def best(accept: str, offered: list[str]) -> str:
    """Return the media type of those offered that the header likes most, the first where it likes several as much.

    It is empty where none fits. A header that cannot be understood is taken as one that takes anything.
    """
    if not accept.strip():
        return offered[0]
    also = [name for name, meant in NAMED.items() if meant in offered]
    try:
        found = str(mimeparse.best_match([*also, *reversed(offered)], accept))
    except mimeparse.MimeTypeParseException:
        return offered[0]
    return NAMED.get(found, found)


def chosen(accept: str, offered: list[str]) -> str:
    """Return the best of those offered; raise Unacceptable where none fits."""
    found = best(accept, offered)
    if not found:
        raise Unacceptable(offered)
    return found


def wanted(accept: str) -> Wanted:
    """Return what is wanted of a query, of which it is not known yet whether it gives rows or a graph."""
    return Wanted(best(accept, list(ROWS)), best(accept, list(GRAPHS)))
