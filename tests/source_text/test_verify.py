"""Every alteration of a text and every error of a ledger is reported for the right sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ldnkg.records.lines import Lines
from ldnkg.records.reader import Record
from ldnkg.source_text.ledger import Difference, Hedge, Ledger, Sentence, hash_text, read_ledgers
from ldnkg.source_text.locate import Search, find_out_of_order
from ldnkg.source_text.verify import FORMS, verify
from support.article import PAIRS, Pair

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.records.yaml_reader import Mapping as Node

    Tamper = Callable[[str], str]

Spanned = TypeVar("Spanned", Sentence, Hedge)


STANDIN = PAIRS[0]
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.ledger.id)


def for_each(cases: Mapping[str, tuple[object, ...]]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Run a test for all cases at once, because a test for each takes longer than its assertions.

    A failure names its case.
    """

    def decorate(test: Callable[..., None]) -> Callable[[], None]:
        def run_all() -> None:
            assert cases
            for name, values in cases.items():
                try:
                    test(*values)
                except AssertionError as failure:
                    failure.add_note(f"This was the case {name}.")
                    raise

        return run_all

    return decorate


each_sentence = for_each({s.id: (p, s) for p in PAIRS for s in p.ledger.sentences})
each_hedge = for_each({h.id: (p, h) for p in PAIRS for h in p.ledger.hedges})
each_neighbours = for_each(
    {
        f"{s.id}-{t.number}": (p, s, t)
        for p in PAIRS
        for gap in (1, 2)
        for s, t in zip(p.ledger.sentences, p.ledger.sentences[gap:], strict=False)
    }
)


def named(found: list[Difference]) -> set[str]:
    return {difference.sentence for difference in found} - {""}


def telling(found: list[Difference], sentence: str, *words: str) -> list[Difference]:
    return [d for d in found if d.sentence == sentence and all(word in d.words for word in words)]


def told(text: str, ledger: Ledger) -> list[Difference]:
    return verify(text.encode(), ledger)


def middle(sentence: Sentence) -> int:
    return (sentence.start + sentence.end) // 2


def after(ledger: Ledger, sentence: Sentence) -> list[str]:
    return [s.id for s in ledger.sentences if s.start >= sentence.end]


@each_pair
def test_the_exact_text_is_accepted(pair: Pair) -> None:
    assert verify(pair.text.encode(), pair.ledger) == []


def test_the_substitute_article_has_every_feature_that_the_tests_need() -> None:
    units = len(STANDIN.text), len(STANDIN.text.encode()), len(STANDIN.text.encode("utf-16-le")) // 2
    assert len(set(units)) == 3
    assert (len(STANDIN.ledger.sentences), len(STANDIN.ledger.hedges)) == (18, 5)


def made(text: str) -> Ledger:
    """Return a ledger of a text that has a space between its sentences."""
    spans = [(found.start(), found.end(), hash_text(found[0])) for found in re.finditer(r"\S+", text)]
    sentences = tuple(Sentence(f"a#s{n:02}", *span, n, "all") for n, span in enumerate(spans, 1))
    return Ledger("a", len(text), hash_text(text), sentences, ())


# --- An altered sentence

