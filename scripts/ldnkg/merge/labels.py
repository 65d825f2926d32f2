"""Compare the labels of sources with our labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.entity_index import normalise_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.entity_index import EntityIndex
    from ldnkg.merge.quarantine import Labels


class LabelDifference(NamedTuple):
    """A label of a source that differs from our label; `labelled` is our entity with that label, or empty."""

    source: str
    iri: str
    source_label: str
    our_label: str
    labelled: str


def compare_labels(
    source: str, labels_of_source: Labels, entities: Mapping[str, list[str]], index: EntityIndex
) -> Iterator[LabelDifference]:
    """Yield the labels of each IRI that is equivalent to one of our entities but has no label in common with it."""
    for iri, labels in labels_of_source.items():
        if not (equivalent := entities.get(iri)):
            continue
        our_labels = index.find_labels(iri, *equivalent)
        known = our_labels.keys() | set[str]().union(*map(index.find_synonyms, equivalent))
        if our_labels and not known & {normalise_label(label) for label in labels}:
            for label in labels:
                first = next(iter(our_labels.values()))
                yield LabelDifference(source, iri, label, first, index.find_by_label(label))
