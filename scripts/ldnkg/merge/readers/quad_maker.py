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
    from collections.abc import Callable, Iterator, Mapping

    from ldnkg.merge.curie_resolver import CurieResolver

MAX_SHARED = 100_000
Term: TypeAlias = ox.NamedNode | ox.Literal


class QuadMaker:
    """Makes the quads of one named graph; an identifier without a prefix is local to the base."""

    def __init__(self, resolver: CurieResolver, format_name: str, base: str, graph: ox.NamedNode) -> None:
        self.vocabulary, self.format = resolver.vocabulary, resolver.vocabulary.get_format(format_name)
        self.resolver, self.base, self.graph = resolver, base, graph
        self._terms = self.vocabulary.get_format("kgx")["namespace"]
        self._pool = TermPool()
        self._resolved: dict[str, ox.NamedNode] = {}
        self._made: dict[str, tuple[ox.NamedNode, dict[str, Term]]] = {}  # by key: its property, and its terms by text

    def enter(self, graph: ox.NamedNode) -> None:
        """Make the next quads in another named graph, to which an identifier without a prefix is local."""
        self.base, self.graph = graph.value, graph

    def make_quad(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: Term, line: int = 0) -> PooledQuad:
        """Return the quad in the named graph."""
        share = self._pool.share
        return PooledQuad(share(subject), share(predicate), share(value), self.graph, line)

    def make_quads(
        self,
        subject: ox.NamedNode,
        cells: Mapping[str, list[Any]],
        *omit: str,
        line: int = 0,
        report: Callable[[str, str], None] | None = None,
    ) -> Iterator[PooledQuad]:
        """Yield a quad for each value that is not null, except the values of the keys in `omit`.

        `report` gets the kind and the reason of each value that is invalid; without it, ValueError is raised.
        """
        graph, subject = self.graph, self._pool.share(subject)
        for key, values in cells.items():
            if not values or key in omit:
                continue
            predicate, terms = self.get_terms(key)
            for value in values:
                term = terms.get(value) if type(value) is str else None
                if term is None and value is not None:
                    try:
                        term = self.make_term(key, value)
                    except ValueError as error:
                        if report is None:
                            raise
                        report("value" if self._names_node(key) else "literal", str(error))
                        continue
                if term is not None:
                    yield PooledQuad(subject, predicate, term, graph, line)

    def get_terms(self, key: str) -> tuple[ox.NamedNode, dict[str, Term]]:
        """Return the property of a key, and the terms that were made of its texts."""
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = (self._pool.share(self._make_property(key)), {})
        return made

    def make_term(self, key: str, value: object) -> Term:
        """Return the term of a value, and keep it for the next quads; raise ValueError if it is invalid."""
        term: Term = self._pool.share(self._make_term(key, value))
        self._share(key, self.get_terms(key)[1], value, term)
        return term

    def _share(self, key: str, terms: dict[str, Term], value: object, term: Term) -> None:
        """Keep the term of a text for the next quads, unless an identifier is local to the named graph."""
        if type(value) is str and (":" in value or key not in self.format["identifiers"]):
            if len(terms) >= MAX_SHARED:
                terms.clear()
            terms[value] = term

    def resolve(self, identifier: str) -> ox.NamedNode:
        """Return the node of an identifier; raise ValueError if it is invalid."""
        if (known := self._resolved.get(identifier)) is not None:
            return known
        found: ox.NamedNode = self.resolver.resolve(identifier, self.base)
        if identifier.partition(":")[0] not in {"", "_", identifier}:  # It is not local to the base.
            found = self._resolved[identifier] = self._pool.share(found)
        return found

    def _names_node(self, key: str) -> bool:
        return key in self.format["identifiers"] or key in self.format["vocabulary"]

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
