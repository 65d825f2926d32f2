"""Refuse queries that ask other machines or that are nested too deep."""

from __future__ import annotations

import re

from ldnkg.errors import LdnkgError
from ldnkg.paths import GRAPH
from ldnkg.querying.sparql_tokens import QUOTED, measure_nesting

_SERVICE = re.compile(r"(?<![\w:?$-])SERVICE\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
# The store reads and answers by recursion: ten times as deep, it can end the whole process.
DEEPEST = 200


class Elsewhere(LdnkgError):
    """A query that would ask another machine."""


def refuse_service(sparql: str, place: str = "") -> None:
    """Raise Elsewhere where the query has SERVICE in it, be it written with the escapes of SPARQL.

    `place` is the file that it stands in, if any.
    """
    if any(_SERVICE.search(QUOTED.sub(" ", text)) for text in (sparql, _unescape(sparql))):
        do = f"Paste the query of {place} into" if place else "Take it out, or ask"
        raise Elsewhere(
            "SERVICE asks another machine, and this asks the publication alone. "
            f"{do} a triple store of your own that holds {GRAPH}."
        )


def refuse_nesting(sparql: str) -> None:
    """Raise Problem where brackets stand deeper within brackets than the store can bear."""
    depth = max(measure_nesting(sparql), measure_nesting(_unescape(sparql)))
    if depth > DEEPEST:
        raise LdnkgError(
            f"The brackets of this query are nested {depth:,} deep, and {DEEPEST} is the most. Ask for less."
        )


def _unescape(sparql: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), sparql)
