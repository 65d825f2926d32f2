"""Find characters that a reader of a file cannot see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe\uffff]")


def find_invisible(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the line (from 1) and the code point of the first invisible character of each line.

    Line endings of either kind are allowed.

    >>> list(find_invisible("a\nb\u200b"))
    [(2, 'U+200B')]
    """
    plain = text.replace("\r\n", "\n")
    if INVISIBLE.search(plain):
        for number, line in enumerate(plain.split("\n"), 1):
            if found := INVISIBLE.search(line):
                yield number, f"U+{ord(found[0]):04X}"
