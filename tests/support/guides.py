"""Follow a guide: run its blocks as printed, in a reader's folder, and compare what they print with what it shows."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from support.paths import ROOT
from support.programs import BESIDE, BLOCK, NODE, elsewhere, serving

if TYPE_CHECKING:
    from pathlib import Path

SERVERS = ("oxigraph serve", "ldnkg serve")
INSTALLS = ("pip install ", "npm install ")
FILES = {"sparql": "question.rq"}
STARTS = {
    "sh": ["sh", "-eu", "-c"],
    "python": [sys.executable, "-c"],
    "js": [str(NODE), "--input-type=module", "--eval"],
}


class Output(NamedTuple):
    """An output that a guide shows, and what the commands before it printed."""

    expected: str
    actual: str


def read_blocks(page: Path) -> list[tuple[str, str]]:
    """Return the language and the text of each block of a page."""
    return [(one[1], one[2]) for one in BLOCK.finditer(page.read_text("utf-8"))]


def follow(blocks: list[tuple[str, str]], folder: Path) -> list[Output]:
    """Run the blocks in order, and return each output that they show; fail if a command fails.

    Servers run until the last block has run, on ports that are free. Installations are skipped.
    """
    outputs: list[Output] = []
    actual = ""
    with ExitStack() as servers:
        for language, text in elsewhere(blocks):
            if language == "text":
                outputs.append(Output(text, actual))
            elif language in FILES:
                (folder / FILES[language]).write_text(text, "utf-8")
            elif language in STARTS:
                commands = _start_servers(text, folder, servers) if language == "sh" else text
                actual = _run([*STARTS[language], commands], folder)
    return outputs


def assert_outputs(page: Path, folder: Path, number: int) -> None:
    """Assert that the page shows this number of outputs, and that each is the actual output."""
    outputs = follow(read_blocks(page), folder)
    assert len(outputs) == number
    for output in outputs:
        assert output.actual == output.expected


def _start_servers(text: str, folder: Path, servers: ExitStack) -> str:
    """Run the lines before each server, start it, and return the lines that remain."""
    remaining: list[str] = []
    for line in text.splitlines():
        if line.startswith(SERVERS):
            _run([*STARTS["sh"], "\n".join(remaining)], folder)
            servers.enter_context(serving(line, folder))
            remaining = []
        elif not line.startswith(INSTALLS):
            remaining.append(line)
    return "\n".join(remaining)


def _run(command: list[str], folder: Path) -> str:
    code = os.pathsep.join([str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PATH": BESIDE, "PYTHONPATH": code}
    ended = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=120, env=environment
    )
    assert ended.returncode == 0, (command, ended.stderr)
    return ended.stdout.replace("\r\n", "\n")


def read_pins() -> str:
    """The text of the files that state which versions CI installs."""
    files = [ROOT / "pyproject.toml", ROOT / ".ci" / "locks" / "package.json", *(ROOT / ".ci" / "locks").glob("*.in")]
    return "\n".join(file.read_text("utf-8") for file in files)
