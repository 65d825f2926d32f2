"""Measures what a build costs as the publication grows."""

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
    """Build once; return the seconds of each step, and those of reading the built N-Triples as a yardstick."""
    taken: dict[str, float] = {}
    inputs = timed(taken, "read", lambda: load_records(home))
    publication: Publication = timed(taken, "graph", lambda: build_publication(home, inputs))
    report = timed(taken, "shacl", lambda: check_graph(publication, Rules(home.shapes)))
    assert report.findings == [], report.findings[:3]  # noqa: S101
    files = timed(taken, "write", lambda: export(publication))
    triples = files["ldn-kg.nt"]
    timed(taken, "yardstick", lambda: sum(1 for _ in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)))
    return taken


def scale(home: Home, factors: list[int]) -> None:
    """Print the cost of a build at each factor."""
    rows = [_scaled(*one) for one in measured(home, factors, "building", steps)]
    console.print_table(
        ["copies", "claims", "runs", "ms a claim", "SHACL", "without SHACL, ms a claim", "x reading N-Triples"], rows
    )
    for less, more in pairwise(rows):
        ratio = float(more[3]) / float(less[3])
        console.write_out(f"From {less[0]} to {more[0]} copies, the cost of a claim is multiplied by {ratio:.2f}.")


def _scaled(factor: int, claims: int, runs: list[dict[str, float]]) -> list[str]:
    whole = median(sum(run.values()) - run["yardstick"] for run in runs)
    shacl = median(run["shacl"] for run in runs)
    yardstick = median(run["yardstick"] for run in runs)
    each = 1000 / claims
    return [
        f"{factor}",
        f"{claims}",
        f"{len(runs)}",
        f"{whole * each:.2f}",
        f"{shacl / whole:.0%}",
        f"{(whole - shacl) * each:.2f}",
        f"{whole / yardstick:.0f}",
    ]
