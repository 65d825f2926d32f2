"""Find where sources mention entities: the file, the line and the record; and how they label them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import unquote

import pyoxigraph as ox

from ldnkg.merge.quarantine import find_head_labels

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ldnkg.merge.assertions import Assertion
    from ldnkg.merge.source import SourcePart
    from ldnkg.merge.vocabulary import Vocabulary

    Nodes: TypeAlias = Mapping[str, set[ox.NamedNode]]

Mention: TypeAlias = tuple[str, str]  # the name of the source and the IRI of the entity


class Place(NamedTuple):
    """A place in a source: the file, the line, or 0 if it is unknown, and the name of the record, or empty."""

    file: str = ""
    line: int = 0
    record: str = ""


def find_places(parts: Iterable[SourcePart], wanted: Collection[Mention]) -> dict[Mention, Place]:
    """Return the first place of each entity: the first record about it, else the first record that mentions it."""
    found: dict[Mention, tuple[int, Place]] = {}
    nodes = _group_nodes(wanted)
    for part in parts:
        for mention, rank, place in _find_in_part(part, nodes):
            if mention not in found or (rank, place) < found[mention]:
                found[mention] = (rank, place)
    return {mention: place for mention, (_, place) in found.items()}


class SourceLabels(NamedTuple):
    """The labels that sources give entities.

    `first` has one by named graph and IRI, and by source and IRI: in English or without a language if there is such a
    label, and the first of these. `places` has the first place of each label by source, IRI and label.
    """

    first: dict[tuple[str, str], str]
    places: dict[tuple[str, str, str], Place]


def find_source_labels(
    parts: Iterable[SourcePart], wanted: Collection[Mention], vocabulary: Vocabulary
) -> SourceLabels:
    """Return the labels of the wanted entities."""
    ranks: dict[tuple[str, str], tuple[bool, Place, str]] = {}
    places: dict[tuple[str, str, str], Place] = {}
    nodes = _group_nodes(wanted)
    for part in parts:
        for graph, iri, label, place in _find_labels_in_part(part, nodes, vocabulary):
            ranked = (not (label.language or "en").lower().startswith("en"), place, label.value)
            for key in ((graph, iri), (part.source, iri)):
                ranks[key] = min(ranks.get(key, ranked), ranked)
            full = (part.source, iri, label.value)
            places[full] = min(places.get(full, place), place)
    return SourceLabels({key: label for key, (_, _, label) in ranks.items()}, places)


def locate_assertion(part: SourcePart, found: Assertion) -> Place:
    """Return the place of an assertion: an edge of KGX is in the last file, a value of a node in the first."""
    return Place(part.files[-1 if found.node else 0], found.quads[0].line)


def name_record(iri: str, base: str) -> str:
    """Return the name that a file gives a record whose IRI is local to the base, or an empty string.

    >>> name_record("ni:///sha-256;abc#DB00704_1", "ni:///sha-256;abc")
    'DB00704_1'
    """
    return unquote(iri[len(base) + 1 :]) if iri.startswith(base) else ""


def _group_nodes(wanted: Iterable[Mention]) -> Nodes:
    nodes: dict[str, set[ox.NamedNode]] = {}
    for source, iri in wanted:
        nodes.setdefault(source, set()).add(ox.NamedNode(iri))
    return nodes


def _find_in_part(part: SourcePart, wanted: Nodes) -> Iterator[tuple[Mention, int, Place]]:
    nodes = wanted.get(part.source, set())
    for quad in part.quads if nodes else ():
        for rank, end, file in ((0, quad.subject, part.files[0]), (1, quad.object, part.files[-1])):
            if end in nodes and isinstance(end, ox.NamedNode):
                yield (part.source, end.value), rank, Place(file, quad.line, _name_path(part))


def _find_labels_in_part(
    part: SourcePart, wanted: Nodes, vocabulary: Vocabulary
) -> Iterator[tuple[str, str, ox.Literal, Place]]:
    """Yield the named graph, the entity, the label and its place."""
    record, file = _name_path(part), part.files[0]
    nodes = wanted.get(part.source, set())
    if not nodes:
        return
    for quad in part.quads:
        if quad.predicate in vocabulary.labels and quad.subject in nodes and isinstance(quad.object, ox.Literal):
            yield quad.graph, quad.subject.value, quad.object, Place(file, quad.line, record)
    for iri, name in find_head_labels(part, vocabulary.name_properties):
        if ox.NamedNode(iri) in nodes:
            yield part.quads[0].graph, iri, ox.Literal(name), Place(file, part.quads[0].line, record)


def _name_path(part: SourcePart) -> str:
    """Return the name of the path, if the part is one of several of its file."""
    return unquote(part.base.rpartition("#")[2]) if "#" in part.base else ""
