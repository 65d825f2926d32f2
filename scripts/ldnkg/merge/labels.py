"""Compare the labels of sources with ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.entity_index import normalise_label
from ldnkg.merge.quarantine import find_labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.entity_index import EntityIndex
    from ldnkg.merge.quarantine import SourcePart
    from ldnkg.merge.vocabulary import Vocabulary


class LabelDifference(NamedTuple):
    """An entity with another label than ours, and the entity of ours that has this label, if any."""

    source: str
    iri: str
    theirs: str
    ours: str
    labelled: str


def compare_labels(
    part: SourcePart, entities: Mapping[str, list[str]], index: EntityIndex, vocabulary: Vocabulary
) -> Iterator[LabelDifference]:
    """Yield each label of an equivalent entity if none of the labels of this entity is one of ours."""
    for iri, labels in find_labels(part, vocabulary).items():
        equivalent = entities.get(iri, [])
        ours = index.find_labels(iri, *equivalent)
        known = ours.keys() | set[str]().union(*map(index.find_synonyms, equivalent))
        if equivalent and ours and not known & {normalise_label(label) for label in labels}:
            for label in labels:
                first = next(iter(ours.values()))
                yield LabelDifference(part.source, iri, label, first, index.find_by_label(label))
