"""Read RDF 1.2 with pyoxigraph: the triple of a claim is the triple that it reifies; rdf:subject is ignored."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib
from rdflib import RDF

from support.readers import rdf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.facts import Facts

TERMS = {str(RDF.subject), str(RDF.predicate), str(RDF.object)}


def triples(files: Mapping[str, bytes]) -> list[ox.Triple]:
    ((_, content),) = files.items()
    return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)]


def reified(files: Mapping[str, bytes]) -> dict[ox.NamedNode, ox.Triple]:
    """Return the triple of each reifier."""
    return {
        triple.subject: triple.object  # type: ignore[misc]
        for triple in triples(files)
        if isinstance(triple.object, ox.Triple) and triple.predicate.value == f"{RDF}reifies"
    }


def node(term: object) -> rdflib.term.Node:
    return rdflib.URIRef(term.value) if isinstance(term, ox.NamedNode) else rdflib.Literal(str(term))


def claims(files: Mapping[str, bytes]) -> rdf.Claims:
    return {
        node(claim): (node(triple.subject), node(triple.predicate), node(triple.object))
        for claim, triple in reified(files).items()
    }


def graph(files: Mapping[str, bytes]) -> rdflib.Graph:
    """Return the triples with the reification of RDF 1.1, which the reader of RDF 1.1 expects."""
    ((_, content),) = files.items()
    return _graph(content)


@lru_cache(maxsize=1)
def _graph(content: bytes) -> rdflib.Graph:
    files = {"": content}
    plain = [t for t in triples(files) if not isinstance(t.object, ox.Triple) and t.predicate.value not in TERMS]
    found = rdflib.Graph().parse(data=ox.serialize(plain, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
    for claim, terms in claims(files).items():
        for key, term in zip((RDF.subject, RDF.predicate, RDF.object), terms, strict=True):
            found.add((claim, key, term))
    return found


def facts(files: Mapping[str, bytes]) -> Facts:
    return rdf.facts_of(graph(files))


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """Return the claims whose triple term is also a triple of the graph."""
    plain = set(triples(files))
    return {rdf.name(node(claim)) for claim, triple in reified(files).items() if triple in plain}


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    return rdf.stated_of(claims(files))


def counts(files: Mapping[str, bytes]) -> dict[str, int]:
    """Return the counts, selected by pyoxigraph."""
    store = ox.Store()
    store.load(graph(files).serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    return rdf.counts_in(store)
