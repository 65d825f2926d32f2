"""Each rule is broken by one bad example, which breaks no other; the good examples break none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib.namespace import RDF, SH

import engine_plain
import engine_shifty
from conftest import read_all
from ldnkg import checks
from ldnkg.checks import check, check_graph, checked_graph
from ldnkg.engines import engine
from ldnkg.publication import publish, read
from ldnkg.rules import Rules
from strength.examples_home import ROOT, Example, build, examples, fault, replaced

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.checks import Report
    from ldnkg.finding import Result
    from ldnkg.paths import Home
    from ldnkg.publication import Publication

KINDS = {str(SH.NodeShape), str(SH.PropertyShape), "https://w3id.org/ldn-kg/shapes#ReadingRule"}


def rules() -> set[str]:
    quads = [quad for path in (ROOT / "shapes").glob("*.ttl") for quad in ox.parse(path=str(path))]
    typed = [quad for quad in quads if quad.predicate.value == str(RDF.type) and quad.object.value in KINDS]
    return {quad.subject.value.partition("#")[2] for quad in typed if isinstance(quad.subject, ox.NamedNode)}


def test_every_rule_has_a_bad_example_and_every_bad_example_a_rule() -> None:
    assert {example.rule for example in examples("bad")} ^ rules() == set()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of all good examples, in which a test may replace one as long as it puts it back."""
    return build(tmp_path_factory.mktemp("examples"))


def test_the_good_examples_break_no_rule(good: Home) -> None:
    report = check(good, engine_name="shacl")
    assert report.findings == []
    assert report.evaluations > 0
    agree(good, report)


@pytest.mark.parametrize("bad", examples("bad"), ids=lambda bad: bad.path.stem)
def test_a_bad_example_breaks_its_rule_alone_by_every_engine(bad: Example, good: Home) -> None:
    with replaced(good, bad) as home:
        report = check(home, engine_name="shacl")
        path, lines = fault(home, bad)
        assert {finding.rule for finding in report.findings} == {bad.rule}
        assert {finding.path for finding in report.findings} == {path}
        assert {finding.line for finding in report.findings} == (lines or {finding.line for finding in report.findings})
        agree(home, report)


def test_the_examples_are_good_again_in_the_end(good: Home, tmp_path: Path) -> None:
    assert read_all(good.data) == read_all(build(tmp_path).data)


def test_the_filter_changes_no_result_of_pyshacl(good: Home, publication: Publication) -> None:
    """On the publication, which breaks no rule, and on all graphs that break a rule over the whole, put together."""
    several = {quad for bad in examples("bad") if bad.path.parent.name == "dataset" for quad in graph(good, bad)}
    rules = Rules(good.shapes)
    for data in (list(checked_graph(publication)), sorted(several, key=str)):
        assert engine("pyshacl")(data, rules) == engine_plain.run(data, rules)


def graph(home: Home, bad: Example) -> Iterable[ox.Quad]:
    with replaced(home, bad):
        reading = read(home)
        return checked_graph(publish(home, reading)) if reading.clean else ()


def agree(home: Home, fast: Report) -> None:
    """Plain pySHACL, the reference, finds the very findings of the fast engine; a third the same nodes and values."""
    if fast.publication is None:
        assert check(home).findings == fast.findings
        return
    rules = Rules(home.shapes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checks, "engine", lambda _: engine_plain.run)
        reference = check_graph(fast.publication, rules)
    assert (fast.findings, fast.evaluations) == (reference.findings, reference.evaluations)
    assert set(map(found, fast.results)) == set(map(found, reference.results))
    third = engine_shifty.run(list(checked_graph(fast.publication)), rules)
    assert {found(result) for result in third} == {found(result) for result in fast.results}


def found(result: Result) -> tuple[str, str, str, str]:
    return result.node, result.rule, result.value, result.typed
