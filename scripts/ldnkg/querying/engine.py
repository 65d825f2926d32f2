"""Run SPARQL queries on the built graph, in an embedded store that is never written to."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import display_path, make_syntax_error, open_regular
from ldnkg.paths import GRAPH
from ldnkg.rdf.guards import refuse_depth, refuse_service
from ldnkg.rdf.sparql import run_file
from ldnkg.rdf.sparql_tokens import parse_prefixes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from ldnkg.paths import Home

    Answer: TypeAlias = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean

CHECKOUT_SECONDS = 1
BASE = Path(__file__).with_name("base.rq")


class BuiltGraph:
    """The built graph in a store, and the prefixes that its file declares."""

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str]) -> None:
        self.store, self.prefixes = store, prefixes

    @cached_property
    def base(self) -> str | None:
        """The base IRI of the publication, or None if the graph does not state it."""
        rows = run_file(self.store, BASE)
        assert isinstance(rows, ox.QuerySolutions)  # noqa: S101
        return next((row["base"].value for row in rows), None)

    def run(self, sparql: str) -> Answer:
        """Return the answer of the query; its relative IRIs are resolved against BASE, or the publication's base."""
        return self.store.query(sparql, base_iri=self.base, prefixes=dict(self.prefixes))

    def with_query_prefixes(self, sparql: str) -> BuiltGraph:
        """Return the same graph with the prefixes of the query as well, so that its answer is written with them."""
        return BuiltGraph(self.store, {**parse_prefixes(sparql), **self.prefixes})


def load_graph(home: Home) -> BuiltGraph:
    """Return the built graph, loaded into a store in memory; raise LdnkgError if it was not built or is damaged."""
    path = home.dist / GRAPH
    if not path.exists():
        raise LdnkgError(f"{display_path(path)}: nothing is built yet. Run `ldnkg build` first.")
    again = "Install ldnkg again." if home.installed else "Run `ldnkg build` to write it again."
    store = ox.Store()
    try:
        with open_regular(path) as file:
            parser = ox.parse(file, format=ox.RdfFormat.TURTLE)
            store.bulk_extend(parser)
    except SyntaxError as error:
        raise LdnkgError(f"{make_syntax_error(path, error)} {again}") from error
    except OSError as error:
        raise LdnkgError(f"{display_path(path)}: cannot be read, {describe_os_error(error)}. {again}") from error
    if not len(store):
        raise LdnkgError(f"{display_path(path)}: has no triples. {again}")
    return BuiltGraph(store, parser.prefixes)


def warn_if_stale(home: Home, warn: Callable[[str], object]) -> None:
    """Call `warn` with a sentence if a record, a term or the vocabulary is newer than the built graph."""
    built = home.dist / GRAPH
    if home.installed or not built.is_file():
        return
    latest = built.stat().st_mtime + CHECKOUT_SECONDS
    places = ((home.data, "**/*.*"), (home.ontology, "*.*"), (home.ontology / "inference", "*.*"))
    sources = (path for folder, names in places for path in folder.glob(names) if path.suffix != ".md")
    newer = next((path for path in sources if path.lstat().st_mtime > latest), None)
    if newer:
        warn(f"{display_path(newer)} is newer than the built graph. Run `ldnkg build` to update the graph.")


def ask(built: BuiltGraph, sparql: str, place: str = "", *, federated: bool = False) -> Answer:
    """Return the answer of the query, in which the prefixes and the base of the publication are predeclared.

    `place` is the file of the query, if any. Raises LdnkgError for a syntax error, an update or, unless `federated`, a
    query with SERVICE: it would query another machine, and the answer would not come from the publication alone.
    """
    if not federated:
        refuse_service(sparql, place)
    refuse_depth(sparql)
    with translate_store_errors():
        try:
            return built.run(sparql)
        except SyntaxError as error:
            from ldnkg.querying.syntax_errors import explain_syntax_error

            raise LdnkgError(explain_syntax_error(sparql, str(error.msg or error), place, built.prefixes)) from error
        except UnicodeEncodeError as error:
            raise LdnkgError("The query is not UTF-8 text. Write it in UTF-8.") from error


@contextmanager
def translate_store_errors() -> Iterator[None]:
    """Raise LdnkgError if the store cannot evaluate the query: it calls an unknown function, or an endpoint fails."""
    try:
        yield
    except RuntimeError as error:
        if str(error).startswith("Parser error"):
            raise LdnkgError(f"An endpoint of this query answers with invalid results. {error}.", 1) from error
        raise LdnkgError(f"The query cannot be evaluated: {str(error).rstrip('.')}.") from error
    except OSError as error:
        reason = str(error).splitlines()[0].rstrip(".:")
        do = "Check its address and the network, or try again later."
        raise LdnkgError(f"An endpoint of this query does not answer: {reason}. {do}", 1) from error
