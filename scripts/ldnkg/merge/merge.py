"""Joins the graphs of others to ours: each keeps its statements in graphs of its own, and a graph says what joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.merge.assertions import Statement, statements
from ldnkg.merge.conflicts import Contradiction, Judged, judged, readings
from ldnkg.merge.link_checks import Judge, Refused, without
from ldnkg.merge.merge_log import Join, joined, kept_apart, refused_links, whose
from ldnkg.merge.quads import Fact, Pool, as_quads
from ldnkg.merge.quarantine import Part, Refusal, apart, labels, parts, refusals, terms
from ldnkg.merge.readers.lines import visible
from ldnkg.merge.reference import EXACT, plain
from ldnkg.merge.value_conflicts import OtherValue, other_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ldnkg.merge.inputs import Other
    from ldnkg.merge.reference import Ours


class Mislabel(NamedTuple):
    """A thing that is called otherwise than we call it, and the entity of ours that is called so."""

    source: str
    iri: str
    theirs: str
    ours: str
    named: str


class Merged(NamedTuple):
    """What came of a merge: its facts, and what is to be reported."""

    facts: list[Fact]
    others: Sequence[Other]
    sources: Mapping[str, str]
    joins: list[Join]
    refused: list[Refusal]
    linked: list[Refused]
    mislabels: list[Mislabel]
    held: list[Judged]
    values: list[OtherValue]
    entities: set[tuple[str, str]]

    @property
    def quads(self) -> list[ox.Quad]:
        """The facts as quads."""
        return list(as_quads(self.facts))

    @property
    def contradictions(self) -> list[Contradiction]:
        """In what their statements contradict our claims."""
        return [contradiction for one in self.held for contradiction in one.contradictions]

    @property
    def new(self) -> list[Statement]:
        """The statements about pairs of which we claim nothing."""
        return [one.statement for one in self.held if not one.claims]

    @property
    def agreeing(self) -> list[Judged]:
        """The statements that say what a claim of ours says."""
        return [one for one in self.held if one.agrees]

    @property
    def beside(self) -> list[Judged]:
        """The statements that say something else of a pair of which we claim something."""
        return [one for one in self.held if one.claims and not one.agrees and not one.contradictions]


class _Laid(NamedTuple):
    """What is laid beside ours: the parts without what is refused, what that was, and whose each graph is."""

    parts: list[Part]
    refused: list[Refusal]
    links: list[Refused]
    sources: Mapping[str, str]
    old: Mapping[str, str]


def merge(ours: Ours, others: Sequence[Other]) -> Merged:
    """Return our graph with those of the others beside it, and what joined, contradicts and is new."""
    own, judge = list(Pool().facts(ours.aligned.publication.quads)), Judge(ours)
    laid = _laid(ours, others, own, judge)
    theirs = [fact for part in laid.parts for fact in part.facts]
    joins = sorted({join for part in laid.parts for join in _joins(part, ours)})
    entities = _entities(joins)
    stated = statements(_store(ours, theirs), ours.folder)
    _refuse_levels(stated, laid.sources)
    links = judge.stated(stated)
    held = [judged(one, entities, ours) for one in stated if one not in links]
    laid = laid._replace(links=sorted({*laid.links, *links.values()}))
    return Merged(
        list(dict.fromkeys([*own, *theirs, *_said(ours, others, laid, joins)])),
        others,
        laid.sources,
        joins,
        laid.refused,
        laid.links,
        sorted({found for part in laid.parts for found in _mislabelled(part, entities, ours)}),
        [one for one in held if not _ours_too(one, entities, ours)],
        sorted({found for part in laid.parts for found in other_values(part, entities, ours)}),
        _new_entities(laid, stated, joins, ours),
    )


def _laid(ours: Ours, others: Sequence[Other], own: Iterable[Fact], judge: Judge) -> _Laid:
    found, old = parts(others, {fact.graph for fact in own} | {ours.naming.words["merged"]})
    judged_parts = [(part, refusals(part, ours)) for part in found]
    named = [apart(part, refused) for part, refused in judged_parts]
    links = judge.refused(named)
    kept = without(named, links)
    sources = {fact.graph: part.source for part in named for fact in part.facts}
    refused = [refusal for _, many in judged_parts for refusal in many]
    return _Laid(kept, refused, [*links.values(), *judge.mentioned(kept)], sources, old)


def _said(ours: Ours, others: Iterable[Other], laid: _Laid, joins: Iterable[Join]) -> Iterator[Fact]:
    """Yield what the graph of the merge says."""
    yield from whose(ours, others, laid.sources, laid.old)
    yield from joined(ours, joins)
    yield from kept_apart(ours, laid.refused)
    yield from refused_links(ours, laid.links)


def _refuse_levels(stated: Iterable[Statement], sources: Mapping[str, str]) -> None:
    for one in stated:
        if not one.rank:
            where, level = sources[one.graph], visible(one.level[:100])
            sentence = (
                f"'{visible(one.statement[:100])}' is at the knowledge level '{level}', which Biolink does not have"
            )
            raise LdnkgError(f"{where}: {sentence}. Mend it.")


def _ours_too(held: Judged, entities: Mapping[str, list[str]], ours: Ours) -> bool:
    """Say whether it is a triple that our graph holds and that no claim of ours stands behind, or one word for word."""
    one = held.statement
    if not one.statement and (one.subject, one.predicate, one.object) in ours.plain_triples:
        return True
    return not held.claims and any(way in ours.plain_triples for way in readings(one, entities, ours))


def _store(ours: Ours, theirs: Iterable[Fact]) -> ox.Store:
    store = ox.Store()
    store.extend(ours.quads)
    store.bulk_extend(as_quads(theirs))
    return store


def _joins(part: Part, ours: Ours) -> Iterator[Join]:
    for iri in terms(part, ours):
        for known in ours.identifiers.get(ours.naming.canonical(iri), []):
            yield Join(part.source, iri, known.entity, known.match, known.by)


def _entities(joins: Iterable[Join]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for join in joins:
        if join.match in EXACT and join.entity not in found.setdefault(join.iri, []):
            found[join.iri].append(join.entity)
    return found


def _mislabelled(part: Part, joined: Mapping[str, list[str]], ours: Ours) -> Iterator[Mislabel]:
    for iri, called in labels(part, ours).items():
        entities = joined.get(iri, [])
        held = ours.labels(ours.naming.canonical(iri), *entities)
        known = held.keys() | set[str]().union(*(ours.names.get(entity, ()) for entity in entities))
        if entities and held and not known & {plain(label) for label in called}:
            for label in called:
                yield Mislabel(part.source, iri, label, next(iter(held.values())), ours.named.get(plain(label), ""))


def _new_entities(laid: _Laid, stated: Iterable[Statement], joins: Iterable[Join], ours: Ours) -> set[tuple[str, str]]:
    named = {(part.source, iri) for part in laid.parts for iri in labels(part, ours)}
    ends = {(laid.sources[one.graph], end) for one in stated for end in (one.subject, one.object)}
    known = {(join.source, join.iri) for join in joins} | {(one.source, one.kept) for one in laid.refused}
    return (named | ends) - known - {(laid.sources[one.graph], one.statement) for one in stated}
