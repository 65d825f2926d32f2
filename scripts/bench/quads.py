"""Write N-Quads of several copies of the publication, to try an engine with more data.

`python -m bench.quads 100 ldn-kg-100.nq` writes 100 copies. Each copy has its own ids and labels.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.copies import copied
from ldnkg.exports.rdf.writer import write_nquads
from ldnkg.paths import Home

ROOT = Path(__file__).resolve().parents[2]


def quads(home: Home, times: int) -> bytes:
    """Return N-Quads of that many copies of the publication."""
    return copied(home, times, write_nquads)


def main() -> None:
    """Write as many copies as the first argument says, to the file that the second argument names."""
    times, path = sys.argv[1:]
    Path(path).write_bytes(quads(Home(ROOT), int(times)))


if __name__ == "__main__":
    main()
