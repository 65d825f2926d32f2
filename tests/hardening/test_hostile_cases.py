"""The cases that fuzzing or attacks found end with one sentence, and never again with a traceback or a signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fuzz.cases import make_case, read_case
from fuzz.judging import STATUSES, Judge, make_env
from fuzz.serving import Server
from support.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CASES = sorted(path for path in (DATA / "hostile").rglob("*") if path.is_file() and path.suffix != ".md")


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    folder = tmp_path_factory.mktemp("hostile")
    server = Server(folder, make_env())
    yield Judge(folder, server)
    server.stop()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.relative_to(DATA / "hostile").as_posix())
def test_a_hostile_input_is_judged_harmless(judge: Judge, path: Path) -> None:
    assert judge.judge(read_case(path)) == ""


def test_there_are_cases_of_each_area() -> None:
    assert {path.parent.name for path in CASES} == {*STATUSES, "request"}


def test_the_same_seed_makes_the_same_case() -> None:
    assert make_case("a/1") == make_case("a/1")
    assert len({make_case(f"a/{number}") for number in range(20)}) > 15
