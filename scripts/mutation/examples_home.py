"""Build publications from tests/data/examples: all good examples, and at most one bad example."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.paths import Home
from ldnkg.records.reader import COLUMNS
from ldnkg.records.yaml_reader import parse_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Source = Path | str

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "data" / "examples"
MARK = b"# <- here"
_ID = re.compile(rb"^id: (\S+)", re.MULTILINE)
_FILE = re.compile(rb"^# ?file: (\S+)", re.MULTILINE)
_FOUND = re.compile(rb"^# found in: (\S+) (\d+)$", re.MULTILINE)
_LINE = re.compile(rb"^#line: (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One example: its file and its content, which is empty if the file is a broken link."""

    path: Path
    text: bytes

    @property
    def rule(self) -> str:
        """The rule that a bad example breaks: its folder, and its file name without `bad-` and without the variant."""
        return f"{self.path.parent.name}-{self.path.stem.removeprefix('bad-').partition('--')[0]}"

    @property
    def id(self) -> str:
        """The id of the first record in the file, or an empty string."""
        found = _ID.search(self.text)
        return found[1].decode() if found else ""

    @property
    def is_term(self) -> bool:
        """Whether the example is a row of the table of terms, written as YAML."""
        return self.text.startswith(b"slug: ")

    @property
    def is_table(self) -> bool:
        """Whether the example is a whole table."""
        return self.path.suffix == ".tsv"

    @property
    def place(self) -> str:
        """The path of the example below data/, from its comment `# file:` or else from its id."""
        if named := _FILE.search(self.text):
            return named[1].decode()
        if self.is_term or self.is_table:
            return "terms.tsv"
        prefix, _, slug = (self.id or f"claim:{self.path.stem}").partition(":")
        return f"{prefix}s/{slug}.yaml"

    @property
    def marked(self) -> set[int]:
        """The numbers, from 1, of the lines with the fault: those marked `# <- here`, or the one in `#line:`."""
        if named := _LINE.search(self.text):
            return {int(named[1])}
        return {number for number, line in enumerate(self.text.split(b"\n"), 1) if MARK in line}

    @cached_property
    def row(self) -> list[str]:
        """The row of the table of terms that the example describes."""
        value, _ = parse_record(self.text.decode())
        return [str(value[column]) for column in COLUMNS]


@cache
def examples(kind: str) -> list[Example]:
    """Return the examples of a kind, `good` or `bad`, sorted by path."""
    paths = sorted(EXAMPLES.glob(f"*/{kind}-*"))
    return [Example(path, path.read_bytes() if path.exists() else b"") for path in paths]


def build(root: Path, bad: Example | None = None) -> Home:
    """Write a home with all good examples; a bad example replaces the good one with its id, or is added."""
    home = Home(root)
    for folder in ("ontology", "shapes"):
        (root / folder).symlink_to(ROOT / folder)
    for place, source in _files(bad).items():
        _put(source, home.data / place)
    return home


@contextmanager
def replaced(home: Home, bad: Example) -> Iterator[Home]:
    """Put a bad example into a home of all good examples, and restore the home when the block ends."""
    good, wanted = _files(), _files(bad)
    changed = {place for place in good.keys() | wanted.keys() if good.get(place) != wanted.get(place)}
    try:
        _change(home, changed, wanted)
        yield home
    finally:
        _change(home, changed, good)


def _change(home: Home, changed: Iterable[str], wanted: Mapping[str, Source]) -> None:
    for place in changed:
        (home.data / place).unlink(missing_ok=True)
        if place in wanted:
            _put(wanted[place], home.data / place)


def _files(bad: Example | None = None) -> dict[str, Source]:
    """Return the source of each file below data/: a file to copy, or a text."""
    tables = EXAMPLES / "tables"
    found: dict[str, Source] = {path.relative_to(tables).as_posix(): path for path in tables.iterdir()}
    if not (bad and bad.place == "terms.tsv" and bad.is_table):
        found["terms.tsv"] = "".join("\t".join(row) + "\n" for row in [list(COLUMNS), *terms(bad)])
    good = [example for example in examples("good") if bad is None or not example.id or example.id != bad.id]
    return found | {each.place: each.path for each in [*good, *([bad] if bad else [])] if not each.is_term}


def _put(source: Source, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, str):
        target.write_text(source, "utf-8")
    else:
        shutil.copyfile(source, target, follow_symlinks=False)


def terms(bad: Example | None = None) -> list[list[str]]:
    """Return the rows of the table of terms; a bad row replaces the good row with its slug or CURIE, or is added."""
    rows = [example.row for example in examples("good") if example.is_term]
    if bad is None or not bad.is_term:
        return rows
    place = next((n for n, row in enumerate(rows) if row[0] == bad.row[0] or row[2] == bad.row[2]), len(rows))
    return [*rows[:place], bad.row, *rows[place + 1 :]]


def fault(home: Home, bad: Example) -> tuple[Path, set[int]]:
    """Return the file and the lines in which the fault of a bad example must be found; no lines if none is marked."""
    if named := _FOUND.search(bad.text):
        return home.data / named[1].decode(), {int(named[2])}
    lines = {terms(bad).index(bad.row) + 2} if bad.is_term else bad.marked
    return home.data / bad.place, lines
