"""Get the text and the graph of pyoxigraph terms, and shorten IRIs to CURIEs."""

from __future__ import annotations

import pyoxigraph as ox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT = ox.DefaultGraph()
VALUED = (ox.NamedNode, ox.Literal)


class Shortener:
    """Shortens IRIs to CURIEs by the longest matching prefix; of two prefixes for one namespace, it uses the first."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._names = {start: name for name, start in reversed(list(prefixes.items()))}
        self._lengths = sorted({len(start) for start in self._names}, reverse=True)
        self._known: dict[str, str] = {}

    def __call__(self, iri: str) -> str:
        """Return the CURIE of an IRI, or the IRI itself if no prefix matches."""
        if iri not in self._known:
            self._known[iri] = self._found(iri)
        return self._known[iri]

    def _found(self, iri: str) -> str:
        for length in self._lengths:
            if length < len(iri) and (name := self._names.get(iri[:length])):
                return f"{name}:{iri[length:]}"
        return iri


def get_value(term: object) -> str:
    """Return the IRI of a node, or the text of a literal; other terms are not allowed."""
    assert isinstance(term, VALUED), term  # noqa: S101
    return term.value


def get_graph(quad: ox.Quad) -> str:
    """Return the IRI of the named graph of the quad, or an empty string for the default graph."""
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def flatten(quads: Iterable[ox.Quad]) -> Iterable[ox.Quad]:
    """Yield each triple once, in the default graph."""
    return dict.fromkeys(ox.Quad(q.subject, q.predicate, q.object, DEFAULT) for q in quads)
