"""Search the library of questions, and suggest similar words if nothing is found."""

from __future__ import annotations

import csv
import io
import json
import re
from urllib.parse import urlsplit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from typing import Any

    from ldnkg.querying.library import Question

HEAD = ["group", "name", "title", "question", "keywords", "parameters", "federates"]


def filter_questions(known: Iterable[Question], words: Iterable[str]) -> list[Question]:
    """Return the questions that match all of these words.

    The name of a group matches its questions; any other word matches those that have it in the name or in the text.
    """
    known, sought = list(known), [word.lower() for word in words]
    groups = {one.group for one in known}
    return [one for one in known if all(_matches(one, word, groups) for word in sought)]


def _matches(question: Question, word: str, groups: Container[str]) -> bool:
    return word == question.group if word in groups else word in f"{question.name}\n{question.text}".lower()


def format_table(wanted: Iterable[Question]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a table of the questions."""
    rows = [[one.group, one.name, one.said("title"), _describe_usage(one)] for one in wanted]
    return ["group", "name", "title", "parameters"], rows


def format_json(wanted: Iterable[Question]) -> str:
    """Return all that is known of each question as JSON."""
    return json.dumps([_describe(one) for one in wanted], ensure_ascii=False, indent=1)


def suggest_words(known: Sequence[Question], words: Iterable[str]) -> str:
    """Return the question whether other words were meant, for those that no question has, or nothing."""
    from difflib import get_close_matches

    heads = [word for one in known for word in (one.group, one.name)]
    heads += [word for one in known for word in (*one.keywords, one.said("title"))]
    names = dict.fromkeys([*heads, *(part.lower() for head in heads for part in re.findall(r"\w+", head))])
    missing = [word for word in words if not filter_questions(known, [word])]
    found = [match for word in missing for match in get_close_matches(word.lower(), names, 1, 0.7)]
    return f" Did you mean {' or '.join(map(repr, found))}?" if found else ""


def _describe_usage(question: Question) -> str:
    hosts = [urlsplit(url).hostname or url for url in question.federates]
    others = [f"asks {', '.join(hosts)}, too: for a triple store of your own"] if hosts else []
    return ", ".join([*(f"--{name}" for name in question.parameters), *others])


def _describe(question: Question) -> dict[str, Any]:
    return {
        "group": question.group,
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


def format_csv(wanted: Iterable[Question]) -> str:
    """Return a row a question, several values in a cell with semicolons between."""
    held = io.StringIO()
    rows = csv.writer(held, lineterminator="\n")
    rows.writerow(HEAD)
    for one in wanted:
        several = (one.keywords, one.parameters, one.federates)
        said = (one.group, one.name, one.said("title"), one.said("question"))
        rows.writerow([*said, *("; ".join(cell) for cell in several)])
    return held.getvalue()
