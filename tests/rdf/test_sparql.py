"""Queries in files run unchanged, and an unusable query gives one sentence with its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.errors import LdnkgError
from ldnkg.rdf.sparql import load_store, select_quads, select_rows

if TYPE_CHECKING:
    from pathlib import Path

NODE, KIND, THING = (ox.NamedNode(f"http://example.org/{name}") for name in ("node", "kind", "thing"))
QUADS = [ox.Quad(NODE, KIND, THING, NODE), ox.Quad(NODE, KIND, THING)]
TRIPLE = "SELECT ?subject ?predicate ?object ?record { ?subject ?predicate ?object }"
UNFIT = {
    "a syntax error": ("SELECT", ":1: cannot be understood"),
    "a variable that is not selected": (
        "SELECT ?subject ?object { ?subject a ?object }",
        ": does not select ?predicate. Add it to the SELECT.",
    ),
    "no SELECT": ("ASK {}", ": must be a SELECT query that selects ?subject, ?predicate, ?object."),
    "a variable without a value": (
        "SELECT ?subject ?predicate ?object { ?subject ?kind ?object }",
        ": leaves ?predicate without a value in row 1. Bind it.",
    ),
}


def write(folder: Path, sparql: str) -> Path:
    path = folder / "query.rq"
    path.write_text(sparql, "utf-8")
    return path


@pytest.mark.parametrize("fault", UNFIT)
def test_an_unusable_query_is_one_sentence_with_its_file(fault: str, tmp_path: Path) -> None:
    sparql, sentence = UNFIT[fault]
    path = write(tmp_path, sparql)
    with pytest.raises(LdnkgError, match=re.escape(f"{path}{sentence}")):
        select_quads(load_store(QUADS), path)


def test_a_triple_is_stored_once_in_the_last_graph_that_states_it(tmp_path: Path) -> None:
    path = write(tmp_path, TRIPLE)
    assert select_quads(load_store(QUADS), path) == [ox.Quad(NODE, KIND, THING)]
    assert len(load_store(QUADS)) == 1


def test_named_graphs_are_queried_only_in_the_union(tmp_path: Path) -> None:
    store = load_store(QUADS[:1])
    assert len(select_rows(store, write(tmp_path, TRIPLE), ("subject",))) == 1
    assert select_rows(store, write(tmp_path, TRIPLE), ("subject",), union=False) == []
