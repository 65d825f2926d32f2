"""Writes the N-Quads of the publication, as many times over as told, to try an engine at size.

`python -m bench.quads 100 ldn-kg-100.nq`: each copy has names and labels of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.copies import copied
from ldnkg.exports.rdf.writer import write_nquads
from ldnkg.paths import Home

ROOT = Path(__file__).resolve().parents[2]


def quads(home: Home, times: int) -> bytes:
    """Return the N-Quads of that many copies of the publication."""
    return copied(home, times, write_nquads)


def main() -> None:
    """Write as many copies as the first argument says to the file that the second names."""
    times, path = sys.argv[1:]
    Path(path).write_bytes(quads(Home(ROOT), int(times)))


if __name__ == "__main__":
    main()
