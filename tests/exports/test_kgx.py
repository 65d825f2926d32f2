"""The KGX files conform to the Biolink Model and to KGX, and survive a round trip through KGX."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.exports.kgx.writer import make_files
from ldnkg.paths import Home
from ldnkg.publication.combined import combine_with_alignments
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_valid_records
from support import biolink
from support.paths import ROOT
from support.readers import kgx as reader
from support.readers.tables import many

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

Row = dict[str, str]
OWN_PREFIXES = {"claim", "concept", "mechanism", "regimen", "source"}
UNKNOWN_TO_BIOLINK = OWN_PREFIXES | {"OBA", "unit"}
ENUMS = {
    "knowledge_level": "KnowledgeLevelEnum",
    "agent_type": "AgentTypeEnum",
    "object_direction_qualifier": "DirectionQualifierEnum",
    "object_aspect_qualifier": "GeneOrGeneProductOrChemicalEntityAspectEnum",
    "causal_mechanism_qualifier": "CausalMechanismQualifierEnum",
    "clinical_approval_status": "ClinicalApprovalStatusEnum",
    "claimed_object_direction": "DirectionQualifierEnum",
    "claimed_object_aspect": "GeneOrGeneProductOrChemicalEntityAspectEnum",
    "claimed_causal_mechanism": "CausalMechanismQualifierEnum",
}
PREDICATES = ("predicate", "qualified_predicate", "claimed_predicate", "claimed_qualified_predicate")
QUALIFIERS = (
    "qualified_predicate",
    "object_aspect_qualifier",
    "object_direction_qualifier",
    "causal_mechanism_qualifier",
    "clinical_approval_status",
)
# The only predicate of a claim that is not established.
WEAK = "related_to"
LEVELS = ("established", "supported", "associated", "hypothesised", "unknown")
# Columns that are not slots of Biolink.
OWN_NODE_COLUMNS = {
    *(
        "kind",
        "source_label",
        "close_xref",
        "broad_xref",
        "narrow_xref",
        "related_xref",
        "broader",
        "includes",
        "co_treatment",
    ),
    *("dose_minimum", "dose_maximum", "dose_unit", "dose_ucum", "dose_frequency", "defined_in", "response_to"),
    *("population_takes", "population_condition", "steps", "effect", "regimen", "receptor", "condition"),
    *("net_polarity", "certainty", "citation"),
}
OWN_EDGE_COLUMNS = {
    *("certainty", "certainty_rank", "claimed_predicate", "claimed_qualified_predicate", "claimed_object_aspect"),
    *("claimed_object_direction", "claimed_causal_mechanism", "sentence_span", "hedge", "hedge_span", "hedge_cue"),
    *("outside_hedge", "manner", "comparator", "except_for", "agency", "in_treatment_of", "purpose", "population"),
    *("basis", "via", "presented_as", "dose_stated_in", "note"),
}


def made_of(home: Home) -> dict[str, bytes]:
    return make_files(combine_with_alignments(build_publication(home, load_valid_records(home))))


@pytest.fixture
def made(files_by_format: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return files_by_format["kgx"]


@pytest.fixture
def nodes(made: dict[str, bytes]) -> list[Row]:
    return reader.rows(made, "nodes")


@pytest.fixture
def edges(made: dict[str, bytes]) -> list[Row]:
    return reader.rows(made, "edges")


def node_faults(node: Row) -> list[str]:
    found = [biolink.found("classes", one) for one in many(node["category"])]
    bad = not found or not all(name and "named thing" in biolink.above("classes", name) for name in found)
    mixin = any(name and biolink.is_mixin(name) for name in found)
    return ["category"] if bad or mixin else []


def fits(node: Row, name: str) -> bool:
    """Return whether a category of the node is the class or a subclass of it."""
    categories = [biolink.found("classes", one) for one in many(node["category"])]
    return not name or any(name in biolink.above("classes", one) for one in categories if one)


def edge_faults(edge: Row, nodes: dict[str, Row]) -> list[str]:
    """Return the parts of the edge that the Biolink Model or the certainty of the edge does not allow."""
    kind = biolink.found("classes", edge["category"])
    predicate = biolink.found("slots", edge["predicate"])
    used = [column for column in PREDICATES if edge[column]]
    wrong = [one for one in used if not is_predicate(edge[one])]
    wrong += [one for one, enum in ENUMS.items() if edge[one] and edge[one] not in biolink.values(enum)]
    wrong += [one for one in ("knowledge_level", "agent_type") if not edge[one]]
    wrong += [one for one in ("subject", "object") if edge[one] not in nodes]
    if not kind or "association" not in biolink.above("classes", kind):
        return [*wrong, "category"]
    below = biolink.used(kind, "predicate", "subproperty_of")
    if predicate and below and below not in biolink.above("slots", predicate):
        wrong.append("predicate of category")
    wrong += [one for one in QUALIFIERS if edge[one] and not allowed(one, kind)]
    for end, key in (("subject", "domain"), ("object", "range")):
        ranges = [biolink.used(kind, end, "range"), predicate and biolink.of_predicate(predicate, key)]
        wrong += [f"{end} of {one}" for one in ranges if edge[end] in nodes and not fits(nodes[edge[end]], one)]
    return wrong + certainty_faults(edge)


def certainty_faults(edge: Row) -> list[str]:
    local = edge["predicate"].removeprefix("biolink:")
    stronger = edge["certainty"] != "established" and local != WEAK
    weaker = edge["certainty"] == "established" and local == WEAK
    asserted = edge["certainty"] != "established" and edge["knowledge_level"] == "knowledge_assertion"
    unapproved = local == "treats" and edge["original_predicate"] != "ldn:approvedFor"
    found = {"too strong": stronger, "too weak": weaker, "asserted": asserted, "treats": unapproved}
    return [name for name, holds in found.items() if holds]


def is_predicate(curie: str) -> bool:
    name = biolink.found("slots", curie)
    return bool(name) and "related to" in biolink.above("slots", name)


def allowed(qualifier: str, kind: str) -> bool:
    """Return whether the category allows the qualifier. A plain association, which has no class in Biolink, does."""
    plain = kind == "association" and qualifier != "clinical_approval_status"
    return plain or qualifier in biolink.slots(kind)


def faults(nodes: list[Row], edges: list[Row]) -> dict[str, list[str]]:
    by_id = {node["id"]: node for node in nodes}
    found = {f"node {node['id']}": node_faults(node) for node in nodes}
    found |= {f"edge {edge['id']}": edge_faults(edge, by_id) for edge in edges}
    return {name: wrong for name, wrong in found.items() if wrong}


def test_nodes_and_edges_conform_to_biolink_and_to_their_certainty(nodes: list[Row], edges: list[Row]) -> None:
    assert faults(nodes, edges) == {}
    assert len(edges) == 62
    assert {one for edge in edges for one in QUALIFIERS if edge[one]} == set(QUALIFIERS)


LDN_TLR4 = "edge claim:low-dose-naltrexone-antagonises-tlr4"
LDN_PAIN = "edge claim:low-dose-naltrexone-benefits-chronic-pain-conditions"
LDN_MS = "edge claim:low-dose-naltrexone-is-studied-in-multiple-sclerosis"
FAULTS: list[tuple[str, dict[str, str], str]] = [
    ("node CHEBI:7465", {"category": "biolink:Medicine"}, "category"),
    ("node CHEBI:7465", {"category": "biolink:ChemicalOrDrugOrTreatment"}, "category"),
    ("node CHEBI:7465", {"category": "biolink:Association"}, "category"),
    ("node CHEBI:7465", {"category": ""}, "category"),
    (LDN_PAIN, {"predicate": "biolink:treats"}, "treats"),
    (LDN_PAIN, {"predicate": "biolink:treats"}, "too strong"),
    (LDN_PAIN, {"predicate": "biolink:approved_to_treat"}, "predicate"),
    (LDN_PAIN, {"predicate": "biolink:studied_to_treat"}, "too strong"),
    (LDN_PAIN, {"predicate": "biolink:associated_with"}, "too strong"),
    (LDN_MS, {"predicate": "biolink:affects"}, "predicate of category"),
    (LDN_MS, {"predicate": "biolink:related_to"}, "too weak"),
    (LDN_PAIN, {"subject": "concept:alcohol-free"}, "subject"),
    (LDN_MS, {"object": "UniProtKB:O00206"}, "object of disease or phenotypic feature"),
    (LDN_MS, {"causal_mechanism_qualifier": "antagonism"}, "causal_mechanism_qualifier"),
    (LDN_TLR4, {"knowledge_level": ""}, "knowledge_level"),
    (LDN_TLR4, {"knowledge_level": "hypothesis"}, "knowledge_level"),
    (LDN_TLR4, {"knowledge_level": "knowledge_assertion"}, "asserted"),
    (LDN_TLR4, {"agent_type": "curator"}, "agent_type"),
    (LDN_TLR4, {"predicate": "biolink:affects"}, "too strong"),
    (LDN_TLR4, {"predicate": "biolink:associated_with"}, "too strong"),
    (LDN_TLR4, {"predicate": "biolink:category"}, "predicate"),
    (LDN_TLR4, {"category": "biolink:Protein"}, "category"),
    (LDN_TLR4, {"category": "biolink:ChemicalAffectsGeneAssociation"}, "subject of chemical entity"),
    (LDN_TLR4, {"claimed_object_direction": "less"}, "claimed_object_direction"),
]


@pytest.mark.parametrize(("name", "change", "fault"), FAULTS, ids=[f"{name} {change}" for name, change, _ in FAULTS])
def test_a_planted_fault_is_detected(
    nodes: list[Row], edges: list[Row], name: str, change: dict[str, str], fault: str
) -> None:
    kind, _, given = name.partition(" ")
    (spoilt,) = [row for row in (nodes if kind == "node" else edges) if row["id"] == given]
    spoilt |= change
    assert fault in faults(nodes, edges)[name]


@pytest.mark.parametrize("level", LEVELS)
def test_no_edge_is_more_certain_than_its_claim_at_any_level(copy: Path, level: str) -> None:
    for path in (copy / "data" / "claims").iterdir():
        path.write_text(re.sub(r"(?m)^certainty: \w+$", f"certainty: {level}", path.read_text("utf-8")), "utf-8")
    drawn = made_of(Home(copy))
    edges = reader.rows(drawn, "edges")
    assert {edge["certainty"] for edge in edges} == {level}
    assert faults(reader.rows(drawn, "nodes"), edges) == {}


@pytest.mark.parametrize(
    ("old", "new", "name", "fault"),
    [
        ('"prediction"', '"knowledge_assertion"', LDN_TLR4, "asserted"),
        ('"prediction"', '"hypothesis"', LDN_TLR4, "knowledge_level"),
        (
            "ldn:Receptor rdfs:subClassOf biolink:Protein",
            "ldn:Receptor rdfs:subClassOf biolink:Receptor",
            "node UniProtKB:O00206",
            "category",
        ),
        (
            "ldn:approvedFor rdfs:subPropertyOf biolink:treats",
            "ldn:approvedFor rdfs:subPropertyOf biolink:approved_to_treat",
            "edge claim:naltrexone-is-approved-for-opioid-use-disorder",
            "predicate",
        ),
        (
            "ldn:studiedIn skos:closeMatch biolink:studied_to_treat",
            "ldn:studiedIn skos:closeMatch biolink:treats",
            "edge claim:low-dose-naltrexone-is-studied-in-fibromyalgia",
            "treats",
        ),
    ],
)
def test_a_wrong_alignment_is_detected(copy: Path, old: str, new: str, name: str, fault: str) -> None:
    alignment = copy / "ontology" / "alignments" / "biolink.ttl"
    text = alignment.read_text("utf-8")
    assert text.count(old) == 1
    alignment.write_text(text.replace(old, new), "utf-8")
    spoilt = made_of(Home(copy))
    assert fault in faults(reader.rows(spoilt, "nodes"), reader.rows(spoilt, "edges"))[name]


def test_an_edge_without_a_knowledge_level_is_refused(copy: Path) -> None:
    alignment = copy / "ontology" / "alignments" / "biolink.ttl"
    lines = alignment.read_text("utf-8").splitlines(keepends=True)
    alignment.write_text("".join(line for line in lines if not line.startswith("ldn:unknown biolink:")), "utf-8")
    with pytest.raises(LdnkgError, match="has no value for 'knowledge_level', which is required"):
        made_of(Home(copy))


def test_a_benefit_is_never_exported_as_treats(copy: Path) -> None:
    alignment = copy / "ontology" / "alignments" / "biolink.ttl"
    weak = "ldn:providesBenefitIn skos:closeMatch biolink:treats_or_applied_or_studied_to_treat"
    text = alignment.read_text("utf-8")
    assert weak in text
    alignment.write_text(text.replace(weak, "ldn:providesBenefitIn skos:closeMatch biolink:treats"), "utf-8")
    edges = reader.rows(made_of(Home(copy)), "edges")
    assert {edge["predicate"] for edge in edges if edge["original_predicate"] == "ldn:providesBenefitIn"} == {
        "biolink:related_to"
    }


def test_each_column_is_a_biolink_slot_or_a_listed_own_column(nodes: list[Row], edges: list[Row]) -> None:
    slots = {name.replace(" ", "_") for name in biolink.model()["slots"]}
    assert nodes[0].keys() - slots == OWN_NODE_COLUMNS
    assert edges[0].keys() - slots == OWN_EDGE_COLUMNS


def test_predicates_alone_state_only_established_effects(edges: list[Row]) -> None:
    effects = {edge["id"] for edge in edges if edge["predicate"] in {"biolink:affects", "biolink:treats"}}
    assert {name.removeprefix("claim:") for name in effects} == {
        "naltrexone-antagonises-mu-opioid-receptor",
        "naltrexone-inhibits-pleasure-response-to-alcohol",
        "naltrexone-inhibits-pleasure-response-to-opioids",
        "naltrexone-is-approved-for-alcohol-use-disorder",
        "naltrexone-is-approved-for-opioid-use-disorder",
    }
    for edge in edges:
        if edge["certainty"] != "established":
            assert [edge[one] for one in QUALIFIERS] == [""] * len(QUALIFIERS), edge["id"]
        assert (edge["predicate"] == "biolink:related_to") == (edge["certainty"] != "established"), edge["id"]
    plain = {edge["id"].removeprefix("claim:") for edge in edges if edge["predicate"].endswith("_at_instance_level")}
    assert plain == {
        "further-benefits-are-being-studied",
        "naltrexone-is-given-as-low-dose-naltrexone",
        "naltrexone-is-longer-acting-than-naloxone",
        "naltrexone-is-taken-orally",
        "naltrexone-was-designed-as-an-opioid-antagonist",
        "unnamed-review-was-published-in-the-year-of-the-article",
    }


def test_the_claimed_predicate_is_that_of_the_view(run: Run, edges: list[Row]) -> None:
    view = run("view", "biolink", "--format", "nt", cwd=ROOT)
    assert view.returncode == 0, view.stderr
    predicate = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"
    shown = re.findall(
        rf"^<https://w3id.org/ldn-kg/(claim)/(\S+)> <{predicate}> <\S+/vocab/(\w+)>", view.stdout, re.MULTILINE
    )
    found = {(f"{kind}:{name}", f"biolink:{local}") for kind, name, local in shown}
    assert {(edge["id"], edge["claimed_predicate"]) for edge in edges} == found


def test_a_regimen_is_a_node_with_its_dose_and_the_drug_has_none(nodes: list[Row]) -> None:
    dosed = {node["id"]: node for node in nodes if node["dose_minimum"]}
    assert dosed.keys() == {"regimen:low-dose-naltrexone"}
    regimen = dosed["regimen:low-dose-naltrexone"]
    assert (regimen["dose_minimum"], regimen["dose_maximum"], regimen["dose_ucum"]) == ("1", "5", "mg/d")
    assert (regimen["has_drug"], regimen["xref"]) == ("CHEBI:7465", "")
    assert many(regimen["category"]) == ["biolink:Treatment", "biolink:NamedThing"]


# The most specific category first, from the kind of entity that each authority lists, then its ancestors in Biolink.
DISEASE = ("Disease", "DiseaseOrPhenotypicFeature", "BiologicalEntity", "NamedThing")
FEATURE = ("PhenotypicFeature", *DISEASE[1:])
CATEGORIES = {
    **dict.fromkeys(("MONDO:0005265", "MONDO:0005301", "MONDO:0005546", "MONDO:0019369", "DOID:1574"), DISEASE),
    **dict.fromkeys(("HP:0012532", "HP:0000716", "HP:0000739"), FEATURE),
    # The Experimental Factor Ontology lists diseases and phenotypic features, and no authority lists our concepts.
    **dict.fromkeys(("EFO:0010702", "concept:neuroinflammatory-pain", "concept:chronic-pain-condition"), DISEASE[1:]),
    **dict.fromkeys(("OBA:2040170", "MESH:D000339"), DISEASE[2:]),
    "NCIT:C38288": ("NamedThing",),
    "CHEBI:7465": ("Drug", "ChemicalEntity", "NamedThing"),
    "UniProtKB:O00206": ("Protein", "BiologicalEntity", "NamedThing"),
    "source:naltrexone-to-treat-pain": ("Article", "Publication", "NamedThing"),
}


def test_categories_follow_the_identifier_the_most_specific_first(made: dict[str, bytes], nodes: list[Row]) -> None:
    found = {node["id"]: many(node["category"]) for node in nodes}
    assert {name: found[name] for name in CATEGORIES} == {
        name: [f"biolink:{one}" for one in classes] for name, classes in CATEGORIES.items()
    }
    assert [name for name, held in found.items() if is_out_of_order(held)] == []
    lines = [json.loads(line) for line in made["kgx/ldn-kg_nodes.jsonl"].decode().splitlines()]
    assert {line["id"]: line["category"] for line in lines} == found


def is_out_of_order(held: list[str]) -> bool:
    """Return whether some category is not a subclass of all categories after it."""
    names = [biolink.found("classes", one) for one in held]
    return any(set(names[place:]) - set(biolink.above("classes", name)) for place, name in enumerate(names))


def test_categories_in_another_order_are_detected() -> None:
    assert not is_out_of_order(["biolink:Disease", "biolink:NamedThing"])
    assert is_out_of_order(["biolink:NamedThing", "biolink:Disease"])
    assert is_out_of_order(["biolink:Disease", "biolink:PhenotypicFeature", "biolink:NamedThing"])


def test_biolink_lists_the_identifier_prefixes_of_these_categories() -> None:
    proved = {
        name: classes[0]
        for name, classes in CATEGORIES.items()
        if classes[0] in {*DISEASE[:1], FEATURE[0], "Procedure"}
    }
    for name, category in proved.items():
        known = biolink.model()["classes"][biolink.found("classes", category)]["id_prefixes"]
        assert name.partition(":")[0] in known


def test_a_gene_is_a_close_match_of_a_receptor_not_an_exact_one(nodes: list[Row]) -> None:
    (receptor,) = [node for node in nodes if node["id"] == "UniProtKB:P35372"]
    assert receptor["xref"] == ""
    assert "NCBIGene:4988" in many(receptor["close_xref"])


def test_identifiers_use_the_prefixes_of_biolink(nodes: list[Row]) -> None:
    named = {one for node in nodes for key in ("id", "xref") for one in many(node[key])}
    assert {"GTOPDB:1639", "orphanet:83452", "PMID:34213865"} <= named
    assert not any(one.startswith(("iuphar.ligand:", "Orphanet:")) for one in named)


def test_kgx_merges_no_two_edges(edges: list[Row]) -> None:
    """KGX keeps one edge per subject, predicate and object."""
    keys = Counter((edge["subject"], edge["predicate"], edge["object"]) for edge in edges)
    assert [key for key, number in keys.items() if number > 1] == []


def test_the_steps_of_a_mechanism_are_in_order(nodes: list[Row]) -> None:
    (mechanism,) = [node for node in nodes if node["id"] == "mechanism:opioid-rebound"]
    assert many(mechanism["steps"]) == [
        "1 claim:low-dose-naltrexone-blocks-opioid-signalling",
        "2 claim:opioid-blockade-increases-endogenous-opioid-production",
        "3 claim:endogenous-opioid-increase-decreases-neuroinflammatory-pain",
    ]


def as_read(row: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Return a row by value, whatever types its reader gives: each cell as a set of texts."""
    held = {
        key: value if isinstance(value, list) else many(value) if isinstance(value, str) else [value]
        for key, value in row.items()
    }
    return {key: frozenset(number(one) for one in values) for key, values in held.items() if values}


