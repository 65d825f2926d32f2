"""Find our entities for the identifiers of sources: by our mappings, by the source's own links, or if corrected."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ldnkg.merge.entity_index import EntityIndex
    from ldnkg.merge.links import Link
    from ldnkg.merge.quarantine import QuarantinedIdentifier

Basis: TypeAlias = Literal["exact", "near", "corrected"]
BASES: tuple[Basis, ...] = ("exact", "near", "corrected")  # from the strongest to the weakest
LINKED, NEAR_LINKED, CORRECTED = "linked", "linked as near", "corrected"
MATCHES: Mapping[str, Basis] = {
    "same": "exact",
    "exact": "exact",
    LINKED: "exact",
    "close": "near",
    NEAR_LINKED: "near",
    CORRECTED: "corrected",
}


class Join(NamedTuple):
    """One of our entities that an identifier stands for.

    `match` is same, exact, linked, close, broad, narrow, linked as near or corrected. `by` is the IRI of the entity or
    mapping, the link of the source as `subject predicate object`, or the identifier that was corrected.
    """

    entity: str
    match: str
    by: str

    @property
    def basis(self) -> Basis | None:
        """How sure the join is; None if the two are not compared, because one is broader than the other."""
        return MATCHES.get(self.match)


class JoinIndex:
    """Finds the joins of an identifier."""

    def __init__(self, entities: EntityIndex) -> None:
        self._entities = entities
        self._more: dict[str, list[Join]] = {}

    def add_links(self, links: Iterable[Link], near: Iterable[Link]) -> None:
        """Let identifiers join over any number of accepted exact links of the sources, and over one near link."""
        neighbours: dict[str, list[tuple[str, Link]]] = defaultdict(list)
        for link in sorted(links):
            for end, other in self._get_ends(link):
                neighbours[end].append((other, link))
        self._spread(neighbours)
        for link in sorted(near):
            for end, other in self._get_ends(link):
                known = self.find(end)
                entities = {join.entity for join in known}
                found = [join.entity for join in self.find(other) if join.basis == "exact"]
                joins = [Join(entity, NEAR_LINKED, _describe(link)) for entity in found if entity not in entities]
                if joins and not any(join.basis == "exact" for join in known):
                    self._more[end] = [*self._more.get(end, []), *joins]

    def add_corrections(self, quarantined: Iterable[QuarantinedIdentifier]) -> None:
        """Let each replacement of a wrong identifier join the entity that the source meant."""
        for found in quarantined:
            if entity := found.lookalike.entity:
                self._more[found.replacement] = [Join(entity, CORRECTED, found.iri)]

    def find(self, iri: str) -> list[Join]:
        """Return the joins of an identifier, of every match."""
        known = [Join(*found) for found in self._entities.find_matches(iri)]
        return known + self._more.get(self._entities.resolver.canonicalise(iri), []) if self._more else known

    def find_best(self, iri: str) -> list[Join]:
        """Return the joins with the strongest basis that any of them has."""
        joins = [join for join in self.find(iri) if join.basis]
        best = min((BASES.index(join.basis) for join in joins if join.basis), default=0)
        return [join for join in joins if join.basis == BASES[best]]

    def _spread(self, neighbours: Mapping[str, list[tuple[str, Link]]]) -> None:
        """Carry the joins of each identifier over the links to the identifiers that have none."""
        reached = {iri: self._find_exact(iri) for iri in neighbours}
        queue = deque(sorted(iri for iri, joins in reached.items() if joins))
        while queue:
            iri = queue.popleft()
            for other, link in neighbours[iri]:
                if not reached[other]:
                    reached[other] = [Join(join.entity, LINKED, _describe(link)) for join in reached[iri]]
                    self._more[other] = reached[other]
                    queue.append(other)

    def _find_exact(self, iri: str) -> list[Join]:
        return [join for join in self.find(iri) if join.basis == "exact"]

    def _get_ends(self, link: Link) -> Iterator[tuple[str, str]]:
        subject, object_ = map(self._entities.resolver.canonicalise, (link.subject, link.object))
        yield subject, object_
        yield object_, subject


def _describe(link: Link) -> str:
    return f"{link.subject} {link.predicate} {link.object}"
