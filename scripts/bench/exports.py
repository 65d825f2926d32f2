"""Measures what the further formats cost, against the Turtle and the JSON-LD of a build, as the publication grows."""

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

BESIDE = ("turtle", "jsonld")
GRAPH, ALIGNED, ALL = "reading, and the graph", "the alignments", "all of them"
TIMES, GROWTH = 3, 1.3


def exporting(home: Home, factors: list[int]) -> None:
    """Print the cost of each format at each factor, a claim, and all of them beside the Turtle and the JSON-LD."""
    found = list(measured(home, factors, "exporting", _taken))
    names = list(found[0].runs[0])
    rows = [[name, *(f"{_a_claim(one, name):.2f}" for one in found), _growth(found, name)] for name in names]
    heads = (f"ms a claim, {one.factor} copies" for one in found)
    console.print_table(["format", *heads, f"grows by (at most {GROWTH})"], rows)
    console.write_out(f"build: {GRAPH}, Turtle and JSON-LD. export: {GRAPH}, {ALIGNED}, every further format.")
    console.write_out("Neither counts the check, which both begin with, nor the writing to the disk.")
    for one in found:
        _say_ratios(one)


def _say_ratios(one: Measured) -> None:
    command, alone = (f"{median(ratio(run) for run in one.runs):.1f}" for ratio in (_as_command, _without_graph))
    console.write_out(f"At {one.factor} copies, export takes {command} times what build takes (at most {TIMES}),")
    console.write_out(f"  {alone} times where reading and the graph count on neither side.")


def _taken(copy: Home) -> dict[str, float]:
    taken: dict[str, float] = {}
    publication = timed(taken, GRAPH, lambda: build_publication(copy, load_records(copy)))
    for name in BESIDE:
        timed(taken, name, partial(WRITERS[name], publication))
    wanted = choose_formats()
    timed(taken, ALL, lambda: make_all_files(wanted, combine_with_alignments(publication)))
    aligned = combine_with_alignments(publication)
    timed(taken, ALIGNED, lambda: aligned.store)
    for form in wanted:
        timed(taken, form.name, partial(form.make_files, aligned))
    return taken


def _as_command(run: Run) -> float:
    return (run[GRAPH] + run[ALL]) / (run[GRAPH] + _beside(run))


def _without_graph(run: Run) -> float:
    return run[ALL] / _beside(run)


def _beside(run: Run) -> float:
    return sum(run[name] for name in BESIDE)


def _a_claim(one: Measured, name: str) -> float:
    return 1000 * median(run[name] for run in one.runs) / one.claims


def _growth(found: list[Measured], name: str) -> str:
    """Return by how much the cost of a claim is multiplied from the first factor to the last."""
    return f"{_a_claim(found[-1], name) / _a_claim(found[0], name):.2f}"
