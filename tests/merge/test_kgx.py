"""KGX is read with every cell or refused with one message."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given

from ldnkg.rdf.terms import get_graph
from support.merging import (
    ALCOHOL_USE_DISORDER,
    BIOLINK,
    DRUG,
    EDGES,
    FEW_EXAMPLES,
    JSON_EDGE,
    JSON_NODE,
    NODE,
    NODES,
    TEXTS,
    BadInput,
    Refuse,
    make_pair,
    merge_files,
    report_merge,
    select_graph,
    to_json_lines,
    write_edge,
    write_file,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


@pytest.mark.parametrize("edge_id", ["e:1", "e1", "1"])
def test_edges_of_two_sources_with_the_same_id_stay_separate(
    edge_id: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    for name, predicate in (("a", "biolink:treats"), ("b", "biolink:affects")):
        write_edge(tmp_path, DRUG, predicate, ALCOHOL_USE_DISORDER, id=edge_id)
        for part in ("nodes", "edges"):
            (tmp_path / f"e_{part}.jsonl").rename(tmp_path / f"{name}_{part}.jsonl")
    result = merge_files(reference, tmp_path)
    sources = {source.iri for source in result.sources}
    predicates = [
        quad for quad in result.quads if get_graph(quad) in sources and quad.predicate.value.endswith("#predicate")
    ]
    assert len(predicates) == len({quad.subject for quad in predicates}) == 2


def test_a_repeated_node_with_the_same_content_is_read_once(reference: ReferenceIndex, tmp_path: Path) -> None:
    for name, text in make_pair(
        NODES + NODE + NODE.lower(), EDGES + "CHEBI:7465\tbiolink:treats\tchebi:7465\n"
    ).items():
        write_file(tmp_path, name, text.replace("drug", "Drug"))
    assert [row["source_entity"] for row in report_merge(reference, tmp_path)["joined"]] == ["CHEBI:7465"]


def test_no_edge_of_kgx_becomes_a_plain_triple(reference: ReferenceIndex) -> None:
    """An edge can be a prediction, so it becomes a reified statement and not a plain triple."""
    result = merge_files(reference, BIOLINK)
    predicates = {triple.predicate.value for triple in select_graph(result, result.sources[0].iri)}
    assert not predicates & {f"https://w3id.org/biolink/vocab/{name}" for name in ("affects", "treats", "similar_to")}


def test_every_cell_of_kgx_is_in_the_merged_graph(reference: ReferenceIndex) -> None:
    result = merge_files(reference, BIOLINK)
    values = {
        term.value
        for triple in select_graph(result, result.sources[0].iri)
        for term in triple
        if hasattr(term, "value")
    }
    cells = 0
    for name in ("graph_nodes.tsv", "graph_edges.tsv"):
        for row in csv.DictReader((BIOLINK / name).read_text("utf-8").splitlines(), delimiter="\t"):
            for key in row.keys() - {"id", "subject", "predicate", "object", "category"}:
                cells += bool(row[key])
                assert not row[key] or row[key] in values, row[key]
    assert cells > 30


@FEW_EXAMPLES
@given(TEXTS, TEXTS)
def test_every_text_of_kgx_is_in_the_merged_graph(
    reference: ReferenceIndex, tmp_path: Path, name: str, note: str
) -> None:
    nodes = [{"id": "CHEBI:7465", "category": ["biolink:Drug"], "name": name, "note": note, "odd": [{"a": note}]}]
    edges = [{"subject": "CHEBI:7465", "predicate": "biolink:related_to", "object": "CHEBI:7465", "note": note}]
    write_file(tmp_path, "t_nodes.jsonl", "".join(json.dumps(node) + "\n" for node in nodes))
    write_file(tmp_path, "t_edges.jsonl", "".join(json.dumps(edge) + "\n" for edge in edges))
    result = merge_files(reference, tmp_path / "t_nodes.jsonl")
    texts = [t.object.value for t in select_graph(result, result.sources[0].iri) if isinstance(t.object, ox.Literal)]
    assert sorted(texts) == sorted([name, note, note, json.dumps([{"a": note}][0], ensure_ascii=False)])


BAD_INPUTS: dict[str, BadInput] = {
    "a missing column of nodes": (
        make_pair("id\tname\na\tb\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: the row lacks the required value 'category'",
    ),
    "a missing column of edges": (
        make_pair(NODES + NODE, "subject\tobject\n"),
        "k_nodes.tsv",
        "k_edges.tsv:1: the required column 'predicate' is missing",
    ),
    "a repeated column": (make_pair("id\tcategory\tid\n"), "k_nodes.tsv", "k_nodes.tsv:1: the column 'id' is repeated"),
    "a short row": (make_pair(NODES + "a\tb\n"), "k_nodes.tsv", "k_nodes.tsv:2: the row has 2 cells instead of 3"),
    "a row without an id": (
        make_pair(NODES + "\tb\tc\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: the row lacks the required value 'id'",
    ),
    "an IRI with a space": (
        make_pair(NODES + "MESH:a b\tc\td\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: 'MESH:a b' is not a valid identifier",
    ),
    "a URL with a space": (
        make_pair(NODES + "http://a/ b\tc\td\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: 'http://a/ b' is not a valid identifier",
    ),
    "a repeated id": (
        make_pair(NODES + NODE + NODE.replace("naltrexone", "naloxone")),
        "k_nodes.tsv",
        "k_nodes.tsv:3: 'CHEBI:7465' is already defined in line 2 with different content",
    ),
    "a repeated id with another notation of its prefix": (
        make_pair(NODES + "MESH:D009271\tbiolink:Drug\tnaltrexone\nmesh:D009271\tbiolink:Drug\tnaloxone\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:3: 'mesh:D009271' is already defined in line 2 with different content",
    ),
    "a repeated edge": (
        make_pair(
            NODES + NODE,
            "id\t" + EDGES + "e\tCHEBI:7465\tbiolink:a\tCHEBI:7465\ne\tCHEBI:7465\tbiolink:b\tCHEBI:7465\n",
        ),
        "k_nodes.tsv",
        "k_edges.tsv:3: 'e' is already defined in line 2 with different content",
    ),
    "an unknown knowledge level": (
        make_pair(
            NODES + NODE,
            "knowledge_level\t" + EDGES + "KNOWLEDGE_ASSERTION\tCHEBI:7465\tbiolink:treats\tCHEBI:7465\n",
        ),
        "k_nodes.tsv",
        "k_edges.tsv:2: 'KNOWLEDGE_ASSERTION' is not a valid knowledge_level. Use one of knowledge_assertion,",
    ),
    "a knowledge level that is not a string": (
        make_pair(to_json_lines(JSON_NODE), to_json_lines({**JSON_EDGE, "knowledge_level": 7}), "jsonl"),
        "k_nodes.jsonl",
        "k_edges.jsonl:1: '7' is not a valid knowledge_level",
    ),
    "a missing node": (
        make_pair(NODES + NODE, EDGES + "CHEBI:7465\tbiolink:treats\tCHEBI:1\n"),
        "k_nodes.tsv",
        "k_edges.tsv:2: the object 'CHEBI:1' is not in the nodes file",
    ),
    "a table without rows": (make_pair(NODES), "k_nodes.tsv", "k_nodes.tsv: the file has no rows"),
    "an empty file": (make_pair(""), "k_nodes.tsv", "k_nodes.tsv:1: the required column 'id' is missing"),
    "a table not in UTF-8": (
        {"k_nodes.tsv": NODES.encode() + b"a\tb\t\xff\n", "k_edges.tsv": EDGES},
        "k_nodes.tsv",
        "k_nodes.tsv:2: the line is not UTF-8",
    ),
    "invalid JSON": (make_pair("{\n", "", "jsonl"), "k_nodes.jsonl", "k_nodes.jsonl:1: the JSON is invalid: "),
    "an array": (make_pair("[1]\n", "", "jsonl"), "k_nodes.jsonl", "k_nodes.jsonl:1: a JSON object is required here"),
    "a repeated key": (
        make_pair('{"id": "a", "id": "b"}\n', "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: the JSON cannot be parsed: a key is repeated",
    ),
    "NaN": (
        make_pair('{"id": NaN}\n', "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: the JSON cannot be parsed: NaN is not a JSON number",
    ),
    "a number with too many digits": (
        make_pair(f'{{"id": {"9" * 5000}}}\n', "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: the JSON cannot be parsed: ",
    ),
    "a deeply nested object": (
        make_pair('{"a":' * 9999 + "\n", "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: the JSON cannot be parsed: ",
    ),
    "half a character": (
        make_pair(to_json_lines({**JSON_NODE, "name": "\ud800"}), "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: a string contains half a character",
    ),
    "an id that is a list": (
        make_pair(to_json_lines({**JSON_NODE, "id": ["a", "b"]}), "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: 'id' must be a single string",
    ),
    "an id that is a number": (
        make_pair(to_json_lines({**JSON_NODE, "id": 7}), "", "jsonl"),
        "k_nodes.jsonl",
        "k_nodes.jsonl:1: 'id' must be a single string",
    ),
    "an end of an edge that is an object": (
        make_pair(to_json_lines(JSON_NODE), to_json_lines({**JSON_EDGE, "object": {"a": 1}}), "jsonl"),
        "k_nodes.jsonl",
        "k_edges.jsonl:1: 'object' must be a single string",
    ),
    "an edge id that is a list": (
        make_pair(to_json_lines(JSON_NODE), to_json_lines({**JSON_EDGE, "id": []}), "jsonl"),
        "k_nodes.jsonl",
        "k_edges.jsonl:1: 'id' must be a single string",
    ),
    "a terminal control sequence": (
        make_pair(NODES + "MESH:\x1b[2J \tb\tc\n"),
        "k_nodes.tsv",
        "k_nodes.tsv:2: 'MESH:\\x1b[2J ' is not a valid identifier",
    ),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_an_invalid_input_is_refused_with_one_message(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
