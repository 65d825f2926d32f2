"""Write the publication in RDF 1.1 and RDF 1.2; the same input gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.exports.jsonld import write_jsonld
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import select_quads
from ldnkg.rdf.terms import get_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.publication.graph import Publication

FOLDER = Path(__file__).parent
STEM = "ldn-kg"
ENDINGS = {"jsonld": "jsonld", "ntriples": "nt", "rdfxml": "rdf", "trig": "trig", "turtle": "ttl", "nquads": "nq"}
IN_BUILD = ("jsonld", "ntriples", "rdfxml", "trig", "turtle")


def make_files(name: str, combined: CombinedGraph) -> dict[str, bytes]:
    """Return the file of a format of RDF 1.1, by its name."""
    return {f"{STEM}.{ENDINGS[name]}": WRITERS[name](combined.publication)}


def make_rdf12(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return the graph as Turtle 1.2: each claim reifies its triple; only established claims also assert it."""
    publication = combined.publication
    reifiers = select_quads(publication.store, folder / "reifiers.rq")
    return {f"{STEM}.rdf12.ttl": write_turtle(publication, reifiers)}


def write_turtle(publication: Publication, added: Iterable[ox.Quad] = ()) -> bytes:
    """Return the graph and the added quads as Turtle, record by record."""
    return _serialise(_sort_quads(publication, added), ox.RdfFormat.TURTLE, publication)


def write_trig(publication: Publication) -> bytes:
    """Return the graph as TriG; each record and the triples derived from it are in the graph named by its id."""
    return _serialise(_sort_quads(publication), ox.RdfFormat.TRIG, publication)


def write_ntriples(publication: Publication) -> bytes:
    """Return the graph as N-Triples, the lines sorted."""
    return _serialise_lines(publication, ox.RdfFormat.N_TRIPLES)


def write_nquads(publication: Publication) -> bytes:
    """Return the graph as N-Quads, the lines sorted, in the same named graphs as TriG."""
    return _serialise_lines(publication, ox.RdfFormat.N_QUADS)


def write_rdfxml(publication: Publication) -> bytes:
    """Return the graph as RDF/XML, record by record."""
    return _serialise(_sort_quads(publication), ox.RdfFormat.RDF_XML, publication)


WRITERS: dict[str, Callable[[Publication], bytes]] = {
    "jsonld": write_jsonld,
    "ntriples": write_ntriples,
    "rdfxml": write_rdfxml,
    "trig": write_trig,
    "turtle": write_turtle,
    "nquads": write_nquads,
}


def _sort_quads(publication: Publication, added: Iterable[ox.Quad] = ()) -> list[ox.Quad]:
    """Return the quads by record, the default graph first, with the keys in the order of the records.

    The plain triple of an established claim is next to the claim.
    """
    context = publication.inputs.context
    keys = [context.expand("rdf:type"), *(context.expand(key) for key in context.keys)]
    place = {iri: number for number, iri in reversed(list(enumerate(keys)))}

    def order(quad: ox.Quad) -> tuple[str, str, int, str]:
        return get_graph(quad), str(quad.subject), place.get(quad.predicate.value, len(place)), str(quad)

    return sorted([*publication.quads, *added], key=order)


def _serialise_lines(publication: Publication, form: ox.RdfFormat) -> bytes:
    lines = _serialise(publication.quads, form, publication)
    return b"".join(sorted(set(lines.splitlines(keepends=True))))


def _serialise(quads: Iterable[ox.Quad], form: ox.RdfFormat, publication: Publication) -> bytes:
    items = quads if form.supports_datasets else dict.fromkeys(quad.triple for quad in quads)
    return serialise(items, form, publication.inputs.context.prefixes)
