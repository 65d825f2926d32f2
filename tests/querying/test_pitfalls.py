"""The traps: a query that looks right, the wrong answer that it gives, and the right one, both written by hand."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import pytest
import rdflib
from rdflib.plugins.stores.memory import Memory

from support.paths import ROOT
from support.querying import ENGINES, Rows, by_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from rdflib.graph import _ContextType, _TriplePatternType, _TripleType

    Context: TypeAlias = _ContextType
    Pattern: TypeAlias = _TriplePatternType
    Found: TypeAlias = Generator[tuple[_TripleType, Generator[_ContextType | None]]]

TRAPS = sorted((ROOT / "queries" / "traps").iterdir())
ANSWERS = ROOT / "tests" / "data" / "answers" / "traps"
SIDES = ("wrong", "right")
HEADS = {"wrong": ["title", "question", "keywords", "trap"], "right": ["teaches"]}
BASE = "https://w3id.org/ldn-kg/"


def query(trap: Path, side: str) -> str:
    return (trap / f"{side}.rq").read_text("utf-8")


def head(trap: Path, side: str) -> dict[str, str]:
    """What the head of the query says, by key."""
    return dict(re.findall(r"^# (\w+): (.+)$", query(trap, side), re.MULTILINE))


COSTLY = [trap for trap in TRAPS if "cost" in head(trap, "wrong")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_each_query_gives_the_rows_written_by_hand(
    trap: Path, side: str, engine: str, expand: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    ask: Callable[[str], tuple[list[str], Rows]] = request.getfixturevalue(engine)
    assert ask(query(trap, side)) == by_hand(ANSWERS / trap.name / f"{side}.csv", expand)


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_the_wrong_answer_differs_unless_what_is_wrong_is_its_cost(trap: Path, expand: Callable[[str], str]) -> None:
    wrong, right = (by_hand(ANSWERS / trap.name / f"{side}.csv", expand) for side in SIDES)
    assert (wrong == right) == (trap in COSTLY)


@pytest.mark.parametrize("trap", COSTLY, ids=lambda trap: trap.name)
def test_what_is_wrong_in_cost_alone_takes_work_that_outgrows_the_graph(trap: Path, published: rdflib.Graph) -> None:
    """Counted in triples that the store hands over, at two and at four copies: no clock is asked."""
    less, more = copied(published, 2), copied(published, 4)
    growth = {side: work(query(trap, side), more) / work(query(trap, side), less) for side in SIDES}
    assert growth["right"] <= 2
    assert growth["wrong"] > 3


class Counting(Memory):
    """A store that counts the triples it hands over."""

    handed = 0

    def triples(self, triple_pattern: Pattern, context: Context | None = None) -> Found:
        for found in super().triples(triple_pattern, context):
            self.handed += 1
            yield found


def copied(graph: rdflib.Graph, times: int) -> rdflib.Graph:
    """The graph many times over, each time with other names for what is ours, its vocabulary apart."""
    copies = rdflib.Graph(Counting())
    for number in range(times):
        for subject, predicate, thing in graph:
            copies.add((renamed(subject, number), predicate, renamed(thing, number)))
    return copies


def renamed(term: rdflib.term.Node, number: int) -> rdflib.term.Node:
    ours = isinstance(term, rdflib.URIRef) and term.startswith(BASE) and not term.startswith(f"{BASE}ontology")
    return rdflib.URIRef(f"{term}-{number}") if ours else term


def work(sparql: str, graph: rdflib.Graph) -> int:
    """How many triples the store hands over until the query is answered."""
    assert isinstance(graph.store, Counting)
    before = graph.store.handed
    assert len(list(graph.query(sparql))) > 0
    return graph.store.handed - before


def test_the_traps_and_their_answers_fit() -> None:
    answers = [path.relative_to(ANSWERS).with_suffix("") for path in ANSWERS.rglob("*.csv")]
    assert sorted(map(str, answers)) == sorted(f"{trap.name}/{side}" for trap in TRAPS for side in SIDES)
    titles = Counter(head(trap, "wrong")["title"] for trap in TRAPS)
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_each_trap_can_be_read(trap: Path) -> None:
    assert sorted(path.name for path in trap.iterdir()) == ["right.rq", "wrong.rq"]
    for side in SIDES:
        assert [key for key in head(trap, side) if key != "cost"] == HEADS[side]
    said = head(trap, "wrong") | head(trap, "right")
    assert said["question"].endswith("?")
    assert said["trap"].endswith(".")
    assert said["teaches"].endswith(".")
    assert len(said["keywords"].split(", ")) >= 3


def test_each_trap_is_on_the_page_for_people() -> None:
    """In one row each, which holds the question and leads to both queries; and the page shows no trap that is not."""
    rows = [line for line in (ROOT / "docs" / "traps.md").read_text("utf-8").splitlines() if "/wrong.rq)" in line]
    assert len(rows) == len(TRAPS)
    for trap in TRAPS:
        question, links = (
            head(trap, "wrong")["question"],
            [f"(../queries/traps/{trap.name}/{side}.rq)" for side in SIDES],
        )
        assert [row for row in rows if question in row and all(link in row for link in links)]
