"""Repair IRIs and language tags that are invalid in RDF, so that the output is valid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_QUOTED = 100
UNDETERMINED = "und"
_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f]|%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def is_valid(kind: Any, *parts: str, **more: str) -> bool:  # noqa: ANN401
    """Return whether a term of pyoxigraph can be made of the parts."""
    try:
        kind(*parts, **more)
    except ValueError:
        return False
    return True


def escape_iri(iri: str) -> str | None:
    """Return the IRI with its invalid characters percent-encoded, or None if it is still invalid.

    A relative reference is returned although it is no IRI by itself.

    >>> escape_iri("http://e.org/100% a{b}"), escape_iri("http://e.org:x/"), escape_iri("a b")
    ('http://e.org/100%25%20a%7Bb%7D', None, 'a%20b')
    """
    start, hash_sign, fragment = iri.partition("#")
    text = _FORBIDDEN.sub(lambda found: quote(found[0], safe=""), start)
    text += hash_sign + _FORBIDDEN.sub(lambda found: quote(found[0], safe=""), fragment.replace("#", "%23"))
    return text if not _SCHEME.match(text) or is_valid(ox.NamedNode, text) else None


def shorten_language(tag: str) -> str:
    """Return the longest valid start of a language tag, or `und` (undetermined) if it has none.

    >>> [shorten_language(tag) for tag in ("en_US", "zh-classical", "nds-nl", "9")]
    ['en', 'zh', 'nds-nl', 'und']
    """
    if is_valid(ox.Literal, "", language=tag):
        return tag
    parts = re.split("[-_]", tag)
    starts = ("-".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
    return next((start for start in starts if is_valid(ox.Literal, "", language=start)), UNDETERMINED)


def describe_iri(iri: str, escaped: str | None) -> str:
    """Return the sentence about an invalid IRI."""
    end = f"It is read as '{escaped[:MAX_QUOTED]}'." if escaped else "Its statement is not read. Correct it."
    return f"'{iri[:MAX_QUOTED]}' is not a valid IRI. {end}"


def describe_language(tag: str, shortened: str) -> str:
    """Return the sentence about an invalid language tag."""
    return f"'{tag[:MAX_QUOTED]}' is not a language tag. It is read as '{shortened}'."


class TermRepair:
    """Repairs the terms of quads that were parsed leniently; each invalid term is reported once.

    `report_iri` and `report_language` get the invalid text, and what replaces it, if anything does.
    """

    def __init__(
        self, report_iri: Callable[[str, str | None], None], report_language: Callable[[str, str], None]
    ) -> None:
        self._report_iri, self._report_language = report_iri, report_language
        self._known: dict[Any, Any] = {}

    def repair(self, quad: ox.Quad) -> ox.Quad | None:
        """Return the quad with valid terms, or None if a term cannot be repaired."""
        terms = [self._repair_term(term) for term in quad]
        return ox.Quad(*terms) if None not in terms else None

    def _repair_term(self, term: Any) -> Any:  # noqa: ANN401
        if isinstance(term, ox.Triple):
            parts = [self._repair_term(part) for part in term]
            return ox.Triple(*parts) if None not in parts else None
        if isinstance(term, ox.BlankNode | ox.DefaultGraph):  # A blank node gets a new name anyway.
            return term
        if term not in self._known:
            self._known[term] = self._repair_iri(term) if isinstance(term, ox.NamedNode) else self._repair_literal(term)
        return self._known[term]

    def _repair_iri(self, node: ox.NamedNode) -> ox.NamedNode | None:
        if is_valid(ox.NamedNode, node.value):
            return node
        escaped = escape_iri(node.value)
        if escaped and not is_valid(ox.NamedNode, escaped):
            escaped = None
        self._report_iri(node.value, escaped)
        return ox.NamedNode(escaped) if escaped else None

    def _repair_literal(self, literal: ox.Literal) -> ox.Literal | None:
        if literal.language:
            if is_valid(ox.Literal, "", language=literal.language):
                return literal
            shortened = shorten_language(literal.language)
            self._report_language(literal.language, shortened)
            return ox.Literal(literal.value, language=shortened)
        datatype = self._repair_term(literal.datatype)
        return literal if datatype is literal.datatype else datatype and ox.Literal(literal.value, datatype=datatype)
