"""Split a SPARQL query into tokens, and find its prefixes and unclosed brackets."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_STRING = r"""\"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
_STRING += r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'"""
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
# In `1<2#>`, the sign # can begin a comment, and in `1<'>'`, ' a string. Nothing like `a://` can be compared.
_AMBIGUOUS_IRI = re.compile(r"""<(?![A-Za-z][A-Za-z0-9+.-]*://)[^<>"{}|^`\\\x00-\x20'#]*['#][^<>"{}|^`\\\x00-\x20]*>""")
_VARIABLE = r"[?$]\w+"
_PREFIX = r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?"
_LOCAL = r"(?:[\w:%-]|\\.)+(?:\.+(?:[\w:%-]|\\.)+)*"
_NAME = rf"(?:_|{_PREFIX}):(?:{_LOCAL})?"
_NUMBER = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
# Strings, IRIs, escapes in names, and comments: none of them contains a keyword.
QUOTED = re.compile(rf"{_STRING}|{_IRI}|\\.|#[^\n\r]*", re.DOTALL)
# A word with dots and hyphens that no colon follows. Patterns take it as a whole, because a second attempt at each of
# its words would take quadratic time. Escaped quotation marks are taken as a whole for the same reason.
_RUN = r"[^\W\d_][\w.-]*"
# These patterns are compiled when they are first used, because not every command needs them.
_TOKEN = (
    rf"(?s)(?P<comment>#[^\n\r]*)|(?:{_STRING})(?:@[\w-]+|\^\^(?:{_IRI}|{_NAME}))?|{_IRI}|{_VARIABLE}|{_NAME}"
    rf"|(?P<run>{_RUN})|{_NUMBER}|@?\w+|\^\^|&&|\|\||[!<>]=|<<\(?|\)?>>|\{{\||\|\}}|\\[\"']|\S"
)
_RUN_TOKEN = rf"{_NUMBER}|\w+|\S"
_BETWEEN = r"(?:\s|#[^\n\r]*[\n\r])+"
_PREFIXED = (
    rf"(?si)#[^\n\r]*|{_STRING}|{_IRI}|{_VARIABLE}|@[\w-]+|_:{_LOCAL}"
    rf"|\bPREFIX{_BETWEEN}(?P<declared>{_PREFIX}):|(?P<used>{_PREFIX}):(?:{_LOCAL})?|{_RUN}|\\[\"']"
)
_CLOSES = {"{": "}", "(": ")", "[": "]"}


def tokenize(sparql: str) -> list[re.Match[str]]:
    """Return the tokens of the query without its comments; a quotation mark that is never closed is a token.

    >>> [token[0] for token in tokenize("ASK { ?s a ex:B } # end")]
    ['ASK', '{', '?s', 'a', 'ex:B', '}']
    """
    return [*_list_tokens(sparql)]


def _list_tokens(sparql: str) -> Iterator[re.Match[str]]:
    split = re.compile(_RUN_TOKEN).finditer
    for token in re.finditer(_TOKEN, sparql):
        if token["run"] is not None:
            yield from split(sparql, *token.span())
        elif token["comment"] is None:
            yield token


def has_ambiguous_iri(sparql: str) -> bool:
    """Return whether the query may contain a comparison that looks like an IRI, with a comment or a string in it.

    A parser decides this by the context. For it, a string can begin or end elsewhere than for `tokenize`.

    >>> has_ambiguous_iri("ASK { FILTER(1<2#>)"), has_ambiguous_iri("ASK { <https://example.org/a#b> ?p ?o }")
    (True, False)
    """
    return bool(_AMBIGUOUS_IRI.search(sparql))


def parse_prefixes(sparql: str) -> dict[str, str]:
    """Return the prefixes that the query declares, each with its namespace."""
    found = re.findall(r"^[^\S\n]*PREFIX\s+([\w.-]+):\s*<([^<>\s]*)>", sparql, re.IGNORECASE | re.MULTILINE)
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
