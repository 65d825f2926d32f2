"""The report depends on the queries and tables of merging, and these agree with Biolink."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files as resources
from typing import TYPE_CHECKING

import pytest

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
        "resources/notations.json",
        '"knowledge_assertion": 4',
        '"knowledge_assertion": 2',
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
    ("other_statements", "resources/levels.tsv", "prediction\tno", "prediction\tyes", BIOLINK, "biolink:treats"),
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
    name = "resources/claims.rq"
    report = report_merge(edit(reference, copy, name, '("prediction" 2)', '("prediction" 4)'), BIOLINK)
    assert not [row for row in report["contradictions"] if row["our_value"] == "hypothesised"]


def test_the_causal_mechanisms_are_those_of_biolink() -> None:
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    names = json.loads((RESOURCES / "notations.json").read_text("utf-8"))["mechanisms"]
    assert len(names) == 28
    assert [name for name in names if f"\n      {name}:" not in text] == []
