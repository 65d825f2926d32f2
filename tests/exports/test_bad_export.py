"""Errors of `ldnkg export` name the location of bad input, and no file is written in part."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.exports import fidelity
from ldnkg.exports.kgx import writer as kgx
from ldnkg.exports.nanopubs import writer as nanopubs
from ldnkg.exports.registry import choose_formats
from ldnkg.exports.tables import writer as tables
from ldnkg.exports.tabular import read_description
from ldnkg.records.yaml_reader import ReadError, parse_record
from support.cli import run_limited
from support.edits import CLAIM, NAME, edit
from support.paths import read_all

if TYPE_CHECKING:
    import subprocess

    from ldnkg.publication.combined import CombinedGraph

    Run = Callable[..., subprocess.CompletedProcess[str]]
    Change = Callable[[Path], object]

LABEL = "label: Naltrexone, unlike naloxone, is taken by mouth"
JUNK = "some junk in a line\n" * 1_000_000


def write(name: str, text: str) -> Change:
    return lambda home: (home / name).write_text(text, "utf-8")


def below(folder: str, name: str) -> Change:
    def change(home: Path) -> None:
        (home / folder).mkdir()
        (home / folder / name).write_text("mine", "utf-8")

    return change


def folder_for(name: str) -> Change:
    def change(home: Path) -> None:
        (home / name).unlink(missing_ok=True)
        (home / name).mkdir(parents=True)

    return change


def called(slug: str) -> Change:
    def change(home: Path) -> None:
        (home / CLAIM).rename(home / f"data/claims/{slug}.yaml")
        for path in (home / "data").rglob("*.yaml"):
            path.write_text(path.read_text("utf-8").replace(f"claim:{NAME}", f"claim:{slug}"), "utf-8")

    return change


def twice(home: Path) -> None:
    """Repeat a term of the table under another slug."""
    rows = (home / "data" / "terms.tsv").read_text("utf-8").splitlines()
    again = rows[-1].replace("\t", "-again\t", 1)
    (home / "data" / "terms.tsv").write_text("\n".join([*rows, again, ""]), "utf-8")


# The edit of the publication, the exit status of the command, and the start of its message.
BAD: dict[str, tuple[Change, int, str]] = {
    "a tab in a label": (
        edit(LABEL, 'label: "Taken\\tby mouth"'),
        1,
        f"{CLAIM}:4: this file: reading-text-line-break",
    ),
    "a line end in a label": (
        edit(LABEL, 'label: "Taken\\nby mouth"'),
        1,
        f"{CLAIM}:4: this file: reading-text-line-break",
    ),
    "a line end after a label": (
        edit(LABEL, "label: |\n  Taken by mouth"),
        1,
        f"{CLAIM}:4: this file: reading-text-line-break",
    ),
    "a claim with the name of the index": (
        called("index"),
        1,
        "data/claims/index.yaml:2: claim:index: reading-id-reserved: ",
    ),
    "a claim with the name of the file of all": (
        called("all"),
        1,
        "data/claims/all.yaml:2: claim:all: reading-id-reserved: ",
    ),
    "an identifier twice": (twice, 1, "data/terms.tsv:30: "),
    "an identifier with a space": (
        edit("CHEBI:7465", "CHEBI:74 65", "data/terms.tsv"),
        1,
        "data/terms.tsv:20: CHEBI:74 65: ",
    ),
    "a line separator": (edit(LABEL, 'label: "Taken\\u2028by mouth"'), 1, f"{CLAIM}:4: "),
    "a million lines of junk as a record": (write("data/claims/junk.yaml", JUNK), 1, "data/claims/junk.yaml:1: "),
    "a million lines of junk as a table": (write("data/terms.tsv", JUNK), 1, "data/terms.tsv:1: "),
}
# Obstacles in the output folder. The folder is not part of the sources, so these cases need no new build.
OBSTACLES: dict[str, tuple[Change, int, str]] = {
    "a folder instead of a file": (
        folder_for("out/kgx/ldn-kg_edges.tsv"),
        1,
        "out/kgx/ldn-kg_edges.tsv: cannot be written, is a directory. Nothing there was changed.",
    ),
    "a file instead of a folder": (
        below("out", "kgx"),
        1,
        "out/kgx: cannot be written, not a directory. Nothing there was changed.",
    ),
    "a folder instead of the list of checksums": (
        folder_for("out/SHA256SUMS.export"),
        1,
        "out/SHA256SUMS.export: cannot be written, is a directory.",
    ),
    "a file instead of the output folder": (write("out", "mine"), 1, "out: cannot be written, file exists."),
}


EXPORT = ("export", "--engine", "shacl", "--quiet", "--out", "out")


def run_with_little_memory(home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process with at most 3 GB of address space."""
    return run_limited("RLIMIT_AS", 3 << 30, *EXPORT, cwd=home)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_reported_with_its_location_and_nothing_is_written(name: str, run: Run, copy: Path) -> None:
    assert_refused(BAD[name], run_with_little_memory if "junk" in name else lambda home: run(*EXPORT, cwd=home), copy)


