"""Refuse XML that RDF/XML parsers expand or hold without limit: entities, deep nesting, long tags, many attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from ldnkg.files import MIB
from ldnkg.merge.readers.files import make_error, open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_DEPTH = 200
MAX_ATTRIBUTES = 1000
MAX_TAG_BYTES = MIB
_PIECE = 64 * 1024
ENTITIES = (
    "the file declares XML entities, which can expand without limit. "
    "Resolve them first, for example with `xmllint --noent`, or convert the file to Turtle"
)


class _RefusedError(Exception):
    """A sentence that says what is wrong and what to do."""


class _Checker:
    """Counts the elements that are open; the parser calls its methods."""

    def __init__(self) -> None:
        self._depth = 0

    def refuse_entity(self, *_: object) -> None:
        raise _RefusedError(ENTITIES)

    def open_element(self, _: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _RefusedError(f"the XML is nested deeper than {MAX_DEPTH} levels, the maximum. Flatten it")
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            raise _RefusedError(f"the element has more than {MAX_ATTRIBUTES:,} attributes, the maximum. Use elements")

    def close_element(self, _: str) -> None:
        self._depth -= 1

    def refuse_long(self, size: int) -> None:
        # Expat postpones its second attempt at a tag until twice as many bytes have been read.
        if size > 2 * MAX_TAG_BYTES:
            raise _RefusedError(f"a tag or comment has more than {MAX_TAG_BYTES // MIB} MiB, the maximum. Shorten it")


def refuse_hostile_xml(path: Path) -> None:
    """Raise LdnkgError, with the line, if the XML has entities, exceeds a limit or is not well-formed.

    The parser reads every encoding that begins with a byte order mark, and takes time proportional to the file.
    """
    parser, checker = expat.ParserCreate(), _Checker()
    parser.ordered_attributes = True
    parser.EntityDeclHandler = checker.refuse_entity
    parser.StartElementHandler, parser.EndElementHandler = checker.open_element, checker.close_element
    try:
        with open_source(path) as file:
            _parse(parser, file.read, checker.refuse_long)
    except _RefusedError as error:
        raise make_error(path, parser.CurrentLineNumber, f"{error}.") from error
    except (expat.ExpatError, ValueError) as error:
        reason = str(error).partition(":")[0]
        raise make_error(path, parser.ErrorLineNumber, f"the file cannot be parsed: {reason}. Correct it.") from error


def _parse(parser: expat.XMLParserType, read: Callable[[int], bytes], refuse_long: Callable[[int], None]) -> None:
    """Parse piece by piece, and refuse a tag or comment while it is read; text may be of any length."""
    size = 0
    while piece := read(_PIECE):
        parser.Parse(piece, False)
        size += len(piece)
        refuse_long(size - max(parser.CurrentByteIndex, 0))
    parser.Parse(b"", True)
