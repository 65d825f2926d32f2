"""Collect what a reader cannot read, in limited memory."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from ldnkg.files import display_path, escape_unprintable
from ldnkg.merge.readers.files import MAX_SENTENCE
from ldnkg.merge.source import Skipped

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.errors import LdnkgError

MAX_LISTED = 1000
MAX_RECORD = 100


class SkippedInput:
    """Collects what is skipped in one file: the first entries with their reasons, and the number of the others."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listed: list[Skipped] = []
        self._others: Counter[str] = Counter()
        self._once: set[tuple[str, str]] = set()

    @cached_property
    def _file(self) -> str:
        return display_path(self._path)

    def add(self, line: int, kind: str, reason: str, record: str = "") -> None:
        """Add an entry: see `Skipped`. Unprintable characters are escaped, and long texts are shortened."""
        if len(self._listed) >= MAX_LISTED:
            self._others[kind] += 1
            return
        record, reason = escape_unprintable(record[:MAX_RECORD]), escape_unprintable(reason[:MAX_SENTENCE])
        self._listed.append(Skipped(self._file, line, record, kind, reason))

    def add_once(self, line: int, kind: str, reason: str, record: str = "") -> None:
        """Add an entry, unless one with the same kind and reason was added before."""
        if (kind, reason) not in self._once:
            if len(self._once) < 100 * MAX_LISTED:
                self._once.add((kind, reason))
            self.add(line, kind, reason, record)

    def add_document(self, error: LdnkgError) -> None:
        """Add the file itself, with the line and the sentence of an error about it."""
        line, sentence = split_error(str(error), self._file)
        self.add(line, "document", sentence)

    @property
    def found(self) -> list[Skipped]:
        """The entries, and one entry for the others of each kind."""
        reason = f"only the first {MAX_LISTED:,} entries of the file are listed"
        others = [
            Skipped(self._file, 0, "", kind, f"{reason}. This stands for {count:,} more.", count)
            for kind, count in sorted(self._others.items())
        ]
        return self._listed + others


def split_error(text: str, file: str) -> tuple[int, str]:
    """Return the line and the sentence of an error message about a file; the line is 0 if it has none.

    >>> split_error("a.ttl:7: it is wrong.", "a.ttl"), split_error("a.ttl: it is wrong.", "a.ttl")
    ((7, 'it is wrong.'), (0, 'it is wrong.'))
    """
    found = re.match(r":(?:(\d+):)? ", rest) if (rest := text.removeprefix(file)) != text else None
    return (int(found[1] or 0), rest[found.end() :]) if found else (0, text)