TAMPERINGS: dict[str, Tamper] = {
    "word swapped": lambda words: words.replace(max(words.split(), key=len), "quagga", 1),
    "negation put in": lambda words: words.replace(" ", " not ", 1),
    "number changed": lambda words: re.sub(r"\d", lambda digit: str(9 - int(digit[0])), words, count=1),
    "letter dropped": lambda words: words[: len(words) // 2] + words[len(words) // 2 + 1 :],
    "look-alike letters": lambda words: words.translate({ord("o"): "\u043e", ord("a"): "\u0430"}),
    "one look-alike letter": lambda words: words.replace("e", "\u0435", 1),
    "zero-width character": lambda words: words[:3] + "\u200b" + words[3:],
    "soft hyphen": lambda words: words[:3] + "\u00ad" + words[3:],
    "case of all": str.swapcase,
    "case of one letter": lambda words: re.sub("[A-Za-z]", lambda letter: letter[0].swapcase(), words, count=1),
    "punctuation changed": lambda words: re.sub("[.,:;?]", "!", words, count=1),
    "space doubled": lambda words: words.replace(" ", "  ", 1),
    "space unbreakable": lambda words: words.replace(" ", "\u00a0", 1),
    "line broken": lambda words: words.replace(" ", "\n", 1),
    "NFD": lambda words: normalize("NFD", words),
    "NFKC": lambda words: normalize("NFKC", words),
}
TAMPERED = {
    f"{s.id}-{name}": (p, s, tamper)
    for name, tamper in TAMPERINGS.items()
    for p in PAIRS
    for s in p.ledger.sentences
    if tamper(p.cut(s)) != p.cut(s)
    and p.text not in {normalize(form, p.put(s.start, s.end, tamper(p.cut(s)))) for form in FORMS}
}


def test_every_alteration_changes_a_sentence_of_the_substitute_article() -> None:
    touching = {name for name, t in TAMPERINGS.items() for s in STANDIN.ledger.sentences if t(c := STANDIN.cut(s)) != c}
    assert touching == set(TAMPERINGS)


@for_each(TAMPERED)
def test_only_the_altered_sentence_is_reported(pair: Pair, sentence: Sentence, tamper: Tamper) -> None:
    new = tamper(pair.cut(sentence))
    found = told(pair.put(sentence.start, sentence.end, new), pair.ledger)
    assert named(found) == {sentence.id}
    (said,) = telling(found, sentence.id, "differs:")
    assert f"sentence {sentence.number}, section {sentence.section}" in said.words
    assert f"expected at code points {sentence.start}–{sentence.end}" in said.words
    assert f"Found instead: code points {sentence.start}–{sentence.start + len(new)}" in said.words
    assert not telling(found, "", "white space")
    shift = len(new) - sentence.end + sentence.start
    rest = after(pair.ledger, sentence)
    way = f"{abs(shift)} code point{'s' * (abs(shift) > 1)} {'later' if shift > 0 else 'earlier'}"
    assert len(telling(found, "", "the text matches")) == bool(shift and rest)
    assert not (shift and rest) or telling(found, "", way, rest[0], rest[-1])


@pytest.mark.parametrize(
    ("new", "name"), [("\u200b", "U+200B ZERO WIDTH SPACE"), ("\u0430", "U+0430 CYRILLIC SMALL LETTER A")]
)
def test_look_alike_characters_are_named(new: str, name: str) -> None:
    sentence = STANDIN.ledger.sentences[5]
    found = told(STANDIN.put(sentence.start + 4, sentence.start + 5, new), STANDIN.ledger)
    assert telling(found, sentence.id, name)


@each_pair
def test_a_no_break_space_is_named(pair: Pair) -> None:
    for sentence in pair.ledger.sentences:
        new = pair.cut(sentence).replace(" ", "\u00a0")
        found = told(pair.put(sentence.start, sentence.end, new), pair.ledger)
        assert named(found) == ({sentence.id} if "\u00a0" in new else set())
        assert any("U+00A0 NO-BREAK SPACE" in difference.words for difference in found) == ("\u00a0" in new)


@each_hedge
def test_a_truncated_hedge_is_reported(pair: Pair, hedge: Hedge) -> None:
    found = told(pair.put(hedge.start, hedge.end, ""), pair.ledger)
    assert named(found) == {hedge.sentence}
    assert len(telling(found, hedge.sentence, hedge.id, "not found")) == 1


@each_hedge
def test_an_unchanged_hedge_is_not_reported(pair: Pair, hedge: Hedge) -> None:
    found = told(pair.put(hedge.end, hedge.end, " quagga"), pair.ledger)
    assert telling(found, hedge.sentence, "differs:")
    assert not [d for d in found if hedge.id in d.words]


# --- Sentences removed, inserted, repeated or moved


@each_sentence
def test_a_missing_sentence_is_reported(pair: Pair, sentence: Sentence) -> None:
    before = max((s.end for s in pair.ledger.sentences if s.end <= sentence.start), default=0)
    found = told(pair.put(before, sentence.end, "").lstrip(), pair.ledger)
    assert named(found) == {sentence.id}
    assert len(telling(found, sentence.id, "is missing", f"code point {before}.")) == 1


@each_pair
def test_missing_list_items_are_reported(pair: Pair) -> None:
    items = [s for s in pair.ledger.sentences if pair.cut(s).startswith("•")]
    found = told(pair.put(items[0].start, items[-1].end + 2, ""), pair.ledger)
    assert named(found) == {s.id for s in items}
    assert len(items) > 1
    assert all(telling(found, s.id, "is missing") for s in items)


@each_sentence
def test_a_repeated_sentence_is_reported(pair: Pair, sentence: Sentence) -> None:
    found = told(pair.put(sentence.end, sentence.end, "\n" + pair.cut(sentence)), pair.ledger)
    place = f"code points {sentence.end + 1}–{sentence.end + 1 + sentence.length}"
    assert named(found) == {sentence.id}
    assert len(telling(found, sentence.id, "is repeated", place)) == 1


@each_sentence
def test_a_sentence_that_replaces_the_next_is_reported_with_it(pair: Pair, sentence: Sentence) -> None:
    following = pair.ledger.sentences[sentence.number % len(pair.ledger.sentences)]
    found = told(pair.put(following.start, following.end, pair.cut(sentence)), pair.ledger)
    assert named(found) == {sentence.id, following.id}
    assert telling(found, following.id, "is missing")
    assert telling(
        found, sentence.id, f"is repeated, at code points {following.start}–{following.start + sentence.length}"
    )


@each_neighbours
def test_swapped_sentences_are_both_reported(pair: Pair, one: Sentence, other: Sentence) -> None:
    text = pair.text
    swapped = text[: one.start] + pair.cut(other) + text[one.end : other.start] + pair.cut(one) + text[other.end :]
    found = told(swapped, pair.ledger)
    assert named(found) == {one.id, other.id}
    right = [difference.words for difference in found if "text matches" in difference.words]
    assert not [words for words in right if one.id in words or other.id in words]
    before = pair.ledger.sentences[one.number - 2].id if one.number > 1 else "before all others"
    assert telling(found, other.id, "out of order", before, f"from code point {one.start}.")
    assert telling(found, one.id, "out of order", f"from code point {other.end - one.length}.")


@each_pair
def test_distant_differences_are_each_reported_with_their_position(pair: Pair) -> None:
    early, late = pair.ledger.sentences[3], pair.ledger.sentences[-3]
    text = pair.put(late.end, late.end, "\nQuagga.").replace(pair.cut(early), "Quaggas")
    found = told(text, pair.ledger)
    assert named(found) == {early.id}
    assert telling(
        found,
        early.id,
        f"differs: its text was not found. Found instead: code points {early.start}–{early.start + 7}.",
    )
    stray = late.end - early.length + 8
    assert telling(found, "", f"The text at code points {stray}–{stray + 7} belongs to no sentence.")


@each_neighbours
def test_two_adjacent_altered_sentences_are_reported_together(pair: Pair, one: Sentence, other: Sentence) -> None:
    found = told(pair.put(one.start + 1, other.end - 1, "quagga"), pair.ledger)
    lost = {s.id for s in pair.ledger.sentences[one.number - 1 : other.number]}
    assert named(found) == lost
    place = f"Found instead of {len(lost)} sentences: code points {one.start}–{one.start + 8}"
    assert all(len(telling(found, name, "differs or is missing", place)) == 1 for name in lost)


def test_sentences_with_the_same_text_are_distinguished() -> None:
    ledger = made("Ay. Bee. Ay. Cee.")
    assert told("Ay. Bee. Ay. Cee.", ledger) == []
    found = told("Ay. Bee. Cee.", ledger)
    assert named(found) == {"a#s03"}
    assert telling(found, "a#s03", "is missing")
    assert len([d for d in told("Bee. Ay. Cee.", ledger) if "is missing" in d.words]) == 1


def test_of_two_copies_the_one_with_the_usual_shift_is_the_sentence() -> None:
    found = told("Quagga. Cee. Ay. Bee. Cee. Dee.", made("Ay. Bee. Cee. Dee."))
    assert named(found) == {"a#s03"}
    assert telling(found, "a#s03", "is repeated, at code points 8–12.")
    assert telling(found, "", "The text at code points 0–7 belongs to no sentence.")
    assert telling(found, "", "From a#s01 to a#s04 the text matches, but it is 13 code points later")


@each_pair
def test_only_a_sentence_that_moved_far_is_reported(pair: Pair) -> None:
    first, last = pair.ledger.sentences[0], pair.ledger.sentences[-1]
    found = told(pair.text[first.end :].lstrip() + "\n" + pair.cut(first), pair.ledger)
    assert named(found) == {first.id}
    assert telling(found, first.id, "out of order", f"it is after {last.id}")


@each_sentence
def test_text_outside_every_sentence_is_reported_with_its_position(pair: Pair, sentence: Sentence) -> None:
    found = told(pair.put(sentence.end, sentence.end, "\nQuaggas agree.\n"), pair.ledger)
    assert named(found) == set()
    assert telling(found, "", f"code points {sentence.end + 1}–{sentence.end + 15} belongs to no sentence")


@each_sentence
def test_text_next_to_a_sentence_is_reported_for_that_sentence(pair: Pair, sentence: Sentence) -> None:
    for at in (sentence.start, sentence.end):
        found = told(pair.put(at, at, "\u200b"), pair.ledger)
        assert named(found) == {sentence.id}
        assert telling(found, sentence.id, f"code points {at}–{at + 1} ", "U+200B", f"next to {sentence.id}")


@each_pair
def test_different_white_space_between_sentences_is_reported(pair: Pair) -> None:
    first = pair.ledger.sentences[0]
    wider = told(pair.put(first.end, first.end, " "), pair.ledger)
    other = told(pair.put(first.end, first.end + 1, "\t"), pair.ledger)
    rest = after(pair.ledger, first)
    assert len(wider) == 3
    assert telling(wider, "", "the white space differs")
    assert telling(wider, "", "1 code point later", f"From {rest[0]} to {rest[-1]}")
    assert len(other) == 2
    assert telling(other, "", "the white space differs")


@each_sentence
def test_a_truncated_text_lacks_the_remaining_sentences(pair: Pair, sentence: Sentence) -> None:
    half = told(pair.text[: middle(sentence)].rstrip(), pair.ledger)
    none = told(pair.text[: sentence.start].rstrip(), pair.ledger)
    lost = {sentence.id, *after(pair.ledger, sentence)}
    assert named(half) == named(none) == lost
    assert all(telling(half, name, "differs") for name in lost)
    assert all(telling(none, name, "is missing") for name in lost)


@each_pair
def test_an_empty_file_lacks_every_sentence(pair: Pair) -> None:
    found = verify(b"", pair.ledger)
    assert {d.sentence for d in found if "is missing" in d.words} == {s.id for s in pair.ledger.sentences}
    assert telling(found, "", "it has 0 code points", str(pair.ledger.length), pair.ledger.sha256)


# --- The whole text saved in another way


def with_mark(text: str) -> str:
    return "\ufeff" + text


WHOLE: dict[str, tuple[Tamper, list[str]]] = {
    "byte order mark": (with_mark, ["byte order mark"]),
    "CRLF": (lambda text: text.replace("\n", "\r\n"), ["has CRLF line endings"]),
    "CR": (lambda text: text.replace("\n", "\r"), ["has CR line endings"]),
    "one CRLF": (lambda text: text.replace("\n", "\r\n", 1), ["has CRLF line endings, 1 of them"]),
    "newline at the end": (lambda text: text + "\n", ["ends in 1 newline too many"]),
    "newlines at the end": (lambda text: text + "\n\n", ["ends in 2 newlines too many"]),
    "space at the end": (lambda text: text + " \n", ["ends in 2 code points of white space too many"]),
    "all at once": (
        lambda text: with_mark(text).replace("\n", "\r\n") + "\r\n",
        ["byte order mark", "has CRLF line endings", "ends in 1 newline too many"],
    ),
}


@each_pair
@pytest.mark.parametrize(("save", "words"), WHOLE.values(), ids=WHOLE)
def test_only_the_way_a_text_was_saved_is_reported(pair: Pair, save: Tamper, words: list[str]) -> None:
    found = told(save(pair.text), pair.ledger)
    assert len(found) == len(words)
    assert all(word in difference.words for word, difference in zip(words, found, strict=True))
    assert named(found) == set()


@each_pair
def test_an_alteration_is_reported_in_a_text_saved_in_another_way(pair: Pair) -> None:
    sentence = pair.ledger.sentences[6]
    text = pair.put(middle(sentence), middle(sentence), "quagga")
    found = told(with_mark(text.replace("\n", "\r\n")) + "\r\n", pair.ledger)
    assert named(found) == {sentence.id}
    assert [bool(telling(found, "", word)) for word in WHOLE["all at once"][1]] == [True] * 3


def renormalised(pair: Pair, form: Literal["NFC", "NFD"]) -> Pair:
    """Return the text in that form with a ledger made for it."""

    def moved(span: Spanned) -> Spanned:
        start = len(normalize(form, pair.text[: span.start]))
        words = normalize(form, pair.text[span.start : span.end])
        return replace(span, start=start, end=start + len(words), sha256=hash_text(words))

    text = normalize(form, pair.text)
    sentences, hedges = tuple(map(moved, pair.ledger.sentences)), tuple(map(moved, pair.ledger.hedges))
    return Pair(text, Ledger(pair.ledger.id, len(text), hash_text(text), sentences, hedges))


def test_another_normalisation_form_is_reported_with_its_sentences() -> None:
    apart = renormalised(STANDIN, "NFD")
    touched = {s.id for s in STANDIN.ledger.sentences if normalize("NFD", STANDIN.cut(s)) != STANDIN.cut(s)}
    for text, ledger, words in (
        (apart.text, STANDIN.ledger, "form NFD, not NFC"),
        (STANDIN.text, apart.ledger, "form NFC, not NFD"),
    ):
        found = told(text + "\n", ledger)
        assert told(text, ledger) == found[1:]
        assert telling(found, "", words, "U+0301" if "not NFC" in words else "U+00E9")
        assert named(found) == touched != set()
        assert all(telling(found, name, "only in its Unicode normalisation form") for name in touched)
        assert len(found) == 2 + len(touched)
    assert told(apart.text, apart.ledger) == []


@pytest.mark.parametrize("text", ["Ay.\n", "Ay.\r\nBee.", "\ufeff Ay.", "e\u0301 \u00e9", "Ay. "])
def test_an_unusual_text_with_its_own_ledger_is_accepted(text: str) -> None:
    assert told(text, made(text)) == []
    assert told(text + "Bee.", made(text)) != []


def test_only_surplus_newlines_are_counted() -> None:
    found = told("Ay.\n\n", made("Ay.\n"))
    assert found == telling(found, "", "ends in 1 newline too many")
    assert len(found) == 1


@each_sentence
def test_invalid_utf8_is_reported_with_its_position(pair: Pair, sentence: Sentence) -> None:
    byte = len(pair.text[: sentence.start].encode())
    raw = pair.text.encode()
    found = verify(raw[:byte] + b"\xff" + raw[byte:], pair.ledger)
    assert len(found) == 1
    assert telling(found, sentence.id, f"not UTF-8 at byte {byte}, after {sentence.start} code points, in {sentence}")


@each_pair
def test_invalid_utf8_outside_every_sentence_is_reported_with_its_position(pair: Pair) -> None:
    raw = pair.text.encode()
    assert telling(verify(raw + b"\xc3", pair.ledger), "", f"not UTF-8 at byte {len(raw)}, after {len(pair.text)} code")
    assert telling(verify(pair.text.encode("utf-16"), pair.ledger), pair.ledger.sentences[0].id, "not UTF-8 at byte 0,")


@settings(derandomize=True, deadline=None)
@given(start=st.integers(0, STANDIN.ledger.length), size=st.integers(0, 40), new=st.text(max_size=8))
def test_no_other_text_passes(start: int, size: int, new: str) -> None:
    text = STANDIN.put(start, start + size, new)
    assert bool(told(text, STANDIN.ledger)) == (text != STANDIN.text)


@settings(derandomize=True, deadline=None)
@given(start=st.integers(0, len(STANDIN.text.encode())), size=st.integers(0, 3), new=st.binary(max_size=3))
def test_no_other_bytes_pass(start: int, size: int, new: bytes) -> None:
    raw = STANDIN.text.encode()
    assert bool(verify(raw[:start] + new + raw[start + size :], STANDIN.ledger)) == (
        raw[:start] + new + raw[start + size :] != raw
    )


def test_a_text_that_is_too_long_to_search_is_reported() -> None:
    text = "quagga " * 300_000
    found = told(text, STANDIN.ledger)
    assert telling(found, "", "too long to search completely")
    assert named(found) == {s.id for s in STANDIN.ledger.sentences}
    assert not telling(told(text[:7_000], STANDIN.ledger), "", "too long")


def test_a_search_stops_at_its_limit() -> None:
    sentence = STANDIN.ledger.sentences[3]
    places = len(STANDIN.text) - sentence.length + 1
    for allowance, found in ((places, [sentence.start]), (places - 1, [])):
        search = Search(STANDIN.text, allowance)
        assert search.find(sentence, 0, len(STANDIN.text)) == found
        assert search.gave_up == (not found)
    search = Search(STANDIN.text, 2 * places - 1)
    assert [len(search.find(sentence, 0, len(STANDIN.text))) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        ("", ""),
        ("abcd", ""),
        ("acbd", "bc"),
        ("dbca", "ad"),
        ("badc", "abcd"),
        ("bcda", "a"),
        ("dabc", "d"),
        ("cdeab", "ab"),
    ],
)
def test_as_few_sentences_as_possible_are_out_of_order(order: str, wrong: str) -> None:
    sentences = [Sentence(name, 0, 1, "", 1, "") for name in sorted(order)]
    places = [10 * order.index(sentence.id) for sentence in sentences]
    assert {sentence.id for sentence in find_out_of_order(sentences, places)} == set(wrong)


