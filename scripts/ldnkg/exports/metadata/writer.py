"""Describe the data set: VoID counts, schema.org for search engines, and RO-Crate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.exports.jsonld import dump_document, group_by_subject, one_or_all
from ldnkg.files import read_json
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import select_quads
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ldnkg.publication.graph import Publication

FOLDER = Path(__file__).parent


def _described(publication: Publication, name: str) -> list[ox.Quad]:
    """Return what a query of this folder says of the graph; the answer is not part of the graph."""
    return select_quads(publication.store, FOLDER / f"{name}.rq")


def void(publication: Publication) -> bytes:
    """Return what the graph holds, counted, as Turtle: a description of the graph that is no part of it."""
    return serialise(
        (quad.triple for quad in _described(publication, "void")),
        ox.RdfFormat.TURTLE,
        publication.inputs.context.prefixes,
    )


def schema(publication: Publication) -> bytes:
    """Return the description of the publication in schema.org, as JSON-LD for search engines."""
    return description(_described(publication, "schema"), read_head("schema")).encode()


def crate(publication: Publication) -> bytes:
    """Return the RO-Crate's metadata file: the description in schema.org, and what makes the folder a crate."""
    quads = [*_described(publication, "schema"), *_described(publication, "ro-crate")]
    return description(quads, read_head("ro-crate")).encode()


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
        return self.name(get_value(term)) if key == "@type" else {"@id": self.address(get_value(term))}


def read_head(name: str) -> Head:
    """Return the head of the description of this name."""
    head = read_json(FOLDER / f"{name}.json")
    return Head(head["@context"], head["names"])


def description(quads: Iterable[ox.Quad], head: Head) -> str:
    """Return the quads alone, each subject a node, under the context and the names of the head."""
    nodes: list[dict[str, Any]] = []
    for subject, about in group_by_subject(dict.fromkeys(quads)):
        node: dict[str, Any] = {"@id": head.address(subject)}
        for predicate, terms in about:
            key = head.name(predicate)
            node[key] = one_or_all([head.held(term, key) for term in terms])
        nodes.append(node)
    return dump_document(head.context, nodes)


DESCRIPTIONS: dict[str, Callable[[Publication], bytes]] = {
    "ro-crate-metadata.json": crate,
    "schema.jsonld": schema,
    "void.ttl": void,
}
