"""LDN-KG: what an article says about low-dose naltrexone, as checked linked data.

`graph()` returns the publication as an rdflib graph, `query()` the rows of a question, `check()` the findings, and
`export()` the files as bytes. Each takes the top folder of a publication, or finds it as the command `ldnkg` does.
"""

from __future__ import annotations

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

    from ldnkg.validation.check import Report
    from ldnkg.validation.findings import Finding

__all__ = ["Finding", "LdnkgError", "Report", "__version__", "check", "export", "graph", "query"]


def __getattr__(name: str) -> object:
    """Import a type or read the version only if it is used, because `import ldnkg` is part of every command."""
    if name == "__version__":
        from importlib.metadata import version

        return version("ldnkg")
    if name == "Report":
        from ldnkg.validation.check import Report

        return Report
    if name == "Finding":
        from ldnkg.validation.findings import Finding

        return Finding
    raise AttributeError(f"module 'ldnkg' has no attribute {name!r}")


def graph(home: Path | None = None) -> rdflib.Graph:
    """Return every triple of the publication; raise LdnkgError if its records cannot be read."""
    from ldnkg.paths import find_home
    from ldnkg.publication.graph import build_publication
    from ldnkg.rdf.rdflib_bridge import to_rdflib
    from ldnkg.records.loader import load_valid_records

    found = find_home(home)
    publication = build_publication(found, load_valid_records(found))
    made = to_rdflib(publication.quads)
    for name, namespace in publication.inputs.context.prefixes.items():
        made.bind(name, namespace, override=True, replace=True)
    return made


def query(question: str, home: Path | None = None, **parameters: str) -> list[dict[str, str]]:
    """Return the rows of a question of the library, or of a SPARQL SELECT, each as a dictionary by column.

    The built graph is queried, as `ldnkg query` does. A value is the IRI of a node or the text of a literal, and is
    empty if a column has none. A parameter is a label, a CURIE or an IRI. Raise LdnkgError if nothing is built, if the
    question or a parameter is unknown, or if the query has no rows to return because it is not a SELECT.

    >>> query("dose-of", regimen="low-dose naltrexone")[0]["maximum"]
    '5'
    """
    from ldnkg.paths import find_home
    from ldnkg.querying.engine import ask, load_graph
    from ldnkg.querying.library import find_question, read_parameters
    from ldnkg.querying.results import format_rows, has_rows

    place = find_home(home)
    built, known = load_graph(place), find_question(place, question)
    asked = read_parameters(built, known, parameters)
    answer = ask(built, asked.sparql if asked else question)
    if not has_rows(answer):
        raise LdnkgError("This query has no rows, because it is not a SELECT. Use `ldnkg.graph().query(…)`.")
    columns, rows = format_rows(answer, {})
    return [dict(zip(columns, row, strict=True)) for row in rows]


def check(home: Path | None = None) -> Report:
    """Return what is wrong with the publication, and how much was looked at."""
    from ldnkg.paths import find_home
    from ldnkg.validation.check import check as run

    return run(find_home(home))


def export(home: Path | None = None) -> dict[str, bytes]:
    """Return each file of the publication by its name; raise LdnkgError if a check finds anything."""
    from ldnkg.exports.build import export as make

    report = check(home)
    if report.publication is None or not report.clean:
        raise LdnkgError(f"The publication has {len(report.findings)} findings. Run `ldnkg check` to see them.", 1)
    return make(report.publication)
