"""The report of each extract equals the report written by hand, and its rows are ordered and located."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.report import KINDS, TABLES, make_report
from ldnkg.merge.source import Skipped
from support.merging import (
    BIOLINK,
    EXTRACTS,
    LABEL,
    NALTREXONE,
    PATHS,
    UNCOMPARED,
    merge_files,
    report_merge,
    write_edge,
    write_file,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

EXPECTED = json.loads((EXTRACTS / "report.json").read_text("utf-8"))
WORDS = json.loads((EXTRACTS / "report_words.json").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_report_of_an_extract_equals_the_report_written_by_hand(name: str, reference: ReferenceIndex) -> None:
    report = report_merge(reference, EXTRACTS / name)
    expected = EXPECTED[name]
    for table in expected.keys() - {"counts"}:
        rows = [[cell for key, cell in row.items() if key not in UNCOMPARED] for row in report[table]]
        assert sorted(rows) == sorted(expected[table]), table
        assert report["counts"][table] == len(expected[table])
    assert expected["counts"].items() <= report["counts"].items()


def test_the_report_of_two_sources_has_the_rows_of_both(reference: ReferenceIndex) -> None:
    together = report_merge(reference, BIOLINK, PATHS)
    separate = [report_merge(reference, BIOLINK), report_merge(reference, PATHS)]
    for table in TABLES:
        assert sorted(map(str, together[table])) == sorted(map(str, separate[0][table] + separate[1][table]))


@pytest.mark.parametrize("name", WORDS)
def test_each_row_says_in_words_what_is_compared(name: str, reference: ReferenceIndex) -> None:
    report = report_merge(reference, EXTRACTS / name)
    keys = ("source_says", "we_say", "difference", "compared_as")
    for table, expected in WORDS[name].items():
        assert [[row.get(key, "") for key in keys] for row in report[table]] == expected


def test_the_most_important_tables_and_kinds_come_first(reference: ReferenceIndex) -> None:
    statements = ["contradictions", "near_contradictions", "if_corrected", "agreeing_statements", "near_agreement"]
    entities = ["joined", "unjoined", "near", "labels", "refused", "skipped", "new_about_our_entities"]
    assert list(TABLES) == [*statements, "other_statements", "quoted_statements", *entities]
    assert KINDS[-2:] == ("certainty", "agreement")
    kinds = [row["kind"] for row in report_merge(reference, BIOLINK)["contradictions"]]
    assert kinds == ["polarity", "negation", "relation", "dose", "dose", "certainty"]
    names = [row["our_name"].lower() for row in report_merge(reference, PATHS)["joined"]]
    assert names == sorted(names)


@pytest.mark.parametrize("source", [BIOLINK, PATHS], ids=["biolink", "paths"])
def test_each_row_has_its_file_and_record(source: Path, reference: ReferenceIndex) -> None:
    report = report_merge(reference, source)
    rows = [row for table in TABLES for row in report[table]]
    assert len(rows) > 15
    assert [row for row in rows if not (row["file"] and row["record"] and {"line", "where"} <= row.keys())] == []


def test_the_record_of_a_row_is_that_of_its_statement_or_label(reference: ReferenceIndex) -> None:
    report = report_merge(reference, PATHS)
    assert [row["record"] for row in report["if_corrected"]] == [
        "DB00704_MESH_D059350_1;link-1",
        "DB00704_MESH_D059350_1;link-1",
        "DB00704_MESH_D000437_1;link-1",
    ]
    (label,) = (row for row in report["labels"] if row["source_label"] == "Low Dose Naltrexone")
    assert label["record"] == "DB00704_MESH_D059350_1"
    edges = report_merge(reference, BIOLINK)["contradictions"]
    assert [row["record"] for row in edges] == ["e2", "e4", "e8", "e1", "e8", "e1"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ""),
        ({"object_direction_qualifier": "increased"}, ": object increased"),
        ({"object_aspect_qualifier": "expression"}, ": expression of the object"),
        (
            {"object_aspect_qualifier": "mutation_rate", "object_direction_qualifier": "biolink:decreased"},
            ": decreased mutation rate of the object",
        ),
        ({"subject_direction_qualifier": "increased", "negated": "true"}, ": subject increased; negated"),
        ({"causal_mechanism_qualifier": "antagonism"}, ": mechanism: antagonism"),
    ],
)
def test_a_row_says_what_a_statement_changes(
    more: dict[str, str], said: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    report = report_merge(reference, write_edge(tmp_path, "CHEBI:7465", "biolink:affects", "UniProtKB:P35372", **more))
    rows = [row for table in TABLES for row in report[table] if "source_says" in row]
    expected = f"naltrexone (CHEBI:7465) affects mu-opioid receptor (UniProtKB:P35372){said}"
    assert {row["source_says"] for row in rows} == {expected}


def test_statements_about_different_aspects_have_different_rows(reference: ReferenceIndex, tmp_path: Path) -> None:
    head = "id\tsubject\tpredicate\tobject\tobject_aspect_qualifier\tobject_direction_qualifier\n"
    edge = "CHEBI:7465\tbiolink:affects\tUniProtKB:P35372"
    write_file(tmp_path, "a_nodes.tsv", "id\tcategory\nCHEBI:7465\tbiolink:Drug\nUniProtKB:P35372\tbiolink:Protein\n")
    rows = [f"1\t{edge}\tstability\tincreased\n", f"2\t{edge}\tlocalization\tdecreased\n"]
    write_file(tmp_path, "a_edges.tsv", head + "".join(rows))
    said = [row["source_says"].partition(": ")[2] for row in report_merge(reference, tmp_path)["other_statements"]]
    assert said == ["increased stability of the object", "decreased localization of the object"]


def test_the_order_of_sources_makes_no_difference(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f'<{NALTREXONE}> {LABEL} "antaxone" .\n'
    more = [write_file(tmp_path, f"{name}.nt", text + f"# {name}\n") for name in "ba"]
    sources = [PATHS, *more, BIOLINK]
    assert report_merge(reference, *sources) == report_merge(reference, *reversed(sources))


def test_self_descriptions_are_counted_and_not_listed(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f"""@prefix biolink: <https://w3id.org/biolink/vocab/> .
        <{NALTREXONE}> a <http://e.org/C> ; biolink:category biolink:Drug ;
          <http://www.geneontology.org/formats/oboInOwl#inSubset> <http://e.org/E> .\n"""
    report = report_merge(reference, write_file(tmp_path, "a.ttl", text))
    assert [table for table in TABLES if report[table]] == ["joined"]
    assert report["counts"]["descriptions"] >= 2


