"""Read nanopublications with rdflib, each from its head to its assertion and its provenance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import rdflib
from rdflib.namespace import PROV, RDF, RDFS

from support.facts import QUALIFIERS, Facts, counted

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from rdflib.term import Node

NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
CITO = rdflib.Namespace("http://purl.org/spar/cito/")
LDN = rdflib.Namespace("https://w3id.org/ldn-kg/ontology#")


class Nanopub(NamedTuple):
    name: Node
    assertion: rdflib.Graph
    provenance: rdflib.Graph
    everything: rdflib.Dataset

    @property
    def claim(self) -> Node:
        (claim,) = self.assertion.subjects(RDF.type, RDF.Statement)
        return claim

    @property
    def states(self) -> tuple[Node, ...]:
        keys = (RDF.subject, RDF.predicate, RDF.object)
        return tuple(node for key in keys for node in self.assertion.objects(self.claim, key))


@cache
def parsed(content: bytes) -> Nanopub:
    everything = rdflib.Dataset(default_union=True)
    everything.parse(data=content, format="trig")
    (name,) = everything.subjects(RDF.type, NP.Nanopublication)
    assertion, provenance = (
        everything.graph(graph)
        for part in (NP.hasAssertion, NP.hasProvenance)
        for graph in everything.objects(name, part)
        if isinstance(graph, rdflib.URIRef)
    )
    return Nanopub(name, assertion, provenance, everything)


def nanopubs(files: Mapping[str, bytes]) -> list[Nanopub]:
    """Return the nanopublications of the claims: every file except the index and the file of all nanopublications."""
    return [
        parsed(content)
        for name, content in files.items()
        if name not in {"nanopubs/index.trig", "nanopubs/all.trig"} and name.endswith(".trig")
    ]


def cell(one: Nanopub, term: Node) -> str:
    """Return a term as a CURIE with the prefixes of the file, or a term of our vocabulary as its local name."""
    if not isinstance(term, rdflib.URIRef):
        return str(term)
    fits = [(len(iri), name, iri) for name, iri in one.everything.namespaces() if term.startswith(iri)]
    length, name, _ = max(fits)
    return term[length:] if name == "ldn" else f"{name}:{term[length:]}"


def cells(one: Nanopub, terms: Iterable[Node]) -> tuple[str, ...]:
    return tuple(cell(one, term) for term in terms)


def values(one: Nanopub, graph: rdflib.Graph, node: Node, *keys: str) -> tuple[str, ...]:
    return cells(one, (value for key in keys for value in graph.objects(node, LDN[key])))


def spans(one: Nanopub) -> set[tuple[object, ...]]:
    places = {
        cell(one, place): values(one, one.provenance, place, "start", "end")
        for place in one.provenance.objects(one.assertion.identifier, PROV.wasDerivedFrom)
    }
    return {(cell(one, one.claim), place, int(start), int(end)) for place, (start, end) in places.items()}


def doses(one: Nanopub) -> set[tuple[object, ...]]:
    keys = ("doseMinimum", "doseMaximum", "doseUnit")
    found = one.assertion.subjects(LDN.doseMinimum)
    return {(cell(one, regimen), *values(one, one.assertion, regimen, *keys)) for regimen in found}


def steps(one: Nanopub) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for mechanism, step in one.assertion.subject_objects(LDN.step):
        position, claim = values(one, one.assertion, step, "position", "stepClaim")
        found.add((cell(one, mechanism), int(position), claim))
    return found


def facts(files: Mapping[str, bytes]) -> Facts:
    found = nanopubs(files)
    return {
        "certainty": {(cell(one, one.claim), *values(one, one.assertion, one.claim, "certainty")) for one in found},
        "hedge": {
            (cell(one, one.claim), hedge) for one in found for hedge in values(one, one.provenance, one.claim, "hedge")
        },
        "dose": {dose for one in found for dose in doses(one)},
        "span": {span for one in found for span in spans(one)},
        "order": {step for one in found for step in steps(one)},
        "citation": {cells(one, pair) for one in found for pair in one.assertion.subject_objects(CITO.cites)},
        "qualifiers": {
            (cell(one, one.claim), key, value)
            for one in found
            for key in QUALIFIERS
            for value in values(one, one.assertion, one.claim, key)
        },
    }


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    """Return the claims whose triple is in any graph of any nanopublication."""
    found = nanopubs(files)
    triples = {triple for one in found for triple in one.everything.triples((None, None, None))}
    return {cell(one, one.claim) for one in found if one.states in triples}


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    found = {cell(one, one.claim): cells(one, one.states) for one in nanopubs(files)}
    return {claim: (subject, relation, end) for claim, (subject, relation, end) in found.items()}


def counts(files: Mapping[str, bytes]) -> Counter[str]:
    """Return the counts of claims and of regimens, the only entities that nanopublications describe."""
    regimens = {
        cell(one, regimen): str(one.everything.value(regimen, RDFS.label))
        for one in nanopubs(files)
        for regimen in one.everything.subjects(RDF.type, LDN.Regimen)
    }
    return counted(facts(files), stated(files), taken_for_fact(files), regimens)
