"""The graph contains exactly the facts of the lists that were written from the article by hand."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.paths import DATA, ROOT

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = DATA / "answers"
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX ldn: <https://w3id.org/ldn-kg/ontology#>
PREFIX prism: <http://prismstandard.org/namespaces/basic/2.0/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# The keys whose properties have other names.
KEYS = {"hasPublicationYear": "year", "hasPubMedId": "pmid", "modified": "updated", "alternative": "pageHeading"}
BY = {"article": "SourceClaim", "curator": "CuratorClaim"}
INFERENCE = "http://purl.obolibrary.org/obo/ECO_0000305"


@pytest.fixture(scope="module")
def store(files: dict[str, bytes]) -> ox.Store:
    """A store with the published Turtle alone."""
    made = ox.Store()
    made.extend(ox.parse(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE))
    return made


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query(PREFIXES + query)
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple("" if value is None else str(getattr(value, "value", value)) for value in row) for row in answer]


def local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


@pytest.fixture(scope="module")
def curies() -> dict[str, str]:
    """The CURIE of each external term, by slug."""
    return {row["slug"]: row["curie"] for row in _table(ROOT / "data" / "terms.tsv")}


def test_the_graph_has_every_fact_and_no_other(store: ox.Store, curies: dict[str, str]) -> None:
    expected = sorted(
        (
            _local(r["subject"], curies),
            r["relation"],
            _local(r["object"], curies),
            r["certainty"],
            BY[r["by"]],
            r["sentence"],
        )
        for r in _table(ANSWERS / "facts.tsv")
    )
    query = """SELECT ?claim ?s ?p ?o ?level ?by ?number
        WHERE {
          ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; ldn:certainty ?level .
          ?claim a ?by ; prov:wasDerivedFrom/ldn:number ?number
          VALUES ?by { ldn:SourceClaim ldn:CuratorClaim }
        } ORDER BY ?number"""
    found: dict[tuple[str, ...], list[str]] = {}
    for row in rows(store, query):
        found.setdefault(tuple(map(local, row[:6])), []).append(row[6])
    assert sorted((*key[1:], " ".join(numbers)) for key, numbers in found.items()) == expected


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _local(name: str, curies: dict[str, str]) -> str:
    if name not in curies:
        return name.rpartition(":")[2]
    prefix, _, number = curies[name].partition(":")
    return number if prefix in {"UniProtKB", "MESH", "WIKIDATA", "unit"} else f"{prefix}_{number}"


def test_the_graph_has_every_qualifier_and_no_other(store: ox.Store, curies: dict[str, str]) -> None:
    expected = sorted((r["claim"], r["key"], _local(r["value"], curies)) for r in _table(ANSWERS / "qualifiers.tsv"))
    found = rows(
        store,
        """SELECT ?claim ?key ?value {
          ?claim a ldn:Claim ; ?key ?value
          FILTER (STRSTARTS(STR(?key), STR(ldn:)))
          FILTER (?key NOT IN (ldn:certainty, ldn:evidence, ldn:hedge, ldn:outsideHedge, ldn:doseStatedIn))
        }""",
    )
    assert sorted(tuple(map(local, row)) for row in found) == expected


def test_exactly_the_claims_of_curators_have_the_evidence_code_of_an_inference(store: ox.Store) -> None:
    found = rows(store, "SELECT ?by ?code { ?claim a ?by ; ldn:evidence ?code }")
    kinds = {(local(by), code == INFERENCE) for by, code in found if local(by) in BY.values()}
    assert kinds == {("SourceClaim", False), ("CuratorClaim", True)}


def test_no_claim_of_a_curator_has_a_hedge_of_the_article(store: ox.Store) -> None:
    assert rows(store, "SELECT ?claim { ?claim a ldn:CuratorClaim ; ldn:hedge ?hedge }") == []


def test_regimens_mechanisms_concepts_and_works_have_every_fact_and_no_other(
    store: ox.Store, curies: dict[str, str]
) -> None:
    table = _table(ANSWERS / "entities.tsv")
    expected = sorted((_local(r["entity"], curies), r["key"], _local(r["value"], curies)) for r in table)
    found = rows(
        store,
        """SELECT ?entity ?key ?value
        WHERE {
          {
            VALUES ?kind { ldn:Regimen ldn:Concept ldn:Mechanism ldn:Article ldn:CitedWork }
            ?entity a ?kind ; ?property ?value .
            FILTER (?property IN (
              skos:altLabel, skos:broader, ldn:ingredient, ldn:includes, ldn:coTreatment, ldn:doseMinimum,
              ldn:doseMaximum, ldn:doseUnit, ldn:doseUcum, ldn:frequency, ldn:definedIn, ldn:effect, ldn:responseTo,
              ldn:populationTakes, ldn:populationCondition, ldn:authors,
              dcterms:date, dcterms:alternative, dcterms:modified, ldn:accessed,
              fabio:hasPublicationYear, fabio:hasPubMedId, prism:doi, prism:issn))
            BIND (STR(?property) AS ?key)
          } UNION {
            ?entity ldn:step ?step . ?step ldn:position ?position ; ldn:stepClaim ?value .
            BIND (CONCAT("step ", STR(?position)) AS ?key)
          }
        }""",
    )
    short = [(local(e), KEYS.get(local(k), local(k)), _shorten(v)) for e, k, v in found]
    assert sorted(short) == expected


def _shorten(value: str) -> str:
    return value.rpartition("/")[2].removeprefix("ontology#") if value.startswith("http") else value


def test_low_dose_is_one_to_five_milligrams_a_day(store: ox.Store) -> None:
    found = rows(
        store,
        """SELECT ?drug ?low ?high ?unit ?ucum ?number
        WHERE {
          ?regimen ldn:ingredient ?drug ; ldn:doseMinimum ?low ; ldn:doseMaximum ?high .
          ?regimen ldn:doseUnit ?unit ; ldn:doseUcum ?ucum ; ldn:definedIn/ldn:number ?number
        }
        ORDER BY ?number""",
    )
    dose = ("http://purl.obolibrary.org/obo/CHEBI_7465", "1", "5", "http://qudt.org/vocab/unit/MilliGM-PER-DAY", "mg/d")
    assert found == [(*dose, "10"), (*dose, "16")]


@pytest.mark.parametrize(
    "outcome", ["analgesia", "anti-inflammation", "neuroinflammatory pain", "Toll-like receptor 4", "fibromyalgia"]
)
def test_no_outcome_of_the_regimen_is_claimed_for_the_drug(store: ox.Store, outcome: str) -> None:
    of = "SELECT ?claim { ?claim rdf:subject %s ; rdf:object/rdfs:label '%s'@en }"
    assert rows(store, of % ("<https://w3id.org/ldn-kg/regimen/low-dose-naltrexone>", outcome)) != []
    assert rows(store, of % ("<http://purl.obolibrary.org/obo/CHEBI_7465>", outcome)) == []


def test_no_mechanism_ends_at_a_disease(store: ox.Store) -> None:
    found = rows(store, "SELECT ?mechanism ?condition { ?mechanism a ldn:Mechanism ; ldn:condition ?condition }")
    assert sorted((local(m), local(c)) for m, c in found) == [
        ("microglial-inhibition", "neuroinflammatory-pain"),
        ("opioid-rebound", "neuroinflammatory-pain"),
        ("tlr4-antagonism", "neuroinflammatory-pain"),
    ]


def test_only_one_mechanism_has_a_receptor(store: ox.Store) -> None:
    found = rows(store, "SELECT ?mechanism ?receptor { ?mechanism ldn:receptor ?receptor }")
    assert [(local(m), local(r)) for m, r in found] == [("tlr4-antagonism", "O00206")]
