"""Each rule is broken by one bad example, which breaks no other; the good examples break none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib.namespace import RDF, SH

from ldnkg.paths import Home
from ldnkg.validation.check import check, select_checked_quads
from ldnkg.validation.engines import load_engine
from ldnkg.validation.rules import Rules
from mutation.examples_home import ROOT, Example, build, examples, fault
from support import engine_shifty

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.validation.check import Report
    from ldnkg.validation.findings import ValidationResult

KINDS = {str(SH.NodeShape), str(SH.PropertyShape), "https://w3id.org/ldn-kg/shapes#ReadingRule"}


def rules() -> set[str]:
    quads = [quad for path in (ROOT / "shapes").glob("*.ttl") for quad in ox.parse(path=str(path))]
    typed = [quad for quad in quads if quad.predicate.value == str(RDF.type) and quad.object.value in KINDS]
    return {quad.subject.value.partition("#")[2] for quad in typed if isinstance(quad.subject, ox.NamedNode)}


def test_every_rule_has_a_bad_example_and_every_bad_example_a_rule() -> None:
    assert {example.rule for example in examples("bad")} ^ rules() == set()


def test_the_good_examples_break_no_rule(tmp_path: Path) -> None:
    report = check(build(tmp_path))
    assert report.findings == []
    assert report.evaluations > 0
    agree(tmp_path, report)


@pytest.mark.parametrize("bad", examples("bad"), ids=lambda bad: bad.path.stem)
def test_a_bad_example_breaks_its_rule_alone_by_every_engine(bad: Example, tmp_path: Path) -> None:
    home = build(tmp_path, bad)
    report = check(home)
    path, lines = fault(home, bad)
    assert {finding.rule for finding in report.findings} == {bad.rule}
    assert {finding.path for finding in report.findings} == {path}
    assert {finding.line for finding in report.findings} == (lines or {finding.line for finding in report.findings})
    agree(tmp_path, report)


def agree(root: Path, reference: Report) -> None:
    """The fast engine finds the very findings of the reference, and a third the same nodes, rules and values."""
    fast = check(Home(root), engine_name="shacl")
    assert (fast.findings, fast.evaluations) == (reference.findings, reference.evaluations)
    assert set(map(found, fast.results)) == set(map(found, reference.results))
    if fast.publication is not None:
        data, rules = list(select_checked_quads(fast.publication)), Rules(Home(root).shapes)
        third, second = engine_shifty.run(data, rules), load_engine("shacl")(data, rules)
        assert {found(result) for result in third} == {found(result) for result in second}


def found(result: ValidationResult) -> tuple[str, str, str, str]:
    return result.node, result.rule, result.value, result.typed
