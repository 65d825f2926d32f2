"""Prints claims for people: `show` in short, `explain` with all that stands behind a claim."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ldnkg import console
from ldnkg.describe import Library, article_of, cited, dose, hedge_of, places, qualifiers, statement
from ldnkg.problem import Problem

if TYPE_CHECKING:
    from ldnkg.yamlfile import Mapping


def show(library: Library, claim: Mapping) -> None:
    """Print the claim, its certainty, its place in the article and what it cites."""
    console.say(console.bold(str(claim["label"])))
    _line("claim", str(claim["id"]))
    _line("states", statement(library, claim))
    if doses := dose(library, claim):
        _line("dose", doses)
    hedge = hedge_of(library, claim)
    _line("certainty", str(claim["certainty"]) + (f", by the word '{hedge['cue']}'" if hedge else ""))
    if str(claim["subject"]).startswith("claim:"):
        _line("builds on", str(claim["subject"]))
    for key, value in qualifiers(library, claim):
        _line(key, value)
    for sentence in places(library, claim):
        _line("stands in", _place(library, sentence))
    for words in _citations(library, claim):
        _line("cites", words)


def explain(library: Library, claim: Mapping, text: str | None) -> None:
    """Print what `show` prints, what the certainty means, the hedge, and what builds on the claim."""
    show(library, claim)
    if "note" in claim:
        _line("note", str(claim["note"]))
    _line("that means", library.say(str(claim["certainty"]), "definition"))
    if hedge := hedge_of(library, claim):
        _line("hedge", f"the words at code points {hedge['start']} to {hedge['end']}, '{hedge['cue']}' among them")
    for other in _built_on(library, claim):
        _line("see also", f"{other['label']} ({other['id']})" if "label" in other else str(other["id"]))
    if text is not None:
        _words(library, claim, text)


def genuine_text(library: Library, claim: Mapping, raw: bytes, name: str) -> str:
    """Return the text of the article; raise Problem where it is not the one that the ledger speaks of."""
    article = article_of(library, next(places(library, claim)))
    if hashlib.sha256(raw).hexdigest() != article["sha256"]:
        raise Problem(
            f"{name}: is not the text of {article['id']}. Run `ldnkg verify-source {name}` to see what differs.", 1
        )
    return raw.decode("utf-8")


def _line(key: str, value: str) -> None:
    console.say(f"  {key + ':':<16} {value}")


def _place(library: Library, sentence: Mapping) -> str:
    article = article_of(library, sentence)
    span = f"code points {sentence['start']} to {sentence['end']}"
    return f"sentence {sentence['number']} ({sentence['section']}, {span}) of {article['citation']}"


def _citations(library: Library, claim: Mapping) -> list[str]:
    found = [
        f"{work['citation']} ({other['certainty']}, {library.say(str(other['evidence']))})"
        for work, other in cited(library, claim)
    ]
    return list(dict.fromkeys(found)) or ["the article ties none of the works it cites to this"]


def _built_on(library: Library, claim: Mapping) -> list[Mapping]:
    name = str(claim["id"])
    keys = ("subject", "object", "exceptFor", "stepClaim", "effect")
    return [node for key in keys for node in library.about(name, key)]


def _words(library: Library, claim: Mapping, text: str) -> None:
    hedge = hedge_of(library, claim)
    for sentence in places(library, claim):
        start, end = int(str(sentence["start"])), int(str(sentence["end"]))
        words = text[start:end]
        if hedge and hedge["inSentence"] == sentence["id"]:
            first, last = int(str(hedge["start"])) - start, int(str(hedge["end"])) - start
            words = words[:first] + console.marked(words[first:last]) + words[last:]
        console.say(f"\n  {sentence['number']}. {words}")
