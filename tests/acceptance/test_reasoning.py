"""Reasoners find the ontology and the data consistent and in OWL 2 DL, and find each planted contradiction."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import owlready2
import owlrl
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS

from ldnkg.files import read_turtle
from ldnkg.rdf.rdflib_bridge import to_rdflib
from support.paths import ROOT
from support.servers import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable


LDN = rdflib.Namespace("https://w3id.org/ldn-kg/ontology#")
NALTREXONE = rdflib.URIRef("http://purl.obolibrary.org/obo/CHEBI_7465")
CONTRADICTIONS = sorted((ROOT / "tests" / "data" / "contradictions").glob("*.ttl"))
JAR = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed")
java = pytest.mark.external


def triples_of(path: Path) -> rdflib.Graph:
    return to_rdflib(read_turtle(path))


def world_of(graphs: Iterable[rdflib.Graph], folder: Path) -> owlready2.World:
    """Load the graphs as one ontology into a new world."""
    whole = rdflib.Graph()
    for graph in graphs:
        whole += graph
    path = folder / "whole.nt"
    path.write_bytes(whole.serialize(format="nt", encoding="utf-8"))
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load(format="ntriples")
    return world


def verdict(graphs: Iterable[rdflib.Graph], folder: Path) -> tuple[bool, set[str], owlready2.World]:
    """Run HermiT: whether the graphs are consistent, the unsatisfiable classes, and the world with the inferences."""
    world = world_of(graphs, folder)
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True)
    except owlready2.OwlReadyInconsistentOntologyError:
        return False, set(), world
    return True, {found.iri for found in world.inconsistent_classes()} - {str(OWL.Nothing)}, world


def bare(graph: rdflib.Graph, *, all_of_them: bool) -> rdflib.Graph:
    """The bare triples of all claims, or only of those that are established."""
    found = rdflib.Graph()
    for claim in graph.subjects(RDF.type, LDN.Claim):
        if all_of_them or (claim, LDN.certainty, LDN.established) in graph:
            parts = [graph.value(claim, part) for part in (RDF.subject, RDF.predicate, RDF.object)]
            found.add((parts[0], parts[1], parts[2]))  # type: ignore[arg-type]
    return found


@java
@needs_java
def test_ontology_and_data_are_consistent_and_every_class_is_satisfiable(
    published: rdflib.Graph, tmp_path: Path
) -> None:
    consistent, empty, world = verdict([published], tmp_path)
    assert (consistent, empty) == (True, set())
    claims = set(published.subjects(RDF.type, LDN.Claim))
    assert {one.iri for one in world[str(LDN.Claim)].instances()} == {str(claim) for claim in claims}
    assert len(claims) > 1


@java
@needs_java
def test_the_reasoner_draws_the_intended_conclusions(published: rdflib.Graph, tmp_path: Path) -> None:
    _, _, world = verdict([published], tmp_path)
    receptor = world["http://purl.uniprot.org/uniprot/P35372"]
    toll = world["http://purl.uniprot.org/uniprot/O00206"]
    assert [one.iri for one in receptor.actedOnBy] == [str(NALTREXONE)]
    assert toll.actedOnBy == []
    assert {one.name for one in world[str(LDN.established)].surerThan} >= {"supported", "associated", "hypothesised"}


@java
@needs_java
def test_the_bare_triples_of_all_claims_are_consistent(published: rdflib.Graph, tmp_path: Path) -> None:
    everything = bare(published, all_of_them=True)
    assert len(everything - published) > 1
    assert verdict([published, everything], tmp_path)[:2] == (True, set())


@java
@needs_java
def test_ontology_data_and_alignments_are_consistent_and_owl_2_dl(published: rdflib.Graph, tmp_path: Path) -> None:
    alignments = [triples_of(path) for path in sorted((ROOT / "ontology" / "alignments").glob("*.ttl"))]
    assert len(alignments) > 1
    assert verdict([published, *alignments], tmp_path)[:2] == (True, set())
    whole = [triples_of(ROOT / "ontology" / "ldn.ttl"), *map(axioms, alignments)]
    assert violations(as_rdfxml(whole, tmp_path / "whole.owl")) == []


def axioms(graph: rdflib.Graph) -> rdflib.Graph:
    """An alignment without its ontology header, because one file may contain only one ontology."""
    own = set(graph.subjects(RDF.type, OWL.Ontology))
    rest = rdflib.Graph()
    rest += (triple for triple in graph if triple[0] not in own)
    return rest


@java
@needs_java
@pytest.mark.parametrize("path", CONTRADICTIONS, ids=lambda path: path.stem)
def test_a_planted_contradiction_is_found(core: rdflib.Graph, tmp_path: Path, path: Path) -> None:
    """A contradiction in a part is one in the whole, so a part of the publication is enough and takes less time."""
    assert contradicts_itself(as_rdfxml([core, triples_of(path)], tmp_path / "planted.owl"))


@java
@needs_java
def test_no_contradiction_is_found_if_none_is_planted(core: rdflib.Graph, tmp_path: Path) -> None:
    assert not contradicts_itself(as_rdfxml([core], tmp_path / "core.owl"))


@pytest.fixture(scope="module")
def core(published: rdflib.Graph) -> rdflib.Graph:
    """The publication without mappings and ledger, which are half of its individuals."""
    kept = rdflib.Graph()
    kept += (triple for triple in published if not str(triple[0]).startswith((f"{BASE}mapping/", f"{BASE}source/")))
    assert len(kept) < len(published)
    return kept


def contradicts_itself(path: Path) -> bool:
    """Whether HermiT, run in this process, finds the ontology inconsistent or a class unsatisfiable."""
    import jpype

    jvm()
    hermit = jpype.JPackage("org").semanticweb.HermiT
    settings = hermit.Configuration()
    settings.ignoreUnsupportedDatatypes = True
    reasoner = hermit.Reasoner(settings, load_ontology(path))
    return not reasoner.isConsistent() or reasoner.getUnsatisfiableClasses().getSize() > 1  # owl:Nothing is one.


@cache
def jvm() -> Any:  # noqa: ANN401
    """Start Java with the OWL API that HermiT contains, and return the package of the API."""
    import jpype

    if not jpype.isJVMStarted():
        jpype.startJVM(classpath=[str(JAR)])
    return jpype.JPackage("org").semanticweb.owlapi


def violations(path: Path) -> list[str]:
    """The violations of the OWL 2 DL profile that the OWL API finds in an ontology file."""
    report = jvm().profiles.OWL2DLProfile().checkOntology(load_ontology(path))
    return sorted(str(found) for found in report.getViolations())


def load_ontology(path: Path) -> Any:  # noqa: ANN401
    """Load an ontology file with the OWL API."""
    import jpype

    manager = jvm().apibinding.OWLManager.createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(path)))
    assert ontology.getAxiomCount() > 1
    return ontology


def as_rdfxml(graphs: Iterable[rdflib.Graph], path: Path) -> Path:
    whole = rdflib.Graph()
    for graph in graphs:
        whole += graph
    path.write_bytes(whole.serialize(format="xml", encoding="utf-8"))
    return path


@java
@needs_java
def test_the_ontology_is_owl_2_dl(tmp_path: Path) -> None:
    ontology = triples_of(ROOT / "ontology" / "ldn.ttl")
    assert violations(as_rdfxml([ontology], tmp_path / "ontology.owl")) == []


@java
@needs_java
@pytest.mark.parametrize(
    "fault",
    [
        (LDN.step, RDF.type, OWL.DatatypeProperty),
        (LDN.surerThan, RDF.type, OWL.IrreflexiveProperty),
        (LDN.Claim, RDFS.subClassOf, RDF.Statement),
        (LDN.Claim, RDFS.subClassOf, LDN.NotDeclared),
    ],
    ids=["two kinds of property", "irreflexive and transitive", "a reserved class", "an undeclared class"],
)
def test_a_violation_of_owl_2_dl_is_found(tmp_path: Path, fault: tuple[rdflib.URIRef, ...]) -> None:
    ontology = triples_of(ROOT / "ontology" / "ldn.ttl")
    ontology.add((fault[0], fault[1], fault[2]))
    assert violations(as_rdfxml([ontology], tmp_path / "ontology.owl"))


def closure(graph: rdflib.Graph) -> rdflib.Graph:
    """The graph with its OWL 2 RL closure."""
    whole = rdflib.Graph()
    whole += graph
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(whole)
    return whole


def leaks(published: rdflib.Graph, closed: rdflib.Graph) -> set[tuple[str, ...]]:
    """The triples with a relation of claims that the closure contains and that follow from no established claim."""
    relations = set(published.subjects(RDF.type, LDN.ClaimRelation))
    established = bare(published, all_of_them=False)
    stated = {(s, p, o) for s, p, o in closed if p in relations and not isinstance(o, rdflib.Literal)}
    wider = {(s, q, o) for s, p, o in established for q in published.transitive_objects(p, RDFS.subPropertyOf)}
    return {tuple(map(str, triple)) for triple in stated - wider}


@pytest.fixture(scope="module")
def closed(published: rdflib.Graph) -> rdflib.Graph:
    """The OWL 2 RL closure of the publication. Tests must not change it."""
    return closure(published)


def test_the_owl_rl_closure_states_only_triples_of_established_claims(
    published: rdflib.Graph, closed: rdflib.Graph
) -> None:
    assert len(closed) > len(published)
    assert leaks(published, closed) == set()
    assert (rdflib.URIRef("http://purl.uniprot.org/uniprot/P35372"), LDN.actedOnBy, NALTREXONE) in closed


def test_no_effect_of_the_regimen_reaches_the_molecule(published: rdflib.Graph, closed: rdflib.Graph) -> None:
    """If all claims about the regimens were facts, nothing would follow for the drug."""
    regimens = set(published.subjects(RDF.type, LDN.Regimen))
    supposed = rdflib.Graph()
    supposed += (t for t in bare(published, all_of_them=True) if t[0] in regimens)
    before = set(closed.triples((NALTREXONE, None, None)))
    after = set(closure(without_sources(published) + supposed).triples((NALTREXONE, None, None)))
    assert len(supposed) > 1
    assert after - before == set()


LEAKS = {
    "a regimen is the same as its ingredient": (LDN.ingredient, RDFS.subPropertyOf, OWL.sameAs),
    "studied in implies approved for": (LDN.studiedIn, RDFS.subPropertyOf, LDN.approvedFor),
}


@pytest.mark.parametrize("fault", LEAKS)
def test_a_leaking_axiom_is_found(published: rdflib.Graph, fault: str) -> None:
    spoilt = without_sources(published)
    spoilt.add(LEAKS[fault])
    assert leaks(published, closure(spoilt))


def without_sources(published: rdflib.Graph) -> rdflib.Graph:
    """The ontology, the bare triples and the ingredients: their closure takes a tenth of the time."""
    relations = set(published.subjects(RDF.type, LDN.ClaimRelation))
    kept = rdflib.Graph()
    for subject, predicate, value in published:
        if predicate in relations or predicate == LDN.ingredient or str(subject).startswith(str(LDN)):
            kept.add((subject, predicate, value))
    return kept
