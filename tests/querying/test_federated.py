"""The federated questions, run against local stand-ins for the external endpoints, each with a few of their triples."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import pytest

from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from support.federated import TYPES, holding, sent
from support.paths import ROOT
from support.programs import OXIGRAPH
from support.querying import Rows, by_hand, cell, given
from support.servers import free_port

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not OXIGRAPH, reason="the server of Oxigraph is not installed"),
]
ANSWERS = ROOT / "tests" / "data" / "answers" / "questions" / "federated"
STANDINS = sorted((ROOT / "tests" / "data" / "answers" / "federated").iterdir())
LIBRARY = {name: question for name, question in load_questions(Home(ROOT)).items() if question.federates}
SILENT = {name: question for name, question in LIBRARY.items() if "SERVICE SILENT" in question.text}
ANSWER, QUERY = "application/sparql-results+json", "application/sparql-query"


@pytest.fixture(scope="module")
def ours(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address at which the published graph is served."""
    with holding(files["ldn-kg.ttl"], TYPES[".ttl"], tmp_path_factory.mktemp("ours")) as address:
        yield address


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the address of the stand-in for each host."""
    with ExitStack() as servers:
        yield {
            path.stem: servers.enter_context(
                holding(path.read_bytes(), TYPES[path.suffix], tmp_path_factory.mktemp("theirs"))
            )
            for path in STANDINS
        }


@pytest.fixture
def nobody() -> dict[str, str]:
    """Return for each host an address at which no server listens."""
    return dict.fromkeys((path.stem for path in STANDINS), f"127.0.0.1:{free_port()}")


def redirect(sparql: str, places: Mapping[str, str]) -> str:
    """Return the query with these addresses instead of the hosts."""
    for endpoint in {endpoint for question in LIBRARY.values() for endpoint in question.federates}:
        sparql = sparql.replace(f"<{endpoint}>", f"<http://{places[str(urlparse(endpoint).hostname)]}/query>")
    return sparql


def ask(ours: str, sparql: str, places: Mapping[str, str]) -> tuple[list[str], Rows]:
    """Return the answer of our server, which calls these addresses; one that breaks off halfway is not JSON."""
    asked = redirect(sparql, places).encode()
    return read_answer(sent(ours, "POST", "/query", asked, {"Accept": ANSWER, "Content-Type": QUERY}))


def read_answer(text: str) -> tuple[list[str], Rows]:
    answer = json.loads(text)
    names: list[str] = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    return names, Counter(tuple(cell(row[name]["value"]) if name in row else "" for name in names) for row in rows)


def cases() -> list[Path]:
    return sorted(ANSWERS.glob("*.csv"))


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_each_question_gives_the_rows_written_by_hand(
    path: Path, ours: str, theirs: dict[str, str], expand: Callable[[str], str]
) -> None:
    question = LIBRARY[path.stem.split("--")[0]]
    assert ask(ours, question.asked(given(path, expand)), theirs) == by_hand(path, expand)


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_the_command_gives_the_rows_written_by_hand(
    run: Run, path: Path, theirs: dict[str, str], expand: Callable[[str], str]
) -> None:
    question = LIBRARY[path.stem.split("--")[0]]
    asked = redirect(question.asked(given(path, expand)), theirs)
    ended = run("query", asked, "--federated", "--format", "json", "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert read_answer(ended.stdout) == by_hand(path, expand)


@pytest.mark.parametrize("name", LIBRARY)
def test_each_question_calls_exactly_the_endpoints_of_its_header(name: str) -> None:
    question = LIBRARY[name]
    assert all(f"<{endpoint}> {{" in question.text for endpoint in question.federates)
    assert question.text.count("SERVICE") == len(question.federates)
    assert {path.stem for path in STANDINS} >= {urlparse(endpoint).hostname for endpoint in question.federates}


@pytest.mark.parametrize("name", LIBRARY)
def test_silent_is_used_in_optional_and_nowhere_else(name: str) -> None:
    text = LIBRARY[name].text
    optional = re.findall(r"OPTIONAL \{\s+SERVICE( SILENT)?", text)
    assert optional == [" SILENT"] * text.count("SERVICE SILENT")


def test_each_question_has_rows_also_for_another_parameter() -> None:
    assert sorted({path.stem.split("--")[0] for path in cases()}) == sorted(LIBRARY)
    for name, question in LIBRARY.items():
        for parameter in question.parameters:
            assert list(ANSWERS.glob(f"{name}--{parameter}=*.csv"))


@pytest.mark.parametrize("name", sorted(set(LIBRARY) - set(SILENT)))
def test_an_endpoint_that_is_down_is_an_error_if_it_selects_the_rows(
    name: str, ours: str, nobody: dict[str, str]
) -> None:
    """Oxigraph has already begun its answer, so the answer breaks off and is not valid JSON."""
    with pytest.raises(json.JSONDecodeError):
        ask(ours, LIBRARY[name].text, nobody)


@pytest.mark.parametrize("name", SILENT)
def test_an_endpoint_that_is_down_loses_no_row_if_it_only_adds_columns(
    name: str, ours: str, nobody: dict[str, str], expand: Callable[[str], str]
) -> None:
    assert ask(ours, LIBRARY[name].text, nobody) == by_hand(ANSWERS / "down" / f"{name}.csv", expand)


def test_with_silent_an_endpoint_that_is_down_would_filter_nothing(
    ours: str, nobody: dict[str, str], expand: Callable[[str], str]
) -> None:
    """With SILENT, the answer has four autoimmune conditions, and MONDO has one: so the rule applies."""
    name = "autoimmune-conditions-at-ubergraph"
    silent = LIBRARY[name].text.replace("SERVICE <", "SERVICE SILENT <")
    assert ask(ours, silent, nobody) == by_hand(ANSWERS / "down" / f"{name}.csv", expand)


def test_an_endpoint_without_triples_gives_no_row(ours: str, tmp_path: Path) -> None:
    question = LIBRARY["autoimmune-conditions-at-ubergraph"]
    with holding(b"", TYPES[".ttl"], tmp_path) as empty:
        _, rows = ask(ours, question.text, dict.fromkeys((path.stem for path in STANDINS), empty))
    assert not rows
