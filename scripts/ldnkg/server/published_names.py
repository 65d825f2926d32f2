"""List the IRIs that the published documents beside the graph name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.rdf.sparql import run_file
from ldnkg.server.config import RESOURCES
from ldnkg.server.served_data import parse_documents

if TYPE_CHECKING:
    from collections.abc import Mapping

NANOPUBS = "nanopubs/all.trig"
_NANOPUB = re.compile(rb"\bnp/RA[A-Za-z0-9_-]{43}\b")


def list_names(files: Mapping[str, bytes], base: str) -> dict[str, str]:
    """Return the label of each path below the base that the documents name, or an empty string without a label."""
    rows = run_file(_load_documents(files), RESOURCES / "documents.rq")
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101
    named = {row["iri"].value: row["label"].value for row in rows}
    own = {iri.removeprefix(base): label for iri, label in named.items() if iri.startswith(base)}
    return own | dict.fromkeys(_list_nanopubs(files), "")


def _load_documents(files: Mapping[str, bytes]) -> ox.Store:
    """Return a store with the documents; one that is not valid Turtle names nothing."""
    store = ox.Store()
    for _, quads in parse_documents(files):
        store.extend(quads)
    return store


def _list_nanopubs(files: Mapping[str, bytes]) -> set[str]:
    """Return the paths of the nanopublications, if there are any; they are found as text to save time."""
    return {path.decode() for path in _NANOPUB.findall(files.get(NANOPUBS, b""))}
