"""What the publication says of itself is so: counts, checksums, citation."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import rdflib
import yaml
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, VOID

from conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DATASET = rdflib.URIRef("https://w3id.org/ldn-kg/")
CFFCONVERT = os.environ.get("LDNKG_CFFCONVERT", "")


@pytest.fixture(scope="module")
def void(files: dict[str, bytes]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=files["void.ttl"], format="turtle")


def partitions(void: rdflib.Graph, link: rdflib.URIRef, of: rdflib.URIRef, count: rdflib.URIRef) -> Counter[str]:
    nodes = set(void.objects(DATASET, link))
    found = Counter({str(void.value(node, of)): int(str(void.value(node, count))) for node in nodes})
    assert len(found) == len(nodes)
    return found


def test_void_counts_what_a_stranger_counts(published: rdflib.Graph, void: rdflib.Graph) -> None:
    classes = Counter(str(kind) for kind in published.objects(None, RDF.type))
    properties = Counter(str(property_) for property_ in published.predicates())
    assert partitions(void, VOID.classPartition, VOID["class"], VOID.entities) == classes
    assert partitions(void, VOID.propertyPartition, VOID.property, VOID.triples) == properties
    totals = {
        VOID.triples: len(published),
        VOID.distinctSubjects: len(set(published.subjects())),
        VOID.properties: len(properties),
        VOID.classes: len(classes),
    }
    assert {key: int(str(void.value(DATASET, key))) for key in totals} == totals
    assert not any(isinstance(node, rdflib.BNode) for triple in void for node in triple)


def test_every_graph_file_is_a_distribution(files: dict[str, bytes], published: rdflib.Graph) -> None:
    named = {str(found).removeprefix(str(DATASET)) for found in published.objects(DATASET, DCAT.distribution)}
    assert named == {name for name in files if name.startswith("ldn-kg.")}
    for found in published.objects(DATASET, DCAT.distribution):
        assert published.value(found, DCAT.downloadURL) == found
        assert published.value(found, DCAT.mediaType)


def test_the_checksums_are_those_of_the_files(files: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 0
    assert told.stdout.count(": OK") == len(files) - 1
    (tmp_path / "ldn-kg.ttl").write_bytes(files["ldn-kg.ttl"] + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_citation_project_and_graph_say_the_same(published: rdflib.Graph) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version, issued = published.value(DATASET, OWL.versionInfo), published.value(DATASET, DCTERMS.issued)
    assert str(version) == str(citation["version"]) == project["version"]
    assert str(issued) == str(citation["date-released"])
    assert str(DATASET) == citation["url"]
    assert str(published.value(DATASET, DCTERMS.title)) in citation["title"]
    assert set(citation["license"]) == set(re.split(" AND ", project["license"]))


@pytest.mark.cff
@pytest.mark.skipif(not CFFCONVERT, reason="no cffconvert is named in LDNKG_CFFCONVERT")
def test_the_citation_file_is_valid(tmp_path: Path) -> None:
    good = subprocess.run(
        [CFFCONVERT, "--validate", "-i", str(ROOT / "CITATION.cff")], capture_output=True, check=False
    )
    assert good.returncode == 0, good.stderr
    (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\ntitle: no author\n", "utf-8")
    bad = [CFFCONVERT, "--validate", "-i", str(tmp_path / "CITATION.cff")]
    assert subprocess.run(bad, capture_output=True, check=False).returncode != 0
