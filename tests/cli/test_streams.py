"""Standard streams: UTF-8 for machines, readable text for any terminal, and streams that are closed or broken."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from ldnkg.cli.main import COMMANDS, main
from ldnkg.rdf.formats import ALIASES, GRAPH_FORMATS, ROW_FORMATS
from support.cli import run_process
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

LDNKG = f"{sys.executable} -m ldnkg"
SIGN = "μ-Rezeptor ≥ “ü” 漢"
SELECT = f"SELECT ('{SIGN}' AS ?x) {{}}"
CONSTRUCT = f"CONSTRUCT {{ <x:s> <x:p> '{SIGN}' }} {{}}"


def run_encoded(encoding: str, *arguments: object, cwd: Path) -> tuple[int, bytes, bytes]:
    """Run the command in this process with standard streams of this encoding; return its status and its bytes."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, newline="", write_through=True) for _ in range(2))
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return status, out.buffer.getvalue(), err.buffer.getvalue()


def read_rdf(form: ox.RdfFormat) -> Callable[[bytes], str]:
    return lambda content: " ".join(str(quad.object) for quad in ox.parse(content, format=form))


def read_json(content: bytes) -> str:
    return json.dumps(json.loads(content), ensure_ascii=False)


def read_csv(content: bytes) -> str:
    return " ".join(" ".join(row) for row in csv.reader(io.StringIO(content.decode())))


# Every format for machines, with a reader that fails if the bytes are not valid.
QUERIES: dict[tuple[str, str], Callable[[bytes], str]] = {
    (SELECT, "csv"): read_csv,
    (SELECT, "tsv"): lambda content: content.decode(),
    (SELECT, "json"): read_json,
    (SELECT, "xml"): lambda content: "".join(ElementTree.fromstring(content).itertext()),  # noqa: S314
    (CONSTRUCT, "table"): read_rdf(ox.RdfFormat.TURTLE),
    (CONSTRUCT, "ttl"): read_rdf(ox.RdfFormat.TURTLE),
    (CONSTRUCT, "turtle"): read_rdf(ox.RdfFormat.TURTLE),
    (CONSTRUCT, "jsonld"): read_rdf(ox.RdfFormat.JSON_LD),
    (CONSTRUCT, "nt"): read_rdf(ox.RdfFormat.N_TRIPLES),
    (CONSTRUCT, "ntriples"): read_rdf(ox.RdfFormat.N_TRIPLES),
    (CONSTRUCT, "rdf"): read_rdf(ox.RdfFormat.RDF_XML),
    (CONSTRUCT, "rdfxml"): read_rdf(ox.RdfFormat.RDF_XML),
}
assert {form for _, form in QUERIES} == {"table", *ROW_FORMATS, *GRAPH_FORMATS, *ALIASES}
ENCODINGS = ("cp1252", "ascii", "latin-1", "utf-16", "utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("sparql", "form"), QUERIES)
def test_answers_for_machines_are_utf8(tmp_path: Path, encoding: str, sparql: str, form: str) -> None:
    status, out, err = run_encoded(encoding, "query", sparql, "--format", form, "--home", ROOT, cwd=tmp_path)
    assert (status, err) == (0, b"")
    assert SIGN in QUERIES[sparql, form](out)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        (["query", "--list", "--format", "json"], read_json),
        (["query", "--list", "--format", "csv"], read_csv),
        (["query", SELECT, "--explain", "--format", "json"], read_json),
        (["view", "biolink"], read_rdf(ox.RdfFormat.TURTLE)),
        (["view", "biolink", "--format", "nt"], read_rdf(ox.RdfFormat.N_TRIPLES)),
        (["check", "--engine", "shacl", "--format", "sarif"], read_json),
        (["check", "--engine", "shacl", "--format", "ttl"], read_rdf(ox.RdfFormat.TURTLE)),
    ],
    ids=lambda value: " ".join(value[:4]) if isinstance(value, list) else "",
)
def test_the_output_for_machines_has_the_same_bytes_in_each_encoding(
    tmp_path: Path, encoding: str, arguments: list[str], read: Callable[[bytes], str]
) -> None:
    status, out, _ = run_encoded(encoding, *arguments, "--quiet", "--home", ROOT, cwd=tmp_path)
    assert status == 0
    assert read(out)
    assert out == run_encoded("utf-8", *arguments, "--quiet", "--home", ROOT, cwd=tmp_path)[1]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("form", "read"), [("sarif", read_json), ("ttl", read_rdf(ox.RdfFormat.TURTLE))])
