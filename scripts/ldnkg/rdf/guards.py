"""Refuse queries that call other endpoints, and queries too deep for the store."""

from __future__ import annotations

import re

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.paths import GRAPH
from ldnkg.rdf.sparql_size import measure_size
from ldnkg.rdf.sparql_tokens import QUOTED, has_ambiguous_iri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_SERVICE = re.compile("SERVICE", re.IGNORECASE)
# Variables and the local parts of names may contain the word. Nothing is removed that a parser would read otherwise.
_NAMES = re.compile(r"[?$]\w+|:[\w:%][\w:%-]*(?:\.+[\w:%-]+)*", re.ASCII)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
# The store parses and evaluates by recursion: at five times these sizes, the whole process can crash.
DEEPEST, LONGEST = 200, 1_000
_OPENS, _PARTS = re.compile(r"[{(\[<]"), re.compile(r"\w+|[^\w\s]")


def calls_service(sparql: str) -> bool:
    """Return whether the query contains SERVICE, also if it is written with the Unicode escapes of SPARQL.

    Parsers accept the keyword without a space around it, as in `1SERVICESILENT<x>`. In doubt, it is the keyword.

    >>> calls_service("ASK { SERVICE <https://example.org/sparql> {} }"), calls_service("ASK { ?service ?p 'SERVICE' }")
    (True, False)
    """
    found = (text for text in _list_readings(sparql) if _SERVICE.search(text))
    return any(_SERVICE.search(_NAMES.sub(" ", _remove_quoted(text))) for text in found)


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
    for text in _list_readings(sparql):
        if _is_small(text):
            continue
        if has_ambiguous_iri(text):
            raise LdnkgError(
                "This query is long and has an IRI that could also be a comparison, such as <#a>. "
                "Write the IRI with a prefix or in full, with its scheme and //."
            )
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


def is_unsafe(sparql: str) -> bool:
    """Return whether `guard_file` would refuse the query."""
    try:
        refuse_service(sparql)
        refuse_depth(sparql)
    except LdnkgError:
        return True
    return False


def guard_file(sparql: str, path: Path, text: str = "") -> None:
    """Refuse a query in a file of the publication that calls an endpoint or is too deep, with the file and the line.

    `text` is the text of the file, if it is more than the query.
    """
    if calls_service(sparql):
        place = f"{display_path(path)}:{_find_call(sparql, text or sparql)}"
        raise LdnkgError(
            f"{place}: contains SERVICE, which would call another endpoint over the network. "
            "Remove it: only `ldnkg query --federated` calls endpoints."
        )
    try:
        refuse_depth(sparql)
    except LdnkgError as error:
        raise LdnkgError(f"{display_path(path)}: {error}") from error


def _find_call(sparql: str, text: str) -> int:
    """Return the number of the line of the text with the first call of the query, or 1 if it is written otherwise."""
    call = next((line.strip() for line in sparql.splitlines() if calls_service(line)), sparql)
    return next((number for number, line in enumerate(text.splitlines(), 1) if call in line), 1)


def _is_small(sparql: str) -> bool:
    """Return whether the query has so few signs and words that it cannot exceed the limits."""
    if len(sparql) <= DEEPEST:
        return True
    return len(_OPENS.findall(sparql)) <= DEEPEST and len(_PARTS.findall(sparql)) <= LONGEST


def _remove_quoted(sparql: str) -> str:
    """Return the query without strings, comments and IRIs, or unchanged if it is uncertain where they end."""
    return sparql if has_ambiguous_iri(sparql) else QUOTED.sub(" ", sparql)


def _list_readings(sparql: str) -> list[str]:
    """Return the query as it is and with the characters that its Unicode escapes stand for."""
    if "\\" not in sparql:
        return [sparql]
    unescaped = _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), sparql)
    return [*dict.fromkeys((sparql, unescaped))]
