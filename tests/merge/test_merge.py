"""Merging with the graphs of others: what joins and what must not, whose statement is whose, and bad input."""

from __future__ import annotations

import csv
import gzip
import json
import re
import resource
import shlex
import shutil
import subprocess
import sys
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ldnkg.cli import main as cli
from ldnkg.errors import LdnkgError
from ldnkg.exports.kgx import writer as to_kgx
from ldnkg.exports.nanopubs import writer as to_nanopubs
from ldnkg.merge import report as reporting
from ldnkg.merge.inputs import read_others
from ldnkg.merge.merge import merge
from ldnkg.merge.merge_log import files
from ldnkg.merge.readers import rdf as read_rdf
from ldnkg.merge.reference import RESOURCES, read_ours
from ldnkg.paths import Home
from ldnkg.rdf.terms import get_graph
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.merge.merge import Merged
    from ldnkg.merge.reference import Ours

    Run = Callable[..., subprocess.CompletedProcess[str]]

EXTRACTS = ROOT / "tests" / "data" / "merge"
BIOLINK, PATHS = EXTRACTS / "biolink", EXTRACTS / "paths.yaml"
EXPECTED = json.loads((EXTRACTS / "report.json").read_text("utf-8"))
UNTOLD = {"source", "node", "kept_as"}
MERGED = ox.NamedNode("https://w3id.org/ldn-kg/merge")
SAME = ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
MESH, OBO = "http://id.nlm.nih.gov/mesh/", "http://purl.obolibrary.org/obo/"
NALTREXONE, NALOXONE = f"{OBO}CHEBI_7465", f"{OBO}CHEBI_7459"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def ours() -> Ours:
    return read_ours(Home(ROOT))


def merged(ours: Ours, *paths: Path) -> Merged:
    return merge(ours, read_others(paths, ours.naming))


def told(ours: Ours, *paths: Path) -> dict[str, Any]:
    return dict(reporting.report(merged(ours, *paths), ours))


def of_graph(found: Merged, graph: str) -> set[ox.Triple]:
    return {quad.triple for quad in found.quads if get_graph(quad) == graph}


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_bytes(text.encode())
    return folder / name


# What is reported


@pytest.mark.parametrize("name", EXPECTED)
def test_the_report_of_an_extract_is_the_one_written_by_hand(name: str, ours: Ours) -> None:
    report = told(ours, EXTRACTS / name)
    expected = EXPECTED[name]
    for table in ("joined", "near", "refused", "labels", "contradictions", "new_about_ours"):
        rows = [[cell for key, cell in row.items() if key not in UNTOLD] for row in report[table]]
        assert sorted(rows) == sorted(expected[table]), table
        assert report["counts"][table] == len(expected[table])
    assert expected["counts"].items() <= report["counts"].items()


def test_two_at_once_give_what_each_gives(ours: Ours) -> None:
    both = told(ours, BIOLINK, PATHS)
    alone = [told(ours, BIOLINK), told(ours, PATHS)]
    for table in reporting.TABLES:
        assert both[table] == sorted(alone[0][table] + alone[1][table], key=lambda row: tuple(row.values()))


def test_the_wrong_identifier_of_naltrexone_does_not_reach_naloxone(ours: Ours) -> None:
    """Two paths name naltrexone by naloxone's identifier; one path names naloxone by it, and that one joins."""
    found = merged(ours, PATHS)
    node = ox.NamedNode(f"{MESH}D009270")
    using = {get_graph(quad).rpartition("#")[2] for quad in found.quads if node in (quad.subject, quad.object)}
    assert {name for name in using if name.startswith("DB")} == {"DB01183_MESH_D062787_1"}
    kept = [row["kept_as"] for row in told(ours, PATHS)["refused"]]
    assert len(set(kept)) == 2
    for iri in kept:
        about = {
            (triple.predicate, triple.object)
            for triple in of_graph(found, MERGED.value)
            if str(triple.subject) == f"<{iri}>"
        }
        assert {str(term) for _, term in about} == {f'"{node.value}"', '"is naloxone"'}
        assert not any(predicate == SAME for predicate, _ in about)


def test_naloxone_under_its_own_identifier_is_joined(ours: Ours, tmp_path: Path) -> None:
    named = write(tmp_path, "a.ttl", f'<{MESH}D009270> {LABEL} "Naloxone" .')
    assert [row["ours"] for row in told(ours, named)["joined"]] == ["CHEBI:7459"]


@pytest.mark.parametrize(
    ("identifier", "label", "refused"),
    [
        (f"{MESH}D009270", "naltrexone", True),
        (f"{MESH}D009270", "Naltrexone 4.5 mg", True),
        (f"{MESH}D009271", "Naloxone", True),
        (f"{MESH}D009292", "Naltrexone", True),
        (f"{MESH}D009292", "Narcotic Antagonists", False),
        (f"{OBO}CHEBI_134687", "naltrexone", True),
        (f"{OBO}CHEBI_134687", "naltrexone hydrochloride", False),
        (f"{OBO}CHEBI_134687", "Naltrexone HCl", False),
        (f"{OBO}MONDO_0005618", "Anxiety", True),
        (f"{OBO}MONDO_0005618", "anxiety disorder", False),
        ("https://identifiers.org/mesh:D009270", "naltrexone", True),
        (f"{OBO}GO_0043526", "whatever it is called", True),
    ],
)
def test_an_identifier_is_refused_by_what_it_is_called(
    identifier: str, label: str, refused: bool, ours: Ours, tmp_path: Path
) -> None:
    report = told(ours, write(tmp_path, "a.ttl", f'<{identifier}> {LABEL} "{label}" .'))
    assert bool(report["refused"]) == refused
    assert not (refused and report["joined"])


def test_a_link_to_a_refused_identifier_is_reported(ours: Ours, tmp_path: Path) -> None:
    path = write(tmp_path, "a.ttl", f"<{NALTREXONE}> <http://www.w3.org/2002/07/owl#sameAs> <{MESH}D009270> .")
    (row,) = told(ours, path)["refused"]
    assert (row["identifier"], row["is_not"], row["kept_as"]) == ("MESH:D009270", "CHEBI:7465", "")


BIOLINK_SAME = "https://w3id.org/biolink/vocab/same_as"
OWL_SAME = "http://www.w3.org/2002/07/owl#sameAs"
ALONG = f"""
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing {{
  <{NALTREXONE}> (skos:exactMatch|^skos:exactMatch|owl:sameAs|^owl:sameAs|owl:equivalentClass|^owl:equivalentClass
    |biolink:same_as|^biolink:same_as|biolink:equivalent_identifiers|^biolink:equivalent_identifiers)+ ?thing
}}"""


