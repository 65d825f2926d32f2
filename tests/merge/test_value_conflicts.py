"""The values of functional properties, such as a dose, are compared with our values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.exports.kgx.writer import make_files as make_kgx
from support.merging import report_merge, to_json_lines, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

DOSES = {
    "another maximum": ("5.0", "50.0", [("doseMaximum", "5", "50.0")]),
    "the same maximum": ("5.0", "5.00", []),
    "the same maximum in another notation": ("5.0", '"5"', []),
    "a maximum that is not a number": ("5.0", '"much"', [("doseMaximum", "5", "much")]),
    "another minimum": ('"dose_minimum": 1.0', '"dose_minimum": 2.0', [("doseMinimum", "1", "2.0")]),
    "another code of the unit": ('"mg/d"', '"g/d"', [("doseUcum", "mg/d", "g/d")]),
    "another unit": (
        "unit:MilliGM-PER-DAY",
        "unit:GM-PER-DAY",
        [("doseUnit", "unit:MilliGM-PER-DAY", "unit:GM-PER-DAY")],
    ),
    "another frequency": ('"daily"', '"weekly"', [("frequency", "daily", "weekly")]),
}


@pytest.mark.parametrize("name", DOSES)
def test_a_different_dose_in_a_copy_of_our_kgx_is_a_conflict(
    name: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    old, new, expected = DOSES[name]
    made = make_kgx(reference.graph)
    for part in ("nodes", "edges"):
        (written,) = (content for path, content in made.items() if path.endswith(f"{part}.jsonl"))
        assert part == "edges" or old.encode() in written
        write_file(
            tmp_path, f"k_{part}.jsonl", written.decode().replace(old, new) if part == "nodes" else written.decode()
        )
    rows = report_merge(reference, tmp_path)["contradictions"]
    regimen = "regimen:low-dose-naltrexone"
    assert [[row["kind"], row["claim"], row["our_value"], row["source_value"], row["statement"]] for row in rows] == [
        ["value", regimen, our_value, source_value, f"{regimen} {property_} {source_value}"]
        for property_, our_value, source_value in expected
    ]


MECHANISMS = {
    "certainty": ('"certainty": "hypothesised"', '"certainty": "established"', "hypothesised", "established"),
    "netPolarity": ('"net_polarity": -1', '"net_polarity": 1', "-1", "1"),
    "effect": (
        '-decreases-neuroinflammatory-pain", "regimen',
        '-inhibits-microglia", "regimen',
        "claim:low-dose-naltrexone-decreases-neuroinflammatory-pain",
        "claim:low-dose-naltrexone-inhibits-microglia",
    ),
}


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_different_value_of_a_mechanism_is_a_conflict(name: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    old, new, our_value, source_value = MECHANISMS[name]
    made = make_kgx(reference.graph)
    (text,) = (content.decode() for path, content in made.items() if path.endswith("nodes.jsonl"))
    (line,) = (line for line in text.splitlines() if line.startswith('{"id": "mechanism:tlr4-antagonism"'))
    write_file(tmp_path, "k_nodes.jsonl", line.replace(old, new) + "\n")
    end = "mechanism:tlr4-antagonism"
    write_file(
        tmp_path, "k_edges.jsonl", to_json_lines({"subject": end, "predicate": "biolink:related_to", "object": end})
    )
    (row,) = report_merge(reference, tmp_path)["contradictions"]
    assert [row["kind"], row["claim"], row["our_value"], row["source_value"]] == ["value", end, our_value, source_value]
    assert row["statement"] == f"{end} {name} {source_value}"


@pytest.mark.parametrize(("values", "expected"), [("50", ["50"]), ("5", []), ("5.0", []), ("5, 6", ["6"])])
def test_a_different_dose_in_rdf_is_a_conflict(
    values: str, expected: list[str], reference: ReferenceIndex, tmp_path: Path
) -> None:
    regimen, property_ = "regimen/low-dose-naltrexone", "ontology#doseMaximum"
    text = f"<https://w3id.org/ldn-kg/{regimen}> <https://w3id.org/ldn-kg/{property_}> {values} ."
    rows = report_merge(reference, write_file(tmp_path, "a.ttl", text))["contradictions"]
    assert [(row["kind"], row["our_value"], row["source_value"]) for row in rows] == [
        ("value", "5", value) for value in expected
    ]
