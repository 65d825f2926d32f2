"""`ldnkg query --federated` with endpoints on loopback: our own server, one that fails, a silent one, and none."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from support.paths import ROOT
from support.servers import free_port, served

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ldnkg.querying.library import Question

    Run = Callable[..., subprocess.CompletedProcess[str]]

FEDERATED = [question for question in load_questions(Home(ROOT)).values() if question.federates]
RESULTS = "application/sparql-results+json"


def call(url: str, more: str = "") -> str:
    return (
        f"SELECT ?regimen ?label {{ ?regimen a ldn:Regimen {more} SERVICE <{url}> {{ ?regimen rdfs:label ?label }} }}"
    )


@contextmanager
def answering(status: int, media_type: str, body: str) -> Iterator[str]:
    """Yield the address of an endpoint that gives this answer to every query."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/sparql"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def endpoint(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a server of the publication."""
    folder = tmp_path_factory.mktemp("built")
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with served(folder, tmp_path_factory.mktemp("log") / "log") as running:
        yield f"http://127.0.0.1:{running.port}/sparql"


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_another_endpoint_is_queried_if_this_is_allowed(run: Run, endpoint: str, form: str) -> None:
    ended = run("query", call(endpoint), "--federated", "--format", form, "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "low-dose naltrexone" in ended.stdout
    explained = run("query", call(endpoint), "--federated", "--explain", "--home", ROOT)
    assert (explained.returncode, explained.stderr) == (0, "")


@pytest.mark.parametrize("question", FEDERATED, ids=lambda question: question.name)
def test_no_endpoint_is_queried_without_permission(run: Run, question: Question) -> None:
    ended = run("query", question.name, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "SERVICE queries another endpoint over the network" in ended.stderr
    assert "Use `ldnkg query --federated`" in ended.stderr


@pytest.mark.parametrize(
    "spelling",
    ["SERVICE", "service", "Service SILENT", "SERVICE\n", "SERVICE#\n", "\\u0053ERVICE", "SERV\\U00000049CE"],
)
@pytest.mark.parametrize("more", [[], ["--explain"], ["--format", "json"]], ids=" ".join)
def test_no_spelling_of_service_calls_an_endpoint_without_permission(run: Run, spelling: str, more: list[str]) -> None:
    with answering(500, "text/plain", "called\n") as url:
        ended = run("query", call(url).replace("SERVICE", spelling), *more, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "SERVICE queries another endpoint over the network" in ended.stderr


FAILING = {
    "an error": (500, "text/plain", "no\n", 1, "500 Internal Server Error"),
    "a redirect": (302, "text/plain", "", 1, "302 Found"),
    "a page": (200, "text/html", "<p>", 2, "text/html"),
    "broken JSON": (200, RESULTS, '{"head"', 1, "An endpoint of this query answers with invalid results."),
    "a boolean": (200, RESULTS, '{"boolean": true, "head": {}}', 2, "No valid SPARQL solutions"),
}


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize("name", FAILING)
def test_an_endpoint_that_fails_is_one_sentence(run: Run, name: str, form: str) -> None:
    status, media_type, body, ends, words = FAILING[name]
    with answering(status, media_type, body) as url:
        ended = run("query", call(url), "--federated", "--format", form, "--home", ROOT)
        asked = run("query", f"ASK {{ SERVICE <{url}> {{ ?s ?p ?o }} }}", "--federated", "--home", ROOT)
    for found in (ended, asked):
        assert (found.returncode, found.stdout, found.stderr.count("\n")) == (ends, "", 1)
        assert words in found.stderr


@pytest.mark.parametrize("more", [[], ["--format", "csv"], ["--explain"]], ids=" ".join)
def test_an_endpoint_that_is_down_is_one_sentence(run: Run, more: list[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    ended = run("query", call(url), "--federated", *more, "--home", ROOT)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert ended.stderr.startswith("ldnkg: An endpoint of this query does not answer: ")
    assert ended.stderr.endswith(" Check its address and the network, or try again later.\n")


def test_silent_leaves_the_rows_of_the_publication(run: Run) -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    asked = call(url).replace("SERVICE", "SERVICE SILENT")
    ended = run("query", asked, "--federated", "--format", "json", "--home", ROOT)
    assert len(json.loads(ended.stdout)["results"]["bindings"]) == 2


def test_an_endpoint_that_never_answers_is_left_at_the_time_limit(start: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/sparql"
        ended = start("query", call(url), "--federated", "--timeout", "1", "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (124, "")
    assert ended.stderr.startswith("ldnkg: The query was stopped after 1 s.")


def test_a_question_in_a_file_names_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text(call("http://127.0.0.1:9/"), "utf-8")
    assert "paste the query of mine.rq into" in run("query", "mine.rq", "--home", ROOT).stderr