# --- Errors of the ledger, with the exact text


def edit(ledger: Ledger, sentence: Sentence, **changes: object) -> Ledger:
    edited = (replace(s, **changes) if s == sentence else s for s in ledger.sentences)  # type: ignore[arg-type]
    return replace(ledger, sentences=tuple(edited))


def edit_hedge(ledger: Ledger, hedge: Hedge, **changes: object) -> Ledger:
    edited = (replace(h, **changes) if h == hedge else h for h in ledger.hedges)  # type: ignore[arg-type]
    return replace(ledger, hedges=tuple(edited))


def numbered(ledger: Ledger, sentences: list[Sentence]) -> Ledger:
    return replace(ledger, sentences=tuple(replace(s, number=n) for n, s in enumerate(sentences, 1)))


@each_sentence
def test_a_wrong_hash_of_a_sentence_is_found(pair: Pair, sentence: Sentence) -> None:
    found = told(pair.text, edit(pair.ledger, sentence, sha256=hash_text("quagga")))
    assert found == telling(found, sentence.id, "ledger is wrong", "another SHA-256")
    assert len(found) == 1


@each_sentence
def test_a_position_that_is_off_by_one_is_reported(pair: Pair, sentence: Sentence) -> None:
    for start, end in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)):
        found = told(pair.text, edit(pair.ledger, sentence, start=sentence.start + start, end=sentence.end + end))
        assert telling(found, sentence.id, "another SHA-256"), (start, end)
        assert len(telling(found, "", "no sentence for the text at")) == (start > 0) + (end < 0), (start, end)
        assert bool(telling(found, sentence.id, "has no valid span")) == (sentence.start + start < 0), (start, end)


