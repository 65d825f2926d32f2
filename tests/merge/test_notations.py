"""Each notation of a statement is read with its qualifiers and level; `notations/*.expected.tsv` is written by hand."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from ldnkg.merge.assertions import read_assertions
from ldnkg.merge.report import make_report
from ldnkg.merge.statements import Interpreter
from support.merging import EXTRACTS, merge_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ldnkg.merge.merge import MergeResult
    from ldnkg.merge.reference import ReferenceIndex

FOLDER = EXTRACTS / "notations"
EXPECTED = sorted(FOLDER.glob("*.expected.tsv"))
DETAILS = {
    "contradictions": "kind", "near_contradictions": "kind", "if_corrected": "kind", "skipped": "reason",
    "agreeing_statements": "level", "near_agreement": "level", "other_statements": "level",
    "quoted_statements": "level", "new_about_our_entities": "level",
}  # fmt: skip


def read_expected(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return sorted((row["table"], row["statement"], row["value"]) for row in rows)


def find_input(expected: Path) -> Path:
    """The file or folder whose name is that of the table without its extension."""
    name = expected.name.removesuffix(".expected.tsv")
    (path,) = (path for path in FOLDER.iterdir() if path.name.split(".")[0] == name and path != expected)
    return path


def list_statements(reference: ReferenceIndex, result: MergeResult) -> Iterator[tuple[str, str, str]]:
    """The statements of a source, except those that describe its graph or link entities."""
    interpreter = Interpreter(reference.notations, reference.claims, lambda *_: None)
    ignored = reference.vocabulary.links | reference.vocabulary.near_links
    for part in result.parts:
        for found in read_assertions(part, reference.notations):
            statement = interpreter.interpret(found)
            if found.triple[1] in ignored or statement.predicate in reference.notations.descriptions:
                continue
            ends = (statement.subject, statement.predicate, statement.object)
            level = statement.level.partition(",")[0].replace("quoted", "none")
            polarity = f"{statement.polarity:+}".replace("+0", "0")
            flags = ["negated"] * statement.negated + ["quoted"] * statement.quoted
            value = " ".join([level, polarity, statement.aspect, *flags]).replace("  ", " ").strip()
            replaced = {found.replacement: reference.resolver.canonicalise(found.iri) for found in result.quarantined}
            named = (reference.resolver.shorten(replaced.get(end, end)) for end in ends)
            yield "statements", " ".join(named), value


def list_rows(reference: ReferenceIndex, result: MergeResult) -> Iterator[tuple[str, str, str]]:
    report = make_report(result, reference)
    for table, detail in DETAILS.items():
        for row in report[table]:
            assert isinstance(row, dict)
            yield table, row.get("statement", ""), row[detail]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.name.split(".")[0])
def test_a_notation_is_read_with_its_qualifiers_and_its_level(expected: Path, reference: ReferenceIndex) -> None:
    result = merge_files(reference, find_input(expected))
    found = [*list_statements(reference, result), *list_rows(reference, result)]
    assert sorted(found) == read_expected(expected)


def test_every_file_of_the_folder_is_an_input_or_has_the_expected_statements() -> None:
    inputs = {path.name.split(".")[0] for path in FOLDER.iterdir() if not path.name.endswith(".expected.tsv")}
    assert inputs == {path.name.split(".")[0] for path in EXPECTED}
    assert len(inputs) >= 30
