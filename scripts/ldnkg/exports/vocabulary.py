"""What is published as it stands in the home: the ontology, its alignments, the rules and the context."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.files import read_bytes, read_turtle
from ldnkg.publication.combined import find_alignments
from ldnkg.rdf.serialization import serialise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.paths import Home


def documents(home: Home, prefixes: Mapping[str, str]) -> dict[str, bytes]:
    """Return each document by its name below the publication's address."""
    shapes = sorted(home.shapes.glob("*.ttl"))
    return {
        **{f"alignments/{path.name}": read_bytes(path) for path in find_alignments(home)},
        "context.jsonld": read_bytes(home.ontology / "context.jsonld"),
        "ontology.owl": _rdf_xml(home, prefixes),
        "ontology.ttl": read_bytes(home.ontology / "ldn.ttl"),
        "shapes.ttl": b"\n".join(read_bytes(path) for path in shapes),
    }


def _rdf_xml(home: Home, prefixes: Mapping[str, str]) -> bytes:
    """Return the ontology as RDF/XML, for reasoners and editors that read no Turtle."""
    triples = [quad.triple for quad in read_turtle(home.ontology / "ldn.ttl")]
    used = " ".join(str(triple) for triple in triples)
    return serialise(triples, ox.RdfFormat.RDF_XML, {name: iri for name, iri in prefixes.items() if f"<{iri}" in used})
