"""Provide an rdflib graph that lets pyoxigraph decide which SPARQL queries have no solution.

rdflib takes about 100 ms to parse and evaluate one query of a rule, pyoxigraph less than 1 ms. Most queries of rules
have no solution, because each solution is a violation. rdflib evaluates every query that has one, so every result that
pySHACL reports comes from rdflib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from rdflib.query import Result

from ldnkg.rdf.rdflib_bridge import add_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdflib.plugins.sparql.sparql import Query

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class PrefilteredGraph(rdflib.Graph):
    """A read-only graph of the triples of some quads."""

    def __init__(self, quads: Sequence[ox.Quad]) -> None:
        super().__init__()
        add_quads(self, quads)
        self._filter = ox.Store()
        self._filter.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        self._usable = _keeps_literals(self._filter, quads)

    def query(  # noqa: D102
        self,
        query_object: str | Query,
        processor: Any = "sparql",  # noqa: ANN401
        result: Any = "sparql",  # noqa: ANN401
        initNs: Mapping[str, Any] | None = None,  # noqa: N803
        initBindings: Mapping[str, Any] | None = None,  # noqa: N803
        use_store_provided: bool = True,
        **kwargs: Any,  # noqa: ANN401
    ) -> Result:
        if isinstance(query_object, str) and not initNs and self.has_no_solution(query_object, initBindings or {}):
            return _without_solution()
        return super().query(query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs)

    def has_no_solution(self, query: str, bound: Mapping[str, object]) -> bool:
        """Return whether a SELECT query, with these variables bound, certainly has no solution."""
        if not self._usable or "datatype" in query.lower():
            return False
        if not all(isinstance(term, rdflib.URIRef) for term in bound.values()):
            return False
        terms: dict[ox.Variable, Term] = {ox.Variable(name): ox.NamedNode(str(term)) for name, term in bound.items()}
        try:
            found = self._filter.query(query, substitutions=terms)
        except SyntaxError:
            return False
        return isinstance(found, ox.QuerySolutions) and next(found, None) is None


def _keeps_literals(store: ox.Store, quads: Sequence[ox.Quad]) -> bool:
    """Return whether every literal keeps its text in the store, and different values of a property remain different.

    A store rewrites literals: `"3"^^xsd:positiveInteger` becomes an xsd:integer, and `"03"` becomes `"3"`. Only the
    first rewrite leaves the solutions of a query unchanged, unless the query uses datatypes.
    """
    given, stored = _literals(quads), _literals(store)
    return len(given) == len(stored) and {value.value for _, value in given} == {value.value for _, value in stored}


def _literals(quads: Iterable[ox.Quad]) -> set[tuple[ox.NamedNode, ox.Literal]]:
    return {(quad.predicate, quad.object) for quad in quads if isinstance(quad.object, ox.Literal)}


def _without_solution() -> Result:
    empty = Result("SELECT")
    empty.vars, empty.bindings = [], []
    return empty
