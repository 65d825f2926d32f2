"""Make the graphs on which mutants of rules are tried: every example, the stand-in, and the publication."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox

from ldnkg.paths import Home
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_records
from ldnkg.validation.check import select_checked_quads
from mutation.examples_home import ROOT, build, examples, replaced


def graphs() -> dict[str, str]:
    """Return each graph as N-Triples, by name. The name of a bad example is `<rule> <file>`; others have no space."""
    found = {"publication": serialise_checked(Home(ROOT))}
    with tempfile.TemporaryDirectory() as place:
        found["stand-in"] = serialise_checked(_standin(Path(place)))
    with tempfile.TemporaryDirectory() as place:
        home = build(Path(place))
        found["examples"] = serialise_checked(home)
        for bad in examples("bad"):
            with replaced(home, bad):
                found[f"{bad.rule} {bad.path.stem}"] = serialise_checked(home)
    return {name: text for name, text in found.items() if text}


def _standin(folder: Path) -> Home:
    for part in ("ontology", "shapes"):
        (folder / part).symlink_to(ROOT / part)
    (folder / "data").symlink_to(ROOT / "tests" / "data" / "standin" / "data")
    return Home(folder)


def serialise_checked(home: Home) -> str:
    """Return the graph that the rules check, as N-Triples, or an empty string if the records have read errors."""
    inputs = load_records(home)
    if not inputs.clean:
        return ""
    triples = (quad.triple for quad in select_checked_quads(build_publication(home, inputs)))
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
