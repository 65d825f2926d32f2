"""Write the publication in RDF 1.1 and RDF 1.2; the same input gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.exports.jsonld import document
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import select_quads
from ldnkg.rdf.terms import flatten, get_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.publication.graph import Publication

FOLDER = Path(__file__).parent
STEM = "ldn-kg"
ENDINGS = {"jsonld": "jsonld", "ntriples": "nt", "rdfxml": "rdf", "trig": "trig", "turtle": "ttl", "nquads": "nq"}
BUILT = ("jsonld", "ntriples", "rdfxml", "trig", "turtle")


def _sorted(publication: Publication, more: Iterable[ox.Quad] = ()) -> list[ox.Quad]:
    """Sort by record, all that is in no record first, and by key as records do: a bare triple stands by its claim."""
    context = publication.inputs.context
    keys = [context.expand("rdf:type"), *(context.expand(key) for key in context.keys)]
    place = {iri: number for number, iri in reversed(list(enumerate(keys)))}

    def order(quad: ox.Quad) -> tuple[str, str, int, str]:
        return get_graph(quad), str(quad.subject), place.get(quad.predicate.value, len(place)), str(quad)

    return sorted([*publication.quads, *more], key=order)


def turtle(publication: Publication, more: Iterable[ox.Quad] = ()) -> bytes:
    """Return the whole, and what else is given, as Turtle, record by record."""
    return _write(flatten(_sorted(publication, more)), ox.RdfFormat.TURTLE, publication)


def trig(publication: Publication) -> bytes:
    """Return the whole as TriG, each record with what is derived from it in the graph of its id."""
    return _write(_sorted(publication), ox.RdfFormat.TRIG, publication)


def ntriples(publication: Publication) -> bytes:
    """Return the whole as N-Triples, the lines sorted."""
    return _sorted_lines(publication, ox.RdfFormat.N_TRIPLES)


def nquads(publication: Publication) -> bytes:
    """Return the whole as N-Quads, the lines sorted: the same graphs as TriG."""
    return _sorted_lines(publication, ox.RdfFormat.N_QUADS)


def _sorted_lines(publication: Publication, form: ox.RdfFormat) -> bytes:
    lines = _write(publication.quads, form, publication)
    return b"".join(sorted(set(lines.splitlines(keepends=True))))


def rdf_xml(publication: Publication) -> bytes:
    """Return the whole as RDF/XML, record by record."""
    return _write(flatten(_sorted(publication)), ox.RdfFormat.RDF_XML, publication)


def jsonld(publication: Publication) -> bytes:
    """Return the whole as JSON-LD with its context."""
    return document(publication).encode()


def _write(quads: Iterable[ox.Quad], form: ox.RdfFormat, publication: Publication) -> bytes:
    items = quads if form.supports_datasets else (quad.triple for quad in quads)
    return serialise(items, form, publication.inputs.context.prefixes)


FORMATS: dict[str, Callable[[Publication], bytes]] = {
    "jsonld": jsonld,
    "ntriples": ntriples,
    "rdfxml": rdf_xml,
    "trig": trig,
    "turtle": turtle,
    "nquads": nquads,
}


def make_files(name: str, combined: CombinedGraph) -> dict[str, bytes]:
    """Return the one file of a format of RDF 1.1."""
    return {f"{STEM}.{ENDINGS[name]}": FORMATS[name](combined.publication)}


def make_rdf12(combined: CombinedGraph, folder: Path = FOLDER) -> dict[str, bytes]:
    """Return the whole as Turtle 1.2: each claim reifies what it states; only established claims are also stated."""
    publication = combined.publication
    reifiers = select_quads(publication.store, folder / "reifiers.rq")
    return {f"{STEM}.rdf12.ttl": turtle(publication, reifiers)}
