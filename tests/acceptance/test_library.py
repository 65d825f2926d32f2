"""The public functions of the package return what a Python program expects."""

from __future__ import annotations

import csv
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

import ldnkg
from ldnkg.validation.check import Report
from ldnkg.validation.findings import Finding
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HEADLINE = "drug-receptor-mechanism-condition-citation"


def test_query_returns_the_rows_written_by_hand() -> None:
    written = (ROOT / "tests" / "data" / "answers" / "questions" / f"{HEADLINE}.csv").read_text("utf-8")
    expected = list(csv.DictReader(written.splitlines()))
    rows = ldnkg.query(HEADLINE, ROOT)
    assert len(expected) == 3
    assert sorted(rows, key=str) == sorted(expected, key=str)


def test_query_accepts_a_parameter_or_sparql() -> None:
    (dose,) = ldnkg.query("dose-of", ROOT, regimen="regimen:low-dose-naltrexone")
    assert (dose["minimum"], dose["maximum"], dose["unit"]) == ("1", "5", "milligram per day")
    sparql = "SELECT ?route ?none { claim:naltrexone-is-taken-orally rdf:object ?route }"
    assert ldnkg.query(sparql, ROOT) == [{"route": "http://purl.obolibrary.org/obo/NCIT_C38288", "none": ""}]


@pytest.mark.parametrize(
    ("asked", "parameters", "words"),
    [
        ("dose-off", {}, "Did you mean 'dose-of'"),
        ("dose-of", {"regime": "x"}, "has no parameter --regime"),
        ("SELECT * { ?s ?p ?o }", {"regimen": "x"}, "--regimen: only a question of the library has parameters"),
        ("SELECT ?s {", {}, "line 1"),
        ("ASK { ?s ?p ?o }", {}, "has no rows, because it is not a SELECT"),
    ],
)
def test_query_refuses_what_it_cannot_answer(asked: str, parameters: dict[str, str], words: str) -> None:
    with pytest.raises(ldnkg.LdnkgError, match=words):
        ldnkg.query(asked, ROOT, **parameters)


def test_query_without_a_built_graph_is_an_error(copy: Path) -> None:
    with pytest.raises(ldnkg.LdnkgError, match="nothing is built yet"):
        ldnkg.query(HEADLINE, copy)


def test_the_types_and_the_version_are_those_of_the_package() -> None:
    assert (ldnkg.Report, ldnkg.Finding, ldnkg.__version__) == (Report, Finding, version("ldnkg"))
    assert not hasattr(ldnkg, "Publication")
    assert all(hasattr(ldnkg, name) for name in ldnkg.__all__)


def test_a_path_may_be_a_text_and_the_current_folder_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "docs" / "import")
    assert ldnkg.query("dose-of", str(ROOT)) == ldnkg.query("dose-of", ROOT) == ldnkg.query("dose-of")


def test_what_is_printed_of_a_report_a_finding_and_an_error_is_one_short_line(copy: Path) -> None:
    record = copy / "data" / "claims" / "naltrexone-is-taken-orally.yaml"
    record.write_text(record.read_text("utf-8").replace("certainty: established\n", ""), "utf-8")
    report = ldnkg.check(copy)
    assert [finding.rule for finding in report.findings] == ["claim-certainty-missing"]
    for printed in (repr(report), repr(report.findings[0]), repr(report.publication), repr(ldnkg.LdnkgError("Stop."))):
        assert len(printed) < 600
        assert "\n" not in printed
    assert repr(report).startswith("<Report: 1 finding; ")


def test_build_returns_the_files_and_refuses_findings(copy: Path, files: dict[str, bytes]) -> None:
    assert ldnkg.build(copy) == files
    (copy / "data" / "terms.tsv").unlink()
    with pytest.raises(ldnkg.LdnkgError, match="Run `ldnkg check` to see them"):
        ldnkg.build(copy)


def test_pandas_takes_the_rows_as_a_table() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(ldnkg.query(HEADLINE, ROOT))
    assert list(frame.columns) == ["drug", "regimen", "receptor", "mechanism", "condition", "citation", "certainty"]
    assert len(frame) == 3
