"""Split a SPARQL query into tokens, and find its prefixes and unclosed brackets."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STRING = r"""\"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
_STRING += r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'"""
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
_VARIABLE = r"[?$]\w+"
_PREFIX = r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?"
_LOCAL = r"(?:[\w:%-]|\\.)+(?:\.+(?:[\w:%-]|\\.)+)*"
_NAME = rf"(?:_|{_PREFIX}):(?:{_LOCAL})?"
_NUMBER = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
# Strings, IRIs, escapes in names, and comments: none of them contains a keyword.
QUOTED = re.compile(rf"{_STRING}|{_IRI}|\\.|#[^\n\r]*", re.DOTALL)
# These two patterns are compiled when they are first used, because not every command needs them.
_TOKEN = (
    rf"(?s)(?P<comment>#[^\n\r]*)|(?:{_STRING})(?:@[\w-]+|\^\^(?:{_IRI}|{_NAME}))?|{_IRI}|{_VARIABLE}|{_NAME}"
    rf"|{_NUMBER}|@?\w+|\^\^|&&|\|\||[!<>]=|<<\(?|\)?>>|\{{\||\|\}}|\S"
)
_BETWEEN = r"(?:\s|#[^\n\r]*[\n\r])+"
_PREFIXED = (
    rf"(?si)#[^\n\r]*|{_STRING}|{_IRI}|{_VARIABLE}|@[\w-]+|_:{_LOCAL}"
    rf"|\bPREFIX{_BETWEEN}(?P<declared>{_PREFIX}):|(?P<used>{_PREFIX}):(?:{_LOCAL})?"
)
_CLOSES = {"{": "}", "(": ")", "[": "]"}


def tokenize(sparql: str) -> list[re.Match[str]]:
    """Return the tokens of the query without its comments; a quotation mark that is never closed is a token.

    >>> [token[0] for token in tokenize("ASK { ?s a ex:B } # end")]
    ['ASK', '{', '?s', 'a', 'ex:B', '}']
    """
    return [token for token in re.finditer(_TOKEN, sparql) if not token["comment"]]


def parse_prefixes(sparql: str) -> dict[str, str]:
    """Return the prefixes that the query declares, each with its namespace."""
    found = re.findall(r"^\s*PREFIX\s+([\w.-]+):\s*<([^<>\s]*)>", sparql, re.IGNORECASE | re.MULTILINE)
    return dict(found)


def list_declared(sparql: str) -> list[str]:
    """Return the prefixes that the query declares, in order, also if their namespace is missing."""
    return [name["declared"] for name in re.finditer(_PREFIXED, sparql) if name["declared"] is not None]


def find_undeclared(sparql: str, known: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield each prefix that is neither known nor declared by the query, with the offset at which it is used.

    A colon in a string, an IRI or a comment is no prefix, and the `_` of a blank node neither.

    >>> [*find_undeclared("PREFIX a: <x:> ASK { a:b c:d 'e:f' } # g:h", ["rdf"])]
    [('c', 25)]
    """
    declared = {*known, *list_declared(sparql)}
    for name in re.finditer(_PREFIXED, sparql):
        if name["used"] is not None and name["used"] not in declared:
            yield name["used"], name.start()


def is_closing(opening: str, sign: str) -> bool:
    """Return whether the sign closes a bracket of this kind."""
    return _CLOSES[opening] == sign


def find_unclosed(tokens: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """Return the last bracket of these tokens that is not closed, if there is one."""
    opened: list[re.Match[str]] = []
    for token in tokens:
        if token[0] in _CLOSES:
            opened.append(token)
        elif opened and is_closing(opened[-1][0], token[0]):
            opened.pop()
    return opened[-1] if opened else None
