"""Asks the built graph: SPARQL on an embedded store that is never written to."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pyoxigraph as ox

from ldnkg.curie import Shortener
from ldnkg.files import read_text, shown
from ldnkg.problem import Problem
from ldnkg.questions import Question, question_files
from ldnkg.sparqltext import QUOTED, declared, deepest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias, TypeGuard

    from ldnkg.paths import Home

    Answer: TypeAlias = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

GRAPH = "ldn-kg.ttl"
# The byte order mark that some editors put before a text.
_MARK = "\ufeff"
_SERVICE = re.compile(r"(?<![\w:?$-])SERVICE\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
CHECKOUT_SECONDS = 1
# The store reads and answers by recursion: ten times as deep, it can end the whole process.
DEEPEST = 200


class Elsewhere(Problem):
    """A query that would ask another machine."""


class Built:
    """The built graph, and the prefixes that its file declares."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self.store, self.prefixes = store, prefixes

    def asked_with(self, sparql: str) -> Built:
        """Return the same with the prefixes that the query declares, so that its answer is written in them, too."""
        return Built(self.store, {**declared(sparql), **self.prefixes})


def find_question(home: Home, asked: str) -> Question | None:
    """Return the question of a file, of the library, or of standard input; return nothing for SPARQL itself.

    A question of the library is asked by its name or as `group/name`.
    """
    if asked == "-":
        return Question(Path("standard input"), _standard_input())
    path = Path(asked)
    if any(mark in asked for mark in "{<\n") or (" " in asked and not path.is_file()):
        return None
    known = question_files(home)
    path = next((query for query in known if asked in {query.stem, f"{query.parent.name}/{query.stem}"}), path)
    if path.suffix != ".rq" and not path.is_file():
        raise Problem(_unknown(asked, known))
    return Question(path, read_text(path).removeprefix(_MARK))


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as error:
        raise Problem("Standard input is not UTF-8 text. Write it in UTF-8.") from error


def _unknown(asked: str, known: list[Path]) -> str:
    from difflib import get_close_matches

    if asked in {path.parent.name for path in known}:
        return f"'{asked}' is a group of questions. `ldnkg query --list {asked}` lists them."
    names = [path.stem for path in known]
    near = get_close_matches(asked, names, 3, 0.4) or [name for name in names if asked in name][:3]
    hint = f"Did you mean {' or '.join(repr(name) for name in near)}? " if near else ""
    return (
        f"'{asked}' is no question, no file and no SPARQL. {hint}`ldnkg query --list` lists the {len(known)} questions."
    )


def load(home: Home) -> Built:
    """Load the built graph into a store in memory."""
    path = home.dist / GRAPH
    if not path.is_file():
        raise Problem(f"{shown(path)}: nothing is built yet. Run `ldnkg build` first.")
    store = ox.Store()
    parser = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    store.bulk_extend(parser)
    return Built(store, parser.prefixes)


def is_select(answer: object) -> TypeGuard[ox.QuerySolutions]:
    """Whether the answer has rows."""
    return isinstance(answer, ox.QuerySolutions)


def warn_if_stale(home: Home, say: Callable[[str], object]) -> None:
    """Say so where a record, a term or the vocabulary was changed after the graph was built."""
    built = home.dist / GRAPH
    if not built.is_file():
        return
    latest = built.stat().st_mtime + CHECKOUT_SECONDS
    places = ((home.data, "**/*.*"), (home.ontology, "*.*"), (home.ontology / "derive", "*.*"))
    sources = (path for folder, names in places for path in folder.glob(names))
    newer = next((path for path in sources if path.lstat().st_mtime > latest), None)
    if newer:
        say(f"{shown(newer)} is newer than the built graph. Run `ldnkg build` to ask what it says now.")


def ask(built: Built, sparql: str, place: str = "") -> Answer:
    """Run the query, the prefixes of the graph being known to it; raise Problem where it is not SPARQL that asks.

    `place` is the file that it stands in, if any. SERVICE is refused: it would ask another machine, and the answer
    would not be the publication's.
    """
    refuse_elsewhere(sparql, place)
    refuse_deep(sparql)
    with answering():
        try:
            return built.store.query(sparql, prefixes=dict(built.prefixes))
        except SyntaxError as error:
            raise Problem(misread(sparql, str(error.msg or error), place, built.prefixes)) from error
        except UnicodeEncodeError as error:
            raise Problem("The query is not UTF-8 text. Write it in UTF-8.") from error


