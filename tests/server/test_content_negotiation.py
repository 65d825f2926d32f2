"""Content negotiation: every format of rows and of graphs, and the format for an Accept header."""

from __future__ import annotations

import gzip
from urllib.parse import quote, urljoin

import pyoxigraph as ox
import pytest
import rdflib

from support.servers import BASE, GRAPHS, ORAL, REGIMENS, Served

ROWS = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
FOUND = [f"{BASE}regimen/low-dose-naltrexone", f"{BASE}regimen/low-dose-naltrexone-with-oral-opioids"]


@pytest.mark.parametrize("media", ROWS)
@pytest.mark.parametrize("query", [REGIMENS, "ASK { ?s a <https://w3id.org/ldn-kg/ontology#Regimen> }"])
def test_rows_are_served_in_each_format(server: Served, media: str, query: str) -> None:
    reply = server.query(query, media)
    assert reply.headers["content-type"].partition(";")[0] == media
    assert read_rows(reply.text, media) == (["true"] if query.startswith("ASK") else sorted(FOUND))


def read_rows(text: str, media: str) -> list[str]:
    """The sorted values of an answer with one column; CSV is split by line because the parser does not support it."""
    if media == "text/csv":
        return sorted(line for line in text.split() if line != "s")
    result = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.from_media_type(media))
    if isinstance(result, ox.QueryBoolean):
        return [str(bool(result)).lower()]
    assert isinstance(result, ox.QuerySolutions)
    return sorted(row["s"].value for row in result)


@pytest.mark.parametrize("media", GRAPHS)
def test_graphs_are_served_in_each_format(server: Served, media: str) -> None:
    query = f"CONSTRUCT {{ <{BASE}{ORAL}> ?p ?o }} WHERE {{ <{BASE}{ORAL}> ?p ?o }}"
    reply = server.query(query, media)
    assert reply.headers["content-type"].partition(";")[0] == media
    read = rdflib.Dataset(default_union=True).parse(data=reply.text, format=GRAPHS[media])
    assert len(read) > 8
    assert reply == server.query(query, media)._replace(headers=reply.headers)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", ROWS[0]),
        ("*/*", ROWS[0]),
        ("application/json", ROWS[0]),
        ("application/sparql-results+xml, */*;q=0.1", ROWS[1]),
        ("text/csv;q=0.4, text/tab-separated-values;q=0.5", ROWS[3]),
        ("text/*", "text/csv"),
        ("application/sparql-results+json;q=0, */*", ROWS[1]),
        ("nonsense", ROWS[0]),
    ],
)
def test_the_format_that_the_client_prefers_is_served(server: Served, accept: str, media: str) -> None:
    reply = server.query(REGIMENS, accept)
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, media)


def test_an_unsupported_format_is_refused_with_a_list_of_the_supported_formats(server: Served) -> None:
    reply = server.query(REGIMENS, "image/png")
    assert reply.status == 406
    assert all(media in reply.text for media in ROWS)
    assert server.query("DESCRIBE <x:y>", "text/csv").status == 406


@pytest.mark.parametrize("media", GRAPHS)
def test_a_named_graph_equals_the_published_graph(server: Served, files: dict[str, bytes], media: str) -> None:
    whole = ox.Dataset(ox.parse(files["ldn-kg.trig"], format=ox.RdfFormat.TRIG))
    expected = {quad.triple for quad in whole.quads_for_graph_name(ox.NamedNode(f"{BASE}{ORAL}"))}
    for path in (f"/graphs?graph={quote(BASE + ORAL)}", f"/graphs?graph={ORAL}"):
        reply = server.ask(path, headers={"Accept": media})
        read = ox.parse(reply.content, format=ox.RdfFormat.from_media_type(media))
        assert {quad.triple for quad in read} == expected


def test_the_default_graph_is_refused_in_a_format_that_exceeds_the_limit(server: Served) -> None:
    assert server.ask("/graphs?default", headers={"Accept": "text/turtle"}).status == 200
    assert server.ask("/graphs?default", headers={"Accept": "application/n-triples"}).status == 422
    assert server.ask("/graphs?default", "HEAD", headers={"Accept": "text/turtle"}).content == b""


@pytest.mark.parametrize("media", GRAPHS)
def test_an_entity_is_described_in_each_format(server: Served, media: str) -> None:
    target = server.ask(f"/{ORAL}", headers={"Accept": media}).headers["location"]
    reply = server.ask(urljoin("/", target.partition(str(server.port))[2]))
    assert reply.headers["content-type"].partition(";")[0] == media
    read = rdflib.Dataset(default_union=True).parse(data=reply.text, format=GRAPHS[media])
    assert (rdflib.URIRef(BASE + ORAL), rdflib.RDF.predicate, None) in read
    assert (rdflib.URIRef(f"{BASE}ontology#takenBy"), rdflib.RDFS.label, None) in read


@pytest.mark.parametrize("refused", ["gzip;q=0", "gzip;q=0, identity", "br", "identity", "*;q=0"])
def test_an_answer_is_not_compressed_if_the_client_refuses_gzip(server: Served, refused: str) -> None:
    assert "content-encoding" not in server.ask("/ldn-kg.ttl", headers={"Accept-Encoding": refused}).headers
    assert server.ask("/ldn-kg.ttl", headers={"Accept-Encoding": "*"}).headers["content-encoding"] == "gzip"


def test_an_answer_is_compressed_if_the_client_accepts_gzip(server: Served, files: dict[str, bytes]) -> None:
    reply = server.ask("/ldn-kg.ttl", headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(reply.content) == files["ldn-kg.ttl"]
    assert len(reply.content) < len(files["ldn-kg.ttl"]) / 3
    assert server.ask("/ldn-kg.ttl").content == files["ldn-kg.ttl"]