@each_sentence
def test_a_sentence_that_overlaps_another_is_found(pair: Pair, sentence: Sentence) -> None:
    for other in pair.ledger.sentences[sentence.number : sentence.number + 2]:
        found = told(pair.text, edit(pair.ledger, sentence, end=other.end))
        assert telling(found, other.id, f"{other} overlaps {sentence.id}")
        assert len(telling(found, other.id)) == 1


@each_neighbours
def test_two_sentences_at_one_position_are_reported(pair: Pair, one: Sentence, other: Sentence) -> None:
    found = told(pair.text, edit(pair.ledger, other, start=one.start, end=one.end, sha256=one.sha256))
    assert len(telling(found, other.id, "overlaps")) == 1
    assert bool(telling(found, other.id, "is listed after")) == (other.number - one.number > 1)


def test_adjacent_sentences_and_a_hedge_as_long_as_its_sentence_are_accepted() -> None:
    sentences = Sentence("a#s01", 0, 2, hash_text("A."), 1, "all"), Sentence("a#s02", 2, 3, hash_text("B"), 2, "all")
    hedge = Hedge("a#hedge-s02", 2, 3, hash_text("B"), "a#s02", "b")
    ledger = Ledger("a", 3, hash_text("A.B"), sentences, (hedge,))
    assert verify(b"A.B", ledger) == []
    assert named(verify(b"C.B", ledger)) == {"a#s01"}


