"""Refuse links that equate different entities: no path of links may lead from one entity of our graph to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.links import Link
from ldnkg.merge.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldnkg.merge.entity_index import EntityIndex, Lookalike
    from ldnkg.merge.quarantine import QuarantinedIdentifier
    from ldnkg.merge.source import SourcePart
    from ldnkg.merge.vocabulary import Vocabulary


class RefusedLink(NamedTuple):
    """A refused link: the identifier, the entity that it does not stand for, why, and what to use instead."""

    link: Link
    identifier: str
    entity: str
    reason: str
    instead: str
    place: Place = Place()


class Identity(NamedTuple):
    """The entities that an IRI stands for, and the entities that it does not stand for."""

    entities: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    def conflicts_with(self, other: Identity) -> bool:
        """Return whether the two identities cannot be equivalent."""
        both = self.entities and other.entities
        different = both and self.entities.isdisjoint(other.entities)
        return bool(different or self.entities & other.excluded or self.excluded & other.entities)

    def join(self, other: Identity) -> Identity:
        """Return the union of both identities."""
        return Identity(self.entities | other.entities, self.excluded | other.excluded)


NOBODY = Identity()


class LinkChecker:
    """Checks links one after the other, and joins the identities of the ends of each accepted link (union-find)."""

    def __init__(
        self, entities: EntityIndex, vocabulary: Vocabulary, quarantined: Iterable[QuarantinedIdentifier] = ()
    ) -> None:
        self._entities, self._resolver, self._vocabulary = entities, entities.resolver, vocabulary
        self._quarantined = {found.replacement: found.lookalike for found in quarantined}
        self._known: dict[str, tuple[str, Identity]] = {}
        self._parents: dict[str, str] = {}
        self._identities: dict[str, Identity] = {}

    def check(self, links: Iterable[Link]) -> dict[Link, RefusedLink]:
        """Return the refused links: those that equate two entities directly, or together with links accepted before.

        Links of a quarantined identifier are refused too, because they say nothing about the entity that was meant.
        """
        ordered = sorted(set(links))
        refused = {link: found for link in ordered if (found := self._check_quarantined(link) or self._check(link))}
        for link in ordered:
            if link not in refused and not self._accept(link):
                refused[link] = self._describe(link)
        return refused

    def check_near(self, links: Iterable[Link]) -> dict[Link, RefusedLink]:
        """Return the refused near links, which lead from an entity to another one and are not in our mappings."""
        refused = {}
        for link in sorted(set(links)):
            if not self._is_mapped(link) and (
                found := self._check_quarantined(link) or self._check(link) or self._check_joined(link)
            ):
                refused[link] = found
        return refused

    def equates(self, link: Link) -> bool:
        """Return whether a link would equate two entities, together with the accepted links."""
        return bool(self._check(link) or self._check_joined(link))

    def check_cross_references(self, parts: Iterable[SourcePart]) -> Iterator[RefusedLink]:
        """Yield the cross-references to an identifier of another entity; they are kept because they join nothing."""
        for part in parts:
            for quad in part.quads:
                if quad.predicate in self._vocabulary.cross_references and any(self._identify(quad.subject.value)):
                    iri = self._resolve(quad.object, part)
                    refused = self._check(Link(quad.graph, quad.subject.value, quad.predicate.value, iri))
                    if refused:
                        yield refused._replace(place=Place(part.files[0], quad.line))

    def _check_quarantined(self, link: Link) -> RefusedLink | None:
        for end, other in ((link.subject, link.object), (link.object, link.subject)):
            if found := self._quarantined.get(end):
                entity = min(self._identify(other).entities, default="")
                return RefusedLink(link, end, entity, found.reason, found.instead)
        return None

    def _check(self, link: Link) -> RefusedLink | None:
        """Return the refusal if the ends cannot be equivalent by themselves, without regard to other links."""
        wrong = self._identify(link.subject).conflicts_with(self._identify(link.object))
        return self._describe(link) if wrong else None

    def _is_mapped(self, link: Link) -> bool:
        """Return whether our mappings link the ends of a link, exactly or not."""
        ends = ((link.subject, link.object), (link.object, link.subject))
        return any(
            known.entity in self._entities.find_exact(other)
            for end, other in ends
            for known in self._entities.find_matches(end)
        )

    def _check_joined(self, link: Link) -> RefusedLink | None:
        """Return the refusal if the ends cannot be equivalent because of the accepted links."""
        wrong = self._find_identity(link.subject).conflicts_with(self._find_identity(link.object))
        return self._describe(link) if wrong else None

    def _accept(self, link: Link) -> bool:
        """Join the identities of the ends unless they conflict; return whether they were joined."""
        root, other = self._find_root(link.subject), self._find_root(link.object)
        if self._identities[root].conflicts_with(self._identities[other]):
            return False
        if root != other:
            self._identities[root] = self._identities[root].join(self._identities.pop(other))
            self._parents[other] = root
        return True

    def _resolve(self, term: object, part: SourcePart) -> str:
        """Return the IRI of a cross-reference, or an empty string if it is neither an IRI nor an identifier."""
        if not isinstance(term, ox.Literal):
            return term.value if isinstance(term, ox.NamedNode) else ""
        try:
            return self._resolver.resolve(term.value, part.base).value
        except ValueError:
            return ""

    def _identify(self, iri: str) -> Identity:
        """Return the identity of an IRI without regard to links."""
        return self._look_up(iri)[1]

    def _look_up(self, iri: str) -> tuple[str, Identity]:
        """Return the least entity of an IRI, or its canonical form, and its identity."""
        if (found := self._known.get(iri)) is None:
            canonical = self._resolver.canonicalise(iri)
            entities = frozenset(self._entities.find_exact(canonical))
            excluded = frozenset(found.entity for found in self._entities.find_lookalikes(canonical)) - entities
            identity = Identity(entities, excluded) if entities or excluded else NOBODY
            found = self._known[iri] = (min(entities, default=canonical), identity)
        return found

    def _find_root(self, iri: str) -> str:
        """Return the representative of the IRIs that are linked with an IRI, and add the identity of the IRI to it."""
        root, identity = self._look_up(iri)
        while root in self._parents:
            self._parents[root] = self._parents.get(self._parents[root], self._parents[root])
            root = self._parents[root]
        known = self._identities.get(root)
        self._identities[root] = known.join(identity) if known and identity is not NOBODY else known or identity
        return root

    def _describe(self, link: Link) -> RefusedLink:
        """Return the refusal: of the object if the subject stands for an entity, else of the subject."""
        known, other = link.subject, link.object
        if not self._find_identity(known).entities:
            known, other = other, known
        identity, wrong = self._find_identity(known), self._find_identity(other)
        entity = min(identity.entities & wrong.excluded, default="") or min(identity.entities)
        lookalike = self._find_lookalike(other, entity)
        reason = lookalike.reason if lookalike else self._explain(wrong)
        return RefusedLink(link, other, entity, reason, lookalike.instead if lookalike else "")

    def _find_identity(self, iri: str) -> Identity:
        return self._identities.get(self._find_root(iri), Identity())

    def _find_lookalike(self, iri: str, entity: str) -> Lookalike | None:
        return next((found for found in self._entities.find_lookalikes(iri) if found.entity == entity), None)

    def _explain(self, identity: Identity) -> str:
        names = [next(iter(self._entities.find_labels(iri).values()), iri) for iri in sorted(identity.entities)]
        return f"is {names[0]}" if names else "is linked to an identifier that does not stand for this entity"
