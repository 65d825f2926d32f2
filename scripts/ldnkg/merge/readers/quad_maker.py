"""Makes quads of the records of others: each key is a property, by the words of their format."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox

from ldnkg.merge.identifiers import Unfit
from ldnkg.merge.quads import Fact, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.identifiers import Naming

Term: TypeAlias = ox.NamedNode | ox.Literal


class Maker:
    """Makes the quads of one graph: by these words, with what is local below the base."""

    def __init__(self, naming: Naming, words: Mapping[str, Any], base: str, graph: ox.NamedNode) -> None:
        self.naming, self.words, self.base, self.graph = naming, words, base, graph
        self._pool = Pool()

    def fact(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: Term) -> Fact:
        """Return the quad in the graph."""
        return self._pool.fact(subject, predicate, value, self.graph)

    def described(self, subject: ox.NamedNode, cells: Mapping[str, list[Any]], *but: str) -> Iterator[Fact]:
        """Yield what the cells say of the subject, but for these keys; what is null says nothing."""
        for key, values in cells.items():
            for value in values if key not in but else ():
                if value is not None:
                    yield self.fact(subject, self.property(key), self.term(key, value))

    def property(self, key: str) -> ox.NamedNode:
        """Return the property that a key stands for."""
        return _property(self.words["properties"].get(key, ""), self.words["namespace"], key)

    def term(self, key: str, value: object) -> Term:
        """Return what a value under this key is: a thing, a word of the vocabulary, else a literal."""
        if isinstance(value, str) and key in self.words["things"]:
            return self.naming.thing(value, self.base)
        if isinstance(value, str) and key in self.words["vocabulary"]:
            return self.naming.vocable(value, self.naming.words["kgx"]["namespace"])
        return self._literal(value)

    def _literal(self, value: object) -> ox.Literal:
        if isinstance(value, str):
            return _literal(value)
        if isinstance(value, bool):
            return _literal(str(value).lower(), self.naming.word("boolean"))
        if isinstance(value, int):
            return _literal(str(value), self.naming.word("integer"))
        if isinstance(value, Decimal):
            return _literal(str(value), self.naming.word("double"))
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        return _literal(text, self.naming.word("json"))


@lru_cache(1024)
def _property(known: str, namespace: str, key: str) -> ox.NamedNode:
    return ox.NamedNode(known or namespace + quote(key, safe=""))


def _literal(text: str, datatype: ox.NamedNode | None = None) -> ox.Literal:
    try:
        return ox.Literal(text, datatype=datatype)
    except ValueError as error:
        raise Unfit("holds half a character (a lone surrogate), which is no text") from error