@each_sentence
def test_a_sentence_missing_from_the_ledger_is_reported(pair: Pair, sentence: Sentence) -> None:
    hedges = tuple(h for h in pair.ledger.hedges if h.sentence != sentence.id)
    rest = replace(pair.ledger, sentences=tuple(s for s in pair.ledger.sentences if s != sentence), hedges=hedges)
    gap = f"no sentence for the text at code points {sentence.start}–{sentence.end}."
    found = told(pair.text, rest)
    assert len(telling(found, "", gap)) == 1
    assert named(found) == set(after(pair.ledger, sentence))
    assert all(telling(found, s.id, f"wrong number: {s.number - 1} is") for s in rest.sentences if s.id in named(found))
    assert told(pair.text, numbered(rest, list(rest.sentences))) == telling(found, "", gap)


@each_pair
def test_an_empty_ledger_covers_nothing(pair: Pair) -> None:
    found = told(pair.text, replace(pair.ledger, sentences=(), hedges=()))
    assert found == telling(found, "", f"no sentence for the text at code points 0–{len(pair.text)}.")
    assert len(found) == 1


@each_neighbours
def test_sentences_listed_out_of_order_are_found(pair: Pair, one: Sentence, other: Sentence) -> None:
    listed = list(pair.ledger.sentences)
    listed[one.number - 1], listed[other.number - 1] = other, one
    found = told(pair.text, replace(pair.ledger, sentences=tuple(listed)))
    assert telling(found, one.id, f"{one} has the wrong number: {other.number} is expected here")
    assert telling(found, other.id, f"{other} has the wrong number: {one.number} is expected here")
    late = listed[one.number]
    renumbered = told(pair.text, numbered(pair.ledger, listed))
    assert telling(renumbered, late.id, "is listed after", "but starts before it")
    assert len(renumbered) == other.number - one.number


