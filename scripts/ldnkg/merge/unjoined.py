"""Find the entities of sources that have the name of one of our entities but did not join it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ldnkg.merge.entity_index import EntityIndex
    from ldnkg.merge.quarantine import Labels
    from ldnkg.merge.source import SourcePart


class UnjoinedEntity(NamedTuple):
    """An entity of a source, the label that it shares with our entity, and the IRI of our entity."""

    source: str
    iri: str
    label: str
    entity: str


def find_unjoined(
    part: SourcePart, labels_of_part: Labels, joined: Collection[str], index: EntityIndex
) -> Iterator[UnjoinedEntity]:
    """Yield the entities of a part, sorted by IRI, that have a name of one of our entities but did not join any.

    `joined` has the IRIs that joined one of our entities; add the replacements of quarantined identifiers, because the
    report lists those elsewhere. Labels are compared as a whole: "chronic pain syndrome" is not "chronic pain". A
    relation, and an identifier that is known to be near or not to be our entity, are not yielded.
    """
    predicates = {quad.predicate.value for quad in part.quads}
    for iri, labels in sorted(labels_of_part.items()):
        if iri not in joined and iri not in predicates:
            yield from sorted(
                UnjoinedEntity(part.source, iri, label, entity)
                for label in labels
                for entity in index.find_named(label)
                if not index.is_known(iri, entity)
            )
