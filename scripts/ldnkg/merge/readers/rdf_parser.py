"""Parse an RDF file into quads with their lines; a file without faults is parsed once and as fast as possible."""

from __future__ import annotations

from itertools import chain, repeat
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, escape_unprintable
from ldnkg.merge.readers.files import MAX_BYTES, open_source, read_source_bytes
from ldnkg.merge.readers.term_repair import TermRepair, describe_iri, describe_language
from ldnkg.merge.readers.turtle_repair import describe_syntax, parse_lines, parse_statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ldnkg.merge.readers.skipping import SkippedInput

LINES = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
TEXTS = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)


class RdfFile:
    """A file, its syntax, and the IRI against which its relative IRIs are resolved.

    If `last` is given, the lines behind it are not read. `watch` may wrap the opened file.
    """

    def __init__(
        self,
        path: Path,
        syntax: ox.RdfFormat,
        base_iri: str,
        last: int = 0,
        watch: Callable[[IO[bytes]], IO[bytes]] = lambda file: file,
    ) -> None:
        # N-Triples are N-Quads without graphs.
        self.path, self.syntax = path, ox.RdfFormat.N_QUADS if syntax in LINES else syntax
        self._base, self._last, self._watch = base_iri, last, watch

    def parse_valid(self) -> Iterator[tuple[ox.Quad, int]]:
        """Yield each quad with its line, or the line at which the parser is; raise SyntaxError at the first fault."""
        with open_source(self.path) as raw:
            file = self._watch(raw)
            if self.syntax in LINES:
                statements = _StatementLines(file)
                parser = ox.parse(cast("IO[bytes]", statements), format=self.syntax)
                yield from zip(parser, chain(statements.find_lines(), repeat(0)), strict=False)
                return
            lines = _LineFeed(file, self._last)
            for quad in ox.parse(cast("IO[bytes]", lines), format=self.syntax, base_iri=self._base):
                yield quad, lines.line

    def parse_faulty(self, skipped: SkippedInput) -> Iterator[tuple[ox.Quad, int]]:
        """Yield each quad that can be read, with its line; repair the terms that are invalid, and skip the rest."""
        if self.syntax in LINES:
            with open_source(self.path) as raw:
                yield from parse_lines(self._split_lines(self._watch(raw)), self._base, skipped)
        elif self.syntax in TEXTS:
            text = read_source_bytes(self.path, self._watch).decode("utf-8", "surrogateescape")
            yield from parse_statements(text, self.syntax, self._base, skipped)
        else:
            yield from self._parse_leniently(skipped)

    def is_large(self) -> bool:
        """Return whether the file is too large to be repaired in memory."""
        size = 0
        if self.syntax in TEXTS:
            with open_source(self.path) as file:
                while size <= MAX_BYTES and (piece := file.read(1 << 20)):
                    size += len(piece)
        return size > MAX_BYTES

    def _split_lines(self, file: IO[bytes]) -> Iterator[bytes]:
        """Yield the lines of the file."""
        rest = b""
        while piece := file.read(1 << 16):
            *lines, rest = (rest + piece).split(b"\n")
            yield from (line + b"\n" for line in lines)
        yield from [rest] if rest else []

    def _parse_leniently(self, skipped: SkippedInput) -> Iterator[tuple[ox.Quad, int]]:
        with open_source(self.path) as raw:
            lines = _LineFeed(self._watch(raw), self._last)
            repair = TermRepair(
                lambda iri, escaped: skipped.add_once(lines.line, "value", describe_iri(iri, escaped)),
                lambda tag, short: skipped.add_once(lines.line, "literal", describe_language(tag, short)),
            )
            try:
                for quad in ox.parse(cast("IO[bytes]", lines), format=self.syntax, base_iri=self._base, lenient=True):
                    if repaired := repair.repair(quad):
                        yield repaired, lines.line
            except SyntaxError as error:
                if not self._last:  # The fault in that line has been listed.
                    skipped.add(error.lineno or lines.line, "document", describe_rest(error))


def describe_rest(error: SyntaxError) -> str:
    """Return the sentence about the rest of a file behind a syntax error."""
    return f"the file cannot be parsed from here on: {describe_syntax(error)}. Correct it."


class _LineFeed:
    """A file that gives a parser one line at a time, so that the number of lines is the line of the parser."""

    def __init__(self, file: IO[bytes], last: int) -> None:
        self.line = 1
        self._readline, self._last, self._ended = file.readline, last, False

    def read(self, size: int = -1) -> bytes:
        """Return the next line, or a part of it if it is longer than the size."""
        if self._ended:
            self.line += 1
            if self.line - 1 == self._last:
                self.line -= 1
                return b""
        piece = self._readline(size)
        self._ended = piece.endswith(b"\n")
        return piece


class _StatementLines:
    """A file of statements, one in a line, that knows the line of each: counting takes less time than `_LineFeed`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._read = file.read
        self._pieces: list[bytes] = []

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        piece = self._read(size)
        self._pieces.append(piece)
        return piece

    def find_lines(self) -> Iterator[int]:
        """Yield the line of each statement; the parser has read at least its beginning."""
        number, rest = 1, b""
        while self._pieces:
            text = rest + b"".join(self._pieces)
            self._pieces.clear()
            *lines, rest = text.split(b"\n")
            for line in lines:
                if line[:1] in (b"<", b"_") or line.lstrip()[:1] in (b"<", b"_"):
                    yield number
                number += 1
        yield number


def describe_value_error(path: Path, error: ValueError) -> LdnkgError:
    """Return the error about a file that the parser refuses for another reason than its syntax."""
    sentence = f"the file cannot be parsed: {escape_unprintable(str(error)[:300])}. Correct it."
    return LdnkgError(f"{display_path(path)}: {sentence}")
