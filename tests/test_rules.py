"""Each rule is broken by one bad example, which breaks no other; the good examples break none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib.namespace import RDF, SH

from examples_home import ROOT, Example, build, examples, fault
from ldnkg.checks import check

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {str(SH.NodeShape), str(SH.PropertyShape), "https://w3id.org/ldn-kg/shapes#ReadingRule"}


def rules() -> set[str]:
    quads = [quad for path in (ROOT / "shapes").glob("*.ttl") for quad in ox.parse(path=str(path))]
    typed = [quad for quad in quads if quad.predicate.value == str(RDF.type) and quad.object.value in KINDS]
    return {quad.subject.value.partition("#")[2] for quad in typed if isinstance(quad.subject, ox.NamedNode)}


def test_every_rule_has_one_bad_example() -> None:
    shown = [example.rule for example in examples("bad")]
    assert set(shown) ^ rules() == set()
    assert len(shown) == len(set(shown))


def test_the_good_examples_break_no_rule(tmp_path: Path) -> None:
    report = check(build(tmp_path))
    assert report.findings == []
    assert report.evaluations > 0


@pytest.mark.parametrize("bad", examples("bad"), ids=lambda bad: bad.rule)
def test_a_bad_example_breaks_its_rule_alone(bad: Example, tmp_path: Path) -> None:
    home = build(tmp_path, bad)
    found = check(home).findings
    path, lines = fault(home, bad)
    assert {finding.rule for finding in found} == {bad.rule}
    assert {finding.path for finding in found} == {path}
    assert {finding.line for finding in found} == (lines or {finding.line for finding in found})
