"""Every format that describes the cited works gives their authors in the order of the work."""

from __future__ import annotations

import csv
import io

import pyoxigraph as ox
import pytest

from ldnkg.exports.registry import FORMATS
from support.paths import DATA

ROWS = csv.DictReader((DATA / "answers" / "entities.tsv").read_text("utf-8").splitlines(), delimiter="\t")
AUTHORS = {row["entity"]: row["value"] for row in ROWS if row["key"] == "authors"}


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "nanopubs"])
def test_authors_keep_their_order(name: str, files_by_format: dict[str, dict[str, bytes]]) -> None:
    files = files_by_format[name]
    if name == "parquet":
        rows = (
            pytest.importorskip("pyarrow.parquet").read_table(io.BytesIO(files["parquet/sources.parquet"])).to_pylist()
        )
        found = {row["source"]: row["authors"] for row in rows if row["authors"]}
        assert found == AUTHORS
    else:
        text = b"\n".join(files.values()).decode()
        assert [authors for authors in AUTHORS.values() if authors not in text] == []


def test_each_author_is_a_creator_too(files: dict[str, bytes]) -> None:
    store = ox.Store()
    store.load(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    query = """PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX ldn: <https://w3id.org/ldn-kg/ontology#>
        SELECT ?work ?name { ?work ldn:authors ?authors ; dcterms:creator ?name }"""
    found: dict[str, set[str]] = {}
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        found.setdefault("source:" + row["work"].value.rpartition("/")[2], set()).add(row["name"].value)
    assert found == {work: set(authors.split("; ")) for work, authors in AUTHORS.items()}
