"""Every further format loses only what its loss statement names, and states as fact only what is established.

Each format is read back by its module in `readers/`, which knows the format and nothing of how it was made.
"""

from __future__ import annotations

import csv
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

import facts
from conftest import ROOT
from ldnkg.exports import PLAIN, Aligned, formats, known
from ldnkg.paths import Home
from ldnkg.publication import publish, read_clean

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ldnkg.publication import Reading

    Run = Callable[..., subprocess.CompletedProcess[str]]

HOME = Home(ROOT)
FORMATS = list(known(HOME))
FURTHER = [form.name for form in formats(HOME)]
STATEMENT = (HOME.ontology / "exports" / "losses.tsv").read_text("utf-8").splitlines()
LOSSES = [row for row in csv.DictReader(STATEMENT, delimiter="\t") if row["aspect"] in facts.ASPECTS]


@pytest.fixture(scope="module")
def made(aligned: Aligned) -> dict[str, dict[str, bytes]]:
    return {name: form.files(aligned) for name, form in known(HOME).items()}


def reader(name: str) -> Any:  # noqa: ANN401
    return import_module(f"readers.{'rdf' if name in PLAIN else name.replace('-', '_')}")


def test_every_format_has_its_loss_statement() -> None:
    assert {(row["format"], row["aspect"]) for row in LOSSES} == {(f, a) for f in FORMATS for a in facts.ASPECTS}
    assert len(LOSSES) == len(FORMATS) * len(facts.ASPECTS)
    assert all(row["survives"] in {"yes", "partly", "no"} and row["how"] for row in LOSSES)


@pytest.mark.parametrize("row", LOSSES, ids=lambda row: f"{row['format']} {row['aspect']}")
def test_what_is_said_to_survive_does(row: dict[str, str], made: dict[str, dict[str, bytes]], reading: Reading) -> None:
    expected = facts.facts(reading)[row["aspect"]]
    found = reader(row["format"]).facts(made[row["format"]]).get(row["aspect"], set())
    assert len(expected) > 0
    if row["survives"] == "yes":
        assert found == expected
    elif row["survives"] == "partly":
        assert set() < found < expected
    else:
        assert found == set()


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_reader_takes_for_a_fact_is_established(
    name: str, made: dict[str, dict[str, bytes]], reading: Reading
) -> None:
    taken = reader(name).taken_for_fact(made[name])
    assert taken <= facts.established(reading)
    assert bool(taken) != getattr(reader(name), "STATES_NO_FACT", False)


@pytest.mark.parametrize("name", FORMATS)
def test_each_claim_that_is_carried_states_what_the_record_states(
    name: str, made: dict[str, dict[str, bytes]], reading: Reading
) -> None:
    stated = reader(name).stated(made[name])
    assert stated
    assert stated.items() <= facts.stated(reading).items()


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_are_made_each_time(name: str, made: dict[str, dict[str, bytes]]) -> None:
    again = Aligned(publish(HOME, read_clean(HOME)))
    (form,) = formats(HOME, [name])
    assert form.files(again) == made[name]


def test_the_command_writes_every_format_that_no_build_writes(
    run: Run, tmp_path: Path, made: dict[str, dict[str, bytes]]
) -> None:
    ended = run("export", "--out", str(tmp_path), "--engine", "shacl", cwd=ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    rows = [row for row in STATEMENT if row.split("\t")[0] in {"format", *FURTHER}]
    statement = {"losses.tsv": "".join(f"{row}\n" for row in rows).encode()}
    expected: Mapping[str, bytes] = {
        k: v for files in [statement, *(made[name] for name in FURTHER)] for k, v in files.items()
    }
    written = {
        path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert written == expected


def test_one_format_can_be_asked_for(run: Run, tmp_path: Path) -> None:
    ended = run("export", "--only", "tables", "--out", str(tmp_path), "--engine", "shacl", "--quiet", cwd=ROOT)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert {path.name for path in tmp_path.iterdir()} == {"losses.tsv", "tables"}
    rows = (tmp_path / "losses.tsv").read_text("utf-8").splitlines()[1:]
    assert {row.split("\t")[0] for row in rows} == {"tables"}


def test_a_format_of_a_build_is_written_where_asked_for(
    run: Run, tmp_path: Path, made: dict[str, dict[str, bytes]]
) -> None:
    ended = run("export", "--only", "turtle", "--out", str(tmp_path), "--engine", "shacl", "--quiet", cwd=ROOT)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert {path.name for path in tmp_path.iterdir()} == {"losses.tsv", "ldn-kg.ttl"}
    assert (tmp_path / "ldn-kg.ttl").read_bytes() == made["turtle"]["ldn-kg.ttl"]
    assert set(FORMATS) - set(FURTHER) == {"jsonld", "ntriples", "rdfxml", "trig", "turtle"}


def test_the_list_says_what_each_format_keeps(run: Run) -> None:
    said = run("export", "--list", cwd=ROOT).stdout.splitlines()
    assert said[0].split() == ["format", *facts.ASPECTS]
    assert {line.split()[0] for line in said[2:]} == set(FORMATS)
    assert sum(line.split()[1:].count("yes") for line in said[2:]) == sum(row["survives"] == "yes" for row in LOSSES)
    how = run("export", "--list", "--only", "tables", cwd=ROOT).stdout
    assert all(row["how"] in how for row in LOSSES if row["format"] == "tables")


def test_the_docs_show_the_list(run: Run) -> None:
    said = [line.split() for line in run("export", "--list", cwd=ROOT).stdout.splitlines()]
    rows = ["| " + " | ".join(cells) + " |" for cells in said[2:]]
    assert "\n".join(rows) in (ROOT / "docs" / "formats.md").read_text("utf-8")


def test_an_unknown_format_is_told_with_the_near_one(run: Run, tmp_path: Path) -> None:
    ended = run("export", "--only", "table", "--out", str(tmp_path), cwd=ROOT)
    assert ended.returncode == 2
    assert ended.stderr.startswith("ldnkg: There is no format 'table'. Did you mean 'tables'? Formats: ")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_where_something_is_found(run: Run, copy: Path, tmp_path: Path) -> None:
    (copy / "data" / "claims" / "naltrexone-is-taken-orally.yaml").write_text("id: [", "utf-8")
    ended = run("export", "--out", str(tmp_path / "out"), "--engine", "shacl", cwd=copy)
    assert ended.returncode == 1
    assert "reading-yaml-broken" in ended.stdout
    assert ended.stderr.endswith("ldnkg: Nothing was written.\n")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", "utf-8")
    ended = run("export", "--out", str(tmp_path / "out"), "--engine", "shacl", cwd=ROOT)
    assert ended.returncode == 1
    assert "cannot be written" in ended.stderr
    assert (tmp_path / "out").read_text("utf-8") == "mine"
