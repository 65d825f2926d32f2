"""Make the files of the vocabulary: the ontology, its alignments, the rules and the JSON-LD context."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.files import read_bytes, read_turtle
from ldnkg.publication.combined import find_alignments
from ldnkg.rdf.serialization import serialise

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph


def make_files(combined: CombinedGraph) -> dict[str, bytes]:
    """Return each file by its path below the base IRI.

    `ontology.owl` is a conversion, `shapes.ttl` joins the files of the rules, and all others are copies.
    """
    home = combined.publication.home
    ontology = home.ontology / "ldn.ttl"
    return {
        **{f"alignments/{path.name}": read_bytes(path) for path in find_alignments(home)},
        "context.jsonld": read_bytes(home.ontology / "context.jsonld"),
        "ontology.owl": _write_rdfxml(ontology, combined.publication.inputs.context.prefixes),
        "ontology.ttl": read_bytes(ontology),
        "shapes.ttl": b"\n".join(read_bytes(path) for path in sorted(home.shapes.glob("*.ttl"))),
    }


def _write_rdfxml(ontology: Path, prefixes: Mapping[str, str]) -> bytes:
    """Return the ontology as RDF/XML with the prefixes in use, for reasoners and editors that do not read Turtle."""
    triples = [quad.triple for quad in read_turtle(ontology)]
    text = " ".join(str(triple) for triple in triples)
    used = {name: iri for name, iri in prefixes.items() if f"<{iri}" in text}
    return serialise(triples, ox.RdfFormat.RDF_XML, used)
