"""Find the triples that a part of a source states, in whatever notation, with the values of their qualifiers."""

from __future__ import annotations

from itertools import groupby, islice, product
from math import prod
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from ldnkg.merge.notations import ROLES
from ldnkg.merge.qualifiers import NOTHING, QualifierReader
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from ldnkg.merge.notations import Head, Notations, StatementNodes
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.qualifiers import Qualifiers
    from ldnkg.merge.source import SourcePart

Triple: TypeAlias = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]
Report: TypeAlias = "Callable[[PooledQuad, str], None]"

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
    part: SourcePart,
    notations: Notations,
    relations: Collection[ox.NamedNode] = (),
    report: Report | None = None,
) -> Iterator[Assertion]:
    """Yield the triples that a part states, whose quads must be ordered: see `order_quads`.

    A statement node yields its triple with its qualifiers. A plain triple that a node also states is not repeated. If
    `relations` is not empty, only triples with one of these relations are read, in the graphs about sources too.
    `report` gets the first quad of a node that states more triples than are read, and the reason.
    """
    return _PartReader(part, notations, frozenset(relations), report).read()


class _PartReader:
    """Reads one part: first the nodes that state a triple, then the plain triples that no node states."""

    def __init__(
        self, part: SourcePart, notations: Notations, relations: frozenset[ox.NamedNode], report: Report | None
    ) -> None:
        self._part, self._notations, self._relations, self._report = part, notations, relations, report
        self._predicates = {quad.predicate for quad in part.quads}
        self._metadata_graphs = self._find_metadata_graphs()
        self._qualifiers = QualifierReader(part, notations, self._predicates)
        self._owners = self._find_owners()

    def read(self) -> Iterator[Assertion]:
        apart: list[Assertion] = []  # not known to be asserted before the plain triples are read
        stated: set[Triple] = set()
        for found in self._read_nodes():
            stated.add(found.triple)
            if found.quoted:
                apart.append(found)
            else:
                yield found
        asserted: set[Triple] = set()
        for found in self._read_plain():
            if stated and found.triple in stated:
                asserted.add(found.triple)
            else:
                yield found
        yield from (found._replace(quoted=found.triple not in asserted) for found in _drop_unqualified(apart))

    def _find_metadata_graphs(self) -> frozenset[str]:
        """Return the graphs about the provenance and the publication of a nanopublication, and its head."""
        links = self._notations.metadata_graphs
        if self._predicates.isdisjoint(links):
            return frozenset()
        quads = (quad for quad in self._part.quads if quad.predicate in links)
        return frozenset(name for quad in quads for name in (quad.graph, get_value(quad.object)))

    def _find_owners(self) -> list[tuple[StatementNodes, dict[ox.NamedNode, PooledQuad]]]:
        """Return the quad that leads to each statement node of a notation that has such nodes."""
        found = []
        for kind in self._notations.statement_nodes:
            if any(predicate.value.startswith(kind.value) for predicate in self._predicates):
                leading = {p for p in self._predicates if _is_local(p.value, kind.node)}
                quads = (quad for quad in self._part.quads if quad.predicate in leading)
                found.append((kind, {quad.object: quad for quad in quads if isinstance(quad.object, ox.NamedNode)}))
        return found

    def _read_nodes(self) -> Iterator[Assertion]:
        notations = self._notations
        if not self._owners and self._predicates.isdisjoint({*notations.roles, notations.reifies}):
            return
        if self._relations and not self._owners and not any(map(self._names_relation, self._part.quads)):
            return
        for _, group in groupby(self._part.quads, attrgetter("graph_name", "subject")):
            quads = list(group)
            stating = [quad for quad in quads if quad.predicate in notations.roles]
            if len(stating) >= len(ROLES):
                yield from self._combine(stating, quads)
            for quad in quads if notations.reifies in self._predicates else ():
                if quad.predicate == notations.reifies:
                    yield from self._read_triple_term(quad, quads)
            for kind, owners in self._owners:
                if owner := owners.get(quads[0].subject):
                    yield from self._read_statement_node(kind, owner, quads)

    def _names_relation(self, quad: PooledQuad) -> bool:
        """Return whether a quad of a statement node names a wanted relation."""
        if quad.predicate == self._notations.reifies:
            return isinstance(quad.object, ox.Triple) and quad.object.predicate in self._relations
        return quad.object in self._relations and quad.predicate in self._notations.roles

    def _combine(self, stating: list[PooledQuad], quads: list[PooledQuad]) -> Iterator[Assertion]:
        """Yield each combination of a subject, a predicate and an object that one node has."""
        roles: list[dict[object, list[PooledQuad]]] = [{} for _ in ROLES]
        for quad in stating:
            roles[ROLES.index(self._notations.roles[quad.predicate])].setdefault(quad.object, []).append(quad)
        most, number = MAX_COMBINATIONS * len(quads), prod(map(len, roles))
        if number > most and self._report:
            self._report(stating[0], f"the node states {number:,} triples, of which the first {most:,} are read")
        for terms in islice(product(*roles), most):
            used = tuple(quad for values, term in zip(roles, terms, strict=True) for quad in values[term])
            yield from self._make(used, terms, quads)

    def _read_triple_term(self, quad: PooledQuad, quads: list[PooledQuad]) -> Iterator[Assertion]:
        if isinstance(term := quad.object, ox.Triple):
            made = self._make((quad,), (term.subject, term.predicate, term.object), quads)
            yield from (found._replace(quoted=True) for found in made)

    def _read_statement_node(
        self, kind: StatementNodes, owner: PooledQuad, quads: list[PooledQuad]
    ) -> Iterator[Assertion]:
        """Yield the triple of a node as in Wikidata; it is not asserted if the node is deprecated."""
        name = owner.predicate.value.removeprefix(kind.node)
        deprecated = any((quad.predicate, quad.object) == kind.deprecated for quad in quads)
        for quad in quads:
            if quad.predicate.value == kind.value + name:
                relation = ox.NamedNode(kind.relation + name)
                for found in self._make((quad, owner), (owner.subject, relation, quad.object), quads):
                    yield found._replace(quoted=deprecated)

    def _make(
        self, stating: tuple[PooledQuad, ...], terms: tuple[object, ...], quads: list[PooledQuad]
    ) -> Iterator[Assertion]:
        """Yield the assertion of a node if its ends are IRIs and its relation is wanted."""
        subject, predicate, object_ = terms
        if not (isinstance(subject, ox.NamedNode) and isinstance(object_, ox.NamedNode)):
            return
        if isinstance(predicate, ox.NamedNode) and (not self._relations or predicate in self._relations):
            qualifiers = self._qualifiers.of_node(stating, quads)
            first = stating[0]
            triple = (subject, predicate, object_)
            yield Assertion(first.graph, first.subject.value, triple, qualifiers, quoted=False, quads=stating)

    def _read_plain(self) -> Iterator[Assertion]:
        is_metadata, relations = self._notations.is_metadata, self._relations
        wanted = self._predicates & relations if relations else {p for p in self._predicates if not is_metadata(p)}
        shared = NOTHING
        graph, name, skipped = None, "", False
        for quad in self._part.quads if wanted else ():
            if quad.predicate not in wanted or not isinstance(target := quad.object, ox.NamedNode):
                continue
            if quad.graph_name is not graph:
                graph, name = quad.graph_name, quad.graph
                shared, skipped = self._qualifiers.of_graph(name), name in self._metadata_graphs and not relations
            if not skipped:
                triple = (quad.subject, quad.predicate, target)
                yield Assertion(name, "", triple, shared, quoted=False, quads=(quad,))
        for head in self._notations.heads:
            if (not relations or head.predicate in relations) and not head.properties.isdisjoint(self._predicates):
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


def _drop_unqualified(found: list[Assertion]) -> Iterator[Assertion]:
    """Yield the assertions of triple terms; without a qualifier, only one that is the only one of its triple.

    A node that only names a source or an author of a triple is not a statement of its own.
    """
    qualified = {each.triple for each in found if each.qualifiers}
    for each in found:
        if each.qualifiers or each.triple not in qualified:
            qualified.add(each.triple)
            yield each


def _is_local(iri: str, namespace: str) -> bool:
    return iri.startswith(namespace) and iri[len(namespace) :].isalnum()
