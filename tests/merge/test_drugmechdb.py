"""Paths of DrugMechDB are read, or refused with one error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.merging import PATH, BadInput, Refuse, merge_files, report_merge, write_file
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


@pytest.mark.parametrize(
    ("name", "claim", "does"),
    [
        ("tlr4-antagonism", "low-dose-naltrexone-antagonises-tlr4", "antagonise"),
        ("microglial-inhibition", "low-dose-naltrexone-inhibits-microglia", "inhibit"),
        ("opioid-rebound", "low-dose-naltrexone-blocks-opioid-signalling", "block"),
    ],
)
def test_our_own_paths_are_read_as_hypotheses(
    name: str, claim: str, does: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    text = (ROOT / "tests" / "data" / "merge" / "own_paths" / f"{name}.yaml").read_text("utf-8")
    report = report_merge(reference, write_file(tmp_path, "a.yaml", text))
    assert (report["contradictions"], report["other_statements"]) == ([], [])
    (row,) = report["agreeing_statements"]
    assert (row["claims"], row["level"]) == (f"claim:{claim}", "prediction")
    assert {row["level"] for row in report["new_about_ours"]} == {"prediction"}
    surer = text.replace(f"is hypothesised to {does}", "decreases activity of")
    (row,) = report_merge(reference, write_file(tmp_path, "a.yaml", surer))["contradictions"]
    assert [row[name] for name in ("kind", "ours", "theirs")] == [
        "certainty",
        "hypothesised",
        "none, so stated as fact",
    ]


@pytest.mark.parametrize(
    ("written", "expected"), [("null", []), ("~", []), ("", []), ("'null'", ["null"]), ("no", ["no"])]
)
def test_null_in_yaml_gives_no_quad(
    written: str, expected: list[str], reference: ReferenceIndex, tmp_path: Path
) -> None:
    result = merge_files(reference, write_file(tmp_path, "a.yaml", f"note: {written}\n{PATH}"))
    notes = [quad.object for quad in result.quads if quad.predicate.value.endswith("#note") and "ni:" in str(quad)]
    assert [note.value for note in notes if isinstance(note, ox.Literal)] == expected


BAD_INPUTS: dict[str, BadInput] = {
    "a node of a path twice, its prefix written otherwise": (
        {"a.yaml": PATH.replace("links:", "- id: chebi:7465\n  name: b\nlinks:")},
        "a.yaml",
        "a.yaml:4: 'chebi:7465' stands in line 2 too",
    ),
    "an empty YAML file": ({"a.yaml": ""}, "a.yaml", "a.yaml: is empty"),
    "broken YAML": ({"a.yaml": "a: [\n"}, "a.yaml", "a.yaml:2: is not YAML"),
    "YAML not in UTF-8": ({"a.yaml": b"a: \xff"}, "a.yaml", "a.yaml: is not UTF-8 text"),
    "YAML that is a text": ({"a.yaml": "words"}, "a.yaml", "a.yaml:1: is no mapping and no list"),
    "deep YAML": ({"a.yaml": "a: " + "[" * 99}, "a.yaml", "a.yaml:1: is nested deeper"),
    "an alias": ({"a.yaml": "a: &b 1\nc: *b\n"}, "a.yaml", "a.yaml:2: is an alias"),
    "a YAML key twice": ({"a.yaml": "a: 1\na: 2\n"}, "a.yaml", "a.yaml:2: has the key 'a' twice"),
    "a path without links": ({"a.yaml": "nodes: []\n"}, "a.yaml", "a.yaml:1: has no 'links'"),
    "nodes that are no list": ({"a.yaml": "nodes: a\nlinks: []\n"}, "a.yaml", "a.yaml:1: is no list"),
    "a node without a name": ({"a.yaml": "links: []\nnodes:\n- id: a\n"}, "a.yaml", "a.yaml:3: has no 'name'"),
    "a link to nothing": (
        {"a.yaml": PATH.replace("target: CHEBI:7465", "target: CHEBI:1")},
        "a.yaml",
        "a.yaml:7: the target 'CHEBI:1' is no node",
    ),
    "a node of a path twice": (
        {"a.yaml": PATH.replace("links:", "- id: CHEBI:7465\n  name: b\nlinks:")},
        "a.yaml",
        "a.yaml:4: 'CHEBI:7465' stands in line 2 too",
    ),
    "a path twice": (
        {"a.yaml": "".join("- graph: {_id: p}\n  nodes: []\n  links: []\n" for _ in "ab")},
        "a.yaml",
        "a.yaml:4: the path 'p' stands in line 1 too",
    ),
    "an IRI with a space in YAML": (
        {"a.yaml": PATH.replace("CHEBI:7465", "CHEBI:7 5")},
        "a.yaml",
        "a.yaml:2: 'CHEBI:7 5' is no",
    ),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_a_bad_input_is_one_error(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
