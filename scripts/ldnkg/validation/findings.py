"""What a check has to say: one finding for each place where a rule is broken, and the result that led to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Finding(NamedTuple):
    """One broken rule: where (file and line, from 1), in which record, by which rule, and what to do about it."""

    path: Path
    line: int
    record: str
    rule: str
    sentence: str


class ValidationResult(NamedTuple):
    """One result of validation: the rule, the node it is about, the path where it is one property, and the value.

    `typed` is what N-Triples writes behind the text of a literal: `^^<datatype>`, `@language`, or nothing.
    """

    rule: str
    node: str
    path: str
    value: str
    message: str
    value_is_node: bool = False
    typed: str = ""