@pytest.mark.parametrize("name", OBSTACLES)
def test_an_obstacle_in_the_output_folder_is_reported_and_nothing_is_written(
    name: str, run: Run, copy: Path, monkeypatch: pytest.MonkeyPatch, files_by_format: dict[str, dict[str, bytes]]
) -> None:
    made = {file: content for form in choose_formats() for file, content in files_by_format[form.name].items()}
    monkeypatch.setattr("ldnkg.exports.registry.make_all_files", lambda *_: made)
    assert_refused(OBSTACLES[name], lambda home: run(*EXPORT, cwd=home), copy)


def assert_refused(
    case: tuple[Change, int, str], export: Callable[[Path], subprocess.CompletedProcess[str]], copy: Path
) -> None:
    spoil, status, message = case
    spoil(copy)
    before = read_all(copy)
    ended = export(copy)
    assert ended.returncode == status, ended.stderr
    messages = [line.removeprefix("ldnkg: ") for line in (ended.stdout + ended.stderr).splitlines()]
    assert len([line for line in messages if line.startswith(message)]) == 1, messages[:9]
    assert len(messages) <= 100 + 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert read_all(copy) == before


# The function that reads the folder of a format, the folder, the edit of its copy, and the start of the message.
Make = Callable[["CombinedGraph", Path], object]
BROKEN: dict[str, tuple[Make, Path, Change, str]] = {
    "no description": (
        kgx.make_files,
        kgx.FOLDER,
        folder_for("csv-metadata.json"),
        "csv-metadata.json: cannot be read, is a directory.",
    ),
    "a broken description": (
        kgx.make_files,
        kgx.FOLDER,
        write("csv-metadata.json", "{"),
        "csv-metadata.json:1: is not JSON",
    ),
    "a description of nothing": (
        kgx.make_files,
        kgx.FOLDER,
        write("csv-metadata.json", "[]"),
        "csv-metadata.json: describes no tables.",
    ),
    "a broken query": (tables.make_files, tables.FOLDER, write("claims.rq", "SELECT"), "claims.rq:1: cannot"),
    "a folder for a query": (nanopubs.make_files, nanopubs.FOLDER, folder_for("index.rq"), "index.rq: cannot be"),
    "a broken head": (nanopubs.make_files, nanopubs.FOLDER, write("head.trig", "<"), "head.trig:1: cannot be"),
    "a broken loss statement": (
        lambda _, folder: fidelity.read_losses([], folder),
        fidelity.FOLDER,
        write("losses.tsv", "a\tb\n"),
        "losses.tsv:1: the loss",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_of_a_format_is_reported_with_its_location(
    name: str, aligned: CombinedGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, folder, spoil, message = BROKEN[name]
    spoil(shutil.copytree(folder, tmp_path / "copy"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LdnkgError) as raised:
        make(aligned, tmp_path / "copy")
    assert raised.value.status == 2
    assert str(raised.value).startswith(f"copy/{message}")
    assert "\n" not in str(raised.value)


LONG = "x" * 300


@pytest.mark.usefixtures("_made_before")
@pytest.mark.parametrize(
    ("out", "message"),
    [
        (LONG, f"{LONG}: cannot be written, file name too long. Nothing there was changed."),
        ("out/" + LONG, f"out/{LONG}: cannot be written, file name too long. Nothing there was changed."),
        ("pyproject.toml/out", "pyproject.toml: cannot be written, not a directory. Nothing there was changed."),
    ],
    ids=["too long", "too long below", "below a file"],
)
def test_an_obstacle_to_the_output_folder_is_named(out: str, message: str, run: Run, copy: Path) -> None:
    (copy / "pyproject.toml").write_text("", "utf-8")
    for command in (["export", "--only", "turtle", "--engine", "shacl"], ["build"]):
        ended = run(*command, "--out", out, "--quiet", cwd=copy)
        assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", f"ldnkg: {message}\n")


def test_a_name_that_is_too_long_for_the_disk_is_reported_on_standard_error(start: Run, copy: Path) -> None:
    ended = start("check", "--home", LONG, cwd=copy)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"ldnkg: {LONG}/ontology/context.jsonld: cannot be used, file name too long.\n"


KEY = "nanopubs --sign-with"
SHOWN = {"check": "PATH", "merge": "SOURCE", "verify-source": "FILE"}
EMPTY = [
    *("build --out", "export --out", "nanopubs --out", "merge dist --out", "export --list --home", KEY),
    *("check", "merge", "verify-source", "explain naltrexone-is-taken-orally --article", "serve --files"),
]


@pytest.mark.parametrize("command", EMPTY)
def test_an_empty_name_is_refused(command: str, run: Run, copy: Path) -> None:
    """An unset shell variable gives an empty name, which must not write to the working folder."""
    before = read_all(copy)
    ended = run(*command.split(), "", cwd=copy)
    assert (ended.returncode, ended.stdout) == (2, "")
    named = command.split()[-1]
    assert ended.stderr.splitlines()[-1] == (
        f"ldnkg {command.split()[0]}: error: argument {SHOWN.get(named, named)}: the name is empty. "
        "Give a name, or check that the shell variable is set."
    )
    assert read_all(copy) == before


def test_control_characters_are_refused_when_a_record_is_read() -> None:
    """A tab and a line end are allowed; the formats that cannot contain them report them."""
    for code in {*range(32), *range(127, 160)} - {9, 10}:
        with pytest.raises(ReadError) as found:
            parse_record(f'id: a\nlabel: "a\\x{code:02x}b"')
        assert (found.value.rule, found.value.line) == ("character-invisible", 2)


# Characters with a meaning in some format, which each format must return unchanged.
SIGNS = "a \"b\" 'c' \\d | {e} $f `g` <h> & i, j: [k] #l \\n \\\" ''"


def test_characters_with_a_meaning_in_a_format_are_read_back_unchanged(run: Run, copy: Path) -> None:
    import csv

    import networkx

    label = "'" + SIGNS.replace("'", "''") + "'"
    edit(LABEL, f"label: {label}")(copy)
    assert run(*EXPORT, cwd=copy).returncode == 0
    out = copy / "out"
    node = next(one for one in json.loads((out / "property-graph/ldn-kg.cx2").read_text("utf-8")) if "nodes" in one)
    assert SIGNS in [held["v"].get("name") for held in node["nodes"]]
    graph = networkx.read_graphml(out / "property-graph/ldn-kg.graphml", force_multigraph=True)
    assert SIGNS in [held.get("name") for _, held in graph.nodes(data=True)]
    for name in ("tables/claims.csv", "property-graph/nodes.csv"):
        with (out / name).open(newline="", encoding="utf-8") as file:
            assert [row for row in csv.reader(file) if SIGNS in row], name
    rows = [line.split("\t") for line in (out / "kgx/ldn-kg_edges.tsv").read_text("utf-8").splitlines()]
    assert len({len(row) for row in rows}) == 1
    assert [row for row in rows if SIGNS in row]
    lines = (out / "kgx/ldn-kg_edges.jsonl").read_text("utf-8").splitlines()
    assert [line for line in lines if SIGNS in json.loads(line).values()]


def test_every_csvw_description_has_tables() -> None:
    folders = [path.parent for path in fidelity.FOLDER.glob("*/csv-metadata.json")]
    assert len(folders) == 3
    assert all(read_description(folder)["tables"] for folder in folders)
