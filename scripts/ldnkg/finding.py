"""What a check has to say: one finding for each place where a rule is broken."""

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
