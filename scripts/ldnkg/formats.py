"""Writes a publication in each format, the same bytes for the same input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.beside import Beside
from ldnkg.documents import documents
from ldnkg.jsonld import description, document, read_head
from ldnkg.pages import pages
from ldnkg.rdf import flat, graph_of, serialise
from ldnkg.recordschemas import record_schemas
from ldnkg.seals import BUILT, checksums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ldnkg.publication import Publication

STEM = "ldn-kg"


def _sorted(publication: Publication, more: Iterable[ox.Quad] = ()) -> list[ox.Quad]:
    """Sort by record, all that is in no record first, and by key as records do: a bare triple stands by its claim."""
    context = publication.reading.context
    keys = [context.expand("rdf:type"), *(context.expand(key) for key in context.keys)]
    place = {iri: number for number, iri in reversed(list(enumerate(keys)))}

    def order(quad: ox.Quad) -> tuple[str, str, int, str]:
        return graph_of(quad), str(quad.subject), place.get(quad.predicate.value, len(place)), str(quad)

    return sorted([*publication.quads, *more], key=order)


def turtle(publication: Publication, more: Iterable[ox.Quad] = ()) -> bytes:
    """Return the whole, and what else is given, as Turtle, record by record."""
    return _write(flat(_sorted(publication, more)), ox.RdfFormat.TURTLE, publication)


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
    return _write(flat(_sorted(publication)), ox.RdfFormat.RDF_XML, publication)


def jsonld(publication: Publication) -> bytes:
    """Return the whole as JSON-LD with its context."""
    return document(publication).encode()


def void(publication: Publication) -> bytes:
    """Return what the graph holds, counted, as Turtle: a description of the graph that is no part of it."""
    return _write(publication.described("void"), ox.RdfFormat.TURTLE, publication)


def schema(publication: Publication) -> bytes:
    """Return the description of the publication in schema.org, as JSON-LD for search engines."""
    return description(publication.described("schema"), read_head(publication.home, "schema")).encode()


def crate(publication: Publication) -> bytes:
    """Return the RO-Crate's metadata file: the description in schema.org, and what makes the folder a crate."""
    quads = [*publication.described("schema"), *publication.described("ro-crate")]
    return description(quads, read_head(publication.home, "ro-crate")).encode()


def _write(quads: Iterable[ox.Quad], form: ox.RdfFormat, publication: Publication) -> bytes:
    items = quads if form.supports_datasets else (quad.triple for quad in quads)
    return serialise(items, form, publication.reading.context.prefixes)


FORMATS: dict[str, Callable[[Publication], bytes]] = {
    "jsonld": jsonld,
    "nt": ntriples,
    "rdf": rdf_xml,
    "trig": trig,
    "ttl": turtle,
}
DESCRIPTIONS: dict[str, Callable[[Publication], bytes]] = {
    "ro-crate-metadata.json": crate,
    "schema.jsonld": schema,
    "void.ttl": void,
}


def export(publication: Publication) -> dict[str, bytes]:
    """Return every file of the publication by its name."""
    files = {f"{STEM}.{ending}": make(publication) for ending, make in FORMATS.items()}
    files |= {name: make(publication) for name, make in DESCRIPTIONS.items()}
    files |= documents(publication.home, publication.reading.context.prefixes)
    beside = Beside(publication)
    files |= record_schemas(beside)
    files |= beside.library.files()
    files |= pages(beside, files, files["schema.jsonld"])
    return {**files, BUILT: checksums(files)}
