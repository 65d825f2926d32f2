"""Format a list of questions as a table, CSV or JSON, and say what to do next."""

from __future__ import annotations

import csv
import io
import json
from shlex import quote
from urllib.parse import urlsplit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from ldnkg.querying.library import Question

COLUMNS = ["group", "name", "title", "question", "keywords", "parameters", "federates"]


def format_table(wanted: Iterable[Question]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a table of the questions."""
    rows = [[question.group, question.name, question.said("title"), _describe_usage(question)] for question in wanted]
    return ["group", "name", "title", "parameters"], rows


def _describe_usage(question: Question) -> str:
    hosts = [urlsplit(url).hostname or url for url in question.federates]
    others = [f"with --federated, which queries {', '.join(hosts)}"] if hosts else []
    return ", ".join([*(f"--{name}" for name in question.parameters), *others])


def format_csv(wanted: Iterable[Question]) -> str:
    """Return one row per question as CSV; semicolons separate several values in a cell."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for question in wanted:
        several = (question.keywords, question.parameters, question.federates)
        single = (question.group, question.name, question.said("title"), question.said("question"))
        rows.writerow([*single, *("; ".join(cell) for cell in several)])
    return text.getvalue()


def format_json(wanted: Iterable[Question]) -> str:
    """Return the complete description of each question as JSON."""
    return json.dumps([_describe(question) for question in wanted], ensure_ascii=False, indent=1)


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


def describe_next_step(wanted: Sequence[Question], known: Sequence[Question]) -> str:
    """Return how many questions were found, and the command that runs the first of them."""
    count = f"{len(wanted)} of {len(known)} questions."
    first = next((question for question in wanted if not question.federates), wanted[0])
    narrow = " Narrow the list with words or a group: `ldnkg query --list WORDS`." if len(wanted) == len(known) else ""
    return f"{count}{narrow} Run one by its name: `{format_command(first)}`."


def describe_no_questions(known: Sequence[Question], near: Sequence[str], alone: Mapping[str, int]) -> str:
    """Return what to type if no question was found.

    `near` are similar words, and `alone` is the number of questions that each word finds alone.
    """
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    counts = ", ".join(f"'{word}' {count}" for word, count in alone.items())
    hint += f" Questions for each word alone: {counts}." if len(alone) > 1 else ""
    groups = ", ".join(dict.fromkeys(question.group for question in known))
    more = (
        f"Groups: {groups}. `ldnkg query --list GROUP` lists one group, and `ldnkg query --list` lists all questions. "
        "The graph has the claims of one article only, so it may have no answer."
    )
    return f"0 of {len(known)} questions.{hint} {more}"


def format_command(question: Question) -> str:
    """Return the command that runs the question, with the default of each parameter."""
    pairs = (f"--{name} {quote(_format_default(question, name))}" for name in question.parameters)
    return " ".join(["ldnkg query", question.name, *pairs, *(["--federated"] if question.federates else [])])


def _format_default(question: Question, name: str) -> str:
    """Return the first term of the default as it can be typed: a text without quotation marks, an IRI without <>."""
    default = question.default(name)
    if default.startswith('"'):
        return default[1:].partition('"')[0]
    return default.split()[0].strip("<>")
