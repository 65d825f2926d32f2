"""Validate the answers to the questions of a new claim, and propose the answer that follows from the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from ldnkg.authoring.choices import find_choices
from ldnkg.authoring.form import LEDGER
from ldnkg.errors import LdnkgError
from ldnkg.records.characters import find_flaws
from ldnkg.records.names import get_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ldnkg.authoring.form import Answers, ClaimForm


INVISIBLE = "character-invisible"


def read_answer(form: ClaimForm, key: str, answer: str, answers: Answers) -> list[str]:
    """Return the values that an answer means; raise LdnkgError if the key does not allow it."""
    if form.takes_text(key):
        return [_read_text(form, key, answer)]
    choices = form.list_choices(key, answers)
    if not choices:
        raise LdnkgError(f"There is no choice for '{key}' with these answers.")
    return find_choices(choices, answer, many=form.keys[key].many)


def _read_text(form: ClaimForm, key: str, answer: str) -> str:
    text = normalize("NFC", " ".join(answer.split()))
    if not all(re.search(pattern, text) for pattern in form.keys[key].patterns):
        raise LdnkgError(f"'{answer}' is no text for '{key}'. Write it out in words.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise LdnkgError("The text is not UTF-8. Type it again, or set the terminal to UTF-8.") from error
    for rule, value in find_flaws(text):
        what = "the invisible character" if rule == INVISIBLE else "a letter that looks like another one:"
        raise LdnkgError(f"The text has {what} {value}. Type it again without it.")
    return text


def find_invalid(form: ClaimForm, answers: Answers) -> list[str]:
    """Return the keys whose values are no choice any more, because another answer or the publication has changed."""
    return [key for key, names in answers.items() if not is_allowed(form, key, names, answers)]


def is_allowed(form: ClaimForm, key: str, names: Sequence[str], answers: Answers) -> bool:
    """Return whether the key exists and may have these values."""
    if key not in form.keys:
        return False
    return form.takes_text(key) or {choice.name for choice in form.list_choices(key, answers)}.issuperset(names)


def propose(form: ClaimForm, key: str, answers: Answers) -> list[str]:
    """Return the values that follow for a key from the other answers, none if several are possible.

    A single hedge of the sentences is proposed; the certainty of the hedge, or the surest level if the sentences have
    no hedge; the evidence that all other claims of the sentences have; and every entry that the ledger lacks.
    """
    if key == "hedge":
        hedges = form.list_hedges(answers, key)
        return hedges if len(hedges) == 1 else []
    if key == "certainty":
        return _propose_certainty(form, answers)
    if key == "evidence":
        claims = map(form.vocabulary.claims.get, form.list_in_sentences(answers, "claims"))
        kinds = {name for claim in claims if claim for name in get_texts(claim[key])}
        return list(kinds) if len(kinds) == 1 else []
    return [choice.name for choice in form.list_choices(key, answers)] if key in LEDGER else []


def _propose_certainty(form: ClaimForm, answers: Answers) -> list[str]:
    hedges = answers.get("hedge", [])
    if hedges:
        return [str(form.vocabulary.hedges[name]["certainty"]) for name in hedges]
    if form.list_hedges(answers):
        return []
    return [choice.name for choice in form.list_choices("certainty", answers)[:1]]
