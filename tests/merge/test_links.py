"""No link equates two of our entities, in any notation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.merging import (
    EDGES,
    EXACT_MATCH,
    MERGE_GRAPH,
    MESH,
    NALOXONE,
    NALTREXONE,
    NODE,
    NODES,
    SAME_AS,
    UNCOMPARED,
    make_pair,
    merge_files,
    report_merge,
    select_graph,
    write_file,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.reference import ReferenceIndex

BIOLINK_SAME = "https://w3id.org/biolink/vocab/same_as"
LINK_PATH = f"""
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?entity {{
  <{NALTREXONE}> (skos:exactMatch|^skos:exactMatch|owl:sameAs|^owl:sameAs|owl:equivalentClass|^owl:equivalentClass
    |biolink:same_as|^biolink:same_as|biolink:equivalent_identifiers|^biolink:equivalent_identifiers)+ ?entity
}}"""


def find_equivalents_of_naltrexone(result: MergeResult) -> set[str]:
    """The IRIs that a path of links in the merged graph connects with naltrexone."""
    store = ox.Store()
    store.extend(result.quads)
    rows = store.query(LINK_PATH, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return {row["entity"].value for row in rows}


LINKS = {
    "naltrexone to naloxone": ([(NALTREXONE, EXACT_MATCH.value, f"{MESH}D009270")], True),
    "naloxone to naltrexone": ([(f"{MESH}D009270", BIOLINK_SAME, NALTREXONE)], True),
    "an identifier of naltrexone to naloxone": ([(f"{MESH}D009271", SAME_AS, f"{MESH}D009270")], True),
    "an identifier that is not a known lookalike": (
        [(NALTREXONE, SAME_AS, "https://identifiers.org/drugbank/DB01183")],
        True,
    ),
    "through another IRI": ([(NALTREXONE, SAME_AS, "http://e.org/a"), ("http://e.org/a", SAME_AS, NALOXONE)], True),
    "correct links": ([(NALTREXONE, SAME_AS, f"{MESH}D009271"), (f"{MESH}D009270", SAME_AS, NALOXONE)], False),
}


@pytest.mark.parametrize("name", LINKS)
def test_no_path_of_links_leads_from_naltrexone_to_naloxone(
    name: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    links, refused = LINKS[name]
    path = write_file(tmp_path, "a.nt", "".join(f"<{s}> <{p}> <{o}> .\n" for s, p, o in links))
    report, reached = report_merge(reference, path), find_equivalents_of_naltrexone(merge_files(reference, path))
    assert len(report["refused"]) == refused
    assert f"{MESH}D009271" in reached
    assert not reached & {NALOXONE, f"{MESH}D009270", "https://identifiers.org/drugbank/DB01183"}


def test_two_sources_together_cannot_equate_naltrexone_and_naloxone(reference: ReferenceIndex, tmp_path: Path) -> None:
    first = write_file(tmp_path, "a.nt", f"<{NALTREXONE}> <{SAME_AS}> <http://e.org/a> .\n")
    second = write_file(tmp_path, "b.nt", f"<http://e.org/a> <{SAME_AS}> <{NALOXONE}> .\n")
    assert NALOXONE not in find_equivalents_of_naltrexone(merge_files(reference, first, second))
    assert report_merge(reference, first, second) == report_merge(reference, second, first)
    assert len(report_merge(reference, first, second)["refused"]) == 1


def test_a_link_to_a_refused_identifier_is_reported(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = write_file(tmp_path, "a.ttl", f"<{NALTREXONE}> <http://www.w3.org/2002/07/owl#sameAs> <{MESH}D009270> .")
    (row,) = report_merge(reference, path)["refused"]
    assert (row["identifier"], row["is_not"], row["kept_as"]) == ("MESH:D009270", "CHEBI:7465", "")


def test_a_refused_link_is_removed_and_logged_with_its_graph_and_the_reason(
    reference: ReferenceIndex, tmp_path: Path
) -> None:
    path = write_file(tmp_path, "a.nt", f"<{NALTREXONE}> <{EXACT_MATCH.value}> <{MESH}D009270> .\n")
    result = merge_files(reference, path)
    source = result.sources[0].iri
    assert select_graph(result, source) == set()
    node = re.escape(f"<{source}#refused-")
    about = [
        (triple.predicate.value.rpartition("#")[2].rpartition("/")[2], triple.object.value)
        for triple in select_graph(result, MERGE_GRAPH.value)
        if re.match(node, str(triple.subject)) and isinstance(triple.object, ox.NamedNode | ox.Literal)
    ]
    assert sorted(about) == [
        ("comment", "refused: is naloxone"),
        ("isPartOf", source),
        ("object", f"{MESH}D009270"),
        ("predicate", EXACT_MATCH.value),
        ("subject", NALTREXONE),
        ("type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement"),
    ]


def test_an_entity_that_only_a_refused_link_names_is_not_joined(reference: ReferenceIndex, tmp_path: Path) -> None:
    report = report_merge(
        reference, write_file(tmp_path, "a.nt", f"<{NALTREXONE}> <{EXACT_MATCH.value}> <{MESH}D009270> .\n")
    )
    assert [row["source_entity"] for row in report["joined"]] == []


@pytest.mark.parametrize("column", ["same_as", "sameAs", "exactMatch", "exact_match", "equivalent_identifiers", "xref"])
def test_a_wrong_identifier_in_a_column_of_kgx_is_refused(
    column: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    """The column also has a correct identifier: naltrexone's in DrugBank. The wrong one is naloxone's in MeSH."""
    write_file(tmp_path, "k_nodes.tsv", f"id\tcategory\t{column}\nCHEBI:7465\tbiolink:Drug\tDB:DB00704|MESH:D009270\n")
    write_file(tmp_path, "k_edges.tsv", "subject\tpredicate\tobject\nCHEBI:7465\tbiolink:related_to\tCHEBI:7465\n")
    report = report_merge(reference, tmp_path)
    row = {key: value for key, value in report["refused"][0].items() if key not in UNCOMPARED}
    assert len(report["refused"]) == 1
    assert row.pop("called").startswith("linked by ")
    assert list(row.values()) == ["MESH:D009270", "CHEBI:7465", "is naloxone", "use MESH:D009271"]
    joined = {row["source_entity"] for row in report["joined"]}
    assert joined == {"CHEBI:7465"} | ({"DRUGBANK:DB00704"} if column != "xref" else set())
    assert f"{MESH}D009270" not in find_equivalents_of_naltrexone(merge_files(reference, tmp_path))


def test_an_edge_that_states_a_wrong_link_is_refused(reference: ReferenceIndex, tmp_path: Path) -> None:
    for name, text in make_pair(
        NODES + NODE + "MESH:D009270\tbiolink:Drug\tNaloxone\n",
        EDGES + "CHEBI:7465\tbiolink:same_as\tMESH:D009270\n",
    ).items():
        write_file(tmp_path, name, text)
    report = report_merge(reference, tmp_path)
    assert [(row["identifier"], row["is_not"]) for row in report["refused"]] == [("MESH:D009270", "CHEBI:7465")]
    assert {row["our_entity"] for row in report["joined"]} == {"CHEBI:7465", "CHEBI:7459"}
    assert (report["counts"]["agreeing_statements"], report["new_about_our_entities"]) == (0, [])
