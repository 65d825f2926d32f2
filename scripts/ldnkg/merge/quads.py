"""Represent quads whose terms are shared, because a quad with its own terms takes three times the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class PooledQuad(NamedTuple):
    """A quad whose terms are shared with other quads, and the line of its record in the file, or 0 if it is unknown."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: ox.NamedNode | ox.Literal | ox.Triple
    graph_name: ox.NamedNode | ox.DefaultGraph
    line: int = 0

    @property
    def graph(self) -> str:
        """The IRI of the named graph, or an empty string for the default graph."""
        return self.graph_name.value if isinstance(self.graph_name, ox.NamedNode) else ""


class TermPool:
    """Returns the same object for equal terms."""

    def __init__(self) -> None:
        self._terms: dict[Any, Any] = {}

    def share(self, term: Any) -> Any:  # noqa: ANN401
        """Return the first term that was equal to the term."""
        return self._terms.setdefault(term, term)

    def make_quad(
        self, subject: object, predicate: object, object_: object, graph: object, line: int = 0
    ) -> PooledQuad:
        """Return the quad of these terms."""
        share = self._terms.setdefault
        return PooledQuad(
            share(subject, subject), share(predicate, predicate), share(object_, object_), share(graph, graph), line
        )

    def make_quads(self, quads: Iterable[ox.Quad]) -> Iterator[PooledQuad]:
        """Yield each quad with shared terms."""
        for quad in quads:
            yield self.make_quad(quad.subject, quad.predicate, quad.object, quad.graph_name)


def to_oxigraph(quads: Iterable[PooledQuad]) -> Iterator[ox.Quad]:
    """Yield each quad as a pyoxigraph quad."""
    return (ox.Quad(*quad[:4]) for quad in quads)


def list_graphs(quads: Iterable[PooledQuad]) -> set[str]:
    """Return the IRIs of the named graphs."""
    return {graph.value for graph in {quad.graph_name for quad in quads} if isinstance(graph, ox.NamedNode)}


def order_quads(quads: list[PooledQuad]) -> list[PooledQuad]:
    """Return each quad of one pool once, ordered by graph and subject, with its first line.

    Numbers of terms are compared and not their texts, which would take several times the memory.
    """
    terms = {id(term): term for quad in quads for term in quad[:4]}
    texts = sorted(terms.items(), key=lambda item: str(item[1]))
    numbers = {key: number for number, (key, _) in enumerate(texts)}
    size = len(numbers)

    def get_key(quad: PooledQuad) -> int:
        graph, subject = numbers[id(quad.graph_name)], numbers[id(quad.subject)]
        return ((graph * size + subject) * size + numbers[id(quad.predicate)]) * size + numbers[id(quad.object)]

    ordered = sorted(quads, key=get_key)  # The order is stable, so the first line of equal quads comes first.
    return [quad for place, quad in enumerate(ordered) if not place or quad[:4] != ordered[place - 1][:4]]


def rename_ends(quad: PooledQuad, rename: Callable[[Any], Any]) -> PooledQuad:
    """Return the quad with its subject and object renamed, or the quad itself if neither changes."""
    subject, object_ = map_terms(quad.subject, rename), map_terms(quad.object, rename)
    if subject is quad.subject and object_ is quad.object:
        return quad
    return quad._replace(subject=subject, object=object_)


def map_terms(term: Any, rename: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """Return the renamed term; in a triple term, the subject and the object are renamed."""
    if isinstance(term, ox.Triple):
        return ox.Triple(map_terms(term.subject, rename), term.predicate, map_terms(term.object, rename))
    return rename(term)
