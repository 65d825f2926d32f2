"""The metadata of the publication are correct: counts, checksums, descriptions and citation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import rdflib
import yaml
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, VOID, XSD

from ldnkg.writing.folder import write_files
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdflib.term import Node

DATASET = rdflib.URIRef("https://w3id.org/ldn-kg/")
LDN = f"{DATASET}ontology#"
EXT = rdflib.Namespace("http://ldf.fi/void-ext#")
CFFCONVERT = os.environ.get("LDNKG_CFFCONVERT", "")
ROCRATE = os.environ.get("LDNKG_ROCRATE", "")


@pytest.fixture(scope="module")
def void(files: dict[str, bytes]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=files["void.ttl"], format="turtle")


def partitions(void: rdflib.Graph, link: rdflib.URIRef, of: rdflib.URIRef, count: rdflib.URIRef) -> Counter[str]:
    nodes = set(void.objects(DATASET, link))
    found = Counter({str(void.value(node, of)): int(str(void.value(node, count))) for node in nodes})
    assert len(found) == len(nodes)
    return found


def test_void_has_the_counts_of_the_graph(published: rdflib.Graph, void: rdflib.Graph) -> None:
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


def test_void_counts_the_properties_of_each_class(published: rdflib.Graph, void: rdflib.Graph) -> None:
    """Each nested partition equals a count in Python, by class, property, and class or datatype of the value."""
    counted: Counter[tuple[str, ...]] = Counter()
    for one, kind in published.subject_objects(RDF.type):
        for name, value in published.predicate_objects(one) if str(kind).startswith(LDN) else ():
            counted[str(kind), str(name)] += 1
            text = RDF.langString if isinstance(value, rdflib.Literal) and value.language else XSD.string
            led = {value.datatype or text} if isinstance(value, rdflib.Literal) else published.objects(value, RDF.type)
            counted.update(
                (str(kind), str(name), str(to))
                for to in led
                if str(to).startswith(LDN) or isinstance(value, rdflib.Literal)
            )
    found: Counter[tuple[str, ...]] = Counter()
    for whole in void.objects(DATASET, VOID.classPartition):
        for part in void.objects(whole, VOID.propertyPartition):
            key = str(void.value(whole, VOID["class"])), str(void.value(part, VOID.property))
            found[key] += int(str(void.value(part, VOID.triples)))
            for link, of in ((VOID.classPartition, VOID["class"]), (EXT.datatypePartition, EXT.datatype)):
                for end in void.objects(part, link):
                    found[*key, str(void.value(end, of))] += int(str(void.value(end, VOID.triples)))
    assert found == counted
    assert found[f"{LDN}Claim", str(RDF.subject), f"{LDN}Regimen"] > 0


def test_void_names_the_endpoint_and_the_dumps(files: dict[str, bytes], void: rdflib.Graph) -> None:
    assert set(void.objects(DATASET, VOID.sparqlEndpoint)) == {DATASET + "sparql"}
    assert addresses(void.objects(DATASET, VOID.dataDump)) == {name for name in files if name.startswith("ldn-kg.")}


def test_void_has_the_size_of_each_other_file(files: dict[str, bytes], void: rdflib.Graph) -> None:
    sizes = {str(file).removeprefix(str(DATASET)): size for file, size in void.subject_objects(DCAT.byteSize)}
    assert {name: int(str(size)) for name, size in sizes.items()} == {
        name: len(content) for name, content in files.items() if name not in {"void.ttl", "SHA256SUMS"}
    }
    assert {size.datatype for size in sizes.values()} == {XSD.nonNegativeInteger}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["schema.jsonld", "ro-crate-metadata.json"])
def test_only_a_media_object_has_a_content_url(files: dict[str, bytes], name: str) -> None:
    description = expanded(files[name], CRATE if name.startswith("ro-crate") else None)
    assert find_wrong_content_urls(description) == set()
    assert any(description.subjects(SDO.contentUrl))
    description.add((DATASET, SDO.contentUrl, DATASET))
    assert find_wrong_content_urls(description) == {DATASET}


def find_wrong_content_urls(description: rdflib.Graph) -> set[Node]:
    kinds = (SDO.MediaObject, SDO.DataDownload)
    media = {node for kind in kinds for node in description.subjects(RDF.type, kind)}
    return set(description.subjects(SDO.contentUrl)) - media


def addresses(nodes: Iterable[Node]) -> set[str]:
    return {str(node).removeprefix(str(DATASET)) for node in nodes}


def built(published: rdflib.Graph, nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes of the files that a build writes."""
    return [node for node in nodes if (node, PROV.wasGeneratedBy, rdflib.URIRef(f"{DATASET}#export")) not in published]


