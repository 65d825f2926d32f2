"""Format answers: rows of text, CSV, JSON and Turtle."""

from __future__ import annotations

import re
from itertools import takewhile

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.querying.engine import translate_store_errors
from ldnkg.querying.sparql_tokens import QUOTED
from ldnkg.rdf.terms import Shortener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeGuard

    from ldnkg.querying.engine import Answer


@translate_store_errors()
def format_rows(answer: ox.QuerySolutions, prefixes: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a SELECT, with IRIs as CURIEs and unbound variables as empty cells."""
    columns = [variable.value for variable in answer.variables]
    shorten = Shortener(prefixes)
    return columns, [[_format_cell(row[name], shorten) for name in columns] for row in answer]


def _format_cell(term: object, shorten: Shortener) -> str:
    if term is None:
        return ""
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))


@translate_store_errors()
def format_answer(answer: Answer, form: str, prefixes: Mapping[str, str]) -> str:
    """Return the answer as CSV, JSON or Turtle; raise LdnkgError if this kind of answer has no such format."""
    if isinstance(answer, ox.QueryTriples):
        if form in {"ttl", "table"}:
            return _format_turtle(answer, prefixes)
        raise LdnkgError(f"CONSTRUCT and DESCRIBE have no format {form}. Use --format ttl, or a SELECT query.")
    if form == "ttl":
        raise LdnkgError("Only CONSTRUCT and DESCRIBE have the format ttl. Use --format table, csv or json.")
    if form == "table" or (form == "csv" and isinstance(answer, ox.QueryBoolean)):
        return ("yes" if answer else "no") + "\n"
    wanted = ox.QueryResultsFormat.CSV if form == "csv" else ox.QueryResultsFormat.JSON
    return _decode(answer.serialize(format=wanted))


def _format_turtle(triples: ox.QueryTriples, prefixes: Mapping[str, str]) -> str:
    """Return the triples as Turtle, with only the prefixes that occur in it."""
    from ldnkg.rdf.serialization import serialise

    ordered = sorted(set(triples), key=str)
    lines = _decode(serialise(ordered, ox.RdfFormat.TURTLE, prefixes)).splitlines(keepends=True)
    head = [*takewhile(lambda line: line.startswith("@prefix "), lines)]
    body = "".join(lines[len(head) :])
    used = set(re.findall(r"(?<![\w.-])([\w.-]*):", QUOTED.sub(" ", body)))
    return "".join(line for line in head if line.split()[1].removesuffix(":") in used) + body


def _decode(content: bytes | None) -> str:
    text = (content or b"").decode().replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


def has_rows(answer: object) -> TypeGuard[ox.QuerySolutions]:
    """Return whether the answer is one of SELECT, which has rows."""
    return isinstance(answer, ox.QuerySolutions)
