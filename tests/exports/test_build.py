"""All files have the same graph and reproducible bytes, and no file states more than the article."""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from ldnkg.exports.build import export
from ldnkg.paths import Home
from ldnkg.rdf.terms import flatten, get_value
from ldnkg.validation.check import check
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from pathlib import Path

    from ldnkg.publication.graph import Publication

OX = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
}
RDFLIB = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml", "trig": "trig"}
ENDINGS = sorted(OX)
LEVEL = "https://w3id.org/ldn-kg/ontology#certainty"
ESTABLISHED = "https://w3id.org/ldn-kg/ontology#established"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.fixture(autouse=True)
def literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting numbers while graphs are compared."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    yield
    rdflib.NORMALIZE_LITERALS = before


def by_oxigraph(content: bytes, ending: str) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(content, format=OX[ending])}


def by_rdflib(content: bytes, ending: str) -> set[str]:
    return {" ".join(term.n3() for term in triple) for triple in union(content, ending)}


def test_a_build_makes_exactly_these_files(files: dict[str, bytes]) -> None:
    graphs = {f"ldn-kg.{ending}" for ending in ("jsonld", "nt", "rdf", "trig", "ttl")}
    descriptions = {"SHA256SUMS", "index.html", "ro-crate-metadata.json", "schema.jsonld", "void.ttl"}
    pictures = {"mechanism-map.svg"}
    vocabulary = {"context.jsonld", "shapes.ttl"}
    vocabulary |= {f"ontology.{ending}" for ending in ("html", "jsonld", "nt", "owl", "trig", "ttl")}
    alignments = {f"alignments/{path.name}" for path in (ROOT / "ontology" / "alignments").glob("*.ttl")}
    schemas = {f"schemas/{path.name}.json" for path in (ROOT / "data").iterdir() if path.is_dir()}
    assert len(schemas) == 5
    questions = {"queries.jsonld", "queries.ttl", "questions.html"}
    assert set(files) == graphs | pictures | descriptions | vocabulary | alignments | schemas | questions


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_read_back_as_the_same_graph_in_pyoxigraph(
    files: dict[str, bytes], publication: Publication, ending: str
) -> None:
    expected = {str(quad.triple) for quad in flatten(publication.quads)}
    assert by_oxigraph(files[f"ldn-kg.{ending}"], ending) == expected


@pytest.mark.thorough
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_read_back_as_the_same_graph_in_rdflib(files: dict[str, bytes], ending: str) -> None:
    expected = {" ".join(term.n3() for term in triple) for triple in _rdflib_terms(files)}
    assert by_rdflib(files[f"ldn-kg.{ending}"], ending) == expected


def _rdflib_terms(files: dict[str, bytes]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=files["ldn-kg.nt"], format="nt")


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_file_has_blank_nodes(files: dict[str, bytes], ending: str) -> None:
    assert not [
        q
        for q in ox.parse(files[f"ldn-kg.{ending}"], format=OX[ending])
        if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)
    ]


def test_the_count_of_triples_is_correct(files: dict[str, bytes]) -> None:
    triples = set(files["ldn-kg.nt"].splitlines())
    count = [line for line in triples if b"<http://rdfs.org/ns/void#triples>" in line]
    assert len(count) == 1
    assert f'"{len(triples)}"'.encode() in count[0]


def test_each_claim_has_a_named_graph_with_all_its_triples(
    files: dict[str, bytes], publication: Publication, levels: Counter[str]
) -> None:
    quads = list(ox.parse(files["ldn-kg.trig"], format=ox.RdfFormat.TRIG))
    claims = {publication.inputs.context.expand(r.id) for r in publication.inputs.records if r.id.startswith("claim:")}
    assert len(claims) == levels.total()
    for claim in claims:
        own = {str(q.triple) for q in quads if q.graph_name == ox.NamedNode(claim)}
        assert {str(q.triple) for q in quads if q.subject == ox.NamedNode(claim)} <= own
        assert [line for line in own if "wasDerivedFrom" in line]
    assert len(quads) == len({str(quad.triple) for quad in quads})


# --- certainty


