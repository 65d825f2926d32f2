"""The questions: each has a complete header, and every engine gives the rows that were written by hand."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.errors import LdnkgError
from ldnkg.querying.library import Question
from support.federated import holding
from support.programs import NODE, OXIGRAPH, asking_comunica
from support.querying import ENGINES, TURTLE, by_hand, cell, endpoint_over, given
from support.questions import ANSWERS, HERE, LIBRARY, cases
from support.servers import SERVED, free_port, running, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _pytest.mark.structures import ParameterSet

    from support.querying import Rows

    Ask = Callable[[str], tuple[list[str], Rows]]

ENDPOINT = os.environ.get("LDNKG_ENDPOINT")


@pytest.fixture(scope="session")
def in_our_server(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return a function that queries the publication in `ldnkg serve`."""
    folder = tmp_path_factory.mktemp("served")
    for name in SERVED:
        (folder / name).write_bytes(files[name])
    with served(folder, folder / "log") as server:
        yield endpoint_over(f"http://127.0.0.1:{server.port}/sparql")


@pytest.fixture(scope="session")
def in_oxigraph(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return a function that queries the publication in an Oxigraph server."""
    with holding(files["ldn-kg.ttl"], TURTLE, tmp_path_factory.mktemp("oxigraph")) as place:
        yield endpoint_over(f"http://{place}/query")


@pytest.fixture(scope="session")
def in_rdflib_endpoint(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return a function that queries the publication in rdflib-endpoint."""
    folder, port = tmp_path_factory.mktemp("endpoint"), free_port()
    (folder / "ldn-kg.ttl").write_bytes(files["ldn-kg.ttl"])
    command = [str(ENDPOINT), "serve", "--host", "127.0.0.1", "--port", str(port), "ldn-kg.ttl"]
    with running(command, port, folder):
        yield endpoint_over(f"http://127.0.0.1:{port}/")


@pytest.fixture(scope="session")
def in_comunica(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return a function that queries the publication in Comunica, in one process for all queries."""
    path = tmp_path_factory.mktemp("comunica") / "ldn-kg.ttl"
    path.write_bytes(files["ldn-kg.ttl"])
    with asking_comunica(str(path)) as ask:

        def answer(query: str) -> tuple[list[str], Rows]:
            found = ask(query)
            return found["names"], Counter(tuple(map(cell, row)) for row in found["rows"])

        yield answer


def external(engine: str, there: object, reason: str) -> ParameterSet:
    """Return the parameter of an external engine, which is skipped with the reason if it is not installed."""
    marks = [pytest.mark.external, pytest.mark.thorough, pytest.mark.skipif(not there, reason=reason)]
    return pytest.param(engine, marks=marks)


EVERYWHERE = [
    *ENGINES,
    "in_our_server",
    external("in_oxigraph", OXIGRAPH, "the Oxigraph server is not installed"),
    external("in_rdflib_endpoint", ENDPOINT, "LDNKG_ENDPOINT does not name rdflib-endpoint"),
    external("in_comunica", NODE, "LDNKG_NODE does not name the folder of the Node packages, or Node is not installed"),
]


@pytest.mark.parametrize("engine", EVERYWHERE)
@pytest.mark.parametrize(("name", "path"), cases(), ids=lambda value: getattr(value, "stem", value))
def test_each_question_gives_the_rows_written_by_hand(
    name: str, path: Path, engine: str, expand: Callable[[str], str], request: pytest.FixtureRequest
) -> None:
    ask: Ask = request.getfixturevalue(engine)
    assert ask(HERE[name].asked(given(path, expand))) == by_hand(path, expand)


def test_a_hypothesis_stated_as_a_plain_triple_is_found(files: dict[str, bytes], expand: Callable[[str], str]) -> None:
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    question = LIBRARY["is-a-fact-without-claim"].text
    assert not store.query(question)
    hypothesis = ("regimen:low-dose-naltrexone", "ldn:antagonises", "UniProtKB:O00206")
    store.add(ox.Quad(*(ox.NamedNode(expand(term)) for term in hypothesis)))
    assert store.query(question)


def test_each_question_has_rows_and_a_title_of_its_own() -> None:
    assert sorted({path.stem.split("--")[0] for path in ANSWERS.glob("*.*")}) == sorted(HERE)
    titles = Counter(question.said("title") for question in LIBRARY.values())
    assert [title for title, times in titles.items() if times > 1] == []


@pytest.mark.parametrize("question", LIBRARY.values(), ids=LIBRARY)
def test_each_header_is_complete_and_each_parameter_has_one_default(question: Question) -> None:
    assert question.said("question").endswith("?")
    assert question.said("teaches").endswith(".")
    assert len(question.keywords) >= 2
    assert "ORDER BY" in question.text or "SELECT" not in question.text or "GROUP BY" not in question.text
    assert "NOT EXISTS" not in question.text, "MINUS is evaluated once, NOT EXISTS once for each row"
    for parameter, words in question.parameters.items():
        assert words
        assert question.default(parameter)


def test_an_incomplete_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LdnkgError, match=r"a\.rq:1: the header has no 'teaches'"):
        Question(tmp_path / "a.rq", "# title: A\n# question: B?\n# keywords: c\nASK {}").said("teaches")
