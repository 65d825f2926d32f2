"""Paths of DrugMechDB are read or refused with one message."""

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
    ("name", "claim", "verb"),
    [
        ("tlr4-antagonism", "low-dose-naltrexone-antagonises-tlr4", "antagonise"),
        ("microglial-inhibition", "low-dose-naltrexone-inhibits-microglia", "inhibit"),
        ("opioid-rebound", "low-dose-naltrexone-blocks-opioid-signalling", "block"),
    ],
)
def test_our_own_paths_are_read_as_hypotheses(
    name: str, claim: str, verb: str, reference: ReferenceIndex, tmp_path: Path
) -> None:
    text = (ROOT / "tests" / "data" / "merge" / "own_paths" / f"{name}.yaml").read_text("utf-8")
    report = report_merge(reference, write_file(tmp_path, "a.yaml", text))
    assert (report["contradictions"], report["other_statements"]) == ([], [])
    (row,) = report["agreeing_statements"]
    assert (row["claims"], row["level"]) == (f"claim:{claim}", "prediction")
    assert {row["level"] for row in report["new_about_our_entities"]} == {"prediction"}
    as_fact = text.replace(f"is hypothesised to {verb}", "decreases activity of")
    (row,) = report_merge(reference, write_file(tmp_path, "a.yaml", as_fact))["contradictions"]
    assert [row[key] for key in ("kind", "our_value", "source_value")] == [
        "certainty",
        "hypothesised",
        "none, treated as fact",
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
    "a repeated node with another notation of its prefix": (
        {"a.yaml": PATH.replace("links:", "- id: chebi:7465\n  name: b\nlinks:")},
        "a.yaml",
        "a.yaml:4: 'chebi:7465' is already defined in line 2 with different content",
    ),
    "an empty YAML file": ({"a.yaml": ""}, "a.yaml", "a.yaml: the file has no paths"),
    "invalid YAML": ({"a.yaml": "a: [\n"}, "a.yaml", "a.yaml:2: the YAML is invalid: "),
    "YAML not in UTF-8": (
        {"a.yaml": b"a: \xff"},
        "a.yaml",
        "a.yaml:1: the text is not UTF-8 or has characters that YAML forbids",
    ),
    "YAML that is a string": ({"a.yaml": "words"}, "a.yaml", "a.yaml:1: a path must be a mapping"),
    "deeply nested YAML": (
        {"a.yaml": "a: " + "[" * 99},
        "a.yaml",
        "a.yaml:1: the YAML is nested deeper than 20 levels",
    ),
    "an alias": ({"a.yaml": "a: &b 1\nc: *b\n"}, "a.yaml", "a.yaml:2: a YAML alias is not supported"),
    "a repeated key": ({"a.yaml": "a: 1\na: 2\n"}, "a.yaml", "a.yaml:2: the key 'a' is repeated"),
    "a path without links": ({"a.yaml": "nodes: []\n"}, "a.yaml", "a.yaml:1: the path lacks the required key 'links'"),
    "nodes that are not a list": ({"a.yaml": "nodes: a\nlinks: []\n"}, "a.yaml", "a.yaml:1: a list is required here"),
    "a node without a name": (
        {"a.yaml": "links: []\nnodes:\n- id: a\n"},
        "a.yaml",
        "a.yaml:3: the entry of 'nodes' lacks the required key 'name'",
    ),
    "a link to a missing node": (
        {"a.yaml": PATH.replace("target: CHEBI:7465", "target: CHEBI:1")},
        "a.yaml",
        "a.yaml:7: the target 'CHEBI:1' is not a node of the path",
    ),
    "a repeated node": (
        {"a.yaml": PATH.replace("links:", "- id: CHEBI:7465\n  name: b\nlinks:")},
        "a.yaml",
        "a.yaml:4: 'CHEBI:7465' is already defined in line 2 with different content",
    ),
    "a repeated path": (
        {"a.yaml": "".join("- graph: {_id: p}\n  nodes: []\n  links: []\n" for _ in "ab")},
        "a.yaml",
        "a.yaml:4: the path 'p' is already defined in a.yaml, line 1",
    ),
    "an IRI with a space in YAML": (
        {"a.yaml": PATH.replace("CHEBI:7465", "CHEBI:7 5")},
        "a.yaml",
        "a.yaml:2: 'CHEBI:7 5' is not a valid identifier",
    ),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_an_invalid_input_is_refused_with_one_message(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
