"""The HTML pages show every term, rule and claim, have no broken links, and are valid."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import pytest
import rdflib
from rdflib.namespace import RDFS, SH, SKOS

from support.html import VNU, break_page, find_invalid, parsed, shown, text
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    Nodes = dict[str, dict[str, list[tuple[str, str]]]]

LDN = rdflib.Namespace("https://w3id.org/ldn-kg/ontology#")
PAGES = ("index.html", "ontology.html")
ALL_PAGES = (*PAGES, "questions.html")
ALIGNED = (
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    *(SKOS[f"{how}Match"] for how in ("exact", "close", "broad", "narrow", "related")),
)


@pytest.fixture(scope="module")
def terms(files: dict[str, bytes]) -> Nodes:
    return shown(files, "ontology.html")


@pytest.fixture(scope="module")
def things(files: dict[str, bytes]) -> Nodes:
    return shown(files, "index.html")


@pytest.fixture(scope="module")
def whole(files: dict[str, bytes]) -> rdflib.Graph:
    """The ontology with its alignments and rules, read by rdflib."""
    graph = rdflib.Graph()
    for name in files:
        if name.startswith("alignments/") or name in {"ontology.ttl", "shapes.ttl"}:
            graph.parse(data=files[name], format="turtle")
    return graph


def own(whole: rdflib.Graph) -> list[rdflib.URIRef]:
    found = {rdflib.URIRef(str(term)) for term in whole.subjects(SKOS.definition) if str(term).startswith(str(LDN))}
    assert len(found) > 100
    return sorted(found)


def hrefs(node: dict[str, list[tuple[str, str]]]) -> set[str]:
    return {href for values in node.values() for _, href in values}


def test_every_term_is_shown_with_its_definition_and_its_example(terms: Nodes, whole: rdflib.Graph) -> None:
    for term in own(whole):
        node = terms[term.removeprefix(LDN)]
        assert [words for words, _ in node["definition"]] == [str(whole.value(term, SKOS.definition))]
        assert len(node["example"]) == len(set(whole.objects(term, SKOS.example))) >= 1
        assert all(href for _, href in node["example"])


def test_every_alignment_is_shown_or_the_reason_for_none(terms: Nodes, whole: rdflib.Graph) -> None:
    for term in own(whole):
        node = terms[term.removeprefix(LDN)]
        outside = {
            str(target)
            for how in ALIGNED
            for target in whole.objects(term, how)
            if not str(target).startswith(str(LDN))
        }
        assert outside <= hrefs(node), term
        reasons = {str(reason) for reason in whole.objects(term, SKOS.editorialNote)}
        assert outside or reasons
        assert reasons <= {words for words, _ in node.get("note", [])}


def rules_of(term: rdflib.URIRef, whole: rdflib.Graph) -> set[str]:
    """Return the rules about the term in SHACL Core: those with its path, and those of its instances."""
    shapes = set(whole.subjects(SH.targetClass, term))
    found = set(whole.subjects(SH.path, term)) | shapes | {r for s in shapes for r in whole.objects(s, SH.property)}
    return {
        str(rule).partition("#")[2] for rule in found if isinstance(rule, rdflib.URIRef) and has_message(rule, whole)
    }


def has_message(rule: rdflib.URIRef, whole: rdflib.Graph) -> bool:
    """Return whether it is a rule; a property shape without a message only names a key that a closed shape allows."""
    return any(whole.objects(rule, SH.message)) or any(whole.objects(rule, SH.sparql / SH.message))


def test_every_rule_is_shown_with_its_terms(terms: Nodes, whole: rdflib.Graph) -> None:
    count = 0
    for term in own(whole):
        node = terms[term.removeprefix(LDN)]
        rules = {href.partition("#")[2] for _, href in node.get("rules", [])}
        assert rules_of(term, whole) <= rules, term
        count += len(rules)
        assert all(f"ontology.html#{term.removeprefix(LDN)}" in hrefs(terms[rule]) for rule in rules)
    assert count > 300
    named = {rule for rule in whole.subjects(SH.message) if isinstance(rule, rdflib.URIRef)}
    assert {rule.partition("#")[2] for rule in named} <= terms.keys()


def test_one_term_is_shown_as_read_by_hand(terms: Nodes) -> None:
    """The values of antagonism, read from the ontology and the article."""
    node = terms["antagonises"]
    assert ("acts on", "ontology.html#actsOn") in node["subproperty of"]
    assert node["subject"] == [("intervention", "ontology.html#Intervention")]
    assert node["object"] == [("receptor", "ontology.html#Receptor")]
    assert node["direction of effect"] == [("-1", "")]
    assert node["claims with this relation"] == [("2", "")]
    assert ("ro:0018029", "http://purl.obolibrary.org/obo/RO_0018029") in node["close match"]
    assert node["biolink:object_direction_qualifier"] == [("decreased", "")]
    assert "dataset-subject-of-wrong-kind" in {href.partition("#")[2] for _, href in node["rules"]}
    assert ("acted on by", "ontology.html#actedOnBy") in terms["actsOn"]["inverse of"]
    assert ("regimen", "ontology.html#Regimen") in terms["Condition"]["disjoint with"]
    assert [words for words, _ in terms["established"]["rank"]] == ["5"]


def test_every_claim_is_shown_at_its_certainty(things: Nodes) -> None:
    """Compare with the relations and certainties in the list of facts, which was written by hand."""
    rows = csv.DictReader(
        (ROOT / "tests" / "data" / "answers" / "facts.tsv").read_text("utf-8").splitlines(), delimiter="\t"
    )
    expected = Counter((row["relation"], row["certainty"]) for row in rows)
    claims = [node for name, node in things.items() if name.startswith("claim/")]
    assert Counter((local(node["relation"]), node["certainty"][0][0]) for node in claims) == expected
    assert all(len(node["certainty"]) == 1 for node in claims)


def local(values: list[tuple[str, str]]) -> str:
    ((_, href),) = values
    return re.split("[#/]", href)[-1]


def test_the_page_has_no_bare_triple_that_the_graph_lacks(things: Nodes) -> None:
    """The page shows plain triples of established claims only, and no hypothesis about the regimen."""
    regimen = things["regimen/low-dose-naltrexone"]
    relations = {
        words: node for words, node in regimen.items() if words in {"antagonises", "inhibits", "decreases", "blocks"}
    }
    assert relations == {}
    assert {words for words, _ in regimen["studied in"]} == {
        "complex regional pain syndrome",
        "fibromyalgia",
        "inflammatory bowel disease",
        "multiple sclerosis",
    }
    assert [words for words, _ in things["CHEBI:7465"]["antagonises"]] == ["mu-opioid receptor"]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_the_publication_resolves(files: dict[str, bytes], name: str) -> None:
    anchors = {page: {element.get("id") for element in parsed(files, page).iter()} for page in PAGES}
    links = {element.get("href", "") for element in parsed(files, name).iter("a")}
    inside = {link for link in links if "://" not in link}
    assert len(inside) > 100
    assert {link for link in inside if not leads(link, name, files, anchors)} == set()
    assert not leads("index.html#claim/no-such-claim", name, files, anchors)


@pytest.mark.parametrize("name", ALL_PAGES)
def test_every_page_says_that_it_is_not_medical_advice(files: dict[str, bytes], name: str) -> None:
    (header,) = parsed(files, name).iter("header")
    assert "This is not medical advice." in text(header)


def leads(link: str, here: str, files: dict[str, bytes], anchors: dict[str, set[str | None]]) -> bool:
    file, anchor = urldefrag(link)
    return (file or here) in files and (not anchor or unquote(anchor) in anchors[file or here])


@pytest.mark.parametrize("name", PAGES)
def test_anchors_are_unique(files: dict[str, bytes], name: str) -> None:
    found = [element.get("id") for element in parsed(files, name).iter() if element.get("id")]
    assert len(found) == len(set(found)) > 200


def test_the_page_embeds_the_description_for_search_engines(files: dict[str, bytes]) -> None:
    (script,) = parsed(files, "index.html").iter("script")
    read = [rdflib.Graph().parse(data=data, format="json-ld") for data in (script.text, files["schema.jsonld"])]
    assert set(read[0]) == set(read[1])


@pytest.mark.external
@pytest.mark.skipif(not (VNU and shutil.which("java")), reason="no HTML checker is named in LDNKG_VNU, or no Java")
def test_the_pages_are_valid(files: dict[str, bytes], tmp_path: Path) -> None:
    pages = {name: files[name] for name in PAGES} | {"broken.html": break_page(files["index.html"])}
    assert find_invalid(pages, tmp_path) == {"broken.html"}


def test_a_claim_without_the_dose_links_to_the_sentence_that_states_it(things: Nodes) -> None:
    claim = things["claim/combination-is-associated-with-a-lower-opioid-dose"]
    assert [link.rpartition("#")[2] for _, link in claim["dose stated in"]] == ["source/naltrexone-to-treat-pain%23s10"]
    assert "dose stated in" not in things["claim/low-dose-naltrexone-produces-analgesia"]
