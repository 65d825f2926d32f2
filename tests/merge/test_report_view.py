"""What people see of a report: a summary, and tables in which equal rows are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.merge.report_view import make_sections, summarise
from support.merging import BIOLINK, PATHS, report_merge, write_file

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

DRUG, FIBROMYALGIA = "http://purl.obolibrary.org/obo/CHEBI_7465", "http://purl.obolibrary.org/obo/MONDO_0005546"


def test_a_statement_that_differs_in_two_kinds_is_shown_once(reference: ReferenceIndex) -> None:
    (section, *_) = make_sections(report_merge(reference, BIOLINK))
    assert [group.kind for group in section.groups] == ["polarity", "negation", "relation", "dose"]
    assert [len(group.entries) for group in section.groups] == [1, 1, 1, 1]
    assert section.size == "6 in 4 rows"
    assert section.groups[3].entries[0].cells["difference"] == (
        "dose: the source says it of naltrexone (CHEBI:7465), LDN-KG says it of low-dose naltrexone "
        "(regimen:low-dose-naltrexone); certainty: the source has 'knowledge assertion', LDN-KG has 'hypothesised'"
    )


def test_each_group_says_what_its_kind_means(reference: ReferenceIndex) -> None:
    groups = [group for section in make_sections(report_merge(reference, BIOLINK, PATHS)) for group in section.groups]
    assert all(bool(group.kind) == bool(group.meaning) for group in groups)
    assert len({group.meaning for group in groups}) == len({group.kind for group in groups}) == 6


def test_equal_statements_are_one_row_with_all_places(reference: ReferenceIndex, tmp_path: Path) -> None:
    edge = f"<{DRUG}> <https://w3id.org/biolink/vocab/treats> <{FIBROMYALGIA}> .\n"
    paths = [write_file(tmp_path, f"{name}.nt", edge + f"# {name}\n") for name in "abc"]
    (section, *_) = make_sections(report_merge(reference, *paths))
    (entry,) = section.groups[0].entries
    assert [place.rpartition("/")[2].partition(":")[0] for place in entry.places] == ["a.nt", "b.nt", "c.nt"]
    assert entry.format_places() == f"{entry.places[0]} and 2 more"


def test_the_level_of_a_statement_is_shown_if_it_is_compared(reference: ReferenceIndex) -> None:
    sections = {section.name: section for section in make_sections(report_merge(reference, BIOLINK))}
    compared, new = (
        [entry.cells["source says"] for group in sections[name].groups for entry in group.entries]
        for name in ("agreeing_statements", "new_about_our_entities")
    )
    assert compared == ["naltrexone (CHEBI:7465) treats alcohol use disorder (DOID:1574) [knowledge assertion]"]
    assert not any("[" in cell for cell in new)


def test_the_summary_says_what_was_read_and_found(reference: ReferenceIndex) -> None:
    report = report_merge(reference, PATHS)
    lines = {line.name: (line.number, line.details) for line in summarise(report)}
    assert lines["statements"] == ("9", "1 source, 1 file, 3 paths: paths.yaml")
    assert lines["contradictions"] == ("0", "")
    assert lines["if_corrected"] == ("3", "1 dose, 1 certainty, 1 agreement")
    assert lines["refused"] == ("2", "MESH:D009270 is naloxone, not naltrexone (CHEBI:7465): use MESH:D009271")
    assert lines["skipped"] == ("0", "")
    assert "near_contradictions" not in lines
    assert list(lines)[-4:] == ["new_statements", "descriptions", "new_entities", "quads"]


def test_the_summary_names_the_first_sources(reference: ReferenceIndex, tmp_path: Path) -> None:
    edge = f"<{DRUG}> <https://w3id.org/biolink/vocab/treats> <{FIBROMYALGIA}> .\n"
    paths = [write_file(tmp_path, f"{name}.nt", edge + f"# {name}\n") for name in "dcba"]
    (line, *_) = summarise(report_merge(reference, *paths))
    assert line.details == "4 sources, 4 files: a.nt, b.nt, c.nt, ..."
