"""Asks the built graph: SPARQL on an embedded store that is never written to."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from ldnkg.curie import Shortener
from ldnkg.files import read_text, shown
from ldnkg.problem import Problem, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeGuard

    from ldnkg.paths import Home

GRAPH = "ldn-kg.ttl"
_QUOTED = re.compile(r"""<[^<>\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|#[^\n]*""")
_SERVICE = re.compile(r"\bSERVICE\b", re.IGNORECASE)
CHECKOUT_SECONDS = 1


class Built:
    """The built graph, and the prefixes that its file declares."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self.store, self.prefixes = store, prefixes


def find_query(home: Home, asked: str) -> str:
    """Return the SPARQL text: of a file, of a question of the library by its name, or what was given itself."""
    path = Path(asked)
    known = {query.stem: query for query in sorted(home.queries.glob("*.rq"))}
    if any(mark in asked for mark in "{<\n") or (" " in asked and not path.is_file()):
        return asked
    if asked in known:
        path = known[asked]
    if path.suffix != ".rq" and not path.is_file():
        raise Problem(_unknown(asked, list(known)))
    return read_text(path)


def _unknown(asked: str, known: list[str]) -> str:
    hint = did_you_mean(asked, known) or "Give a file, the name of a question, or SPARQL. "
    return f"'{asked}' is no question, no file and no SPARQL. {hint}Questions: {', '.join(known) or 'none'}."


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


def ask(built: Built, sparql: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    """Run the query, the prefixes of the graph being known to it; raise Problem where it is not SPARQL that asks.

    SERVICE is refused: it would ask another machine, and the answer would not be the publication's.
    """
    if _SERVICE.search(_QUOTED.sub(" ", sparql)):
        raise Problem(
            "SERVICE asks another machine, and this asks the publication alone. "
            f"Take it out, or ask a triple store that holds {GRAPH}."
        )
    try:
        return built.store.query(sparql, prefixes=dict(built.prefixes))
    except SyntaxError as error:
        raise Problem(f"This is not a SPARQL query: {str(error.msg or error).strip().splitlines()[0]}") from error


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
