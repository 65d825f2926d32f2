"""The alignments name terms that exist, and each view has every claim at its certainty."""

from __future__ import annotations

import csv
import re
import shutil
from importlib.resources import files as resources
from typing import TYPE_CHECKING, TypeAlias

import pytest
import rdflib
import yaml
from rdflib.namespace import OWL, PROV, RDF, RDFS, SDO, SKOS

from ldnkg.errors import LdnkgError
from ldnkg.exports.views.writer import FOLDER, construct_view, find_view, load_with_alignments
from ldnkg.paths import Home
from support.cli import run_in_process
from support.paths import ROOT
from support.views import BIOLINK, LDN, NEEDED

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from rdflib.term import Node

    Run = Callable[..., subprocess.CompletedProcess[str]]

CLAIM = rdflib.Namespace("https://w3id.org/ldn-kg/claim/")
NALTREXONE = rdflib.URIRef("http://purl.obolibrary.org/obo/CHEBI_7465")
VIEWS = sorted(path.stem for path in FOLDER.glob("*.rq"))
SEEN = ROOT / "ontology" / "alignments" / "seen.tsv"
READ_BY_HAND = ROOT / "tests" / "data" / "answers" / "views"
ALIGNMENTS = sorted((ROOT / "ontology" / "alignments").glob("*.ttl"))
LINKS = {RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty}
LINKS |= {SKOS[name] for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")}


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ROOT / "ontology" / "ldn.ttl")


@pytest.fixture(scope="module")
def alignments() -> rdflib.Graph:
    whole = rdflib.Graph()
    for path in ALIGNMENTS:
        whole.parse(path)
    return whole


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t"))


def links(alignments: rdflib.Graph) -> list[tuple[rdflib.URIRef, rdflib.URIRef, rdflib.URIRef]]:
    found = [(s, p, o) for s, p, o in alignments if p in LINKS and str(s).startswith(str(LDN))]
    return [(rdflib.URIRef(str(s)), rdflib.URIRef(str(p)), rdflib.URIRef(str(o))) for s, p, o in found]


def test_every_term_has_either_an_alignment_or_a_reason_for_none(
    ontology: rdflib.Graph, alignments: rdflib.Graph
) -> None:
    terms = {term for term in ontology.subjects(RDF.type) if str(term).startswith(str(LDN))}
    reasoned = {s for s in alignments.subjects(SKOS.editorialNote) if str(s).startswith(str(LDN))}
    linked = {link[0] for link in links(alignments)}
    assert linked & reasoned == set()
    assert linked | reasoned == terms


def test_classes_are_linked_with_classes_and_properties_with_properties(
    ontology: rdflib.Graph, alignments: rdflib.Graph
) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.AnnotationProperty)
    for term, how, external in links(alignments):
        own = next((kind for kind in kinds if (term, RDF.type, kind) in ontology), None)
        other = next((kind for kind in kinds if (external, RDF.type, kind) in alignments), None)
        if how in {RDFS.subClassOf, RDFS.subPropertyOf}:
            assert own == other is not None, (term, external)
        assert own is None or (own == OWL.Class) == (other == OWL.Class), (term, external)


Model: TypeAlias = dict[str, dict[str, dict[str, object]]]


@pytest.fixture(scope="module")
def model() -> Model:
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


def named(part: dict[str, dict[str, object]]) -> dict[str, str]:
    """Return the model's name of each class and slot, by its local name in IRIs."""
    return {name.replace(" ", "_"): name for name in part} | {
        "".join(word[0].upper() + word[1:] for word in name.split()): name for name in part
    }


def known(term: rdflib.URIRef, model: Model) -> bool:
    """Return whether the term is in the model, in a closed namespace of rdflib, or in the table of terms seen."""
    name = re.split(r"[#/]", str(term))[-1]
    if str(term).startswith(str(BIOLINK)):
        part = model["classes"] if name[0].isupper() else model["slots"]
        return name in named(part) and "deprecated" not in part[named(part)[name]]
    for namespace in (PROV, SDO):
        if str(term).startswith(str(namespace)):
            return term in namespace
    return any(row["term"].partition(":")[2] == re.split("[#/_]", str(term))[-1] for row in table(SEEN))


def test_every_external_term_exists(alignments: rdflib.Graph, model: Model) -> None:
    unseen = {external for _, _, external in links(alignments) if not known(external, model)}
    assert unseen == set()
    assert not known(BIOLINK.approved_to_treat, model)
    assert not known(rdflib.URIRef(str(SDO) + "noSuchTerm"), model)
    assert not known(rdflib.URIRef("http://semanticscience.org/resource/SIO_999999"), model)


