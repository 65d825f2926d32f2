"""The forms that an answer can have, and which of them an Accept header wants."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

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
    """Return the media type of those offered that the header likes most, or nothing where none fits.

    Of those that it likes as much, the one that it names first is taken, and where it names none, the first that is
    offered. A header that names nothing is one that takes anything. After RFC 9110, 12.5.1.
    """
    ranges = [_weighed(part) for part in accept.lower().split(",") if "/" in part] or [("*/*", 1.0)]
    meant = [(NAMED.get(media, media), quality) for media, quality in ranges]
    fitting = ((number, _fitting(meant, media)) for number, media in enumerate(offered))
    liked = [(-found[1], found[0], number) for number, found in fitting if found and found[1] > 0]
    return offered[min(liked)[2]] if liked else ""


def _weighed(part: str) -> tuple[str, float]:
    media, *parameters = (word.strip() for word in part.split(";"))
    quality = next((word[2:].strip() for word in parameters if word.startswith("q=")), "1")
    return media, float(quality) if re.fullmatch(r"[01](\.\d*)?", quality) else 1.0


@lru_cache(256)
def zipped(accept_encoding: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip."""
    weights = dict(_weighed(part) for part in accept_encoding.lower().split(","))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _fitting(ranges: list[tuple[str, float]], media: str) -> tuple[int, float] | None:
    """Return the place of the range that says most of the media type, and its quality; a wildcard stands last."""
    for wanted in (media, f"{media.partition('/')[0]}/*", "*/*"):
        for place, (said, quality) in enumerate(ranges):
            if said == wanted:
                return (place if wanted == media else len(ranges)), quality
    return None


def chosen(accept: str, offered: list[str]) -> str:
    """Return the best of those offered; raise Unacceptable where none fits."""
    found = best(accept, offered)
    if not found:
        raise Unacceptable(offered)
    return found


def wanted(accept: str) -> Wanted:
    """Return what is wanted of a query, of which it is not known yet whether it gives rows or a graph."""
    return Wanted(best(accept, list(ROWS)), best(accept, list(GRAPHS)))
