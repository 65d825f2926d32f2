"""Dereferencing: every IRI of a document or an entity leads to a file or a description."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag

import pyoxigraph as ox
import pytest

from support.paths import ROOT
from support.servers import BASE, ORAL, REGIMENS, Served

if TYPE_CHECKING:
    import rdflib


def read_redirects() -> list[dict[str, str]]:
    """The redirects written by hand, except those of entities, which the server describes itself.

    The nanopublication among them does not exist, which only the server knows.
    """
    rows = csv.DictReader(
        (ROOT / "tests" / "data" / "answers" / "redirects.tsv").read_text("utf-8").splitlines(), delimiter="\t"
    )
    own = re.compile(r"(claim|regimen|source|mapping|concept|mechanism|np)/.")
    return [row for row in rows if row["status"] in {"303", "406"} and not own.match(row["address"])]


@pytest.mark.parametrize("row", read_redirects(), ids=lambda row: f"{row['address']} {row['accept']}")
def test_documents_are_redirected_to_the_expected_files(server: Served, row: dict[str, str]) -> None:
    address = row["address"].rstrip("/")
    if address != row["address"]:
        moved = server.ask(f"/{row['address']}", headers={"Accept": row["accept"]})
        assert (moved.status, moved.headers["location"]) == (308, f"{server.home}{address}")
    reply = server.ask(f"/{address}", headers={"Accept": row["accept"]})
    assert reply.status == int(row["status"])
    if row["accept"] == "application/*;q=0.5":
        row = {**row, "target": "ldn-kg.jsonld"}  # the Apache rules treat this range as */*
    if row["status"] == "303":
        assert reply.headers["location"] == f"http://127.0.0.1:{server.port}/{row['target']}"
        assert server.ask(f"/{row['target'].partition('#')[0]}").status == 200


def list_entities(published: rdflib.Graph) -> list[str]:
    """The path of each record, mapping and source in the published graph."""
    own = re.compile(re.escape(BASE) + r"((?:claim|concept|mapping|mechanism|regimen|source)/[^#]+)")
    return sorted({found[1] for one in set(published.subjects()) if (found := own.fullmatch(str(one)))})


def test_each_entity_is_described_at_its_iri(server: Served, published: rdflib.Graph, files: dict[str, bytes]) -> None:
    paths = list_entities(published)
    triples = {quad.triple for quad in ox.parse(files["ldn-kg.nt"], format=ox.RdfFormat.N_TRIPLES)}
    stated: dict[str, set[ox.Triple]] = {}
    for triple in triples:
        stated.setdefault(triple.subject.value, set()).add(triple)
    assert len(paths) > 62 + 22 + 2 + 3 + 4
    page = files["index.html"].decode()
    for path in paths:
        reply = server.ask(f"/{path}", headers={"Accept": "text/turtle"})
        assert reply.status == 303
        assert reply.headers["vary"].startswith("Accept")
        described = server.ask(reply.headers["location"].removeprefix(f"http://127.0.0.1:{server.port}"))
        description = {quad.triple for quad in ox.parse(described.content, format=ox.RdfFormat.TURTLE)}
        assert description <= triples
        assert stated[BASE + path] <= description
        shown = server.ask(f"/{path}", headers={"Accept": "text/html"}).headers["location"]
        assert f'id="{urldefrag(shown).fragment or path}"' in page


def test_a_hypothesis_is_described_without_its_plain_triple(server: Served) -> None:
    description = server.ask("/regimen/low-dose-naltrexone.nt").text
    assert "/claim/low-dose-naltrexone-antagonises-tlr4>" in description
    assert "ontology#antagonises> <http://purl.uniprot.org" not in description


def test_pages_of_other_origins_may_read_the_answers(server: Served) -> None:
    reply = server.ask(f"/sparql?query={quote(REGIMENS)}", headers={"Origin": "https://page.example"})
    assert reply.headers["access-control-allow-origin"] == "*"
    preflight = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    preflight["Access-Control-Request-Headers"] = "content-type"
    allowed = server.ask("/sparql", "OPTIONS", headers=preflight)
    assert allowed.status == 200
    assert "POST" in allowed.headers["access-control-allow-methods"]


def test_an_answer_with_a_known_etag_is_not_sent_again(server: Served) -> None:
    path = f"/sparql?query={quote(REGIMENS)}"
    first = server.ask(path, headers={"Accept": "text/csv"})
    again = server.ask(path, headers={"Accept": "text/csv", "If-None-Match": first.headers["etag"]})
    assert (again.status, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = server.ask(
        path, headers={"Accept": "application/sparql-results+json", "If-None-Match": first.headers["etag"]}
    )
    assert other.status == 200
    assert "max-age" in first.headers["cache-control"]


@pytest.mark.parametrize("path", ["/ldn-kg.ttl", f"/sparql?query={quote(REGIMENS)}", f"/{ORAL}", "/nothing"])
def test_head_has_the_headers_of_get(server: Served, path: str) -> None:
    head, get = (server.ask(path, method, headers={"Accept": "text/csv, text/turtle"}) for method in ("HEAD", "GET"))
    assert (head.status, head.content) == (get.status, b"")
    for name in ("content-type", "content-length", "etag", "vary", "cache-control", "location"):
        assert head.headers.get(name) == get.headers.get(name)
