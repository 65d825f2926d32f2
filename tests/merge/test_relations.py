"""The relation table: its rows agree with their sources, and each relation has the sense that was written by hand."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ldnkg.merge.aspects import AspectTree
from ldnkg.merge.claim_index import Claim
from ldnkg.merge.reference import RESOURCES
from ldnkg.merge.relation_table import COLUMNS
from support.merging import EXTRACTS
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.claim_index import ClaimIndex
    from ldnkg.merge.reference import ReferenceIndex

ORIENTATIONS = {"forward", "inverse", "symmetric"}
SENSES = ("opposite", "same", "stronger", "near", "unrelated")


def read_tsv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


RELATIONS = {row["relation"]: row for row in read_tsv(RESOURCES / "relations.tsv")}
EXPECTED = read_tsv(EXTRACTS / "relation_senses.tsv")
BIOLINK = {name.removeprefix("biolink:"): row for name, row in RELATIONS.items() if row["vocabulary"] == "Biolink"}


@cache
def model() -> dict[str, Any]:
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


@cache
def slots() -> dict[str, Any]:
    return {name.replace(" ", "_"): slot or {} for name, slot in model()["slots"].items()}


def parents(name: str) -> set[str]:
    found = [slots()[name].get("is_a", ""), *slots()[name].get("mixins", [])]
    return {parent.replace(" ", "_") for parent in found if parent}


def find_above(name: str) -> set[str]:
    return parents(name).union(*map(find_above, parents(name)))


def expand(reference: ReferenceIndex, curie: str) -> str:
    namespaces = reference.vocabulary.get_format("relations")["namespaces"]
    prefix, _, name = curie.partition(":")
    return namespaces[prefix][0] + name if prefix in namespaces else reference.resolver.resolve(curie, "").value


def find_sense(claims: ClaimIndex, claim: Claim, relation: str) -> str:
    senses = set(claims.get_senses(claim, relation))
    required = claims.get_required(relation)
    if required and claim.predicate not in required:
        senses.add("stronger")
    return next((sense for sense in SENSES if sense in senses), "none")


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['claim']}-{row['relation']}")
def test_a_relation_has_the_sense_written_by_hand(row: dict[str, str], reference: ReferenceIndex) -> None:
    claims = reference.claims
    relation, ours = (expand(reference, row[name]) for name in ("relation", "claim"))
    inverse = claims.inverses.get(relation)
    orientation = "forward" if inverse is None else "symmetric" if inverse == relation else "inverse"
    claim = Claim("", "", ours, "", "", "", 0, 0, "")
    assert (orientation, find_sense(claims, claim, inverse or relation)) == (row["orientation"], row["expected"])


def test_the_senses_written_by_hand_are_many_and_from_each_vocabulary() -> None:
    assert len({(row["claim"], row["relation"]) for row in EXPECTED}) == len(EXPECTED) >= 120
    found = {RELATIONS[row["relation"]]["vocabulary"] for row in EXPECTED}
    assert found == {row["vocabulary"] for row in RELATIONS.values()} - {"LDN-KG"}
    assert {row["expected"] for row in EXPECTED} == {*SENSES, "none"}


def test_each_row_has_a_source_and_known_values() -> None:
    assert list(next(iter(RELATIONS.values()))) == list(COLUMNS)
    assert len(RELATIONS) == len(read_tsv(RESOURCES / "relations.tsv"))
    for name, row in RELATIONS.items():
        assert row["source"], name
        assert row["orientation"] in ORIENTATIONS, name
        assert row["polarity"] in {"", "1", "-1"}, name
        linked = [
            link
            for column in ("inverse", "equivalent", "broader", "opposite", "unrelated")
            for link in row[column].split()
        ]
        assert [link for link in linked if link not in RELATIONS and not link.startswith("ldn:")] == [], name


def test_an_inverse_relation_has_one_inverse_that_is_not_turned_round() -> None:
    for name, row in RELATIONS.items():
        if row["orientation"] == "inverse" and not row["inverse"].startswith("ldn:"):
            assert RELATIONS[row["inverse"]]["orientation"] == "forward", name
        if row["orientation"] == "symmetric":
            assert row["inverse"] == name
        if row["orientation"] == "inverse":
            assert row["polarity"] == "", f"{name}: the polarity is that of its inverse"


def test_equivalent_relations_have_the_same_orientation_polarity_and_aspect() -> None:
    for name, row in RELATIONS.items():
        if row["equivalent"] in RELATIONS and not row["equivalent"].startswith("ldn:"):
            other = RELATIONS[row["equivalent"]]
            for column in ("orientation", "polarity", "aspect"):
                assert row[column] == other[column], name


def test_the_biolink_rows_are_the_predicates_of_biolink() -> None:
    predicates = {name for name in slots() if name == "related_to" or "related_to" in find_above(name)}
    assert set(BIOLINK) == predicates


def test_the_inverse_and_symmetric_relations_are_those_of_biolink() -> None:
    """In Biolink, each of the two roles of a chemical is the inverse of the other, so one of them is omitted."""
    inverse = {name: slots()[name]["inverse"].replace(" ", "_") for name in BIOLINK if "inverse" in slots()[name]}
    del inverse["has_chemical_role"]
    listed = {name: row["inverse"] for name, row in BIOLINK.items() if row["orientation"] == "inverse"}
    assert {name: other.removeprefix("biolink:") for name, other in listed.items()} == inverse
    symmetric = {name for name in BIOLINK if slots()[name].get("symmetric")}
    assert {name for name, row in BIOLINK.items() if row["orientation"] == "symmetric"} == symmetric


def test_the_broader_relations_are_those_of_biolink() -> None:
    """A broader relation of another vocabulary is a broad mapping in Biolink."""
    for name, row in BIOLINK.items():
        listed = row["broader"].split()
        assert {link.removeprefix("biolink:") for link in listed if link.startswith("biolink:")} == parents(name), name
        for link in set(listed) - {f"biolink:{parent}" for parent in parents(name)}:
            assert link.replace("wdt:", "WIKIDATA_PROPERTY:") in slots()[name]["broad_mappings"], name


def test_the_opposite_relations_are_those_of_biolink_and_our_list() -> None:
    ours = {"causes", "exacerbates_condition", "has_adverse_event", "has_side_effect", "promotes_condition"}
    for name, row in BIOLINK.items():
        listed = {link.removeprefix("biolink:") for link in row["opposite"].split()}
        stated = get_opposite(name)
        expected = {"contraindicated_in"} | ours if name == "treats" else stated & set(BIOLINK)
        assert listed == (expected if row["orientation"] != "inverse" else set()), name


def get_opposite(name: str) -> set[str]:
    annotations = slots()[name].get("annotations") or {}
    stated = annotations.get("opposite_of", "") if isinstance(annotations, dict) else ""
    return {stated.replace(" ", "_")} if stated else set()


def test_the_mappings_that_rows_cite_are_in_biolink() -> None:
    """Rows of other vocabularies that cite an exact or narrow mapping of the installed Biolink have it."""
    counted = 0
    for name, row in RELATIONS.items():
        if "mapping in biolink-model 4.4.6" not in row["source"]:
            continue
        mapping = row["source"].partition(" mapping in biolink-model 4.4.6")[0].rpartition(" ")[2]
        written = {name.replace("wdt:", "WIKIDATA_PROPERTY:"), name}
        written |= {f"NCIT:{row['label'].lower().replace(' ', '_')}"} if name.startswith("NCIT:") else set()
        found = {slot for slot in BIOLINK if written & set(slots()[slot].get(f"{mapping}_mappings") or [])}
        linked = {
            link.removeprefix("biolink:") for link in (row["equivalent"], *row["broader"].split(), row["inverse"])
        }
        reverse = {slot for slot, other in BIOLINK.items() if name in other["broader"].split()}
        inverse = {other["inverse"].removeprefix("biolink:") for other in (BIOLINK[slot] for slot in found)}
        assert found & (linked | reverse) or inverse & linked, name
        counted += 1
    assert counted > 100


def test_the_keys_of_drugmechdb_are_in_the_table() -> None:
    keys = [row["key"] for row in read_tsv(EXTRACTS / "drugmechdb_keys.tsv")]
    assert len(keys) == 67
    assert [key for key in keys if f"biolink:{key.replace(' ', '_')}" not in RELATIONS] == []


def test_the_aspects_and_levels_are_those_of_biolink() -> None:
    values = model()["enums"]["GeneOrGeneProductOrChemicalEntityAspectEnum"]["permissible_values"]
    expected = {name: (value or {}).get("is_a", "") for name, value in values.items()}
    assert {row["aspect"]: row["broader"] for row in read_tsv(RESOURCES / "aspects.tsv")} == expected
    assert {row["aspect"] for row in RELATIONS.values()} <= {"", *expected}
    levels = read_tsv(RESOURCES / "levels.tsv")
    assert {row["level"] for row in levels} == set(model()["enums"]["KnowledgeLevelEnum"]["permissible_values"])
    assert {row["asserts"] for row in levels} == {"yes", "no"}


COMPARABLE = [
    ("activity", "activity", True),
    ("activity", "", True),
    ("", "expression", True),
    ("", "", True),
    ("activity", "activity_or_abundance", True),
    ("activity or abundance", "activity", True),
    ("expression", "abundance", True),
    ("expression", "activity_or_abundance", True),
    ("hydrolysis", "cleavage", True),
    ("phosphorylation", "molecular_modification", True),
    ("activity", "abundance", False),
    ("activity", "expression", False),
    ("expression", "synthesis", False),
    ("degradation", "abundance", False),
    ("degradation", "activity", False),
    ("secretion", "uptake", False),
    ("localization", "activity_or_abundance", False),
    ("unknown", "unknown", True),
    ("unknown", "activity", False),
]


@pytest.mark.parametrize(("one", "other", "expected"), COMPARABLE)
def test_aspects_are_comparable_if_one_contains_the_other(one: str, other: str, expected: object) -> None:
    aspects = AspectTree(RESOURCES)
    assert aspects.are_comparable(one, other) is expected
    assert aspects.are_comparable(other, one) is expected


def test_more_degradation_is_less_of_the_object() -> None:
    aspects = AspectTree(RESOURCES)
    pairs = [("degradation", ""), ("", "hydrolysis"), ("degradation", "degradation"), ("expression", ""), ("", "")]
    assert [aspects.compare_signs(*pair) for pair in pairs] == [-1, -1, 1, 1, 1]


def test_a_relation_states_its_polarity_and_aspect(reference: ReferenceIndex) -> None:
    changes = reference.claims.changes
    named = {
        "biolink:increases_abundance_of": (1, "abundance"),
        "biolink:decreases_activity_of": (-1, "activity"),
        "biolink:affects_expression_of": (0, "expression"),
        "biolink:negatively_regulates": (-1, ""),
        "ldn:antagonises": (-1, "activity"),
        "RO:0018027": (1, "activity"),
        "SEMMEDDB:AUGMENTS": (1, "activity_or_abundance"),
    }
    assert {name: tuple(changes[expand(reference, name)]) for name in named} == named
    assert expand(reference, "biolink:treats") not in changes


def test_each_form_of_a_relation_is_in_the_index(reference: ReferenceIndex) -> None:
    forms = reference.vocabulary.get_format("relations")["namespaces"]["wdt"]
    direct = forms[0]
    assert {reference.claims.inverses[f"{form}P2176"] for form in forms} == {f"{direct}P2175"}


def test_the_guide_counts_the_relations() -> None:
    """Vocabularies that share a row of the guide, such as CTD and SemMedDB, are counted together."""
    guide = (ROOT / "docs" / "import" / "merging.md").read_text("utf-8").partition("| vocabulary | relations |")[2]
    rows = [line.split("|")[1:3] for line in guide.splitlines() if line.count("|") == 4][1:]
    listed = {name.strip(): int(count) for name, count in rows}
    counts = Counter(row["vocabulary"] for row in RELATIONS.values())
    several = ("CTD", "SemMedDB", "CHEMBL.MECHANISM", "DGIdb", "DrugBank")
    assert listed == {
        "Biolink": counts["Biolink"],
        "Biolink, former relations": counts["Biolink (former)"],
        "CTD, SemMedDB, ChEMBL, DGIdb, DrugBank": sum(counts[name] for name in several),
        **{name: counts[name] for name in ("RO", "NCIT", "Wikidata", "NDF-RT")},
    }
