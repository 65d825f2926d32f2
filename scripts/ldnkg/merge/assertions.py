"""Find the triples that a part of a source states, in whatever notation, with the values of their qualifiers."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby, islice, product
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from ldnkg.merge.notations import ROLES
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ldnkg.merge.notations import Head, Notations
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.source import SourcePart

Triple: TypeAlias = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]
Qualifiers: TypeAlias = "Mapping[str, list[str]]"

MAX_COMBINATIONS = 4  # for each quad of a node, if a node states several triples


class Assertion(NamedTuple):
    """A triple of IRIs that a part states.

    `node` is the IRI of the reified statement, and empty for a plain triple. `quoted` is true if the triple is only
    the object of `rdf:reifies` and is not asserted. `quads` state the triple, without its qualifiers.
    """

    graph: str
    node: str
    triple: Triple
    qualifiers: Qualifiers
    quoted: bool
    quads: tuple[PooledQuad, ...]


def read_assertions(
    part: SourcePart, notations: Notations, relations: Collection[ox.NamedNode] = ()
) -> Iterator[Assertion]:
    """Yield the triples that a part states, whose quads must be ordered: see `order_quads`.

    A statement node yields its triple with its qualifiers. A plain triple that a node also states is not repeated. If
    `relations` is not empty, only triples with one of these relations are read.
    """
    return _PartReader(part, notations, frozenset(relations)).read()


class _PartReader:
    """Reads one part: first the nodes that state a triple, then the plain triples that no node states."""

    def __init__(self, part: SourcePart, notations: Notations, relations: frozenset[ox.NamedNode]) -> None:
        self._part, self._notations, self._relations = part, notations, relations
        links = notations.metadata_graphs
        self._graphs = {quad.graph for quad in part.quads}
        self._metadata_graphs = {
            name for quad in part.quads if quad.predicate in links for name in (quad.graph, get_value(quad.object))
        }
        self._shared = self._read_shared_qualifiers()

    def read(self) -> Iterator[Assertion]:
        quoted: list[Assertion] = []
        stated: set[Triple] = set()
        for found in self._read_nodes():
            stated.add(found.triple)
            if found.quoted:
                quoted.append(found)
            else:
                yield found
        asserted: set[Triple] = set()
        for found in self._read_plain():
            if found.triple in stated:
                asserted.add(found.triple)
            else:
                yield found
        yield from (found._replace(quoted=found.triple not in asserted) for found in quoted)

    def _read_shared_qualifiers(self) -> dict[str, Qualifiers]:
        """Return the qualifiers of named graphs, and those that a graph about a nanopublication gives a node."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in self._part.quads:
            name = self._notations.qualifiers.get(quad.predicate)
            if name and (quad.graph in self._metadata_graphs or quad.subject.value in self._graphs):
                found[quad.subject.value][name] += _get_texts(quad.object)
        return {node: dict(values) for node, values in found.items()}

    def _read_nodes(self) -> Iterator[Assertion]:
        for _, group in groupby(self._part.quads, attrgetter("graph_name", "subject")):
            quads = list(group)
            stating = [quad for quad in quads if quad.predicate in self._notations.roles]
            if len(stating) >= len(ROLES):
                yield from self._combine(stating, quads)
            for quad in quads:
                if quad.predicate == self._notations.reifies:
                    yield from self._read_triple_term(quad, quads)

    def _combine(self, stating: list[PooledQuad], quads: list[PooledQuad]) -> Iterator[Assertion]:
        """Yield each combination of a subject, a predicate and an object that one node has."""
        roles = [[quad for quad in stating if self._notations.roles[quad.predicate] == role] for role in ROLES]
        for combined in islice(product(*roles), MAX_COMBINATIONS * len(quads)):
            yield from self._make(combined, tuple(quad.object for quad in combined), quads)

    def _read_triple_term(self, quad: PooledQuad, quads: list[PooledQuad]) -> Iterator[Assertion]:
        if isinstance(term := quad.object, ox.Triple):
            made = self._make((quad,), (term.subject, term.predicate, term.object), quads)
            yield from (found._replace(quoted=True) for found in made)

    def _make(
        self, stating: tuple[PooledQuad, ...], terms: tuple[object, ...], quads: Iterable[PooledQuad]
    ) -> Iterator[Assertion]:
        """Yield the assertion of a node if its ends are IRIs and its relation is wanted."""
        subject, predicate, object_ = terms
        if not (isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode)):
            return
        if isinstance(predicate, ox.NamedNode) and (not self._relations or predicate in self._relations):
            qualifiers = self._qualify(stating, quads)
            first = stating[0]
            triple = (subject, predicate, object_)
            yield Assertion(first.graph, first.subject.value, triple, qualifiers, quoted=False, quads=stating)

    def _qualify(self, stating: tuple[PooledQuad, ...], quads: Iterable[PooledQuad]) -> Qualifiers:
        """Return the qualifiers of a node; those of its named graph apply if it has none of the kind itself."""
        own: dict[str, list[str]] = defaultdict(list)
        for quad in quads:
            if name := self._notations.qualifiers.get(quad.predicate):
                own[name] += _get_texts(quad.object)
        if stating[-1].predicate in self._notations.negating:
            own["negated"] = ["true"]
        first = stating[0]
        return {**self._shared.get(first.graph, {}), **self._shared.get(first.subject.value, {}), **own}

    def _read_plain(self) -> Iterator[Assertion]:
        is_metadata, relations, shared = self._notations.is_metadata, self._relations, self._shared
        for quad in self._part.quads:
            if not isinstance(quad.object, ox.NamedNode) or is_metadata(quad.predicate):
                continue
            if quad.graph not in self._metadata_graphs and (not relations or quad.predicate in relations):
                triple = (quad.subject, quad.predicate, quad.object)
                yield Assertion(quad.graph, "", triple, shared.get(quad.graph, {}), quoted=False, quads=(quad,))
        for head in self._notations.heads:
            if not relations or head.predicate in relations:
                yield from self._read_head(head)

    def _read_head(self, head: Head) -> Iterator[Assertion]:
        """Yield the triple that the head of the part states; an identifier that was not quarantined is preferred."""
        found = {quad.predicate: quad for quad in self._part.quads if quad.predicate in head.properties}
        ends = [[found[name] for name in names if name in found] for names in (head.subjects, head.objects)]
        if all(ends):
            quads = [min(end, key=lambda quad: get_value(quad.object).startswith(self._part.base)) for end in ends]
            subject, object_ = (quad.object for quad in quads)
            if isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode):
                triple = (subject, head.predicate, object_)
                yield Assertion(quads[0].graph, "", triple, {}, quoted=False, quads=tuple(quads))


def _get_texts(term: object) -> list[str]:
    """Return the IRI or the text of a term; a triple term has none."""
    return [] if isinstance(term, ox.Triple) else [get_value(term)]
