"""Record a merge as RDF in the merge graph: the source of each named graph, the joined entities and the refusals."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.joins import CORRECTED, Join
from ldnkg.merge.quads import PooledQuad

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ldnkg.merge.link_checks import RefusedLink
    from ldnkg.merge.quarantine import QuarantinedIdentifier
    from ldnkg.merge.source import SourceGraph
    from ldnkg.merge.vocabulary import Vocabulary


class EntityMatch(NamedTuple):
    """An IRI of a source that matches one of our entities; see Join for `match` and `by`."""

    source: str
    iri: str
    entity: str
    match: str
    by: str

    @property
    def exact(self) -> bool:
        """Whether the IRI and the entity are equivalent."""
        return self.join.basis == "exact"

    @property
    def is_near(self) -> bool:
        """Whether the IRI stands for something close, broader or narrower."""
        return not self.exact and self.match != CORRECTED

    @property
    def join(self) -> Join:
        """The entity, the match and its reason."""
        return Join(self.entity, self.match, self.by)


class MergeLog:
    """Makes the quads of the merge graph."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._get_term, self._graph = vocabulary.get_term, vocabulary.merge_graph

    def log_sources(
        self, sources: Iterable[SourceGraph], names: Mapping[str, str], old_names: Mapping[str, str]
    ) -> Iterator[PooledQuad]:
        """Yield the label of each source, the source of each named graph, and the old name of each renamed graph."""
        iris = {source.name: source.iri for source in sources}
        for name, iri in iris.items():
            yield self._make_quad(iri, "label", ox.Literal(name))
        for graph, name in sorted(names.items()):
            if graph != iris[name]:
                yield self._make_quad(graph, "part", ox.NamedNode(iris[name]))
        for graph, old_name in old_names.items():
            yield self._make_quad(graph, "identifier", ox.Literal(old_name))

    def log_matches(self, matches: Iterable[EntityMatch]) -> Iterator[PooledQuad]:
        """Yield a link for each exact match whose IRI differs from that of the entity."""
        for match in matches:
            if match.exact and match.iri != match.entity:
                yield self._make_quad(match.iri, "same", ox.NamedNode(match.entity))

    def log_quarantine(self, quarantined: Iterable[QuarantinedIdentifier]) -> Iterator[PooledQuad]:
        """Yield the identifier that each replacement replaces, and the reason."""
        for found in quarantined:
            yield self._make_quad(found.replacement, "identifier", ox.Literal(found.iri))
            yield self._make_quad(found.replacement, "remark", ox.Literal(found.lookalike.reason))

    def log_links(self, refused: Iterable[RefusedLink]) -> Iterator[PooledQuad]:
        """Yield each refused link as a reified statement, with its graph and the reason."""
        for found in refused:
            graph, *triple = found.link
            digest = sha256(" ".join(triple).encode()).hexdigest()[:32]
            node = make_local_node(graph, f"refused-{digest}").value
            yield self._make_quad(node, "type", self._get_term("statement"))
            for name, iri in zip(("subject", "predicate", "object", "part"), (*triple, graph), strict=True):
                yield self._make_quad(node, name, ox.NamedNode(iri))
            yield self._make_quad(node, "remark", ox.Literal(f"refused: {found.reason}"))

    def _make_quad(self, subject: str, term: str, value: ox.NamedNode | ox.Literal) -> PooledQuad:
        return PooledQuad(ox.NamedNode(subject), self._get_term(term), value, self._graph)
