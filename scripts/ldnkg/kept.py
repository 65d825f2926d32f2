"""Keeps graphs that were found clean, outside of the publication, so that what has not changed is not read again.

A graph is kept under a hash of all that it was made of: each file that reading looks into, by its name and its bytes,
and the code that reads. Nothing here ever fails: what cannot be kept, or is not believed, is read again.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.paths import Home

KEPT = 8
LIBRARIES = ("pyoxigraph", "yaml")
_UNSEEN = b"# The rules do not look at what follows.\n"


class Graph(NamedTuple):
    """A graph in N-Triples: what the rules look at, and what else there is; and how many records it was made of."""

    seen: bytes
    unseen: bytes
    records: int


def name_of(home: Home) -> str:
    """Return the name for the graph of what the files hold now; nothing where one of them cannot be read."""
    found = sha256(sys.version.encode())
    try:
        for name, content in _made_of(home):
            found.update(b"%s\0%d\0%s" % (os.fsencode(name), len(content), content))
    except OSError:
        return ""
    return found.hexdigest()


def _made_of(home: Home) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file that is read and of this package, and the state of each library."""
    for path in home.inputs:
        yield path.relative_to(home.root).as_posix(), path.read_bytes()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        yield path.name, path.read_bytes()
    for library in LIBRARIES:
        spec = find_spec(library)
        for path in sorted(Path(spec.origin).parent.glob("*.*")) if spec and spec.origin else ():
            state = path.stat()
            yield f"{library}/{path.name}", b"%d %d" % (state.st_size, state.st_mtime_ns)


def find(home: Home, name: str) -> Graph | None:
    """Return the graph that is kept under the name, where there is one that is as it was written."""
    place = _place(home)
    if place is None or not name:
        return None
    try:
        head, _, body = (place / f"{name}.nt").read_bytes().partition(b"\n")
        if head != _head(name, body):
            return None
        count, _, triples = body.partition(b"\n")
        seen, _, unseen = triples.partition(_UNSEEN)
        return Graph(seen, unseen, int(count.removeprefix(b"# records: ")))
    except (OSError, ValueError):
        return None


def keep(home: Home, name: str, graph: Graph) -> None:
    """Keep the graph under the name, and no more than the last few of all."""
    place = _place(home)
    if place is None or not name:
        return
    body = b"# records: %d\n%s%s%s" % (graph.records, graph.seen, _UNSEEN, graph.unseen)
    with suppress(OSError):
        place.mkdir(0o700, parents=True, exist_ok=True)
        for old in sorted(place.glob("*.nt"), key=lambda path: path.stat().st_mtime_ns)[: 1 - KEPT]:
            old.unlink()
        passing = place / f"{name}.{os.getpid()}.nt"
        passing.write_bytes(_head(name, body) + b"\n" + body)
        passing.replace(place / f"{name}.nt")


def _head(name: str, body: bytes) -> bytes:
    """Return the line by which a file that was cut, altered or given another name is told."""
    return b"# sha256: " + sha256(name.encode() + body).hexdigest().encode()


def _place(home: Home) -> Path | None:
    """Return the folder of what is kept, in the cache folder of the user; none where that lies in the publication."""
    wanted = Path(os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", ""))
    try:
        caches = wanted if wanted.is_absolute() else Path.home() / ".cache"
        place = (caches / "ldnkg" / "graphs").resolve()
    except (OSError, RuntimeError):
        return None
    return None if place.is_relative_to(home.root.resolve()) else place
