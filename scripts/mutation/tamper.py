"""Alter a text in typical ways of misquoting; `ldnkg verify-source` must refuse each altered text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import normalize

from ldnkg.source_text.verify import FORMS, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ldnkg.source_text.ledger import Ledger, Sentence

LOOKALIKES = str.maketrans("aeopcx", "аеорсх")


@dataclass(frozen=True)
class Altered:
    """An altered text: the class of alteration, the sentences it changes (none: the whole text), and the text."""

    kind: str
    sentences: frozenset[str]
    text: str


def altered(text: str, ledger: Ledger) -> Iterator[Altered]:
    """Yield each altered text."""
    for sentence in ledger.sentences:
        words = text[sentence.start : sentence.end]
        for kind, change in WITHIN.items():
            if (new := change(words)) != words:
                yield _altered(kind, text, sentence, new)
        yield Altered(
            "sentence doubled", frozenset({sentence.id}), text[: sentence.end] + " " + words + text[sentence.end :]
        )
        kind = (
            "list item missing"
            if text[sentence.start - 1 : sentence.start + 1].strip().startswith("•")
            else "sentence missing"
        )
        yield _altered(kind, text, sentence, "")
    yield from _hedges(text, ledger)
    yield from _pairs(text, ledger)
    yield from _whole(text)


def _altered(kind: str, text: str, sentence: Sentence, words: str) -> Altered:
    return Altered(kind, frozenset({sentence.id}), text[: sentence.start] + words + text[sentence.end :])


def _hedges(text: str, ledger: Ledger) -> Iterator[Altered]:
    for hedge in ledger.hedges:
        cut = text[: hedge.start] + text[hedge.end :].lstrip()
        yield Altered("hedge cut", frozenset({hedge.sentence}), cut)


def _pairs(text: str, ledger: Ledger) -> Iterator[Altered]:
    for one, two in pairwise(ledger.sentences):
        first, second = text[one.start : one.end], text[two.start : two.end]
        both = frozenset({one.id, two.id})
        between = text[one.end : two.start]
        yield Altered("sentences exchanged", both, text[: one.start] + second + between + first + text[two.end :])
        spliced = first[: len(first) // 2] + second[len(second) // 2 :]
        yield Altered("fragments spliced", both, text[: one.start] + spliced + text[two.end :])


def _whole(text: str) -> Iterator[Altered]:
    nothing: frozenset[str] = frozenset()
    for name, ending in (("CRLF", "\r\n"), ("CR", "\r")):
        yield Altered(f"line endings {name}", nothing, text.replace("\n", ending))
    yield Altered("byte order mark", nothing, "\ufeff" + text)
    yield Altered("newline at the end", nothing, text + "\n")
    for form in FORMS:
        if normalize(form, text) != text:
            yield Altered("normalisation form", nothing, normalize(form, text))


def _negated(words: str) -> str:
    return re.sub(r"\b(is|are|has|was|may|can|that|to)\b", r"\1 not", words, count=1)


def _bracketed(words: str) -> str:
    return re.sub(r"\b(is|are|has|was|may|can|that|to)\b", r"\1 [not]", words, count=1)


def _swapped(words: str) -> str:
    return re.sub(r"(\w+) (\w+)", r"\2 \1", words, count=1)


def _number(words: str) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), words, count=1)


def _punctuated(words: str) -> str:
    return re.sub(r"[,.;:?]", "", words, count=1)


def _middle(mark: str) -> Callable[[str], str]:
    return lambda words: words[: len(words) // 2] + mark + words[len(words) // 2 :]


WITHIN: dict[str, Callable[[str], str]] = {
    "negation put in": _negated,
    "negation in brackets": _bracketed,
    "words exchanged": _swapped,
    "number changed": _number,
    "look-alike letters": lambda words: words.translate(LOOKALIKES),
    "zero-width character": _middle("\u200b"),
    "combining mark": _middle("\u0301"),
    "non-breaking space": lambda words: words.replace(" ", "\u00a0", 1),
    "upper case": str.upper,
    "lower case": str.lower,
    "punctuation taken out": _punctuated,
    "word taken out": lambda words: re.sub(r"\s\w+", "", words, count=1),
    "white space doubled": lambda words: words.replace(" ", "  ", 1),
    "cut short": lambda words: words[:-3],
}


def refused(text: str, ledger: Ledger) -> tuple[dict[str, int], list[Altered]]:
    """Return how many altered texts of each class were tried, and those accepted or refused for another sentence."""
    tried: dict[str, int] = {}
    missed = []
    for alteration in altered(text, ledger):
        tried[alteration.kind] = tried.get(alteration.kind, 0) + 1
        found = verify(alteration.text.encode(), ledger)
        named = {difference.sentence for difference in found} | {s for d in found for s in _named(d.words)}
        if not found or (alteration.sentences and not alteration.sentences & named):
            missed.append(alteration)
    return tried, missed


def _named(words: str) -> list[str]:
    return re.findall(r"source:[a-z0-9-]+#s\d+", words)
