"""Merge sources with our graph: each source keeps its own named graphs, and the merge graph records the links."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.comparison import Comparer, JoinedComparison
from ldnkg.merge.joins import JoinIndex
from ldnkg.merge.labels import LabelDifference, compare_labels
from ldnkg.merge.merge_log import EntityMatch, MergeLog
from ldnkg.merge.preparation import PreparedSources, prepare_sources
from ldnkg.merge.quads import PooledQuad, list_graphs, to_oxigraph
from ldnkg.merge.quarantine import find_entities, find_labels
from ldnkg.merge.unjoined import UnjoinedEntity, find_unjoined
from ldnkg.merge.value_conflicts import ValueComparer, ValueConflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pyoxigraph as ox

    from ldnkg.merge.comparison import Comparisons
    from ldnkg.merge.conflicts import Conflict
    from ldnkg.merge.link_checks import RefusedLink
    from ldnkg.merge.quarantine import Labels, QuarantinedIdentifier
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.source import Skipped, SourceGraph, SourcePart
    from ldnkg.merge.statements import Statement
    from ldnkg.merge.vocabulary import Vocabulary


class MergeResult(NamedTuple):
    """The merged quads and everything that is reported; `graphs` has the name of the source by named graph."""

    merged: list[PooledQuad]
    sources: Sequence[SourceGraph]
    parts: Sequence[SourcePart]
    graphs: Mapping[str, str]
    matches: list[EntityMatch]
    unjoined: list[UnjoinedEntity]
    quarantined: list[QuarantinedIdentifier]
    refused_links: list[RefusedLink]
    label_differences: list[LabelDifference]
    comparisons: list[JoinedComparison]
    value_conflicts: list[ValueConflict]
    new_entities: set[tuple[str, str]]
    skipped: list[Skipped]
    counts: Mapping[str, int]

    @property
    def quads(self) -> list[ox.Quad]:
        """The merged quads as pyoxigraph quads."""
        return list(to_oxigraph(self.merged))

    @property
    def conflicts(self) -> list[Conflict]:
        """The conflicts between statements and our claims, without near and hypothetical ones."""
        return [conflict for found in self._exact for conflict in found.comparison.conflicts]

    @property
    def new_statements(self) -> list[Statement]:
        """The statements about our entities for which we have no claim about the same pair."""
        return [found.comparison.statement for found in self._exact if not found.comparison.claims]

    @property
    def _exact(self) -> list[JoinedComparison]:
        return [found for found in self.comparisons if found.basis == "exact"]


def merge(reference: ReferenceIndex, sources: Sequence[SourceGraph]) -> MergeResult:
    """Return our graph merged with the sources, the matches, the conflicts and the new statements."""
    taken = list_graphs(reference.quads) | {reference.vocabulary.merge_graph.value}
    prepared = prepare_sources(reference, sources, taken)
    joins = JoinIndex(reference.entities)
    joins.add_links(prepared.links.exact, prepared.links.near)
    joins.add_corrections(prepared.quarantined)
    matches = sorted({match for part in prepared.parts for match in _match_entities(part, joins, reference.vocabulary)})
    joined = {match.iri: best for match in matches if (best := joins.find_best(match.iri))}
    labels = [find_labels(part, reference.vocabulary) for part in prepared.parts]
    exact = {iri: [join.entity for join in found] for iri, found in joined.items() if found[0].basis == "exact"}
    comparisons = Comparer(reference, joined).compare(prepared.parts)
    values = ValueComparer(reference, exact)
    log = _log(reference.vocabulary, sources, prepared, matches)
    return MergeResult(
        merged=[*reference.quads, *chain.from_iterable(part.quads for part in prepared.parts), *log],
        sources=sources,
        parts=prepared.parts,
        graphs=prepared.graphs,
        matches=matches,
        unjoined=sorted(_find_unjoined(prepared, labels, matches, reference)),
        quarantined=prepared.quarantined,
        refused_links=prepared.refused_links,
        label_differences=_compare_labels(prepared.parts, labels, exact, reference),
        comparisons=comparisons.found,
        value_conflicts=sorted({found for part in prepared.parts for found in values.find_conflicts(part)}),
        new_entities=_find_new_entities(prepared, labels, comparisons, matches),
        skipped=[*(skipped for source in sources for skipped in source.skipped), *comparisons.skipped],
        counts=comparisons.counts,
    )


def _log(
    vocabulary: Vocabulary,
    sources: Iterable[SourceGraph],
    prepared: PreparedSources,
    matches: Iterable[EntityMatch],
) -> Iterable[PooledQuad]:
    log = MergeLog(vocabulary)
    return dict.fromkeys(
        [
            *log.log_sources(sources, prepared.graphs, prepared.old_names),
            *log.log_matches(matches),
            *log.log_quarantine(prepared.quarantined),
            *log.log_links(prepared.refused_links),
        ]
    )


def _match_entities(part: SourcePart, joins: JoinIndex, vocabulary: Vocabulary) -> Iterator[EntityMatch]:
    for iri in find_entities(part, vocabulary):
        for join in joins.find(iri):
            yield EntityMatch(part.source, iri, *join)


def _find_unjoined(
    prepared: PreparedSources,
    labels: Iterable[Labels],
    matches: Iterable[EntityMatch],
    reference: ReferenceIndex,
) -> Iterator[UnjoinedEntity]:
    known = {match.iri for match in matches} | {found.replacement for found in prepared.quarantined}
    for part, names in zip(prepared.parts, labels, strict=True):
        yield from find_unjoined(part, names, known, reference.entities)


def _compare_labels(
    parts: Iterable[SourcePart],
    labels: Iterable[Labels],
    entities: Mapping[str, list[str]],
    reference: ReferenceIndex,
) -> list[LabelDifference]:
    named = zip(parts, labels, strict=True)
    differences = (compare_labels(part.source, names, entities, reference.entities) for part, names in named)
    return sorted({difference for found in differences for difference in found})


def _find_new_entities(
    prepared: PreparedSources, labels: Iterable[Labels], comparisons: Comparisons, matches: Iterable[EntityMatch]
) -> set[tuple[str, str]]:
    """Return the source and the IRI of each labelled entity, subject and object that matches no entity of our graph."""
    named = {(part.source, iri) for part, names in zip(prepared.parts, labels, strict=True) for iri in names}
    known = {(match.source, match.iri) for match in matches}
    known |= {(found.source, found.replacement) for found in prepared.quarantined}
    return (named | comparisons.ends) - known - comparisons.nodes