def test_every_graph_file_is_a_distribution(files: dict[str, bytes], published: rdflib.Graph) -> None:
    found = built(published, published.objects(DATASET, DCAT.distribution))
    assert addresses(found) == {name for name in files if name.startswith("ldn-kg.")}
    for one in found:
        assert published.value(one, DCAT.downloadURL) == one
        assert published.value(one, DCAT.mediaType)


def test_the_checksums_are_those_of_the_files(files: dict[str, bytes], tmp_path: Path) -> None:
    write_files(files, tmp_path)
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0
    assert ended.stdout.count(": OK") == len(files) - 1
    (tmp_path / "ldn-kg.ttl").write_bytes(files["ldn-kg.ttl"] + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_citation_project_and_graph_agree(published: rdflib.Graph) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version, issued = published.value(DATASET, OWL.versionInfo), published.value(DATASET, DCTERMS.issued)
    assert str(version) == str(citation["version"]) == project["version"]
    assert str(issued) == str(citation["date-released"])
    assert str(DATASET) == citation["url"]
    label, title = published.value(DATASET, RDFS.label), published.value(DATASET, DCTERMS.title)
    assert citation["title"] == f"{label}: {title}"
    assert set(citation["license"]) == set(re.split(" AND ", project["license"]))
    author, year = citation["authors"][0]["name"], citation["date-released"].year
    words = f"{author} ({year}). {title}, version {version}. {citation['url']}"
    assert str(published.value(DATASET, DCTERMS.bibliographicCitation)) == words
    keywords = {str(word) for word in published.objects(DATASET, DCAT.keyword)}
    assert keywords == set(citation["keywords"])


def test_each_part_has_the_licence_of_its_licence_file(published: rdflib.Graph) -> None:
    build = published.value(DATASET, PROV.wasGeneratedBy)
    software = published.value(build, PROV.wasAssociatedWith)
    for part, file in ((DATASET, "LICENSE-DATA"), (software, "LICENSE")):
        licence = published.value(part, DCTERMS.license)
        name = str(published.value(licence, DCTERMS.title)).partition(",")[0]
        assert name in (ROOT / file).read_text("utf-8")
    for found in published.objects(DATASET, DCAT.distribution):
        assert published.value(found, DCTERMS.license) == published.value(DATASET, DCTERMS.license)
    for found in built(published, published.objects(DATASET, DCAT.distribution)):
        assert published.value(found, DCTERMS.conformsTo) == published.value(DATASET, DCTERMS.conformsTo)


def test_the_graph_names_its_source_and_its_build(published: rdflib.Graph) -> None:
    articles = set(published.subjects(RDF.type, rdflib.URIRef(f"{DATASET}ontology#Article")))
    build = published.value(DATASET, PROV.wasGeneratedBy)
    assert set(published.objects(DATASET, PROV.wasDerivedFrom)) == articles
    assert set(published.objects(build, PROV.used)) == articles
    assert len(articles) == 1


def expanded(content: bytes, context: object = None) -> rdflib.Graph:
    document = json.loads(content)
    document["@context"] = context or document["@context"]
    return rdflib.Graph().parse(data=json.dumps(document), format="json-ld", base=str(DATASET))


CRATE = {"@vocab": str(SDO), "File": str(SDO.MediaObject), "conformsTo": str(DCTERMS.conformsTo)}


@pytest.mark.parametrize(("name", "context"), [("schema.jsonld", None), ("ro-crate-metadata.json", CRATE)])
def test_schema_org_and_crate_agree_with_the_graph(
    files: dict[str, bytes], published: rdflib.Graph, name: str, context: object
) -> None:
    description = expanded(files[name], context)
    pairs = {
        SDO.name: DCTERMS.title,
        SDO.description: DCTERMS.description,
        SDO.version: OWL.versionInfo,
        SDO.datePublished: DCTERMS.issued,
        SDO.creditText: DCTERMS.bibliographicCitation,
        SDO.license: DCTERMS.license,
        SDO.keywords: DCAT.keyword,
        SDO.distribution: DCAT.distribution,
        SDO.isBasedOn: PROV.wasDerivedFrom,
        SDO.publisher: DCTERMS.publisher,
    }
    for described, property_ in pairs.items():
        values = {str(one) for one in description.objects(DATASET, described)}
        assert values == {str(one) for one in published.objects(DATASET, property_)} != set(), described
    for found in description.objects(DATASET, SDO.distribution):
        media = str(published.value(found, DCAT.mediaType))
        assert media.endswith(f"/media-types/{description.value(found, SDO.encodingFormat)}")
        assert (
            set(description.objects(found, SDO.contentUrl)) == set(published.objects(found, DCAT.downloadURL)) != set()
        )
    assert all(
        predicate in (RDF.type, DCTERMS.conformsTo) or str(predicate).startswith(str(SDO))
        for predicate in description.predicates()
    )
    assert not any(isinstance(node, rdflib.BNode) for triple in description for node in triple)


def test_every_built_file_is_described(files: dict[str, bytes], published: rdflib.Graph) -> None:
    about = addresses(built(published, published.subjects(FOAF.primaryTopic, DATASET)))
    parts = addresses(built(published, published.subjects(DCTERMS.isPartOf, DATASET)))
    graphs = addresses(built(published, published.objects(DATASET, DCAT.distribution)))
    assert len(about) + len(parts) + len(graphs) == len(files)
    assert about | parts | graphs == set(files)
    crate = expanded(files["ro-crate-metadata.json"], CRATE)
    assert addresses(crate.objects(DATASET, SDO.hasPart)) == set(files) - {"ro-crate-metadata.json"}


READ_CRATE = """
import json, sys
from rocrate.rocrate import ROCrate
crate = ROCrate(sys.argv[1])
files = {entity.id: entity.source.is_file() for entity in crate.data_entities}
print(json.dumps([crate.name, crate.license.id, crate.creator["name"], str(crate.datePublished.date()), files]))
"""


def read_crate(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROCRATE, "-c", READ_CRATE, str(folder)], capture_output=True, text=True, check=False)


