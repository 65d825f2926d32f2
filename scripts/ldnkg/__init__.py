"""LDN-KG: what an article says about low-dose naltrexone, as checked linked data.

`graph()` gives the publication as an rdflib graph, `check()` what is wrong with it, `export()` its files as bytes. Each
takes the top folder of a publication, or finds it as the command `ldnkg` does.
"""

from __future__ import annotations

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

    from ldnkg.validation.check import Report

__all__ = ["LdnkgError", "check", "export", "graph"]


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
