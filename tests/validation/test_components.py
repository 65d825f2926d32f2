"""Each engine implements every SHACL constraint component that the rules use; the expected results are by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from rdflib import URIRef

from ldnkg.validation.engine_pyshacl import ConstraintParameters
from ldnkg.validation.engines import load_engine
from ldnkg.validation.rules import Rules
from support import engine_shifty
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ldnkg.validation.findings import ValidationResult

    Run = Callable[[Sequence[ox.Quad], Rules], list[ValidationResult]]

CASES = sorted((ROOT / "tests" / "data" / "components").glob("*.trig"))
SH = "http://www.w3.org/ns/shacl#"
RUN: dict[str, Run] = {"pyshacl": load_engine("pyshacl"), "shacl": load_engine("shacl"), "pyshifty": engine_shifty.run}


def graph(case: Path, name: str) -> list[ox.Quad]:
    quads = ox.parse(case.read_bytes(), format=ox.RdfFormat.TRIG)
    return [
        ox.Quad(q.subject, q.predicate, q.object) for q in quads if str(q.graph_name) == f"<http://example.org/{name}>"
    ]


def expected(case: Path) -> set[tuple[str, str, str]]:
    """Return the focus node, the shape and the value of each result."""
    found: dict[str, dict[str, str]] = {}
    for quad in graph(case, "expected"):
        found.setdefault(str(quad.subject), {})[quad.predicate.value] = str(getattr(quad.object, "value", quad.object))
    keys = ("focusNode", "sourceShape", "value")
    return {tuple(one.get(SH + key, "") for key in keys) for one in found.values()}  # type: ignore[misc]


def rules(case: Path, folder: Path) -> Rules:
    text = ox.serialize([quad.triple for quad in graph(case, "shapes")], format=ox.RdfFormat.TURTLE) or b""
    (folder / "case.ttl").write_bytes(text)
    return Rules(folder)


@pytest.mark.parametrize("name", RUN)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_engine_gives_the_results_that_shacl_defines(case: Path, name: str, tmp_path: Path) -> None:
    results = RUN[name](graph(case, "data"), rules(case, tmp_path))
    assert {(result.node, result.rule, _given(result, case)) for result in results} == expected(case)
    assert len(results) == len(expected(case))


def _given(result: ValidationResult, case: Path) -> str:
    """Return the value, or nothing if the case has none, because an engine need not report a value for a count."""
    return result.value if any(value for _, _, value in expected(case)) else ""


def test_every_component_that_the_rules_use_has_a_case() -> None:
    ours = {q.predicate.value for q in Rules(ROOT / "shapes").quads if q.predicate.value.startswith(SH)}
    tried = {quad.predicate.value for case in CASES for quad in graph(case, "shapes")}
    assert ours - tried == set()


def test_the_parameters_that_are_found_by_hash_are_those_of_pyshacl() -> None:
    parameters = ConstraintParameters(CONSTRAINT_PARAMETERS_MAP)
    assert parameters == parameters.copy() == ALL_CONSTRAINT_PARAMETERS
    assert all(parameter in parameters for parameter in ALL_CONSTRAINT_PARAMETERS)
    assert f"{SH}message" not in map(str, parameters)
    assert URIRef(f"{SH}message") not in parameters
