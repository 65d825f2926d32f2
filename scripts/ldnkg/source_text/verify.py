"""Verify the bytes of a text against a ledger: the exact text gives no difference, any other text is described."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import is_normalized, normalize

from ldnkg.source_text.ledger import Difference, check_ledger, compare_with_text, hash_text
from ldnkg.source_text.locate import list_characters, list_differences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal, TypeAlias

    from ldnkg.source_text.ledger import Ledger

    Form: TypeAlias = Literal["NFC", "NFD", "NFKC", "NFKD"]

FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")
MARK = "\ufeff"


def verify(raw: bytes, ledger: Ledger) -> list[Difference]:
    """Return the differences; there are none only for the exact bytes and a ledger that matches them."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return [_report_undecodable(error, ledger), *check_ledger(ledger)]
    said: list[Difference] = []
    if hash_text(text) != ledger.sha256:
        text, said = _restore(text, ledger)
    compare = compare_with_text if hash_text(text) == ledger.sha256 else list_differences
    return [*said, *check_ledger(ledger), *compare(text, ledger)]


def _report_undecodable(error: UnicodeDecodeError, ledger: Ledger) -> Difference:
    at = len(error.object[: error.start].decode("utf-8"))
    touched = next((s for s in ledger.sentences if s.start <= at < s.end), None)
    where = f"after {at} code points" + (f", in {touched}" if touched else "")
    return Difference(touched.id if touched else "", f"The text is not UTF-8 at byte {error.start}, {where}.")


def _restore(text: str, ledger: Ledger) -> tuple[str, list[Difference]]:
    """Undo the changes that editors and transports make to a whole text; return the text and these changes."""
    plain = text.removeprefix(MARK).replace("\r\n", "\n").replace("\r", "\n")
    said = [*_report_byte_order_mark(text), *_report_line_endings(text)]
    trimmed = _trim(plain, ledger)
    said += _report_tail(plain[len(trimmed) :])
    form = next((form for form in FORMS if hash_text(normalize(form, trimmed)) == ledger.sha256), None)
    if form is None or hash_text(trimmed) == ledger.sha256:
        return trimmed, said
    return normalize(form, trimmed), [*said, *_report_normalisation(trimmed, form, ledger)]


def _report_byte_order_mark(text: str) -> Iterator[Difference]:
    if text.startswith(MARK):
        yield Difference("", "The text begins with a byte order mark. Save it as UTF-8 without one.")


def _report_line_endings(text: str) -> Iterator[Difference]:
    pairs = text.count("\r\n")
    for name, times in (("CRLF", pairs), ("CR", text.count("\r") - pairs)):
        if times:
            yield Difference("", f"The text has {name} line endings, {times} of them. Save it with LF.")


def _trim(text: str, ledger: Ledger) -> str:
    due = max(0, ledger.length - max((s.end for s in ledger.sentences), default=0))
    return text[: len(text.rstrip()) + due]


def _report_tail(tail: str) -> Iterator[Difference]:
    kind = f"newline{'s' * (len(tail) > 1)}" if set(tail) == {"\n"} else "code points of white space"
    if tail:
        yield Difference("", f"The text ends in {len(tail)} {kind} too many. Remove the surplus.")


def _report_normalisation(text: str, form: Form, ledger: Ledger) -> Iterator[Difference]:
    given = next((name for name in FORMS if is_normalized(name, text)), "none")
    whole = normalize(form, text)
    strange = list_characters(set(text) - set(whole)) or "marks in another order"
    yield Difference("", f"The text is in Unicode normalisation form {given}, not {form}: it has {strange}.")
    for sentence in ledger.sentences:
        if whole[sentence.start : sentence.end] not in text:
            yield Difference(sentence.id, f"{sentence} differs only in its Unicode normalisation form.")