def test_findings_for_machines_are_utf8(copy: Path, encoding: str, form: str, read: Callable[[bytes], str]) -> None:
    claim = copy / "data" / "claims" / "naltrexone-is-taken-orally.yaml"
    claim.write_text(claim.read_text("utf-8").replace("object: oral-route", "object: örål-röute"), "utf-8")
    status, out, _ = run_encoded(encoding, "check", "--engine", "shacl", "--format", form, cwd=copy)
    assert status == 1
    assert "örål-röute" in read(out)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_merge_report_for_machines_is_utf8(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.ttl").write_text(
        "<http://x.example/a> <http://www.w3.org/2000/01/rdf-schema#label> 'naltrexone' ;\n"
        f" <http://x.example/p> '{SIGN}' .\n",
        "utf-8",
    )
    status, out, err = run_encoded(encoding, "merge", "a.ttl", "--format", "json", "--home", ROOT, cwd=tmp_path)
    assert (status, err) == (0, b"")
    assert "counts" in json.loads(out)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", SIGN),
        ("cp1252", "mu-Rezeptor \\u2265 “ü” \\u6f22"),
        ("ascii", "mu-Rezeptor \\u2265 'u' \\u6f22"),
    ],
)
def test_people_get_a_readable_text_in_the_encoding_of_the_terminal(tmp_path: Path, encoding: str, shown: str) -> None:
    status, out, _ = run_encoded(encoding, "query", SELECT, "--home", ROOT, cwd=tmp_path)
    assert status == 0
    assert out.decode(encoding).splitlines()[-1] == shown
    status, out, err = run_encoded(encoding, "query", SIGN, "--home", ROOT, cwd=tmp_path)
    assert (status, out) == (2, b"")
    assert f"'{shown}'" in err.decode(encoding)


@pytest.mark.parametrize(
    "env",
    [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["a piped Python on Windows", "the locale C"],
)
def test_a_process_with_another_encoding_writes_utf8(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "a.rq").write_text(SELECT, "utf-8")
    command = [*LDNKG.split(), "query", "a.rq", "--format", "csv", "--home", str(ROOT)]
    ended = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **env}, capture_output=True, check=False, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == f"x\n{SIGN}\n".encode()


# --- closed and broken streams


CLOSED = ("<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full")
WORDS = {
    "query 'ASK { ?s ?p ?o }'": 0,
    "query 'ASK {'": 2,
    "query -": 2,
    "show fibromyalgia": 0,
    "explain naltrexone-is-taken-orally": 0,
    "view biolink": 0,
    "export --list": 0,
    "check --engine shacl": 0,
    "verify-source README.md": 1,
    "new claim a-claim": 2,
    "merge README.md": 2,
    "nonsense": 2,
    "--help": 0,
    "--version": 0,
}


