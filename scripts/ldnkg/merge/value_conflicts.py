"""Compares what has one value alone, such as a dose, where both say it of what joined."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.identifiers import Unfit
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.merge.quads import Fact
    from ldnkg.merge.quarantine import Part
    from ldnkg.merge.reference import Ours


class OtherValue(NamedTuple):
    """A value of theirs where ours is another: in which graph, of what, of which property, and both values."""

    graph: str
    subject: str
    predicate: str
    object: str
    entity: str
    property: str
    ours: str


def other_values(part: Part, joined: Mapping[str, list[str]], ours: Ours) -> Iterator[OtherValue]:
    """Yield each value of the part that is another than ours."""
    wanted = {ox.NamedNode(iri) for iri in ours.single}
    for fact in part.facts:
        if fact.predicate in wanted and not isinstance(fact.object, ox.Triple):
            for entity in joined.get(get_value(fact.subject), []):
                yield from _other(fact, entity, part.base, ours)


def _other(fact: Fact, entity: str, base: str, ours: Ours) -> Iterator[OtherValue]:
    said = get_value(fact.object)
    for known, held in ours.single[fact.predicate.value].get(entity, ()):
        if not _equal(said, get_value(held), base, ours) and said != ours.aligned.format_term(held):
            yield OtherValue(
                fact.graph, get_value(fact.subject), fact.predicate.value, said, entity, known, get_value(held)
            )


def _equal(theirs: str, mine: str, base: str, ours: Ours) -> bool:
    """Say whether the two are one text, one number or one thing."""
    try:
        return theirs == mine or Decimal(theirs) == Decimal(mine)
    except ArithmeticError:
        pass
    try:
        return ours.naming.thing(theirs, base).value == mine
    except Unfit:
        return False
