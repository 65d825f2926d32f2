"""The command line: what each command prints, and its exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

QUESTION = "drug-receptor-mechanism-condition-citation"
GROUPS = {
    "Ask the graph": ["query", "show", "explain"],
    "Load it into other tools": ["export", "view", "nanopubs", "merge"],
    "Curate it": ["new", "check", "verify-source", "build"],
    "Serve it": ["serve"],
}
COMMANDS = [name for names in GROUPS.values() for name in names]
HEAVY = {"pyoxigraph", "rdflib", "pyshacl", "yaml", "rich", "jinja2", "readline", "dataclasses"}
ENV = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}


def test_help_names_every_command_and_the_exit_statuses(run: Run) -> None:
    ended = run("--help")
    assert ended.returncode == 0
    assert [name for name in COMMANDS if f"\n    {name}" not in ended.stdout] == []
    assert re.search(r"Exit\s+status:\s+0", ended.stdout)


def test_help_lists_the_commands_by_what_the_reader_wants(run: Run) -> None:
    listed = run("--help").stdout.partition("commands:")[2]
    blocks = dict(re.findall(r"^  (\S.*):\n((?:    .*\n)+)", listed, re.MULTILINE))
    assert {heading: re.findall(r"^    (\S+)", block, re.MULTILINE) for heading, block in blocks.items()} == GROUPS


@pytest.mark.parametrize("words", [[], ["query"]], ids=["all commands", "query"])
def test_the_parser_imports_nothing_heavy(words: list[str]) -> None:
    code = f"import sys; from ldnkg.cli.main import make_parser; make_parser({words}); print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=ENV, capture_output=True, text=True, check=True, timeout=60
    )
    assert "ldnkg.cli.query" in ended.stdout
    assert HEAVY & set(ended.stdout.split()) == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example(run: Run, command: str) -> None:
    ended = run(command, "--help")
    assert ended.returncode == 0
    assert f"Example: ldnkg {command} " in ended.stdout.replace("\n", " ").replace("  ", " ")


def test_version(run: Run) -> None:
    assert run("--version").stdout == "ldnkg 0.1.0\n"


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["show"], ["query"], ["query", "ASK {}", "--format", "yaml"], ["build", "--nonsense"]],
)
def test_wrong_use_exits_with_2_and_the_usage(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert "usage: ldnkg" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], f"ldnkg: no command was given. To ask a first question, run `ldnkg query {QUESTION}`."),
        (["chek"], "there is no command 'chek'. Did you mean 'check'? `ldnkg --help` lists the commands."),
        (["-q", "chek"], "there is no command 'chek'. Did you mean 'check'? `ldnkg --help` lists the commands."),
        (["build", "--ouut", "x"], "there is no option '--ouut'. Did you mean '--out'? `ldnkg build --help` lists"),
        (["check", "--wotch=1"], "there is no option '--wotch'. Did you mean '--watch'? `ldnkg check --help` lists"),
        (["explain", "a", "b"], "'b' is one argument too many. `ldnkg explain --help` lists the arguments."),
        (["new", "claim"], "the following arguments are required: SLUG"),
        (["new", "regimen", "x"], "invalid choice: 'regimen'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_explained(run: Run, arguments: list[str], words: str) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert words in ended.stderr.splitlines()[-1]


# --- build and check


def test_build_writes_the_files_and_prints_their_counts(
    run: Run, tmp_path: Path, files: dict[str, bytes], levels: Counter[str]
) -> None:
    ended = run("build", "--home", ROOT, "--out", tmp_path / "out")
    assert ended.returncode == 0, ended.stderr
    assert read_all(tmp_path / "out") == files
    table = dict(re.findall(r"^(\S.*?)  +(\S.*)$", ended.stdout, re.MULTILINE))
    assert {level: int(table[f"claims, {level}"]) for level in levels} == levels
    assert int(table["type Claim"]) == levels.total()
    assert (table["claims of sources"], table["claims of curators"]) == ("48", "14")
    assert (table["claims of sources, hypothesised"], table["claims of curators, hypothesised"]) == ("13", "14")
    assert (table["type Sentence"], table["type Mechanism"], table["type CitedWork"]) == ("25", "3", "3")
    assert table["triples"] == f"{len(files['ldn-kg.nt'].splitlines()):,}"
    for name, content in files.items():
        assert table[f"out/{name}"] == f"{len(content):,} bytes"
    assert re.search(r"^No findings: \d+ rules on \d+ nodes, [\d,]+ evaluations\.$", ended.stdout, re.MULTILINE)
    assert "\033" not in ended.stdout, "colour in a pipe"
    assert ended.stderr == "", "progress in a pipe"


@pytest.mark.usefixtures("_made_before")
def test_quiet_prints_nothing(run: Run, tmp_path: Path) -> None:
    for arguments in (["build", "--out", tmp_path / "out"], ["check"]):
        ended = run(*arguments, "--home", ROOT, "--quiet")
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_progress_and_colour_on_a_terminal(copy: Path) -> None:
    _spoil(copy)
    check = ["check", "--engine", "shacl", "--home", str(copy)]
    shown = _on_a_terminal(check)
    assert "\033[31mclaim-label-missing\033[0m" in shown
    assert "reading the records" in shown or "checking the graph" in shown
    assert "\033[31m" not in _on_a_terminal(check, NO_COLOR="1")


def test_a_table_fits_the_terminal() -> None:
    asked = ["query", "mechanism-steps", "--home", str(ROOT), "--quiet"]
    wide = _on_a_terminal(asked, COLUMNS="200")
    assert "┃" in wide
    assert max(map(len, re.sub(r"\033\[\d*m", "", wide).splitlines())) <= 200
    narrow = re.sub(r"\033\[\d*m", "", _on_a_terminal(asked, COLUMNS="80"))
    assert "┃" not in narrow
    assert "object     Toll-like receptor 4" in narrow
    assert narrow.count("\nposition") + narrow.startswith("position") == 3
    assert max(map(len, narrow.splitlines())) <= 80


@pytest.mark.parametrize("columns", [40, 70, 110, 150])
def test_an_identifier_in_a_table_is_whole(columns: int) -> None:
    """It can be copied: in a narrow terminal, only other columns are wrapped, or rows are printed as lines."""
    shown = _on_a_terminal(["query", "claims-about", "--home", str(ROOT), "--quiet"], COLUMNS=str(columns))
    assert "claim:low-dose-naltrexone-is-studied-in-fibromyalgia" in shown
    assert ("┃" in shown) == (columns > 120)
    lines = re.sub(r"\033\[\d*m", "", shown).splitlines()
    assert columns < 70 or max(map(len, lines)) <= columns


def _on_a_terminal(arguments: list[str], **env: str) -> str:
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ldnkg", *arguments],
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm", **env},
    )
    os.close(child)
    shown = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(parent)
    process.wait(timeout=60)
    return shown.decode()


def _spoil(copy: Path) -> Path:
    claim = copy / "data" / "claims" / "naltrexone-is-taken-orally.yaml"
    claim.write_text(
        "".join(line for line in claim.read_text("utf-8").splitlines(True) if not line.startswith("label:")), "utf-8"
    )
    return claim


def test_check_prints_file_line_record_rule_and_what_to_do(start: Run, copy: Path) -> None:
    _spoil(copy)
    ended = start("check", cwd=copy)
    assert ended.returncode == 1
    name = "naltrexone-is-taken-orally"
    finding = "claim-label-missing: The claim has no label. Add `label:` with one sentence"
    assert ended.stdout.startswith(f"data/claims/{name}.yaml:2: claim:{name}: {finding}")
    assert re.match(r"1 finding: \d+ rules on \d+ nodes, \d+ evaluations by pyshacl\.$", ended.stderr.strip())


def test_check_of_a_path_prints_only_findings_in_it(run: Run, copy: Path) -> None:
    spoilt = _spoil(copy)
    other = copy / "data" / "claims" / "naltrexone-is-an-opioid-antagonist.yaml"
    assert run("check", spoilt, "--home", copy).returncode == 1
    assert run("check", copy / "data" / "claims", "--home", copy).returncode == 1
    ended = run("check", other, "--home", copy)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_check_of_a_draft_outside_the_publication(run: Run, tmp_path: Path) -> None:
    draft = tmp_path / "claims" / "a-draft.yaml"
    draft.parent.mkdir()
    draft.write_text("id: claim:a-draft\ntype: Claim\nlabel: A draft\nsubject: naltrexnoe\n", "utf-8")
    ended = run("check", draft, "--home", ROOT)
    assert ended.returncode == 1
    finding = "`subject:` names `naltrexnoe`, which is not defined."
    assert f"claims/a-draft.yaml:4: claim:a-draft: reading-name-unknown: {finding}" in ended.stdout


def test_check_of_a_missing_file(run: Run) -> None:
    ended = run("check", "nowhere.yaml", "--home", ROOT)
    assert ended.returncode == 2
    assert ended.stderr == "ldnkg: nowhere.yaml: there is no such file or folder.\n"


def test_build_with_findings_writes_nothing(run: Run, copy: Path, tmp_path: Path) -> None:
    _spoil(copy)
    out = tmp_path / "out"
    out.mkdir()
    (out / "ldn-kg.ttl").write_text("what stood here before")
    ended = run("build", "--home", copy, "--out", out)
    assert ended.returncode == 1
    assert "claim-label-missing" in ended.stdout
    assert "Nothing was written." in ended.stderr
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("ldn-kg.ttl", "what stood here before")]


# --- show and explain


def test_show_prints_statement_certainty_place_and_citations(run: Run) -> None:
    shown = run("show", "low-dose-naltrexone-is-associated-with-improved-mood", "--home", ROOT).stdout
    for words in (
        "low-dose naltrexone · associated with improved · mood",
        "1 to 5 mg/d",
        "supported",
        "sentence 21 (",
        "characters 1916 to 2195",
        "Pain Physician",
        "hypothesised, curator inference",
    ):
        assert words in shown


def test_show_reports_that_no_work_is_cited(run: Run) -> None:
    shown = run("show", "claim:low-dose-naltrexone-antagonises-tlr4", "--home", ROOT).stdout
    assert "hypothesised" in shown
    assert "the article does not say which of its references supports this" in shown


def test_show_of_an_unknown_claim_suggests_similar_ones(run: Run) -> None:
    ended = run("show", "naltrexone-is-taken-oraly", "--home", ROOT)
    assert ended.returncode == 2
    assert "Did you mean claim:naltrexone-is-taken-orally" in ended.stderr


def test_explain_prints_the_records_that_use_a_claim(run: Run) -> None:
    shown = run("explain", "low-dose-naltrexone-antagonises-tlr4", "--home", ROOT).stdout
    assert "tlr4-antagonism-inhibits-cytokine-production" in shown
    assert "mechanism:tlr4-antagonism#step-1" in shown
    assert "characters 820 to 838, with the word 'thought'" in shown
    assert "thought or supposed" in shown


@pytest.mark.parametrize("claim", sorted(path.stem for path in (ROOT / "data" / "claims").iterdir()))
def test_every_claim_can_be_explained(claim: str, capsys: pytest.CaptureFixture[str]) -> None:
    from ldnkg.cli.main import main

    assert main(["explain", claim, "--home", str(ROOT)]) == 0
    assert f"claim:{claim}" in capsys.readouterr().out


# --- query


def test_query_takes_a_name_a_file_or_sparql(run: Run) -> None:
    path = ROOT / "queries" / "mechanisms" / f"{QUESTION}.rq"
    answers = {run("query", asked, "--home", ROOT).stdout for asked in (QUESTION, path, path.read_text("utf-8"))}
    assert len(answers) == 1
    assert "Toll-like receptor 4" in answers.pop()


def test_query_formats(run: Run) -> None:
    table = list(csv.DictReader(io.StringIO(run("query", QUESTION, "--format", "csv", "--home", ROOT).stdout)))
    bindings = json.loads(run("query", QUESTION, "--format", "json", "--home", ROOT).stdout)["results"]["bindings"]
    assert [row["mechanism"] for row in table] == [row["mechanism"]["value"] for row in bindings]
    assert len(table) == 3
    turtle = run(
        "query",
        "DESCRIBE <https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally>",
        "--format",
        "ttl",
        "--home",
        ROOT,
    ).stdout
    assert len(list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))) > 5


def test_the_first_question_has_the_rows_written_by_hand(run: Run) -> None:
    with (ROOT / "tests" / "data" / "answers" / "questions" / f"{QUESTION}.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        expected = list(csv.reader(file))
    answer = list(csv.reader(io.StringIO(run("query", QUESTION, "--format", "csv", "--home", ROOT).stdout)))
    assert answer[0] == expected[0]
    assert sorted(answer[1:]) == sorted(expected[1:])


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("ASK { ?s ?p ?o }", 0, "yes"),
        ("ASK { <x:a> <x:b> <x:c> }", 0, "no"),
        ("SELECT ?s { ?s <x:b> <x:c> }", 0, "No rows: the graph has no answer."),
        ("SELECT ?s {", 2, "SPARQL syntax error at line 1, column 11: the `{` at line 1, column 11 is not closed."),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", 2, "`INSERT` does not begin a query."),
        ("DELETE WHERE { ?s ?p ?o }", 2, "`DELETE` does not begin a query."),
        ("drug-receptor-mechanism", 2, f"Did you mean '{QUESTION}' or "),
        ("nowhere.rq", 2, "nowhere.rq: cannot be read, no such file or directory."),
    ],
)
def test_query_answers_and_refusals(run: Run, asked: str, status: int, words: str) -> None:
    ended = run("query", asked, "--home", ROOT)
    assert ended.returncode == status
    assert words in ended.stdout + ended.stderr


def test_query_predeclares_prefixes_and_refuses_service(run: Run) -> None:
    known = run(
        "query", "SELECT ?o { claim:naltrexone-is-taken-orally rdf:object ?o }", "--format", "csv", "--home", ROOT
    )
    assert known.stdout == "o\nhttp://purl.obolibrary.org/obo/NCIT_C38288\n"
    refused = run("query", "SELECT * { service <http://localhost:1/> { ?s ?p ?o } }", "--home", ROOT)
    assert refused.returncode == 2
    assert "SERVICE queries another endpoint" in refused.stderr
    named = run("query", "SELECT * { ?s rdfs:label 'service'@en # SERVICE\n}", "--home", ROOT)
    assert named.returncode == 0


def test_sparql_without_braces_is_a_syntax_error(run: Run) -> None:
    ended = run("query", "SELECT ?x WHERE ?x ?y ?z", "--home", ROOT)
    assert ended.returncode == 2
    assert "SPARQL syntax error at line 1, column 17: expected `{` before `?x`." in ended.stderr


def test_a_locale_without_a_letter_prints_a_similar_one(start: Run) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = start("show", "naltrexone-is-taken-orally", "--home", ROOT, **env)
    assert ended.returncode == 0, ended.stderr
    assert "naltrexone * taken by" in ended.stdout


def test_an_answer_that_cannot_be_written_is_one_sentence() -> None:
    command = f"{sys.executable} -m ldnkg show naltrexone-is-taken-orally --home {ROOT} > /dev/full"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=60)  # noqa: S602
    assert ended.returncode == 1
    assert ended.stderr == "ldnkg: the answer cannot be written, no space left on device.\n"


def test_common_options_may_precede_the_command(run: Run) -> None:
    for arguments in (
        ["--home", ROOT, "-q", "check"],
        ["check", "-q", "--home", ROOT],
        ["-q", "check", "--home", ROOT],
    ):
        ended = run(*arguments)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "name", ["data/claims/naltrexone-is-taken-orally.yaml", "https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally"]
)
def test_show_takes_a_file_or_an_iri(run: Run, name: str) -> None:
    assert "claim:naltrexone-is-taken-orally" in run("show", name, "--home", ROOT).stdout


def test_show_prints_the_dose_for_a_claim_about_a_claim(run: Run) -> None:
    assert "1 to 5 mg/d" in run("show", "mechanism-of-analgesia-is-unclear", "--home", ROOT).stdout


def test_query_before_anything_is_built(run: Run, copy: Path) -> None:
    ended = run("query", "ASK { ?s ?p ?o }", "--home", copy)
    assert ended.returncode == 2
    assert "nothing is built yet. Run `ldnkg build` first." in ended.stderr


@pytest.fixture
def built(copy: Path, files: dict[str, bytes]) -> Path:
    """A copy of the publication with its graph."""
    (copy / "dist").mkdir()
    (copy / "dist" / "ldn-kg.ttl").write_bytes(files["ldn-kg.ttl"])
    return copy


def test_query_warns_if_the_data_are_newer_than_the_graph(run: Run, built: Path) -> None:
    assert run("query", "ASK { ?s ?p ?o }", "--home", built).stderr == ""
    claim = built / "data" / "claims" / "naltrexone-is-taken-orally.yaml"
    later = (built / "dist" / "ldn-kg.ttl").stat().st_mtime + 60
    os.utime(claim, (later, later))
    ended = run("query", "ASK { ?s ?p ?o }", "--home", built)
    assert ended.returncode == 0
    assert "copy/data/claims/naltrexone-is-taken-orally.yaml is newer than the built graph" in ended.stderr


def test_query_ignores_a_dangling_link(run: Run, built: Path) -> None:
    (built / "data" / "claims" / "nowhere.yaml").symlink_to("nothing")
    ended = run("query", "ASK { ?s ?p ?o }", "--home", built)
    assert (ended.returncode, ended.stdout) == (0, "yes\n"), ended.stderr


def test_a_closed_pipe_ends_quietly() -> None:
    query = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 100000"
    command = f"{sys.executable} -m ldnkg query '{query}' --format csv --home {ROOT} | head -n 1"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=60)  # noqa: S602
    assert ended.stdout.count("\n") == 1
    assert ended.stderr == ""


def test_verify_source_exits_with_1_for_another_text(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Another text.", "utf-8")
    ended = run("verify-source", other, "--home", ROOT)
    assert ended.returncode == 1
    assert "source:naltrexone-to-treat-pain#s06" in ended.stdout
    assert run("verify-source", tmp_path / "nowhere.txt", "--home", ROOT).returncode == 2
