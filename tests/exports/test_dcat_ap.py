"""The description of the data set has what DCAT-AP 3.0.1 requires and recommends.

The tables were written from the specification. The official shapes are not in this repository, because they have
another licence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

if TYPE_CHECKING:
    from rdflib.term import Node

DATASET = rdflib.URIRef("https://w3id.org/ldn-kg/")
IANA = "https://www.iana.org/assignments/media-types/"
MANDATORY: dict[URIRef, tuple[URIRef, ...]] = {
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCAT.endpointURL, DCTERMS.title),
    FOAF.Agent: (FOAF.name,),
    SKOS.Concept: (SKOS.prefLabel,),
    SKOS.ConceptScheme: (DCTERMS.title,),
}
RECOMMENDED: dict[URIRef, tuple[URIRef, ...]] = {
    DCAT.Dataset: (DCAT.distribution, DCAT.keyword, DCTERMS.publisher, DCAT.theme),
    DCAT.Distribution: (DCTERMS.description, DCTERMS.format, DCTERMS.license),
    DCAT.DataService: (
        DCAT.endpointDescription,
        DCAT.servesDataset,
        DCTERMS.conformsTo,
        DCTERMS.publisher,
        DCAT.keyword,
        DCAT.theme,
    ),
    DCTERMS.LicenseDocument: (DCTERMS.type,),
}
# Not asserted, because nobody knows the value: see docs/decisions/publication.md.
OMITTED = (DCAT.contactPoint, DCTERMS.spatial, DCTERMS.temporal, URIRef("http://data.europa.eu/r5r/availability"))
RANGES: dict[URIRef, URIRef] = {
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS.format: DCTERMS.MediaTypeOrExtent,
    DCAT.mediaType: DCTERMS.MediaType,
    DCAT.distribution: DCAT.Distribution,
    DCAT.landingPage: FOAF.Document,
    DCAT.servesDataset: DCAT.Dataset,
    DCAT.theme: SKOS.Concept,
}
TEXTS = (DCTERMS.title, DCTERMS.description, DCAT.keyword, FOAF.name, SKOS.prefLabel)
ADDRESSES = (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL, DCAT.endpointDescription)


def instances(graph: rdflib.Graph, kind: URIRef) -> set[Node]:
    """Return the nodes of the class and of its subclasses."""
    return {
        node
        for sub in graph.transitive_subjects(rdflib.RDFS.subClassOf, kind)
        for node in graph.subjects(RDF.type, sub)
    }


def find_faults(graph: rdflib.Graph) -> set[tuple[Node, Node]]:
    """Return each node with the property that it lacks, or that has a value of the wrong kind."""
    needed = [(kind, name) for table in (MANDATORY, RECOMMENDED) for kind, names in table.items() for name in names]
    missing = {(node, name) for kind, name in needed for node in instances(graph, kind) if not graph.value(node, name)}
    described = {node for kind in (*MANDATORY, *RECOMMENDED) for node in instances(graph, kind)}
    values = [(node, name, value) for node in described for name, value in graph.predicate_objects(node)]
    return missing | {(node, name) for node, name, value in values if not fits(graph, name, value)}


def fits(graph: rdflib.Graph, name: Node, value: Node) -> bool:
    if name in TEXTS:
        return isinstance(value, rdflib.Literal) and bool(value.language)
    if name in ADDRESSES:
        return isinstance(value, rdflib.URIRef)
    return name not in RANGES or (value, RDF.type, RANGES[URIRef(str(name))]) in graph


def test_the_description_conforms(published: rdflib.Graph) -> None:
    assert find_faults(published) == set()
    assert {kind: len(instances(published, kind)) for kind in (DCAT.Dataset, DCAT.DataService)} == {
        DCAT.Dataset: 1,
        DCAT.DataService: 1,
    }
    assert len(instances(published, DCAT.Distribution)) == 16


def test_nothing_unknown_is_asserted(published: rdflib.Graph) -> None:
    assert not [triple for name in OMITTED for triple in published.triples((None, name, None))]


def test_the_publisher_is_the_project(published: rdflib.Graph) -> None:
    assert {
        str(name) for agent in instances(published, FOAF.Agent) for name in published.objects(agent, FOAF.name)
    } == {"LDN-KG"}


def test_media_types_are_those_of_iana(published: rdflib.Graph) -> None:
    types = {str(value) for value in published.objects(None, DCAT.mediaType)}
    assert len(types) > 10
    assert all(value.startswith(IANA) for value in types)


def test_an_access_url_is_the_file_or_the_page_of_the_files(published: rdflib.Graph) -> None:
    for one in instances(published, DCAT.Distribution):
        files = set(published.objects(one, DCAT.downloadURL))
        expected = files if len(files) == 1 else set(published.objects(DATASET, DCAT.landingPage))
        assert set(published.objects(one, DCAT.accessURL)) == expected, one


EVERY = sorted({(kind, name) for table in (MANDATORY, RECOMMENDED) for kind, names in table.items() for name in names})


@pytest.mark.parametrize(("kind", "name"), EVERY, ids=lambda iri: iri.rpartition("/")[2])
def test_a_missing_property_is_detected(published: rdflib.Graph, kind: URIRef, name: URIRef) -> None:
    node = min(instances(published, kind), key=str)
    planted = without(published, [(node, name, value) for value in published.objects(node, name)])
    assert find_faults(planted) == {(node, name)}


@pytest.mark.parametrize("name", RANGES, ids=lambda iri: iri.rpartition("/")[2])
def test_a_value_without_its_class_is_detected(published: rdflib.Graph, name: URIRef) -> None:
    described = {node for kind in MANDATORY for node in instances(published, kind)}
    value = min((value for node in described for value in published.objects(node, name)), key=str)
    planted = without(published, [(value, RDF.type, RANGES[name])])
    assert {fault for _, fault in find_faults(planted)} >= {name}


def without(graph: rdflib.Graph, triples: list[tuple[Node, Node, Node]]) -> rdflib.Graph:
    assert triples
    left = rdflib.Graph()
    for triple in set(graph) - set(triples):
        left.add(triple)
    return left
