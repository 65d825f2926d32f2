"""Wait for the files of a publication to change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ldnkg.paths import Home

SECONDS = 0.2


def watch_changes(home: Home) -> Iterator[list[Path]]:
    """Yield an empty list at once, then, without end, each batch of changed, new or deleted files."""
    before = _read_times(home)
    yield []
    while True:
        time.sleep(SECONDS)
        now = _read_times(home)
        if now != before:
            yield sorted(path for path in {*before, *now} if before.get(path) != now.get(path))
        before = now


def _read_times(home: Home) -> dict[Path, int]:
    """Return the time of the last change of each file that a check reads, in nanoseconds since 1970."""
    found: dict[Path, int] = {}
    for folder in (home.data, home.ontology, home.shapes):
        for path in folder.rglob("*.*"):
            try:
                found[path] = path.stat().st_mtime_ns
            except FileNotFoundError:
                continue
    return found
