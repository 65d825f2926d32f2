"""Compare the values of functional properties, such as a dose, of entities that are also in our graph."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.source import SourcePart


class ValueConflict(NamedTuple):
    """A value of a source that differs from our value: its graph and triple, our entity, our property and our value."""

    graph: str
    subject: str
    predicate: str
    object: str
    entity: str
    property: str
    our_value: str


class ValueComparer:
    """Compares values in the quads of sources with our values."""

    def __init__(self, reference: ReferenceIndex, entities: Mapping[str, list[str]]) -> None:
        self._values = reference.claims.functional_values
        self._predicates = {ox.NamedNode(iri) for iri in self._values}
        self._resolver, self._format_term = reference.resolver, reference.graph.format_term
        self._entities = entities

    def find_conflicts(self, part: SourcePart) -> Iterator[ValueConflict]:
        """Yield each value of the part that differs from our value."""
        for quad in part.quads:
            if quad.predicate in self._predicates and not isinstance(quad.object, ox.Triple):
                for entity in self._entities.get(get_value(quad.subject), []):
                    yield from self._compare(quad, entity, part.base)

    def _compare(self, quad: PooledQuad, entity: str, base: str) -> Iterator[ValueConflict]:
        subject, predicate, value = get_value(quad.subject), quad.predicate.value, get_value(quad.object)
        for name, term in self._values[predicate].get(entity, ()):
            our_value = get_value(term)
            if not self._are_equal(value, our_value, base) and value != self._format_term(term):
                yield ValueConflict(quad.graph, subject, predicate, value, entity, name, our_value)

    def _are_equal(self, source_value: str, our_value: str, base: str) -> bool:
        """Return whether the values are the same text, number or entity."""
        try:
            return source_value == our_value or Decimal(source_value) == Decimal(our_value)
        except ArithmeticError:
            pass
        try:
            return self._resolver.resolve(source_value, base).value == our_value
        except ValueError:
            return False