@pytest.mark.external
@pytest.mark.skipif(not ROCRATE, reason="no Python with rocrate is named in LDNKG_ROCRATE")
def test_the_folder_is_a_crate(files: dict[str, bytes], published: rdflib.Graph, tmp_path: Path) -> None:
    write_files(files, tmp_path)
    keys = (DCTERMS.title, DCTERMS.license, DCTERMS.issued)
    title, licence, issued = (str(published.value(DATASET, key)) for key in keys)
    parts = dict.fromkeys(files.keys() - {"ro-crate-metadata.json"}, True)
    assert json.loads(read_crate(tmp_path).stdout) == [title, licence, "LDN-KG", issued, parts]
    (tmp_path / "ldn-kg.ttl").unlink()
    assert json.loads(read_crate(tmp_path).stdout)[-1] == {**parts, "ldn-kg.ttl": False}
    broken = files["ro-crate-metadata.json"].replace(b"ro-crate-metadata.json", b"crate.json")
    (tmp_path / "ro-crate-metadata.json").write_bytes(broken)
    assert read_crate(tmp_path).returncode != 0


@pytest.mark.external
@pytest.mark.skipif(not CFFCONVERT, reason="no cffconvert is named in LDNKG_CFFCONVERT")
def test_the_citation_file_is_valid(tmp_path: Path) -> None:
    good = subprocess.run(
        [CFFCONVERT, "--validate", "-i", str(ROOT / "CITATION.cff")], capture_output=True, check=False
    )
    assert good.returncode == 0, good.stderr
    (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\ntitle: no author\n", "utf-8")
    bad = [CFFCONVERT, "--validate", "-i", str(tmp_path / "CITATION.cff")]
    assert subprocess.run(bad, capture_output=True, check=False).returncode != 0
