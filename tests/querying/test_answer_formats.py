"""`ldnkg query --format` writes each kind of value in each format so that other readers get the same value."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
import rdflib
from rdflib import XSD, Literal, URIRef

from ldnkg.rdf.formats import ALIASES, GRAPH_FORMATS, ROW_FORMATS
from support.paths import ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

# Every character that one of the formats escapes.
TEXT = "a,b; \"q\" 's' <i> & {c} \\ \t\n#| end"
QUOTED = TEXT.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
ROWS = f"""SELECT ?x ?y {{
  VALUES (?x ?y) {{ ("{QUOTED}" 1) ("über"@de UNDEF) (<http://x.example/i> 2.5) ("yes" true) ("" "a\\r\\nb") }}
}}"""
NAMESPACE = "http://www.w3.org/2005/sparql-results#"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# The term in each cell: its value, its datatype or language, and whether it is an IRI.
EXPECTED: list[list[tuple[str, str] | None]] = [
    [(TEXT, ""), ("1", str(XSD.integer))],
    [("über", "de"), None],
    [("http://x.example/i", "IRI"), ("2.5", str(XSD.decimal))],
    [("yes", ""), ("true", str(XSD.boolean))],
    [("", ""), ("a\r\nb", "")],
]


def query(run: Run, sparql: str, form: str) -> str:
    ended = run("query", sparql, "--format", form, "--quiet", "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_csv_has_the_values(run: Run) -> None:
    text = query(run, ROWS, "csv")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["x", "y"],
        *[[cell[0] if cell else "" for cell in row] for row in EXPECTED],
    ]
    assert text.startswith("x,y\n")


def test_tsv_has_the_terms_in_the_syntax_of_turtle(run: Run) -> None:
    assert query(run, ROWS, "tsv").splitlines() == [
        "?x\t?y",
        f'"{QUOTED}"\t1',
        '"über"@de\t',
        "<http://x.example/i>\t2.5",
        '"yes"\ttrue',
        '""\t"a\\r\\nb"',
    ]


def test_json_has_the_terms(run: Run) -> None:
    answer = json.loads(query(run, ROWS, "json"))
    assert answer["head"] == {"vars": ["x", "y"]}

    def read(cell: dict[str, str] | None) -> tuple[str, str] | None:
        if cell is None:
            return None
        kind = "IRI" if cell["type"] == "uri" else cell.get("datatype", cell.get("xml:lang", ""))
        return cell["value"], kind

    found = [[read(row.get(name)) for name in "xy"] for row in answer["results"]["bindings"]]
    assert found == EXPECTED


def test_xml_has_the_terms(run: Run) -> None:
    root = ElementTree.fromstring(query(run, ROWS, "xml"))  # noqa: S314
    assert root.tag == f"{{{NAMESPACE}}}sparql"
    found = []
    for row in root.iter(f"{{{NAMESPACE}}}result"):
        cells = {binding.get("name"): binding[0] for binding in row}
        found.append([read_xml(cells[name]) if name in cells else None for name in "xy"])
    assert found == EXPECTED


def read_xml(cell: ElementTree.Element) -> tuple[str, str]:
    kind = "IRI" if cell.tag.endswith("}uri") else cell.get("datatype") or cell.get(XML_LANGUAGE) or ""
    return cell.text or "", kind


PROPERTY, THING = URIRef("http://x.example/p"), URIRef("http://x.example/ü")
TRIPLES = {
    (THING, PROPERTY, Literal(TEXT)),
    (THING, PROPERTY, Literal("über", lang="de")),
    (THING, PROPERTY, Literal("1", datatype=XSD.integer)),
    (THING, PROPERTY, Literal("a\r\nb")),
    (THING, PROPERTY, URIRef("http://x.example/i")),
}
GRAPH = (
    f"""CONSTRUCT {{ <{THING}> <{PROPERTY}> "{QUOTED}" , "über"@de , 1 , "a\\r\\nb" , <http://x.example/i> }} {{}}"""
)
# The names of rdflib, which is not the library that writes.
READERS = {
    "table": "turtle",
    "turtle": "turtle",
    "ttl": "turtle",
    "jsonld": "json-ld",
    "ntriples": "nt",
    "nt": "nt",
    "rdfxml": "xml",
    "rdf": "xml",
}


@pytest.mark.parametrize("form", ["table", *GRAPH_FORMATS, *ALIASES])
def test_a_graph_has_the_triples(run: Run, form: str) -> None:
    assert set(rdflib.Graph().parse(data=query(run, GRAPH, form).encode(), format=READERS[form])) == TRIPLES


SIGNS = {"csv": "x,y\n", "tsv": "?x\t?y\n", "json": '{"head"', "xml": '<?xml version="1.0"'}
GRAPH_SIGNS = {
    **dict.fromkeys(("turtle", "ttl", "ntriples", "nt"), "<http"),
    **dict.fromkeys(("rdfxml", "rdf"), "<?xml"),
    "jsonld": "[{",
}


@pytest.mark.parametrize("form", [*ROW_FORMATS, *GRAPH_FORMATS, *ALIASES])
def test_the_format_is_the_one_that_was_asked_for(run: Run, form: str) -> None:
    asked, signs = (ROWS, SIGNS) if form in SIGNS else (GRAPH, GRAPH_SIGNS)
    assert query(run, asked, form).startswith(signs[form])
