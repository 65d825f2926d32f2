"""Run the SPARQL queries of files on an in-memory store."""

from __future__ import annotations

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, make_syntax_error, read_text
from ldnkg.rdf.guards import guard_file
from ldnkg.rdf.terms import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any, TypeAlias

    Answer: TypeAlias = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


def load_store(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store that contains every triple of the quads once, in the graph of its last quad."""
    store = ox.Store()
    store.extend(deduplicate(quads))
    return store


def deduplicate(quads: Iterable[ox.Quad]) -> Iterable[ox.Quad]:
    """Return the last quad of each triple."""
    return {quad.triple: quad for quad in quads}.values()


def select_quads(store: ox.Store, query: Path) -> list[ox.Quad]:
    """Return the quads in the rows of the query, sorted."""
    needed = ("subject", "predicate", "object")
    solutions = select_solutions(store, query, needed)
    rows = [(row["subject"], row["predicate"], row["object"], row["record"]) for row in solutions]
    _refuse_all_gaps(rows, needed, query)
    return sorted((ox.Quad(s, p, o, record or DEFAULT) for s, p, o, record in rows), key=str)


def select_rows(store: ox.Store, query: Path, needed: Sequence[str], *, union: bool = True) -> list[ox.QuerySolution]:
    """Return the rows of the query over the union of all graphs, or over the default graph if `union` is false.

    The union contains a triple once per graph: see `load_store`. Raise LdnkgError if a needed variable has no value.
    """
    rows = list(select_solutions(store, query, needed, union=union))
    for name in needed:
        _refuse_gaps((row[name] for row in rows), name, query)
    return rows


def select_tuples(store: ox.Store, query: Path, needed: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the rows over the union of all graphs as plain tuples, which takes a third of the time for many rows.

    The query must select exactly the needed variables, in that order.
    """
    rows = [tuple(row) for row in select_solutions(store, query, needed)]
    if not all(map(all, rows)):
        _refuse_all_gaps(rows, needed, query)
    return rows


def select_solutions(store: ox.Store, query: Path, needed: Sequence[str], *, union: bool = True) -> ox.QuerySolutions:
    """Return an iterator over the rows of the query; raise LdnkgError if it does not select every needed variable."""
    answer = run_file(store, query, union=union)
    if not isinstance(answer, ox.QuerySolutions):
        raise LdnkgError(f"{display_path(query)}: must be a SELECT query that selects {_list_variables(needed)}.")
    named = [variable.value for variable in answer.variables]
    if missing := [name for name in needed if name not in named]:
        raise LdnkgError(f"{display_path(query)}: does not select {_list_variables(missing)}. Add it to the SELECT.")
    return answer


def run_file(
    store: ox.Store, query: Path, *, union: bool = False, values: Mapping[ox.Variable, ox.NamedNode] | None = None
) -> Answer:
    """Return the answer of the query in a file, with these values of variables.

    Raise LdnkgError, with the line, if it does not parse, would call another endpoint or is too deep.
    """
    text = read_text(query)
    guard_file(text, query)
    try:
        return store.query(text, use_default_graph_as_union=union, substitutions={**(values or {})})
    except SyntaxError as error:
        raise make_syntax_error(query, error) from error


def _refuse_all_gaps(rows: Sequence[tuple[Any, ...]], needed: Sequence[str], query: Path) -> None:
    """Refuse a missing value of the needed variables, which come first in each row."""
    for place, name in enumerate(needed):
        _refuse_gaps((row[place] for row in rows), name, query)


def _refuse_gaps(column: Iterable[object], name: str, query: Path) -> None:
    if number := next((number for number, value in enumerate(column, 1) if value is None), 0):
        raise LdnkgError(f"{display_path(query)}: leaves ?{name} without a value in row {number}. Bind it.")


def _list_variables(names: Sequence[str]) -> str:
    return ", ".join(f"?{name}" for name in names)
