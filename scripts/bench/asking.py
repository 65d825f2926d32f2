"""Measures what the questions of the library cost in an embedded store that holds the graph, as it grows."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pyoxigraph as ox

from bench.copies import copies
from ldnkg import console
from ldnkg.formats import turtle
from ldnkg.library import PREFIX
from ldnkg.publication import publish, read
from ldnkg.questions import questions

if TYPE_CHECKING:
    from ldnkg.paths import Home
    from ldnkg.questions import Question

_NAME = re.compile(r"<(?P<iri>https?:[^>]+)>|\b(?P<prefix>\w+):(?P<name>[\w.-]+(?:\\#[\w-]+)?)")
_LABEL = re.compile(r'("[^"\n]+)("(?:@en)?)')
RUNS, MOST, GROWTH, SHOWN = 9, 10, 15, 10


def asking(home: Home, factors: list[int]) -> None:
    """Print the dearest questions, warm, in milliseconds at each factor, and by how much each grows."""
    known = [question for question in questions(home).values() if not question.federates]
    costs = {factor: _costs(home, known, factor) for factor in factors}
    names = sorted(costs[factors[-1]], key=lambda name: -costs[factors[-1]][name])
    rows = [[name, *(f"{costs[factor][name]:.2f}" for factor in factors), _growth(costs, name)] for name in names]
    console.table(["question", *(f"ms, {factor} copies" for factor in factors), "grows by"], rows[:SHOWN])
    first = costs[factors[0]]
    console.say(
        f"The dearest of {len(names)} questions takes {max(first.values()):.1f} ms"
        f" at {factors[0]} copies; at most {MOST}."
    )
    if len(factors) > 1:
        worst = max(names, key=lambda name: float(_growth(costs, name)))
        told = f"{worst} grows most, by {_growth(costs, worst)} from {factors[-2]} to {factors[-1]} copies"
        console.say(f"{told}; at most {GROWTH}.")


def _growth(costs: dict[int, dict[str, float]], name: str) -> str:
    less, more = (list(costs.values()) * 2)[-2:] if len(costs) == 1 else list(costs.values())[-2:]
    return f"{more[name] / less[name]:.1f}"


def _costs(home: Home, known: list[Question], factor: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as place:
        copy = copies(home, Path(place), factor)
        store = ox.Store()
        store.bulk_load(turtle(publish(copy, read(copy))), format=ox.RdfFormat.TURTLE)
    held = {quad.subject for quad in store} | {quad.object for quad in store}
    asked = {question.name: _of_a_copy(question, held) for question in known}
    # In turn, as people ask: a question that is asked again and again finds all it needs in the cache of the processor.
    rounds = [{name: _taken(store, text) for name, text in asked.items()} for _ in range(RUNS + 1)][1:]
    return {name: 1000 * median(one[name] for one in rounds) for name in asked}


def _of_a_copy(question: Question, held: set[object]) -> str:
    """Return the query with the names of the first copy in place of those that only the original has."""
    prefixes = dict(PREFIX.findall(question.text))

    def renamed(token: re.Match[str]) -> str:
        iri = token["iri"] or prefixes.get(token["prefix"], "") + token["name"].replace("\\", "")
        whole, mark, part = iri.partition("#")
        copied = f"{whole}-0{mark}{part}"
        return f"<{copied}>" if iri and ox.NamedNode(copied) in held else token[0]

    text = _LABEL.sub(
        lambda label: f"{label[1]} 0{label[2]}" if ox.Literal(f"{label[1][1:]} 0", language="en") in held else label[0],
        question.sparql,
    )
    return _NAME.sub(renamed, text)


def _taken(store: ox.Store, sparql: str) -> float:
    started = time.perf_counter()
    answer = store.query(sparql)
    if not isinstance(answer, ox.QueryBoolean):
        for _ in answer:
            pass
    return time.perf_counter() - started
