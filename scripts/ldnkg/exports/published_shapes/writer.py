"""Write the rules for the published graph: those of the records, and those about what the graph adds to the records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.files import read_bytes
from ldnkg.publication.combined import find_shapes, read_turtle_files
from ldnkg.rdf.serialization import serialise
from ldnkg.rdf.sparql import load_store, select_quads

if TYPE_CHECKING:
    from ldnkg.paths import Home

FOLDER = Path(__file__).parent
RULES = FOLDER / "rules.ttl"


def make_shapes(home: Home) -> bytes:
    """Return the shapes that the published graph conforms to, as Turtle."""
    return b"\n".join([*map(read_bytes, [*find_shapes(home), RULES]), _allow_derived_keys(home)])


def _allow_derived_keys(home: Home) -> bytes:
    """Return the property shapes of the keys that the closed shapes of records also allow in the published graph."""
    read = read_turtle_files([home.ontology / "ldn.ttl", *find_shapes(home)])
    triples = (quad.triple for quad in select_quads(load_store(read.quads), FOLDER / "allowed.rq"))
    return serialise(triples, ox.RdfFormat.TURTLE, read.prefixes)