def number(value: object) -> str:
    text = str(value)
    return text.removesuffix(".0") if re.fullmatch(r"-?\d+\.0", text) else text


@pytest.mark.parametrize("name", ["nodes", "edges"])
def test_both_files_have_the_same_content(made: dict[str, bytes], name: str) -> None:
    lines = made[f"kgx/ldn-kg_{name}.jsonl"].decode().splitlines()
    assert [as_read(json.loads(line)) for line in lines] == [as_read(row) for row in reader.rows(made, name)]


@pytest.fixture
def kgx() -> Path:
    path = os.environ.get("LDNKG_KGX", "")
    if not path:
        pytest.skip("LDNKG_KGX names no Python with kgx")
    return Path(path)


@pytest.fixture
def place(made: dict[str, bytes], tmp_path: Path) -> Path:
    for name, content in made.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def offline(kgx: Path) -> dict[str, str]:
    """Return an environment with KGX and its Python first on the path, and without network."""
    path = f"{kgx.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "tests" / "support" / "offline")}


def start(kgx: Path, place: Path, *command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(one) for one in command],
        cwd=place,
        env=offline(kgx),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def complaints(kgx: Path, place: Path, form: str = "tsv") -> dict[str, list[str]]:
    """Return each message of KGX with the locations that it names."""
    pair = [f"kgx/ldn-kg_{name}.{form}" for name in ("nodes", "edges")]
    ended = start(kgx, place, kgx.parent / "kgx", "validate", "--input-format", form, *pair)
    assert ended.returncode == 1, ended.stderr
    report = json.loads(ended.stderr[ended.stderr.index("{\n") : ended.stderr.rindex("\n}") + 2])
    return {message: where for kinds in report["ERROR"].values() for message, where in kinds.items()}


