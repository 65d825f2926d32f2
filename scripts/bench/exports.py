"""Measures what the further formats cost, against the Turtle and the JSON-LD of a build, as the publication grows."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.copies import copies
from bench.scale import RUNS, timed
from ldnkg import console
from ldnkg.exports import Aligned, formats
from ldnkg.formats import FORMATS
from ldnkg.publication import publish, read

if TYPE_CHECKING:
    from ldnkg.paths import Home

BESIDE = ("ttl", "jsonld")
GRAPH, ALL = "reading, and the graph", "all of them"


def exporting(home: Home, factors: list[int]) -> None:
    """Print the cost of each format at each factor, a claim, and all of them beside the Turtle and the JSON-LD."""
    costs: dict[int, dict[str, float]] = {}
    for factor in factors:
        with tempfile.TemporaryDirectory() as place, console.progress(quiet=False) as step:
            step(f"copying the records {factor} times")
            copy = copies(home, Path(place), factor)
            claims = len(list((copy.data / "claims").iterdir()))
            step(f"exporting {claims} claims")
            costs[factor] = _a_claim([_taken(copy) for _ in range(RUNS.get(factor, 1))], claims)
    names = list(costs[factors[0]])
    rows = [
        [name, *(f"{1000 * costs[factor][name]:.2f}" for factor in factors), _growth(costs, name)] for name in names
    ]
    console.table(["format", *(f"ms a claim, {factor} copies" for factor in factors), "grows by"], rows)
    for factor in factors:
        cost = costs[factor]
        alone = sum(cost[name] for name in BESIDE)
        whole = (cost[GRAPH] + cost[ALL]) / (cost[GRAPH] + alone)
        said = f"At {factor} copies, all formats take {cost[ALL] / alone:.1f} times what Turtle and JSON-LD take,"
        console.say(f"{said} and {whole:.1f} times with reading and making the graph; at most 3.")


def _taken(copy: Home) -> dict[str, float]:
    taken: dict[str, float] = {}
    publication = timed(taken, GRAPH, lambda: publish(copy, read(copy)))
    for name in BESIDE:
        timed(taken, name, partial(FORMATS[name], publication))
    aligned = Aligned(publication)
    timed(taken, "the alignments", lambda: aligned.store)
    for form in formats(copy):
        timed(taken, form.name, partial(form.files, aligned))
    taken[ALL] = sum(seconds for name, seconds in taken.items() if name not in (*BESIDE, GRAPH))
    return taken


def _a_claim(runs: list[dict[str, float]], claims: int) -> dict[str, float]:
    return {name: median(run[name] for run in runs) / claims for name in runs[0]}


def _growth(costs: dict[int, dict[str, float]], name: str) -> str:
    """Return by how much the cost of a claim is multiplied from the first factor to the last."""
    first, *_, last = costs.values() if len(costs) > 1 else [*costs.values()] * 2
    return f"{last[name] / first[name]:.2f}"