def test_what_was_skipped_is_counted_by_kind(reference: ReferenceIndex) -> None:
    result = merge_files(reference, BIOLINK)
    skipped = [Skipped("f", 3, "r", "row", "a"), Skipped("f", 4, "", "row", "b", 9), Skipped("f", 0, "", "value", "c")]
    report = make_report(result._replace(skipped=skipped), reference)
    assert [row["where"] for row in report["skipped"]] == ["f", "f:3", "f:4"]
    assert report["kinds"]["skipped"] == {"value": 1, "row": 10}
    assert report["counts"]["skipped"] == 11
    assert report["kinds"]["contradictions"] == {
        "polarity": 1, "negation": 1, "relation": 1, "dose": 2, "certainty": 1,
    }  # fmt: skip


def test_the_counts_say_what_was_read(reference: ReferenceIndex) -> None:
    counts = report_merge(reference, BIOLINK, PATHS)["counts"]
    assert {name: counts[name] for name in ("sources", "files", "paths")} == {"sources": 2, "files": 3, "paths": 3}
    assert counts["statements"] == 8 + 9


def test_a_row_says_in_words_which_value_differs(reference: ReferenceIndex, tmp_path: Path) -> None:
    regimen = "https://w3id.org/ldn-kg/regimen/low-dose-naltrexone"
    text = f'<{regimen}> {LABEL} "LDN" ; <https://w3id.org/ldn-kg/ontology#doseMaximum> "9" .\n'
    (row,) = report_merge(reference, write_file(tmp_path, "a.ttl", text))["contradictions"]
    assert [row[key] for key in ("kind", "source_says", "we_say", "difference")] == [
        "value",
        "LDN (regimen:low-dose-naltrexone): dose maximum 9",
        "low-dose naltrexone (regimen:low-dose-naltrexone): dose maximum 5",
        "the source has 9, LDN-KG has 5",
    ]


def test_a_label_in_english_is_preferred(reference: ReferenceIndex, tmp_path: Path) -> None:
    labels = '"Altname"@de , "naltrexone"@en , "Zweitname"@fr'
    text = f"<{NALTREXONE}> {LABEL} {labels} ; <https://w3id.org/biolink/vocab/treats> <http://e.org/x> .\n"
    (row,) = report_merge(reference, write_file(tmp_path, "a.ttl", text))["new_about_our_entities"]
    assert row["source_says"] == "naltrexone (CHEBI:7465) treats http://e.org/x"