@each_sentence
def test_a_number_repeated_is_found(pair: Pair, sentence: Sentence) -> None:
    found = told(pair.text, edit(pair.ledger, sentence, number=sentence.number + 1))
    assert found == telling(found, sentence.id, f"wrong number: {sentence.number} is expected")
    assert len(found) == 1


@each_sentence
def test_an_invalid_span_is_reported(pair: Pair, sentence: Sentence) -> None:
    length = len(pair.text)
    for start, end in ((sentence.start, sentence.start), (sentence.start - length, sentence.end - length)):
        found = told(
            pair.text, edit(pair.ledger, sentence, start=start, end=end, sha256=hash_text(pair.text[start:end]))
        )
        assert telling(found, sentence.id, "has no valid span")
        assert telling(found, sentence.id, "another SHA-256")


@each_pair
def test_a_position_beyond_the_text_is_reported(pair: Pair) -> None:
    last = pair.ledger.sentences[-1]
    found = told(pair.text, edit(pair.ledger, last, end=last.end + 1))
    assert found == telling(found, last.id, "another SHA-256")
    assert len(found) == 1


@each_pair
@pytest.mark.parametrize(("encoding", "unit"), [("utf-8", 1), ("utf-16-le", 2)])
def test_positions_in_another_unit_are_reported(pair: Pair, encoding: str, unit: int) -> None:
    def at(place: int) -> int:
        return len(pair.text[:place].encode(encoding)) // unit

    placed = tuple(replace(s, start=at(s.start), end=at(s.end)) for s in pair.ledger.sentences)
    wrong = {s.id for s, new in zip(pair.ledger.sentences, placed, strict=True) if s != new}
    found = told(pair.text, replace(pair.ledger, sentences=placed))
    assert {d.sentence for d in found if "another SHA-256" in d.words} == wrong
    assert bool(wrong) == (len(pair.text) != at(len(pair.text)))


