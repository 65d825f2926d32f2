"""Find questions by plain words: rank them, and suggest similar words if nothing is found."""

from __future__ import annotations

import re

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from ldnkg.paths import Home
    from ldnkg.querying.library import Question

    # Plain words, normalised, with the terms that the questions use for them.
    Synonyms: TypeAlias = dict[str, list[str]]

SYNONYMS = "synonyms.tsv"
COLUMNS = ["words", "terms"]
# A shorter word must be a whole word of the text; a longer one may be the beginning of a word.
_SHORTEST_PREFIX = 4


def normalise(text: str) -> str:
    """Return the words of the text in lower case and in the singular, with single spaces between.

    >>> normalise("Side-effects of therapies")
    'side effect of therapy'
    """
    return " ".join(_make_singular(word) for word in re.findall(r"\w+", text.lower()))


def _make_singular(word: str) -> str:
    if len(word) < _SHORTEST_PREFIX or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def load_synonyms(home: Home) -> Synonyms:
    """Return the terms of each plain word in `queries/synonyms.tsv`; a word without terms is ignored in a search.

    Raises LdnkgError if a line does not have the two columns.
    """
    path = home.queries / SYNONYMS
    lines = read_text(path).splitlines() if path.is_file() else ["\t".join(COLUMNS)]
    if lines[:1] != ["\t".join(COLUMNS)]:
        raise LdnkgError(f"{display_path(path)}:1: must name the columns {' and '.join(COLUMNS)}, separated by a tab.")
    rows = [_split_row(path, number, line) for number, line in enumerate(lines[1:], 2)]
    return {word: terms for words, terms in rows for word in words}


def _split_row(path: Path, number: int, line: str) -> tuple[list[str], list[str]]:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise LdnkgError(f"{display_path(path)}:{number}: has {len(cells)} columns. Separate words and terms by a tab.")
    words, terms = ([normalise(part) for part in cell.split(";") if part.strip()] for cell in cells)
    return words, terms


def is_ignored(word: str, synonyms: Synonyms) -> bool:
    """Return whether a search ignores the word.

    >>> is_ignored("The", {"the": []}), is_ignored("dose", {"the": []})
    (True, False)
    """
    return synonyms.get(normalise(word)) == []


def find_questions(known: Iterable[Question], words: Iterable[str], synonyms: Synonyms) -> list[Question]:
    """Return the questions that match all of the words, the best first: by title, by name and keywords, by text.

    A question with exactly this name or title is the first. The name of a group selects its questions. If no question
    matches otherwise, the SPARQL is searched as well.
    """
    known, typed = list(known), [word.lower() for word in words]
    names, whole = {question.group for question in known}, normalise(" ".join(typed))
    exact = [question for question in known if whole in {normalise(question.name), normalise(question.said("title"))}]
    groups = {word for word in typed if word in names}
    wanted = [question for question in known if groups <= {question.group}]
    sought = _list_alternatives(normalise(" ".join(word for word in typed if word not in names)), synonyms)
    ranked = _rank(wanted, sought, in_sparql=False) or _rank(wanted, sought, in_sparql=True)
    return list(dict.fromkeys([*exact, *ranked]))


def _rank(questions: Iterable[Question], sought: Sequence[Sequence[str]], *, in_sparql: bool) -> list[Question]:
    """Return the questions that match everything sought, the best first; of equal ones, short titles come first."""
    ranked = []
    for place, question in enumerate(questions):
        fields = _list_fields(question, in_sparql=in_sparql)
        scores = [_score(fields, alternatives) for alternatives in sought]
        if None not in scores:
            score = sum(score for score in scores if score is not None)
            ranked.append((score, len(fields[1]) if sought else 0, place, question))
    return [question for *_, question in sorted(ranked, key=lambda row: row[:3])]


def _list_alternatives(phrase: str, synonyms: Synonyms) -> list[list[str]]:
    """Return a list of each plain word and its synonyms; words such as "the" are left out.

    >>> _list_alternatives("the side effect", {"the": [], "side effect": ["adverse effect"]})
    [['side effect', 'adverse effect']]
    """
    rest, found = phrase.split(), []
    longest = max((len(words.split()) for words in synonyms), default=1)
    while rest:
        parts = (" ".join(rest[:size]) for size in range(min(longest, len(rest)), 0, -1))
        found.append(next((part for part in parts if part in synonyms), rest[0]))
        rest = rest[len(found[-1].split()) :]
    kept = [part for part in found if synonyms.get(part) != []]
    return [[part, *synonyms.get(part, [])] for part in kept or found]


def _list_fields(question: Question, *, in_sparql: bool) -> list[str]:
    """Return the normalised texts of a question: its name, its title, its name and keywords, and its other text."""
    other = (question.said("question"), question.said("teaches"), *question.parameters.values())
    texts = (question.name, question.said("title"), " ".join([question.name, *question.keywords]), " ".join(other))
    return [normalise(text) for text in (*texts, *([question.sparql] if in_sparql else []))]


def _score(fields: Sequence[str], alternatives: Sequence[str]) -> int | None:
    """Return how far a question is from the best match, 0, or nothing if no alternative matches.

    The first alternative was typed, the others are its synonyms. A synonym can be the whole name of a question.
    """
    name, *texts = fields
    scores = [1] if name in alternatives else []
    for place, text in enumerate(texts):
        scores += [3 * place] if _contains(text, alternatives[0]) else []
        scores += [3 * place + 2] if any(_contains(text, term) for term in alternatives[1:]) else []
    return min(scores, default=None)


def _contains(text: str, term: str) -> bool:
    end = " " if len(term) < _SHORTEST_PREFIX else ""
    return f" {term}{end}" in f" {text} "


def suggest_words(known: Sequence[Question], words: Iterable[str], synonyms: Synonyms) -> list[str]:
    """Return the words of questions, or plain words, that are the most similar to those that no question has."""
    from difflib import get_close_matches

    texts = [text for question in known for text in (question.group, question.name)]
    texts += [text for question in known for text in (*question.keywords, question.said("title"))]
    parts = [part.lower() for text in texts for part in re.findall(r"\w+", text)]
    names = dict.fromkeys([*texts, *parts, *(word for word, terms in synonyms.items() if terms)])
    missing = [word for word in words if not find_questions(known, [word], synonyms)]
    return [match for word in missing for match in get_close_matches(word.lower(), names, 1, 0.75)]
