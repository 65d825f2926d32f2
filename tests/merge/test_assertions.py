"""Statements of sources are read with their level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from support.merging import change_claim, merge_files, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


def test_a_level_that_biolink_does_not_have_is_refused_in_rdf_too(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = change_claim(reference, "naltrexone-is-taken-orally", "ontology#certainty", "nothing")
    level = (
        "<https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally> <https://w3id.org/biolink/vocab/knowledge_level>"
    )
    with pytest.raises(
        LdnkgError, match=r"a\.nt: '.*' is at the knowledge level 'nonsense', which Biolink does not have"
    ):
        merge_files(reference, write_file(tmp_path, "a.nt", f'{text}{level} "nonsense" .\n'))
