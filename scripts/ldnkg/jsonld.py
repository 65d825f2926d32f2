"""The publication as one JSON-LD document, with all in it or what describes it alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.files import read_json
from ldnkg.rdf import graph_of, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ldnkg.context import Context
    from ldnkg.paths import Home
    from ldnkg.publication import Publication


def document(publication: Publication) -> str:
    """Return all of it: the records as they are, their context, and all else beside them.

    Claims come first, so that a new one moves nothing else.
    """
    reading = publication.reading
    context = reading.context
    derived = {name: list(quads) for name, quads in groupby(sorted(publication.derived, key=graph_of), key=graph_of)}
    nodes: list[Any] = []
    for record in sorted(reading.records, key=lambda record: (bool(record.slug), record.id)):
        nodes.append(record.value)
        nodes += node_objects(derived.pop(context.expand(record.id), []), context)
    nodes += node_objects([*reading.fixed, *(quad for rest in derived.values() for quad in rest)], context)
    return _text(context.entries, nodes)


@dataclass(frozen=True)
class Head:
    """The head of a description: the context that it is published with, and the names that stand for IRIs in it."""

    context: object
    names: Mapping[str, str]

    @cached_property
    def _named(self) -> dict[str, str]:
        return {iri: name for name, iri in self.names.items()}

    def name(self, iri: str) -> str:
        """Return the name of a property or a class."""
        return self._named.get(iri, iri.removeprefix(self.names["@vocab"]))

    def address(self, iri: str) -> str:
        """Return the address of a node, relative where the head has a base."""
        base = self.names.get("@base", "")
        return "./" if iri == base else iri.removeprefix(base)

    def held(self, term: object, key: str) -> object:
        """Return the value of a key."""
        if isinstance(term, ox.Literal):
            return {ox.Literal(True): True, ox.Literal(False): False}.get(term, term.value)
        return self.name(value(term)) if key == "@type" else {"@id": self.address(value(term))}


def read_head(home: Home, name: str) -> Head:
    """Return the head of the description of this name."""
    head = read_json(home.ontology / "describe" / f"{name}.json")
    return Head(head["@context"], head["names"])


def description(quads: Iterable[ox.Quad], head: Head) -> str:
    """Return the quads alone, each subject a node, under the context and the names of the head."""
    nodes: list[dict[str, Any]] = []
    for subject, about in _by_subject(dict.fromkeys(quads)):
        node: dict[str, Any] = {"@id": head.address(subject)}
        for predicate, terms in about:
            key = head.name(predicate)
            node[key] = _one_or_all([head.held(term, key) for term in terms])
        nodes.append(node)
    return _text(head.context, nodes)


def _text(context: object, nodes: list[Any]) -> str:
    return json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False, indent=1) + "\n"


def node_objects(quads: Iterable[ox.Quad], context: Context) -> list[dict[str, Any]]:
    """Return one node object for each subject, in order, with CURIEs for keys."""
    nodes: list[dict[str, Any]] = []
    for subject, about in _by_subject(quads):
        node: dict[str, Any] = {"id": context.curie(subject)}
        for predicate, terms in about:
            node[context.curie(predicate)] = _one_or_all([_value(term, context) for term in terms])
        nodes.append(node)
    return nodes


def _by_subject(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, Iterator[tuple[str, list[object]]]]]:
    for subject, about in groupby(sorted(quads, key=str), key=lambda quad: quad.subject):
        same = groupby(about, key=lambda quad: quad.predicate)
        yield value(subject), ((value(predicate), [quad.object for quad in found]) for predicate, found in same)


def _one_or_all(values: list[Any]) -> object:
    return values if len(values) > 1 else values[0]


def _value(term: object, context: Context) -> dict[str, str] | str:
    if isinstance(term, ox.NamedNode):
        return {"id": context.curie(term.value)}
    assert isinstance(term, ox.Literal), term  # noqa: S101
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term == ox.Literal(term.value):
        return term.value
    return {"@value": term.value, "type": context.curie(term.datatype.value)}
