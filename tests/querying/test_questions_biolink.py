"""The questions about Biolink agree with the alignments and with the view."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF

from ldnkg.exports.query_library.writer import PREFIX
from support.paths import ROOT
from support.querying import by_hand
from support.questions import ANSWERS, HERE, cases
from support.views import BIOLINK, LDN, NEEDED, viewed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Table = set[tuple[str, ...]]
    Expand = Callable[[str], str]

QUESTIONS = {name: question for name, question in HERE.items() if "Biolink" in question.keywords}
EDGES = [path for name, path in cases() if name == "biolink-edges"]
TABLE = re.compile(r"VALUES \(([^)]+)\) (\{.+?\n +\})", re.DOTALL)
LINKS = "rdfs:subPropertyOf|skos:exactMatch|skos:closeMatch|skos:broadMatch"
IS_BIOLINK = "FILTER (STRSTARTS(STR(?{}), STR(biolink:)))"
# A pattern over the alignments for each table in the questions, by the variables of the table.
PATTERNS = {
    ("level", "knowledgeLevel"): "?level biolink:knowledge_level ?knowledgeLevel",
    ("relation", "ofRelation"): "?relation a ldn:ClaimRelation ; biolink:object_direction_qualifier ?ofRelation",
    ("relation", "special"): "?relation a ldn:ClaimRelation ; biolink:category ?special",
    (
        "relation",
        "counterpart",
    ): f"?relation a ldn:ClaimRelation ; {LINKS} ?counterpart . {IS_BIOLINK.format('counterpart')}",
    ("relation", "qualifier", "value"): f"""?relation a ldn:ClaimRelation ; ?qualifier ?value .
        {IS_BIOLINK.format("qualifier")} FILTER (?qualifier != biolink:category)""",
    ("relation", "predicate", "status"): f"""?relation a ldn:ClaimRelation ; {LINKS} ?predicate .
        FILTER (STRSTARTS(STR(?predicate), STR(biolink:)) && CONTAINS(STR(?predicate), "treat"))
        OPTIONAL {{ ?relation biolink:clinical_approval_status ?status }}""",
    # For each type that an entity has: the nearest category that is not a mixin.
    ("class", "match", "category"): f"""?thing a ?class . ?class rdfs:subClassOf* ?wide, ?near .
        FILTER (?wide IN (ldn:Entity, ldn:Work))
        ?near ?match ?category . FILTER (?match IN (rdfs:subClassOf, skos:closeMatch))
        {IS_BIOLINK.format("category")} FILTER (?category != biolink:ChemicalOrDrugOrTreatment)
        FILTER NOT EXISTS {{
          ?class rdfs:subClassOf* ?nearer . ?nearer rdfs:subClassOf+ ?near ; rdfs:subClassOf|skos:closeMatch ?other .
          {IS_BIOLINK.format("other")} FILTER (?other != biolink:ChemicalOrDrugOrTreatment)
        }}""",
}


@pytest.fixture(scope="module")
def store(files: dict[str, bytes]) -> ox.Store:
    """Return a store with the published graph and the Biolink alignment."""
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    store.load(path=ROOT / "ontology" / "alignments" / "biolink.ttl", format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def biolink() -> rdflib.Graph:
    """Return the Biolink view."""
    return viewed("biolink")


def rows(store: ox.Store, names: tuple[str, ...], where: str) -> Table:
    prologue = {short: iri for question in HERE.values() for short, iri in PREFIX.findall(question.text)}
    select = " ".join(f"?{name}" for name in names)
    answer = store.query(f"SELECT DISTINCT {select} WHERE {{ {where} }}", prefixes=prologue)
    assert isinstance(answer, ox.QuerySolutions)
    return {tuple(term.value if term else "" for term in row) for row in answer}


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_table_in_a_question_agrees_with_the_alignments(name: str, store: ox.Store) -> None:
    tables = TABLE.findall(QUESTIONS[name].text)
    assert tables
    for variables, values in tables:
        names = tuple(re.findall(r"\w+", variables))
        written = rows(store, names, f"VALUES ({variables}) {values}")
        assert written == rows(store, names, PATTERNS[names]), names
        assert values.count("(") == len(written), "a row is repeated"


def test_the_claims_agree_with_the_view(biolink: rdflib.Graph, expand: Expand) -> None:
    head, found = by_hand(ANSWERS / "claims-in-biolink.csv", expand)
    said = [dict(zip(head, row, strict=True)) for row in found]
    assert {rdflib.URIRef(row["claim"]) for row in said} == set(biolink.subjects(LDN.certainty))
    keys = {
        "subject": RDF.subject,
        "predicate": RDF.predicate,
        "object": RDF.object,
        "relation": BIOLINK.original_predicate,
        "direction": BIOLINK.object_direction_qualifier,
        "knowledgeLevel": BIOLINK.knowledge_level,
        "agentType": BIOLINK.agent_type,
    }
    for row in said:
        claim = rdflib.URIRef(row["claim"])
        assert {key: row[key] for key in keys} == {key: str(biolink.value(claim, p) or "") for key, p in keys.items()}


@pytest.mark.parametrize("path", EDGES, ids=lambda path: path.stem)
def test_the_edges_are_in_the_view_and_have_the_required_properties(
    path: Path, biolink: rdflib.Graph, expand: Expand
) -> None:
    _, found = by_hand(path, expand)
    assert found.keys() <= {tuple(map(str, triple)) for triple in without_decimals(biolink)}
    claims = {subject for subject, key, _ in found if key == str(RDF.subject)}
    assert claims
    for claim in claims:
        keys = {key for subject, key, _ in found if subject == claim}
        assert keys >= {
            str(key) for key in (RDF.predicate, RDF.object, LDN.certainty, *(BIOLINK[slot] for slot in NEEDED))
        }


def without_decimals(graph: rdflib.Graph) -> list[tuple[object, ...]]:
    """Return the triples, with each number in its shortest form, as in answers."""
    return [(s, p, f"{float(o):g}" if isinstance(o, rdflib.Literal) and o.datatype else o) for s, p, o in graph]
