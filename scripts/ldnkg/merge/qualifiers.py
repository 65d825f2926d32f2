"""Read the qualifiers of the statements of a part: of their nodes, and of the named graphs that state them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ldnkg.merge.notations import Notations
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.source import SourcePart

Qualifiers: TypeAlias = "Mapping[str, list[str]]"  # the values of each qualifier by its name

NOTHING: Qualifiers = {}


class QualifierReader:
    """Reads the qualifiers in one part, which uses these predicates."""

    def __init__(self, part: SourcePart, notations: Notations, predicates: Collection[ox.NamedNode]) -> None:
        self._part, self._notations, self._predicates = part, notations, predicates
        self._qualifying = {*predicates} & (notations.qualifiers.keys() | notations.listing)
        self._shared = self._read_shared()

    def of_graph(self, graph: str) -> Qualifiers:
        """Return the qualifiers of a named graph."""
        return self._shared.get(graph, NOTHING)

    def of_node(self, stating: tuple[PooledQuad, ...], quads: list[PooledQuad]) -> Qualifiers:
        """Return the qualifiers of the node of the quads; those of its named graph apply if it has none of the kind.

        `stating` are the quads that state its triple.
        """
        own: dict[str, list[str]] = defaultdict(list)
        for quad in quads if self._qualifying else ():
            if quad.predicate in self._qualifying:
                for name, value in self._read(quad):
                    own[name].append(value)
        if any(quad.predicate in self._notations.negating for quad in stating):
            own["negated"] = ["true"]
        first = stating[0]
        return {**self._shared.get(first.graph, {}), **self._shared.get(first.subject.value, {}), **own}

    def _read_shared(self) -> Mapping[str, Qualifiers]:
        """Return the qualifiers of named graphs, and those that a node has in any graph of several."""
        if not self._qualifying:
            return {}
        graphs = {quad.graph_name for quad in self._part.quads}
        quads = (quad for quad in self._part.quads if len(graphs) > 1 or quad.subject in graphs)
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if quad.predicate in self._qualifying:
                for name, value in self._read(quad):
                    found[quad.subject.value][name].append(value)
        shared: dict[str, Qualifiers] = {node: dict(values) for node, values in found.items()}
        if self._notations.assertion_graph in self._predicates:
            for quad in self._part.quads:
                if quad.predicate == self._notations.assertion_graph:
                    graph = get_value(quad.object)
                    shared[graph] = {**shared.get(quad.subject.value, {}), **shared.get(graph, {})}
        return shared

    def _read(self, quad: PooledQuad) -> Iterator[tuple[str, str]]:
        """Yield the name and the value of a qualifier; a list of qualifiers may have several."""
        if isinstance(quad.object, ox.Triple):
            return
        if name := self._notations.qualifiers.get(quad.predicate):
            yield name, get_value(quad.object)
        elif quad.predicate in self._notations.listing:
            yield from self._notations.read_listed(get_value(quad.object))
