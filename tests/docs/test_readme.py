"""The commands, queries and Python in the README work, and its tables show their real output."""

from __future__ import annotations

import csv
import io
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

README = (ROOT / "README.md").read_text("utf-8")
CHECKS = (ROOT / "docs" / "checks.md").read_text("utf-8")
QUESTION = "drug-receptor-mechanism-condition-citation"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def lines() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


COMMANDS = [line for line in lines() if line.startswith("ldnkg ")]


def test_the_first_block_is_the_two_commands() -> None:
    assert blocks("sh")[0] == "make\nmake test\n"
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets[0] == "all"
    assert "test" in targets


def test_every_shell_command_in_the_readme_is_tested() -> None:
    assert [line for line in lines() if line not in {"make", "make test", ". .venv/bin/activate", *COMMANDS}] == []
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_works(run: Run, line: str) -> None:
    ended = run(*shlex.split(line)[1:], cwd=ROOT)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


def table(head: str) -> list[list[str]]:
    found = re.search(rf"^\| {head} \|.*\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert found
    return [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in found[0].splitlines()]


def test_the_answer_shown_is_the_answer(run: Run) -> None:
    shown = table("drug")
    answer = list(csv.reader(io.StringIO(run("query", QUESTION, "--format", "csv", "--home", ROOT).stdout)))
    assert [shown[0], *shown[2:]] == answer


def test_it_is_short() -> None:
    assert len(README.split()) < 900


def test_the_turtle_of_the_claim_is_that_of_the_file() -> None:
    (shown,) = blocks("turtle")
    assert len(shown.splitlines()) == 10
    assert shown in (ROOT / "dist" / "ldn-kg.ttl").read_text("utf-8")


def find_unmeasured(text: str) -> list[str]:
    """The figures about the checks that the page of measurements does not have."""
    section = text.partition("## How strong the checks are")[2].partition("## ")[0]
    figures = re.findall(r"\d[\d,.]*\d", section)
    assert len(figures) == 7
    return [figure for figure in figures if f"| {figure} |" not in CHECKS]


def test_the_figures_about_the_checks_were_measured() -> None:
    assert find_unmeasured(README) == []
    assert find_unmeasured(README.replace("98.12", "98.13")) == ["98.13"]


def test_the_python_works() -> None:
    for block in blocks("python"):
        after = "\nassert len(graph) > 1000 and len(rows) == 1 and report.clean and 'ldn-kg.jsonld' in files"
        ended = subprocess.run(
            [sys.executable, "-c", block + after], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr


def find_dead_links(text: str) -> list[str]:
    """The links to a file that is not there, or to a heading that the file does not have."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("https://")]
    assert links
    return [link for link in links if not is_there(*link.partition("#")[::2])]


def is_there(path: str, heading: str) -> bool:
    if not (ROOT / path).is_file():
        return False
    headings = re.findall(r"^#+ (.*)$", (ROOT / path).read_text("utf-8"), re.MULTILINE) if heading else []
    return not heading or heading in {re.sub(r"[^\w-]", "", one.lower().replace(" ", "-")) for one in headings}


def test_every_link_leads_somewhere() -> None:
    assert find_dead_links(README) == []
    assert find_dead_links("[a](docs/none.md) [b](docs/index.md#none) [c](LICENSE)") == [
        "docs/none.md",
        "docs/index.md#none",
    ]
