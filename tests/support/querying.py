"""Run SPARQL queries over the published graph in several engines, and read the answers written by hand."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import rdflib

ENGINES = ("in_pyoxigraph", pytest.param("in_rdflib", marks=pytest.mark.thorough))
ROWS, TURTLE = "application/sparql-results+json", "text/turtle"
TRIPLE = ["subject", "predicate", "object"]
Rows = Counter[tuple[str, ...]]


def by_hand(path: Path, expand: Callable[[str], str]) -> tuple[list[str], Rows]:
    """The columns and rows of a file of answers; CURIEs with a published prefix are expanded."""
    if path.suffix == ".ttl":
        return TRIPLE, Counter(_row(quad.triple) for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return head, Counter(tuple(cell(expand(value)) for value in row) for row in rows)


def given(path: Path, expand: Callable[[str], str]) -> dict[str, str]:
    """The parameters in the name of a file of answers, as SPARQL terms.

    `dose-of--regimen=CHEBI_7465.csv` gives the IRI of `CHEBI:7465`; a value without an underscore is a literal.
    """
    pairs = (part.split("=") for part in path.stem.split("--")[1:])
    return {name: f"<{expand(value.replace('_', ':', 1))}>" if "_" in value else f'"{value}"' for name, value in pairs}


def cell(value: str | None) -> str:
    """A value normalised for comparison: `1.0` gives `1`, None gives an empty string, other text is unchanged."""
    if value is None:
        return ""
    try:
        return f"{float(value):g}"
    except ValueError:
        return value


def expander(turtle: bytes) -> Callable[[str], str]:
    """Return a function that expands a CURIE with the prefixes of the Turtle and returns any other text unchanged."""
    parser = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    list(parser)

    def expanded(value: str) -> str:
        prefix, colon, rest = value.partition(":")
        known = colon and prefix in parser.prefixes and " " not in value
        return parser.prefixes[prefix] + rest if known else value

    return expanded


def pyoxigraph_over(turtle: bytes) -> Callable[[str], tuple[list[str], Rows]]:
    """Return a function that runs a query over the Turtle in pyoxigraph."""
    store = ox.Store()
    store.load(turtle, format=ox.RdfFormat.TURTLE)

    def ask(sparql: str) -> tuple[list[str], Rows]:
        answer = store.query(sparql)
        if isinstance(answer, ox.QueryBoolean):
            return ["answer"], Counter([(str(bool(answer)).lower(),)])
        if isinstance(answer, ox.QueryTriples):
            return TRIPLE, Counter(map(_row, set(answer)))
        assert isinstance(answer, ox.QuerySolutions)
        return [one.value for one in answer.variables], Counter(_row(row) for row in answer)

    return ask


def _row(row: Iterable[Any]) -> tuple[str, ...]:
    return tuple("" if term is None else cell(term.value) for term in row)


def endpoint_over(url: str) -> Callable[[str], tuple[list[str], Rows]]:
    """Return a function that sends a query to an endpoint by the SPARQL Protocol."""

    def ask(sparql: str) -> tuple[list[str], Rows]:
        constructs = re.search(r"^CONSTRUCT\b", sparql, re.MULTILINE)
        headers = {"Accept": TURTLE if constructs else ROWS, "Content-Type": "application/x-www-form-urlencoded"}
        asked = Request(url, urlencode({"query": sparql}).encode(), headers)  # noqa: S310
        with urlopen(asked, timeout=60) as answer:  # noqa: S310
            content = answer.read()
        if constructs:
            return TRIPLE, Counter({_row(quad.triple) for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)})
        found = json.loads(content)
        if "boolean" in found:
            return ["answer"], Counter([(str(found["boolean"]).lower(),)])
        names: list[str] = found["head"]["vars"]
        rows = found["results"]["bindings"]
        return names, Counter(tuple(cell(row[name]["value"]) if name in row else "" for name in names) for row in rows)

    return ask


def rdflib_over(graph: rdflib.Graph) -> Callable[[str], tuple[list[str], Rows]]:
    """Return a function that runs a query over the graph in rdflib."""

    def ask(sparql: str) -> tuple[list[str], Rows]:
        answer = graph.query(sparql)
        if answer.type == "ASK":
            return ["answer"], Counter([(str(answer.askAnswer).lower(),)])
        rows: Any = answer
        if answer.type == "CONSTRUCT":
            return TRIPLE, Counter(tuple(map(str, triple)) for triple in rows)
        cells = [tuple("" if term is None else cell(str(term)) for term in row) for row in rows]
        return [str(name) for name in answer.vars or []], Counter(cells)

    return ask
