"""The statements of sources are read with their knowledge level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from support.merging import change_claim, merge_files, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


def test_a_knowledge_level_that_is_not_in_biolink_is_refused_in_rdf(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = change_claim(reference, "naltrexone-is-taken-orally", "ontology#certainty", "nothing")
    level = (
        "<https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally> <https://w3id.org/biolink/vocab/knowledge_level>"
    )
    with pytest.raises(
        LdnkgError,
        match=r"a\.nt: '.*' has the knowledge level 'nonsense', which is not in Biolink. Use one of knowledge_a",
    ):
        merge_files(reference, write_file(tmp_path, "a.nt", f'{text}{level} "nonsense" .\n'))