@contextmanager
def answering() -> Iterator[None]:
    """Raise Problem where the store finds while it answers that it cannot, as with a function that it does not know."""
    try:
        yield
    except RuntimeError as error:
        raise Problem(f"This cannot be answered: {str(error).rstrip('.')}.") from error


def misread(sparql: str, message: str, place: str, prefixes: Mapping[str, str]) -> str:
    """Return the sentence for a query that does not parse, the line of it, and a mark under the place."""
    from ldnkg.misread import Misread, line_and_column

    if not message.startswith("error at "):
        return f"This is not a SPARQL query: {message.splitlines()[0]}."
    found = Misread(sparql, prefixes)
    line, column = line_and_column(sparql, found.at)
    text = sparql.split("\n")[line - 1].rstrip("\r")
    where = f"{place}:{line}:{column}" if place else f"line {line}, column {column}"
    lead = re.sub(r"[^\t]", " ", text[: column - 1])
    why = f" {found.why}" if found.why else ""
    return f"This is not a SPARQL query that asks: it cannot be read on at {where}.{why}\n  {text}\n  {lead}^"


def refuse_elsewhere(sparql: str, place: str = "") -> None:
    """Raise Elsewhere where the query has SERVICE in it, be it written with the escapes of SPARQL.

    `place` is the file that it stands in, if any.
    """
    if any(_SERVICE.search(QUOTED.sub(" ", text)) for text in (sparql, _unescaped(sparql))):
        do = f"Paste the query of {place} into" if place else "Take it out, or ask"
        raise Elsewhere(
            "SERVICE asks another machine, and this asks the publication alone. "
            f"{do} a triple store of your own that holds {GRAPH}."
        )


def refuse_deep(sparql: str) -> None:
    """Raise Problem where brackets stand deeper within brackets than the store can bear."""
    depth = max(deepest(sparql), deepest(_unescaped(sparql)))
    if depth > DEEPEST:
        raise Problem(f"The brackets of this query are nested {depth:,} deep, and {DEEPEST} is the most. Ask for less.")


def _unescaped(sparql: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), sparql)


@answering()
def as_rows(answer: ox.QuerySolutions, prefixes: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a SELECT, IRIs shortened, what is unbound empty."""
    columns = [variable.value for variable in answer.variables]
    shorten = Shortener(prefixes)
    return columns, [[_cell(row[name], shorten) for name in columns] for row in answer]


def _cell(term: object, shorten: Shortener) -> str:
    if term is None:
        return ""
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))


@answering()
def as_text(answer: Answer, form: str, prefixes: Mapping[str, str]) -> str:
    """Return the answer as CSV, JSON or Turtle; raise Problem where the answer has no such form."""
    if isinstance(answer, ox.QueryTriples):
        if form in {"ttl", "table"}:
            return _turtle(answer, prefixes)
        raise Problem(f"A graph has no form {form}. Ask with --format ttl, or use SELECT.")
    if form == "ttl":
        raise Problem("Only CONSTRUCT and DESCRIBE give Turtle. Use --format table, csv or json.")
    if form == "table" or (form == "csv" and isinstance(answer, ox.QueryBoolean)):
        return ("yes" if answer else "no") + "\n"
    wanted = ox.QueryResultsFormat.CSV if form == "csv" else ox.QueryResultsFormat.JSON
    return _text(answer.serialize(format=wanted))


def _turtle(triples: ox.QueryTriples, prefixes: Mapping[str, str]) -> str:
    """Return the triples as Turtle, with those prefixes alone that occur in it."""
    from ldnkg.rdf import serialise

    lines = _text(serialise(triples, ox.RdfFormat.TURTLE, prefixes)).splitlines(keepends=True)
    head = [*takewhile(lambda line: line.startswith("@prefix "), lines)]
    body = "".join(lines[len(head) :])
    used = set(re.findall(r"(?<![\w.-])([\w.-]*):", QUOTED.sub(" ", body)))
    return "".join(line for line in head if line.split()[1].removesuffix(":") in used) + body


def _text(content: bytes | None) -> str:
    text = (content or b"").decode().replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"
