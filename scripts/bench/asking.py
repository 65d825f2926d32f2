"""Measures what the questions of the library cost in an embedded store that holds the graph, as it grows."""

from __future__ import annotations

import os
import re
import tempfile
import time
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pyoxigraph as ox

from bench.copies import copied
from ldnkg.cli import console
from ldnkg.exports.query_library.writer import PREFIX
from ldnkg.exports.rdf.writer import write_turtle
from ldnkg.querying.library import load_questions
from ldnkg.server.worker import fill_store
from ldnkg.server.worker_pool import LARGE_PAGES

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from ldnkg.paths import Home
    from ldnkg.querying.library import Question

_NAME = re.compile(r"<(?P<iri>https?:[^>]+)>|\b(?P<prefix>\w+):(?P<name>[\w.-]+(?:\\#[\w-]+)?)")
_LABEL = re.compile(r'("[^"\n]+)("(?:@en)?)')
STARTS, RUNS, MOST, GROWTH, SHOWN = 3, 5, 10, 15, 10


def asking(home: Home, factors: list[int]) -> None:
    """Print the dearest questions, warm, in milliseconds at each factor, and by how much each grows."""
    known = [question for question in load_questions(home).values() if not question.federates]
    costs = _costs(home, known, factors)
    names = sorted(costs[factors[-1]], key=lambda name: -costs[factors[-1]][name])
    rows = [[name, *(f"{costs[factor][name]:.2f}" for factor in factors), _growth(costs, name)] for name in names]
    console.print_table(["question", *(f"ms, {factor} copies" for factor in factors), "grows by"], rows[:SHOWN])
    first = costs[factors[0]]
    console.write_out(
        f"The dearest of {len(names)} questions takes {max(first.values()):.1f} ms"
        f" at {factors[0]} copies; at most {MOST}."
    )
    if len(factors) > 1:
        worst = max(names, key=lambda name: float(_growth(costs, name)))
        told = f"{worst} grows most, by {_growth(costs, worst)} from {factors[-2]} to {factors[-1]} copies"
        console.write_out(f"{told}; at most {GROWTH}.")


def _growth(costs: dict[int, dict[str, float]], name: str) -> str:
    less, more = (list(costs.values()) * 2)[-2:] if len(costs) == 1 else list(costs.values())[-2:]
    return f"{more[name] / less[name]:.1f}"


def _costs(home: Home, known: list[Question], factors: list[int]) -> dict[int, dict[str, float]]:
    """Return the milliseconds of each question at each factor, the answer written out.

    Each graph has a process of its own, so that none finds its memory as another has left it, and several in turn, for
    where a process happens to get its memory makes a difference. They are asked by turns, so that what else goes on in
    the machine meets all of them.
    """
    rounds: dict[int, list[dict[str, float]]] = {factor: [] for factor in factors}
    with tempfile.TemporaryDirectory() as place, ExitStack() as ended:
        os.environ.update(LARGE_PAGES)
        ended.callback(_without_large_pages)
        graphs = {factor: Path(place) / f"{factor}.ttl" for factor in factors}
        for factor, path in graphs.items():
            path.write_bytes(copied(home, factor, write_turtle))
        for _ in range(STARTS):
            _ask_by_turns(known, graphs, rounds)
    return {
        factor: {name: 1000 * median(one[name] for one in many) for name in many[0]} for factor, many in rounds.items()
    }


def _without_large_pages() -> None:
    for name in LARGE_PAGES:
        del os.environ[name]


def _ask_by_turns(known: list[Question], graphs: dict[int, Path], rounds: dict[int, list[dict[str, float]]]) -> None:
    with ExitStack() as ended:
        asked = {factor: _process(known, path, ended) for factor, path in graphs.items()}
        for _ in range(RUNS):
            for factor, channel in asked.items():
                channel.send("ask")
                rounds[factor].append(channel.recv())


def _process(known: list[Question], graph: Path, ended: ExitStack) -> Connection:
    """Start a process that asks the graph each time that it is told to, until it is ended."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_ask, args=(known, graph, there), daemon=True)
    process.start()
    ended.callback(process.terminate)
    return here


def _ask(known: list[Question], graph: Path, channel: Connection) -> None:
    store = fill_store(ox.parse(path=str(graph), format=ox.RdfFormat.TURTLE))
    held = {quad.subject for quad in store} | {quad.object for quad in store}
    asked = {question.name: _of_a_copy(question, held) for question in known}
    del held
    while channel.recv():
        # In turn, as people ask: a question asked again and again finds all it needs in the cache of the processor.
        for _ in ("to warm", "to measure"):
            taken = {name: _taken(store, text) for name, text in asked.items()}
        channel.send(taken)


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
    if isinstance(answer, ox.QueryTriples):
        answer.serialize(format=ox.RdfFormat.N_TRIPLES)
    else:
        answer.serialize(format=ox.QueryResultsFormat.JSON)
    return time.perf_counter() - started
