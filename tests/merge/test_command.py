"""The command `ldnkg merge`, and the output of it that the guide shows."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, TypeAlias, get_args

import pytest

from ldnkg.cli import main as cli
from ldnkg.merge.conflicts import Kind
from ldnkg.merge.inputs import YAML_EXTENSIONS as YAML
from ldnkg.merge.readers.rdf import FORMATS
from support.merging import BIOLINK, EXTRACTS, LABEL, NALTREXONE, PATHS, write_file
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run: TypeAlias = "Callable[..., subprocess.CompletedProcess[str]]"


WRITTEN = {"merged.nq", "merged.trig", "report.html", "report.json", "report.tsv"}


def test_the_command_writes_the_merged_graph_and_the_report(run: Run, tmp_path: Path) -> None:
    before = read_all(EXTRACTS)
    ended = run("merge", PATHS, BIOLINK, "--out", tmp_path / "out", "--format", "json", "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == WRITTEN
    assert (tmp_path / "out" / "report.json").read_text("utf-8") == ended.stdout
    assert read_all(EXTRACTS) == before


def test_without_an_output_folder_nothing_is_written(run: Run, tmp_path: Path) -> None:
    ended = run("merge", PATHS, "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("summary ")
    headings = re.findall(r"^(.+) \(\d+(?: in \d+ rows?)?\)$", ended.stdout, re.MULTILINE)
    assert headings[0] == "If refused identifiers were corrected (hypothetical)"
    assert headings[-2:] == ["Refused identifiers and links", "New statements about our entities"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["json", "html", "tsv"])
def test_each_format_is_printed_as_it_is_written(name: str, run: Run, tmp_path: Path) -> None:
    ended = run("merge", BIOLINK, "--out", tmp_path / "out", "--format", name, "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "out" / f"report.{name}").read_bytes() == ended.stdout.encode()


@pytest.mark.parametrize("name", ["text", "json", "html", "tsv"])
def test_the_order_of_the_sources_makes_no_difference(name: str, run: Run, tmp_path: Path) -> None:
    text = f'<{NALTREXONE}> {LABEL} "antaxone" .\n'
    same = [write_file(tmp_path, f"{letter}.nt", text) for letter in "ab"]
    first, second = (
        run("merge", *sources, "--format", name, "--home", ROOT).stdout
        for sources in ([*same, BIOLINK, PATHS], [PATHS, BIOLINK, *reversed(same)])
    )
    assert first == second
    assert "a.nt" in first
    assert "b.nt" not in first


def test_the_text_report_has_twenty_rows_of_each_table(run: Run, tmp_path: Path) -> None:
    treats = "<https://w3id.org/biolink/vocab/treats>"
    lines = [f"<{NALTREXONE}> {treats} <http://example.org/{number:02}> .\n" for number in range(23)]
    ended = run("merge", write_file(tmp_path, "a.nt", "".join(lines)), "--home", ROOT)
    assert [f"http://example.org/{number:02} " in ended.stdout for number in range(23)] == [True] * 20 + [False] * 3
    assert ended.stdout.endswith("\n... and 3 more. Use --format html, tsv or json to see all.\n")


def test_the_rows_of_all_kinds_together_are_limited(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ldnkg.cli.merge.MAX_ROWS", 3)
    printed = run("merge", BIOLINK, "--home", ROOT).stdout.partition("\nAgreement (")[0]
    assert printed.count("\nLDN-KG says ") == 3
    assert printed.endswith(
        "our claim is about a regimen.\n... and 1 more. Use --format html, tsv or json to see all.\n"
    )


def test_sentences_of_the_report_fit_into_120_columns(run: Run) -> None:
    lines = (
        run("merge", BIOLINK, PATHS, "--home", ROOT)
        .stdout.partition("\nNew statements about our entities (")[0]
        .splitlines()
    )
    sentences = [line for line in lines if line.startswith(("source says ", "LDN-KG says ", "difference ", " " * 13))]
    assert len(sentences) > 30
    assert max(map(len, sentences)) <= 120


def test_a_missing_source_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["merge"])
    assert ended.value.code == 2
    assert "SOURCE" in capsys.readouterr().err


def test_an_output_folder_that_is_a_file_is_unchanged(run: Run, tmp_path: Path) -> None:
    out = write_file(tmp_path, "out", "mine")
    ended = run("merge", PATHS, "--out", out, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "cannot be written" in ended.stderr
    assert out.read_text("utf-8") == "mine"


def test_no_input_is_overwritten(run: Run, tmp_path: Path) -> None:
    path = write_file(tmp_path, "merged.nq", "<http://e.org/a> <http://e.org/b> <http://e.org/c> .\n")
    ended = run("merge", path, "--out", tmp_path, "--home", ROOT)
    assert ended.returncode == 2
    assert "the file is an input and would be overwritten" in ended.stderr
    assert read_all(tmp_path) == {"merged.nq": b"<http://e.org/a> <http://e.org/b> <http://e.org/c> .\n"}


def test_labels_of_sources_cannot_control_the_terminal(run: Run, tmp_path: Path) -> None:
    control = "".join(map(chr, range(1, 32)))
    text = "".join(f"\\u{ord(char):04X}" for char in control)
    path = write_file(tmp_path, "a.nt", f'<{NALTREXONE}> {LABEL} "{text}" .\n')
    ended = run("merge", path, "--out", tmp_path / "out", "--home", ROOT)
    assert ended.returncode == 0
    assert ended.stdout.replace("\n", "").isprintable()
    (row,) = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))["labels"]
    assert row["source_label"] == control


@pytest.mark.parametrize("name", ["text", "json", "html", "tsv"])
def test_the_name_of_a_file_may_be_any_bytes(name: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\x1b[31m<b>.nt")
    path.write_bytes(f'<{NALTREXONE}> {LABEL} "antaxone" .\n'.encode())
    ended = run("merge", path, "--out", tmp_path / "out", "--format", name, "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.search(r"\\+udcff\\+x1b\[31m(<|&lt;)b(>|&gt;)\.nt", ended.stdout)
    assert ended.stdout.isascii()


GUIDE = (ROOT / "docs" / "import" / "merging.md").read_text("utf-8")


def test_the_guide_shows_the_output(run: Run, tmp_path: Path) -> None:
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    source, command, report, query, rows = (text for _, text in blocks[:5])
    write_file(tmp_path, "source.ttl", source)
    ended = run(*shlex.split(command)[1:], "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (0, report)
    assert {path.name for path in (tmp_path / "merged").iterdir()} == WRITTEN
    queried = subprocess.run([sys.executable, "-c", query], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert queried.stdout == rows


def test_the_guide_names_every_file_extension_and_every_kind_of_conflict() -> None:
    assert [kind for kind in get_args(Kind) if f"\n| {kind} |" not in GUIDE] == []
    assert len(get_args(Kind)) == 8
    extensions = [*FORMATS, *YAML, ".jsonl", ".tsv"]
    assert [extension for extension in extensions if f"{extension}`" not in GUIDE] == []
