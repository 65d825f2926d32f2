"""Refuses links that make one of what is two: no path of links may lead from one thing of ours to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.identifiers import Unfit
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldnkg.merge.assertions import Statement
    from ldnkg.merge.quads import Fact
    from ldnkg.merge.quarantine import Part
    from ldnkg.merge.reference import Lookalike, Ours


class Refused(NamedTuple):
    """A link that was refused: in which graph it was said, which identifier is not whose, and why."""

    graph: str
    subject: str
    predicate: str
    object: str
    iri: str
    entity: str
    reason: str
    instead: str


class Who(NamedTuple):
    """The entities of ours that something is, and those that it is not."""

    entities: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    def clashes(self, other: Who) -> bool:
        """Say whether the two cannot be one."""
        both = self.entities and other.entities
        return bool(
            (both and self.entities.isdisjoint(other.entities))
            or self.entities & other.others
            or self.others & other.entities
        )

    def with_(self, other: Who) -> Who:
        """Return what both are."""
        return Who(self.entities | other.entities, self.others | other.others)


class Judge:
    """Knows who is who, and learns from the links that it lets stand."""

    def __init__(self, ours: Ours) -> None:
        self._ours, self._naming = ours, ours.naming
        self.links = {ox.NamedNode(iri) for iri in ours.naming.words["links"]}
        self._mentions = {ox.NamedNode(iri) for iri in ours.naming.words["mentions"]}
        self._above: dict[str, str] = {}
        self._who: dict[str, Who] = {}

    def refused(self, parts: Iterable[Part]) -> dict[Fact, Refused]:
        """Return the links that join two by themselves, and then those that do so along with the rest, in one order."""
        links = [fact for part in parts for fact in part.facts if fact.predicate in self.links and _between(fact)]
        found = {fact: told for fact in links if (told := self.clash(*_said(fact)))}
        for fact in sorted((fact for fact in links if fact not in found), key=str):
            one, other = (self._top(get_value(end)) for end in (fact.subject, fact.object))
            if self._who[one].clashes(self._who[other]):
                found[fact] = self._told(*_said(fact))
            elif one != other:
                self._who[one] = self._who[one].with_(self._who.pop(other))
                self._above[other] = one
        return found

    def mentioned(self, parts: Iterable[Part]) -> Iterator[Refused]:
        """Yield each cross-reference to an identifier of something else; it stands, for it joins nothing."""
        for part in parts:
            for fact in part.facts:
                if fact.predicate in self._mentions and (iri := self._thing(fact.object, part.base)):
                    told = self.clash(get_value(fact.subject), fact.predicate.value, iri, fact.graph)
                    if told:
                        yield told

    def stated(self, statements: Iterable[Statement]) -> dict[Statement, Refused]:
        """Return each statement that says such a link."""
        links = {link.value for link in self.links}
        said = (one for one in statements if one.predicate in links)
        found = ((one, self.clash(one.subject, one.predicate, one.object, one.graph)) for one in said)
        return {one: told for one, told in found if told}

    def clash(self, subject: str, predicate: str, object_: str, graph: str) -> Refused | None:
        """Return what is wrong where the two cannot be one by what is known of each alone."""
        clash = self._alone(subject).clashes(self._alone(object_))
        return self._told(subject, predicate, object_, graph) if clash else None

    def _thing(self, term: object, base: str) -> str:
        try:
            return self._naming.thing(term.value, base).value if isinstance(term, ox.Literal) else get_value(term)
        except (Unfit, AssertionError):
            return ""

    def _alone(self, iri: str) -> Who:
        canonical = self._naming.canonical(iri)
        entities = frozenset(self._ours.exactly(canonical))
        return Who(entities, frozenset(one.entity for one in self._ours.lookalikes.get(canonical, ())) - entities)

    def _top(self, iri: str) -> str:
        """Return what stands for all that the thing is one with, and make it known to be that, too."""
        who = self._alone(iri)
        top = min(who.entities, default="") or self._naming.canonical(iri)
        while top in self._above:
            self._above[top] = self._above.get(self._above[top], self._above[top])
            top = self._above[top]
        self._who[top] = self._who.get(top, Who()).with_(who)
        return top

    def _told(self, subject: str, predicate: str, object_: str, graph: str) -> Refused:
        """Tell it of the object, unless the subject is what is not known to be anything."""
        of, iri = (subject, object_) if self._all(subject).entities else (object_, subject)
        mine, theirs = self._all(of), self._all(iri)
        entity = min(mine.entities & theirs.others, default="") or min(mine.entities)
        row = self._row(iri, entity)
        reason = row.reason if row else self._is(theirs)
        return Refused(graph, subject, predicate, object_, iri, entity, reason, row.instead if row else "")

    def _all(self, iri: str) -> Who:
        return self._who.get(self._top(iri), Who())

    def _row(self, iri: str, entity: str) -> Lookalike | None:
        rows = self._ours.lookalikes.get(self._naming.canonical(iri), [])
        return next((row for row in rows if row.entity == entity), None)

    def _is(self, who: Who) -> str:
        names = [next(iter(self._ours.labels(entity).values()), entity) for entity in sorted(who.entities)]
        return f"is {names[0]}" if names else "is said to be one with what it is not"


def without(parts: Sequence[Part], refused: dict[Fact, Refused]) -> list[Part]:
    """Return the parts without the refused links."""
    return [
        part._replace(facts=[fact for fact in part.facts if fact not in refused]) if refused else part for part in parts
    ]


def _said(fact: Fact) -> tuple[str, str, str, str]:
    return get_value(fact.subject), fact.predicate.value, get_value(fact.object), fact.graph


def _between(fact: Fact) -> bool:
    return isinstance(fact.object, ox.NamedNode) and fact.object != fact.subject
