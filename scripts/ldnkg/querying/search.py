"""Search the library of questions, and suggest similar words if nothing is found."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import urlsplit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ldnkg.querying.library import Question

HEAD = ["name", "title", "question", "keywords", "parameters", "federates"]


def with_words(known: Iterable[Question], words: Iterable[str]) -> list[Question]:
    """Return the questions that have all of these words, in the name or in the text."""
    sought = [word.lower() for word in words]
    return [one for one in known if all(word in f"{one.name}\n{one.text}".lower() for word in sought)]


def as_rows(wanted: Sequence[Question]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a table of the questions."""
    return ["name", "title", "parameters"], [[one.name, one.said("title"), _how(one)] for one in wanted]


def as_json(wanted: Iterable[Question]) -> str:
    """Return all that is known of each question as JSON."""
    return json.dumps([_described(one) for one in wanted], ensure_ascii=False, indent=1)


def near(known: Sequence[Question], words: Iterable[str]) -> str:
    """Return the question whether other words were meant, for those that no question has, or nothing."""
    from difflib import get_close_matches

    heads = [*(one.name for one in known), *(word for one in known for word in (*one.keywords, one.said("title")))]
    names = dict.fromkeys([*heads, *(part.lower() for head in heads for part in re.findall(r"\w+", head))])
    missing = [word for word in words if not with_words(known, [word])]
    found = [match for word in missing for match in get_close_matches(word.lower(), names, 1, 0.7)]
    return f" Did you mean {' or '.join(map(repr, found))}?" if found else ""


def _how(question: Question) -> str:
    hosts = [urlsplit(url).hostname or url for url in question.federates]
    others = [f"asks {', '.join(hosts)}, too: for a triple store of your own"] if hosts else []
    return ", ".join([*(f"--{name}" for name in question.parameters), *others])


def _described(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": question.said("title"),
        "question": question.said("question"),
        "keywords": question.keywords,
        "parameters": [
            {"name": name, "meaning": meaning, "default": question.default(name)}
            for name, meaning in question.parameters.items()
        ],
        "federates": question.federates,
    }


def as_csv(wanted: Iterable[Question]) -> str:
    """Return a row a question, several values in a cell with semicolons between."""
    held = io.StringIO()
    rows = csv.writer(held, lineterminator="\n")
    rows.writerow(HEAD)
    for one in wanted:
        several = (one.keywords, one.parameters, one.federates)
        rows.writerow([one.name, one.said("title"), one.said("question"), *("; ".join(cell) for cell in several)])
    return held.getvalue()
