"""What two processes make is what one makes, and what goes wrong in either is told."""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from multiprocessing import active_children
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT
from ldnkg.exports.forms import files, formats
from ldnkg.exports.sidebyside import side_by_side
from ldnkg.paths import Home
from ldnkg.problem import Problem

if TYPE_CHECKING:
    from ldnkg.exports.aligned import Aligned

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is there a second process")
HERE = os.getpid()


def refuse() -> None:
    raise Problem("One cannot be made. Mend it.", 1)


@pytest.mark.parametrize("cores", [1, 2])
def test_results_come_in_the_order_of_the_works(cores: int) -> None:
    assert side_by_side([partial(pow, number, 2) for number in range(4)], cores) == [0, 1, 4, 9]


def test_two_processes_work() -> None:
    def slowly() -> int:
        time.sleep(0.2)
        return os.getpid()

    assert len({*side_by_side([slowly] * 6, 2)}) == 2


@pytest.mark.parametrize("cores", [1, 2])
def test_a_problem_is_raised_wherever_it_is_met(cores: int) -> None:
    works = [lambda: time.sleep(0.2), refuse, lambda: time.sleep(0.2)]
    with pytest.raises(Problem, match=r"^One cannot be made\. Mend it\.$") as met:
        side_by_side(works, cores)
    assert met.value.status == 1
    assert active_children() == []


def test_of_two_problems_the_first_is_told() -> None:
    def first() -> None:
        time.sleep(0.3)
        raise Problem("This is the first.", 1)

    with pytest.raises(Problem, match="This is the first"):
        side_by_side([first, refuse, refuse], 2)


def test_what_a_process_that_died_had_begun_is_done_by_the_first() -> None:
    def here_alone() -> int:
        if os.getpid() != HERE:
            os._exit(9)
        time.sleep(0.1)
        return 1

    assert side_by_side([here_alone] * 5, 2) == [1] * 5


def test_an_interrupt_ends_both() -> None:
    def interrupted() -> None:
        if os.getpid() == HERE:
            raise KeyboardInterrupt
        time.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        side_by_side([interrupted] * 4, 2)
    assert active_children() == []


def test_the_bytes_are_the_same_by_one_process_and_by_two(aligned: Aligned, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = formats(Home(ROOT))
    made = {}
    for cores in (1, 2):
        monkeypatch.setattr("ldnkg.exports.sidebyside._cores", lambda cores=cores: cores)
        made[cores] = files(wanted, aligned)
    assert made[1] == made[2]
    assert list(made[1]) == list(made[2])
