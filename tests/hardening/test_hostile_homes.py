"""A home with pipes, devices, huge files, links to elsewhere or unprintable names gives one sentence and no hang."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from support.cli import run_limited

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Plant = Callable[[Path], object]

RECORD = "data/claims/planted.yaml"
CHECK = ("check", "--engine", "shacl", "-q")
QUERY = ("query", "ASK {}")
LEAVES = "a link that leaves the publication"
IRREGULAR = "not a regular file"


def bind(path: Path) -> None:
    """Make a socket; its address may only be short, so it is relative."""
    with socket.socket(socket.AF_UNIX) as made:
        before = os.open(".", os.O_RDONLY)
        os.chdir(path.parent)
        made.bind(path.name)
        os.fchdir(before)
        os.close(before)


def fill(size: int) -> Plant:
    return lambda path: path.write_bytes(b"#" * size)


def link(target: str) -> Plant:
    return lambda path: path.symlink_to(target)


def write_name(name: bytes) -> Plant:
    return lambda path: open(os.path.join(os.fsencode(path.parent), name), "wb").close()  # noqa: PTH118, PTH123


# What is planted, where, the command, and words of its answer.
PLANTED: dict[str, tuple[str, Plant, tuple[str, ...], str]] = {
    "a pipe as a record": (RECORD, os.mkfifo, CHECK, IRREGULAR),
    "a socket as a record": (RECORD, bind, CHECK, "cannot be opened"),
    "a huge record": (RECORD, fill((1 << 20) + 1), CHECK, "more than 1,048,576 bytes"),
    "a device": (RECORD, link("/dev/zero"), CHECK, LEAVES),
    "a link to a file": (RECORD, link("/etc/hostname"), CHECK, LEAVES),
    "a link to a folder": ("data/more", link("/etc"), CHECK, LEAVES),
    "a link that climbs": ("shapes/more.ttl", link("../../more.ttl"), CHECK, LEAVES),
    "a control character": (RECORD, write_name(b"a\x1b[31m.yaml"), CHECK, "a\\x1b[31m.yaml"),
    "a name that is not UTF-8": (RECORD, write_name(b"a\xff.yaml"), CHECK, "a\\udcff.yaml"),
    "a line break in a name": (RECORD, write_name(b"a\nb.yaml"), CHECK, "a\\nb.yaml"),
    "a pipe as the terms": ("data/terms.tsv", os.mkfifo, CHECK, IRREGULAR),
    "a pipe as the mappings": ("data/mappings.sssom.tsv", os.mkfifo, CHECK, IRREGULAR),
    "a pipe as the ontology": ("ontology/ldn.ttl", os.mkfifo, CHECK, IRREGULAR),
    "a pipe as the context": ("ontology/context.jsonld", os.mkfifo, CHECK, "context.jsonld"),
    "a pipe as rules": ("shapes/planted.ttl", os.mkfifo, CHECK, IRREGULAR),
    "a pipe as an alignment": (
        "ontology/alignments/planted.ttl",
        os.mkfifo,
        ("export", "--only", "kgx", "--engine", "shacl"),
        IRREGULAR,
    ),
    "a pipe as a question": ("queries/claims/planted.rq", os.mkfifo, ("query", "planted"), IRREGULAR),
    "a pipe as an inference": ("ontology/inference/planted.rq", os.mkfifo, CHECK, IRREGULAR),
    "a link as a question": ("queries/claims/planted.rq", link("/etc/hostname"), ("query", "planted"), LEAVES),
    "a pipe as the graph": ("dist/ldn-kg.ttl", os.mkfifo, QUERY, IRREGULAR),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_hostile_file_in_the_home_gives_one_sentence(name: str, copy: Path) -> None:
    place, plant, command, words = PLANTED[name]
    path = copy / place
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    plant(path)
    ended = run_limited("RLIMIT_CPU", 20, *command, "--home", copy, cwd=copy, seconds=30)
    shown = ended.stdout + ended.stderr
    assert ended.returncode in {1, 2}
    assert words in shown
    assert shown.replace("\n", "").isprintable()
    assert "Traceback" not in shown
    assert shown.count("\n") <= 3


ALIASES = "#a: &a [x, x]\n#b: &b [*a, *a]\n#curie_map: {CHEBI: *b}"


@pytest.mark.parametrize(
    "head", [ALIASES, "#curie_map: [x]", "#curie_map: {x: [y]}", "#curie_map: {yes: 2001-01-01, 0o17: .inf}"]
)
def test_an_odd_head_of_the_mappings_is_a_finding(head: str, copy: Path) -> None:
    path = copy / "data" / "mappings.sssom.tsv"
    rows = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    ended = run_limited("RLIMIT_CPU", 20, *CHECK, "--home", copy, cwd=copy, seconds=30)
    assert ended.returncode == 1
    assert "mappings-head" in ended.stdout


def test_a_record_with_an_error_in_each_line_is_reported_in_part(copy: Path) -> None:
    (copy / RECORD).write_text("a: \u200b\n" * 145_000, "utf-8")
    ended = run_limited("RLIMIT_CPU", 60, *CHECK, cwd=copy)
    assert ended.returncode == 1, ended.stderr
    assert 100 <= ended.stdout.count(": reading-") < 110  # errors of other files, which name the record, are few
