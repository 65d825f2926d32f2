"""Parse KGX in JSON one entry at a time, so that each entry has its line and an error keeps the entries before it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from ldnkg.merge.readers.rows import refuse_number, refuse_repeated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

SPACE = frozenset(" \t\n\r")


class JsonError(ValueError):
    """A syntax error in JSON, with its line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class EntryParser:
    r"""Parses a JSON object whose values are lists of entries.

    >>> list(EntryParser('{"nodes": [{}, {}],\n "edges": [1]}').parse({"nodes", "edges"}))
    [('nodes', 1, {}), ('nodes', 1, {}), ('edges', 2, 1)]
    """

    def __init__(self, text: str) -> None:
        self._text, self._place, self._line = text, 0, 1
        self._decoder = json.JSONDecoder(
            object_pairs_hook=refuse_repeated, parse_constant=refuse_number, parse_float=Decimal
        )

    def parse(self, keys: Collection[str]) -> Iterator[tuple[str, int, object]]:
        """Yield the key, the line and the value of each entry of the lists with these keys; raise JsonError."""
        self._take("{")
        while self._peek() != "}":
            key = self._decode()
            self._take(":")
            if key in keys and self._peek() == "[":
                yield from ((str(key), line, value) for line, value in self._parse_list())
            else:
                self._decode()
            if self._peek() != "}":
                self._take(",")

    def _parse_list(self) -> Iterator[tuple[int, object]]:
        self._take("[")
        while self._peek() != "]":
            line = self._line
            yield line, self._decode()
            if self._peek() != "]":
                self._take(",")
        self._take("]")

    def _peek(self) -> str:
        return self._text[self._place : self._place + 1]

    def _decode(self) -> object:
        try:
            value, end = self._decoder.raw_decode(self._text, self._place)
        except json.JSONDecodeError as error:
            raise JsonError(error.lineno, error.msg) from error
        except (ValueError, RecursionError, ArithmeticError) as error:
            raise JsonError(self._line, str(error)) from error
        self._move_to(end)
        return value

    def _take(self, wanted: str) -> None:
        self._move_to(self._place)
        if self._peek() != wanted:
            raise JsonError(self._line, f"'{wanted}' is expected")
        self._move_to(self._place + 1)

    def _move_to(self, end: int) -> None:
        """Go to the first character that is not white space, and count the lines."""
        while self._text[end : end + 1] in SPACE and end < len(self._text):
            end += 1
        self._line += self._text.count("\n", self._place, end)
        self._place = end
