"""The library of questions in RDF has the content of its files, in the vocabulary that SPARQL editors read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS, SH

from ldnkg.paths import Home
from ldnkg.querying.library import Question, load_questions
from support.paths import ROOT

if TYPE_CHECKING:
    from rdflib.term import Node

LIBRARY = load_questions(Home(ROOT))
BASE = "https://w3id.org/ldn-kg/"
SCHEMA = rdflib.Namespace("https://schema.org/")
SPEX = rdflib.Namespace("https://purl.expasy.org/sparql-examples/ontology#")
FORMS = {"SELECT": (SH.select, "Select"), "ASK": (SH.ask, "Ask"), "CONSTRUCT": (SH.construct, "Construct")}


@pytest.fixture(scope="module")
def published_questions(files: dict[str, bytes]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=files["queries.ttl"], format="turtle")


def texts(graph: rdflib.Graph, node: Node, key: rdflib.URIRef) -> set[str]:
    return {str(value) for value in graph.objects(node, key)}


@pytest.mark.parametrize("question", LIBRARY.values(), ids=LIBRARY)
def test_each_question_is_published_unchanged(published_questions: rdflib.Graph, question: Question) -> None:
    graph, node = published_questions, rdflib.URIRef(f"{BASE}query/{question.name}")
    kind = next(line.split()[0] for line in question.text.splitlines() if line.split()[:1] and line.split()[0] in FORMS)
    key, name = FORMS[kind]
    assert texts(graph, node, RDF.type) == {str(SH.SPARQLExecutable), f"{SH}SPARQL{name}Executable"}
    (text,) = texts(graph, node, key)
    assert question.text.endswith(text)
    assert not text.startswith("#")
    assert texts(graph, node, RDFS.label) == {question.said("title")}
    assert texts(graph, node, RDFS.comment) == {question.said("question")}
    assert texts(graph, node, SCHEMA.teaches) == {question.said("teaches")}
    assert texts(graph, node, SCHEMA.keywords) == set(question.keywords)
    assert texts(graph, node, SCHEMA.target) == {f"{BASE}sparql"}
    assert texts(graph, node, SPEX.federatesWith) == set(question.federates)


@pytest.mark.parametrize("question", LIBRARY.values(), ids=LIBRARY)
def test_each_parameter_is_published(published_questions: rdflib.Graph, question: Question) -> None:
    graph, node = published_questions, rdflib.URIRef(f"{BASE}query/{question.name}")
    found = {
        tuple(str(graph.value(parameter, key)) for key in (SCHEMA.valueName, RDFS.comment, SCHEMA.defaultValue))
        for parameter in graph.objects(node, SCHEMA.supportingData)
    }
    assert found == {(name, words, question.default(name)) for name, words in question.parameters.items()}


def test_the_prefixes_of_the_queries_are_declared(published_questions: rdflib.Graph) -> None:
    graph = published_questions
    declared = {
        str(graph.value(one, SH.prefix)): str(graph.value(one, SH.namespace)) for one in graph.objects(None, SH.declare)
    }
    for question in LIBRARY.values():
        for line in question.text.splitlines():
            if line.startswith("PREFIX "):
                _, name, iri = line.split()
                assert declared[name.removesuffix(":")] == iri.strip("<>")
    prefixes = {str(one) for one in graph.objects(None, SH.prefixes)}
    assert prefixes == {f"{BASE}query/prefixes"}


def test_both_files_have_the_same_content(files: dict[str, bytes], published_questions: rdflib.Graph) -> None:
    assert set(rdflib.Graph().parse(data=files["queries.jsonld"], format="json-ld")) == set(published_questions)
    plain = json.loads(files["queries.jsonld"])["@graph"]
    assert len([node for node in plain if "title" in node]) == len(LIBRARY)


def test_a_prefix_has_the_same_iri_in_all_questions() -> None:
    meant: dict[str, set[str]] = {}
    for question in LIBRARY.values():
        for line in question.text.splitlines():
            if line.startswith("PREFIX "):
                meant.setdefault(line.split()[1], set()).add(line.split()[2])
    assert {name: iris for name, iris in meant.items() if len(iris) > 1} == {}
