"""LDN-KG: what an article says about low-dose naltrexone, as checked linked data.

`graph()` returns the publication as an rdflib graph, `query()` the rows of a question, `check()` a report, and
`build()` the files as bytes. Each takes the top folder of a publication as `home`. If you omit it, the nearest
publication above the working folder is used, else the one that is installed with the package. Each raises `LdnkgError`
with a message that says what is wrong and what to do.
"""

from __future__ import annotations

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike

    import rdflib

    from ldnkg.paths import Home
    from ldnkg.validation.check import Report
    from ldnkg.validation.findings import Finding

__all__ = ["Finding", "LdnkgError", "Report", "__version__", "build", "check", "graph", "query"]


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


def graph(home: str | PathLike[str] | None = None) -> rdflib.Graph:
    """Return every triple of the publication as an rdflib graph, with its prefixes bound.

    The graph is made from the records, so no build is needed. Raise LdnkgError if the records cannot be read.

    >>> from rdflib import RDF, Namespace
    >>> claim = Namespace("https://w3id.org/ldn-kg/ontology#").Claim
    >>> (None, RDF.type, claim) in graph()
    True
    """
    from ldnkg.publication.graph import build_publication
    from ldnkg.rdf.rdflib_bridge import to_rdflib
    from ldnkg.records.loader import load_valid_records

    found = _find_home(home)
    publication = build_publication(found, load_valid_records(found))
    made = to_rdflib(publication.quads)
    for name, namespace in publication.inputs.context.prefixes.items():
        made.bind(name, namespace, override=True, replace=True)
    return made


def query(question: str, home: str | PathLike[str] | None = None, **parameters: str) -> list[dict[str, str]]:
    """Return the rows of a question of the library, or of a SPARQL SELECT, as one dictionary for each row.

    The keys are the columns, so `pandas.DataFrame(query(…))` is a table. A value is the IRI of a node, the text of a
    literal, or an empty string if the variable is unbound. Pass a parameter as a label, a CURIE or an IRI. The
    function queries the built graph, as `ldnkg query` does. Raise LdnkgError if nothing is built, if the question or a
    parameter is unknown, or if the query is not a SELECT.

    >>> query("dose-of", regimen="low-dose naltrexone")[0]["maximum"]
    '5'
    """
    from ldnkg.querying.engine import ask, load_graph
    from ldnkg.querying.library import find_question, read_parameters
    from ldnkg.querying.results import format_rows, has_rows

    place = _find_home(home)
    built, known = load_graph(place), find_question(place, question)
    asked = read_parameters(built, known, parameters)
    answer = ask(built, asked.sparql if asked else question)
    if not has_rows(answer):
        raise LdnkgError("This query has no rows, because it is not a SELECT. Use `ldnkg.graph().query(…)`.")
    columns, rows = format_rows(answer, {})
    return [dict(zip(columns, row, strict=True)) for row in rows]


def check(home: str | PathLike[str] | None = None) -> Report:
    """Return a report: the findings, and how many rules were evaluated on how many nodes.

    pySHACL validates the graph, which takes about a second. Bad records are findings, not errors. Raise LdnkgError if
    `home` is not a publication.

    >>> check().clean
    True
    """
    from ldnkg.validation.check import check as run

    return run(_find_home(home))


def build(home: str | PathLike[str] | None = None) -> dict[str, bytes]:
    """Return the content of each file that `ldnkg build` writes, by file name; write nothing.

    Raise LdnkgError if a check has findings.

    >>> build()["ldn-kg.ttl"].startswith(b"@prefix")
    True
    """
    from ldnkg.exports.build import export as make

    report = check(home)
    if report.publication is None or not report.clean:
        raise LdnkgError(f"The publication has {len(report.findings)} findings. Run `ldnkg check` to see them.", 1)
    return make(report.publication)


def _find_home(home: str | PathLike[str] | None) -> Home:
    from pathlib import Path

    from ldnkg.paths import find_home

    return find_home(None if home is None else Path(home))
