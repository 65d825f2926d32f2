"""Parse an untrusted RDF file on trial, in a process of its own: nesting can end a parser with a signal.

The process keeps no quads, so that its memory is small, and it may use time in proportion to the size of the file.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import MIB, display_path
from ldnkg.memory_limit import GIB, limit_memory
from ldnkg.merge.readers.files import open_source

SECONDS = 4  # of processor time for any file, and for each MiB that was read
SECONDS_PER_MIB = 1
MAX_DEPTH = 20
TOO_DEEP, TOO_LARGE = 11, 12
SENTENCES = {
    TOO_DEEP: f"a triple term is nested deeper than {MAX_DEPTH} levels, the maximum. Flatten it",
    TOO_LARGE: f"parsing it needs more than {GIB // MIB:,} MiB of memory, the maximum. Split it",
}
STOPPED = "parsing it takes too long for its size, or ends the parser. It is probably nested too deeply: flatten it"


def refuse_unparsable(path: Path, media_type: str) -> None:
    """Raise LdnkgError if parsing the file exceeds a limit or ends the parser; syntax errors are not looked at."""
    command = [sys.executable, "-P", "-m", __name__, str(path.absolute()), media_type]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    if ended.returncode:
        raise LdnkgError(f"{display_path(path)}: {SENTENCES.get(ended.returncode, STOPPED)}.")


class _TimedFile:
    """A file that gives its process more processor time with each MiB that is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._read = file, 0
        _limit_seconds(SECONDS)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        piece = self._file.read(size)
        before, self._read = self._read, self._read + len(piece)
        if before // MIB < self._read // MIB:
            _limit_seconds(SECONDS + SECONDS_PER_MIB * (self._read // MIB))
        return piece


def _limit_seconds(seconds: int) -> None:
    """Limit the processor time of this process, on a system that can."""
    try:
        import resource
    except ModuleNotFoundError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if hard < 0 else min(seconds, hard), hard))


def _measure_depth(term: object) -> int:
    """Return how many triple terms contain each other."""
    depth, terms = 0, [term]
    while terms := [end for each in terms if isinstance(each, ox.Triple) for end in (each.subject, each.object)]:
        depth += 1
        if depth > MAX_DEPTH:
            break
    return depth


def _parse(path: Path, syntax: ox.RdfFormat) -> int:
    try:
        with limit_memory(GIB), open_source(path) as file:
            for quad in ox.parse(
                cast("IO[bytes]", _TimedFile(file)), format=syntax, lenient=syntax == ox.RdfFormat.JSON_LD
            ):
                if _measure_depth(quad.object) > MAX_DEPTH:
                    return TOO_DEEP
    except LdnkgError as error:
        return TOO_LARGE if isinstance(error.__cause__, MemoryError) else 0
    except (SyntaxError, ValueError):
        return 0
    return 0


def main() -> None:
    """Parse the file that the arguments name, and tell by the exit status what is wrong."""
    syntax = ox.RdfFormat.from_media_type(sys.argv[2])
    assert syntax is not None  # noqa: S101
    os._exit(_parse(Path(sys.argv[1]), syntax))


if __name__ == "__main__":
    main()
