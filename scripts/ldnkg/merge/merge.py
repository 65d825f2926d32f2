"""Merge sources with our graph: each source keeps its own named graphs, and the merge graph records the links."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import escape_unprintable
from ldnkg.merge.assertions import Statement, read_statements
from ldnkg.merge.conflicts import Comparison, Conflict, compare_statement, orient_statement
from ldnkg.merge.labels import LabelDifference, compare_labels
from ldnkg.merge.link_checks import LinkChecker, RefusedLink, remove_links
from ldnkg.merge.merge_log import EntityMatch, MergeLog
from ldnkg.merge.quads import PooledQuad, to_oxigraph
from ldnkg.merge.quarantine import (
    QuarantinedIdentifier,
    find_entities,
    find_labels,
    find_wrong_identifiers,
    rename_identifiers,
    split_sources,
)
from ldnkg.merge.value_conflicts import ValueComparer, ValueConflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ldnkg.merge.claim_index import ClaimIndex
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.source import SourceGraph, SourcePart
    from ldnkg.merge.vocabulary import Vocabulary


class MergeResult(NamedTuple):
    """The merged quads and everything that is reported; `graphs` has the name of the source by named graph."""

    merged: list[PooledQuad]
    sources: Sequence[SourceGraph]
    graphs: Mapping[str, str]
    matches: list[EntityMatch]
    quarantined: list[QuarantinedIdentifier]
    refused_links: list[RefusedLink]
    label_differences: list[LabelDifference]
    comparisons: list[Comparison]
    value_conflicts: list[ValueConflict]
    new_entities: set[tuple[str, str]]

    @property
    def quads(self) -> list[ox.Quad]:
        """The merged quads as pyoxigraph quads."""
        return list(to_oxigraph(self.merged))

    @property
    def conflicts(self) -> list[Conflict]:
        """The conflicts between statements and our claims."""
        return [conflict for comparison in self.comparisons for conflict in comparison.conflicts]

    @property
    def new_statements(self) -> list[Statement]:
        """The statements about pairs for which we have no claim."""
        return [comparison.statement for comparison in self.comparisons if not comparison.claims]

    @property
    def agreeing(self) -> list[Comparison]:
        """The statements that agree with one of our claims."""
        return [comparison for comparison in self.comparisons if comparison.agrees]

    @property
    def other(self) -> list[Comparison]:
        """The statements about pairs for which we have claims, without agreement or conflict."""
        return [found for found in self.comparisons if found.claims and not found.agrees and not found.conflicts]


class _PreparedSources(NamedTuple):
    """The parts of the sources without wrong identifiers and refused links, and the changes."""

    parts: list[SourcePart]
    quarantined: list[QuarantinedIdentifier]
    refused_links: list[RefusedLink]
    graphs: Mapping[str, str]
    old_names: Mapping[str, str]


def merge(reference: ReferenceIndex, sources: Sequence[SourceGraph]) -> MergeResult:
    """Return our graph merged with the sources, the matches, the conflicts and the new statements."""
    checker = LinkChecker(reference.entities, reference.vocabulary)
    taken = {quad.graph for quad in reference.quads} | {reference.vocabulary.merge_graph.value}
    prepared = _prepare(reference, sources, taken, checker)
    quads = [quad for part in prepared.parts for quad in part.quads]
    matches = sorted({match for part in prepared.parts for match in _match_entities(part, reference)})
    entities = _group_exact(matches)
    statements = read_statements(_make_store(reference, quads), reference.folder)
    _refuse_unknown_levels(statements, prepared.graphs, reference.vocabulary)
    links = checker.check_statements(statements)
    compared = (compare_statement(found, entities, reference.claims) for found in statements if found not in links)
    comparisons = [found for found in compared if not _is_in_our_graph(found, entities, reference.claims)]
    prepared = prepared._replace(refused_links=sorted({*prepared.refused_links, *links.values()}))
    comparer = ValueComparer(reference, entities)
    return MergeResult(
        merged=list(dict.fromkeys([*reference.quads, *quads, *_log(reference.vocabulary, sources, prepared, matches)])),
        sources=sources,
        graphs=prepared.graphs,
        matches=matches,
        quarantined=prepared.quarantined,
        refused_links=prepared.refused_links,
        label_differences=_compare_labels(prepared.parts, entities, reference),
        comparisons=comparisons,
        value_conflicts=sorted({found for part in prepared.parts for found in comparer.find_conflicts(part)}),
        new_entities=_find_new_entities(prepared, statements, matches, reference.vocabulary),
    )


def _prepare(
    reference: ReferenceIndex, sources: Sequence[SourceGraph], taken: Iterable[str], checker: LinkChecker
) -> _PreparedSources:
    split, old_names = split_sources(sources, taken)
    wrong = [find_wrong_identifiers(part, reference.entities, reference.vocabulary) for part in split]
    renamed = [rename_identifiers(part, found) for part, found in zip(split, wrong, strict=True)]
    refused = checker.check_parts(renamed)
    parts = remove_links(renamed, refused)
    return _PreparedSources(
        parts=parts,
        quarantined=[identifier for found in wrong for identifier in found],
        refused_links=[*refused.values(), *checker.check_cross_references(parts)],
        graphs={quad.graph: part.source for part in renamed for quad in part.quads},
        old_names=old_names,
    )


def _log(
    vocabulary: Vocabulary,
    sources: Iterable[SourceGraph],
    prepared: _PreparedSources,
    matches: Iterable[EntityMatch],
) -> Iterator[PooledQuad]:
    log = MergeLog(vocabulary)
    yield from log.log_sources(sources, prepared.graphs, prepared.old_names)
    yield from log.log_matches(matches)
    yield from log.log_quarantine(prepared.quarantined)
    yield from log.log_links(prepared.refused_links)


def _refuse_unknown_levels(statements: Iterable[Statement], graphs: Mapping[str, str], vocabulary: Vocabulary) -> None:
    for statement in statements:
        if not statement.rank:
            name, level = (escape_unprintable(text[:100]) for text in (statement.statement, statement.level))
            sentence = f"'{name}' has the knowledge level '{level}', which is not in Biolink"
            levels = ", ".join(vocabulary.get_format("kgx")["closed"]["knowledge_level"])
            raise LdnkgError(f"{graphs[statement.graph]}: {sentence}. Use one of {levels}.")


def _is_in_our_graph(comparison: Comparison, entities: Mapping[str, list[str]], claims: ClaimIndex) -> bool:
    """Return whether our graph contains the triple: literally, or in our IRIs if no claim is about the pair."""
    found = comparison.statement
    if not found.statement and claims.states(found.subject, found.predicate, found.object):
        return True
    return not comparison.claims and any(claims.states(*triple) for triple in orient_statement(found, entities, claims))


def _make_store(reference: ReferenceIndex, quads: Iterable[PooledQuad]) -> ox.Store:
    store = ox.Store()
    store.extend(reference.background)
    store.bulk_extend(to_oxigraph(quads))
    return store


def _match_entities(part: SourcePart, reference: ReferenceIndex) -> Iterator[EntityMatch]:
    for iri in find_entities(part, reference.vocabulary):
        for known in reference.entities.find_matches(iri):
            yield EntityMatch(part.source, iri, known.entity, known.match, known.by)


def _group_exact(matches: Iterable[EntityMatch]) -> dict[str, list[str]]:
    """Return the entities that match each IRI exactly."""
    found: dict[str, dict[str, None]] = {}
    for match in matches:
        if match.exact:
            found.setdefault(match.iri, {})[match.entity] = None
    return {iri: list(entities) for iri, entities in found.items()}


def _compare_labels(
    parts: Iterable[SourcePart], entities: Mapping[str, list[str]], reference: ReferenceIndex
) -> list[LabelDifference]:
    differences = (compare_labels(part, entities, reference.entities, reference.vocabulary) for part in parts)
    return sorted({difference for found in differences for difference in found})


def _find_new_entities(
    prepared: _PreparedSources,
    statements: Iterable[Statement],
    matches: Iterable[EntityMatch],
    vocabulary: Vocabulary,
) -> set[tuple[str, str]]:
    """Return the source and the IRI of each labelled entity, subject and object that matches no entity of our graph."""
    named = {(part.source, iri) for part in prepared.parts for iri in find_labels(part, vocabulary)}
    ends = {(prepared.graphs[found.graph], end) for found in statements for end in (found.subject, found.object)}
    known = {(match.source, match.iri) for match in matches}
    known |= {(found.source, found.replacement) for found in prepared.quarantined}
    return (named | ends) - known - {(prepared.graphs[found.graph], found.statement) for found in statements}
