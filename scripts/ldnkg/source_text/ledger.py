"""Read the ledger of a text, its sentences and hedges by position and hash, and find its errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldnkg.records.reader import Record
    from ldnkg.records.yaml_reader import Mapping


@dataclass(frozen=True)
class Span:
    """A part of a text from code point `start` (from 0) up to `end` (excluded), with the SHA-256 of its UTF-8 bytes."""

    id: str
    start: int
    end: int
    sha256: str

    @property
    def length(self) -> int:
        """The length in code points."""
        return self.end - self.start

    def fits(self, text: str, at: int) -> bool:
        """Whether the text contains the span at code point `at`."""
        inside = at >= 0 and 0 < self.length <= len(text) - at
        return inside and hash_text(text[at : at + self.length]) == self.sha256


@dataclass(frozen=True)
class Sentence(Span):
    """A sentence of a ledger; `number` counts from 1."""

    number: int
    section: str

    def __str__(self) -> str:
        place = f"expected at code points {self.start}–{self.end}"
        return f"{self.id} (sentence {self.number}, section {self.section}, {place})"


@dataclass(frozen=True)
class Hedge(Span):
    """The words of a sentence that express how certain the source is; `cue` is one of them, `sentence` an id."""

    sentence: str
    cue: str

    def __str__(self) -> str:
        return f"{self.id} ('{self.cue}', expected at code points {self.start}–{self.end})"


@dataclass(frozen=True)
class Ledger:
    """The length of a text in code points, its SHA-256, its sentences and its hedges, in the order of the record."""

    id: str
    length: int
    sha256: str
    sentences: tuple[Sentence, ...]
    hedges: tuple[Hedge, ...]


@dataclass(frozen=True)
class Difference:
    """One difference, described in `words`, and the id of the sentence that it concerns, or an empty string."""

    sentence: str
    words: str


def hash_text(words: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes of the words, in lower-case hexadecimal digits."""
    return sha256(words.encode()).hexdigest()


def read_ledgers(records: Iterable[Record]) -> list[Ledger]:
    """Return the ledger of each record that lists sentences; the records must have passed `ldnkg check`."""
    return [_read_ledger(record.value) for record in records if "sentences" in record.value]


def choose_ledger(found: list[Ledger], slug: str | None) -> Ledger:
    """Return the only ledger, or that of the article with this slug; raise LdnkgError if that is not exactly one."""
    wanted = [ledger for ledger in found if slug is None or ledger.id == f"source:{slug.removeprefix('source:')}"]
    if len(wanted) == 1:
        return wanted[0]
    slugs = ", ".join(ledger.id.partition(":")[2] for ledger in found)
    raise LdnkgError(f"Name the article with --source: {slugs or 'there is none'}.")


def _read_ledger(value: Mapping) -> Ledger:
    sentences = tuple(_read_sentence(part) for part in _list_parts(value, "sentences"))
    hedges = tuple(_read_hedge(part) for part in _list_parts(value, "hedges"))
    return Ledger(str(value["id"]), int(str(value["length"])), str(value["sha256"]), sentences, hedges)


def _read_sentence(part: Mapping) -> Sentence:
    return Sentence(*_read_span(part), int(str(part["number"])), str(part["section"]))


def _read_hedge(part: Mapping) -> Hedge:
    return Hedge(*_read_span(part), str(part["inSentence"]), str(part["cue"]))


def _read_span(part: Mapping) -> tuple[str, int, int, str]:
    return str(part["id"]), int(str(part["start"])), int(str(part["end"])), str(part["sha256"])


def _list_parts(value: Mapping, key: str) -> list[Mapping]:
    parts = value.get(key, [])
    return [part for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)]


def check_ledger(ledger: Ledger) -> list[Difference]:
    """Return the errors of a ledger that need no text: numbers, order, overlaps, and hedges outside their sentence."""
    return [*_check_numbers(ledger), *_check_order(ledger), *_check_overlaps(ledger), *_check_hedges(ledger)]


def _report(sentence: str, words: str) -> Difference:
    return Difference(sentence, f"The ledger is wrong: {words}.")


def _check_numbers(ledger: Ledger) -> Iterator[Difference]:
    for due, sentence in enumerate(ledger.sentences, 1):
        if sentence.number != due:
            yield _report(sentence.id, f"{sentence} has the wrong number: {due} is expected here")


def _check_order(ledger: Ledger) -> Iterator[Difference]:
    for before, after in pairwise(ledger.sentences):
        if after.start < before.start:
            yield _report(after.id, f"{after} is listed after {before} but starts before it")


def _check_overlaps(ledger: Ledger) -> Iterator[Difference]:
    widest: Sentence | None = None
    for sentence in sorted(ledger.sentences, key=lambda s: (s.start, s.end)):
        if sentence.start < 0 or sentence.length < 1:
            yield _report(sentence.id, f"{sentence} has no valid span")
        if widest and sentence.start < widest.end:
            yield _report(sentence.id, f"{sentence} overlaps {widest}")
        widest = max(widest or sentence, sentence, key=lambda s: s.end)


def _check_hedges(ledger: Ledger) -> Iterator[Difference]:
    sentences = {sentence.id: sentence for sentence in ledger.sentences}
    for hedge in ledger.hedges:
        sentence = sentences.get(hedge.sentence)
        if sentence is None:
            yield _report("", f"hedge {hedge} names the sentence {hedge.sentence}, which is not in the ledger")
        elif not sentence.start <= hedge.start < hedge.end <= sentence.end:
            yield _report(sentence.id, f"hedge {hedge} is not within {sentence}")


def compare_with_text(text: str, ledger: Ledger) -> list[Difference]:
    """Return the differences between a ledger and the exact text that it describes."""
    wrong = [s for s in ledger.sentences if not s.fits(text, s.start)]
    left = find_uncovered(text, ((s.start, s.end) for s in ledger.sentences))
    found = [_report(s.id, f"the text at the position of {s} has another SHA-256") for s in wrong]
    found += [_report("", f"it has no sentence for the text at code points {start}–{end}") for start, end in left]
    found += [fault for hedge in ledger.hedges for fault in check_hedge(text, hedge)]
    if len(text) != ledger.length:
        found.append(_report("", f"the text has {len(text)} code points, not {ledger.length}"))
    return found


def check_hedge(text: str, hedge: Hedge, shift: int = 0) -> Iterator[Difference]:
    """Yield the differences of a hedge whose sentence is `shift` code points later in the text than in the ledger."""
    words = text[max(hedge.start + shift, 0) : max(hedge.end + shift, 0)]
    if not hedge.fits(text, hedge.start + shift):
        yield _report(hedge.sentence, f"the text at the position of hedge {hedge} has another SHA-256")
    if not re.search(rf"(?<!\w){re.escape(hedge.cue)}(?!\w)", words, re.IGNORECASE):
        yield _report(hedge.sentence, f"the cue is not in the text at the position of hedge {hedge}")


def find_uncovered(text: str, taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return start and end (code points) of each part outside the taken ones, without white space at its edges."""
    edges = [(0, 0), *sorted(taken), (len(text), len(text))]
    reached, left = 0, []
    for start, end in edges:
        words = text[reached:start] if reached < start else ""
        if words.strip():
            first = reached + len(words) - len(words.lstrip())
            left.append((first, first + len(words.strip())))
        reached = max(reached, end)
    return left
