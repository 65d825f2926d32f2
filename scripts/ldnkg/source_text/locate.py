"""Find the sentences of a ledger in an altered text, and describe the differences."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias
from unicodedata import name

from ldnkg.source_text.ledger import Difference, check_hedge, find_uncovered, hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ldnkg.source_text.ledger import Hedge, Ledger, Sentence, Span

Stretch: TypeAlias = "tuple[int, int]"

WINDOWS = 2_000_000


class Search:
    """Finds spans in a text by their hash, at no more than `left` positions; `gave_up` is set if that is not enough."""

    def __init__(self, text: str, left: int = WINDOWS) -> None:
        self.text, self.left, self.gave_up = text, left, False

    def find(self, span: Span, start: int, end: int) -> list[int]:
        """Return each code point between start and end at which the text contains the span."""
        places = range(start, end - span.length + 1) if span.length > 0 else range(0)
        if len(places) > self.left:
            self.gave_up = True
            return []
        self.left -= len(places)
        text, length, wanted = self.text, span.length, span.sha256
        return [at for at in places if hash_text(text[at : at + length]) == wanted]


@dataclass(frozen=True)
class Placing:
    """The start of each sentence in a text, `kept` in order or `astray`; `gone` has the gaps of missing ones."""

    kept: dict[Sentence, int]
    astray: dict[Sentence, int]
    gone: dict[Sentence, Stretch]

    @property
    def found(self) -> dict[Sentence, int]:
        """The code point at which each sentence that was found starts."""
        return self.kept | self.astray


def list_differences(text: str, ledger: Ledger) -> list[Difference]:
    """Return the differences between a text and the one that the ledger describes; the hashes differ."""
    search = Search(text)
    placing = place_sentences(search, ledger)
    taken = [(at, at + s.length) for s, at in placing.found.items()]
    repeated = _find_repeated(search, ledger, find_uncovered(text, taken))
    stray = find_uncovered(text, [*taken, *((at, at + s.length) for s, at in repeated)])
    found = [
        *_describe_text(text, ledger),
        *_list_missing(text, placing, stray),
        *_list_displaced(placing),
        *_list_shifts(placing),
    ]
    found += [Difference(s.id, f"{s} is repeated, at {_describe_span(text, at, at + s.length)}.") for s, at in repeated]
    found += _list_extra(text, placing, stray)
    found += [fault for hedge in ledger.hedges for fault in _check_hedge(search, hedge, placing)]
    return [*found, *_describe_rest(search, whole=not (placing.gone or placing.astray or repeated or stray))]


def _describe_rest(search: Search, *, whole: bool) -> Iterator[Difference]:
    if whole:
        yield Difference(
            "", "All sentences are present and in order; the white space differs, or the hash in the ledger is wrong."
        )
    if search.gave_up:
        yield Difference("", "The text is too long to search completely for each missing sentence.")


def _describe_text(text: str, ledger: Ledger) -> Iterator[Difference]:
    found = f"{len(text)} code points and SHA-256 {hash_text(text)}"
    due = f"{ledger.length} and {ledger.sha256}"
    yield Difference("", f"This is not the text of {ledger.id}: it has {found}, not {due}.")


def place_sentences(search: Search, ledger: Ledger) -> Placing:
    """Find each sentence at its position in the ledger, or shifted like an earlier one, or else as near as possible."""
    found: dict[Sentence, int] = {}
    shifts = [0]
    for sentence in ledger.sentences:
        at = _find_free(search, sentence, shifts, set(found.values()))
        if at is not None:
            found[sentence] = at
            shifts = list(dict.fromkeys([at - sentence.start, *shifts]))
    astray = {sentence: found[sentence] for sentence in find_out_of_order(list(found), list(found.values()))}
    kept = {sentence: at for sentence, at in found.items() if sentence not in astray}
    gaps = _find_gaps(ledger.sentences, kept, len(search.text))
    return Placing(kept, astray, {sentence: gap for sentence, gap in gaps.items() if sentence not in found})


def _find_free(search: Search, sentence: Sentence, shifts: list[int], taken: set[int]) -> int | None:
    near = [sentence.start + shift for shift in shifts if sentence.fits(search.text, sentence.start + shift)]
    free = [at for at in near if at not in taken]
    free = free or [at for at in search.find(sentence, 0, len(search.text)) if at not in taken]
    return min(free, key=lambda at: abs(at - sentence.start - shifts[0]), default=None)


def find_out_of_order(sentences: Sequence[Sentence], places: Sequence[int]) -> list[Sentence]:
    """Return the sentences that were swapped in pairs, or else the fewest whose removal restores the order."""
    ranks = sorted(range(len(places)), key=places.__getitem__)
    wrong = [rank for rank, index in enumerate(ranks) if rank != index]
    if any(ranks[ranks[rank]] != rank for rank in wrong):
        wrong = sorted(set(ranks) - set(_find_longest_rise(ranks)))
    return [sentences[index] for index in wrong]


def _find_longest_rise(ranks: list[int]) -> list[int]:
    rises: list[list[int]] = []
    for rank in ranks:
        size = bisect_left([rise[-1] for rise in rises], rank)
        rises[size : size + 1] = [[*(rises[size - 1] if size else []), rank]]
    return rises[-1]


def _find_gaps(sentences: Sequence[Sentence], kept: dict[Sentence, int], length: int) -> dict[Sentence, Stretch]:
    gaps: dict[Sentence, Stretch] = {}
    for index, sentence in enumerate(sentences):
        before = (kept[s] + s.length for s in reversed(sentences[:index]) if s in kept)
        after = (kept[s] for s in sentences[index:] if s in kept)
        gaps[sentence] = (next(before, 0), next(after, length))
    return gaps


def _list_missing(text: str, placing: Placing, stray: list[Stretch]) -> Iterator[Difference]:
    gaps = Counter(placing.gone.values())
    for sentence, gap in placing.gone.items():
        there = ", ".join(_describe_span(text, start, end) for start, end in stray if _contains((start, end), gap))
        if not there:
            yield Difference(
                sentence.id, f"{sentence} is missing: there is no text at its position, code point {gap[0]}."
            )
        elif gaps[gap] == 1:
            yield Difference(sentence.id, f"{sentence} differs: its text was not found. Found instead: {there}.")
        else:
            due = f"Found instead of {gaps[gap]} sentences: {there}"
            yield Difference(sentence.id, f"{sentence} differs or is missing: its text was not found. {due}.")


def _contains(inner: Stretch, outer: Stretch) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _describe_span(text: str, start: int, end: int) -> str:
    odd = list_characters(c for c in set(text[start:end]) if not c.isascii())
    return f"code points {start}–{end}" + (f" (not ASCII in them: {odd})" if odd else "")


def list_characters(among: Iterable[str]) -> str:
    """Return the code point and the name of each distinct character, sorted."""
    return ", ".join(f"U+{ord(c):04X} {name(c, '')}".strip() for c in sorted(set(among)))


def _list_displaced(placing: Placing) -> Iterator[Difference]:
    for sentence, at in placing.astray.items():
        before = [other for other, place in placing.found.items() if place < at]
        where = f"after {max(before, key=placing.found.__getitem__).id}" if before else "before all others"
        yield Difference(sentence.id, f"{sentence} is out of order: it is {where}, from code point {at}.")


def _list_shifts(placing: Placing) -> Iterator[Difference]:
    for shift, group in groupby(placing.kept, key=lambda s: placing.kept[s] - s.start):
        run = list(group)
        if shift:
            where = f"In {run[0].id}" if len(run) == 1 else f"From {run[0].id} to {run[-1].id}"
            far = f"{abs(shift)} code point{'s' * (abs(shift) > 1)} {'later' if shift > 0 else 'earlier'}"
            yield Difference("", f"{where} the text matches, but it is {far} than in the ledger.")


def _find_repeated(search: Search, ledger: Ledger, stretches: list[Stretch]) -> list[tuple[Sentence, int]]:
    return [(s, at) for start, end in stretches for s in ledger.sentences for at in search.find(s, start, end)]


def _list_extra(text: str, placing: Placing, stray: list[Stretch]) -> Iterator[Difference]:
    for start, end in stray:
        if not any(_contains((start, end), gap) for gap in placing.gone.values()):
            touched = [s.id for s, at in placing.found.items() if at == end or at + s.length == start]
            said = f"The text at {_describe_span(text, start, end)} belongs to no sentence"
            beside = f", next to {touched[0]}" if touched else ""
            yield Difference(touched[0] if touched else "", f"{said}{beside}.")


def _check_hedge(search: Search, hedge: Hedge, placing: Placing) -> Iterator[Difference]:
    for sentence, at in placing.found.items():
        if sentence.id == hedge.sentence:
            yield from check_hedge(search.text, hedge, at - sentence.start)
    for sentence, gap in placing.gone.items():
        if sentence.id == hedge.sentence and not search.find(hedge, *gap):
            yield Difference(sentence.id, f"The text of hedge {hedge} was not found at the position of its sentence.")
