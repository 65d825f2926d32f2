"""Each pitfall has a wrong and a right query, and both return the rows that were written by hand."""

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


def read_header(pitfall: Path, side: str) -> dict[str, str]:
    """Return the header of the query as a dict from key to text."""
    return dict(re.findall(r"^# (\w+): (.+)$", query(pitfall, side), re.MULTILINE))


COSTLY = [pitfall for pitfall in PITFALLS if "cost" in read_header(pitfall, "wrong")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.name)
def test_each_query_returns_the_rows_written_by_hand(
    pitfall: Path, side: str, engine: str, expand: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    ask: Callable[[str], tuple[list[str], Rows]] = request.getfixturevalue(engine)
    assert ask(query(pitfall, side)) == by_hand(ANSWERS / pitfall.name / f"{side}.csv", expand)


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.name)
def test_the_answers_differ_unless_the_pitfall_is_only_about_cost(pitfall: Path, expand: Callable[[str], str]) -> None:
    wrong, right = (by_hand(ANSWERS / pitfall.name / f"{side}.csv", expand) for side in SIDES)
    assert (wrong == right) == (pitfall in COSTLY)


@pytest.mark.parametrize("pitfall", COSTLY, ids=lambda pitfall: pitfall.name)
def test_a_costly_query_does_work_that_grows_faster_than_the_graph(pitfall: Path, published: rdflib.Graph) -> None:
    """Work is the number of triples that the store returns, for one and two copies of the graph, and not the time."""
    less, more = copy_graph(published, 1), copy_graph(published, 2)
    growth = {side: work(query(pitfall, side), more) / work(query(pitfall, side), less) for side in SIDES}
    assert growth["right"] <= 2
    assert growth["wrong"] > 3


class Counting(Memory):
    """A store that counts the triples it returns."""

    returned = 0

    def triples(self, triple_pattern: Pattern, context: Context | None = None) -> Found:
        for found in super().triples(triple_pattern, context):
            self.returned += 1
            yield found


def copy_graph(graph: rdflib.Graph, times: int) -> rdflib.Graph:
    """Return copies of the graph, with new IRIs for our entities in each copy but the same vocabulary."""
    copies = rdflib.Graph(Counting())
    for number in range(times):
        for subject, predicate, thing in graph:
            copies.add((rename(subject, number), predicate, rename(thing, number)))
    return copies


def rename(term: rdflib.term.Node, number: int) -> rdflib.term.Node:
    ours = isinstance(term, rdflib.URIRef) and term.startswith(BASE) and not term.startswith(f"{BASE}ontology")
    return rdflib.URIRef(f"{term}-{number}") if ours else term


def work(sparql: str, graph: rdflib.Graph) -> int:
    """Return the number of triples that the store returns until the query is answered."""
    assert isinstance(graph.store, Counting)
    before = graph.store.returned
    assert len(list(graph.query(sparql))) > 0
    return graph.store.returned - before


def test_each_pitfall_has_answers_and_a_unique_title() -> None:
    answers = [path.relative_to(ANSWERS).with_suffix("") for path in ANSWERS.rglob("*.csv")]
    assert sorted(map(str, answers)) == sorted(f"{pitfall.name}/{side}" for pitfall in PITFALLS for side in SIDES)
    titles = Counter(read_header(pitfall, "wrong")["title"] for pitfall in PITFALLS)
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.name)
def test_each_pitfall_has_complete_headers(pitfall: Path) -> None:
    assert sorted(path.name for path in pitfall.iterdir()) == ["right.rq", "wrong.rq"]
    for side in SIDES:
        assert [key for key in read_header(pitfall, side) if key != "cost"] == HEADS[side]
    texts = read_header(pitfall, "wrong") | read_header(pitfall, "right")
    assert texts["question"].endswith("?")
    assert texts["pitfall"].endswith(".")
    assert texts["teaches"].endswith(".")
    assert len(texts["keywords"].split(", ")) >= 3


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.name)
def test_the_totals_in_the_header_and_in_the_guide_are_those_of_the_answers(pitfall: Path) -> None:
    """*72 instead of 62*: the last column adds up to 72 in the wrong answer and to 62 in the right one."""
    rows = [
        row for row in (ROOT / "docs" / "pitfalls.md").read_text("utf-8").splitlines() if f"/{pitfall.name}/" in row
    ]
    texts = "".join([read_header(pitfall, "wrong")["pitfall"], *rows])
    totals = [(ANSWERS / pitfall.name / f"{side}.csv").read_text("utf-8") for side in SIDES]
    expected = [str(sum(map(int, re.findall(r"\b(\d+)$", total, re.MULTILINE)))) for total in totals]
    for numbers in re.findall(r"(\d+) instead of (\d+)", texts):
        assert list(numbers) == expected


def test_each_pitfall_has_a_row_in_the_guide() -> None:
    """The row has the question and links to both queries. The guide has no other rows."""
    rows = [line for line in (ROOT / "docs" / "pitfalls.md").read_text("utf-8").splitlines() if "/wrong.rq)" in line]
    assert len(rows) == len(PITFALLS)
    for pitfall in PITFALLS:
        question, links = (
            read_header(pitfall, "wrong")["question"],
            [f"(../queries/pitfalls/{pitfall.name}/{side}.rq)" for side in SIDES],
        )
        assert [row for row in rows if question in row and all(link in row for link in links)]
