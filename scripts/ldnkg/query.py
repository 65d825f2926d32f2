"""Asks the built graph: SPARQL on an embedded store that is never written to."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from ldnkg.curie import Shortener
from ldnkg.files import read_text, shown
from ldnkg.problem import Problem
from ldnkg.questions import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeGuard

    from ldnkg.paths import Home

GRAPH = "ldn-kg.ttl"
# What is no keyword, whatever it holds: strings, IRIs, what is escaped in a name, comments.
_QUOTED = re.compile(
    r"""\"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|<[^<>"{}|^`\\\x00-\x20]*>|\\.|#[^\n\r]*""",
    re.DOTALL,
)
_SERVICE = re.compile(r"(?<![\w:?$-])SERVICE\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
CHECKOUT_SECONDS = 1


class Built:
    """The built graph, and the prefixes that its file declares."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self.store, self.prefixes = store, prefixes


def find_question(home: Home, asked: str) -> Question | None:
    """Return the question of a file, or of the library by its name; nothing where SPARQL itself was given."""
    path = Path(asked)
    known = sorted(home.queries.glob("*.rq"))
    if any(mark in asked for mark in "{<\n") or (" " in asked and not path.is_file()):
        return None
    path = next((query for query in known if query.stem == asked), path)
    if path.suffix != ".rq" and not path.is_file():
        raise Problem(_unknown(asked, [query.stem for query in known]))
    return Question(path, read_text(path))


def _unknown(asked: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(asked, known, 3, 0.4) or [name for name in known if asked in name][:3]
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


def ask(built: Built, sparql: str, place: str = "") -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    """Run the query, the prefixes of the graph being known to it; raise Problem where it is not SPARQL that asks.

    `place` is the file that it stands in, if any. SERVICE is refused: it would ask another machine, and the answer
    would not be the publication's.
    """
    refuse_elsewhere(sparql)
    try:
        return built.store.query(sparql, prefixes=dict(built.prefixes))
    except SyntaxError as error:
        raise Problem(_misread(sparql, str(error.msg or error), place, built.prefixes)) from error


def _misread(sparql: str, message: str, place: str, prefixes: Iterable[str]) -> str:
    """Return the sentence for a query that does not parse, the line of it, and a mark under the place."""
    found = re.match(r"error at (\d+):(\d+): (.*)", message)
    if not found:
        return f"This is not a SPARQL query: {message.splitlines()[0]}."
    line, column = _back(sparql, int(found[1]), int(found[2]))
    text = (sparql.splitlines() or [""])[line - 1]
    where = f"{place}:{line}:{column}" if place else f"line {line}, column {column}"
    more = _undeclared(sparql, prefixes) or (f" There, {found[3]}." if found[3].count('"') == 2 else "")
    lead = re.sub(r"[^\t]", " ", text[: column - 1])
    return f"This is not a SPARQL query that asks: it cannot be read on at {where}.{more}\n  {text}\n  {lead}^"


def _undeclared(sparql: str, known: Iterable[str]) -> str:
    """Return the sentence for a prefix that the query uses and nobody declared, if there is one."""
    plain = _QUOTED.sub(" ", sparql)
    declared = {*known, "_", *re.findall(r"\bPREFIX\s+([\w.-]*):", plain, re.IGNORECASE)}
    unknown = [name for name in re.findall(r"(?<![\w:?$-])([\w.-]*):\w", plain) if name not in declared]
    return f" The prefix '{unknown[0]}:' is not declared." if unknown else ""


def _back(sparql: str, line: int, column: int) -> tuple[int, int]:
    """Return the place of what is wrong: where the parser had come to white space or the end, that is before it."""
    lines = sparql.splitlines(keepends=True)
    at = sum(map(len, lines[: line - 1])) + column - 1
    if sparql[at : at + 1].strip():
        return line, column
    before = sparql[:at].rstrip()
    return max(1, before.count("\n") + 1), max(1, len(before) - before.rfind("\n") - 1)


def refuse_elsewhere(sparql: str) -> None:
    """Raise Problem where the query has SERVICE in it, be it written with the escapes of SPARQL."""
    plain = _ESCAPED.sub(lambda code: chr(int(code[1] or code[2], 16)), sparql)
    if any(_SERVICE.search(_QUOTED.sub(" ", text)) for text in (sparql, plain)):
        raise Problem(
            "SERVICE asks another machine, and this asks the publication alone. "
            f"Take it out, or ask a triple store of your own that holds {GRAPH}."
        )


def as_rows(answer: ox.QuerySolutions, prefixes: Mapping[str, str]) -> tuple[list[str], list[list[str]]]:
    """Return the columns and the rows of a SELECT, IRIs shortened, what is unbound empty."""
    columns = [variable.value for variable in answer.variables]
    shorten = Shortener(prefixes)
    return columns, [[_cell(row[name], shorten) for name in columns] for row in answer]


def _cell(term: object, shorten: Shortener) -> str:
    if term is None:
        return ""
    return shorten(term.value) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))


def as_text(
    answer: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean, form: str, prefixes: Mapping[str, str]
) -> str:
    """Return the answer as CSV, JSON or Turtle; raise Problem where the answer has no such form."""
    if isinstance(answer, ox.QueryTriples):
        if form in {"ttl", "table"}:
            return _text(ox.serialize(answer, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)))
        raise Problem(f"A graph has no form {form}. Ask with --format ttl, or use SELECT.")
    if form == "ttl":
        raise Problem("Only CONSTRUCT and DESCRIBE give Turtle. Use --format table, csv or json.")
    if form == "table" or (form == "csv" and isinstance(answer, ox.QueryBoolean)):
        return ("yes" if answer else "no") + "\n"
    wanted = ox.QueryResultsFormat.CSV if form == "csv" else ox.QueryResultsFormat.JSON
    return _text(answer.serialize(format=wanted))


def _text(content: bytes | None) -> str:
    text = (content or b"").decode().replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"
