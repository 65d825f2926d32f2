"""Checks again: where no file has changed since it read well, the rules are run on the graph that was kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg import kept
from ldnkg.checks import Report, check, checked_graph, extent
from ldnkg.engines import text_engine
from ldnkg.meanwhile import meanwhile
from ldnkg.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ldnkg.finding import Result
    from ldnkg.paths import Home
    from ldnkg.publication import Publication


def check_again(home: Home, step: Callable[[str], None], engine_name: str) -> Report:
    """Check the publication of the home as `check` does; where a rule finds anything, it has been read for it."""
    name = kept.name_of(home)
    graph = kept.find(home, name)
    if graph is not None:
        step("checking the graph against the shapes")
        found, report = _run(graph, Rules(home.shapes), engine_name)
        if not found and report.clean:
            return report
    report = check(home, (), step, engine_name)
    # What was read may be newer than the name, so nothing is kept under a name that no longer fits.
    if report.clean and report.publication is not None and kept.name_of(home) == name:
        kept.keep(home, name, _graph(report.publication))
    return report


def _run(graph: kept.Graph, rules: Rules, engine_name: str) -> tuple[list[Result], Report]:
    """Run the rules on a kept graph; return what they found, and the report where that is nothing."""
    validated = meanwhile(partial(text_engine(engine_name), graph.seen, rules))
    store = ox.Store()
    store.bulk_load(graph.seen + graph.unseen, format=ox.RdfFormat.N_TRIPLES)
    size = extent(rules, store, graph.records)
    return validated(), Report([], *size, None, engine_name)


def _graph(publication: Publication) -> kept.Graph:
    seen = dict.fromkeys(quad.triple for quad in checked_graph(publication))
    unseen = dict.fromkeys(quad.triple for quad in publication.derived if quad.triple not in seen)
    return kept.Graph(_text(seen), _text(unseen), len(publication.reading.records))


def _text(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
