"""If no sentence of a claim states the dose, every format names the sentence that does."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.exports.registry import FORMATS
from support.paths import DATA
from support.readers.rdf import OX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FACTS = (DATA / "answers" / "facts.tsv").read_text("utf-8").splitlines()
STATED = "https://w3id.org/ldn-kg/ontology#doseStatedIn"
SENTENCE = "source:naltrexone-to-treat-pain#s10"
RDF = {**OX, "nanopubs": ox.RdfFormat.TRIG}


def count_by_hand() -> int:
    """The number of facts about the regimens, directly or through another claim, that are not from sentence 10."""
    rows = list(csv.DictReader(FACTS, delimiter="\t"))
    return sum(
        row["subject"].startswith(("regimen:", "claim:")) and "10" not in row["sentence"].split() for row in rows
    )


def read_rdf(name: str, files: Iterable[bytes]) -> list[tuple[str, str]]:
    found = set()
    for content in files:
        for quad in ox.parse(content, format=RDF[name], base_iri="https://w3id.org/ldn-kg/"):
            if quad.predicate.value == STATED and isinstance(quad.subject, ox.NamedNode):
                found.add((_shorten(quad.subject.value), _shorten(quad.object.value)))
    return sorted(pair for pair in found if pair[0].startswith("claim:"))


def _shorten(iri: str) -> str:
    path = iri.removeprefix("https://w3id.org/ldn-kg/")
    return path.replace("/", ":", 1)


def read_kgx(files: dict[str, bytes]) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in files["kgx/ldn-kg_edges.jsonl"].decode().splitlines()]
    return [(line["id"], place) for line in lines for place in line.get("dose_stated_in", [])]


def read_tables(files: dict[str, bytes]) -> list[tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(files["tables/claims.csv"].decode()))
    return [(row["claim"], row["dose_stated_in"]) for row in rows if row["dose_stated_in"]]


def read_parquet(files: dict[str, bytes]) -> list[tuple[str, str]]:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(io.BytesIO(files["parquet/claims.parquet"])).to_pylist()
    return [(row["claim"], place) for row in rows for place in row["dose_stated_in"] or []]


def read_property_graph(files: dict[str, bytes]) -> list[tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(files["property-graph/relationships.csv"].decode()))
    return [(row[":START_ID"], row[":END_ID"]) for row in rows if row[":TYPE"] == "DOSE_STATED_IN"]


READERS: dict[str, Callable[[dict[str, bytes]], list[tuple[str, str]]]] = {
    "kgx": read_kgx,
    "tables": read_tables,
    "parquet": read_parquet,
    "property-graph": read_property_graph,
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_claim_without_the_dose_points_to_the_sentence_that_states_it(
    name: str, files_by_format: dict[str, dict[str, bytes]]
) -> None:
    files = files_by_format[name]
    if name in RDF:
        found = read_rdf(name, [content for path, content in files.items() if not path.endswith((".json", ".txt"))])
    else:
        found = READERS[name](files)
    assert len(found) == count_by_hand()
    assert {place for _, place in found} == {SENTENCE}
    claims = {claim for claim, _ in found}
    assert "claim:combination-is-associated-with-a-lower-opioid-dose" in claims
    assert "claim:low-dose-naltrexone-produces-analgesia" not in claims
