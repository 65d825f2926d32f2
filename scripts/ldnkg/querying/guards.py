"""Refuse queries that call other endpoints, and queries too deep for the store."""

from __future__ import annotations

import re

from ldnkg.errors import LdnkgError
from ldnkg.paths import GRAPH
from ldnkg.querying.sparql_size import measure_size
from ldnkg.querying.sparql_tokens import QUOTED

_SERVICE = re.compile(r"(?<![\w:?$-])SERVICE\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
# The store parses and evaluates by recursion: at five times these sizes, the whole process can crash.
DEEPEST, LONGEST = 200, 1_000
_OPENS, _PARTS = re.compile(r"[{(\[<]"), re.compile(r"\w+|[^\w\s]")


def calls_service(sparql: str) -> bool:
    """Return whether the query contains SERVICE, also if it is written with the Unicode escapes of SPARQL.

    >>> calls_service("ASK { SERVICE <https://example.org/sparql> {} }"), calls_service("ASK { ?service ?p 'SERVICE' }")
    (True, False)
    """
    return any(_SERVICE.search(QUOTED.sub(" ", text)) for text in (sparql, _unescape(sparql)))


def refuse_service(sparql: str, place: str = "") -> None:
    """Raise LdnkgError if the query contains SERVICE; `place` is the file of the query, if any."""
    if calls_service(sparql):
        do = f"paste the query of {place} into" if place else "query"
        raise LdnkgError(
            "SERVICE queries another endpoint over the network, and only the publication can be queried here. "
            f"Use `ldnkg query --federated`, or {do} a triple store of your own that holds {GRAPH}."
        )


def refuse_depth(sparql: str) -> None:
    """Raise LdnkgError if the query is nested more deeply, or has longer groups, than the store can evaluate."""
    for text in dict.fromkeys((sparql, _unescape(sparql))):
        if _is_small(text):
            continue
        size = measure_size(text)
        if size.depth > DEEPEST:
            raise LdnkgError(
                f"The brackets of this query are nested {size.depth:,} deep, and at most {DEEPEST} are allowed. "
                "Simplify it."
            )
        if size.parts > LONGEST:
            raise LdnkgError(
                f"An expression or group of this query has {size.parts:,} parts, and at most {LONGEST:,} are allowed. "
                "Write a long list with VALUES or IN, or split the query."
            )


def _is_small(sparql: str) -> bool:
    """Return whether the query has so few signs and words that it cannot exceed the limits."""
    return len(_OPENS.findall(sparql)) <= DEEPEST and len(_PARTS.findall(sparql)) <= LONGEST


def _unescape(sparql: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), sparql)
