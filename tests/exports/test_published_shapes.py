"""The published graph conforms to the published shapes in several SHACL engines, and each finds planted faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest
from rdflib.namespace import RDFS

from support.paths import ROOT
from support.shacl_engines import ENGINES, SHACL_PYTHON

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.mark.structures import ParameterSet

BASE = "https://w3id.org/ldn-kg/"
NAMED = pytest.mark.skipif(not SHACL_PYTHON, reason="no Python with further SHACL engines is named in LDNKG_SHACL")
MARKS = {
    "pyshacl": [pytest.mark.thorough],  # It takes ten seconds; the prefiltered one gives the same results.
    "rudof": [pytest.mark.external, NAMED],
    "topbraid": [pytest.mark.external, NAMED],
}


class Fault(NamedTuple):
    """A triple that is wrong in the published graph, and the rule that must refuse it."""

    rule: str
    triple: str


LDN, SKOS = f"{BASE}ontology#", "http://www.w3.org/2004/02/skos/core#"
NALTREXONE, FIBROMYALGIA = "<http://purl.obolibrary.org/obo/CHEBI_7465>", "<http://purl.obolibrary.org/obo/HP_0020036>"
LOW_DOSE, ORALLY = f"<{BASE}regimen/low-dose-naltrexone>", f"<{BASE}claim/naltrexone-is-taken-orally>"
SENTENCE = f"<{BASE}source/naltrexone-to-treat-pain#s12>"
FACT, MATCH = "published-fact-without-claim", "published-match-without-mapping"
FAULTS = {
    "a hypothesis as a fact": Fault(FACT, f"{LOW_DOSE} <{LDN}antagonises> <http://purl.uniprot.org/uniprot/O00206>"),
    "an effect of the low dose as one of the drug": Fault(FACT, f"{NALTREXONE} <{LDN}studiedIn> {FIBROMYALGIA}"),
    "a fact about a sentence": Fault(FACT, f"{SENTENCE} <{LDN}isKindOf> <{BASE}concept/analgesia>"),
    "a citation that the article lacks": Fault(
        FACT, f"<{BASE}source/naltrexone-to-treat-pain> <http://purl.org/spar/cito/citesAsEvidence> {ORALLY}"
    ),
    "a match without a mapping": Fault(
        MATCH, f"{NALTREXONE} <{SKOS}exactMatch> <http://purl.obolibrary.org/obo/CHEBI_7459>"
    ),
    "a stronger match than the mapping": Fault(MATCH, f"{LOW_DOSE} <{SKOS}exactMatch> {NALTREXONE}"),
    "a related match without a mapping": Fault(MATCH, f"{NALTREXONE} <{SKOS}relatedMatch> {FIBROMYALGIA}"),
    "an unknown key of a claim": Fault("claim-key-out-of-place", f"{ORALLY} <{LDN}rank> 5"),
    "an unknown key of a term": Fault("term-key-out-of-place", f"{NALTREXONE} <{LDN}certainty> <{LDN}established>"),
    "an unknown key of a regimen": Fault("regimen-key-out-of-place", f"{LOW_DOSE} <{LDN}rank> 5"),
    "a second label": Fault("claim-label-repeated", f"{ORALLY} <{RDFS.label}> 'Naltrexone is a tablet'@en"),
}


@pytest.fixture(scope="module")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the published graph and its shapes."""
    folder = tmp_path_factory.mktemp("published")
    for name in ("ldn-kg.ttl", "shapes.ttl"):
        (folder / name).write_bytes(files[name])
    return folder


def plant(folder: Path, *names: str) -> Path:
    """Return the published graph with these faults, which it must not have had."""
    graph = (folder / "ldn-kg.ttl").read_text("utf-8")
    lines = "".join(f"{FAULTS[name].triple} .\n" for name in names)
    planted = {quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.TURTLE)}
    assert not planted & {quad.triple for quad in ox.parse(graph, format=ox.RdfFormat.TURTLE)}
    (folder / "planted.ttl").write_text(graph + lines, "utf-8")
    return folder / "planted.ttl"


def each() -> list[ParameterSet]:
    return [pytest.param(name, marks=MARKS.get(name, []), id=name) for name in ENGINES]


@pytest.mark.parametrize("engine", each())
def test_the_published_graph_conforms_to_the_published_shapes(folder: Path, engine: str) -> None:
    assert ENGINES[engine](folder / "ldn-kg.ttl", folder / "shapes.ttl") == set()


@pytest.mark.parametrize("engine", each())
def test_every_engine_finds_the_faults(folder: Path, engine: str) -> None:
    expected = {fault.rule for fault in FAULTS.values()}
    assert ENGINES[engine](plant(folder, *FAULTS), folder / "shapes.ttl") == expected


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_violates_its_rule(folder: Path, fault: str) -> None:
    assert ENGINES["shacl"](plant(folder, fault), folder / "shapes.ttl") == {FAULTS[fault].rule}


def test_every_rule_of_the_published_graph_has_a_fault(files: dict[str, bytes]) -> None:
    named = {quad.subject for quad in ox.parse(files["shapes.ttl"], format=ox.RdfFormat.TURTLE) if is_rule(quad)}
    rules = {node.value.partition("#")[2] for node in named if isinstance(node, ox.NamedNode)}
    assert rules == {fault.rule for fault in FAULTS.values() if fault.rule.startswith("published-")}


def is_rule(quad: ox.Quad) -> bool:
    return "#published-" in str(quad.subject) and quad.predicate.value.endswith("#sparql")


def test_the_rules_of_the_records_remain_in_the_published_shapes(files: dict[str, bytes]) -> None:
    """Only triples are added: properties that closed shapes allow, and rules. No rule is weakened or removed."""
    stated = b"\n".join(path.read_bytes() for path in sorted((ROOT / "shapes").glob("*.ttl")))
    assert files["shapes.ttl"].startswith(stated)
