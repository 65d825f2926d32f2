"""Measure the query times of the library in an in-memory store, for graphs of several sizes."""

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
from ldnkg.server.served_data import fill_store
from ldnkg.server.worker_pool import LARGE_PAGES

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from ldnkg.paths import Home
    from ldnkg.querying.library import Question

_NAME = re.compile(r"<(?P<iri>https?:[^>]+)>|\b(?P<prefix>\w+):(?P<name>[\w.-]+(?:\\#[\w-]+)?)")
_LABEL = re.compile(r'("[^"\n]+)("(?:@en)?)')
STARTS, RUNS, MOST, GROWTH, SHOWN = 3, 5, 10, 15, 10


def asking(home: Home, factors: list[int]) -> None:
    """Print the slowest queries of the library: ms with a warm cache at each size, and how much each time grows."""
    questions = [question for question in load_questions(home).values() if not question.federates]
    costs = _costs(home, questions, factors)
    names = sorted(costs[factors[-1]], key=lambda name: -costs[factors[-1]][name])
    rows = [[name, *(f"{costs[factor][name]:.2f}" for factor in factors), _growth(costs, name)] for name in names]
    console.print_table(["question", *(f"ms, {factor} copies" for factor in factors), "grows by"], rows[:SHOWN])
    first = costs[factors[0]]
    console.write_out(
        f"The slowest of {len(names)} questions takes {max(first.values()):.1f} ms"
        f" at {factors[0]} copies; the limit is {MOST} ms."
    )
    if len(factors) > 1:
        worst = max(names, key=lambda name: float(_growth(costs, name)))
        console.write_out(
            f"From {factors[-2]} to {factors[-1]} copies, the time of {worst} grows most, by a factor of"
            f" {_growth(costs, worst)}; the limit is {GROWTH}."
        )


def _growth(costs: dict[int, dict[str, float]], name: str) -> str:
    less, more = (list(costs.values()) * 2)[-2:] if len(costs) == 1 else list(costs.values())[-2:]
    return f"{more[name] / less[name]:.1f}"


def _costs(home: Home, questions: list[Question], factors: list[int]) -> dict[int, dict[str, float]]:
    """Return the time of each question in ms, by number of copies and by question, with serialising the answer.

    Each graph has its own process, so that no measurement depends on memory that another has used. Each graph is
    measured in several processes in succession, because times depend on which memory a process gets. The processes
    take turns, so that other load on the machine affects all of them.
    """
    rounds: dict[int, list[dict[str, float]]] = {factor: [] for factor in factors}
    with tempfile.TemporaryDirectory() as place, ExitStack() as ended:
        os.environ.update(LARGE_PAGES)
        ended.callback(_without_large_pages)
        graphs = {factor: Path(place) / f"{factor}.ttl" for factor in factors}
        for factor, path in graphs.items():
            path.write_bytes(copied(home, factor, write_turtle))
        for _ in range(STARTS):
            _ask_by_turns(questions, graphs, rounds)
    return {
        factor: {name: 1000 * median(times[name] for times in runs) for name in runs[0]}
        for factor, runs in rounds.items()
    }


def _without_large_pages() -> None:
    for name in LARGE_PAGES:
        del os.environ[name]


def _ask_by_turns(
    questions: list[Question], graphs: dict[int, Path], rounds: dict[int, list[dict[str, float]]]
) -> None:
    with ExitStack() as ended:
        channels = {factor: _process(questions, path, ended) for factor, path in graphs.items()}
        for _ in range(RUNS):
            for factor, channel in channels.items():
                channel.send("ask")
                rounds[factor].append(channel.recv())


def _process(questions: list[Question], graph: Path, ended: ExitStack) -> Connection:
    """Start a process that measures all queries each time it gets a message; return the channel to it."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_ask, args=(questions, graph, there), daemon=True)
    process.start()
    ended.callback(process.terminate)
    return here


def _ask(questions: list[Question], graph: Path, channel: Connection) -> None:
    store = fill_store(ox.parse(path=str(graph), format=ox.RdfFormat.TURTLE))
    terms = {quad.subject for quad in store} | {quad.object for quad in store}
    queries = {question.name: _of_a_copy(question, terms) for question in questions}
    del terms
    while channel.recv():
        # All queries run in turn, as users send them. A query repeated at once would find its data in the CPU cache.
        for _ in ("to warm", "to measure"):
            taken = {name: _taken(store, text) for name, text in queries.items()}
        channel.send(taken)


def _of_a_copy(question: Question, terms: set[object]) -> str:
    """Return the query for the copied graph: each name of the original is replaced by that of the first copy."""
    prefixes = dict(PREFIX.findall(question.text))

    def renamed(token: re.Match[str]) -> str:
        iri = token["iri"] or prefixes.get(token["prefix"], "") + token["name"].replace("\\", "")
        whole, mark, part = iri.partition("#")
        copied = f"{whole}-0{mark}{part}"
        return f"<{copied}>" if iri and ox.NamedNode(copied) in terms else token[0]

    text = _LABEL.sub(
        lambda label: (
            f"{label[1]} 0{label[2]}" if ox.Literal(f"{label[1][1:]} 0", language="en") in terms else label[0]
        ),
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
