"""Make the files of the vocabulary: the ontology, its alignments, the rules and the JSON-LD context."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.exports.published_shapes.writer import make_shapes
from ldnkg.files import read_bytes, read_turtle
from ldnkg.publication.combined import find_alignments
from ldnkg.rdf.serialization import select_prefixes, serialise

if TYPE_CHECKING:
    from ldnkg.publication.combined import CombinedGraph

# The formats of the ontology besides Turtle, by the ending of the file.
FORMS = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "owl": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
}


def make_files(combined: CombinedGraph) -> dict[str, bytes]:
    """Return each file by its path below the base IRI.

    `ontology.ttl` is also converted to other formats, and `shapes.ttl` has the rules for the published graph. Others
    are copies.
    """
    home = combined.publication.home
    ontology = home.ontology / "ldn.ttl"
    triples = [quad.triple for quad in read_turtle(ontology)]
    prefixes = select_prefixes(triples, combined.publication.inputs.context.prefixes)
    return {
        **{f"alignments/{path.name}": read_bytes(path) for path in find_alignments(home)},
        "context.jsonld": read_bytes(home.ontology / "context.jsonld"),
        **{f"ontology.{ending}": serialise(triples, form, prefixes) for ending, form in FORMS.items()},
        "ontology.ttl": read_bytes(ontology),
        "shapes.ttl": make_shapes(home),
    }
