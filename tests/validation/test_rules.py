"""Each bad example violates its rule and no other; the good examples violate none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib.namespace import RDF, SH

from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_records
from ldnkg.validation import check as checking
from ldnkg.validation.check import check, check_graph, select_checked_quads
from ldnkg.validation.engines import load_engine
from ldnkg.validation.rules import Rules
from mutation.examples_home import ROOT, Example, build, examples, fault, replaced
from support import engine_plain, engine_shifty
from support.paths import read_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.paths import Home
    from ldnkg.publication.graph import Publication
    from ldnkg.validation.check import Report
    from ldnkg.validation.findings import ValidationResult

KINDS = {str(SH.NodeShape), str(SH.PropertyShape), "https://w3id.org/ldn-kg/shapes#ReadingRule"}


def rules() -> set[str]:
    quads = [quad for path in (ROOT / "shapes").glob("*.ttl") for quad in ox.parse(path=str(path))]
    typed = [quad for quad in quads if quad.predicate.value == str(RDF.type) and quad.object.value in KINDS]
    return {quad.subject.value.partition("#")[2] for quad in typed if isinstance(quad.subject, ox.NamedNode)}


def test_every_rule_has_a_bad_example_and_every_bad_example_a_rule() -> None:
    assert {example.rule for example in examples("bad")} ^ rules() == set()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of all good examples; a test may replace one if it restores it."""
    return build(tmp_path_factory.mktemp("examples"))


def test_the_good_examples_violate_no_rule(good: Home) -> None:
    report = check(good, engine_name="shacl")
    assert report.findings == []
    assert report.evaluations > 0


@pytest.mark.usefixtures("_shared_files_parsed_once")
@pytest.mark.parametrize("bad", examples("bad"), ids=lambda bad: bad.path.stem)
def test_a_bad_example_violates_its_rule_and_no_other(bad: Example, good: Home) -> None:
    with replaced(good, bad) as home:
        report = check(home, engine_name="shacl")
        path, lines = fault(home, bad)
        assert {finding.rule for finding in report.findings} == {bad.rule}
        assert {finding.path for finding in report.findings} == {path}
        assert {finding.line for finding in report.findings} == (lines or {finding.line for finding in report.findings})


@pytest.mark.thorough
def test_every_engine_finds_nothing_in_the_good_examples(good: Home) -> None:
    agree(good, check(good, engine_name="shacl"))


@pytest.mark.thorough
@pytest.mark.usefixtures("_shared_files_parsed_once")
@pytest.mark.parametrize("bad", examples("bad"), ids=lambda bad: bad.path.stem)
def test_every_engine_finds_the_same_in_a_bad_example(bad: Example, good: Home) -> None:
    with replaced(good, bad) as home:
        agree(home, check(home, engine_name="shacl"))


def test_the_good_examples_are_restored(good: Home, tmp_path: Path) -> None:
    assert read_all(good.data) == read_all(build(tmp_path).data)


@pytest.mark.thorough
def test_prefiltering_changes_no_result_of_pyshacl(good: Home, publication: Publication) -> None:
    """On the publication, which violates no rule, and on the union of all graphs that violate one between records."""
    several = {quad for bad in examples("bad") if bad.path.parent.name == "dataset" for quad in graph(good, bad)}
    rules = Rules(good.shapes)
    for data in (list(select_checked_quads(publication)), sorted(several, key=str)):
        assert load_engine("pyshacl")(data, rules) == engine_plain.run(data, rules)


def graph(home: Home, bad: Example) -> Iterable[ox.Quad]:
    with replaced(home, bad):
        inputs = load_records(home)
        return select_checked_quads(build_publication(home, inputs)) if inputs.clean else ()


def agree(home: Home, fast: Report) -> None:
    """Assert that plain pySHACL gives the findings of the fast engine, and a third engine the same nodes and values."""
    if fast.publication is None:
        assert check(home).findings == fast.findings
        return
    rules: Rules = checking.Rules(home.shapes)  # type: ignore[attr-defined]  # from the fixture, parsed once
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "load_engine", lambda _: engine_plain.run)
        reference = check_graph(fast.publication, rules)
    assert (fast.findings, fast.evaluations) == (reference.findings, reference.evaluations)
    assert set(map(found, fast.results)) == set(map(found, reference.results))
    third = engine_shifty.run(list(select_checked_quads(fast.publication)), rules)
    assert {found(result) for result in third} == {found(result) for result in fast.results}


def found(result: ValidationResult) -> tuple[str, str, str, str]:
    return result.node, result.rule, result.value, result.typed
