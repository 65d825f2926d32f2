"""Read the links that sources state, and remove refused links from sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.assertions import read_assertions
from ldnkg.merge.places import Place, locate_assertion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ldnkg.merge.notations import Notations
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.source import SourcePart
    from ldnkg.merge.vocabulary import Vocabulary


class Link(NamedTuple):
    """A statement of a source that two IRIs are equivalent, or that one is a cross-reference to the other."""

    graph: str
    subject: str
    predicate: str
    object: str


class StatedLink(NamedTuple):
    """The quads that state a link, and the place of one of them."""

    quads: set[PooledQuad]
    place: Place


class SourceLinks(NamedTuple):
    """The exact links that sources state, the near links, and the negated exact links, which are no links."""

    exact: dict[Link, StatedLink]
    near: dict[Link, Place]
    negated: set[Link]


def read_links(parts: Iterable[SourcePart], notations: Notations, vocabulary: Vocabulary) -> SourceLinks:
    """Return the links in every notation; a negated or quoted link is not a link, nor is one to no entity."""
    found = SourceLinks({}, {}, set())
    relations = vocabulary.links | vocabulary.near_links
    for part in parts:
        for assertion in read_assertions(part, notations, relations):
            link = Link(assertion.graph, *(term.value for term in assertion.triple))
            if assertion.quoted or link.subject == link.object or not vocabulary.no_entity.isdisjoint(assertion.triple):
                continue
            is_exact = assertion.triple[1] in vocabulary.links
            if any(map(notations.is_true, assertion.qualifiers.get("negated", ()))):
                found.negated.update([link] if is_exact else [])
                continue
            place = locate_assertion(part, assertion)
            if is_exact:
                found.exact.setdefault(link, StatedLink(set(), place)).quads.update(assertion.quads)
            else:
                found.near.setdefault(link, place)
    return found


def remove_links(
    parts: Iterable[SourcePart], stated: Collection[PooledQuad], links: Iterable[Link], vocabulary: Vocabulary
) -> list[SourcePart]:
    """Return the parts without the quads that state the links, and without their triples in any graph."""
    triples = {tuple(map(ox.NamedNode, link[1:])) for link in links}
    if not triples:
        return list(parts)

    def is_kept(quad: PooledQuad) -> bool:
        return quad not in stated and not (quad.predicate in vocabulary.links and quad[:3] in triples)

    return [part._replace(quads=list(filter(is_kept, part.quads))) for part in parts]
