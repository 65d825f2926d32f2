"""Identifiers are resolved in every notation of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.reference import RESOURCES, ReferenceIndex
from support.merging import (
    EXACT_MATCH,
    MERGE_GRAPH,
    NALTREXONE,
    merge_files,
    report_merge,
    select_graph,
    write_file,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_an_alternative_url_is_joined_and_kept_unchanged(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = "<https://identifiers.org/mesh/D009271> <http://e.org/p> <http://www.wikidata.org/wiki/Q409587> ."
    result = merge_files(reference, write_file(tmp_path, "a.nt", text))
    (triple,) = select_graph(result, result.sources[0].iri)
    assert str(triple) + " ." == text
    same = {
        (str(t.subject), str(t.object)) for t in select_graph(result, MERGE_GRAPH.value) if t.predicate == EXACT_MATCH
    }
    naltrexone = f"<{NALTREXONE}>"
    assert same == {
        ("<https://identifiers.org/mesh/D009271>", naltrexone),
        ("<http://www.wikidata.org/wiki/Q409587>", naltrexone),
    }


@pytest.mark.parametrize(
    "written", ["mesh:D009271", "MSH:D009271", "MeSH:MESH:D009271", "DB:DB00704", "drugbank:DB00704"]
)
def test_alternative_prefixes_are_resolved(written: str, reference: ReferenceIndex) -> None:
    (known,) = reference.entities.find_matches(reference.resolver.resolve(written, "ni:///x").value)
    assert (known.entity, known.match) == (NALTREXONE, "exact")


def test_every_alias_has_one_of_our_prefixes(reference: ReferenceIndex) -> None:
    rows = [line.split("\t") for line in (RESOURCES / "aliases.tsv").read_text("utf-8").splitlines()[2:]]
    assert [row for row in rows if row[1] not in {*reference.graph.prefixes, "*"}] == []
    assert len({row[0] for row in rows}) == len(rows)


def test_a_near_match_is_not_joined(reference: ReferenceIndex, tmp_path: Path) -> None:
    report = report_merge(
        reference,
        write_file(tmp_path, "a.ttl", "<http://identifiers.org/ncbigene/7099> <http://e.org/p> <http://e.org/o> ."),
    )
    assert (report["joined"], [row["match"] for row in report["near"]]) == ([], ["close"])
