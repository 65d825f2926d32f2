"""The tables are valid for a CSV on the Web validator, DuckDB, Arrow and pandas."""

from __future__ import annotations

import importlib.util
import io
import json
import re
import shutil
import sys
import warnings
from argparse import Namespace
from contextlib import redirect_stdout
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest
import rdflib
from csvw.__main__ import csvwvalidate  # type: ignore[import-untyped]
from pyarrow import parquet
from rdflib import DCTERMS, PROV

from ldnkg.errors import LdnkgError
from ldnkg.exports.tables.parquet import write_parquet
from ldnkg.exports.tables.writer import FOLDER
from ldnkg.exports.tabular import Column, DataTable, read_description
from ldnkg.writing.folder import write_files
from support.cli import run_code
from support.paths import ROOT
from support.readers import rdf
from support.readers import tables as reader

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

# Counted in data/ by hand; an entity is a term, a concept, a regimen or a mechanism.
ROWS = {
    "claims": 62,
    "entities": 28 + 22 + 2 + 3,
    "hedges": 7,
    "mappings": 175,
    "sentences": 25,
    "sources": 4,
    "steps": 9,
}
PAGE = (ROOT / "docs" / "import" / "tables.md").read_text("utf-8")
LINES = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def exported(files_by_format: dict[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables in both formats, which tests must not change."""
    folder = tmp_path_factory.mktemp("exported")
    write_files({**files_by_format["tables"], **files_by_format["parquet"]}, folder)
    return folder


@pytest.fixture
def made_tables(files_by_format: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """The files of the tables in CSV, by file name."""
    return files_by_format["tables"]


def validated(folder: Path) -> tuple[int, str]:
    """Return the exit status and the verdict of the validator for the tables of a folder."""
    out = io.StringIO()
    with redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("default")
        status = csvwvalidate(Namespace(url=str(folder / "csv-metadata.json"), verbose=False, lax=False), test=True)
    return status, out.getvalue().strip()


def asked(question: str, table: Path) -> list[tuple[object, ...]]:
    """Return the rows that DuckDB selects; the path of the table replaces the @."""
    answer = duckdb.sql(question.replace("@", f"'{table}'"))
    assert answer is not None
    return answer.fetchall()


def test_the_tables_are_valid_csv_on_the_web(exported: Path) -> None:
    assert validated(exported / "tables") == (0, "OK")


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("claims.csv", ",established,5,", ",established,five,"),
        ("claims.csv", ",certainty,certainty_rank,", ",sureness,certainty_rank,"),
        ("sources.csv", ",2022-01-17,", ",17 January 2022,"),
        ("steps.csv", "#step-2,", "#step-1,"),
    ],
    ids=["not a number", "unknown column", "not a date", "repeated key"],
)
def test_an_invalid_table_is_detected(exported: Path, tmp_path: Path, table: str, old: str, new: str) -> None:
    shutil.copytree(exported / "tables", tmp_path / "tables")
    text = (tmp_path / "tables" / table).read_text("utf-8")
    assert old in text
    (tmp_path / "tables" / table).write_text(text.replace(old, new, 1), "utf-8")
    assert validated(tmp_path / "tables") in [(1, "FAIL"), (2, "FAIL")]


# Two columns are the inverse of their property.
INVERSE = {"http://purl.org/dc/terms/isPartOf": DCTERMS.hasPart, f"{PROV}hadDerivation": PROV.wasDerivedFrom}


def triple(one: str, iri: str, other: str) -> tuple[str, str, str]:
    return (other, str(INVERSE[iri]), one) if iri in INVERSE else (one, iri, other)


def missing_triples(files: dict[str, bytes], published: rdflib.Graph) -> list[tuple[str, ...]]:
    """Return the cells whose triple, with the property of their column, is missing from the graph."""
    graph = {(rdf.name(one), str(key), rdf.name(other)) for one, key, other in published}
    found: list[tuple[str, ...]] = []
    for name, about in reader.described(files).items():
        schema = about["tableSchema"]
        columns = [(one["name"], one["propertyUrl"]) for one in schema["columns"] if "propertyUrl" in one]
        for row in reader.rows(files, name):
            for column, iri in columns:
                cells = [triple(row[schema["primaryKey"]], iri, value) for value in reader.many(row[column])]
                found += [(name, column, *one) for one in cells if one not in graph]
    return found


def test_each_cell_with_a_property_is_a_triple_of_the_graph(
    made_tables: dict[str, bytes], published: rdflib.Graph
) -> None:
    assert missing_triples(made_tables, published) == []
    described = reader.described(made_tables)
    silent = {
        (name, one["name"])
        for name, about in described.items()
        for one in about["tableSchema"]["columns"]
        if "propertyUrl" not in one and one["name"] != about["tableSchema"]["primaryKey"]
    }
    of_claims = {
        ("claims", name) for name in ("subject_label", "relation_label", "object_label", "certainty_rank", "source")
    }
    of_steps = {("steps", name) for name in ("mechanism", "subject", "relation", "object", "certainty")}
    assert silent == of_claims | of_steps


INFERRED = "claim:article-cites-soin-2021-as-evidence"
FLATLY = "source:naltrexone-to-treat-pain citesAsEvidence source:soin-2021"


@pytest.mark.parametrize(
    ("property_url", "taken", "found"),
    [
        ("http://purl.org/spar/cito/citesAsEvidence", {INFERRED}, 1),
        ("", {FLATLY}, 0),
        ("http://purl.org/dc/terms/references", set(), 1),
    ],
    ids=["described", "not described", "described as something else"],
)
def test_a_cell_that_states_a_hypothesis_is_detected(
    made_tables: dict[str, bytes], published: rdflib.Graph, property_url: str, taken: set[str], found: int
) -> None:
    """Plant a column that states a citation as evidence, which is only an inference of the curators."""
    lines = made_tables["tables/sources.csv"].decode().splitlines()
    cells = [",source:soin-2021" if line.startswith("source:naltrexone-to-treat-pain,") else "," for line in lines[1:]]
    leaky = "\n".join(line + cell for line, cell in zip(lines, [",citesAsEvidence", *cells], strict=True)) + "\n"
    description = json.loads(made_tables["tables/csv-metadata.json"])
    (sources,) = [one for one in description["tables"] if one["url"] == "sources.csv"]
    column = {"name": "citesAsEvidence", **({"propertyUrl": property_url} if property_url else {})}
    sources["tableSchema"]["columns"].append(column)
    spoilt = {
        **made_tables,
        "tables/sources.csv": leaky.encode(),
        "tables/csv-metadata.json": json.dumps(description).encode(),
    }
    assert reader.taken_for_fact(spoilt) - reader.taken_for_fact(made_tables) == taken
    assert len(missing_triples(spoilt, published)) == found


def test_duckdb_reads_as_many_rows_from_csv_as_from_parquet(exported: Path) -> None:
    for name, number in ROWS.items():
        for file in (f"tables/{name}.csv", f"parquet/{name}.parquet"):
            assert asked("SELECT count(*) FROM @", exported / file) == [(number,)], file
    for form in ("tables", "parquet"):
        assert {path.stem for path in (exported / form).iterdir()} - {"csv-metadata"} == set(ROWS)


@pytest.mark.parametrize("claims", ["tables/claims.csv", "parquet/claims.parquet"])
def test_duckdb_gives_the_answers_of_the_article(exported: Path, claims: str) -> None:
    treats = "SELECT subject_label, object_label FROM @ WHERE relation = 'approvedFor' ORDER BY 2"
    assert asked(treats, exported / claims) == [
        ("naltrexone", "alcohol use disorder"),
        ("naltrexone", "opioid use disorder"),
    ]
    receptors = "SELECT subject, certainty, certainty_rank FROM @ WHERE object = 'UniProtKB:O00206'"
    assert asked(receptors, exported / claims) == [("regimen:low-dose-naltrexone", "hypothesised", 2)]


def test_columns_have_the_types_of_their_description(exported: Path) -> None:
    read = {name: parquet.read_schema(exported / "parquet" / f"{name}.parquet") for name in ROWS}
    assert read["claims"].field("certainty_rank").type == pa.int64()
    assert read["claims"].field("sentence").type == pa.list_(pa.string())
    assert read["entities"].field("dose_maximum").type == pa.decimal128(18, 6)
    assert read["sources"].field("accessed").type == pa.date32()
    assert read["sources"].field("year").type == pa.int32()
    assert not read["claims"].field("certainty").nullable
    assert read["claims"].field("agency").nullable


def test_each_parquet_file_has_its_description(exported: Path) -> None:
    description = read_description(FOLDER)
    for table in description["tables"]:
        schema = parquet.read_schema(exported / "parquet" / table["url"].replace(".csv", ".parquet"))
        assert schema.metadata[b"license"] == b"https://creativecommons.org/publicdomain/zero/1.0/"
        assert schema.metadata[b"description"].decode() == table["dc:description"]
        assert json.loads(schema.metadata[b"tableSchema"]) == table["tableSchema"]
        columns = {one["name"]: one["dc:description"] for one in table["tableSchema"]["columns"]}
        assert {field.name: field.metadata[b"description"].decode() for field in schema} == columns


def one_cell(value: str, datatype: str) -> DataTable:
    return DataTable("spoons", [Column("dose", datatype, "", False)], [{"dose": [value]}])


def cells(table: DataTable) -> list[object]:
    about = {"dc:description": "d", "tableSchema": {"columns": [{"name": "dose", "dc:description": "d"}]}}
    description = {"dc:title": "t", "dc:license": {"@id": "l"}}
    content = write_parquet(table, about, description)
    return list(parquet.read_table(io.BytesIO(content))["dose"].to_pylist())


def test_a_decimal_keeps_every_digit() -> None:
    assert cells(one_cell("4.5", "decimal")) == [Decimal("4.5")]
    assert cells(one_cell("0.000001", "decimal")) == [Decimal("0.000001")]


@pytest.mark.parametrize(
    ("value", "datatype", "message"),
    [
        ("0.0000001", "decimal", "'spoons' has a value in 'dose' that does not fit decimal128(18, 6)"),
        ("much", "decimal", "'spoons' has a value in 'dose' that does not fit decimal128(18, 6)"),
        ("one", "integer", "'spoons' has a value in 'dose' that does not fit int64"),
        ("yes", "boolean", "The column 'dose' has the datatype 'boolean', which is not one of "),
    ],
)
def test_a_value_that_does_not_fit_its_datatype_is_reported(value: str, datatype: str, message: str) -> None:
    with pytest.raises(LdnkgError, match=re.escape(message)):
        cells(one_cell(value, datatype))


@pytest.mark.parametrize(("line", "answer"), LINES, ids=[line.splitlines()[0][:60] for line, _ in LINES])
def test_the_code_of_the_guide_prints_the_output_shown(exported: Path, line: str, answer: str) -> None:
    assert run_code(line, exported) == answer


def test_the_guide_has_code_for_each_tool() -> None:
    assert len(LINES) == PAGE.count("```python") > 0
    assert {"pyarrow", "duckdb", "pandas"} <= {word for line, _ in LINES for word in re.findall(r"\w+", line)}
    assert all(importlib.util.find_spec(name) for name in ("pyarrow", "duckdb", "pandas"))


@pytest.fixture
def without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the import of pyarrow fail, as if it were not installed."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)


@pytest.mark.usefixtures("without_pyarrow")
def test_without_the_extra_the_format_is_skipped_with_a_message(run: Run, tmp_path: Path) -> None:
    ended = run("export", "--out", tmp_path / "out", "--quiet", cwd=ROOT)
    skipped = "ldnkg: Skipped the format 'parquet', which needs `pip install 'ldnkg[parquet]'`.\n"
    assert (ended.returncode, ended.stdout) == (0, "")
    assert skipped in ended.stderr
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert "tables" in made
    assert "parquet" not in made


@pytest.mark.usefixtures("without_pyarrow")
def test_without_the_extra_a_requested_format_is_refused(run: Run, tmp_path: Path) -> None:
    ended = run("export", "--only", "parquet", "--out", tmp_path / "out", cwd=ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert (
        ended.stderr
        == "ldnkg: The format 'parquet' needs an optional dependency. Run `pip install 'ldnkg[parquet]'`.\n"
    )
    assert not (tmp_path / "out").exists()
