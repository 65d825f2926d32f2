"""Each dereferenced resource has the same statements in every RDF format in which it is offered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.paths import ROOT
from support.servers import BASE, GRAPHS, Served

if TYPE_CHECKING:
    import rdflib

# One resource of each kind; all others are compared by the thorough test.
RESOURCES = (
    "",
    "claim/low-dose-naltrexone-antagonises-tlr4",
    "concept/opioid-rebound-effect",
    "mapping/CHEBI.7465-MESH.D009271",
    "mechanism/opioid-rebound",
    "regimen/low-dose-naltrexone",
    "source/naltrexone-to-treat-pain",
    "ontology",
    "ontology/0.1.0",
    "ontology/alignments/biolink",
    "ontology/alignments/ro/0.1.0",
    "shapes",
    "query/claims-about",
    "void/class/w3id.org/ldn-kg/ontology/Claim",
    ".well-known/void",
)


def read_statements(content: bytes, media: str) -> frozenset[str]:
    """The canonical statements of a document, without the names of graphs."""
    triples = [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.from_media_type(media))]
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, dataset))


def compare_formats(server: Served, path: str) -> dict[str, frozenset[str]]:
    """The statements about a resource in each format, each of which must have its own media type."""
    found = {}
    for media in GRAPHS:
        reply = server.follow(path, media)
        assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, media), (path, media)
        found[media] = read_statements(reply.content, media)
    return found


@pytest.mark.parametrize("path", RESOURCES)
def test_a_resource_has_the_same_statements_in_each_format(server: Served, path: str) -> None:
    found = compare_formats(server, f"/{path}")
    assert len(set(found.values())) == 1, {media: len(statements) for media, statements in found.items()}
    assert len(found["text/turtle"]) > 5


def test_a_resource_of_each_kind_is_compared(published: rdflib.Graph) -> None:
    """Each first part of a path below the base IRI has a resource in the list."""
    own = re.compile(re.escape(BASE) + r"([\w-]+)/[^#]+")
    kinds = {found[1] for node in set(published.subjects()) if (found := own.fullmatch(str(node)))}
    files = {"alignments", "kgx", "nanopubs", "parquet", "property-graph", "schemas", "tables"}
    assert kinds - files <= {path.partition("/")[0] for path in RESOURCES}


def test_the_ontology_is_its_own_graph(server: Served) -> None:
    """It has the statements of the source file, and none about a claim."""
    expected = read_statements((ROOT / "ontology" / "ldn.ttl").read_bytes(), "text/turtle")
    for media in GRAPHS:
        assert read_statements(server.follow("/ontology", media).content, media) == expected


@pytest.mark.thorough
def test_every_entity_has_the_same_statements_in_each_format(server: Served, published: rdflib.Graph) -> None:
    own = re.compile(re.escape(BASE) + r"((?:claim|concept|mapping|mechanism|regimen|source)/[^#]+)")
    paths = sorted({found[1] for node in set(published.subjects()) if (found := own.fullmatch(str(node)))})
    assert [path for path in paths if len(set(compare_formats(server, f"/{path}").values())) != 1] == []
    questions = [path.stem for path in (ROOT / "queries").glob("*/*.rq") if path.parent.name != "pitfalls"]
    assert [name for name in questions if len(set(compare_formats(server, f"/query/{name}").values())) != 1] == []
