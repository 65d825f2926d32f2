"""Reads a query as text: its words, what is quoted in it, and its brackets."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_STRING = r"""\"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
_STRING += r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'"""
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
_NAME = r"(?:[\w:%-]|\\.)+(?:\.+(?:[\w:%-]|\\.)+)*"
# What is no keyword, whatever it holds: strings, IRIs, what is escaped in a name, comments.
QUOTED = re.compile(rf"{_STRING}|{_IRI}|\\.|#[^\n\r]*", re.DOTALL)
_WORD = re.compile(
    rf"(?P<comment>#[^\n\r]*)|(?:{_STRING})(?:@[\w-]+|\^\^(?:{_IRI}|{_NAME}))?|{_IRI}|[?$@]?{_NAME}"
    r"|\^\^|&&|\|\||[!<>]=|<<\(?|\)?>>|\{\||\|\}|\S",
    re.DOTALL,
)
_CLOSES = {"{": "}", "(": ")", "[": "]"}


def tokenize(sparql: str) -> list[re.Match[str]]:
    """Return the words and signs of the query, without its comments; a quote that is never closed is a sign."""
    return [word for word in _WORD.finditer(sparql) if not word["comment"]]


def parse_prefixes(sparql: str) -> dict[str, str]:
    """Return the prefixes that the query declares, each with its namespace."""
    found = re.findall(r"^\s*PREFIX\s+([\w.-]+):\s*<([^<>\s]*)>", sparql, re.IGNORECASE | re.MULTILINE)
    return dict(found)


def measure_nesting(sparql: str) -> int:
    """Return how deep brackets stand within brackets."""
    depth = most = 0
    for sign in re.findall(r"[{(\[})\]]", QUOTED.sub(" ", sparql)):
        depth = depth + 1 if sign in _CLOSES else max(0, depth - 1)
        most = max(most, depth)
    return most


def is_closing(opening: str, sign: str) -> bool:
    """Whether the sign closes a bracket that was opened by the other."""
    return _CLOSES[opening] == sign


def find_unclosed(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """Return the last bracket of these words that is not closed, if there is one."""
    opened: list[re.Match[str]] = []
    for word in found:
        if word[0] in _CLOSES:
            opened.append(word)
        elif opened and is_closing(opened[-1][0], word[0]):
            opened.pop()
    return opened[-1] if opened else None
