"""Read any format of RDF 1.1 with rdflib, with the prefixes of the published context."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib
from rdflib import PROV, RDF
from rdflib.plugins.sparql import prepareQuery

from support.facts import QUALIFIERS, Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.plugins.sparql.sparql import Query

ROOT = Path(__file__).resolve().parents[3]
COUNTS = (ROOT / "tests" / "support" / "clients" / "counts.rq").read_text("utf-8")
LDN = rdflib.Namespace("https://w3id.org/ldn-kg/ontology#")
CITO = rdflib.Namespace("http://purl.org/spar/cito/")
# The format of pyoxigraph that reads each format of RDF.
OX = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdf12": ox.RdfFormat.TURTLE,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
}
KINDS = {"jsonld": "json-ld", "nq": "nquads", "nt": "nt", "rdf": "xml", "trig": "trig", "ttl": "turtle"}
Node = rdflib.term.Node
Claims = dict[Node, tuple[Node, Node, Node]]


def graph(files: Mapping[str, bytes]) -> rdflib.Graph:
    """Return every triple of the one file, from all its graphs."""
    ((name, content),) = files.items()
    return parsed(KINDS[name.rpartition(".")[2]], content)


@lru_cache(maxsize=8)
def parsed(kind: str, content: bytes) -> rdflib.Graph:
    if kind in {"nt", "turtle", "xml"}:
        return rdflib.Graph().parse(data=content, format=kind)
    dataset, union = rdflib.Dataset(default_union=True), rdflib.Graph()
    dataset.parse(data=content, format=kind)
    for subject, predicate, value, _ in dataset.quads():
        union.add((subject, predicate, value))
    return union


@lru_cache(maxsize=1)
def prefixes() -> list[tuple[str, str]]:
    """Return the prefixes of the published context, the longest IRI first."""
    entries = json.loads((ROOT / "ontology" / "context.jsonld").read_text("utf-8"))["@context"]
    iris = {name: entry.get("@id") if isinstance(entry, dict) else entry for name, entry in entries.items()}
    named = [(str(iri), name) for name, iri in iris.items() if str(iri).startswith("http") and not name.startswith("@")]
    return sorted(named, key=lambda pair: -len(pair[0]))


def name(node: Node) -> str:
    """Return a node as a CURIE, a term of our vocabulary as its local name, and a literal as its text."""
    text = str(node)
    if isinstance(node, rdflib.Literal):
        return text
    if text.startswith(LDN):
        return text.removeprefix(LDN)
    return next((f"{prefix}:{text.removeprefix(iri)}" for iri, prefix in prefixes() if text.startswith(iri)), text)


def pairs(held: rdflib.Graph, key: rdflib.URIRef) -> set[tuple[object, ...]]:
    """Return the values of the property for each claim."""
    return {(name(claim), name(value)) for claim in claims(held) for value in held.objects(claim, key)}


def claims(held: rdflib.Graph) -> Claims:
    """Return the triple of each claim."""
    return {
        claim: (one(held, claim, RDF.subject), one(held, claim, RDF.predicate), one(held, claim, RDF.object))
        for claim in held.subjects(RDF.type, LDN.Claim)
    }


def one(held: rdflib.Graph, node: Node, key: rdflib.URIRef) -> Node:
    """Return the only value of the property."""
    (found,) = held.objects(node, key)
    return found


def facts(files: Mapping[str, bytes]) -> Facts:
    return facts_of(graph(files))


def facts_of(held: rdflib.Graph) -> Facts:
    return {
        "certainty": pairs(held, LDN.certainty),
        "hedge": pairs(held, LDN.hedge),
        "dose": {
            (
                name(regimen),
                *(name(one(held, regimen, key)) for key in (LDN.doseMinimum, LDN.doseMaximum, LDN.doseUnit)),
            )
            for regimen in held.subjects(LDN.doseMinimum)
            if (regimen, RDF.type, LDN.Regimen) in held
        },
        "span": {
            (name(claim), name(place), *(int(name(one(held, place, key))) for key in (LDN.start, LDN.end)))
            for claim in claims(held)
            for place in held.objects(claim, PROV.wasDerivedFrom)
        },
        "order": {
            (name(mechanism), int(name(one(held, step, LDN.position))), name(one(held, step, LDN.stepClaim)))
            for mechanism, step in held.subject_objects(LDN.step)
        },
        "citation": {
            (name(work), name(other)) for work, relation, other in claims(held).values() if relation == CITO.cites
        },
        "qualifiers": {(claim, key, value) for key in QUALIFIERS for claim, value in pairs(held, LDN[key])},
    }


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """Return the claims whose triple is in the graph."""
    held = graph(files)
    return {name(claim) for claim, triple in claims(held).items() if triple in held}


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    return stated_of(claims(graph(files)))


def stated_of(known: Claims) -> dict[str, tuple[str, str, str]]:
    return {
        name(claim): (name(subject), name(relation), name(end)) for claim, (subject, relation, end) in known.items()
    }


def counts(files: Mapping[str, bytes]) -> dict[str, int]:
    return counts_of(graph(files))


@lru_cache(maxsize=1)
def counting_query() -> Query:
    return prepareQuery(COUNTS)


def counts_in(store: ox.Store) -> dict[str, int]:
    """Return the counts over all graphs of the store."""
    answer = store.query(COUNTS, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)
    return {row["name"].value: int(row["number"].value) for row in answer}


def counts_of(held: rdflib.Graph) -> dict[str, int]:
    """Return the counts, selected with SPARQL."""
    return {str(name): int(str(number)) for name, number in held.query(counting_query())}  # type: ignore[misc]
