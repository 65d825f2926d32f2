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
from support.servers import served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

README = (ROOT / "README.md").read_text("utf-8")
QUESTION = "drug-receptor-mechanism-condition-citation"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def lines() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


SERVE = "ldnkg serve"
COMMANDS = [line for line in lines() if line.startswith("ldnkg ")]


def test_the_first_block_is_the_two_commands() -> None:
    assert blocks("sh")[0] == "make\nmake test\n"
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets[0] == "all"
    assert "test" in targets


def test_every_shell_command_in_the_readme_is_tested() -> None:
    assert [line for line in lines() if line not in {"make", "make test", ". .venv/bin/activate", *COMMANDS}] == []
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("line", [line for line in COMMANDS if line != SERVE])
def test_each_command_works(run: Run, line: str) -> None:
    ended = run(*shlex.split(line)[1:], cwd=ROOT)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout


def test_the_server_answers_a_query(tmp_path: Path) -> None:
    assert SERVE in COMMANDS
    with served(ROOT / "dist", tmp_path / "log") as server:
        assert server.query("ASK { ?claim a ldn:Claim }").text.strip() == "true"


def table(head: str) -> list[list[str]]:
    found = re.search(rf"^\| {head} \|.*\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert found
    return [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in found[0].splitlines()]


def test_the_answer_shown_is_the_answer(run: Run) -> None:
    shown = table("drug")
    answer = list(csv.reader(io.StringIO(run("query", QUESTION, "--format", "csv", "--home", ROOT).stdout)))
    assert [shown[0], *shown[2:]] == answer


def test_the_levels_are_those_of_the_ontology_in_order(run: Run) -> None:
    prefix = "PREFIX ldn: <https://w3id.org/ldn-kg/ontology#>"
    query = f"{prefix} SELECT ?l {{ ?l ldn:rank ?r }} ORDER BY DESC(?r)"
    answer = list(csv.reader(io.StringIO(run("query", query, "--format", "csv", "--home", ROOT).stdout)))
    assert [row[0] for row in table("level")[2:]] == [row[0].partition("#")[2] for row in answer[1:]]


def test_each_query_returns_rows(run: Run) -> None:
    for query in blocks("sparql"):
        ended = run("query", query, "--format", "csv", "--home", ROOT)
        assert ended.returncode == 0, ended.stderr
        assert len(ended.stdout.splitlines()) > 5


def test_the_python_works() -> None:
    for block in blocks("python"):
        after = "\nassert len(graph) > 1000 and len(rows) == 1 and report.clean and 'ldn-kg.jsonld' in files"
        ended = subprocess.run(
            [sys.executable, "-c", block + after], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert [link for link in links if not link.startswith("https://") and not (ROOT / link).is_file()] == []
