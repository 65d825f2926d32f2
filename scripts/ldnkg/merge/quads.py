"""Holds what others state: quads that share their terms, for one that holds its own takes three times the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Fact(NamedTuple):
    """A quad, in the terms of pyoxigraph."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    object: ox.NamedNode | ox.Literal | ox.Triple
    graph_name: ox.NamedNode | ox.DefaultGraph

    @property
    def graph(self) -> str:
        """The IRI of the named graph, or nothing for the default graph."""
        return self.graph_name.value if isinstance(self.graph_name, ox.NamedNode) else ""


class Pool:
    """Gives out each term once, however often it is met."""

    def __init__(self) -> None:
        self._terms: dict[Any, Any] = {}

    def fact(self, subject: object, predicate: object, object_: object, graph: object) -> Fact:
        """Return the fact of these terms."""
        one = self._terms.setdefault
        return Fact(one(subject, subject), one(predicate, predicate), one(object_, object_), one(graph, graph))

    def facts(self, quads: Iterable[ox.Quad]) -> Iterator[Fact]:
        """Yield the fact of each quad."""
        for quad in quads:
            yield self.fact(quad.subject, quad.predicate, quad.object, quad.graph_name)


def as_quads(facts: Iterable[Fact]) -> Iterator[ox.Quad]:
    """Yield the quad of each fact."""
    return (ox.Quad(*fact) for fact in facts)


def renamed(fact: Fact, named: Callable[[Any], Any]) -> Fact:
    """Return the fact with the names that are given for its ends, itself where these are its own."""
    subject, object_ = within(fact.subject, named), within(fact.object, named)
    same = subject is fact.subject and object_ is fact.object
    return fact if same else Fact(subject, fact.predicate, object_, fact.graph_name)


def within(term: Any, named: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """Return the name that is given for a term; for a triple, the triple with those of its ends."""
    if isinstance(term, ox.Triple):
        return ox.Triple(within(term.subject, named), term.predicate, within(term.object, named))
    return named(term)
