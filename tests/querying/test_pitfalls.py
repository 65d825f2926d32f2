"""The pitfalls: a query that looks right, its wrong answer, and the right answer, both written by hand."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

import pytest
import rdflib
from rdflib.plugins.stores.memory import Memory

from support.paths import DATA, ROOT
from support.querying import ENGINES, Rows, by_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from rdflib.graph import _ContextType, _TriplePatternType, _TripleType

    Context: TypeAlias = _ContextType
    Pattern: TypeAlias = _TriplePatternType
    Found: TypeAlias = Generator[tuple[_TripleType, Generator[_ContextType | None]]]

PITFALLS = sorted((ROOT / "queries" / "pitfalls").iterdir())
ANSWERS = DATA / "answers" / "pitfalls"
SIDES = ("wrong", "right")
HEADS = {"wrong": ["title", "question", "keywords", "pitfall"], "right": ["teaches"]}
BASE = "https://w3id.org/ldn-kg/"


def query(pitfall: Path, side: str) -> str:
    return (pitfall / f"{side}.rq").read_text("utf-8")


def head(pitfall: Path, side: str) -> dict[str, str]:
    """Return the header of the query, by key."""
    return dict(re.findall(r"^# (\w+): (.+)$", query(pitfall, side), re.MULTILINE))


COSTLY = [pitfall for pitfall in PITFALLS if "cost" in head(pitfall, "wrong")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.name)
def test_each_query_gives_the_rows_written_by_hand(
    pitfall: Path, side: str, engine: str, expand: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    ask: Callable[[str], tuple[list[str], Rows]] = request.getfixturevalue(engine)
    assert ask(query(pitfall, side)) == by_hand(ANSWERS / pitfall.name / f"{side}.csv", expand)


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.name)
def test_the_wrong_answer_differs_unless_the_query_is_only_slow(pitfall: Path, expand: Callable[[str], str]) -> None:
    wrong, right = (by_hand(ANSWERS / pitfall.name / f"{side}.csv", expand) for side in SIDES)
    assert (wrong == right) == (pitfall in COSTLY)


@pytest.mark.parametrize("pitfall", COSTLY, ids=lambda pitfall: pitfall.name)
def test_the_work_of_a_slow_query_grows_faster_than_the_graph(pitfall: Path, published: rdflib.Graph) -> None:
    """The work is the number of triples that the store returns, for one copy and for two, so no time is measured."""
    less, more = copied(published, 1), copied(published, 2)
    growth = {side: work(query(pitfall, side), more) / work(query(pitfall, side), less) for side in SIDES}
    assert growth["right"] <= 2
    assert growth["wrong"] > 3


class Counting(Memory):
    """A store that counts the triples that it returns."""

    handed = 0

    def triples(self, triple_pattern: Pattern, context: Context | None = None) -> Found:
        for found in super().triples(triple_pattern, context):
            self.handed += 1
            yield found


def copied(graph: rdflib.Graph, times: int) -> rdflib.Graph:
    """Return copies of the graph in one graph; each copy has its own names for our entities and the same vocabulary."""
    copies = rdflib.Graph(Counting())
    for number in range(times):
        for subject, predicate, thing in graph:
            copies.add((renamed(subject, number), predicate, renamed(thing, number)))
    return copies


def renamed(term: rdflib.term.Node, number: int) -> rdflib.term.Node:
    ours = isinstance(term, rdflib.URIRef) and term.startswith(BASE) and not term.startswith(f"{BASE}ontology")
    return rdflib.URIRef(f"{term}-{number}") if ours else term


def work(sparql: str, graph: rdflib.Graph) -> int:
    """Return how many triples the store returns until the query is answered."""
    assert isinstance(graph.store, Counting)
    before = graph.store.handed
    assert len(list(graph.query(sparql))) > 0
    return graph.store.handed - before


def test_each_pitfall_has_two_answers_and_a_title_of_its_own() -> None:
    answers = [path.relative_to(ANSWERS).with_suffix("") for path in ANSWERS.rglob("*.csv")]
    assert sorted(map(str, answers)) == sorted(f"{pitfall.name}/{side}" for pitfall in PITFALLS for side in SIDES)
    titles = Counter(head(pitfall, "wrong")["title"] for pitfall in PITFALLS)
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.name)
def test_each_pitfall_has_two_complete_headers(pitfall: Path) -> None:
    assert sorted(path.name for path in pitfall.iterdir()) == ["right.rq", "wrong.rq"]
    for side in SIDES:
        assert [key for key in head(pitfall, side) if key != "cost"] == HEADS[side]
    said = head(pitfall, "wrong") | head(pitfall, "right")
    assert said["question"].endswith("?")
    assert said["pitfall"].endswith(".")
    assert said["teaches"].endswith(".")
    assert len(said["keywords"].split(", ")) >= 3


def test_each_pitfall_is_on_the_documentation_page() -> None:
    """Each has one row, with the question and links to both queries, and there are no other rows."""
    rows = [line for line in (ROOT / "docs" / "pitfalls.md").read_text("utf-8").splitlines() if "/wrong.rq)" in line]
    assert len(rows) == len(PITFALLS)
    for pitfall in PITFALLS:
        question, links = (
            head(pitfall, "wrong")["question"],
            [f"(../queries/pitfalls/{pitfall.name}/{side}.rq)" for side in SIDES],
        )
        assert [row for row in rows if question in row and all(link in row for link in links)]
