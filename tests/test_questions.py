"""The library of questions: each has a head and rows written from the article by hand, the same from every engine."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from conftest import ROOT
from ldnkg.paths import Home
from ldnkg.problem import Problem
from ldnkg.questions import Question, questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import rdflib

ANSWERS = ROOT / "tests" / "answers" / "questions"
LIBRARY = questions(Home(ROOT))
HERE = {name: question for name, question in LIBRARY.items() if not question.federates}
TRIPLE = ["subject", "predicate", "object"]
Rows = Counter[tuple[str, ...]]


def cases() -> list[tuple[str, Path]]:
    """Each question with each file of its rows: `<name>.csv`, or `.ttl`, and `<name>--<parameter>=<value>.csv`."""
    return [(name, path) for name in HERE for path in sorted(ANSWERS.iterdir()) if path.stem.split("--")[0] == name]


def by_hand(path: Path, expand: Callable[[str], str]) -> tuple[list[str], Rows]:
    """The columns and the rows of a file of answers; a CURIE of a published prefix stands for its IRI."""
    if path.suffix == ".ttl":
        return TRIPLE, Counter(_row(quad.triple) for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return head, Counter(tuple(cell(expand(value)) for value in row) for row in rows)


def cell(value: str) -> str:
    """A value as it is compared: a number by its value, all else as it stands."""
    try:
        return f"{float(value):g}"
    except ValueError:
        return value


@pytest.fixture(scope="session")
def expand(files: dict[str, bytes]) -> Callable[[str], str]:
    parser = ox.parse(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    list(parser)

    def expanded(value: str) -> str:
        prefix, colon, rest = value.partition(":")
        known = colon and prefix in parser.prefixes and " " not in value
        return parser.prefixes[prefix] + rest if known else value

    return expanded


def given(path: Path, expand: Callable[[str], str]) -> dict[str, str]:
    """The terms that the name of a file of answers gives to parameters: an IRI, its colon an underscore, or a word."""
    pairs = (part.split("=") for part in path.stem.split("--")[1:])
    return {name: f"<{expand(value.replace('_', ':', 1))}>" if "_" in value else f'"{value}"' for name, value in pairs}


@pytest.fixture(scope="session")
def in_pyoxigraph(files: dict[str, bytes]) -> Callable[[str], tuple[list[str], Rows]]:
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)

    def ask(sparql: str) -> tuple[list[str], Rows]:
        answer = store.query(sparql)
        if isinstance(answer, ox.QueryBoolean):
            return ["answer"], Counter([(str(bool(answer)).lower(),)])
        if isinstance(answer, ox.QueryTriples):
            return TRIPLE, Counter(map(_row, set(answer)))
        assert isinstance(answer, ox.QuerySolutions)
        return [one.value for one in answer.variables], Counter(_row(row) for row in answer)

    return ask


def _row(row: Iterable[Any]) -> tuple[str, ...]:
    return tuple("" if term is None else cell(term.value) for term in row)


@pytest.fixture(scope="session")
def in_rdflib(published: rdflib.Graph) -> Callable[[str], tuple[list[str], Rows]]:
    def ask(sparql: str) -> tuple[list[str], Rows]:
        answer = published.query(sparql)
        if answer.type == "ASK":
            return ["answer"], Counter([(str(answer.askAnswer).lower(),)])
        rows: Any = answer
        if answer.type == "CONSTRUCT":
            return TRIPLE, Counter(tuple(map(str, triple)) for triple in rows)
        held = [tuple("" if term is None else cell(str(term)) for term in row) for row in rows]
        return [str(name) for name in answer.vars or []], Counter(held)

    return ask


@pytest.mark.parametrize("engine", ["in_pyoxigraph", "in_rdflib"])
@pytest.mark.parametrize(("name", "path"), cases(), ids=lambda value: getattr(value, "stem", value))
def test_each_question_gives_the_rows_written_by_hand(
    name: str, path: Path, engine: str, expand: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    ask: Callable[[str], tuple[list[str], Rows]] = request.getfixturevalue(engine)
    assert ask(HERE[name].asked(given(path, expand))) == by_hand(path, expand)


def test_a_hypothesis_that_is_stated_as_a_fact_is_seen(files: dict[str, bytes], expand: Callable[[str], str]) -> None:
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    question = LIBRARY["is-a-fact-without-claim"].text
    assert not store.query(question)
    hypothesis = ("regimen:low-dose-naltrexone", "ldn:antagonises", "UniProtKB:O00206")
    store.add(ox.Quad(*(ox.NamedNode(expand(term)) for term in hypothesis)))
    assert store.query(question)


def test_the_library_and_its_answers_fit() -> None:
    assert sorted({path.stem.split("--")[0] for path in ANSWERS.iterdir()}) == sorted(HERE)
    titles = Counter(question.said("title") for question in LIBRARY.values())
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize("question", LIBRARY.values(), ids=LIBRARY)
def test_each_question_can_be_read(question: Question) -> None:
    """In order, in words, found by words, with each parameter explained and given once."""
    assert question.said("question").endswith("?")
    assert question.said("teaches").endswith(".")
    assert len(question.keywords) >= 2
    assert "ORDER BY" in question.text or "SELECT" not in question.text or "GROUP BY" not in question.text
    for parameter, words in question.parameters.items():
        assert words
        assert question.default(parameter)


def test_a_question_without_a_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"a\.rq:1: its head has no 'teaches'"):
        Question(tmp_path / "a.rq", "# title: A\n# question: B?\n# keywords: c\nASK {}").said("teaches")
