"""Find where sources mention entities: the file, the line and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import unquote

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ldnkg.merge.assertions import Assertion
    from ldnkg.merge.source import SourcePart

Mention: TypeAlias = tuple[str, str]  # the name of the source and the IRI of the entity


class Place(NamedTuple):
    """A place in a source: the file, the line, or 0 if it is unknown, and the name of the record, or empty."""

    file: str = ""
    line: int = 0
    record: str = ""


def find_places(parts: Iterable[SourcePart], wanted: Collection[Mention]) -> dict[Mention, Place]:
    """Return the first place of each entity: the first record about it, else the first record that mentions it."""
    found: dict[Mention, tuple[int, Place]] = {}
    for part in parts:
        for mention, rank, place in _find_in_part(part, wanted):
            if mention not in found or (rank, place) < found[mention]:
                found[mention] = (rank, place)
    return {mention: place for mention, (_, place) in found.items()}


def locate_assertion(part: SourcePart, found: Assertion) -> Place:
    """Return the place of an assertion: an edge of KGX is in the last file, a value of a node in the first."""
    return Place(part.files[-1 if found.node else 0], found.quads[0].line)


def name_record(iri: str, base: str) -> str:
    """Return the name that a file gives a record whose IRI is local to the base, or an empty string.

    >>> name_record("ni:///sha-256;abc#DB00704_1", "ni:///sha-256;abc")
    'DB00704_1'
    """
    return unquote(iri[len(base) + 1 :]) if iri.startswith(base) else ""


def _find_in_part(part: SourcePart, wanted: Collection[Mention]) -> Iterator[tuple[Mention, int, Place]]:
    nodes = {ox.NamedNode(iri) for source, iri in wanted if source == part.source}
    for quad in part.quads if nodes else ():
        for rank, end, file in ((0, quad.subject, part.files[0]), (1, quad.object, part.files[-1])):
            if end in nodes and isinstance(end, ox.NamedNode):
                yield (part.source, end.value), rank, Place(file, quad.line, _name_path(part))


def _name_path(part: SourcePart) -> str:
    """Return the name of the path, if the part is one of several of its file."""
    return unquote(part.base.rpartition("#")[2]) if "#" in part.base else ""
