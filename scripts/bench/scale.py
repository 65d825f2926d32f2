"""Measure the time of a build at several sizes."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import pyoxigraph as ox

from bench.factors import measured, timed
from ldnkg.cli import console
from ldnkg.exports.build import export
from ldnkg.publication.graph import Publication, build_publication
from ldnkg.records.loader import load_records
from ldnkg.validation.check import check_graph
from ldnkg.validation.rules import Rules

if TYPE_CHECKING:
    from ldnkg.paths import Home


def steps(home: Home) -> dict[str, float]:
    """Build once and return the seconds of each step; `parse` is parsing the built N-Triples, for comparison."""
    taken: dict[str, float] = {}
    inputs = timed(taken, "read", lambda: load_records(home))
    publication: Publication = timed(taken, "graph", lambda: build_publication(home, inputs))
    report = timed(taken, "shacl", lambda: check_graph(publication, Rules(home.shapes)))
    assert report.findings == [], report.findings[:3]  # noqa: S101
    files = timed(taken, "write", lambda: export(publication))
    triples = files["ldn-kg.nt"]
    timed(taken, "parse", lambda: sum(1 for _ in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)))
    return taken


def scale(home: Home, factors: list[int]) -> None:
    """Print the time of a build at each size."""
    rows = [_scaled(*one) for one in measured(home, factors, "building", steps)]
    console.print_table(
        ["copies", "claims", "runs", "ms per claim", "SHACL", "ms per claim without SHACL", "x parsing N-Triples"], rows
    )
    for less, more in pairwise(rows):
        ratio = float(more[3]) / float(less[3])
        console.write_out(f"From {less[0]} to {more[0]} copies, the time per claim grows by a factor of {ratio:.2f}.")


def _scaled(factor: int, claims: int, runs: list[dict[str, float]]) -> list[str]:
    whole = median(sum(run.values()) - run["parse"] for run in runs)
    shacl = median(run["shacl"] for run in runs)
    parse = median(run["parse"] for run in runs)
    each = 1000 / claims
    return [
        f"{factor}",
        f"{claims}",
        f"{len(runs)}",
        f"{whole * each:.2f}",
        f"{shacl / whole:.0%}",
        f"{(whole - shacl) * each:.2f}",
        f"{whole / parse:.0f}",
    ]
