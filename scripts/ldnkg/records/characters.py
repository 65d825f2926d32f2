"""Find characters that a reader of a text cannot see, or takes for others, and text that a format cannot represent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category, is_normalized, name, normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

# Control, format, private and unassigned characters, halves of a pair, and separators of lines and paragraphs.
HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
# Letters and marks that show nothing: fillers, joiners and selectors of variants.
EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
# Letters with the shape of a Latin letter, in words that consist of them.
LOOK_ALIKE = frozenset("аеорсухіјѕһԁԛԝАВЕЗІЈКМНОРСТУХЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχϲϳ")
_UNUSUAL = re.compile(r"[^\n\t\x20-\x7e]")
_WORD = re.compile(r"[^\W\d_]+")


def find_invisible(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the line (from 1) and the code point of the first invisible character of each line.

    Line endings of either kind are allowed.

    >>> list(find_invisible("a\nb\u200b"))
    [(2, 'U+200B')]
    """
    plain, line, last, place = text.replace("\r\n", "\n"), 1, 0, 0
    for found in _UNUSUAL.finditer(plain):
        if is_invisible(found[0]):
            line += plain.count("\n", place, found.start())
            place = found.start()
            if line > last:
                last = line
                yield line, _format_code(found[0])


def is_invisible(letter: str) -> bool:
    r"""Return whether the character shows nothing, or is a blank other than the space.

    >>> [is_invisible(letter) for letter in "a \u00a0\u202e"]
    [False, False, True, True]
    """
    kind = category(letter)
    return kind in HIDDEN or letter in EMPTY or (kind == "Zs" and letter != " ")


def find_flaws(text: str) -> Iterator[tuple[str, str]]:
    r"""Yield the reading rules that a text of a record breaks, each with the characters that it is about.

    >>> list(find_flaws("two\nlines ")), list(find_flaws("μ-opioid receptor"))
    ([('text-line-break', 'U+000A'), ('text-blank-ends', 'two\nlines ')], [])
    >>> list(find_flaws("n\u0430ltrexone"))
    [('letter-look-alike', 'U+0430 CYRILLIC SMALL LETTER A in nаltrexone')]
    """
    if text.isascii() and text.isprintable() and text.strip() in {text, ""}:
        return
    if found := next((letter for letter in text if letter not in "\n\t" and is_invisible(letter)), ""):
        yield "character-invisible", _format_code(found)
    if found := next((letter for letter in text if letter in "\n\t"), "") if text.strip() else "":
        yield "text-line-break", _format_code(found)
    if text.strip(" ") not in {text, ""}:
        yield "text-blank-ends", text
    if not is_normalized("NFC", text):
        yield "text-not-nfc", normalize("NFC", text)
    else:
        yield from _find_look_alikes(text)


def _find_look_alikes(text: str) -> Iterator[tuple[str, str]]:
    """Yield the first letter of a word that belongs to another script than it seems."""
    for word in _WORD.findall(text) if not text.isascii() else ():
        latin = any(name(letter, "").startswith("LATIN") for letter in word)
        alike = len(word) > 1 or not name(word, "").startswith("GREEK")
        for letter in word:
            foreign = latin and not name(letter, "").startswith("LATIN") and not _is_plain_greek(letter)
            copied = not latin and alike and LOOK_ALIKE.issuperset(word)
            if foreign or copied or (not letter.isascii() and normalize("NFKC", letter).isascii()):
                yield "letter-look-alike", f"{_format_code(letter)} {name(letter, '')} in {word}"
                return


def _is_plain_greek(letter: str) -> bool:
    """Return whether the letter is Greek and cannot be taken for a Latin one, as in TGFβ and μg."""
    return (name(letter, "").startswith("GREEK") and letter not in LOOK_ALIKE) or name(letter, "") == "MICRO SIGN"


def _format_code(letter: str) -> str:
    return f"U+{ord(letter):04X}"