def test_the_qualifiers_have_values_of_biolink(alignments: rdflib.Graph, model: Model) -> None:
    enums = {
        "object_direction_qualifier": "DirectionQualifierEnum",
        "causal_mechanism_qualifier": "CausalMechanismQualifierEnum",
        "object_aspect_qualifier": "GeneOrGeneProductOrChemicalEntityAspectEnum",
        "clinical_approval_status": "ClinicalApprovalStatusEnum",
        "knowledge_level": "KnowledgeLevelEnum",
    }
    for slot, enum in enums.items():
        found = {str(value) for value in alignments.objects(None, BIOLINK[slot])}
        values = model["enums"][enum]["permissible_values"]
        assert isinstance(values, dict)
        assert found
        assert found <= values.keys(), slot


def test_only_approved_use_is_aligned_with_treats(alignments: rdflib.Graph) -> None:
    assert {link[0] for link in links(alignments) if link[2] == BIOLINK.treats} == {LDN.approvedFor}


def test_the_alignments_add_no_plain_triple_of_a_claim_that_is_not_established(
    published: rdflib.Graph, alignments: rdflib.Graph
) -> None:
    """RDFS entailment from the alignments concerns only the pairs of established claims."""
    pairs = {
        (published.value(claim, RDF.subject), published.value(claim, RDF.object))
        for claim in published.subjects(LDN.certainty, LDN.established)
    }
    whole = published + alignments
    upper = [(s, o) for s, p, o in links(alignments) if p == RDFS.subPropertyOf]
    stated = {(s, o) for relation, _ in upper for s, o in whole.subject_objects(relation)}
    assert stated
    assert stated <= pairs


@pytest.fixture(scope="module")
def views() -> dict[str, rdflib.Graph]:
    """Each view as the command prints it, which tests must not change."""
    return {name: printed_view(name) for name in VIEWS}


