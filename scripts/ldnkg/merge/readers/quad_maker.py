"""Make quads from the records of a source; the settings of the format map each key to a property."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox

from ldnkg.merge.quads import PooledQuad, TermPool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.curie_resolver import CurieResolver

Term: TypeAlias = ox.NamedNode | ox.Literal


class QuadMaker:
    """Makes the quads of one named graph; an identifier without a prefix is local to the base."""

    def __init__(self, resolver: CurieResolver, format_name: str, base: str, graph: ox.NamedNode) -> None:
        self.vocabulary, self.format = resolver.vocabulary, resolver.vocabulary.get_format(format_name)
        self.resolver, self.base, self.graph = resolver, base, graph
        self._terms = self.vocabulary.get_format("kgx")["namespace"]
        self._pool = TermPool()

    def make_quad(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: Term) -> PooledQuad:
        """Return the quad in the named graph."""
        return self._pool.make_quad(subject, predicate, value, self.graph)

    def make_quads(self, subject: ox.NamedNode, cells: Mapping[str, list[Any]], *omit: str) -> Iterator[PooledQuad]:
        """Yield a quad for each value that is not null, except the values of the keys in `omit`."""
        for key, values in cells.items():
            for value in values if key not in omit else ():
                if value is not None:
                    yield self.make_quad(subject, self._make_property(key), self._make_term(key, value))

    def resolve(self, identifier: str) -> ox.NamedNode:
        """Return the node of an identifier; raise ValueError if it is invalid."""
        return self.resolver.resolve(identifier, self.base)

    def _make_property(self, key: str) -> ox.NamedNode:
        return _make_property(self.format["properties"].get(key, ""), self.format["namespace"], key)

    def _make_term(self, key: str, value: object) -> Term:
        """Return a node if the values of the key are identifiers or terms of the vocabulary, else a literal."""
        if isinstance(value, str) and key in self.format["identifiers"]:
            return self.resolve(value)
        if isinstance(value, str) and key in self.format["vocabulary"]:
            return self.resolver.resolve_term(value, self._terms)
        return self._make_literal(value)

    def _make_literal(self, value: object) -> ox.Literal:
        get_term = self.vocabulary.get_term
        if isinstance(value, str):
            return _make_literal(value)
        if isinstance(value, bool):
            return _make_literal(str(value).lower(), get_term("boolean"))
        if isinstance(value, int):
            return _make_literal(str(value), get_term("integer"))
        if isinstance(value, Decimal):
            return _make_literal(str(value), get_term("double"))
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        return _make_literal(text, get_term("json"))


@lru_cache(1024)
def _make_property(known: str, namespace: str, key: str) -> ox.NamedNode:
    return ox.NamedNode(known or namespace + quote(key, safe=""))


def _make_literal(text: str, datatype: ox.NamedNode | None = None) -> ox.Literal:
    try:
        return ox.Literal(text, datatype=datatype)
    except ValueError as error:
        raise ValueError("a string contains half a character (a lone surrogate). Correct it.") from error
