"""LDN-KG: what an article says about low-dose naltrexone, as checked linked data.

`graph()` gives the publication as an rdflib graph, `check()` what is wrong with it, `export()` its files as bytes. Each
takes the top folder of a publication, or finds it as the command `ldnkg` does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

    from ldnkg.checks import Report

__all__ = ["check", "export", "graph"]


def graph(home: Path | None = None) -> rdflib.Graph:
    """Return every triple of the publication; raise ldnkg.problem.Problem where its records cannot be read."""
    from ldnkg.paths import find_home
    from ldnkg.publication import publish, read_clean
    from ldnkg.rdflib_graph import to_rdflib

    found = find_home(home)
    publication = publish(found, read_clean(found))
    made = to_rdflib(publication.quads)
    for name, namespace in publication.reading.context.prefixes.items():
        made.bind(name, namespace, override=True, replace=True)
    return made


def check(home: Path | None = None) -> Report:
    """Return what is wrong with the publication, and how much was looked at."""
    from ldnkg.checks import check as run
    from ldnkg.paths import find_home

    return run(find_home(home))


def export(home: Path | None = None) -> dict[str, bytes]:
    """Return each file of the publication by its name; raise ldnkg.problem.Problem where a check finds anything."""
    from ldnkg.formats import export as make
    from ldnkg.problem import Problem

    report = check(home)
    if report.publication is None or not report.clean:
        raise Problem(f"The publication has {len(report.findings)} findings. Run `ldnkg check` to see them.", 1)
    return make(report.publication)
