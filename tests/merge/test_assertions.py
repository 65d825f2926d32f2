"""The statements of sources are read with their knowledge level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.merging import change_claim, merge_files, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


def test_a_knowledge_level_that_is_not_in_biolink_is_reported_in_rdf(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = change_claim(reference, "naltrexone-is-taken-orally", "ontology#certainty", "nothing")
    level = (
        "<https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally> <https://w3id.org/biolink/vocab/knowledge_level>"
    )
    result = merge_files(reference, write_file(tmp_path, "a.nt", f'{text}{level} "nonsense" .\n'))
    (skipped,) = result.skipped
    assert (skipped.kind, skipped.record.endswith("/naltrexone-is-taken-orally")) == ("value", True)
    assert (
        skipped.reason == "the knowledge level 'nonsense' is not in Biolink, so the statement is read without a level"
    )