def one_with_naltrexone(found: Merged) -> set[str]:
    """What a path over every link of the merged graph leads to."""
    store = ox.Store()
    store.extend(found.quads)
    rows = store.query(ALONG, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return {row["thing"].value for row in rows}


LINKS = {
    "naltrexone to the other": ([(NALTREXONE, SAME.value, f"{MESH}D009270")], True),
    "the other to naltrexone": ([(f"{MESH}D009270", BIOLINK_SAME, NALTREXONE)], True),
    "an identifier of naltrexone": ([(f"{MESH}D009271", OWL_SAME, f"{MESH}D009270")], True),
    "one that no table names": ([(NALTREXONE, OWL_SAME, "https://identifiers.org/drugbank/DB01183")], True),
    "by way of another": ([(NALTREXONE, OWL_SAME, "http://e.org/a"), ("http://e.org/a", OWL_SAME, NALOXONE)], True),
    "its own": ([(NALTREXONE, OWL_SAME, f"{MESH}D009271"), (f"{MESH}D009270", OWL_SAME, NALOXONE)], False),
}


@pytest.mark.parametrize("name", LINKS)
def test_no_path_of_links_leads_from_naltrexone_to_naloxone(name: str, ours: Ours, tmp_path: Path) -> None:
    said, refused = LINKS[name]
    path = write(tmp_path, "a.nt", "".join(f"<{s}> <{p}> <{o}> .\n" for s, p, o in said))
    report, reached = told(ours, path), one_with_naltrexone(merged(ours, path))
    assert len(report["refused"]) == refused
    assert f"{MESH}D009271" in reached
    assert not reached & {NALOXONE, f"{MESH}D009270", "https://identifiers.org/drugbank/DB01183"}


def test_two_sources_cannot_make_one_of_naltrexone_and_naloxone(ours: Ours, tmp_path: Path) -> None:
    one = write(tmp_path, "a.nt", f"<{NALTREXONE}> <{OWL_SAME}> <http://e.org/a> .\n")
    other = write(tmp_path, "b.nt", f"<http://e.org/a> <{OWL_SAME}> <{NALOXONE}> .\n")
    assert NALOXONE not in one_with_naltrexone(merged(ours, one, other))
    assert told(ours, one, other) == told(ours, other, one)
    assert len(told(ours, one, other)["refused"]) == 1


def test_a_refused_link_is_left_out_and_told_with_whose_it_is_and_why(ours: Ours, tmp_path: Path) -> None:
    path = write(tmp_path, "a.nt", f"<{NALTREXONE}> <{SAME.value}> <{MESH}D009270> .\n")
    found = merged(ours, path)
    source = found.others[0].iri
    assert of_graph(found, source) == set()
    node = re.escape(f"<{source}#refused-")
    about = [
        (triple.predicate.value.rpartition("#")[2].rpartition("/")[2], triple.object.value)
        for triple in of_graph(found, MERGED.value)
        if re.match(node, str(triple.subject)) and isinstance(triple.object, ox.NamedNode | ox.Literal)
    ]
    assert sorted(about) == [
        ("comment", "refused: is naloxone"),
        ("isPartOf", source),
        ("object", f"{MESH}D009270"),
        ("predicate", SAME.value),
        ("subject", NALTREXONE),
        ("type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement"),
    ]


def test_what_hangs_on_a_refused_link_alone_is_not_joined(ours: Ours, tmp_path: Path) -> None:
    report = told(ours, write(tmp_path, "a.nt", f"<{NALTREXONE}> <{SAME.value}> <{MESH}D009270> .\n"))
    assert [row["theirs"] for row in report["joined"]] == []


@pytest.mark.parametrize("column", ["same_as", "sameAs", "exactMatch", "exact_match", "equivalent_identifiers", "xref"])
def test_a_wrong_identifier_in_a_column_of_kgx_is_refused(column: str, ours: Ours, tmp_path: Path) -> None:
    """One beside a right one: naloxone's in MeSH, and naltrexone's in DrugBank."""
    write(tmp_path, "k_nodes.tsv", f"id\tcategory\t{column}\nCHEBI:7465\tbiolink:Drug\tDB:DB00704|MESH:D009270\n")
    write(tmp_path, "k_edges.tsv", "subject\tpredicate\tobject\nCHEBI:7465\tbiolink:related_to\tCHEBI:7465\n")
    report = told(ours, tmp_path)
    row = {key: value for key, value in report["refused"][0].items() if key not in UNTOLD}
    assert len(report["refused"]) == 1
    assert row.pop("called").startswith("linked by ")
    assert list(row.values()) == ["MESH:D009270", "CHEBI:7465", "is naloxone", "use MESH:D009271"]
    joined = {row["theirs"] for row in report["joined"]}
    assert joined == {"CHEBI:7465"} | ({"DRUGBANK:DB00704"} if column != "xref" else set())
    assert f"{MESH}D009270" not in one_with_naltrexone(merged(ours, tmp_path))


def test_an_edge_that_states_a_wrong_link_is_refused(ours: Ours, tmp_path: Path) -> None:
    for name, text in pair(
        NODES + NODE + "MESH:D009270\tbiolink:Drug\tNaloxone\n",
        EDGES + "CHEBI:7465\tbiolink:same_as\tMESH:D009270\n",
    ).items():
        write(tmp_path, name, text)
    report = told(ours, tmp_path)
    assert [(row["identifier"], row["is_not"]) for row in report["refused"]] == [("MESH:D009270", "CHEBI:7465")]
    assert {row["ours"] for row in report["joined"]} == {"CHEBI:7465", "CHEBI:7459"}
    assert (report["counts"]["agreeing_statements"], report["new_about_ours"]) == (0, [])


@pytest.mark.parametrize(
    ("drug", "mesh", "refused"),
    [
        ("naltrexone", "D009270", 1),
        ("naltrexone", "D009271", 0),
        ("naloxone", "D009270", 0),
        ("naloxone", "D009271", 1),
    ],
)
def test_the_head_of_a_path_says_whose_its_identifiers_are(
    drug: str, mesh: str, refused: int, ours: Ours, tmp_path: Path
) -> None:
    """Nothing else in the path says so."""
    head = f"graph:\n  _id: a\n  drug: {drug}\n  drug_mesh: MESH:{mesh}\n"
    report = told(
        ours, write(tmp_path, "a.yaml", head + PATH.replace("CHEBI:7465", "CHEBI:1").replace("name: a", "name: b"))
    )
    assert [row["called"] for row in report["refused"]] == [drug] * refused
    assert len(report["joined"]) == 1 - refused


def test_an_address_written_otherwise_is_joined_and_kept_as_it_was(ours: Ours, tmp_path: Path) -> None:
    text = "<https://identifiers.org/mesh/D009271> <http://e.org/p> <http://www.wikidata.org/wiki/Q409587> ."
    found = merged(ours, write(tmp_path, "a.nt", text))
    (triple,) = of_graph(found, found.others[0].iri)
    assert str(triple) + " ." == text
    same = {(str(t.subject), str(t.object)) for t in of_graph(found, MERGED.value) if t.predicate == SAME}
    naltrexone = f"<{NALTREXONE}>"
    assert same == {
        ("<https://identifiers.org/mesh/D009271>", naltrexone),
        ("<http://www.wikidata.org/wiki/Q409587>", naltrexone),
    }


@pytest.mark.parametrize(
    "written", ["mesh:D009271", "MSH:D009271", "MeSH:MESH:D009271", "DB:DB00704", "drugbank:DB00704"]
)
def test_prefixes_are_read_as_others_write_them(written: str, ours: Ours) -> None:
    (known,) = ours.identifiers[ours.naming.thing(written, "ni:///x").value]
    assert (known.entity, known.match) == (NALTREXONE, "exact")


def test_every_alias_leads_to_a_prefix_of_ours(ours: Ours) -> None:
    rows = (RESOURCES / "aliases.tsv").read_text("utf-8").splitlines()[1:]
    assert [row for row in rows if row.split("\t")[1] not in ours.aligned.prefixes] == []
    assert len({row.split("\t")[0] for row in rows}) == len(rows)


def test_what_is_near_is_not_joined(ours: Ours, tmp_path: Path) -> None:
    report = told(
        ours, write(tmp_path, "a.ttl", "<http://identifiers.org/ncbigene/7099> <http://e.org/p> <http://e.org/o> .")
    )
    assert (report["joined"], [row["match"] for row in report["near"]]) == ([], ["close"])


def fork(ours: Ours, claim: str, old: str, new: str) -> str:
    """The claim as a file of somebody's who changed one word of it."""
    quads = [quad for quad in ours.aligned.publication.quads if get_graph(quad).endswith(f"/{claim}")]
    text = (ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    assert old in text
    return text.replace(old, new)


def test_a_claim_of_ours_made_surer_is_reported(ours: Ours, tmp_path: Path) -> None:
    text = fork(ours, "low-dose-naltrexone-antagonises-tlr4", "#hypothesised", "#supported")
    (row,) = told(ours, write(tmp_path, "a.nt", text))["contradictions"]
    assert [row["kind"], row["ours"], row["theirs"]] == ["certainty", "hypothesised", "supported"]


def test_a_claim_of_ours_turned_round_is_reported(ours: Ours, tmp_path: Path) -> None:
    text = fork(ours, "low-dose-naltrexone-inhibits-microglia", "ontology#inhibits", "ontology#increases")
    assert [row["kind"] for row in told(ours, write(tmp_path, "a.nt", text))["contradictions"]] == ["polarity"]


def test_a_plain_triple_of_what_is_a_hypothesis_is_reported(ours: Ours, tmp_path: Path) -> None:
    regimen, tlr4 = "https://w3id.org/ldn-kg/regimen/low-dose-naltrexone", "http://purl.uniprot.org/uniprot/O00206"
    text = f"<{regimen}> <https://w3id.org/biolink/vocab/affects> <{tlr4}> ."
    (row,) = told(ours, write(tmp_path, "a.nt", text))["contradictions"]
    assert [row["kind"], row["ours"], row["theirs"]] == ["certainty", "hypothesised", "none, so stated as fact"]


def test_our_own_claims_contradict_nothing(ours: Ours, tmp_path: Path) -> None:
    text = (ox.serialize(ours.aligned.publication.quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
    report = told(ours, write(tmp_path, "a.nq", text))
    assert (report["contradictions"], report["refused"], report["labels"]) == ([], [], [])
    assert report["counts"]["agreeing_statements"] == 51
    assert report["new_about_ours"] == []


def edge(folder: Path, subject: str, predicate: str, other: str, **said: str) -> Path:
    """One edge of KGX as JSON lines, and its nodes."""
    write(
        folder, "e_nodes.jsonl", lines(*({"id": end, "category": ["biolink:NamedThing"]} for end in {subject, other}))
    )
    write(folder, "e_edges.jsonl", lines({"subject": subject, "predicate": predicate, "object": other, **said}))
    return folder


Outcome: TypeAlias = tuple[list[str], int, int, int]


def outcome(report: Mapping[str, Any]) -> Outcome:
    """The kinds of contradiction, and how many statements agree, say something else of the pair, or are new."""
    kinds = sorted({row["kind"] for row in report["contradictions"]})
    agreeing, beside, new = (len(report[n]) for n in ("agreeing_statements", "other_statements", "new_about_ours"))
    return kinds, agreeing, beside, new


LDN, DRUG, MOR = "regimen:low-dose-naltrexone", "CHEBI:7465", "UniProtKB:P35372"
AUD, FIBROMYALGIA, NALOXONE_ID = "DOID:1574", "MONDO:0005546", "CHEBI:7459"
TLR4, PAIN, ARTICLE = "UniProtKB:O00206", "concept:neuroinflammatory-pain", "source:naltrexone-to-treat-pain"
BLOCKADE, MECHANISM = "claim:low-dose-naltrexone-blocks-opioid-signalling", "causal_mechanism_qualifier"
GUESS, SEEN = {"knowledge_level": "prediction"}, {"knowledge_level": "observation"}
FACT = {"knowledge_level": "knowledge_assertion"}
TURNED_ON = {MECHANISM: "agonism"} | FACT
TURNED_OFF = {MECHANISM: "antagonism"} | FACT
MORE, LESS = {"object_direction_qualifier": "increased"} | FACT, {"object_direction_qualifier": "decreased"} | FACT
MORE_OF_SUBJECT = {"subject_direction_qualifier": "increased"} | FACT
AGREES: Outcome = ([], 1, 0, 0)
BESIDE: Outcome = ([], 0, 1, 0)
NEW: Outcome = ([], 0, 0, 1)


def against(*kinds: str) -> Outcome:
    return sorted(kinds), 0, 0, 0


# What the article says: naltrexone is approved for alcohol use disorder and antagonises the receptor (established); the
# regimen is studied in fibromyalgia (established), thought to antagonise TLR4, and does good in chronic pain.
SAID: list[tuple[str, str, str, dict[str, str], Outcome]] = [
    (DRUG, "treats", AUD, FACT, AGREES),
    (DRUG, "treats_or_applied_or_studied_to_treat", AUD, FACT, AGREES),
    (DRUG, "related_to", AUD, FACT, AGREES),
    (DRUG, "applied_to_treat", AUD, FACT, BESIDE),
    (DRUG, "ameliorates_condition", AUD, FACT, BESIDE),
    (DRUG, "causes", AUD, FACT, against("sense")),
    (DRUG, "exacerbates_condition", AUD, FACT, against("sense")),
    (DRUG, "predisposes_to_condition", AUD, FACT, against("sense")),
    (DRUG, "contraindicated_in", AUD, FACT, against("sense")),
    (DRUG, "has_adverse_event", AUD, FACT, against("sense")),
    (DRUG, "contraindicated_in", AUD, {"negated": "true"} | FACT, BESIDE),
    (DRUG, "treats", AUD, {"negated": "true"} | FACT, against("negation")),
    (DRUG, "affects", MOR, FACT, AGREES),
    (DRUG, "affects", MOR, LESS, AGREES),
    (DRUG, "affects", MOR, TURNED_OFF, AGREES),
    (DRUG, "affects", MOR, TURNED_ON, against("polarity")),
    (DRUG, "affects", MOR, MORE, against("polarity")),
    (DRUG, "affects", MOR, {"negated": "true"} | MORE, BESIDE),
    (DRUG, "increases_amount_or_activity_of", MOR, FACT, against("polarity")),
    (DRUG, "decreases_amount_or_activity_of", MOR, FACT, AGREES),
    (DRUG, "physically_interacts_with", MOR, FACT, BESIDE),
    (DRUG, "similar_to", NALOXONE_ID, FACT, AGREES),
    (LDN, "studied_to_treat", FIBROMYALGIA, FACT, AGREES),
    (LDN, "treats_or_applied_or_studied_to_treat", FIBROMYALGIA, FACT, AGREES),
    (LDN, "in_clinical_trials_for", FIBROMYALGIA, FACT, BESIDE),
    (LDN, "applied_to_treat", FIBROMYALGIA, FACT, BESIDE),
    (LDN, "contraindicated_in", FIBROMYALGIA, FACT, BESIDE),
    (LDN, "treats", FIBROMYALGIA, FACT, against("relation")),
    (LDN, "ameliorates_condition", FIBROMYALGIA, FACT, against("relation")),
    (LDN, "preventative_for_condition", FIBROMYALGIA, FACT, against("relation")),
    (LDN, "treats", FIBROMYALGIA, {"negated": "true"} | FACT, BESIDE),
    (LDN, "affects", TLR4, LESS, against("certainty")),
    (LDN, "affects", TLR4, GUESS, AGREES),
    (LDN, "exacerbates_condition", "concept:chronic-pain-condition", FACT, against("sense")),
    (DRUG, "treats", FIBROMYALGIA, FACT, against("relation", "dose")),
    (DRUG, "contraindicated_in", FIBROMYALGIA, FACT, BESIDE),
    # What DrugMechDB calls it.
    (DRUG, "decreases_activity_of", MOR, FACT, AGREES),
    (DRUG, "negatively_regulates", MOR, FACT, AGREES),
    (BLOCKADE, "decreases_activity_of", "concept:endogenous-opioid-production", GUESS, against("polarity")),
    (BLOCKADE, "negatively_regulates", "concept:endogenous-opioid-production", GUESS, against("polarity")),
    (DRUG, "increases_activity_of", MOR, FACT, against("polarity")),
    (DRUG, "positively_regulates", MOR, FACT, against("polarity")),
    (DRUG, "increases_abundance_of", "concept:pleasure-response-to-alcohol", FACT, against("polarity")),
    (LDN, "decreases_abundance_of", TLR4, FACT, against("certainty")),
    # What others call it.
    (LDN, "RO:0002606", FIBROMYALGIA, FACT, against("relation")),
    (LDN, "RO:0003307", FIBROMYALGIA, FACT, against("relation")),
    (LDN, "http://www.wikidata.org/prop/direct/P2175", FIBROMYALGIA, FACT, against("relation")),
    (DRUG, "RO:0003303", AUD, FACT, against("sense")),
    (DRUG, "RO:0003309", AUD, FACT, against("sense")),
    (DRUG, "RO:0004047", MOR, FACT, against("polarity")),
    (LDN, "RO:0004046", TLR4, FACT, against("certainty")),
    # What is broader, and what is near.
    (DRUG, "related_to", MOR, FACT, AGREES),
    (DRUG, "related_to", NALOXONE_ID, FACT, AGREES),
    (DRUG, "related_to", "CHEBI:60605", FACT, AGREES),
    (ARTICLE, "related_to", "source:kim-fishman-2020", FACT, AGREES),
    ("concept:opioid-rebound-effect", "related_to", "concept:compensatory-increase", GUESS, AGREES),
    (LDN, "related_to", "HP:0000739", SEEN, AGREES),
    (LDN, "increases_amount_or_activity_of", "concept:analgesia", SEEN, AGREES),
    (LDN, "decreases_amount_or_activity_of", PAIN, GUESS, AGREES),
    (DRUG, "decreases_amount_or_activity_of", "concept:pleasure-response-to-alcohol", FACT, AGREES),
    (BLOCKADE, "increases_amount_or_activity_of", "concept:endogenous-opioid-production", GUESS, AGREES),
    (BLOCKADE, "decreases_amount_or_activity_of", "concept:endogenous-opioid-production", GUESS, against("polarity")),
    (BLOCKADE, "affects", "concept:endogenous-opioid-production", GUESS | {MECHANISM: "agonism"}, AGREES),
    (
        BLOCKADE,
        "affects",
        "concept:endogenous-opioid-production",
        GUESS | {MECHANISM: "antagonism"},
        against("polarity"),
    ),
    (BLOCKADE, "affects", "concept:endogenous-opioid-production", LESS | GUESS, against("polarity")),
    (DRUG, "applied_to_treat", FIBROMYALGIA, FACT, against("dose")),
    (DRUG, "in_clinical_trials_for", FIBROMYALGIA, FACT, against("dose")),
    (DRUG, "in_preclinical_trials_for", FIBROMYALGIA, FACT, against("dose")),
    (DRUG, "beneficial_in_models_for", FIBROMYALGIA, FACT, against("dose")),
    (DRUG, "regulates", TLR4, FACT, against("dose")),
    (LDN, "exacerbates_condition", "HP:0000739", FACT, against("sense")),
    (LDN, "exacerbates_condition", PAIN, FACT, against("polarity", "certainty")),
    (LDN, "promotes_condition", PAIN, FACT, against("polarity", "certainty")),
    (LDN, "causes", PAIN, FACT, against("polarity", "certainty")),
    (LDN, "positively_correlated_with", PAIN, FACT, against("polarity", "certainty")),
    (LDN, "negatively_correlated_with", PAIN, FACT, against("certainty")),
    (LDN, "disrupts", TLR4, FACT, against("certainty")),
    # Turned round.
    (AUD, "treated_by", DRUG, FACT, AGREES),
    (FIBROMYALGIA, "treated_by", LDN, FACT, against("relation")),
    (FIBROMYALGIA, "treated_by", DRUG, FACT, against("relation", "dose")),
    (AUD, "has_contraindication", DRUG, FACT, against("sense")),
    (AUD, "condition_exacerbated_by", DRUG, FACT, against("sense")),
    (MOR, "affected_by", DRUG, FACT, AGREES),
    (MOR, "affected_by", DRUG, MORE, against("polarity")),
    (MOR, "affected_by", DRUG, MORE_OF_SUBJECT, against("polarity")),
    (MOR, "amount_or_activity_increased_by", DRUG, FACT, against("polarity")),
    (NALOXONE_ID, "similar_to", DRUG, FACT, AGREES),
    (NALOXONE_ID, "ldn:longerActingThan", DRUG, FACT, against("direction")),
    (NALOXONE_ID, "ldn:longerActingThan", DRUG, {"negated": "true"} | FACT, BESIDE),
    (DRUG, "ldn:longerActingThan", NALOXONE_ID, FACT, AGREES),
    (DRUG, "treated_by", AUD, FACT, NEW),
    (MOR, "affects", DRUG, FACT, NEW),
]


@pytest.mark.parametrize(("subject", "predicate", "other", "more", "expected"), SAID)
def test_a_statement_is_held_against_what_we_say_of_the_pair(
    subject: str, predicate: str, other: str, more: dict[str, str], expected: object, ours: Ours, tmp_path: Path
) -> None:
    named = predicate if ":" in predicate else f"biolink:{predicate}"
    assert outcome(told(ours, edge(tmp_path, subject, named, other, **more))) == expected


def test_a_plain_triple_turned_round_is_held_against_ours(ours: Ours, tmp_path: Path) -> None:
    triple = f"<{OBO}DOID_1574> <https://w3id.org/biolink/vocab/has_contraindication> <{NALTREXONE}> ."
    (row,) = told(ours, write(tmp_path, "a.nt", triple))["contradictions"]
    expected = [
        "sense",
        "claim:naltrexone-is-approved-for-alcohol-use-disorder",
        "approvedFor",
        "biolink:has_contraindication",
    ]
    assert [row[name] for name in ("kind", "claim", "ours", "theirs")] == expected


def test_what_agrees_and_what_is_said_beside_is_told_with_our_claims(ours: Ours, tmp_path: Path) -> None:
    report = told(ours, edge(tmp_path, AUD, "biolink:treated_by", DRUG, **FACT))
    claim = "claim:naltrexone-is-approved-for-alcohol-use-disorder"
    (row,) = report["agreeing_statements"]
    assert [row[name] for name in ("source", "statement", "level", "claims")] == [
        "e_nodes.jsonl",
        "DOID:1574 biolink:treated_by CHEBI:7465",
        "knowledge_assertion",
        claim,
    ]
    report = told(ours, edge(tmp_path, DRUG, "biolink:causes", AUD, negated="true", **FACT))
    (row,) = report["other_statements"]
    assert [row["level"], row["claims"]] == ["knowledge_assertion, denied", claim]


DOSES = {
    "another maximum": ("5.0", "50.0", [("doseMaximum", "5", "50.0")]),
    "the same maximum": ("5.0", "5.00", []),
    "the same maximum, written otherwise": ("5.0", '"5"', []),
    "a maximum that is no number": ("5.0", '"much"', [("doseMaximum", "5", "much")]),
    "another minimum": ('"dose_minimum": 1.0', '"dose_minimum": 2.0', [("doseMinimum", "1", "2.0")]),
    "another code of the unit": ('"mg/d"', '"g/d"', [("doseUcum", "mg/d", "g/d")]),
    "another unit": (
        "unit:MilliGM-PER-DAY",
        "unit:GM-PER-DAY",
        [("doseUnit", "unit:MilliGM-PER-DAY", "unit:GM-PER-DAY")],
    ),
    "another frequency": ('"daily"', '"weekly"', [("frequency", "daily", "weekly")]),
}


@pytest.mark.parametrize("name", DOSES)
def test_another_dose_in_a_copy_of_our_kgx_is_reported(name: str, ours: Ours, tmp_path: Path) -> None:
    old, new, expected = DOSES[name]
    made = to_kgx.make_files(ours.aligned)
    for part in ("nodes", "edges"):
        (written,) = (content for path, content in made.items() if path.endswith(f"{part}.jsonl"))
        assert part == "edges" or old.encode() in written
        write(tmp_path, f"k_{part}.jsonl", written.decode().replace(old, new) if part == "nodes" else written.decode())
    rows = told(ours, tmp_path)["contradictions"]
    regimen = "regimen:low-dose-naltrexone"
    assert [[row["kind"], row["claim"], row["ours"], row["theirs"], row["statement"]] for row in rows] == [
        ["value", regimen, held, said, f"{regimen} {property_} {said}"] for property_, held, said in expected
    ]


MECHANISMS = {
    "certainty": ('"certainty": "hypothesised"', '"certainty": "established"', "hypothesised", "established"),
    "netPolarity": ('"net_polarity": -1', '"net_polarity": 1', "-1", "1"),
    "effect": (
        '-decreases-neuroinflammatory-pain", "regimen',
        '-inhibits-microglia", "regimen',
        "claim:low-dose-naltrexone-decreases-neuroinflammatory-pain",
        "claim:low-dose-naltrexone-inhibits-microglia",
    ),
}


@pytest.mark.parametrize("name", MECHANISMS)
def test_another_value_of_a_mechanism_is_reported(name: str, ours: Ours, tmp_path: Path) -> None:
    old, new, held, said = MECHANISMS[name]
    made = to_kgx.make_files(ours.aligned)
    (text,) = (content.decode() for path, content in made.items() if path.endswith("nodes.jsonl"))
    (line,) = (line for line in text.splitlines() if line.startswith('{"id": "mechanism:tlr4-antagonism"'))
    write(tmp_path, "k_nodes.jsonl", line.replace(old, new) + "\n")
    end = "mechanism:tlr4-antagonism"
    write(tmp_path, "k_edges.jsonl", lines({"subject": end, "predicate": "biolink:related_to", "object": end}))
    (row,) = told(ours, tmp_path)["contradictions"]
    assert [row["kind"], row["claim"], row["ours"], row["theirs"]] == ["value", end, held, said]
    assert row["statement"] == f"{end} {name} {said}"


@pytest.mark.parametrize(("said", "expected"), [("50", ["50"]), ("5", []), ("5.0", []), ("5, 6", ["6"])])
def test_another_dose_in_rdf_is_reported(said: str, expected: list[str], ours: Ours, tmp_path: Path) -> None:
    text = (
        f"<https://w3id.org/ldn-kg/regimen/low-dose-naltrexone> <https://w3id.org/ldn-kg/ontology#doseMaximum> {said} ."
    )
    rows = told(ours, write(tmp_path, "a.ttl", text))["contradictions"]
    assert [(row["kind"], row["ours"], row["theirs"]) for row in rows] == [("value", "5", other) for other in expected]


@pytest.mark.parametrize(
    ("identifier", "called", "listed"),
    [
        (MOR, "OPRM1", 0),
        ("UniProtKB:O00206", "TLR4", 0),
        (MOR, "OPRK1", 1),
        (AUD, "alcohol dependence", 1),
        (DRUG, "naltrexone hydrochloride", 1),
    ],
)
def test_a_symbol_that_our_mappings_hold_is_no_other_name(
    identifier: str, called: str, listed: int, ours: Ours, tmp_path: Path
) -> None:
    """That of what is only near, or refused, is one, but for a receptor and its gene."""
    write(tmp_path, "k_nodes.tsv", f"{NODES}{identifier}\tbiolink:NamedThing\t{called}\n")
    write(tmp_path, "k_edges.tsv", f"{EDGES}{identifier}\tbiolink:related_to\t{identifier}\n")
    assert len(told(ours, tmp_path)["labels"]) == listed


def test_our_own_nanopublications_say_nothing_new(ours: Ours, tmp_path: Path) -> None:
    made = to_nanopubs.make_files(ours.aligned)
    report = told(ours, write(tmp_path, "all.trig", made["nanopubs/all.trig"].decode()))
    assert [report[table] for table in ("contradictions", "refused", "labels", "new_about_ours")] == [[], [], [], []]
    assert (report["counts"]["agreeing_statements"], report["counts"]["other_statements"]) == (51, 0)


@pytest.mark.parametrize(
    ("name", "claim", "does"),
    [
        ("tlr4-antagonism", "low-dose-naltrexone-antagonises-tlr4", "antagonise"),
        ("microglial-inhibition", "low-dose-naltrexone-inhibits-microglia", "inhibit"),
        ("opioid-rebound", "low-dose-naltrexone-blocks-opioid-signalling", "block"),
    ],
)
def test_our_own_paths_are_read_as_the_hypotheses_that_they_are(
    name: str, claim: str, does: str, ours: Ours, tmp_path: Path
) -> None:
    text = (ROOT / "tests" / "data" / "merge" / "own_paths" / f"{name}.yaml").read_text("utf-8")
    report = told(ours, write(tmp_path, "a.yaml", text))
    assert (report["contradictions"], report["other_statements"]) == ([], [])
    (row,) = report["agreeing_statements"]
    assert (row["claims"], row["level"]) == (f"claim:{claim}", "prediction")
    assert {row["level"] for row in report["new_about_ours"]} == {"prediction"}
    surer = text.replace(f"is hypothesised to {does}", "decreases activity of")
    (row,) = told(ours, write(tmp_path, "a.yaml", surer))["contradictions"]
    assert [row[name] for name in ("kind", "ours", "theirs")] == [
        "certainty",
        "hypothesised",
        "none, so stated as fact",
    ]


def test_a_level_that_biolink_does_not_have_is_refused_in_rdf_too(ours: Ours, tmp_path: Path) -> None:
    text = fork(ours, "naltrexone-is-taken-orally", "ontology#certainty", "nothing")
    level = (
        "<https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally> <https://w3id.org/biolink/vocab/knowledge_level>"
    )
    with pytest.raises(
        LdnkgError, match=r"a\.nt: '.*' is at the knowledge level 'nonsense', which Biolink does not have"
    ):
        merged(ours, write(tmp_path, "a.nt", f'{text}{level} "nonsense" .\n'))


# What is written


def test_merging_with_nothing_gives_our_graph(ours: Ours) -> None:
    found = merge(ours, [])
    assert set(found.quads) == set(ours.aligned.publication.quads)
    report = dict(reporting.report(found, ours))
    assert not any(report[name] for name in report if name != "counts")


@pytest.mark.parametrize("twice", [(BIOLINK, BIOLINK), (BIOLINK, BIOLINK / "graph_edges.tsv"), (PATHS, PATHS)])
def test_the_same_graph_twice_changes_nothing(twice: tuple[Path, Path], ours: Ours) -> None:
    once, again = merged(ours, twice[0]), merged(ours, *twice)
    prefixes = ours.aligned.prefixes
    assert files(once.facts, prefixes) == files(again.facts, prefixes)
    assert reporting.report(once, ours) == reporting.report(again, ours)


def test_a_copy_under_the_same_name_changes_nothing(ours: Ours, tmp_path: Path) -> None:
    shutil.copytree(BIOLINK, tmp_path / "copy")
    assert set(merged(ours, BIOLINK, tmp_path / "copy").quads) == set(merged(ours, BIOLINK).quads)


def test_the_order_does_not_matter(ours: Ours, tmp_path: Path) -> None:
    more = write(tmp_path, "a.trig", "<http://e.org/g> { <http://e.org/a> <http://e.org/b> [ <http://e.org/c> 1 ] }")
    given = [BIOLINK, PATHS, more]
    prefixes = ours.aligned.prefixes
    one, other = merged(ours, *given), merged(ours, *reversed(given))
    assert files(one.facts, prefixes) == files(other.facts, prefixes)
    assert reporting.report(one, ours) == reporting.report(other, ours)


def test_both_files_hold_the_same_and_read_back(ours: Ours) -> None:
    found = merged(ours, BIOLINK, PATHS)
    made = files(found.facts, ours.aligned.prefixes)
    assert set(ox.parse(made["merged.nq"], format=ox.RdfFormat.N_QUADS)) == set(found.quads)
    assert set(ox.parse(made["merged.trig"], format=ox.RdfFormat.TRIG)) == set(found.quads)


def test_each_term_of_a_source_is_held_once(ours: Ours) -> None:
    """Or a large graph takes three times the memory."""
    facts = [fact for fact in merged(ours, BIOLINK).facts if fact.graph.startswith("ni:")]
    terms = [term for fact in facts for term in fact]
    assert len(terms) > 2 * len(set(terms))
    assert len({id(term) for term in terms}) == len(set(terms))


def test_another_reader_reads_as_much_and_no_blank_node(ours: Ours, tmp_path: Path) -> None:
    blank = write(tmp_path, "a.ttl", "<http://e.org/a> <http://e.org/b> [ <http://e.org/c> [] ] .")
    found = merged(ours, BIOLINK, PATHS, blank)
    data = files(found.facts, ours.aligned.prefixes)["merged.nq"]
    read = list(rdflib.Dataset().parse(data=data, format="nquads").quads())
    assert len(read) == len(found.quads)
    assert not [quad for quad in read if any(isinstance(term, rdflib.BNode) for term in quad)]


ZIPPED = {
    "a.ttl": {"a.ttl": f"<{NALTREXONE}> <http://e.org/p> 1 ."},
    "a.rdf": {
        "a.rdf": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e.org/'>"
        f"<rdf:Description rdf:about='{NALTREXONE}'><e:p>1</e:p></rdf:Description></rdf:RDF>"
    },
    "a.jsonld": {"a.jsonld": json.dumps({"@id": NALTREXONE, "http://e.org/p": 1})},
    "paths.yaml": {"paths.yaml": PATHS.read_text("utf-8")},
    "graph_nodes.tsv": {path.name: path.read_text("utf-8") for path in BIOLINK.iterdir()},
}


@pytest.mark.parametrize("name", ZIPPED)
def test_a_zipped_graph_is_the_graph(name: str, ours: Ours, tmp_path: Path) -> None:
    (tmp_path / "zipped").mkdir()
    for file, text in ZIPPED[name].items():
        write(tmp_path, file, text)
        (tmp_path / "zipped" / f"{file}.gz").write_bytes(gzip.compress(text.encode()))
    plain, zipped = merged(ours, tmp_path / name), merged(ours, tmp_path / "zipped" / f"{name}.gz")
    assert [other.name for other in zipped.others] == [f"{min(ZIPPED[name]) if len(ZIPPED[name]) == 1 else name}.gz"]
    changed = {str(quad).replace(f"{plain.others[0].name}.gz", plain.others[0].name) for quad in zipped.quads}
    assert changed == set(map(str, plain.quads))
    assert len(plain.quads) > len(ours.aligned.publication.quads)


def test_ours_stays_ours_and_each_source_has_its_graphs(ours: Ours) -> None:
    found = merged(ours, BIOLINK, PATHS)
    own = {get_graph(quad) for quad in ours.aligned.publication.quads}
    for graph in own:
        assert of_graph(found, graph) == {q.triple for q in ours.aligned.publication.quads if get_graph(q) == graph}
    rest = {get_graph(quad) for quad in found.quads} - own - {MERGED.value}
    iris = [other.iri for other in found.others]
    assert all(any(graph.startswith(iri) for iri in iris) for graph in rest)
    assert len(rest) == 1 + 3


@pytest.mark.parametrize("edge_id", ["e:1", "e1", "1"])
def test_edges_of_two_sources_with_the_same_id_stay_two(edge_id: str, ours: Ours, tmp_path: Path) -> None:
    for name, predicate in (("a", "biolink:treats"), ("b", "biolink:affects")):
        edge(tmp_path, DRUG, predicate, AUD, id=edge_id)
        for part in ("nodes", "edges"):
            (tmp_path / f"e_{part}.jsonl").rename(tmp_path / f"{name}_{part}.jsonl")
    found = merged(ours, tmp_path)
    sources = {other.iri for other in found.others}
    predicates = [
        quad for quad in found.quads if get_graph(quad) in sources and quad.predicate.value.endswith("#predicate")
    ]
    assert len(predicates) == len({quad.subject for quad in predicates}) == 2


def test_a_node_twice_with_the_same_content_is_one(ours: Ours, tmp_path: Path) -> None:
    for name, text in pair(NODES + NODE + NODE.lower(), EDGES + "CHEBI:7465\tbiolink:treats\tchebi:7465\n").items():
        write(tmp_path, name, text.replace("drug", "Drug"))
    assert [row["theirs"] for row in told(ours, tmp_path)["joined"]] == ["CHEBI:7465"]


def test_no_edge_of_kgx_becomes_a_plain_triple(ours: Ours) -> None:
    """An edge may be a prediction, so it is told as a statement and never as a fact."""
    found = merged(ours, BIOLINK)
    predicates = {triple.predicate.value for triple in of_graph(found, found.others[0].iri)}
    assert not predicates & {f"https://w3id.org/biolink/vocab/{name}" for name in ("affects", "treats", "similar_to")}


def test_every_cell_of_kgx_is_in_the_output(ours: Ours) -> None:
    found = merged(ours, BIOLINK)
    said = {term.value for triple in of_graph(found, found.others[0].iri) for term in triple if hasattr(term, "value")}
    cells = 0
    for name in ("graph_nodes.tsv", "graph_edges.tsv"):
        for row in csv.DictReader((BIOLINK / name).read_text("utf-8").splitlines(), delimiter="\t"):
            for key in row.keys() - {"id", "subject", "predicate", "object", "category"}:
                cells += bool(row[key])
                assert not row[key] or row[key] in said, row[key]
    assert cells > 30


def test_a_graph_that_bears_a_name_of_ours_is_not_taken_for_ours(ours: Ours, tmp_path: Path) -> None:
    claim = "https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally"
    path = write(tmp_path, "a.nq", f"<http://e.org/a> <http://e.org/b> <http://e.org/c> <{claim}> .")
    found = merged(ours, path)
    assert not any("e.org" in str(triple) for triple in of_graph(found, claim))
    (graph,) = {get_graph(quad) for quad in found.quads if "e.org/a" in str(quad)}
    named = [triple for triple in of_graph(found, MERGED.value) if str(triple.subject) == f"<{graph}>"]
    assert {term.value for term in (triple.object for triple in named) if not isinstance(term, ox.Triple)} == {
        claim,
        found.others[0].iri,
    }


IRIS = st.sampled_from(
    [NALTREXONE, NALOXONE, f"{MESH}D009270", f"{MESH}D009271", "http://e.org/a", "https://identifiers.org/mesh:D009270"]
).map(ox.NamedNode)
BLANKS = st.sampled_from("xyz").map(ox.BlankNode)
PREDICATES = st.sampled_from(
    ["http://www.w3.org/2000/01/rdf-schema#label", "http://e.org/p", "https://w3id.org/biolink/vocab/treats"]
).map(ox.NamedNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9) | st.sampled_from(["naltrexone", "Naloxone"])
GRAPHS = st.sampled_from(
    [
        ox.DefaultGraph(),
        ox.NamedNode("http://e.org/g"),
        MERGED,
        ox.NamedNode("https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally"),
    ]
)
QUADS = st.builds(ox.Quad, IRIS | BLANKS, PREDICATES, IRIS | BLANKS | TEXTS.map(ox.Literal), GRAPHS)


def shape(quad: ox.Quad) -> tuple[str, ...]:
    """A triple with what a merge may name anew left open."""
    return tuple("?" if isinstance(t, ox.BlankNode) or str(t).startswith("<ni:") else str(t) for t in quad.triple)


@FEW
@given(st.lists(QUADS, min_size=1, max_size=12))
def test_every_quad_of_every_input_is_in_the_output(ours: Ours, tmp_path: Path, quads: list[ox.Quad]) -> None:
    """Blank nodes, and what is kept apart, have new names, one for one; all else stands as it was."""
    path = tmp_path / "a.nq"
    path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    found = merged(ours, path)
    apart = {refusal.iri for refusal in found.refused}
    iri = found.others[0].iri
    mine = [quad for quad in found.quads if found.sources.get(get_graph(quad))]
    expected = set(quads)
    assert len(mine) == len(expected)
    was = sorted(tuple("?" if text.strip("<>") in apart else text for text in shape(quad)) for quad in expected)
    assert sorted(shape(quad) for quad in mine) == was
    assert set(ours.aligned.publication.quads) <= set(found.quads)
    assert all(get_graph(quad).startswith(iri) or get_graph(quad) == "http://e.org/g" for quad in mine)
    made = files(found.facts, ours.aligned.prefixes)
    assert set(ox.parse(made["merged.trig"], format=ox.RdfFormat.TRIG)) == set(found.quads)


@FEW
@given(TEXTS, TEXTS)
def test_every_text_of_kgx_is_in_the_output(ours: Ours, tmp_path: Path, name: str, note: str) -> None:
    nodes = [{"id": "CHEBI:7465", "category": ["biolink:Drug"], "name": name, "note": note, "odd": [{"a": note}]}]
    edges = [{"subject": "CHEBI:7465", "predicate": "biolink:related_to", "object": "CHEBI:7465", "note": note}]
    write(tmp_path, "t_nodes.jsonl", "".join(json.dumps(node) + "\n" for node in nodes))
    write(tmp_path, "t_edges.jsonl", "".join(json.dumps(edge) + "\n" for edge in edges))
    found = merged(ours, tmp_path / "t_nodes.jsonl")
    texts = [t.object.value for t in of_graph(found, found.others[0].iri) if isinstance(t.object, ox.Literal)]
    assert sorted(texts) == sorted([name, note, note, json.dumps([{"a": note}][0], ensure_ascii=False)])


@pytest.mark.parametrize(("written", "said"), [("null", []), ("~", []), ("", []), ("'null'", ["null"]), ("no", ["no"])])
def test_what_yaml_calls_null_says_nothing(written: str, said: list[str], ours: Ours, tmp_path: Path) -> None:
    found = merged(ours, write(tmp_path, "a.yaml", f"note: {written}\n{PATH}"))
    notes = [quad.object for quad in found.quads if quad.predicate.value.endswith("#note") and "ni:" in str(quad)]
    assert [note.value for note in notes if isinstance(note, ox.Literal)] == said


def test_the_command_writes_the_whole(run: Run, tmp_path: Path) -> None:
    before = read_all(EXTRACTS)
    ended = run("merge", PATHS, BIOLINK, "--out", tmp_path / "out", "--format", "json", "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"merged.nq", "merged.trig", "report.json"}
    assert (tmp_path / "out" / "report.json").read_text("utf-8") == ended.stdout
    assert read_all(EXTRACTS) == before


def test_without_a_folder_nothing_is_written(run: Run, tmp_path: Path) -> None:
    ended = run("merge", PATHS, "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("What joined:\nsource ")
    assert "What was refused and kept apart:" in ended.stdout
    assert list(tmp_path.iterdir()) == []


# Bad input

NODES, EDGES = "id\tcategory\tname\n", "subject\tpredicate\tobject\n"
NODE = "CHEBI:7465\tbiolink:Drug\tnaltrexone\n"
PATH = "nodes:\n- id: CHEBI:7465\n  name: a\nlinks:\n- source: CHEBI:7465\n  key: treats\n  target: CHEBI:7465\n"


def pair(nodes: str, edges: str = EDGES, ending: str = "tsv") -> dict[str, str]:
    return {f"k_nodes.{ending}": nodes, f"k_edges.{ending}": edges}


def lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


JNODE, JEDGE = {"id": "a", "category": "b"}, {"subject": "a", "predicate": "b", "object": "a"}

# What is given, which of it, and the sentence that must be said: its place and its words.
BAD: dict[str, tuple[Mapping[str, str | bytes], str, str]] = {
    "an unknown ending": ({"a.docx": "x"}, "a.docx", "a.docx: is of no known format by its ending"),
    "no file": ({}, "a.ttl", "a.ttl: there is no such file"),
    "one half of a pair": ({"k_nodes.tsv": NODES}, "k_nodes.tsv", "k_edges.tsv: is missing beside k_nodes.tsv"),
    "no column": (pair("id\tname\na\tb\n"), "k_nodes.tsv", "k_nodes.tsv:1: names no column 'category'"),
    "no column of edges": (
        pair(NODES + NODE, "subject\tobject\n"),
        "k_nodes.tsv",
        "k_edges.tsv:1: names no column 'predicate'",
    ),
    "a column twice": (pair("id\tcategory\tid\n"), "k_nodes.tsv", "k_nodes.tsv:1: names the column 'id' twice"),
    "a short row": (pair(NODES + "a\tb\n"), "k_nodes.tsv", "k_nodes.tsv:2: has 2 cells and must have 3"),
    "a row without an id": (pair(NODES + "\tb\tc\n"), "k_nodes.tsv", "k_nodes.tsv:2: has no 'id'"),
    "an IRI with a space": (
        pair(NODES + "MESH:a b\tc\td\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: 'MESH:a b' is no identifier",
    ),
    "an address with a space": (
        pair(NODES + "http://a/ b\tc\td\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: 'http://a/ b' is no",
    ),
    "an id twice": (
        pair(NODES + NODE + NODE.replace("naltrexone", "naloxone")),
        "k_nodes.tsv",
        "k_nodes.tsv:3: 'CHEBI:7465' stands in line 2 too, with other content",
    ),
    "an id twice, its prefix written otherwise": (
        pair(NODES + "MESH:D009271\tbiolink:Drug\tnaltrexone\nmesh:D009271\tbiolink:Drug\tnaloxone\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:3: 'mesh:D009271' stands in line 2 too, with other content",
    ),
    "a node of a path twice, its prefix written otherwise": (
        {"a.yaml": PATH.replace("links:", "- id: chebi:7465\n  name: b\nlinks:")},
        "a.yaml",
        "a.yaml:4: 'chebi:7465' stands in line 2 too",
    ),
    "an edge twice": (
        pair(
            NODES + NODE,
            "id\t" + EDGES + "e\tCHEBI:7465\tbiolink:a\tCHEBI:7465\ne\tCHEBI:7465\tbiolink:b\tCHEBI:7465\n",
        ),
        "k_nodes.tsv",
        "k_edges.tsv:3: 'e' stands in line 2 too, with other content",
    ),
    "a knowledge level that is none": (
        pair(
            NODES + NODE,
            "knowledge_level\t" + EDGES + "KNOWLEDGE_ASSERTION\tCHEBI:7465\tbiolink:treats\tCHEBI:7465\n",
        ),
        "k_nodes.tsv",
        "k_edges.tsv:2: 'KNOWLEDGE_ASSERTION' is no knowledge_level: these are knowledge_assertion,",
    ),
    "a knowledge level that is no text": (
        pair(lines(JNODE), lines({**JEDGE, "knowledge_level": 7}), "jsonl"),
        "k_nodes.jsonl",
        "k_edges.jsonl:1: '7' is no knowledge_level",
    ),
    "a node that is missing": (
        pair(NODES + NODE, EDGES + "CHEBI:7465\tbiolink:treats\tCHEBI:1\n"),
        "k_nodes.tsv",
        "k_edges.tsv:2: the object 'CHEBI:1' is no node of the other file",
    ),
    "no rows": (pair(NODES), "k_nodes.tsv", "k_nodes.tsv: is empty"),
    "an empty table": (pair(""), "k_nodes.tsv", "k_nodes.tsv:1: names no column 'id'"),
    "a table not in UTF-8": (
        {"k_nodes.tsv": NODES.encode() + b"a\tb\t\xff\n", "k_edges.tsv": ""},
        "k_nodes.tsv",
        "k_nodes.tsv:2: is not UTF-8",
    ),
    "no JSON": (pair("{\n", "", "jsonl"), "k_nodes.jsonl", "k_nodes.jsonl:1: is not JSON"),
    "no object": (pair("[1]\n", "", "jsonl"), "k_nodes.jsonl", "k_nodes.jsonl:1: is no JSON object"),
    "a key twice": (
        pair('{"id": "a", "id": "b"}\n', "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: cannot be taken as JSON, a key",
    ),
    "no number": (pair('{"id": NaN}\n', "", "jsonl"), "k_nodes.jsonl", "k_nodes.jsonl:1: cannot be taken as JSON, NaN"),
    "a number without end": (
        pair(f'{{"id": {"9" * 5000}}}\n', "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: cannot be taken",
    ),
    "a deep object": (
        pair('{"a":' * 9999 + "\n", "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: cannot be taken as JSON",
    ),
    "half a character": (
        pair(lines({**JNODE, "name": "\ud800"}), "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: holds half a character",
    ),
    "an id that is a list": (
        pair(lines({**JNODE, "id": ["a", "b"]}), "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: 'id' is not one text",
    ),
    "an id that is a number": (
        pair(lines({**JNODE, "id": 7}), "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: 'id' is not one text",
    ),
    "an end that is an object": (
        pair(lines(JNODE), lines({**JEDGE, "object": {"a": 1}}), "jsonl"),
        "k_nodes.jsonl",
        "k_edges.jsonl:1: 'object' is not one",
    ),
    "an edge id that is a list": (
        pair(lines(JNODE), lines({**JEDGE, "id": []}), "jsonl"),
        "k_nodes.jsonl",
        "k_edges.jsonl:1: 'id' is not one",
    ),
    "a folder without a graph": ({"f/a.txt": "x"}, "f", "f: is a folder without nodes.tsv and edges.tsv"),
    "a folder named as a file": ({"f.ttl/a.txt": "x"}, "f.ttl", "f.ttl: is a folder without"),
    "broken Turtle": ({"a.ttl": "<http://a> <http://b>\n"}, "a.ttl", "a.ttl:2: cannot be understood"),
    "broken N-Triples": ({"a.nt": "\n<http://a> .\n"}, "a.nt", "a.nt:2: cannot be understood"),
    "an IRI with a space in Turtle": (
        {"a.ttl": "<http://a b> <http://b> 1 ."},
        "a.ttl",
        "a.ttl:1: cannot be understood",
    ),
    "broken RDF/XML": ({"a.rdf": "<a"}, "a.rdf", "a.rdf:1: cannot be understood"),
    "text in RDF/XML": (
        {"a.rdf": "junk 0\njunk 1\n"},
        "a.rdf",
        "a.rdf:1: cannot be understood, Unexpected text event: 'junk 0 ...'. Mend",
    ),
    "broken JSON-LD": ({"a.jsonld": "{\n\n]"}, "a.jsonld", "a.jsonld:3: is not JSON"),
    "deep JSON-LD": ({"a.jsonld": "[" * 9999}, "a.jsonld", "a.jsonld: cannot be taken as JSON"),
    "an IRI with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a b", "http://p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "a coerced IRI with a space in JSON-LD": (
        {
            "a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}},'
            '\n"@id": "http://a",\n"knows": ["http://a b"]}'
        },
        "a.jsonld",
        "a.jsonld:3: 'http://a b' is no IRI",
    ),
    "a coerced word with a space in JSON-LD": (
        {"a.jsonld": '{"@context": {"@vocab": "http://v/", "i": {"@type": "@vocab"}}, "@id": "http://a", "i": "b c"}'},
        "a.jsonld",
        "a.jsonld:1: 'b c' is no IRI",
    ),
    "a coerced address without a base in JSON-LD": (
        {"a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}}, "@id": "http://a", "knows": "b"}'},
        "a.jsonld",
        "a.jsonld:1: 'b' is no IRI",
    ),
    "a coerced IRI in a list in JSON-LD": (
        {
            "a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}}, "@id": "http://a",'
            ' "knows": {"@list": ["http://a b"]}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "a property with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a",\n"http://p q": 1}'},
        "a.jsonld",
        "a.jsonld:2: 'http://p q' is no IRI",
    ),
    "a prefixed property with a space in JSON-LD": (
        {"a.jsonld": '{"@context": {"e": "http://e/"}, "@id": "http://a", "e:p q": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'e:p q' is no IRI",
    ),
    "a bare property with a space in JSON-LD": (
        {"a.jsonld": '{"@context": {"@vocab": "http://v/"}, "@id": "http://a", "p q": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'p q' is no IRI",
    ),
    "a term for no IRI in JSON-LD": (
        {"a.jsonld": '{"@context": {"p": "http://p q"},\n"@id": "http://a", "p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://p q' is no IRI",
    ),
    "a type with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a",\n\n"@type": ["http://t", "http://t u"]}'},
        "a.jsonld",
        "a.jsonld:3: 'http://t u' is no IRI",
    ),
    "a type by another name in JSON-LD": (
        {"a.jsonld": '{"@context": {"a": "@type"}, "@id": "http://a", "a": "http://t u"}'},
        "a.jsonld",
        "a.jsonld:1: 'http://t u' is no IRI",
    ),
    "a type of a value with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a", "http://p": {"@value": "1", "@type": "http://t u"}}'},
        "a.jsonld",
        "a.jsonld:1: 'http://t u' is no IRI",
    ),
    "an IRI that is turned round in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a", "@reverse": {"http://p": {"@id": "http://a b"}}}'},
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "an IRI in a context of its own in JSON-LD": (
        {
            "a.jsonld": '{"@context": {"p": {"@id": "http://p", "@context": {"q": {"@id": "http://q", "@type": "@id"}}}'
            '}, "@id": "http://a", "p": {"q": "http://a b"}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "an address without a base in JSON-LD": (
        {"a.jsonld": '{"@context": {"id": "@id"}, "id": "b", "http://p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'b' is no IRI",
    ),
    "a name that is too long": ({}, "a" * 5000, "a"),
    "a context to be fetched": (
        {"a.jsonld": '{"@context": "http://c", "p": 1}'},
        "a.jsonld",
        "a.jsonld:1: wants the context 'http://c' fetched",
    ),
    "what is not zipped": ({"a.ttl.gz": "<http://a> <http://b> 1 ."}, "a.ttl.gz", "a.ttl.gz: is no whole gzip file"),
    "half of what is zipped": (
        {"a.nt.gz": gzip.compress(b"<http://a> <http://b> <http://c> .\n" * 99)[:-12]},
        "a.nt.gz",
        "a.nt.gz: is no whole gzip file",
    ),
    "a broken line that is zipped": ({"a.nt.gz": gzip.compress(b"\n<http://a>")}, "a.nt.gz", "a.nt.gz:2: cannot be"),
    "a zipped file of no known format": ({"a.gz": gzip.compress(b"x")}, "a.gz", "a.gz: is of no known format"),
    "a zipped file that is far too large": (
        {"a.jsonld.gz": gzip.compress(b" " * (65 << 20))},
        "a.jsonld.gz",
        "a.jsonld.gz: is larger than 67,108,864 bytes",
    ),
    "an empty Turtle file": ({"a.ttl": ""}, "a.ttl", "a.ttl: is empty"),
    "an empty TriG file": ({"a.trig": "# nothing\n"}, "a.trig", "a.trig: is empty"),
    "RDF not in UTF-8": ({"a.ttl": b"\xff\xfe"}, "a.ttl", "a.ttl:1: cannot be understood"),
    "an empty YAML file": ({"a.yaml": ""}, "a.yaml", "a.yaml: is empty"),
    "broken YAML": ({"a.yaml": "a: [\n"}, "a.yaml", "a.yaml:2: is not YAML"),
    "YAML not in UTF-8": ({"a.yaml": b"a: \xff"}, "a.yaml", "a.yaml: is not UTF-8 text"),
    "YAML that is a text": ({"a.yaml": "words"}, "a.yaml", "a.yaml:1: is no mapping and no list"),
    "deep YAML": ({"a.yaml": "a: " + "[" * 99}, "a.yaml", "a.yaml:1: is nested deeper"),
    "an alias": ({"a.yaml": "a: &b 1\nc: *b\n"}, "a.yaml", "a.yaml:2: is an alias"),
    "a YAML key twice": ({"a.yaml": "a: 1\na: 2\n"}, "a.yaml", "a.yaml:2: has the key 'a' twice"),
    "a path without links": ({"a.yaml": "nodes: []\n"}, "a.yaml", "a.yaml:1: has no 'links'"),
    "nodes that are no list": ({"a.yaml": "nodes: a\nlinks: []\n"}, "a.yaml", "a.yaml:1: is no list"),
    "a node without a name": ({"a.yaml": "links: []\nnodes:\n- id: a\n"}, "a.yaml", "a.yaml:3: has no 'name'"),
    "a link to nothing": (
        {"a.yaml": PATH.replace("target: CHEBI:7465", "target: CHEBI:1")},
        "a.yaml",
        "a.yaml:7: the target 'CHEBI:1' is no node",
    ),
    "a node of a path twice": (
        {"a.yaml": PATH.replace("links:", "- id: CHEBI:7465\n  name: b\nlinks:")},
        "a.yaml",
        "a.yaml:4: 'CHEBI:7465' stands in line 2 too",
    ),
    "a path twice": (
        {"a.yaml": "".join("- graph: {_id: p}\n  nodes: []\n  links: []\n" for _ in "ab")},
        "a.yaml",
        "a.yaml:4: the path 'p' stands in line 1 too",
    ),
    "an IRI with a space in YAML": (
        {"a.yaml": PATH.replace("CHEBI:7465", "CHEBI:7 5")},
        "a.yaml",
        "a.yaml:2: 'CHEBI:7 5' is no",
    ),
    "what a terminal obeys": (
        pair(NODES + "MESH:\x1b[2J \tb\tc\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: 'MESH:\\x1b[2J ' is no",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_files, asked, sentence = BAD[name]
    for file, content in given_files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = read_all(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["merge", asked, "--out", "out", "--home", str(ROOT)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"ldnkg: {sentence}")
    assert said.err.count("\n") == 1
    assert said.err[:-1].isprintable()
    assert read_all(tmp_path) == before


GOOD_JSON = {
    "terms with spaces": ({"@context": {"has part": "http://p"}, "@id": "http://a", "has part": 1}, 1),
    "texts that are no IRI": ({"@context": {"p": "http://p"}, "@id": "http://a", "p": ["b c", {"@value": "d e"}]}, 2),
    "what no context defines": ({"@id": "http://a", "no term": {"@id": "b c"}, "http://p": 1}, 1),
    "what stands for nothing": ({"@context": {"p": None}, "@id": "http://a", "p": "b c", "http://p": 1}, 1),
    "JSON": (
        {"@context": {"p": {"@id": "http://p", "@type": "@json"}}, "@id": "http://a", "p": {"@id": "b c", "d e": 1}},
        1,
    ),
    "languages": (
        {"@context": {"p": {"@id": "http://p", "@container": "@language"}}, "@id": "http://a", "p": {"en": "b c"}},
        1,
    ),
    "an index": (
        {"@context": {"p": {"@id": "http://p", "@container": "@index"}}, "@id": "http://a", "p": {"b c": "d"}},
        1,
    ),
    "words of a vocabulary": (
        {"@context": {"@vocab": "http://v/", "p": {"@type": "@vocab"}}, "@id": "http://a", "@type": "T", "p": "b"},
        2,
    ),
    "a prefix": ({"@context": {"e": "http://e/"}, "@id": "e:a", "e:p": {"@id": "e:b"}, "@type": "e:T"}, 2),
    "a base": (
        {"@context": {"@base": "http://e/", "p": {"@id": "http://p", "@type": "@id"}}, "@id": "a", "p": ["b", "_:c"]},
        2,
    ),
}


@pytest.mark.parametrize("name", GOOD_JSON)
def test_good_json_is_not_refused(name: str, ours: Ours, tmp_path: Path) -> None:
    document, triples = GOOD_JSON[name]
    found = merged(ours, write(tmp_path, "a.jsonld", json.dumps(document)))
    assert len(of_graph(found, found.others[0].iri)) == triples


def test_our_own_json_is_not_refused(ours: Ours) -> None:
    assert merged(ours, ROOT / "dist" / "ldn-kg.jsonld").refused == []


def test_a_good_input_is_not_refused(tmp_path: Path, ours: Ours) -> None:
    """Each piece that the bad ones are made of is good by itself."""
    for name, text in pair(NODES + NODE, EDGES + "CHEBI:7465\tbiolink:treats\tCHEBI:7465\n").items():
        write(tmp_path, name, text)
    for name, text in pair(lines(JNODE), lines(JEDGE), "jsonl").items():
        write(tmp_path, name, text)
    assert len(merged(ours, tmp_path, write(tmp_path, "a.yaml", PATH)).others) == 3


def test_a_file_that_may_not_be_read_is_one_sentence(
    tmp_path: Path, ours: Ours, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "a.ttl", "x")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(LdnkgError, match=r"a\.ttl: cannot be read, permission denied"):
        read_others([path], ours.naming)


def test_no_file_given_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["merge"])
    assert ended.value.code == 2
    assert "OTHER" in capsys.readouterr().err


def test_an_output_folder_that_is_a_file_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    out = write(tmp_path, "out", "mine")
    ended = run("merge", PATHS, "--out", out, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "cannot be written" in ended.stderr
    assert out.read_text("utf-8") == "mine"


def test_no_input_is_written_over(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path, "merged.nq", "<http://e.org/a> <http://e.org/b> <http://e.org/c> .\n")
    ended = run("merge", path, "--out", tmp_path, "--home", ROOT)
    assert ended.returncode == 2
    assert "is read and would be written over" in ended.stderr
    assert read_all(tmp_path) == {"merged.nq": b"<http://e.org/a> <http://e.org/b> <http://e.org/c> .\n"}


def test_what_others_call_things_cannot_command_a_terminal(run: Run, tmp_path: Path) -> None:
    signs = "".join(map(chr, range(1, 32)))
    text = "".join(f"\\u{ord(sign):04X}" for sign in signs)
    path = write(tmp_path, "a.nt", f'<{NALTREXONE}> {LABEL} "{text}" .\n')
    ended = run("merge", path, "--out", tmp_path / "out", "--home", ROOT)
    assert ended.returncode == 0
    assert ended.stdout.replace("\n", "").isprintable()
    (row,) = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["labels"]
    assert row["theirs"] == signs


JUNK = {
    "junk.nt": "some junk in a line\n",
    "junk.ttl": "some junk in a line\n",
    "junk.trig": "<\n",
    "junk.rdf": "some junk in a line\n",
    "junk.jsonld": "[\n",
    "junk.yaml": "some junk in a line\n",
    "list.yaml": "- some junk in a line\n",
    "j_nodes.tsv": "some\tjunk in a line\n",
    "k_nodes.tsv": "x" * 40,
    "j_nodes.jsonl": '"some junk in a line"\n',
    "word.nt": "x" * 40,
}


@pytest.mark.parametrize("name", JUNK)
def test_a_million_lines_of_junk_end_with_one_sentence_in_little_memory(name: str, tmp_path: Path) -> None:
    write(tmp_path, name, JUNK[name] * 1_000_000)
    write(tmp_path, name.replace("nodes", "edges"), JUNK[name]) if "nodes" in name else None

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    command = [sys.executable, "-m", "ldnkg", "merge", name, "--home", str(ROOT)]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120, preexec_fn=limit
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"ldnkg: {name}:")
    assert ended.stderr.count("\n") == 1


ENDINGS = ["a.ttl", "a.nt", "a.nq", "a.trig", "a.jsonld", "a.rdf", "a.yaml", "j_nodes.tsv", "j_nodes.jsonl"]
SEEDS = st.sampled_from(
    [
        PATH.encode(),
        (NODES + NODE).encode(),
        lines(JNODE).encode(),
        b'{"@context": {"@vocab": "http://v/"}, "@id": "http://a", "p": ["b", {"@value": 1}]}',
        b"@prefix a: <http://a/> . a:b a:c [ a:d 'x'@en ] . ",
        b"<http://a> <http://b> <http://c> <http://d> .\n",
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    ]
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Good text with junk put into it somewhere, or junk alone."""
    seed, junk = draw(SEEDS | st.just(b"")), draw(st.binary(max_size=24))
    where = draw(st.integers(0, len(seed)))
    return seed[:where] + junk + seed[where + draw(st.integers(0, 4)) :]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(ENDINGS), spoilt(), spoilt())
def test_junk_is_read_or_refused_and_nothing_else(
    ours: Ours, tmp_path: Path, name: str, content: bytes, more: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    if "nodes" in name:
        (tmp_path / name.replace("nodes", "edges")).write_bytes(more)
    try:
        found = merged(ours, tmp_path / name)
    except LdnkgError as problem:
        assert (problem.status, str(problem).isprintable()) == (2, True)
        return
    reporting.as_json(reporting.report(found, ours)).encode()
    files(found.facts, ours.aligned.prefixes)


# What the guide says

GUIDE = (ROOT / "docs" / "import" / "merging.md").read_text("utf-8")


def test_the_guide_shows_what_one_gets(run: Run, tmp_path: Path) -> None:
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    theirs, command, report, query, rows = (text for _, text in blocks[:5])
    write(tmp_path, "theirs.ttl", theirs)
    ended = run(*shlex.split(command)[1:], "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (0, report)
    assert {path.name for path in (tmp_path / "merged").iterdir()} == {"merged.nq", "merged.trig", "report.json"}
    asked = subprocess.run([sys.executable, "-c", query], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert asked.stdout == rows


def test_the_guide_names_every_ending_and_every_kind_of_contradiction() -> None:
    code = "".join((RESOURCES.parent / name).read_text("utf-8") for name in ("conflicts.py", "report.py"))
    kinds = re.findall(r'Contradiction\("(\w+)"|"kind": "(\w+)"', code)
    assert len(kinds) > 8
    assert [kind for pair in kinds for kind in pair if kind and f"\n| {kind} |" not in GUIDE] == []
    assert [
        ending for ending in [*read_rdf.FORMATS, ".yaml", ".yml", ".jsonl", ".tsv"] if f"{ending}`" not in GUIDE
    ] == []


# Each thing that a report holds rests on a row of ours: without it, or with another, the report is another.


def edited(copy: Path, name: str, old: str, new: str) -> Ours:
    shutil.copytree(RESOURCES, copy / "resources")
    path = copy / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return read_ours(Home(copy), copy / "resources")


FAULTS = [
    ("refused", "data/lookalikes.tsv", "MESH:D009270\t", "MESH:D000001\t", PATHS, "MESH:D009270"),
    (
        "near",
        "resources/identifiers.rq",
        'skos:closeMatch "close"',
        'skos:closeMatch "exact"',
        PATHS,
        "D000437",
    ),
    ("joined", "resources/aliases.tsv", "\nDB\tDRUGBANK", "\nDX\tDRUGBANK", BIOLINK, "DRUGBANK:DB01183"),
    (
        "joined",
        "resources/identifiers.rq",
        'skos:exactMatch "exact"',
        'skos:exactMatch "close"',
        BIOLINK,
        "MESH:D005356",
    ),
    ("contradictions", "resources/statements.rq", '("increased" 1)', '("increased" -1)', BIOLINK, "polarity"),
    (
        "contradictions",
        "resources/statements.rq",
        '("knowledge_assertion" 4)',
        '("knowledge_assertion" 2)',
        BIOLINK,
        "hypothesised",
    ),
    ("contradictions", "resources/claims.rq", "ldn:ingredient", "ldn:coTreatment", BIOLINK, "dose"),
    ("contradictions", "resources/statements.rq", "biolink:negated", "biolink:denied", BIOLINK, "negation"),
    (
        "contradictions",
        "resources/relations.rq",
        "subPropertyOf biolink:treats",
        "subPropertyOf biolink:cures",
        BIOLINK,
        "relation",
    ),
    ("labels", "resources/labels.rq", "rdfs:label 1", "rdfs:seeAlso 1", PATHS, "mu-opioid receptor"),
]


@pytest.mark.parametrize(("table", "name", "old", "new", "given_", "word"), FAULTS, ids=lambda value: str(value)[-30:])
def test_a_planted_fault_shows(
    table: str, name: str, old: str, new: str, given_: Path, word: str, copy: Path, ours: Ours
) -> None:
    def with_word(held: Ours) -> list[str]:
        return [row for row in map(json.dumps, told(held, given_)[table]) if word in row]

    assert with_word(ours)
    assert with_word(edited(copy, name, old, new)) != with_word(ours)


def test_a_certainty_that_is_taken_for_another_shows(copy: Path) -> None:
    name = "resources/claims.rq"
    report = told(edited(copy, name, '("prediction" 2)', '("prediction" 4)'), BIOLINK)
    assert not [row for row in report["contradictions"] if row["ours"] == "hypothesised"]


def test_the_words_of_biolink_are_in_biolink() -> None:
    """Those of DrugMechDB are not any more; they were in Biolink before."""
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    said = (RESOURCES / "words.ttl").read_text("utf-8").partition("# Biolink's own.")[2]
    names = re.findall(r"^biolink:(\w+)", said, re.MULTILINE)
    assert len(names) >= 4
    assert [name for name in names if f"\n  {name.replace('_', ' ')}:\n" not in text] == []


@cache
def slots() -> dict[str, Any]:
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    return {name.replace(" ", "_"): slot or {} for name, slot in yaml.safe_load(text)["slots"].items()}


def test_what_is_turned_round_is_what_biolink_turns_round() -> None:
    """Each of the two roles of a chemical is the inverse of the other there, so one of them is left out."""
    said = (RESOURCES / "inverses.ttl").read_text("utf-8")
    inverse = {name: slot["inverse"].replace(" ", "_") for name, slot in slots().items() if "inverse" in slot}
    del inverse["has_chemical_role"]
    assert dict(re.findall(r"^biolink:(\w+) owl:inverseOf biolink:(\w+) \.$", said, re.MULTILINE)) == inverse
    either = {name for name, slot in slots().items() if slot.get("symmetric")}
    assert set(re.findall(r"^biolink:(\w+) a owl:SymmetricProperty \.$", said, re.MULTILINE)) == either


def test_what_is_broader_is_broader_in_biolink() -> None:
    known = slots()

    def above(name: str) -> set[str]:
        parents = [known[name].get("is_a", ""), *known[name].get("mixins", [])]
        direct = {parent.replace(" ", "_") for parent in parents if parent}
        return direct.union(*map(above, direct))

    graph = rdflib.Graph().parse(RESOURCES / "words.ttl")
    start = "https://w3id.org/biolink/vocab/"
    pairs = [(str(s), str(o)) for s, o in graph.subject_objects(rdflib.RDFS.subPropertyOf) if str(s).startswith(start)]
    assert len(pairs) > 20
    names = [(one.removeprefix(start), other.removeprefix(start)) for one, other in pairs]
    assert [pair for pair in names if pair[1] not in above(pair[0])] == []


def test_the_mechanisms_are_those_of_biolink() -> None:
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    said = (RESOURCES / "statements.rq").read_text("utf-8").partition("?ofMechanism)")[2]
    names = re.findall(r'\("(\w+)" -?1\)', said.partition("FILTER")[0])
    assert len(names) == 28
    assert [name for name in names if f"\n      {name}:" not in text] == []
