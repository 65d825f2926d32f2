"""The labels of sources are compared with our labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.merging import ALCOHOL_USE_DISORDER, DRUG, EDGES, NODES, RECEPTOR, report_merge, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


@pytest.mark.parametrize(
    ("identifier", "label", "expected"),
    [
        (RECEPTOR, "OPRM1", 0),
        ("UniProtKB:O00206", "TLR4", 0),
        (RECEPTOR, "OPRK1", 1),
        (ALCOHOL_USE_DISORDER, "alcohol dependence", 1),
        (DRUG, "naltrexone hydrochloride", 1),
    ],
)
def test_a_label_from_our_mappings_is_not_reported_as_different(
    identifier: str, label: str, expected: int, reference: ReferenceIndex, tmp_path: Path
) -> None:
    """Labels of near matches and of refused identifiers are reported, except the symbol of the gene of a receptor."""
    write_file(tmp_path, "k_nodes.tsv", f"{NODES}{identifier}\tbiolink:NamedThing\t{label}\n")
    write_file(tmp_path, "k_edges.tsv", f"{EDGES}{identifier}\tbiolink:related_to\t{identifier}\n")
    assert len(report_merge(reference, tmp_path)["labels"]) == expected
