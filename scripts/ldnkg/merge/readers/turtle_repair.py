"""Read Turtle, TriG, N-Triples and N-Quads with faults: repair IRIs and language tags, and skip broken statements."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.merge.readers.term_repair import describe_iri, describe_language, escape_iri, shorten_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ldnkg.merge.readers.skipping import SkippedInput

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|<(?P<iri>[^<>\"\n]*)>|#[^\n]*|(?<=[\"'])@(?P<language>[\w-]+)|(?P<bracket>[{}])|(?P<end>\.)(?=\s|$|[<#\[(}])",
    re.DOTALL,
)
BATCH = 1000
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*(?:--(?:ltr|rtl))?")


def repair_text(text: str, report: Callable[[int, str, str], None]) -> tuple[str, list[int]]:
    """Return the text with valid IRIs and language tags, and the offsets behind its statements.

    `report` gets the offset, the kind and the reason. A graph in braces counts as one statement.
    """
    pieces: list[str] = []
    ends: list[int] = []
    place = length = depth = 0
    for token in _TOKEN.finditer(text):
        if (iri := token["iri"]) is not None or token["language"]:
            found = _repair_iri(iri) if iri is not None else _repair_language(token["language"])
            if found:
                kind, written, sentence = found
                report(token.start(), kind, sentence)
                pieces += [text[place : token.start()], written]
                length += token.start() - place + len(written)
                place = token.end()
        elif token["bracket"]:
            depth = max(0, depth + (1 if token[0] == "{" else -1))
        if (token["end"] or token[0] == "}") and not depth:
            ends.append(length + token.end() - place)
    return "".join([*pieces, text[place:]]), ends


def _repair_iri(written: str) -> tuple[str, str, str] | None:
    iri = _ESCAPE.sub(_decode, written) if "\\" in written else written
    escaped = escape_iri(iri)
    if escaped in {iri, None}:
        return None
    return "value", f"<{escaped}>", describe_iri(iri, escaped)


def _decode(found: re.Match[str]) -> str:
    number = int(found[1] or found[2], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]


def _repair_language(tag: str) -> tuple[str, str, str] | None:
    if _LANGUAGE.fullmatch(tag):
        return None
    shortened = shorten_language(tag.partition("--")[0])
    return "literal", f"@{shortened}", describe_language(tag, shortened)


def parse_statements(
    text: str, syntax: ox.RdfFormat, base_iri: str, skipped: SkippedInput
) -> Iterator[tuple[ox.Quad, int]]:
    """Yield the quads of a Turtle or TriG text with their lines; skip each statement with a syntax error.

    Stop if none of the first statements can be read.
    """
    breaks = [found.start() for found in re.finditer("\n", text)]
    text, ends = repair_text(
        text, lambda offset, kind, reason: skipped.add_once(bisect_left(breaks, offset) + 1, kind, reason)
    )
    breaks = [found.start() for found in re.finditer("\n", text)]  # Repairs change the offsets, but not the lines.
    start, head, faults, empty = 0, "", 0, True
    length = len(text.rstrip())
    while faults < BATCH or not empty:
        feed = _TextFeed(text, start, head)
        first = bisect_left(breaks, start) + 1  # the line of the start
        parser = ox.parse(feed, format=syntax, base_iri=base_iri)  # type: ignore[arg-type]
        try:
            for quad in parser:
                yield quad, first + feed.lines
                empty = False
        except SyntaxError as error:
            line = max(first, first + (error.lineno or 1) - 1 - feed.head_lines)
            at = breaks[line - 2] + 1 if line > 1 else 0
            behind = bisect_left(ends, max(at, start + 1))
            end = ends[behind] if behind < len(ends) else None
            what = "statement, with the rest of its graph," if syntax == ox.RdfFormat.TRIG else "statement"
            reason = f"the {what} cannot be parsed: {describe_syntax(error)}. Correct it."
            faults += 1
            if end is None or end >= length:
                rest = f"the file cannot be parsed from here on: {describe_syntax(error)}. Correct it."
                skipped.add(line, "statement" if end is not None else "document", reason if end is not None else rest)
                return
            skipped.add(line, "statement", reason)
            start, head = end, _write_head(parser)
        else:
            return


class _TextFeed:
    """A text from an offset on, behind a head; a parser gets its lines one at a time.

    `lines` is the number of line breaks before the line that the parser has.
    """

    def __init__(self, text: str, start: int, head: str) -> None:
        self.lines, self.head_lines = -1, head.count("\n")
        self._text, self._place = text, start
        self._rest = head.encode()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes: of the rest of a line, or of the next line."""
        if not self._rest and self._place < len(self._text):
            end = self._text.find("\n", self._place) + 1 or len(self._text)
            self._rest = self._text[self._place : end].encode("utf-8", "surrogateescape")
            self._place = end
            self.lines += 1
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def _write_head(parser: object) -> str:
    prefixes: dict[str, str] = parser.prefixes  # type: ignore[attr-defined]
    base: str | None = parser.base_iri  # type: ignore[attr-defined]
    lines = [f"@base <{base}> ."] if base else []
    return "".join(f"{line}\n" for line in [*lines, *(f"@prefix {name}: <{iri}> ." for name, iri in prefixes.items())])


