"""Run external programs and servers in tests."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.paths import ROOT
from support.servers import free_port, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
NODE = os.environ.get("LDNKG_NODE") and shutil.which("node")
BESIDE = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
OXIGRAPH = shutil.which("oxigraph", path=BESIDE)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+|(?<=--port )\d+")


@contextmanager
def asking_comunica(place: str) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Yield a function that runs a query in Comunica, over a Turtle file or an endpoint, and returns names and rows."""
    command = [str(NODE), str(ROOT / "tests" / "support" / "clients" / "comunica.mjs"), place]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout

        def ask(query: str) -> dict[str, Any]:
            assert process.stdin and process.stdout
            process.stdin.write(json.dumps(query) + "\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            return answer

        try:
            yield ask
        finally:
            process.stdin.close()
            process.wait(30)


def words(line: str) -> list[str]:
    first, *rest = shlex.split(line)
    return [*{"ldnkg": [sys.executable, "-m", "ldnkg"], "oxigraph": [str(OXIGRAPH)]}.get(first, [first]), *rest]


@contextmanager
def serving(line: str, folder: Path) -> Iterator[None]:
    """Run the server that the command line starts, and stop it when the block ends."""
    with running(words(line), int(PORT.findall(line)[0]), folder):
        yield


def elsewhere(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The code blocks of a page, with every port replaced by one that is free on this machine."""
    ports = sorted({port for _, text in found for port in PORT.findall(text)})
    found_free: set[int] = set()
    while len(found_free) < len(ports):
        found_free.add(free_port())
    free = dict(zip(ports, map(str, found_free), strict=True))
    return [(kind, PORT.sub(lambda port: free[port[0]], text)) for kind, text in found]
