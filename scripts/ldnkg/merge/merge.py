"""Merge sources with our graph: each keeps its statements in graphs of its own, and another graph records the links."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.merge.assertions import Statement, read_statements
from ldnkg.merge.conflicts import Comparison, Conflict, compare_statement, orient_statement
from ldnkg.merge.labels import LabelDifference, compare_labels
from ldnkg.merge.link_checks import LinkChecker, RefusedLink, remove_links
from ldnkg.merge.merge_log import EntityMatch, MergeLog
from ldnkg.merge.quads import PooledQuad, to_oxigraph
from ldnkg.merge.quarantine import (
    QuarantinedIdentifier,
    SourcePart,
    find_entities,
    find_labels,
    find_wrong_identifiers,
    rename_identifiers,
    split_sources,
)
from ldnkg.merge.readers.files import escape_unprintable
from ldnkg.merge.value_conflicts import ValueComparer, ValueConflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ldnkg.merge.claim_index import ClaimIndex
    from ldnkg.merge.inputs import SourceGraph
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.vocabulary import Vocabulary


class MergeResult(NamedTuple):
    """The merged quads, and everything that is to be reported; `graphs` has the source of each named graph."""

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
        """The merged quads as pyoxigraph's."""
        return list(to_oxigraph(self.merged))

    @property
    def conflicts(self) -> list[Conflict]:
        """The conflicts between statements and our claims."""
        return [conflict for one in self.comparisons for conflict in one.conflicts]

    @property
    def new_statements(self) -> list[Statement]:
        """The statements about pairs of which we claim nothing."""
        return [one.statement for one in self.comparisons if not one.claims]

    @property
    def agreeing(self) -> list[Comparison]:
        """The statements that agree with a claim of ours."""
        return [one for one in self.comparisons if one.agrees]

    @property
    def other(self) -> list[Comparison]:
        """The statements that say something else of a pair of which we claim something."""
        return [one for one in self.comparisons if one.claims and not one.agrees and not one.conflicts]


class _PreparedSources(NamedTuple):
    """The parts of the sources without wrong identifiers and refused links, and what was changed."""

    parts: list[SourcePart]
    quarantined: list[QuarantinedIdentifier]
    refused_links: list[RefusedLink]
    graphs: Mapping[str, str]
    old_names: Mapping[str, str]


def merge(reference: ReferenceIndex, sources: Sequence[SourceGraph]) -> MergeResult:
    """Return our graph merged with the sources, and what joined, conflicts and is new."""
    checker = LinkChecker(reference.entities, reference.vocabulary)
    taken = {quad.graph for quad in reference.quads} | {reference.vocabulary.merge_graph.value}
    prepared = _prepare(reference, sources, taken, checker)
    quads = [quad for part in prepared.parts for quad in part.quads]
    matches = sorted({match for part in prepared.parts for match in _match_entities(part, reference)})
    entities = _group_exact(matches)
    statements = read_statements(_make_store(reference, quads), reference.folder)
    _refuse_unknown_levels(statements, prepared.graphs)
    links = checker.check_statements(statements)
    comparisons = [compare_statement(one, entities, reference.claims) for one in statements if one not in links]
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
        comparisons=[one for one in comparisons if not _is_in_our_graph(one, entities, reference.claims)],
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
        quarantined=[one for found in wrong for one in found],
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


def _refuse_unknown_levels(statements: Iterable[Statement], graphs: Mapping[str, str]) -> None:
    for one in statements:
        if not one.rank:
            name, level = (escape_unprintable(text[:100]) for text in (one.statement, one.level))
            sentence = f"'{name}' is at the knowledge level '{level}', which Biolink does not have"
            raise LdnkgError(f"{graphs[one.graph]}: {sentence}. Mend it.")


def _is_in_our_graph(comparison: Comparison, entities: Mapping[str, list[str]], claims: ClaimIndex) -> bool:
    """Return whether our graph states the triple: word for word, or without a claim about the pair, in our IRIs."""
    one = comparison.statement
    if not one.statement and claims.states(one.subject, one.predicate, one.object):
        return True
    return not comparison.claims and any(claims.states(*way) for way in orient_statement(one, entities, claims))


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
    """Return the entities that each IRI is equivalent to."""
    found: dict[str, dict[str, None]] = {}
    for match in matches:
        if match.exact:
            found.setdefault(match.iri, {})[match.entity] = None
    return {iri: list(entities) for iri, entities in found.items()}


def _compare_labels(
    parts: Iterable[SourcePart], entities: Mapping[str, list[str]], reference: ReferenceIndex
) -> list[LabelDifference]:
    differences = (compare_labels(part, entities, reference.entities, reference.vocabulary) for part in parts)
    return sorted({one for found in differences for one in found})


def _find_new_entities(
    prepared: _PreparedSources,
    statements: Iterable[Statement],
    matches: Iterable[EntityMatch],
    vocabulary: Vocabulary,
) -> set[tuple[str, str]]:
    """Return the source and the IRI of each entity that is named or stated something of and that we do not know."""
    named = {(part.source, iri) for part in prepared.parts for iri in find_labels(part, vocabulary)}
    ends = {(prepared.graphs[one.graph], end) for one in statements for end in (one.subject, one.object)}
    known = {(match.source, match.iri) for match in matches}
    known |= {(one.source, one.replacement) for one in prepared.quarantined}
    return (named | ends) - known - {(prepared.graphs[one.graph], one.statement) for one in statements}