@each_hedge
def test_faults_of_a_hedge_are_found(pair: Pair, hedge: Hedge) -> None:
    sentence = next(s for s in pair.ledger.sentences if s.id == hedge.sentence)
    for changes, words in (
        ({"sha256": hash_text("quagga")}, "has another SHA-256"),
        ({"start": hedge.start + 1}, "has another SHA-256"),
        ({"cue": "quagga"}, "the cue is not in the text"),
        ({"cue": hedge.cue[:-1]}, "the cue is not in the text"),
        ({"cue": hedge.cue[1:]}, "the cue is not in the text"),
        ({"start": sentence.start - 1}, f"is not within {sentence.id}"),
        ({"end": sentence.end + 1}, f"is not within {sentence.id}"),
        ({"end": hedge.start}, f"is not within {sentence.id}"),
    ):
        found = told(pair.text, edit_hedge(pair.ledger, hedge, **changes))
        assert telling(found, hedge.sentence, "ledger is wrong", hedge.id, words), (changes, found)
        assert named(found) == {hedge.sentence}
    assert told(pair.text, edit_hedge(pair.ledger, hedge, cue=hedge.cue.swapcase())) == []


@each_hedge
def test_a_hedge_in_another_sentence_is_found(pair: Pair, hedge: Hedge) -> None:
    for sentence in pair.ledger.sentences:
        found = told(pair.text, edit_hedge(pair.ledger, hedge, sentence=sentence.id))
        assert len(telling(found, sentence.id, hedge.id, "is not within")) == (sentence.id != hedge.sentence)
    found = told(pair.text, edit_hedge(pair.ledger, hedge, sentence="source:quagga#s01"))
    assert found == telling(found, "", hedge.id, "source:quagga#s01, which is not in the ledger")
    assert len(found) == 1


