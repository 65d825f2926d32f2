"""Convert RDF 1.2 to RDF 1.1: triple terms become reified statements, and base directions are omitted."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.merge.curie_resolver import make_local_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.vocabulary import Vocabulary

NO_GRAPH = "ni:///"


class Rdf11Converter:
    """Converts quads; a reifier of one triple becomes an `rdf:Statement`, and so does each other triple term."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._reifies, self._type, self._statement, self._subject, self._predicate, self._object = map(
            vocabulary.get_term, ("reifies", "type", "statement", "subject", "predicate", "object")
        )

    def convert(self, quads: Iterable[PooledQuad]) -> Iterator[PooledQuad]:
        """Yield the quads in RDF 1.1."""
        found = list(quads)
        reified = Counter((quad.graph, quad.subject) for quad in found if self._is_reifier(quad))
        for quad in found:
            term = quad.object
            if isinstance(term, ox.Literal) and term.direction is not None:
                yield quad._replace(object=_drop_direction(term))
            elif not isinstance(term, ox.Triple):
                yield quad
            elif self._is_reifier(quad) and reified[quad.graph, quad.subject] == 1:
                yield from self._describe_triple(quad, quad.subject, term)
            else:
                node = _name_triple(quad, term)
                yield quad._replace(object=node)
                yield from self._describe_triple(quad, node, term)

    def _is_reifier(self, quad: PooledQuad) -> bool:
        return isinstance(quad.object, ox.Triple) and quad.predicate == self._reifies

    def _describe_triple(self, quad: PooledQuad, node: ox.NamedNode, triple: ox.Triple) -> Iterator[PooledQuad]:
        """Yield the quads that describe a triple as the statement `node`, in the named graph of the quad."""
        end = triple.object
        if isinstance(end, ox.Triple):
            inner = _name_triple(quad, end)
            yield from self._describe_triple(quad, inner, end)
            end = inner
        elif isinstance(end, ox.Literal) and end.direction is not None:
            end = _drop_direction(end)
        yield quad._replace(subject=node, predicate=self._type, object=self._statement)
        values = ((self._subject, triple.subject), (self._predicate, triple.predicate), (self._object, end))
        for predicate, value in values:
            assert isinstance(value, ox.NamedNode | ox.Literal)  # noqa: S101
            yield quad._replace(subject=node, predicate=predicate, object=value)


def count_directions(quads: Iterable[PooledQuad]) -> int:
    """Return the number of literals with a base direction, which RDF 1.1 does not have."""
    return sum(_has_direction(quad.object) for quad in quads)


def _has_direction(term: object) -> bool:
    if isinstance(term, ox.Triple):
        return _has_direction(term.object)
    return isinstance(term, ox.Literal) and term.direction is not None


def _name_triple(quad: PooledQuad, triple: ox.Triple) -> ox.NamedNode:
    """Return the node of a triple term, which depends on the named graph and the triple."""
    return make_local_node(quad.graph or NO_GRAPH, f"triple-{sha256(str(triple).encode()).hexdigest()[:32]}")


def _drop_direction(literal: ox.Literal) -> ox.Literal:
    return ox.Literal(literal.value, language=literal.language)
