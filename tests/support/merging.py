"""Helpers for the tests of merging: sources, their merge results, and common terms."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ldnkg.cli import main as cli
from ldnkg.merge.inputs import read_sources
from ldnkg.merge.merge import merge
from ldnkg.merge.output import write_quads
from ldnkg.merge.rdf11 import Rdf11Converter
from ldnkg.merge.report import make_report
from ldnkg.rdf.terms import get_graph
from support.paths import DATA, ROOT, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pytest

    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.reference import ReferenceIndex

# The files by name, the file or folder to merge, and the start of the error message.
BadInput: TypeAlias = tuple["Mapping[str, str | bytes]", str, str]
Refuse: TypeAlias = "Callable[[BadInput], None]"

EXTRACTS = DATA / "merge"
BIOLINK, PATHS = EXTRACTS / "biolink", EXTRACTS / "paths.yaml"
MERGE_GRAPH = ox.NamedNode("https://w3id.org/ldn-kg/merge")
EXACT_MATCH = ox.NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
MESH, OBO = "http://id.nlm.nih.gov/mesh/", "http://purl.obolibrary.org/obo/"
NALTREXONE, NALOXONE = f"{OBO}CHEBI_7465", f"{OBO}CHEBI_7459"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DRUG, RECEPTOR, ALCOHOL_USE_DISORDER = "CHEBI:7465", "UniProtKB:P35372", "DOID:1574"
FACT = {"knowledge_level": "knowledge_assertion"}
# Columns of the report that depend on the digest, the name or the place of a source, or that say the others in words.
UNCOMPARED = {"source", "file", "line", "record", "where", "node", "kept_as", "compared_as", "count"}
UNCOMPARED |= {"source_says", "stated_as", "we_say", "difference", "source_name", "our_name", "joined_by"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9) | st.sampled_from(["naltrexone", "Naloxone"])
FEW_EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NODES, EDGES = "id\tcategory\tname\n", "subject\tpredicate\tobject\n"
NODE = "CHEBI:7465\tbiolink:Drug\tnaltrexone\n"
JSON_NODE, JSON_EDGE = {"id": "a", "category": "b"}, {"subject": "a", "predicate": "b", "object": "a"}
PATH = "nodes:\n- id: CHEBI:7465\n  name: a\nlinks:\n- source: CHEBI:7465\n  key: treats\n  target: CHEBI:7465\n"


def merge_files(reference: ReferenceIndex, *paths: Path) -> MergeResult:
    return merge(reference, read_sources(paths, reference.resolver))


def report_merge(reference: ReferenceIndex, *paths: Path) -> dict[str, Any]:
    return dict(make_report(merge_files(reference, *paths), reference))


def serialise(quads: Iterable[PooledQuad], reference: ReferenceIndex, *, rdf12: bool = True) -> dict[str, bytes]:
    """The content of the files that a merge writes."""
    found = quads if rdf12 else Rdf11Converter(reference.vocabulary).convert(quads)
    with tempfile.TemporaryDirectory() as folder:
        files = write_quads(found, reference.graph.prefixes, Path(folder))
        return {name: path.read_bytes() for name, path in files.items()}


def select_graph(result: MergeResult, graph: str) -> set[ox.Triple]:
    """The triples of a named graph of the merged graph."""
    return {ox.Triple(*quad[:3]) for quad in result.merged if quad.graph == graph}


def write_file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_bytes(text.encode())
    return folder / name


def make_pair(nodes: str, edges: str = EDGES, extension: str = "tsv") -> dict[str, str]:
    """The two files of a KGX graph."""
    return {f"k_nodes.{extension}": nodes, f"k_edges.{extension}": edges}


def to_json_lines(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def write_edge(folder: Path, subject: str, predicate: str, object_: str, **more: str) -> Path:
    """Write a KGX edge and its nodes as JSON Lines."""
    nodes = ({"id": end, "category": ["biolink:NamedThing"]} for end in {subject, object_})
    write_file(folder, "e_nodes.jsonl", to_json_lines(*nodes))
    edge = {"subject": subject, "predicate": predicate, "object": object_, **more}
    write_file(folder, "e_edges.jsonl", to_json_lines(edge))
    return folder


def change_claim(reference: ReferenceIndex, claim: str, old: str, new: str) -> str:
    """One of our claims as N-Triples, with one text replaced."""
    quads = [quad for quad in reference.graph.publication.quads if get_graph(quad).endswith(f"/{claim}")]
    text = (ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    assert old in text
    return text.replace(old, new)


def check_refused(
    bad: BadInput, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Merge an invalid input with the command: it prints one error message and writes nothing."""
    files, source, message = bad
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = read_all(folder)
    monkeypatch.chdir(folder)
    assert cli.main(["merge", source, "--strict", "--out", "out", "--home", str(ROOT)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"ldnkg: {message}")
    assert printed.err.count("\n") == 1
    assert printed.err[:-1].isprintable()
    assert read_all(folder) == before
