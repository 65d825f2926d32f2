"""Writes the N-Quads of the publication, as many times over as told, to try an engine at size.

`python -m bench.quads 100 ldn-kg-100.nq`: each copy has names and labels of its own.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.copies import copies
from ldnkg.formats import nquads
from ldnkg.paths import Home
from ldnkg.publication import publish, read

ROOT = Path(__file__).resolve().parents[2]


def quads(home: Home, times: int) -> bytes:
    """Return the N-Quads of that many copies of the publication."""
    with tempfile.TemporaryDirectory() as place:
        copy = copies(home, Path(place), times)
        return nquads(publish(copy, read(copy)))


def main() -> None:
    """Write as many copies as the first argument says to the file that the second names."""
    times, path = sys.argv[1:]
    Path(path).write_bytes(quads(Home(ROOT), int(times)))


if __name__ == "__main__":
    main()