def describe_syntax(error: SyntaxError) -> str:
    """Return the first line of the parser's message, without its place."""
    text = (str(error.msg or error)[:200].splitlines() or ["syntax error"])[0]
    text = re.sub(r"^Parser error (?:at|between) line .*?: ", "", text)
    # If a quotation continues on the next line of the message, close it.
    return f"{text} ...'" if text.count("'") % 2 else text


def parse_lines(lines: Iterable[bytes], base_iri: str, skipped: SkippedInput) -> Iterator[tuple[ox.Quad, int]]:
    """Yield the quads of N-Triples or N-Quads with their lines; repair or skip each line with a fault.

    Stop if none of the first lines can be read.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.lstrip()[:1] not in (b"", b"#"))
    empty = True
    while batch := list(islice(numbered, BATCH)):
        try:
            found = list(ox.parse(b"".join(line for _, line in batch), format=ox.RdfFormat.N_QUADS))
        except SyntaxError:
            found = []
        if len(found) == len(batch):
            yield from zip(found, (number for number, _ in batch), strict=True)
            empty = False
            continue
        for number, line in batch:
            for quad in _parse_line(number, line, base_iri, skipped):
                yield quad, number
                empty = False
        if empty:
            return


def _parse_line(number: int, line: bytes, base_iri: str, skipped: SkippedInput) -> list[ox.Quad]:
    try:
        return list(ox.parse(line, format=ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        if line.lstrip()[:1] in (b"<", b"_"):
            return _repair_line(number, line, base_iri, error, skipped)
        skipped.add(number, "statement", f"the line cannot be parsed: {describe_syntax(error)}. Correct it.")
        return []


def _repair_line(number: int, line: bytes, base_iri: str, error: SyntaxError, skipped: SkippedInput) -> list[ox.Quad]:
    """Return the quads of a line with a fault, or none if it cannot be repaired."""
    faults: list[tuple[str, str]] = []
    try:
        text, _ = repair_text(line.decode("utf-8"), lambda _, kind, reason: faults.append((kind, reason)))
    except UnicodeDecodeError:
        skipped.add(number, "statement", "the line is not UTF-8 text. Save the file as UTF-8.")
        return []
    for syntax, base in ((ox.RdfFormat.N_QUADS, None), (ox.RdfFormat.TURTLE, base_iri)):
        if syntax == ox.RdfFormat.N_QUADS and not faults:
            continue
        try:
            found = list(ox.parse(text, format=syntax, base_iri=base))
        except SyntaxError:
            continue
        if syntax == ox.RdfFormat.TURTLE:
            faults.append(("statement", f"the line is read as Turtle: {describe_syntax(error)}."))
        for kind, reason in faults:
            skipped.add_once(number, kind, reason)
        return found
    skipped.add(number, "statement", f"the line cannot be parsed: {describe_syntax(error)}. Correct it.")
    return []
