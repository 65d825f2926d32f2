"""The service description: the dataset, and the examples and prefixes for query editors."""

from __future__ import annotations

import json

import pytest
import rdflib

from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from support.paths import ROOT
from support.programs import NODE, asking_comunica
from support.servers import BASE, GRAPHS, ORAL, Served

EXAMPLES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?words ?query
WHERE { ?example a sh:SPARQLExecutable ; rdfs:comment ?words ; sh:select|sh:ask|sh:construct ?query }"""
PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?prefix ?namespace WHERE { ?one sh:prefix ?prefix ; sh:namespace ?namespace }"""
LINKS = """PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?class ?property ?other
WHERE {
  ?part void:class ?class ; void:propertyPartition ?own .
  ?own void:property ?property ; void:classPartition/void:class ?other .
}"""


def test_the_service_description_is_served_in_each_format(server: Served, published: rdflib.Graph) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    for media, form in GRAPHS.items():
        reply = server.ask("/sparql", headers={"Accept": media})
        read = rdflib.Dataset(default_union=True).parse(data=reply.text, format=form)
        endpoint = rdflib.URIRef(f"http://127.0.0.1:{server.port}/sparql")
        assert (endpoint, sd.endpoint, endpoint) in read
    dataset = next(read.objects(endpoint, sd.defaultDataset))
    whole = next(read.objects(dataset, sd.defaultGraph))
    (counted,) = read.objects(whole, void.triples)
    assert counted == next(published.objects(rdflib.URIRef(BASE), void.triples))
    names = {str(name) for one in read.objects(dataset, sd.namedGraph) for name in read.objects(one, sd.name)}
    assert f"{BASE}{ORAL}" in names
    claims = {name for name in names if name.startswith(f"{BASE}claim/")}
    assert len(claims) == len(list((ROOT / "data" / "claims").iterdir()))


@pytest.mark.external
@pytest.mark.skipif(
    not NODE, reason="LDNKG_NODE does not name the folder of the Node modules, or Node is not installed"
)
def test_a_query_editor_finds_examples_prefixes_and_classes_in_the_description(server: Served) -> None:
    """SIB's query editor reads the description with Comunica if the graph itself holds no examples."""
    with asking_comunica(f"http://127.0.0.1:{server.port}/sparql") as ask:
        examples, prefixes, links = ({tuple(row) for row in ask(one)["rows"]} for one in (EXAMPLES, PREFIXES, LINKS))
    library = load_questions(Home(ROOT)).values()
    assert examples == {(one.said("question"), one.sparql) for one in library}
    lines = (line.split() for one in library for line in one.text.splitlines() if line.startswith("PREFIX "))
    assert prefixes == {(short.removesuffix(":"), iri.strip("<>")) for _, short, iri in lines}
    terms = f"{BASE}ontology#"
    assert (f"{terms}Regimen", f"{terms}ingredient", f"{terms}Drug") in links
    assert (f"{terms}Claim", str(rdflib.RDF.subject), f"{terms}Regimen") in links


def test_the_library_of_questions_is_not_in_the_graph(server: Served) -> None:
    for query in (EXAMPLES, PREFIXES, LINKS):
        head, _, rest = query.partition("SELECT")
        asked = f"{head}ASK {rest[rest.index('WHERE') :]}"
        assert json.loads(server.query(asked, "application/sparql-results+json").text)["boolean"] is False
