"""Format answers: rows of text, and the formats that machines read."""

from __future__ import annotations

import re
from itertools import takewhile

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.querying.engine import translate_store_errors
from ldnkg.rdf.formats import ALIASES, GRAPH_FORMATS, ROW_FORMATS, get_graph_format, get_row_format
from ldnkg.rdf.sparql_tokens import QUOTED
from ldnkg.rdf.terms import Shortener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeGuard

    from ldnkg.querying.engine import Answer


_CSV_CELL = re.compile(
    r'("[^"]*")|\r\n'
)  # a quoted cell, in which a line end is part of the value, or the end of a row


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
    """Return the answer in a format of `ldnkg.rdf.formats`; raise LdnkgError if this kind of answer has no such format.

    A graph that is asked for as a table is Turtle.
    """
    if isinstance(answer, ox.QueryTriples):
        return _format_graph(answer, "turtle" if form == "table" else form, prefixes)
    if form in {*GRAPH_FORMATS, *ALIASES}:
        raise LdnkgError(
            f"Only CONSTRUCT and DESCRIBE have the format {form}. Use --format table, {_list_names(ROW_FORMATS)}."
        )
    if form == "table" or (form in {"csv", "tsv"} and isinstance(answer, ox.QueryBoolean)):
        return ("yes" if answer else "no") + "\n"
    text = _decode(answer.serialize(format=get_row_format(form)))
    return _CSV_CELL.sub(lambda found: found[1] or "\n", text) if form == "csv" else _escape_returns(text, form)


def _format_graph(triples: ox.QueryTriples, form: str, prefixes: Mapping[str, str]) -> str:
    """Return the triples, sorted and without duplicates, with only the prefixes that occur in them."""
    if form in ROW_FORMATS:
        formats = _list_names(GRAPH_FORMATS)
        raise LdnkgError(f"CONSTRUCT and DESCRIBE have no format {form}. Use --format {formats}, or a SELECT query.")
    from ldnkg.rdf.serialization import select_prefixes, serialise

    wanted, ordered = get_graph_format(form), sorted(set(triples), key=str)
    if wanted == ox.RdfFormat.TURTLE:
        return _format_turtle(ordered, prefixes)
    return _escape_returns(_decode(serialise(ordered, wanted, select_prefixes(ordered, prefixes))), form)


def _escape_returns(text: str, form: str) -> str:
    """Return XML with each carriage return escaped: the store does not escape it, and XML reads it as a line feed."""
    return text.replace("\r", "&#13;") if form in {"xml", "rdfxml", "rdf"} else text


def _list_names(names: Iterable[str]) -> str:
    """Return the names as they are listed in a sentence.

    >>> _list_names(["a", "b", "c"])
    'a, b or c'
    """
    *first, last = names
    return f"{', '.join(first)} or {last}"


def _format_turtle(ordered: Sequence[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Return the triples as Turtle, with only the prefixes that occur in it."""
    from ldnkg.rdf.serialization import serialise

    lines = _decode(serialise(ordered, ox.RdfFormat.TURTLE, prefixes)).splitlines(keepends=True)
    head = [*takewhile(lambda line: line.startswith("@prefix "), lines)]
    body = "".join(lines[len(head) :])
    used = set(re.findall(r"(?<![\w.-])([\w.-]*):", QUOTED.sub(" ", body)))
    return "".join(line for line in head if line.split()[1].removesuffix(":") in used) + body


def _decode(content: bytes | None) -> str:
    text = (content or b"").decode()
    return text if text.endswith("\n") else text + "\n"


def has_rows(answer: object) -> TypeGuard[ox.QuerySolutions]:
    """Return whether the answer is one of SELECT, which has rows."""
    return isinstance(answer, ox.QuerySolutions)