def bare(graph: rdflib.Graph) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Return the triples of established claims, and those of all other claims."""
    found: tuple[set[tuple[str, ...]], set[tuple[str, ...]]] = (set(), set())
    for claim, level in graph.subject_objects(rdflib.URIRef(LEVEL)):
        parts = [graph.value(claim, rdflib.URIRef(RDF + part)) for part in ("subject", "predicate", "object")]
        if all(parts):
            found[str(level) != ESTABLISHED].add(tuple(str(part) for part in parts))
    return found


def stated(graph: rdflib.Graph) -> set[tuple[str, ...]]:
    return {tuple(str(term) for term in triple) for triple in graph}


def union(content: bytes, ending: str) -> rdflib.Graph:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=content, format=RDFLIB[ending])
    graph = rdflib.Graph()
    for quad in dataset.quads():
        graph.add(quad[:3])
    return graph


@pytest.mark.parametrize("ending", ENDINGS)
def test_only_established_claims_stand_as_bare_triples(
    files: dict[str, bytes], levels: Counter[str], ending: str
) -> None:
    graph = union(files[f"ldn-kg.{ending}"], ending)
    established, others = bare(graph)
    assert (len(established), len(others)) == (levels["established"], levels.total() - levels["established"])
    assert established <= stated(graph)
    assert not others & stated(graph)


def test_rdfs_entails_no_triple_of_a_claim_that_is_not_established(files: dict[str, bytes]) -> None:
    import owlrl

    graph = union(files["ldn-kg.trig"], "trig")
    before = len(graph)
    established, others = bare(graph)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(graph)
    assert len(graph) > before
    weaker = {
        (s, str(up), o) for s, p, o in others for up in graph.objects(rdflib.URIRef(p), rdflib.RDFS.subPropertyOf)
    }
    stronger = {
        (s, str(up), o) for s, p, o in established for up in graph.objects(rdflib.URIRef(p), rdflib.RDFS.subPropertyOf)
    }
    assert stronger <= stated(graph)
    assert not (others | weaker) & stated(graph)


def test_a_planted_bare_triple_of_a_hypothesis_is_detected(files: dict[str, bytes]) -> None:
    graph = union(files["ldn-kg.ttl"], "ttl")
    _, others = bare(graph)
    subject, predicate, value = min(others)
    graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), rdflib.URIRef(value)))
    assert others & stated(graph)


# --- reproducible bytes

ENVIRONMENTS = [
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "3", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
]


def built_by(python: str, folder: Path, env: dict[str, str], engine: str = "pyshacl") -> dict[str, bytes]:
    command = [python, "-m", "ldnkg", "build", "--quiet", "--engine", engine]
    command += ["--home", str(ROOT), "--out", str(folder)]
    everything = {**os.environ, "PYTHONPATH": str(ROOT / "scripts"), **env}
    subprocess.run(command, check=True, env=everything, cwd=folder.parent, capture_output=True, timeout=300)
    return read_all(folder)


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: "seed-" + env["PYTHONHASHSEED"])
def test_the_bytes_do_not_depend_on_seed_time_zone_or_locale(
    files: dict[str, bytes], tmp_path: Path, env: dict[str, str]
) -> None:
    engine = "pyshacl" if env == ENVIRONMENTS[-1] else "shacl"
    assert built_by(sys.executable, tmp_path / "out", env, engine) == files


@pytest.mark.external
@pytest.mark.parametrize("number", [0, 1])
def test_the_bytes_do_not_depend_on_the_python_version(files: dict[str, bytes], tmp_path: Path, number: int) -> None:
    pythons = [path for path in os.environ.get("LDNKG_PYTHONS", "").split(os.pathsep) if path]
    if number >= len(pythons):
        pytest.skip("no other Python is named in LDNKG_PYTHONS")
    version = subprocess.run([pythons[number], "-V"], check=True, capture_output=True, text=True).stdout
    assert version.split()[1].rsplit(".", 1)[0] != ".".join(map(str, sys.version_info[:2]))
    assert built_by(pythons[number], tmp_path / "out", {}) == files


def test_the_files_in_git_are_up_to_date(files: dict[str, bytes]) -> None:
    for name in ("ldn-kg.ttl", "ldn-kg.jsonld"):
        assert (ROOT / "dist" / name).read_bytes() == files[name], (
            f"dist/{name} is not up to date: run `make` and commit the file"
        )


# --- an additional claim

NEW = """id: claim:naltrexone-acts-on-mu-opioid-receptor
type: Claim
label: A claim made up for this test
subject: naltrexone
relation: actsOn
object: mu-opioid-receptor
certainty: established
sentence: source:naltrexone-to-treat-pain#s06
evidence: author-statement-without-reference
"""


COUNT = re.compile(r'[Cc]ount|void.triples|^ *"@value": "[0-9]+"$')


def with_an_additional_claim(home: Path) -> dict[str, bytes]:
    name = "naltrexone-acts-on-mu-opioid-receptor"
    (home / "data" / "claims" / f"{name}.yaml").write_text(NEW, "utf-8")
    ledger = home / "data" / "sources" / "naltrexone-to-treat-pain.yaml"
    before = "      - claim:naltrexone-is-an-opioid-antagonist\n"
    ledger.write_text(ledger.read_text("utf-8").replace(before, f"{before}      - claim:{name}\n"), "utf-8")
    report = check(Home(home), engine_name="shacl")
    assert report.findings == []
    assert report.publication is not None
    return export(report.publication)


def test_one_new_claim_changes_only_its_own_lines_and_the_counts(files: dict[str, bytes], copy: Path) -> None:
    after = with_an_additional_claim(copy)
    for name, content in ((name, content) for name, content in files.items() if name.startswith("ldn-kg.")):
        old, new = _lines(content), _lines(after[name])
        removed, added = _difference(old, new)
        assert [line for line in removed if not COUNT.search(line)] == [], name
        assert len(removed) == 5, name
        assert len(added) > len(removed)


def _lines(content: bytes) -> list[str]:
    return [line.rstrip().rstrip(",") for line in content.decode().splitlines()]


def _difference(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    changes = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
    return [line[1:] for line in changes if line[0] == "-"], [line[1:] for line in changes if line[0] == "+"]


# --- JSON-LD


def test_jsonld_has_the_keys_of_the_records_and_its_context_inline(
    files: dict[str, bytes], publication: Publication
) -> None:
    document = json.loads(files["ldn-kg.jsonld"])
    assert isinstance(document["@context"], dict)
    nodes = {node["id"]: node for node in reversed(document["@graph"])}
    for record in publication.inputs.records:
        assert any(node == record.value for node in document["@graph"] if node["id"] == record.id), record.id
    assert nodes["claim:naltrexone-is-taken-orally"]["relation"] == "takenBy"


def test_every_name_of_the_vocabulary_expands_to_its_iri(publication: Publication) -> None:
    context = publication.inputs.context
    terms = {iri for q in publication.inputs.fixed if (iri := get_value(q.subject)).startswith(context.vocabulary)}
    assert len(terms) > 100
    assert [iri for iri in sorted(terms) if context.expand(context.short(iri)) != iri] == []


def test_a_copy_elsewhere_builds_the_same(files: dict[str, bytes], copy: Path) -> None:
    report = check(Home(copy), engine_name="shacl")
    assert report.publication is not None
    assert export(report.publication) == files
