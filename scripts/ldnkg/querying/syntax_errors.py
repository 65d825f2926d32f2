"""Locate and explain the syntax error of a SPARQL query.

The parser reports the farthest position that it has looked at, which lies behind the fault. So prefixes of the query
are parsed: the fault is at the first token after which nothing could follow.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

import pyoxigraph as ox

from ldnkg.querying.sparql_tokens import QUOTED, find_unclosed, is_closing, tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# So wide that the parser meets no end while it looks for a keyword.
_SPACE = "\n" + 99 * " "
_WITHIN_IRI = 'expected one of ">", [_]'
_IN_WORDS = re.compile(r"\w+(?: [\w*.]+)* [a-z]{2,}(?: [\w*.]+)*")


class SyntaxErrorLocator:
    """A query that the parser refuses: `at` is where the fault begins, `why` says more, if there is more to say."""

    def __init__(self, sparql: str, prefixes: Mapping[str, str]) -> None:
        self._sparql, self._prefixes = sparql, dict(prefixes)
        self._words = tokenize(sparql)
        self._quote = next((n for n, word in enumerate(self._words, 1) if word[0] in {'"', "'"}), len(self._words) + 1)
        self._number = bisect_left(range(len(self._words) + 1), x=True, key=lambda number: not self._goes_on(number))
        self._ends = self._number > len(self._words)
        self.at = max(0, len(sparql.rstrip()) - 1) if self._ends else self._words[self._number - 1].start()
        self.why = self._why()

    def _said(self, number: int) -> str:
        """Return what the parser says of so many of the words alone, or nothing where they are a query."""
        end = self._words[number - 1].end() if number else 0
        try:
            ox.Store().query(self._sparql[:end] + _SPACE, prefixes=self._prefixes)
        except SyntaxError as error:
            return str(error.msg or error)
        return ""

    def _goes_on(self, number: int) -> bool:
        """Whether something could follow after so many of the words: then the parser has come to the very end."""
        if number >= self._quote:
            return False
        said = self._said(number)
        at_end = re.match(rf"error at \d+:{len(_SPACE)}: (.*)", said)
        return not said or bool(at_end and at_end[1] != _WITHIN_IRI)

    def _why(self) -> str:
        before = self._said(self._number - 1)
        said = [before] if self._ends else [self._said(self._number), before]
        if reason := next((part for one in said for part in _list_expected(one) if _IN_WORDS.fullmatch(part)), ""):
            return f"The parser says: {reason.rstrip('.')}."
        if self._ends or self._words[self._number - 1][0] in {"}", ")", "]"}:
            return self._of_brackets()
        return self._at_word(self._words[self._number - 1][0], before)

    def _of_brackets(self) -> str:
        opened = find_unclosed(self._words[: self._number - 1])
        if not opened:
            return "It ends there and is not complete." if self._ends else "No bracket is open that this could close."
        fits = not self._ends and is_closing(opened[0], self._words[self._number - 1][0])
        line, column = locate_offset(self._sparql, opened.start())
        return "" if fits else f"The '{opened[0]}' of line {line}, column {column} is not closed."

    def _at_word(self, word: str, before: str) -> str:
        name = re.fullmatch(r"(?:\^\^)?([\w.-]*):.*", QUOTED.sub("", word))
        if word in {'"', "'"}:
            return "A text begins there that does not end."
        if word == "<":
            return "An IRI begins there that does not end, or has a space in it."
        if name and name[1] not in {*self._prefixes, *self._declared(), "_"}:
            return f"The prefix '{name[1]}:' is not declared."
        signs = [part for part in _list_expected(before) if re.fullmatch(r'"[^"]+"', part)]
        return f"There, expected {signs[0]}." if len(signs) == 1 else ""

    def _declared(self) -> set[str]:
        pairs = pairwise(word[0] for word in self._words[: self._number])
        return {name.rstrip(":") for word, name in pairs if word.upper() == "PREFIX"}


def _list_expected(said: str) -> list[str]:
    """Return what the parser would have taken, or why it took nothing."""
    return said.partition("expected ")[2].removeprefix("one of ").split(", ")


def locate_offset(sparql: str, at: int) -> tuple[int, int]:
    """Return the line and the column of a place in the text, both from 1."""
    return sparql.count("\n", 0, at) + 1, at - sparql.rfind("\n", 0, at)


def explain_syntax_error(sparql: str, message: str, place: str, prefixes: Mapping[str, str]) -> str:
    """Return the sentence for a query that does not parse, the line of it, and a mark under the place."""
    if not message.startswith("error at "):
        return f"This is not a SPARQL query: {message.splitlines()[0]}."
    found = SyntaxErrorLocator(sparql, prefixes)
    line, column = locate_offset(sparql, found.at)
    text = sparql.split("\n")[line - 1].rstrip("\r")
    where = f"{place}:{line}:{column}" if place else f"line {line}, column {column}"
    lead = re.sub(r"[^\t]", " ", text[: column - 1])
    why = f" {found.why}" if found.why else ""
    return f"This is not a SPARQL query that asks: it cannot be read on at {where}.{why}\n  {text}\n  {lead}^"