@pytest.mark.external
@pytest.mark.parametrize("form", ["tsv", "jsonl"])
def test_kgx_reports_only_prefixes_that_biolink_lacks(kgx: Path, place: Path, form: str) -> None:
    found = complaints(kgx, place, form)
    prefixes = {re.findall(r"a CURIE prefix '([\w.]+)'", message)[0] for message in found}
    assert prefixes == UNKNOWN_TO_BIOLINK


REPORTED = [
    ("nodes", "biolink:ChemicalRole", "biolink:Medicine", "Category 'Medicine' is unknown"),
    ("edges", "\tknowledge_level\t", "\tlevel_of_knowledge\t", "Required edge property 'knowledge_level' is missing"),
    ("edges", "biolink:studied_to_treat", "biolink:approved_to_treat", "'approved_to_treat' is not in Biolink"),
]


@pytest.mark.external
def test_kgx_reports_each_planted_fault(kgx: Path, place: Path) -> None:
    for name, old, new, _ in REPORTED:
        path = place / "kgx" / f"ldn-kg_{name}.tsv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    found = "\n".join(complaints(kgx, place))
    assert [message for *_, message in REPORTED if message not in found] == []


@pytest.mark.external
@pytest.mark.parametrize(("given", "wanted"), [("tsv", "tsv"), ("jsonl", "tsv"), ("tsv", "jsonl")])
def test_kgx_round_trips_the_claims(kgx: Path, place: Path, made: dict[str, bytes], given: str, wanted: str) -> None:
    pair = [f"kgx/ldn-kg_{name}.{given}" for name in ("nodes", "edges")]
    ended = start(kgx, place, kgx.parent / "kgx", "transform", "-i", given, "-f", wanted, "-o", "again", *pair)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    again = {
        f"kgx/ldn-kg_{name}.{wanted}": (place / f"again_{name}.{wanted}").read_bytes() for name in ("nodes", "edges")
    }
    for name in ("nodes", "edges"):
        assert parsed(again, name, wanted) == parsed(made, name, "tsv")