@pytest.mark.parametrize("streams", CLOSED)
@pytest.mark.parametrize("words", WORDS)
def test_the_exit_status_tells_the_result_if_a_stream_is_closed(streams: str, words: str) -> None:
    stdin = "" if "<" in streams else "</dev/null"
    ended = subprocess.run(  # noqa: S602
        f"{LDNKG} {words} {stdin} {streams}",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == WORDS[words], ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr


def test_a_finding_is_told_by_the_exit_status_if_a_stream_is_closed(copy: Path) -> None:
    (copy / "data" / "claims" / "naltrexone-is-taken-orally.yaml").write_text("id: claim:x\n", "utf-8")
    for streams in CLOSED:
        command = f"{LDNKG} check --engine shacl {streams}"
        ended = subprocess.run(command, shell=True, cwd=copy, capture_output=True, text=True, check=False)  # noqa: S602
        assert ended.returncode == 1
        assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize("words", ["--help", "--version", "query 'ASK {}'", "query 'SELECT (1 AS ?x) {}' --format csv"])
def test_an_answer_that_cannot_be_written_is_told_by_the_exit_status(words: str) -> None:
    command = f"{LDNKG} {words} > /dev/full"
    ended = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S602
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr


def test_a_value_that_is_not_utf8_is_one_sentence(copy: Path) -> None:
    settings = "--set subject=naltrexone --set relation=actsOn --set object=x --set certainty=established"
    command = [*LDNKG.split(), "new", "claim", "a-claim", *settings.split()]
    ended = subprocess.run(command, cwd=copy, input=b"\xff\n", capture_output=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.endswith(b"ldnkg: The value of 'label' is not UTF-8 text. Write it in UTF-8.\n")


# --- escape sequences


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"TERM": "unknown"}, {"TERM": "xterm", "NO_COLOR": "1"}, {}])
@pytest.mark.parametrize(
    "words",
    [
        ["query", "claims-about"],
        ["query", "claims-about", "--explain"],
        ["show", "fibromyalgia"],
        ["check", "--engine", "shacl"],
        ["explain", "naltrexone-is-taken-orally"],
    ],
    ids=lambda words: " ".join(words),
)
def test_escape_sequences_are_written_only_to_a_terminal_that_wants_them(env: dict[str, str], words: list[str]) -> None:
    shown = show_on_terminal(words, env or {"TERM": "xterm"})
    assert ("\033" in shown) == (not env), shown


def show_on_terminal(words: list[str], env: dict[str, str]) -> str:
    """Return what the command shows on a terminal."""
    parent, child = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM"}}
    command = [*LDNKG.split(), *words, "--home", str(ROOT)]
    process = subprocess.Popen(command, stdout=child, stderr=child, env={**kept, "COLUMNS": "200", **env})
    os.close(child)
    shown = b""
    with open(parent, "rb", buffering=0) as terminal:  # noqa: PTH123
        while piece := read_terminal(terminal):
            shown += piece
    process.wait(timeout=60)
    return shown.decode()


def read_terminal(terminal: io.FileIO) -> bytes:
    try:
        return terminal.read(65536) or b""
    except OSError:  # on Linux, when the process has closed the terminal
        return b""


# --- the working folder


ARGUMENTS = {
    "query": ["ASK {}"],
    "show": ["fibromyalgia"],
    "explain": ["naltrexone-is-taken-orally"],
    "export": ["--list"],
    "view": ["biolink"],
    "merge": ["a.ttl"],
    "new": ["claim", "a-claim"],
    "verify-source": ["a.txt"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_deleted_working_folder_is_one_sentence(tmp_path: Path, command: str) -> None:
    (tmp_path / "gone").mkdir()
    code = f"import os; os.rmdir({str(tmp_path / 'gone')!r}); import sys; sys.argv[0] = 'ldnkg'"
    start = "from ldnkg.cli.main import run; run()"
    words = [sys.executable, "-P", "-c", f"{code}; {start}", command, *ARGUMENTS.get(command, [])]
    ended = subprocess.run(words, cwd=tmp_path / "gone", capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "ldnkg: The working folder is gone, no such file or directory. Change to another folder.\n"


def test_help_needs_no_working_folder(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f"rmdir {tmp_path}/gone; {sys.executable} -P -m ldnkg --help"
    ended = subprocess.run(command, shell=True, cwd=tmp_path / "gone", capture_output=True, text=True, check=False)  # noqa: S602
    assert ended.returncode == 0, ended.stderr
    assert run_process("--version", cwd=tmp_path).returncode == 0
