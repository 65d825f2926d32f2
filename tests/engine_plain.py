"""Runs the rules with plain pySHACL: rdflib evaluates every query of a rule, and no filter comes before it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery

from ldnkg.engine_pyshacl import validate
from ldnkg.prefiltered_graph import PrefilteredGraph
from ldnkg.rdflib_graph import to_rdflib

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyoxigraph as ox
    from rdflib.plugins.sparql.sparql import Query
    from rdflib.query import Result as Rows

    from ldnkg.finding import Result
    from ldnkg.rules import Rules

prepared = cache(prepareQuery)
_SHAPES: dict[str, Graph] = {}


class PlainGraph(PrefilteredGraph):
    """A graph that parses a query once in a process, evaluates it by rdflib, and notes where the filter is wrong."""

    def __init__(self, quads: Sequence[ox.Quad]) -> None:
        super().__init__(quads)
        self.wrong: list[str] = []

    def query(
        self,
        query_object: str | Query,
        processor: Any = "sparql",  # noqa: ANN401
        result: Any = "sparql",  # noqa: ANN401
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        initBindings: Mapping[str, Any] | None = None,  # noqa: N803
        use_store_provided: bool = True,
        **kwargs: Any,  # noqa: ANN401
    ) -> Rows:
        assert isinstance(query_object, str)
        query = prepared(query_object)
        rows = Graph.query(self, query, processor, result, initNs, initBindings, use_store_provided, **kwargs)
        if self.has_no_solution(query_object, initBindings or {}) != (len(rows) == 0):
            self.wrong.append(query_object)
        return rows


def run(data: Sequence[ox.Quad], rules: Rules) -> list[Result]:
    """Return the results in order, after a check that the filter is right about every query."""
    if rules.text not in _SHAPES:
        _SHAPES[rules.text] = to_rdflib(rules.quads)
    graph = PlainGraph(data)
    found = validate(graph, _SHAPES[rules.text])
    assert graph.wrong == []
    return found
