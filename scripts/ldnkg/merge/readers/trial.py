"""Parse an untrusted RDF file on trial, in a process of its own: nesting can end a parser with a signal.

The process keeps no quads, so that its memory is small, and it may use time in proportion to the size of the file.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import MIB, display_path
from ldnkg.memory_limit import GIB, limit_memory
from ldnkg.merge.readers.rdf_parser import RdfFile
from ldnkg.merge.readers.skipping import SkippedInput

if TYPE_CHECKING:
    from collections.abc import Iterable

SECONDS = 2  # of processor time for any file, and for each MiB that was read
SECONDS_PER_MIB = 0.5
MAX_DEPTH = 20
MAX_IRI = 8192  # characters; a long namespace is repeated in each IRI, so that a small file takes gigabytes
TOO_DEEP, TOO_LARGE, TOO_LONG = 11, 12, 13
SENTENCES = {
    TOO_DEEP: f"a triple term is nested deeper than {MAX_DEPTH} levels, the maximum. Flatten it",
    TOO_LARGE: f"parsing it needs more than {GIB // MIB:,} MiB of memory, the maximum. Split it",
    TOO_LONG: f"an IRI has more than {MAX_IRI:,} characters, the maximum. Check its prefix or its base",
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
        self._count(piece)
        return piece

    def readline(self, size: int = -1) -> bytes:
        """Return the next line."""
        piece = self._file.readline(size)
        self._count(piece)
        return piece

    def _count(self, piece: bytes) -> None:
        before, self._read = self._read, self._read + len(piece)
        if before // MIB < self._read // MIB:
            _limit_seconds(int(SECONDS + SECONDS_PER_MIB * (self._read // MIB)))


def _limit_seconds(seconds: int) -> None:
    """Limit the processor time of this process, on a system that can."""
    try:
        import resource
    except ModuleNotFoundError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if hard < 0 else min(seconds, hard), hard))


def _find_fault(quad: ox.Quad) -> int:
    """Return TOO_LONG or TOO_DEEP if a term of the quad exceeds a limit, else 0."""
    terms: list[object] = list(quad)
    for _ in range(MAX_DEPTH + 1):
        if any(map(_is_long, terms)):
            return TOO_LONG
        terms = [end for each in terms if isinstance(each, ox.Triple) for end in each]
        if not terms:
            return 0
    return TOO_DEEP


def _is_long(term: object) -> bool:
    name = term.datatype if isinstance(term, ox.Literal) else term
    return isinstance(name, ox.NamedNode) and len(name.value) > MAX_IRI


def _parse(path: Path, syntax: ox.RdfFormat) -> int:
    """Parse the file as the command does: again and with repairs after a syntax error."""
    file = RdfFile(path, syntax, "ldnkg://trial/", watch=lambda raw: cast("IO[bytes]", _TimedFile(raw)))
    skipped = SkippedInput(path)
    try:
        with limit_memory(GIB):
            if syntax != ox.RdfFormat.JSON_LD:
                try:
                    return _find_faults(file.parse_valid())
                except SyntaxError:
                    if file.is_large():
                        return 0
            return _find_faults(file.parse_faulty(skipped))
    except LdnkgError as error:
        return TOO_LARGE if isinstance(error.__cause__, MemoryError) else 0
    except (SyntaxError, ValueError):
        return 0


def _find_faults(quads: Iterable[tuple[ox.Quad, int]]) -> int:
    return next((fault for quad, _ in quads if (fault := _find_fault(quad))), 0)


def main() -> None:
    """Parse the file that the arguments name, and tell by the exit status what is wrong."""
    syntax = ox.RdfFormat.from_media_type(sys.argv[2])
    assert syntax is not None  # noqa: S101
    os._exit(_parse(Path(sys.argv[1]), syntax))


if __name__ == "__main__":
    main()
