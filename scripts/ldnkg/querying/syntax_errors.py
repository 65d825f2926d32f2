"""Locate and explain the syntax error of a SPARQL query.

The parser reports the farthest position at which it looked, which is often behind the error. So leading parts of the
query are parsed: the error is at the first token after which no continuation could be valid. Undeclared prefixes are
found separately, because the parser seldom names them.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import pyoxigraph as ox

from ldnkg.rdf.sparql_tokens import find_unclosed, find_undeclared, is_closing, list_declared, tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# So wide that the parser reaches no end while it looks for a keyword.
_SPACE = "\n" + 99 * " "
_WITHIN_IRI = 'expected one of ">", [_]'
_IN_WORDS = re.compile(r"\w+(?: [\w*.]+)* [a-z]{2,}(?: [\w*.]+)*")
# An absolute IRI that no namespace begins with: with it, undeclared prefixes and relative IRIs can be parsed.
_ANY_NAMESPACE = "urn:undeclared:"
_LONGEST = 40


class SyntaxErrorLocator:
    """The syntax error of a query that the parser refuses: `at` is its offset, `why` is the reason as a sentence."""

    def __init__(self, sparql: str, prefixes: Mapping[str, str]) -> None:
        self._sparql, self._prefixes = sparql, prefixes
        self._tokens = tokenize(sparql)
        unclosed = (n for n, token in enumerate(self._tokens, 1) if token[0] in {'"', "'"})
        self._quote = next(unclosed, len(self._tokens) + 1)
        counts = range(len(self._tokens) + 1)
        self._number = bisect_left(counts, x=True, key=lambda count: not self._can_continue(count))
        self._ends = self._number > len(self._tokens)
        self.at = max(0, len(sparql.rstrip()) - 1) if self._ends else self._tokens[self._number - 1].start()
        self.why = self._explain()

    def _parse(self, count: int, more: str = _SPACE) -> str:
        """Return the parser's message about the first `count` tokens alone, or nothing if they are a valid query."""
        end = self._tokens[count - 1].end() if count else 0
        return _parse(self._sparql[:end] + more, self._prefixes)

    def _can_continue(self, count: int) -> bool:
        """Return whether a token could follow the first `count`: if so, the parser has reached the very end."""
        if count >= self._quote:
            return False
        message = self._parse(count)
        at_end = re.match(rf"error at \d+:{len(_SPACE)}: (.*)", message)
        return not message or bool(at_end and at_end[1] != _WITHIN_IRI)

    def _explain(self) -> str:
        before = self._parse(self._number - 1)
        messages = [before] if self._ends else [self._parse(self._number), before]
        expected = (part for message in messages for part in _list_expected(message))
        if reason := next((part for part in expected if _IN_WORDS.fullmatch(part)), ""):
            return f"the parser reports: {reason.rstrip('.')}."
        if self._ends or self._tokens[self._number - 1][0] in {"}", ")", "]"}:
            return self._explain_brackets()
        return self._explain_token(self._tokens[self._number - 1][0], before)

    def _explain_brackets(self) -> str:
        opened = find_unclosed(self._tokens[: self._number - 1])
        sign = "" if self._ends else self._tokens[self._number - 1][0]
        if not opened:
            return f"`{sign}` closes no open bracket." if sign else "the query is incomplete."
        if sign and is_closing(opened[0], sign):
            return f"`{sign}` is not expected here."
        line, column = locate_offset(self._sparql, opened.start())
        return f"the `{opened[0]}` at line {line}, column {column} is not closed."

    def _explain_token(self, token: str, before: str) -> str:
        if token in {'"', "'"}:
            return "the string that begins here is not closed."
        if token == "<":  # noqa: S105
            return "the IRI that begins here is not closed, or it contains a space."
        shown = token if len(token) <= _LONGEST else f"{token[:_LONGEST]}..."
        if not self._parse(self._number - 1, " ASK {}"):
            return f"`{shown}` does not begin a query. Begin it with SELECT, ASK, CONSTRUCT or DESCRIBE."
        signs = [part.strip('"') for part in _list_expected(before) if re.fullmatch(r'"[^"]+"', part)]
        return f"expected `{signs[0]}` before `{shown}`." if len(signs) == 1 else f"`{shown}` is not expected here."


def _parse(sparql: str, prefixes: Mapping[str, str]) -> str:
    """Return the parser's message, or nothing if the query is valid, even if it calls an unknown function."""
    try:
        ox.Store().query(sparql, base_iri=_ANY_NAMESPACE, prefixes=dict(prefixes))
    except SyntaxError as error:
        return str(error.msg or error)
    except RuntimeError:
        return ""
    return ""


def _list_expected(message: str) -> list[str]:
    """Return the tokens that the parser expected, or its reason."""
    return message.partition("expected ")[2].removeprefix("one of ").split(", ")


def locate_offset(sparql: str, at: int) -> tuple[int, int]:
    r"""Return the line and the column of an offset, both from 1.

    >>> locate_offset("ASK {\n  ?s", 8)
    (2, 3)
    """
    return sparql.count("\n", 0, at) + 1, at - sparql.rfind("\n", 0, at)


def explain_syntax_error(sparql: str, message: str, place: str, prefixes: Mapping[str, str]) -> str:
    """Return the error as a sentence, the line of the query, and a mark below the place.

    `message` is the parser's message, and `place` is the file of the query, if any.
    """
    if not message.startswith("error at "):
        return f"SPARQL syntax error: {message.splitlines()[0].rstrip('.')}."
    at, why = _find_first_error(sparql, prefixes)
    line, column = locate_offset(sparql, at)
    text = sparql.split("\n")[line - 1].rstrip("\r")
    lead = re.sub(r"[^\t]", " ", text[: column - 1])
    where = f"{place}:{line}:{column}: " if place else ""
    return f"{where}SPARQL syntax error at line {line}, column {column}: {why}\n  {text}\n  {lead}^"


def _find_first_error(sparql: str, prefixes: Mapping[str, str]) -> tuple[int, str]:
    """Return the offset and the reason of the first error: an undeclared prefix, or what else the parser refuses."""
    undeclared = [*find_undeclared(sparql, prefixes)]
    if not undeclared:
        found = SyntaxErrorLocator(sparql, prefixes)
        return found.at, found.why
    name, at = undeclared[0]
    complete = {**prefixes, **dict.fromkeys((prefix for prefix, _ in undeclared), _ANY_NAMESPACE)}
    if _parse(sparql, complete) and (other := SyntaxErrorLocator(sparql, complete)).at <= at:
        return other.at, other.why
    return at, _explain_prefix(name, [*prefixes, *list_declared(sparql)])


def _explain_prefix(name: str, declared: list[str]) -> str:
    """Return the sentence for a prefix that is not declared."""
    alike = [prefix for prefix in declared if prefix.lower() == name.lower()]
    hint = f" or write `{alike[0]}:`" if alike else ""
    known = ", ".join(f"`{prefix}:`" for prefix in dict.fromkeys(sorted(declared, key=str.lower)))
    listed = f"declared are: {known}." if known else "no prefix is declared."
    return f"the prefix `{name}:` is not declared. Add `PREFIX {name}: <...>`{hint}; {listed}"
