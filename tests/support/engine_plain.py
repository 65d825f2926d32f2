"""Run the rules in plain pySHACL: rdflib evaluates every query of a rule, without the filter by pyoxigraph.

The graphs of the examples differ in a few triples. A query is therefore parsed once per process. It is evaluated again
only if the graph has other triples with one of the properties that the query has read.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rdflib import Graph
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery

from ldnkg.rdf.rdflib_bridge import add_quads
from ldnkg.validation.engine_pyshacl import validate
from ldnkg.validation.prefiltered_graph import PrefilteredGraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyoxigraph as ox
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as Rows
    from rdflib.term import Node

    from ldnkg.validation.findings import ValidationResult
    from ldnkg.validation.rules import Rules


class Evaluation(NamedTuple):
    """The result of a query, the properties whose triples it has read, and the state of these triples."""

    read: frozenset[Node | None]
    state: object
    rows: Rows


_SHAPES: dict[str, Graph] = {}
_VERSIONS: dict[frozenset[tuple[Node, Node, Node]], int] = {}
_EVALUATIONS: dict[tuple[str, frozenset[tuple[str, object]]], list[Evaluation]] = {}
prepared = cache(prepareQuery)


class PlainGraph(PrefilteredGraph):
    """A graph whose queries rdflib evaluates; `wrong` lists the queries for which the filter gives another verdict."""

    def __init__(self, quads: Sequence[ox.Quad]) -> None:
        super().__init__(quads)
        self.wrong: list[str] = []
        self._read: set[Node | None] = set()
        self._versions = {
            name: _VERSIONS.setdefault(frozenset(Graph.triples(self, (None, name, None))), len(_VERSIONS))
            for name in set(self.predicates())
        }

    def triples(self, triple: Any) -> Iterator[Any]:  # type: ignore[override]  # noqa: ANN401
        if not isinstance(triple[1], Path):
            self._read.add(triple[1])
        return super().triples(triple)

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",  # noqa: ANN401, ARG002
        result: Any = "sparql",  # noqa: ANN401, ARG002
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        initBindings: Mapping[str, Any] | None = None,  # noqa: N803
        use_store_provided: bool = True,  # noqa: ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> Rows:
        assert isinstance(query_object, str) and not initNs
        rows = self._evaluated(query_object, initBindings or {})
        if self.has_no_solution(query_object, initBindings or {}) != (len(rows) == 0):
            self.wrong.append(query_object)
        return rows

    def _evaluated(self, query: str, bound: Mapping[str, Any]) -> Rows:
        known = _EVALUATIONS.setdefault((query, frozenset(bound.items())), [])
        for evaluation in known:
            if evaluation.state == self._state(evaluation.read):
                return evaluation.rows
        self._read.clear()
        rows = Graph.query(self, prepared(query), initBindings=bound)
        len(rows)  # rdflib evaluates the query here, not before
        read = frozenset(self._read)
        known.append(Evaluation(read, self._state(read), rows))
        return rows

    def _state(self, read: frozenset[Node | None]) -> object:
        """Return a value that is equal for graphs with the same triples of these properties; None means all triples."""
        names = self._versions if None in read else read
        return frozenset((name, self._versions.get(name)) for name in names if name is not None)


def run(data: Sequence[ox.Quad], rules: Rules) -> list[ValidationResult]:
    """Return the sorted results; assert that the filter gives the right verdict on every query."""
    if rules.text not in _SHAPES:
        _SHAPES[rules.text] = Graph(store="SimpleMemory")
        add_quads(_SHAPES[rules.text], rules.quads)
    graph = PlainGraph(data)
    found = validate(graph, _SHAPES[rules.text])
    assert graph.wrong == []
    return found
