"""Nothing is remembered between runs except the draft of a dialogue, and no file makes an invalid record pass."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from ldnkg.authoring.draft import DraftFile
from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from support.cli import OnTerminal, run_process
from support.edits import CLAIM, edit
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from pathlib import Path

PLACES = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR")
SLUG = "a-claim"
# A command with its engine, if it has one, and the folder into which it writes.
COMMANDS = {
    "check --engine shacl": "",
    "check --engine pyshacl": "",
    "build --engine shacl": "dist",
    "export --engine shacl --only tables": "dist",
    "query dose-of --explain": "",
    "show naltrexone": "",
    "view ro": "",
    "merge dist/ldn-kg.ttl --out merged": "merged",
}


def add_built(home: Path) -> None:
    (home / "dist").mkdir()
    (home / "dist" / "ldn-kg.ttl").write_bytes((ROOT / "dist" / "ldn-kg.ttl").read_bytes())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_run_leaves_nothing_but_its_output(copy: Path, tmp_path: Path, command: str) -> None:
    folders = {name: tmp_path / name.lower() for name in PLACES}
    for folder in folders.values():
        folder.mkdir()
    add_built(copy)
    before = read_all(copy)
    ended = run_process(*command.split(), cwd=copy, **{name: str(folder) for name, folder in folders.items()})
    assert ended.returncode == 0, ended.stderr
    assert [path for folder in folders.values() for path in folder.rglob("*")] == []
    written = {name for name, content in read_all(copy).items() if before.get(name) != content}
    assert {name.partition("/")[0] for name in written} <= {COMMANDS[command]}


FORGED = {
    ".ldnkg/checked.json": b'{"clean": true, "findings": []}',
    ".cache/ldnkg/graph.nt": b"",
    ".drafts/naltrexone-is-taken-orally.json": b'{"certainty": ["established"]}',
    "dist/.checked": b"clean",
    "dist/SHA256SUMS": b"",
    "data/.checked": b"clean",
    "shapes/.compiled": b"clean",
    "shapes/__pycache__/claim.pyc": b"clean",
    "ontology/.cache/context.json": b"{}",
    "pyshacl.cache": b"clean",
}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_no_forged_file_makes_an_invalid_record_pass(copy: Path, tmp_path: Path, engine: str) -> None:
    add_built(copy)
    clean = run_process("check", "--engine", engine, cwd=copy)
    assert clean.returncode == 0, clean.stderr
    edit("certainty: established", "certainty: hypothesised")(copy)
    # The record has the time and the size of a valid one, and every forged file is newer.
    for name, content in FORGED.items():
        for root in (copy, tmp_path):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
    os.utime(copy / CLAIM, (0, 0))
    places = {name: str(tmp_path) for name in PLACES}
    built = read_all(copy / "dist")
    for command in (["check"], ["build"]):
        ended = run_process(*command, "--engine", engine, cwd=copy, **places)
        assert ended.returncode == 1, (command, ended.stderr)
        assert f"{CLAIM}:" in ended.stdout + ended.stderr
    assert read_all(copy / "dist") == built


def test_a_draft_is_not_read_or_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / f"{SLUG}.json").write_text('{"label": ["x"]}', "utf-8")
    before = read_all(tmp_path / "outside")
    (tmp_path / "home").mkdir()
    draft = DraftFile(Home(tmp_path / "home"), SLUG)
    draft.folder.symlink_to(tmp_path / "outside")
    for step in (draft.read, lambda: draft.write({"label": ["y"]})):
        with pytest.raises(LdnkgError, match=r"\.drafts: must be a folder and no link\. Delete it to start anew\."):
            step()
    draft.folder.unlink()
    draft.folder.mkdir()
    draft.path.symlink_to(tmp_path / "outside" / f"{SLUG}.json")
    with pytest.raises(LdnkgError, match=r"must be a regular file\. Delete it to start anew\."):
        draft.read()
    assert read_all(tmp_path / "outside") == before


def test_a_draft_that_is_a_pipe_does_not_stop_the_dialogue(tmp_path: Path) -> None:
    draft = DraftFile(Home(tmp_path), SLUG)
    draft.folder.mkdir()
    os.mkfifo(draft.path)
    with pytest.raises(LdnkgError, match=r"must be a regular file"):
        draft.read()


@pytest.mark.parametrize(
    "answers", [{"la\x1b[2Jbel": ["x"]}, {"label": ["a\x1b[2J"]}, {"label": ["a\nid: b"]}], ids=str
)
def test_a_draft_cannot_control_the_terminal(tmp_path: Path, answers: dict[str, list[str]]) -> None:
    draft = DraftFile(Home(tmp_path), SLUG)
    draft.folder.mkdir()
    draft.path.write_text(json.dumps(answers), "utf-8")
    with pytest.raises(LdnkgError, match=r"is no draft of a claim\. Delete the file to start anew\."):
        draft.read()


def test_forged_answers_are_asked_for_again(copy: Path) -> None:
    forged = {
        "../../outside": ["x"],
        "id": ["claim:another"],
        "sentence": ["../../outside#s01", "source:naltrexone-to-treat-pain#s99"],
        "hedge": ["source:none#hedge-s1"],
        "relation": ["nothing"],
        "mentions": ["../../outside"],
    }
    draft = DraftFile(Home(copy), SLUG)
    draft.folder.mkdir()
    draft.path.write_text(json.dumps(forged), "utf-8")
    before = read_all(copy.parent)
    with OnTerminal("new", "claim", SLUG, "--engine", "shacl", cwd=copy) as terminal:
        terminal.answer("Go on with them? [yes]> ", "yes")
        terminal.read_until("sentence> ")
        terminal.press_until("Nothing was written.", b"\x04")
        status, shown = terminal.finish()
    assert status == 1
    assert "Traceback" not in shown
    assert read_all(copy.parent) == before
