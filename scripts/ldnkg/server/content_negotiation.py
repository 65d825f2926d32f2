"""Choose the media type of an answer from the Accept header of the request."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.server.messages import HttpError

if TYPE_CHECKING:
    from starlette.requests import Request

JSON = "application/sparql-results+json"
ROW_FORMATS = {
    JSON: ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
HTML = "text/html"
JSON_LD = "application/ld+json"
# Other media types that clients send for these formats; XHTML in Accept means that the client wants a page.
ALIASES = {"application/json": (JSON, JSON_LD), "application/xhtml+xml": (HTML,)}
# The values of the parameter `format`, besides media types.
FORMAT_NAMES = {
    "csv": ["text/csv"],
    "html": [HTML],
    "json": [JSON, JSON_LD],
    "json-ld": [JSON_LD],
    "jsonld": [JSON_LD],
    "n-quads": ["application/n-quads"],
    "n-triples": ["application/n-triples"],
    "nq": ["application/n-quads"],
    "nquads": ["application/n-quads"],
    "nt": ["application/n-triples"],
    "ntriples": ["application/n-triples"],
    "owl": ["application/rdf+xml"],
    "rdf": ["application/rdf+xml"],
    "rdfxml": ["application/rdf+xml"],
    "trig": ["application/trig"],
    "tsv": ["text/tab-separated-values"],
    "ttl": ["text/turtle"],
    "turtle": ["text/turtle"],
    "xml": ["application/sparql-results+xml", "application/rdf+xml"],
}


class MediaTypes(NamedTuple):
    """The preferred media types of rows and of a graph; each is empty if the client accepts none."""

    rows: str
    graph: str


def choose_media_type(accept: str, offered: list[str]) -> str:
    """Return the offered media type that the Accept header prefers, or an empty string if it accepts none.

    Among media types of the same quality, the first in the header is preferred, then the first of those offered.
    A header without a media type accepts everything. See RFC 9110, section 12.5.1.

    >>> choose_media_type("text/csv;q=0.4, text/html", ["text/csv", "text/html"])
    'text/html'
    """
    ranges = _read_ranges(accept)
    matches = ((number, _match_range(ranges, media_type)) for number, media_type in enumerate(offered))
    accepted = [(-match[1], match[0], number) for number, match in matches if match and match[1] > 0]
    return offered[min(accepted)[2]] if accepted else ""


def _read_ranges(accept: str) -> dict[str, tuple[float, float]]:
    """Return the position and the quality of each media range; a wildcard has the last position."""
    parsed = [_parse_range(part) for part in accept.lower().split(",") if "/" in part] or [("*/*", 1.0)]
    ranges: dict[str, tuple[float, float]] = {}
    for name, quality in parsed:
        for known in ALIASES.get(name, (name,)):
            ranges.setdefault(known, (math.inf if known.endswith("/*") else len(ranges), quality))
    return ranges


def _parse_range(part: str) -> tuple[str, float]:
    """Return the media type or coding in a part of a header, and its quality (default 1)."""
    name, *parameters = (word.strip() for word in part.split(";"))
    quality = next((word[2:].strip() for word in parameters if word.startswith("q=")), "1")
    return name, float(quality) if re.fullmatch(r"[01](\.\d*)?", quality) else 1.0


@lru_cache(256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether an Accept-Encoding header accepts gzip.

    >>> accepts_gzip("br, gzip;q=0"), accepts_gzip("*")
    (False, True)
    """
    qualities = dict(_parse_range(part) for part in accept_encoding.lower().split(","))
    return qualities.get("gzip", qualities.get("*", 0.0)) > 0


def _match_range(ranges: dict[str, tuple[float, float]], media_type: str) -> tuple[float, float] | None:
    """Return the position and the quality of the most specific matching range."""
    patterns = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((ranges[pattern] for pattern in patterns if pattern in ranges), None)


def require_media_type(accept: str, offered: list[str]) -> str:
    """Return the offered media type that the Accept header prefers; raise HttpError if it accepts none."""
    found = choose_media_type(accept, offered)
    if not found:
        raise HttpError(406, f"None of the accepted media types is available. Request one of {', '.join(offered)}.")
    return found


def negotiate(accept: str) -> MediaTypes:
    """Return the preferred media types of rows and of a graph; only the query determines which of them applies.

    >>> negotiate("text/csv, text/turtle")
    MediaTypes(rows='text/csv', graph='text/turtle')
    """
    return MediaTypes(choose_media_type(accept, list(ROW_FORMATS)), choose_media_type(accept, list(GRAPH_FORMATS)))


def read_format(name: str, accept: str) -> str:
    """Return the Accept header that a parameter `format` stands for, or the one of the request if there is none.

    The parameter is a short name or a media type. A `+` in it may have become a blank, as in every form.

    >>> read_format("ttl", "text/html"), read_format("application/ld json", ""), read_format("", "text/csv")
    ('text/turtle', 'application/ld+json', 'text/csv')
    """
    if not name:
        return accept
    known = FORMAT_NAMES.get(name.lower(), [name.lower().replace(" ", "+")])
    if not {*known} <= {*ROW_FORMATS, *GRAPH_FORMATS, HTML, *ALIASES}:
        raise HttpError(400, f"The format {name} is unknown. Use a media type or one of {', '.join(FORMAT_NAMES)}.")
    return ", ".join(known)


def read_accept(request: Request) -> str:
    """Return the media types that a request accepts, from its parameter `format` or else from its header."""
    return read_format(request.query_params.get("format", ""), request.headers.get("accept", ""))
