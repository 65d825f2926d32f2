"""Describe the data set: VoID counts, schema.org for search engines, and RO-Crate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.exports.jsonld import format_document, group_by_subject, unwrap_single
from ldnkg.files import read_json
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import select_quads, select_tuples
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.publication.graph import Publication

FOLDER = Path(__file__).parent
VOID = "void.ttl"


def make_files(combined: CombinedGraph) -> dict[str, bytes]:
    """Return the descriptions of the graph for search engines and as a crate, which are not part of it."""
    publication = combined.publication
    return {
        "ro-crate-metadata.json": describe_crate(publication),
        "schema.jsonld": describe_schema(publication),
    }


def describe_void(publication: Publication, files: Mapping[str, bytes]) -> bytes:
    """Return the counts of the graph and the sizes of the files in VoID, as Turtle."""
    quads = [*_select_description(publication, "void"), *_list_sizes(publication, files)]
    return serialise((quad.triple for quad in quads), ox.RdfFormat.TURTLE, publication.inputs.context.prefixes)


def _list_sizes(publication: Publication, files: Mapping[str, bytes]) -> list[ox.Quad]:
    """Return the size in bytes of each of the files that the graph describes."""
    rows = select_tuples(publication.store, FOLDER / "sizes.rq", ("path", "file", "size", "datatype"))
    return [
        ox.Quad(file, size, ox.Literal(str(len(files[path.value])), datatype=datatype))
        for path, file, size, datatype in sorted(rows, key=str)
        if path.value in files
    ]


def describe_schema(publication: Publication) -> bytes:
    """Return the description of the publication in schema.org, as JSON-LD for search engines."""
    return format_description(_select_description(publication, "schema"), read_context("schema"))


def describe_crate(publication: Publication) -> bytes:
    """Return the metadata file of the RO-Crate: the description in schema.org and the properties of the crate."""
    quads = [*_select_description(publication, "schema"), *_select_description(publication, "ro-crate")]
    return format_description(quads, read_context("ro-crate"))


def _select_description(publication: Publication, name: str) -> list[ox.Quad]:
    return select_quads(publication.store, FOLDER / f"{name}.rq")


@dataclass(frozen=True)
class DescriptionContext:
    """The JSON-LD context of a description, and the IRIs of the names that it defines."""

    context: object
    names: Mapping[str, str]

    @cached_property
    def _names_by_iri(self) -> dict[str, str]:
        return {iri: name for name, iri in self.names.items()}

    def shorten_term(self, iri: str) -> str:
        """Return the name of a property or a class in the context."""
        return self._names_by_iri.get(iri, iri.removeprefix(self.names["@vocab"]))

    def relativise(self, iri: str) -> str:
        """Return the IRI of a node, relative to the base if the context has one."""
        base = self.names.get("@base", "")
        return "./" if iri == base else iri.removeprefix(base)

    def convert_value(self, term: object, key: str) -> object:
        """Return the value of a key as JSON: a text, a boolean, the name of a class, or a reference to a node."""
        if isinstance(term, ox.Literal):
            return {ox.Literal(True): True, ox.Literal(False): False}.get(term, term.value)
        iri = get_value(term)
        return self.shorten_term(iri) if key == "@type" else {"@id": self.relativise(iri)}


def read_context(name: str) -> DescriptionContext:
    """Return the context of the description of this name."""
    head = read_json(FOLDER / f"{name}.json")
    return DescriptionContext(head["@context"], head["names"])


def format_description(quads: Iterable[ox.Quad], context: DescriptionContext) -> bytes:
    """Return the quads as a JSON-LD document under the context, one node per subject."""
    nodes: list[dict[str, Any]] = []
    for subject, properties in group_by_subject(dict.fromkeys(quads)):
        node: dict[str, Any] = {"@id": context.relativise(subject)}
        for predicate, terms in properties:
            key = context.shorten_term(predicate)
            node[key] = unwrap_single([context.convert_value(term, key) for term in terms])
        nodes.append(node)
    return format_document(context.context, nodes)
