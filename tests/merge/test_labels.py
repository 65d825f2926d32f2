"""Labels of sources are compared with ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.merging import ALCOHOL_USE_DISORDER, DRUG, EDGES, NODES, RECEPTOR, report_merge, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


@pytest.mark.parametrize(
    ("identifier", "called", "listed"),
    [
        (RECEPTOR, "OPRM1", 0),
        ("UniProtKB:O00206", "TLR4", 0),
        (RECEPTOR, "OPRK1", 1),
        (ALCOHOL_USE_DISORDER, "alcohol dependence", 1),
        (DRUG, "naltrexone hydrochloride", 1),
    ],
)
def test_a_symbol_from_our_mappings_is_no_label_difference(
    identifier: str, called: str, listed: int, reference: ReferenceIndex, tmp_path: Path
) -> None:
    """That of what is only near, or refused, is one, but for a receptor and its gene."""
    write_file(tmp_path, "k_nodes.tsv", f"{NODES}{identifier}\tbiolink:NamedThing\t{called}\n")
    write_file(tmp_path, "k_edges.tsv", f"{EDGES}{identifier}\tbiolink:related_to\t{identifier}\n")
    assert len(report_merge(reference, tmp_path)["labels"]) == listed
