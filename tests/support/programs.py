"""External programs, and servers that a test runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from support.servers import free_port, running

if TYPE_CHECKING:
    from collections.abc import Iterator
NODE = os.environ.get("LDNKG_NODE") and shutil.which("node")
BESIDE = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
OXIGRAPH = shutil.which("oxigraph", path=BESIDE)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+|(?<=--port )\d+")


def words(line: str) -> list[str]:
    first, *rest = shlex.split(line)
    return [*{"ldnkg": [sys.executable, "-m", "ldnkg"], "oxigraph": [str(OXIGRAPH)]}.get(first, [first]), *rest]


@contextmanager
def serving(line: str, folder: Path) -> Iterator[None]:
    """Run a server on loopback, and end it by its id."""
    with running(words(line), int(PORT.findall(line)[0]), folder):
        yield


def elsewhere(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The blocks with ports that are free here."""
    ports = sorted({port for _, text in found for port in PORT.findall(text)})
    found_free: set[int] = set()
    while len(found_free) < len(ports):
        found_free.add(free_port())
    free = dict(zip(ports, map(str, found_free), strict=True))
    return [(kind, PORT.sub(lambda port: free[port[0]], text)) for kind, text in found]
