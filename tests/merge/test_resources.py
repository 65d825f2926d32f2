"""The report depends on the queries and tables of merging, and these agree with Biolink."""

from __future__ import annotations

import csv
import json
import shutil
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ldnkg.merge.reference import RESOURCES, ReferenceIndex, index_graph, read_reference
from ldnkg.paths import Home
from support.merging import BIOLINK, PATHS, report_merge

if TYPE_CHECKING:
    from pathlib import Path


def edit(reference: ReferenceIndex, copy: Path, name: str, old: str, new: str) -> ReferenceIndex:
    """The index of our graph, with one text replaced in a file of the data or of the resources."""
    shutil.copytree(RESOURCES, copy / "resources")
    path = copy / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    if name.startswith("resources"):
        return index_graph(reference.graph, copy / "resources")
    return read_reference(Home(copy), copy / "resources")


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
    ("contradictions", "resources/notations.json", '"increased": 1', '"increased": -1', BIOLINK, "polarity"),
    (
        "contradictions",
        "resources/levels.tsv",
        "knowledge_assertion\t4",
        "knowledge_assertion\t2",
        BIOLINK,
        "hypothesised",
    ),
    ("contradictions", "resources/claims.rq", "ldn:ingredient", "ldn:coTreatment", BIOLINK, "dose"),
    ("contradictions", "resources/notations.json", "vocab/negated", "vocab/denied", BIOLINK, "negation"),
    (
        "contradictions",
        "resources/relations.rq",
        "subPropertyOf biolink:treats",
        "subPropertyOf biolink:cures",
        BIOLINK,
        "relation",
    ),
    ("other_statements", "resources/levels.tsv", "prediction\t2\tno", "prediction\t2\tyes", BIOLINK, "biolink:treats"),
    ("labels", "resources/labels.rq", "rdfs:label 1", "rdfs:seeAlso 1", PATHS, "mu-opioid receptor"),
]


@pytest.mark.parametrize(("table", "name", "old", "new", "source", "word"), FAULTS, ids=lambda value: str(value)[-30:])
def test_a_change_of_a_resource_changes_the_report(
    table: str, name: str, old: str, new: str, source: Path, word: str, copy: Path, reference: ReferenceIndex
) -> None:
    def find_rows(index: ReferenceIndex) -> list[str]:
        return [row for row in map(json.dumps, report_merge(index, source)[table]) if word in row]

    assert find_rows(reference)
    assert find_rows(edit(reference, copy, name, old, new)) != find_rows(reference)


def test_a_wrong_rank_of_a_certainty_changes_the_report(copy: Path, reference: ReferenceIndex) -> None:
    name = "resources/levels.tsv"
    report = report_merge(edit(reference, copy, name, "prediction\t2", "prediction\t4"), BIOLINK)
    assert not [row for row in report["contradictions"] if row["our_value"] == "hypothesised"]


@cache
def read_model() -> dict[str, Any]:
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


def read_notations() -> dict[str, Any]:
    return dict(json.loads((RESOURCES / "notations.json").read_text("utf-8")))


def list_values(name: str) -> dict[str, dict[str, Any]]:
    """The permissible values of an enumeration of Biolink."""
    return {value: about or {} for value, about in read_model()["enums"][name]["permissible_values"].items()}


def list_broader(value: str, values: dict[str, dict[str, Any]]) -> set[str]:
    broader = values[value].get("is_a")
    return {value, *(list_broader(broader, values) if broader else ())}


@pytest.mark.parametrize(
    ("name", "enumeration", "positive", "negative"),
    [
        ("directions", "DirectionQualifierEnum", "increased", "decreased"),
        ("mechanisms", "CausalMechanismQualifierEnum", "positive_modulation", "negative_modulation"),
    ],
)
def test_the_directions_and_mechanisms_are_those_of_biolink(
    name: str, enumeration: str, positive: str, negative: str
) -> None:
    values = list_values(enumeration)
    signs = {value: list_broader(value, values) for value in values}
    expected = {value: 1 for value, broader in signs.items() if positive in broader}
    expected |= {value: -1 for value, broader in signs.items() if negative in broader}
    assert read_notations()[name] == expected


def test_the_levels_are_those_of_biolink() -> None:
    with (RESOURCES / "levels.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert {row["level"] for row in rows} == set(list_values("KnowledgeLevelEnum"))
    closed = json.loads((RESOURCES / "vocabulary.json").read_text("utf-8"))["kgx"]["closed"]["knowledge_level"]
    assert {row["level"] for row in rows} == set(closed)
    assert {row["rank"] for row in rows} == {"1", "2", "3", "4"}


def test_the_qualifiers_are_slots_of_biolink_or_former_names() -> None:
    """The first name of each is a slot; the others are those of RTX-KG2 and of Biolink before 3.0."""
    slots = {name.replace(" ", "_") for name in read_model()["slots"]}
    start = "https://w3id.org/biolink/vocab/"
    names = [
        [iri.removeprefix(start) for iri in iris if iri.startswith(start)]
        for iris in read_notations()["qualifiers"].values()
    ]
    assert [found[0] for found in names if found and found[0] not in slots] == []
    ends = [f"{end}_{what}" for end in ("object", "subject") for what in ("direction", "aspect")]
    former = {name for found in names for name in found[1:]}
    assert former == {"effect_mechanism_qualifier", *ends, *(f"qualified_{end}" for end in ends)}
    assert former.isdisjoint(slots)


def test_the_links_are_relations_of_equivalence_of_biolink() -> None:
    settings = json.loads((RESOURCES / "vocabulary.json").read_text("utf-8"))
    slots = read_model()["slots"]
    assert "skos:exactMatch" in slots["exact match"]["exact_mappings"]
    assert {"owl:sameAs", "WIKIDATA_PROPERTY:P2888"} <= set(slots["same as"]["exact_mappings"])
    assert "owl:equivalentClass" in slots["same as"]["close_mappings"]
    assert "skos:closeMatch" in slots["close match"]["exact_mappings"]
    assert "oboInOwl:hasDbXref" in slots["close match"]["narrow_mappings"]
    for iri in ("http://www.wikidata.org/prop/direct/P2888", "http://www.w3.org/2002/07/owl#sameAs"):
        assert iri in settings["links"]
    assert not set(settings["links"]) & {*settings["near_links"], *settings["cross_references"]}