@each_hedge
def test_a_wrong_hedge_in_a_sentence_that_moved_is_found(pair: Pair, hedge: Hedge) -> None:
    text = "Quagga.\n" + pair.text
    right = told(text, pair.ledger)
    wrong = told(text, edit_hedge(pair.ledger, hedge, sha256=hash_text("quagga")))
    assert named(right) == set()
    assert [d for d in wrong if d not in right] == telling(wrong, hedge.sentence, hedge.id, "another SHA-256")
    assert named(wrong) == {hedge.sentence}


@each_pair
@pytest.mark.parametrize("more", [-1, 1])
def test_a_wrong_length_is_found(pair: Pair, more: int) -> None:
    found = told(pair.text, replace(pair.ledger, length=pair.ledger.length + more))
    assert found == telling(found, "", f"{len(pair.text)} code points, not {len(pair.text) + more}.")
    assert len(found) == 1


@each_pair
def test_a_wrong_hash_of_the_whole_is_found(pair: Pair) -> None:
    found = told(pair.text, replace(pair.ledger, sha256=hash_text("quagga")))
    assert telling(found, "", hash_text(pair.text), hash_text("quagga"))
    assert telling(found, "", "or the hash in the ledger is wrong")
    assert len(found) == 2


@each_pair
def test_errors_of_the_ledger_are_reported_for_any_text(pair: Pair) -> None:
    sentence = pair.ledger.sentences[2]
    wrong = edit(pair.ledger, sentence, number=7)
    for raw in (pair.text.encode() + b"\xff", pair.text.encode() + b"\r\n", pair.text.encode() + b" quagga"):
        assert telling(verify(raw, wrong), sentence.id, "wrong number: 3 is expected")


def test_each_record_that_lists_sentences_gives_a_ledger() -> None:
    one: Node = {"id": "source:a#s01", "number": "1", "section": "all", "start": "0", "end": "2"}
    one["sha256"] = hash_text("Hi")
    record = Record(
        Path("a.yaml"), {"id": "source:a", "length": "2", "sha256": hash_text("Hi"), "sentences": one}, Lines()
    )
    other = Record(Path("b.yaml"), {"id": "source:b"}, Lines())
    (ledger,) = read_ledgers([other, record])
    assert ledger == Ledger(
        "source:a", 2, hash_text("Hi"), (Sentence("source:a#s01", 0, 2, hash_text("Hi"), 1, "all"),), ()
    )
    assert verify(b"Hi", ledger) == []