def parsed(files: dict[str, bytes], name: str, form: str) -> dict[str, dict[str, frozenset[str]]]:
    """Return each row by its id, without the file name that KGX adds."""
    lines = files[f"kgx/ldn-kg_{name}.{form}"].decode().splitlines()
    rows = reader.rows(files, name) if form == "tsv" else [json.loads(line) for line in lines]
    read = [as_read({key: value for key, value in row.items() if key != "knowledge_source"}) for row in rows]
    return {next(iter(row["id"])): row for row in read}


GUIDE = (ROOT / "docs" / "import" / "kgx.md").read_text("utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
TO_RUN = [
    (language, text, printed if follows == "text" else None)
    for (language, text), (follows, printed) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True)
    if language in {"sh", "python"} and not text.startswith(("pip install", "ldnkg export"))
]


def test_the_guide_begins_with_the_export_and_installs_what_is_tested(run: Run, tmp_path: Path) -> None:
    export, change = BLOCKS[0][1].splitlines()
    ended = run(*shlex.split(export)[1:-1], str(tmp_path / "export"), "--engine", "shacl", cwd=ROOT)
    assert (ended.returncode, shlex.split(export)[-1], change) == (0, "export", "cd export")
    assert {path.name for path in (tmp_path / "export" / "kgx").iterdir()} == {
        f"ldn-kg_{name}.{form}" for name in ("nodes", "edges") for form in ("tsv", "jsonl")
    }
    pins = next(text.split("install ")[1].strip() for _, text in BLOCKS if text.startswith("pip install"))
    assert pins.split() == (ROOT / ".ci" / "locks" / "kgx.in").read_text("utf-8").split()
    assert len(TO_RUN) == 4


@pytest.mark.external
@pytest.mark.parametrize("block", TO_RUN, ids=lambda block: block[1].splitlines()[0])
def test_each_block_of_the_guide_works(kgx: Path, place: Path, block: tuple[str, str, str | None]) -> None:
    language, text, printed = block
    command = ["sh", "-ec", text] if language == "sh" else [kgx, "-c", text]
    ended = start(kgx, place, *command)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert printed is None or ended.stdout == printed


@pytest.mark.external
def test_the_network_is_blocked(kgx: Path, place: Path) -> None:
    ended = start(kgx, place, kgx, "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')")
    assert ended.returncode != 0
    assert "The network was touched" in ended.stderr
