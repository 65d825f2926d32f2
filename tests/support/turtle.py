"""Find local names with a backslash in Turtle and TriG."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\s]*>"
    r"|#[^\n]*"
    r"|((?:[^\W\d_][\w.-]*)?:(?:[^\W]|[-.:%]|\\.)*)",
    re.DOTALL,
)


def find_escaped_names(turtle: str) -> list[str]:
    """Return the prefixed names with a backslash, which is not the same as a backslash in a literal or an IRI."""
    return [token[1] for token in TOKEN.finditer(turtle) if token[1] and "\\" in token[1]]