def printed_view(name: str, home: Path = ROOT) -> rdflib.Graph:
    ended = run_in_process("view", name, "--home", home, cwd=ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    return rdflib.Graph().parse(data=ended.stdout, format="turtle")


def qualifiers(published: rdflib.Graph) -> set[Node]:
    """Return the properties of a claim other than those of its triple."""
    found = set(published.subjects(RDFS.domain, LDN.Claim)) - set(published.subjects(RDF.type, LDN.ClaimRelation))
    assert {LDN.hedge, LDN.comparator, LDN.via, LDN.population} <= found
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_every_claim_at_its_certainty(
    views: dict[str, rdflib.Graph], published: rdflib.Graph, name: str
) -> None:
    graph = views[name]
    claims = set(published.subjects(RDF.type, LDN.Claim))
    assert set(graph.subjects(LDN.certainty)) == claims
    for claim in claims:
        for key in (LDN.certainty, PROV.wasDerivedFrom, RDF.subject, RDF.object, *qualifiers(published)):
            assert set(graph.objects(claim, key)) == set(published.objects(claim, key)), (claim, key)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_asserts_only_established_claims(
    views: dict[str, rdflib.Graph], published: rdflib.Graph, name: str
) -> None:
    graph = views[name]
    claims = set(published.subjects(RDF.type, LDN.Claim))
    pairs = {(published.value(c, RDF.subject), published.value(c, RDF.object)) for c in claims}
    certain = claims & set(published.subjects(LDN.certainty, LDN.established))
    sure = {(published.value(c, RDF.subject), published.value(c, RDF.object)) for c in certain}
    plain = {(s, o) for s, p, o in graph if (s, o) in pairs and not str(p).startswith(str(LDN)) and p != RDF.type}
    assert plain <= sure
    assert bool(plain) == (name == "biolink")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_keeps_the_dose_with_the_regimen_and_off_the_molecule(
    views: dict[str, rdflib.Graph], published: rdflib.Graph, name: str
) -> None:
    graph = views[name]
    regimen = rdflib.URIRef("https://w3id.org/ldn-kg/regimen/low-dose-naltrexone")
    assert {str(dose) for dose in graph.objects(regimen, LDN.doseMaximum)} == {"5"}
    assert graph.value(NALTREXONE, LDN.doseMaximum) is None
    about = set(published.subjects(RDF.subject, NALTREXONE))
    assert set(graph.subjects(RDF.subject, NALTREXONE)) == about


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_the_same_in_any_process(run: Run, name: str) -> None:
    first, second = (run("view", name, "--home", ROOT, PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))
    assert first == second != ""
    nt = rdflib.Graph().parse(
        data=run_in_process("view", name, "--home", ROOT, "--format", "nt", cwd=ROOT).stdout, format="nt"
    )
    assert set(nt) == set(rdflib.Graph().parse(data=first, format="turtle"))
    assert not any(isinstance(node, rdflib.BNode) for triple in nt for node in triple)


@pytest.mark.parametrize("row", table(READ_BY_HAND / "biolink.tsv"), ids=lambda row: row["claim"])
def test_biolink_has_each_claim_as_read_by_hand(biolink: rdflib.Graph, row: dict[str, str]) -> None:
    claim = CLAIM[row["claim"]]
    found = {
        "predicate": biolink.value(claim, RDF.predicate),
        "knowledge_level": biolink.value(claim, BIOLINK.knowledge_level),
        "direction": biolink.value(claim, BIOLINK.object_direction_qualifier),
        "mechanism": biolink.value(claim, BIOLINK.causal_mechanism_qualifier),
    }
    assert {key: str(value or "").removeprefix(str(BIOLINK)) for key, value in found.items()} == {
        key: row[key] for key in found
    }


@pytest.fixture
def biolink(views: dict[str, rdflib.Graph]) -> rdflib.Graph:
    return views["biolink"]


@pytest.fixture
def ro(views: dict[str, rdflib.Graph]) -> rdflib.Graph:
    return views["ro"]


@pytest.fixture
def schema(views: dict[str, rdflib.Graph]) -> rdflib.Graph:
    return views["schema"]


@pytest.mark.parametrize("row", table(READ_BY_HAND / "ro.tsv"), ids=lambda row: row["claim"])
def test_ro_has_each_claim_as_read_by_hand(ro: rdflib.Graph, row: dict[str, str]) -> None:
    claim = CLAIM[row["claim"]]
    found = {"predicate": ro.value(claim, RDF.predicate), "certainty": ro.value(claim, LDN.certainty)}
    assert {key: re.split("[#/]", str(term))[-1] for key, term in found.items()} == {key: row[key] for key in found}


@pytest.mark.parametrize("row", table(READ_BY_HAND / "schema.tsv"), ids=lambda row: row["claim"])
def test_schema_has_each_claim_as_read_by_hand(schema: rdflib.Graph, row: dict[str, str]) -> None:
    claim = CLAIM[row["claim"]]
    about = sorted(str(schema.value(entity, SDO.name)) for entity in schema.objects(claim, SDO.about))
    level = schema.value(claim, SDO.keywords)
    assert (" + ".join(about), str(schema.value(level, SDO.name))) == (row["about"], row["certainty"])
    assert (level, RDF.type, SDO.DefinedTerm) in schema
    assert (claim, RDF.type, SDO.Claim) in schema


def test_biolink_has_every_required_slot(biolink: rdflib.Graph, model: Model) -> None:
    claims = set(biolink.subjects(LDN.certainty))
    for claim in claims:
        for slot in NEEDED:
            assert len(set(biolink.objects(claim, BIOLINK[slot]))) == 1, (claim, slot)
    used = {o for _, p, o in biolink if p in {RDF.type, RDF.predicate}} | set(biolink.predicates())
    terms = {rdflib.URIRef(str(term)) for term in used if str(term).startswith(str(BIOLINK))}
    assert {term for term in terms if not known(term, model)} == set()


def test_biolink_states_treats_for_the_two_approvals_alone(biolink: rdflib.Graph) -> None:
    treated = {str(condition) for condition in biolink.objects(None, BIOLINK.treats)}
    assert treated == {"http://purl.obolibrary.org/obo/DOID_1574", "http://www.ebi.ac.uk/efo/EFO_0010702"}
    assert set(biolink.subjects(BIOLINK.treats)) == {NALTREXONE}


def test_a_wrong_alignment_is_detected(copy: Path) -> None:
    """If `studiedIn` is aligned with `treats`, the view has more than the two approvals."""
    shutil.copytree(ROOT / "dist", copy / "dist")
    path = copy / "ontology" / "alignments" / "biolink.ttl"
    text = path.read_text("utf-8")
    false = "ldn:studiedIn rdfs:subPropertyOf biolink:treats ."
    path.write_text(text.replace("ldn:studiedIn skos:closeMatch biolink:studied_to_treat .", false), "utf-8")
    assert len(set(printed_view("biolink", copy).objects(None, BIOLINK.treats))) > len(("alcohol", "opioid"))


def test_an_unknown_view_names_the_nearest() -> None:
    with pytest.raises(LdnkgError, match="Did you mean 'biolink'"):
        find_view("biolnk")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT * WHERE { ?s ?p ?o }",
            "view.rq: a view must be a CONSTRUCT query, but this is another form. Rewrite it.",
        ),
        ("CONSTRUCT", "view.rq:1: cannot be understood, "),
    ],
    ids=["no CONSTRUCT", "no SPARQL"],
)
def test_a_broken_view_is_reported_with_its_file(tmp_path: Path, query: str, message: str) -> None:
    path = tmp_path / "view.rq"
    path.write_text(query, "utf-8")
    with pytest.raises(LdnkgError, match=re.escape(message)) as raised:
        construct_view(load_with_alignments(Home(ROOT)), path)
    assert raised.value.status == 2
    assert "\n" not in str(raised.value)
