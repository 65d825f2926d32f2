"""Follow a guide: run its blocks as printed, in a folder of a reader, and collect what they show."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from support.paths import ROOT
from support.programs import BESIDE, BLOCK

if TYPE_CHECKING:
    from pathlib import Path

SHELL = ["bash", "-euo", "pipefail", "-c"]
FILES = {"sparql": "question.rq"}


class Shown(NamedTuple):
    """An output that a guide shows, and the output of the commands before it."""

    expected: str
    actual: str


def read_blocks(page: Path) -> list[tuple[str, str]]:
    """Each block of a page: its language and its text."""
    return [(one[1], one[2]) for one in BLOCK.finditer(page.read_text("utf-8"))]


def follow(blocks: list[tuple[str, str]], folder: Path) -> list[Shown]:
    """Run the blocks in order and return what the guide shows with what came; fail if a command fails."""
    shown: list[Shown] = []
    output = ""
    for language, text in blocks:
        if language == "text":
            shown.append(Shown(text, output))
        elif language in FILES:
            (folder / FILES[language]).write_text(text, "utf-8")
        elif language == "sh":
            output = _run([*SHELL, text], folder)
        elif language == "python":
            output = _run([sys.executable, "-c", text], folder)
    return shown


def _run(command: list[str], folder: Path) -> str:
    code = os.pathsep.join([str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PATH": BESIDE, "PYTHONPATH": code}
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120, env=environment
    )
    assert ended.returncode == 0, (command, ended.stderr)
    return ended.stdout
