"""The library of questions: each has a head and rows written from the article by hand, the same from every engine."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from asking import ENGINES, Rows, by_hand, given
from conftest import ROOT
from ldnkg.paths import Home
from ldnkg.problem import Problem
from ldnkg.questions import Question, questions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ANSWERS = ROOT / "tests" / "answers" / "questions"
LIBRARY = questions(Home(ROOT))
HERE = {name: question for name, question in LIBRARY.items() if not question.federates}


def cases() -> list[tuple[str, Path]]:
    """Each question with each file of rows: `<name>.csv`, and `<name>--<parameter>=<value>.csv` for another value."""
    return [(name, path) for name in HERE for path in sorted(ANSWERS.glob("*.csv")) if path.stem.split("--")[0] == name]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "path"), cases(), ids=lambda value: getattr(value, "stem", value))
def test_each_question_gives_the_rows_written_by_hand(
    name: str, path: Path, engine: str, expand: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    ask: Callable[[str], tuple[list[str], Rows]] = request.getfixturevalue(engine)
    assert ask(HERE[name].asked(given(path, expand))) == by_hand(path, expand)


def test_the_library_and_its_answers_fit() -> None:
    assert sorted({path.stem.split("--")[0] for path in ANSWERS.glob("*.csv")}) == sorted(HERE)
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
        Question(tmp_path / "a.rq", "# title: A\n# question: B?\n# keywords: c\nASK {}")
