"""Measure the time of the formats of `ldnkg export`, compared with Turtle and JSON-LD in a build, at several sizes."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from bench.factors import measured, timed
from ldnkg.cli import console
from ldnkg.exports.rdf.writer import WRITERS
from ldnkg.exports.registry import choose_formats, make_all_files
from ldnkg.publication.combined import combine_with_alignments
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.factors import Measured
    from ldnkg.paths import Home

    Run = Mapping[str, float]

BUILT = ("turtle", "jsonld")
GRAPH, ALIGNED, ALL = "records and graph", "alignments", "all formats"
TIMES, GROWTH = 3, 1.3


def exporting(home: Home, factors: list[int]) -> None:
    """Print the ms per claim of each format at each size, and the time of an export relative to a build."""
    found = list(measured(home, factors, "exporting", _taken))
    names = list(found[0].runs[0])
    rows = [[name, *(f"{_a_claim(one, name):.2f}" for one in found), _growth(found, name)] for name in names]
    heads = (f"ms per claim, {one.factor} copies" for one in found)
    console.print_table(["format", *heads, f"growth (limit {GROWTH})"], rows)
    console.write_out(f"build = {GRAPH}, Turtle and JSON-LD. export = {GRAPH}, {ALIGNED}, and every other format.")
    console.write_out("Both exclude the check, which precedes each of them, and writing to disk.")
    for one in found:
        _say_ratios(one)


def _say_ratios(one: Measured) -> None:
    command, alone = (f"{median(ratio(run) for run in one.runs):.1f}" for ratio in (_as_command, _without_graph))
    console.write_out(f"At {one.factor} copies, export takes {command} times as long as build (limit {TIMES}),")
    console.write_out(f"  and {alone} times as long without {GRAPH}.")


def _taken(copy: Home) -> dict[str, float]:
    taken: dict[str, float] = {}
    publication = timed(taken, GRAPH, lambda: build_publication(copy, load_records(copy)))
    for name in BUILT:
        timed(taken, name, partial(WRITERS[name], publication))
    wanted = choose_formats()
    timed(taken, ALL, lambda: make_all_files(wanted, combine_with_alignments(publication)))
    aligned = combine_with_alignments(publication)
    timed(taken, ALIGNED, lambda: aligned.store)
    for form in wanted:
        timed(taken, form.name, partial(form.make_files, aligned))
    return taken


def _as_command(run: Run) -> float:
    return (run[GRAPH] + run[ALL]) / (run[GRAPH] + _built(run))


def _without_graph(run: Run) -> float:
    return run[ALL] / _built(run)


def _built(run: Run) -> float:
    return sum(run[name] for name in BUILT)


def _a_claim(one: Measured, name: str) -> float:
    return 1000 * median(run[name] for run in one.runs) / one.claims


def _growth(found: list[Measured], name: str) -> str:
    """Return the cost per claim at the largest size divided by that at the smallest."""
    return f"{_a_claim(found[-1], name) / _a_claim(found[0], name):.2f}"
