"""Relative IRIs in a query are resolved against its BASE, or else against the base IRI of the publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import ldnkg
from ldnkg.querying.engine import BuiltGraph, ask
from support.paths import ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

BASE = "https://w3id.org/ldn-kg/"
CLAIM = "claim/naltrexone-is-taken-orally"
SELECT = f"SELECT ?claim WHERE {{ VALUES ?claim {{ <{CLAIM}> }} ?claim a <ontology#Claim> }}"
EXPECTED = {
    SELECT: f"{BASE}{CLAIM}",
    f"BASE <{BASE}claim/> SELECT (<naltrexone-is-taken-orally> AS ?claim) WHERE {{ <../{CLAIM}> ?p ?o }} LIMIT 1": (
        f"{BASE}{CLAIM}"
    ),
    "BASE <ontology/> SELECT (<a> AS ?claim) {}": f"{BASE}ontology/a",
    "BASE <x://other/> SELECT (<a> AS ?claim) {}": "x://other/a",
    "PREFIX : <claim/> SELECT (:a AS ?claim) {}": f"{BASE}claim/a",
    "SELECT (IRI('a') AS ?claim) {}": f"{BASE}a",
    "SELECT (<> AS ?claim) {}": BASE,
    "SELECT (<#build> AS ?claim) {}": f"{BASE}#build",
}


@pytest.mark.parametrize("sparql", EXPECTED)
@pytest.mark.parametrize("way", ["text", "file", "python"])
def test_relative_iris_are_resolved(run: Run, tmp_path: Path, sparql: str, way: str) -> None:
    """The folder of a file makes no difference, so that a query has one meaning."""
    if way == "python":
        assert [row["claim"] for row in ldnkg.query(sparql, home=ROOT)] == [EXPECTED[sparql]]
        return
    (tmp_path / "mine.rq").write_text(sparql, "utf-8")
    ended = run("query", "--home", ROOT, "--format", "csv", tmp_path / "mine.rq" if way == "file" else sparql)
    assert (ended.returncode, ended.stdout.split()) == (0, ["claim", EXPECTED[sparql]]), ended.stderr


def test_the_claims_behind_an_answer_are_found_with_relative_iris(run: Run) -> None:
    ended = run("query", "--home", ROOT, "--explain", SELECT)
    assert f"claim:{CLAIM.removeprefix('claim/')} (established)" in ended.stdout, ended


def test_a_graph_without_a_base_resolves_nothing() -> None:
    built = BuiltGraph(ox.Store(), {})
    assert bool(ask(built, "BASE <x://y/> ASK { FILTER(<a> = <x://y/a>) }"))
    with pytest.raises(ldnkg.LdnkgError, match="SPARQL syntax error"):
        ask(built, "ASK { <a> ?p ?o }")


def test_a_syntax_error_behind_a_relative_iri_is_located(run: Run) -> None:
    ended = run("query", "--home", ROOT, "ASK {\n <a> ?p nowhere:b }")
    assert "SPARQL syntax error at line 2, column 9: the prefix `nowhere:` is not declared." in ended.stderr
