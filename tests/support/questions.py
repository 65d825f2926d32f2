"""The questions of the library that need no other endpoint, with the files of rows written by hand."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.querying import Rows

    Ask = Callable[[str], tuple[list[str], Rows]]
ANSWERS = ROOT / "tests" / "data" / "answers" / "questions"
LIBRARY = load_questions(Home(ROOT))
HERE = {name: question for name, question in LIBRARY.items() if not question.federates}


TABLE = (ROOT / "queries" / "groups.tsv").read_text("utf-8")
GROUPS = {row["group"]: row for row in csv.DictReader(TABLE.splitlines(), delimiter="\t")}


def titles(group: str) -> list[str]:
    """The sorted titles of the questions of a group."""
    return sorted(question.said("title") for question in LIBRARY.values() if question.group == group)


@cache
def cases() -> list[tuple[str, Path]]:
    """Each question with each file of its rows: `<name>.csv` or `.ttl`, and `<name>--<parameter>=<value>.csv`."""
    return [(name, path) for name in HERE for path in sorted(ANSWERS.glob("*.*")) if path.stem.split("--")[0] == name]
