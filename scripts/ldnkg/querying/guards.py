"""Refuse queries that call other endpoints or that are nested too deeply."""

from __future__ import annotations

import re

from ldnkg.errors import LdnkgError
from ldnkg.paths import GRAPH
from ldnkg.querying.sparql_tokens import QUOTED, measure_nesting

_SERVICE = re.compile(r"(?<![\w:?$-])SERVICE\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
# The store parses and evaluates by recursion: at ten times this depth, the whole process can crash.
DEEPEST = 200


def calls_service(sparql: str) -> bool:
    """Return whether the query contains SERVICE, also if it is written with the Unicode escapes of SPARQL.

    >>> calls_service("ASK { SERVICE <https://example.org/sparql> {} }"), calls_service("ASK { ?service ?p 'SERVICE' }")
    (True, False)
    """
    return any(_SERVICE.search(QUOTED.sub(" ", text)) for text in (sparql, _unescape(sparql)))


def refuse_service(sparql: str, place: str = "") -> None:
    """Raise LdnkgError if the query contains SERVICE; `place` is the file of the query, if any."""
    if calls_service(sparql):
        do = f"Paste the query of {place} into" if place else "Remove it, or query"
        raise LdnkgError(
            "SERVICE queries another endpoint, and only the publication can be queried here. "
            f"{do} a triple store of your own that holds {GRAPH}."
        )


def refuse_nesting(sparql: str) -> None:
    """Raise LdnkgError if brackets are nested more deeply than the store can evaluate."""
    depth = max(measure_nesting(sparql), measure_nesting(_unescape(sparql)))
    if depth > DEEPEST:
        raise LdnkgError(
            f"The brackets of this query are nested {depth:,} deep, and at most {DEEPEST} are allowed. Simplify it."
        )


def _unescape(sparql: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), sparql)
