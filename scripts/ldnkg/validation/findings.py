"""Define a finding of a check, and the result of a SHACL engine that it comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

# An IRI in the message of a result, with or without angle brackets.
IRI = re.compile(r"<?(https?://[^\s<>,{}`]*[^\s<>,.{}`])>?")


class Finding(NamedTuple):
    """One violation of a rule: its file, line (from 1) and record, the rule, and a sentence for the curator."""

    path: Path
    line: int
    record: str
    rule: str
    sentence: str


class ValidationResult(NamedTuple):
    """One SHACL validation result: the rule, the focus node, the path if it is one property, and the value.

    `typed` is the suffix of a literal in N-Triples: `^^<datatype>`, `@language`, or nothing.
    """

    rule: str
    node: str
    path: str
    value: str
    message: str
    value_is_node: bool = False
    typed: str = ""
