"""The SARIF and SHACL reports state each finding, its place, and how much was checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from ldnkg.paths import Home
from ldnkg.validation.check import check
from ldnkg.validation.engines import ENGINES
from ldnkg.validation.rules import Rules
from support.paths import ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

CLAIM = "data/claims/naltrexone-is-taken-orally.yaml"
FAULTS = {"certainty: established": "certainty: associated", "object: oral-route": "object: naloxone"}
RULES = {"dataset-hedge-missing", "dataset-object-of-wrong-kind"}
# Rules that are violated only because of these two mistakes: results of SHACL, but not findings.
FOLLOWING = {"dataset-label-without-hedge", "dataset-entity-unused", "ledger-mention-unused"}
SHAPES = "https://w3id.org/ldn-kg/shapes#"


@pytest.fixture
def spoilt(copy: Path) -> Path:
    path = copy / CLAIM
    text = path.read_text("utf-8")
    for good, bad in FAULTS.items():
        assert good in text
        text = text.replace(good, bad)
    path.write_text(text, "utf-8")
    return copy


def report(run: Run, home: Path, form: str, *more: str) -> str:
    ended = run("check", "--format", form, "--engine", "shacl", *more, cwd=home)
    assert (ended.returncode, ended.stderr) == (1, "")
    return ended.stdout


def size(home: Path) -> dict[str, int]:
    """Return how much was checked."""
    found = check(Home(home), engine_name="shacl")
    return {
        "rules": len(Rules(Home(home).shapes).sentences),
        "focusNodes": found.nodes,
        "evaluations": found.evaluations,
    }


def test_sarif_shows_each_finding_on_its_line(run: Run, spoilt: Path) -> None:
    (said,) = json.loads(report(run, spoilt, "sarif"))["runs"]
    assert {result["ruleId"] for result in said["results"]} == RULES
    hedge = next(result for result in said["results"] if result["ruleId"] == "dataset-hedge-missing")
    place = hedge["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == CLAIM
    line = (spoilt / CLAIM).read_text("utf-8").splitlines()[place["region"]["startLine"] - 1]
    assert line == "certainty: associated"
    assert "it has no hedge" in hedge["message"]["text"]
    assert {rule["id"] for rule in said["tool"]["driver"]["rules"]} == Rules(ROOT / "shapes").sentences.keys()
    assert said["properties"] == {**size(spoilt), "engine": "shacl"}


def test_the_turtle_report_is_a_shacl_validation_report(run: Run, spoilt: Path) -> None:
    graph = rdflib.Graph().parse(data=report(run, spoilt, "ttl"), format="turtle")
    whole = graph.value(predicate=RDF.type, object=SH.ValidationReport)
    assert graph.value(whole, SH.conforms) == rdflib.Literal(False)
    results = list(graph.objects(whole, SH.result))
    assert {str(graph.value(result, SH.sourceShape)).removeprefix(SHAPES) for result in results} == RULES | FOLLOWING
    for result in results:
        assert graph.value(result, SH.focusNode) is not None
        assert graph.value(result, SH.resultSeverity) == SH.Violation
        assert str(graph.value(result, SH.resultMessage))
    assert {name: int(str(graph.value(whole, rdflib.URIRef(SHAPES + name)))) for name in size(spoilt)} == size(spoilt)


def test_read_errors_are_in_the_reports(run: Run, copy: Path) -> None:
    (copy / CLAIM).write_text("id: [", "utf-8")
    (said,) = json.loads(report(run, copy, "sarif"))["runs"]
    assert [result["ruleId"] for result in said["results"]] == ["reading-yaml-broken"]
    graph = rdflib.Graph().parse(data=report(run, copy, "ttl"), format="turtle")
    assert {str(shape) for shape in graph.objects(None, SH.sourceShape)} == {SHAPES + "reading-yaml-broken"}


@pytest.mark.parametrize("form", ["sarif", "ttl"])
def test_a_clean_publication_gives_a_report_without_findings(run: Run, form: str) -> None:
    ended = run("check", "--format", form, "--engine", "shacl", cwd=ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "ValidationResult" not in ended.stdout
    assert '"ruleId"' not in ended.stdout


def test_the_number_of_evaluations_matches_an_independent_count(published: rdflib.Graph) -> None:
    """For claims: the shape of claims and each of its property shapes, at every claim."""
    rules = Rules(ROOT / "shapes")
    shapes = rdflib.Graph().parse(data=rules.text, format="turtle")
    shape = rdflib.URIRef(SHAPES + "claim-key-out-of-place")
    claims = set(published.subjects(RDF.type, rdflib.URIRef("https://w3id.org/ldn-kg/ontology#Claim")))
    of_claims = {shape, *shapes.objects(shape, SH.property)}
    report_ = check(Home(ROOT), engine_name="shacl")
    assert report_.publication is not None
    evaluated = rules.evaluations(report_.publication.store)
    assert {(rule, node) for rule, node in evaluated if rdflib.URIRef(rule) in of_claims} == {
        (str(rule), str(claim)) for rule in of_claims for claim in claims
    }
    assert {rule for rule, _ in evaluated} == set(rules.of_graph)
    assert report_.rules == len(rules.sentences) == 310
    assert report_.evaluations == len(evaluated) + len(rules.of_reading) * len(report_.publication.inputs.records)


def test_an_unknown_engine_is_refused_and_the_engine_is_reported(run: Run, start: Run) -> None:
    ended = run("check", "--engine", "pyshifty", cwd=ROOT)
    assert ended.returncode == 2
    assert all(name in ended.stderr for name in ENGINES)
    assert run("check", "--engine", "shacl", cwd=ROOT).stderr.strip().endswith("by shacl.")
    assert start("check", cwd=ROOT).stderr.strip().endswith("by pyshacl.")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_keeps_its_datatype_in_the_shacl_report(run: Run, copy: Path, engine: str) -> None:
    path = copy / "data" / "regimens" / "low-dose-naltrexone.yaml"
    path.write_text(path.read_text("utf-8").replace("doseMaximum: 5", "doseMaximum: a lot"), "utf-8")
    ended = run("check", "--format", "ttl", "--engine", engine, cwd=copy)
    values = [str(triple.object) for triple in ox.parse(ended.stdout, format=ox.RdfFormat.TURTLE)]
    assert '"a lot"^^<http://www.w3.org/2001/XMLSchema#decimal>' in values


URIS = {"a b": "a%20b", "ä": "%C3%A4", "a%b": "a%25b", "a#b": "a%23b", "a?b": "a%3Fb", "plain": "plain"}


@pytest.mark.parametrize("name", URIS)
@pytest.mark.parametrize("reading", [True, False], ids=["an error of reading", "an error of the graph"])
@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_sarif_has_encoded_relative_uris_and_the_engine_that_ran(
    run: Run, copy: Path, name: str, reading: bool, engine: str
) -> None:
    home = copy.rename(copy.parent / name)
    claim = home / "data" / "claims" / "naltrexone-is-taken-orally.yaml"
    before, after = ("oral-route", "oral-rout") if reading else ("label:", "note:")
    claim.write_text(claim.read_text("utf-8").replace(before, after, 1), "utf-8")
    elsewhere = copy.parent / "elsewhere"
    elsewhere.mkdir()
    for folder, start in ((copy.parent, f"{URIS[name]}/"), (home, ""), (elsewhere, "")):
        ended = run("check", "--engine", engine, "--format", "sarif", "--home", home, cwd=folder)
        (found,) = json.loads(ended.stdout)["runs"]
        assert found["properties"]["engine"] == engine
        uris = {
            place["physicalLocation"]["artifactLocation"]["uri"]
            for result in found["results"]
            for place in result["locations"]
        }
        assert uris == {f"{start}data/claims/naltrexone-is-taken-orally.yaml"}
        text = run("check", "--engine", engine, "--home", home, cwd=folder)
        assert f" by {engine}." in text.stderr
