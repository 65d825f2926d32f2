"""Measure the time that each SPARQL rule takes in each SHACL engine."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rdflib.namespace import SH

from ldnkg.cli import console
from ldnkg.files import read_turtle
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_records
from ldnkg.validation.check import check, select_checked_quads
from ldnkg.validation.engines import ENGINES, load_engine
from ldnkg.validation.rules import Rules
from mutation.rule_mutants import Shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdflib.term import Node

    from ldnkg.paths import Home

RUNS, SHOWN, LIMIT = 3, 3, "20%"


def shares(home: Home) -> None:
    """Print the slowest rules of each engine.

    The cost of a rule is the time of the rule alone minus that of the fastest rule, in ms and as a share of a check.
    """
    shapes = Shapes(Rules(home.shapes).quads, read_turtle(home.ontology / "ldn.ttl"))
    queries = [rule for rule in shapes.rules() if (rule, SH.sparql, None) in shapes.graph]
    with console.progress(quiet=False) as step:
        rows = [row for name in ENGINES for row in _of_engine(home, shapes, queries, name, step)]
    console.print_table(["engine", "rule", "ms", "share of a check", "limit"], rows)


def _of_engine(
    home: Home, shapes: Shapes, queries: Iterable[Node], name: str, step: Callable[[str], None]
) -> list[list[str]]:
    step(f"the whole by {name}")
    data = list(select_checked_quads(build_publication(home, load_records(home))))
    whole = _median(lambda: check(home, engine_name=name))
    taken = {}
    for rule in queries:
        step(f"{_name(rule)} by {name}")
        taken[rule] = _alone(shapes, rule, lambda rules: load_engine(name)(data, rules))
    least = min(taken.values())
    slowest = sorted(taken, key=lambda rule: -taken[rule])[:SHOWN]
    costs = {rule: taken[rule] - least for rule in slowest}
    return [[name, _name(rule), f"{1000 * costs[rule]:.1f}", f"{costs[rule] / whole:.1%}", LIMIT] for rule in slowest]


def _alone(shapes: Shapes, rule: Node, run: Callable[[Rules], object]) -> float:
    with tempfile.TemporaryDirectory() as place:
        shapes.alone(rule).serialize(Path(place) / "rule.ttl", format="turtle")
        return _median(lambda: run(Rules(Path(place))))


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


def _name(rule: Node) -> str:
    return str(rule).partition("#")[2]
