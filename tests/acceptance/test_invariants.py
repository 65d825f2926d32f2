"""Every client of every format counts the numbers that were counted by hand from the records.

The reader of a format has a function `counts(files)`. It returns the numbers by their names in
`answers/invariants.tsv`; `facts.counted` helps to make them. A number may be missing only if the loss statement says
that its aspect is lost at least in part.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.exports.fidelity import FOLDER
from ldnkg.exports.rdf.writer import ENDINGS
from ldnkg.exports.registry import FORMATS
from ldnkg.paths import Home
from ldnkg.publication.combined import combine_with_alignments
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_records
from support import facts
from support.paths import ROOT
from support.readers import find_reader, rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph

NODE = os.environ.get("LDNKG_NODE") and shutil.which("node")


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t"))


ROWS = table(ROOT / "tests" / "data" / "answers" / "invariants.tsv")
NUMBERS = {row["name"]: int(row["number"]) for row in ROWS}
ASPECTS = {row["name"]: row["aspect"] for row in ROWS}
LOSSES = {(row["format"], row["aspect"]): row["survives"] for row in table(FOLDER / "losses.tsv")}
COUNTING = [name for name in FORMATS if hasattr(find_reader(name), "counts")]


# --- clients: each takes the publication with its alignments and counts the contents of a file


def by_format(name: str, combined: CombinedGraph) -> dict[str, int]:
    found: dict[str, int] = find_reader(name).counts(FORMATS[name].make_files(combined))
    return found


def by_pyoxigraph(combined: CombinedGraph) -> dict[str, int]:
    store = ox.Store()
    store.load(FORMATS["trig"].make_files(combined)["ldn-kg.trig"], format=ox.RdfFormat.TRIG)
    return rdf.counts_in(store)


def by_n3(combined: CombinedGraph) -> dict[str, int]:
    script = ROOT / "tests" / "support" / "clients" / "counts.mjs"
    content = FORMATS["trig"].make_files(combined)["ldn-kg.trig"]
    ended = subprocess.run([str(NODE), str(script)], input=content, capture_output=True, check=True, timeout=60)
    return {name: int(number) for name, number in (line.split("\t") for line in ended.stdout.decode().splitlines())}


def mark(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.thorough] if name in ENDINGS else []


WITHOUT_NODE = pytest.mark.skipif(not NODE, reason="Node is not installed, or LDNKG_NODE names no folder")
CONSUMERS = [
    pytest.param("pyoxigraph", by_pyoxigraph, id="pyoxigraph"),
    pytest.param("n3", by_n3, id="n3", marks=[pytest.mark.external, WITHOUT_NODE]),
    # The formats of RDF 1.1 have one reader. It runs in rdflib the queries that the first client runs in pyoxigraph.
    *(pytest.param(name, partial(by_format, name), id=name, marks=mark(name)) for name in COUNTING),
]
# For planted faults, one format of RDF 1.1 is enough.
WITH_ONE_RDF = [client for client in CONSUMERS if client.id == "turtle" or client.id not in ENDINGS]


def wrong(name: str, found: Mapping[str, int]) -> set[str]:
    """Return the names of wrong numbers, and of numbers missing although the loss statement says they are kept."""
    lost = {one for one, aspect in ASPECTS.items() if LOSSES.get((name, aspect), "yes") != "yes"}
    missing = {one for one in NUMBERS if one not in found}
    return (missing - lost) | {one for one in found if found[one] != NUMBERS.get(one)}


@pytest.mark.parametrize(("name", "counts"), CONSUMERS)
def test_every_client_counts_the_numbers_written_by_hand(
    aligned: CombinedGraph, name: str, counts: Callable[[CombinedGraph], dict[str, int]]
) -> None:
    assert wrong(name, counts(aligned)) == set()


def test_there_are_enough_numbers_and_clients() -> None:
    assert len(NUMBERS) == len(ROWS) >= 20
    assert {*ENDINGS, "kgx", "nanopubs", "parquet", "property-graph", "rdf12", "tables"} <= set(COUNTING)


def test_the_numbers_agree_with_each_other() -> None:
    def total(group: str) -> int:
        return sum(number for name, number in NUMBERS.items() if name.startswith(f"{group} "))

    assert total("certainty") == total("relation") == NUMBERS["claims"]
    assert NUMBERS["stated as fact"] == NUMBERS["certainty established"]
    assert NUMBERS["sentences with claims"] + NUMBERS["sentences without claims"] == NUMBERS["sentences"]


def test_the_numbers_agree_with_the_facts_written_by_hand() -> None:
    answers = ROOT / "tests" / "data" / "answers"
    claims, qualifiers = (table(answers / f"{name}.tsv") for name in ("facts", "qualifiers"))
    counted = Counter(
        [
            *(f"certainty {row['certainty']}" for row in claims),
            *(f"relation {row['relation']}" for row in claims),
            *(f"qualifier {row['key']}" for row in qualifiers),
            *("spans" for row in claims for _ in row["sentence"].split()),
        ]
    )
    groups = ("certainty ", "relation ", "qualifier ", "spans")
    assert counted == {name: number for name, number in NUMBERS.items() if name.startswith(groups)}


def test_a_loss_statement_about_a_count_is_correct(aligned: CombinedGraph) -> None:
    """Rows for an aspect that is not one of the seven name counts that a format lacks, entirely or in part."""
    further = {aspect for aspect in ASPECTS.values() if aspect not in facts.ASPECTS}
    for (name, aspect), survives in LOSSES.items():
        if aspect not in facts.ASPECTS:
            assert aspect in further, (name, aspect)
            assert survives in {"partly", "no"}, (name, aspect)
            counted = {number for number in by_format(name, aligned) if ASPECTS[number] == aspect}
            assert counted < {number for number in ASPECTS if ASPECTS[number] == aspect}, (name, aspect)
            assert survives == "partly" or not counted, (name, aspect)


def test_a_format_without_counts_keeps_none_of_the_aspects() -> None:
    for name in set(FORMATS) - set(COUNTING):
        assert {LOSSES[name, aspect] for aspect in facts.ASPECTS} == {"no"}, name


# --- faults that every client must count

CLAIM = "claims/low-dose-naltrexone-antagonises-tlr4.yaml"
FAULTS = {
    "a hypothesis raised to a fact": (
        CLAIM,
        "certainty: hypothesised",
        "certainty: established",
        {"certainty established", "certainty hypothesised", "stated as fact"},
    ),
    "the regimen replaced by its molecule": (
        CLAIM,
        "subject: regimen:low-dose-naltrexone",
        "subject: naltrexone",
        {"about naltrexone", "about low-dose naltrexone"},
    ),
    "another relation": (
        CLAIM,
        "relation: antagonises",
        "relation: blocks",
        {"relation antagonises", "relation blocks"},
    ),
    "a lost hedge": (CLAIM, "hedge: source:naltrexone-to-treat-pain#hedge-s12\n", "", {"hedged claims"}),
    "a lost dose": ("regimens/low-dose-naltrexone.yaml", "doseMinimum: 1\n", "", {"regimens with dose"}),
    "a lost qualifier": (
        "claims/naltrexone-antagonises-mu-opioid-receptor.yaml",
        "manner: primarily\n",
        "",
        {"qualifier manner"},
    ),
    "another kind": ("terms.tsv", "naloxone\tDrug", "naloxone\tSubstance", {"kind Drug", "kind Substance"}),
    "a closer match": (
        "mappings.sssom.tsv",
        "skos:broadMatch",
        "skos:exactMatch",
        {"match broadMatch", "match exactMatch"},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("name", "counts"), WITH_ONE_RDF)
def test_a_fault_in_the_records_changes_the_counts(
    spoilt: dict[str, CombinedGraph], fault: str, name: str, counts: Callable[[CombinedGraph], dict[str, int]]
) -> None:
    named = FAULTS[fault][3]
    found = counts(spoilt[fault])
    carried = {one for one in named if LOSSES.get((name, ASPECTS[one]), "yes") == "yes"}
    assert carried <= wrong(name, found)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CombinedGraph]:
    return {fault: spoil(tmp_path_factory.mktemp("spoilt"), *FAULTS[fault][:3]) for fault in FAULTS}


def spoil(place: Path, file: str, before: str, after: str) -> CombinedGraph:
    """Return a copy of the publication with one fault. It is not checked."""
    (place / "ontology").symlink_to(ROOT / "ontology")
    shutil.copytree(ROOT / "data", place / "data")
    text = (place / "data" / file).read_text("utf-8")
    assert before in text
    (place / "data" / file).write_text(text.replace(before, after, 1), "utf-8")
    return combine_with_alignments(build_publication(Home(place), load_records(Home(place))))
