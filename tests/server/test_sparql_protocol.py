"""SPARQL 1.1 Protocol and Graph Store Protocol: the ways to send a query, and refused requests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from support.servers import BASE, ORAL, REGIMENS, Served, works
from support.turtle import find_escaped_names

if TYPE_CHECKING:
    from collections.abc import Callable

    import rdflib

    from support.servers import Reply

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
FOUND = ["s", f"{BASE}regimen/low-dose-naltrexone", f"{BASE}regimen/low-dose-naltrexone-with-oral-opioids"]


def ask_by_get(server: Served) -> Reply:
    return server.ask(f"/sparql?query={quote(REGIMENS)}", headers={"Accept": "text/csv"})


def ask_by_form(server: Served) -> Reply:
    body = urlencode({"query": REGIMENS}).encode()
    return server.ask("/sparql", "POST", body, {"Content-Type": FORM, "Accept": "text/csv"})


def ask_by_form_with_charset(server: Served) -> Reply:
    body = urlencode({"query": REGIMENS}).encode()
    return server.ask("/sparql", "POST", body, {"Content-Type": f"{FORM}; charset=UTF-8", "Accept": "text/csv"})


def ask_directly(server: Served) -> Reply:
    return server.ask("/sparql", "POST", REGIMENS.encode(), {"Content-Type": QUERY, "Accept": "text/csv"})


@pytest.mark.parametrize("way", [ask_by_get, ask_by_form, ask_by_form_with_charset, ask_directly])
def test_a_query_can_be_sent_by_each_operation_of_the_protocol(server: Served, way: Callable[[Served], Reply]) -> None:
    reply = way(server)
    assert reply.status == 200
    assert sorted(reply.text.split()) == sorted(FOUND)


@pytest.mark.parametrize("media_type", ["text/turtle", "application/trig"])
def test_an_answer_has_no_local_name_with_a_backslash(server: Served, media_type: str) -> None:
    sentence = f"{BASE}source/naltrexone-to-treat-pain#s12"
    reply = server.query(f"CONSTRUCT WHERE {{ <{sentence}> ?p ?o }}", media_type)
    assert reply.status == 200
    assert f"<{sentence}>" in reply.text
    assert find_escaped_names(reply.text) == []


def test_a_request_can_name_the_graphs_of_the_dataset(server: Served) -> None:
    claim, other = f"{BASE}{ORAL}", f"{BASE}claim/naltrexone-is-an-opioid-antagonist"
    count = "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s <https://w3id.org/ldn-kg/ontology#certainty> ?o }"
    assert server.query(count, **{"default-graph-uri": claim}).text.split() == ["n", "1"]
    both = f"{urlencode({'query': count})}&{urlencode([('default-graph-uri', claim), ('default-graph-uri', other)])}"
    assert server.ask(f"/sparql?{both}", headers={"Accept": "text/csv"}).text.split() == ["n", "2"]
    inside = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert server.query(inside, **{"named-graph-uri": claim}).text.split() == ["g", claim]
    assert server.query(count, **{"named-graph-uri": claim}).text.split() == ["n", "0"]
    of_query = count.replace("WHERE", f"FROM <{claim}> FROM <{other}> WHERE")
    assert server.query(of_query).text.split() == ["n", "2"]
    assert server.query(of_query, **{"default-graph-uri": claim}).text.split() == ["n", "1"]
    assert server.query(count, **{"default-graph-uri": "no iri"}).status == 400


def test_the_default_graph_has_each_triple_once(server: Served, published: rdflib.Graph) -> None:
    assert server.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").text.split() == ["n", str(len(published))]


@pytest.mark.parametrize(
    ("method", "path", "kind", "body", "status", "words"),
    [
        ("GET", "/sparql?query=SELECT", "", "", 400, "SPARQL syntax error at line 1, column "),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "", "", 400, "The request has 2 queries. Send exactly one."),
        ("GET", "/sparql?query=%FF%FE", "", "", 400, "percent-encoded UTF-8"),
        ("GET", "/sparql?update=CLEAR%20ALL", "", "", 403, "SPARQL Update is refused"),
        ("POST", "/sparql", FORM, "", 400, "The request has 0 queries. Send exactly one."),
        ("POST", "/sparql", FORM, "update=CLEAR+ALL", 403, "SPARQL Update is refused"),
        ("POST", "/sparql", "application/sparql-update", "CLEAR ALL", 403, "SPARQL Update is refused"),
        ("POST", "/sparql", QUERY, "CLEAR ALL", 400, "SPARQL syntax error at line 1, column "),
        ("POST", "/sparql", QUERY, "LOAD <file:///etc/passwd>", 400, "SPARQL syntax error at line 1, column "),
        ("POST", "/sparql", QUERY, "\udcff", 400, "not UTF-8"),
        ("POST", "/sparql", "text/plain", "ASK {}", 415, QUERY),
        ("POST", "/sparql", "", "ASK {}", 415, QUERY),
        ("POST", "/sparql?query=ASK%7B%7D", QUERY, "ASK {}", 400, "The request has 2 queries. Send exactly one."),
        ("PUT", "/sparql", QUERY, "ASK {}", 405, "The server is read-only"),
        ("DELETE", "/graphs?default", "", "", 405, "The server is read-only"),
        ("PUT", "/graphs?default", "text/turtle", "<x:a> <x:b> <x:c> .", 405, "The server is read-only"),
        ("POST", "/graphs", "text/turtle", "<x:a> <x:b> <x:c> .", 405, "The server is read-only"),
        ("PATCH", f"/{ORAL}", "", "", 405, "The server is read-only"),
        ("GET", "/graphs", "", "", 400, "Name one graph"),
        ("GET", "/graphs?default&graph=x:y", "", "", 400, "Name one graph"),
        ("GET", "/graphs?graph=x:a&graph=x:b", "", "", 400, "Name one graph"),
        ("GET", "/graphs?graph=x:nowhere", "", "", 404, "There is no graph x:nowhere."),
        ("GET", "/claim/naltrexone-is-taken-oraly", "", "", 404, f"Did you mean '{ORAL}'?"),
        ("GET", "/claim/", "", "", 404, "/claim/ does not exist. 62 entities are below it, such as /claim/"),
        ("GET", "/claim/nothing", "", "", 404, "/claim/nothing does not exist."),
        ("GET", "/sparqll", "", "", 404, "Did you mean 'sparql'?"),
        ("POST", "/sparql", QUERY, "SELECT * WHERE { ?s ?p }", 400, "SPARQL syntax error at line 1, column 24: "),
        ("POST", "/sparql", QUERY, "SELECT * WHERE { ?s x:p ?o }", 400, "the prefix `x:` is not declared."),
        ("POST", "/sparql", QUERY, "ASK " + "{" * 5000 + "}" * 5000, 400, "nested 5,000 deep"),
        ("GET", "/claim/%00", "", "", 404, "does not exist"),
        ("GET", f"/{'a' * 300}", "", "", 404, "does not exist"),
        ("GET", f"/{'a/' * 3000}", "", "", 404, "does not exist"),
        ("GET", f"/sparql?query={quote('SELECT (<x:f>(1) AS ?r) {}')}", "", "", 400, "function <x:f> is not supported"),
        ("GET", "/%2e%2e/pyproject.toml", "", "", 404, "does not exist"),
        ("GET", "//etc/passwd", "", "", 404, "does not exist"),
        ("GET", "/schemas", "", "", 404, "/schemas does not exist."),
    ],
)
def test_an_invalid_request_is_refused_with_a_message(
    server: Served, method: str, path: str, kind: str, body: str, status: int, words: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    reply = server.ask(path, method, body.encode("utf-8", "surrogateescape"), headers)
    assert (reply.status, words in reply.text) == (status, True), reply
    assert reply.headers["content-type"].startswith("text/plain")
    assert "Traceback" not in reply.text
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_query_that_is_too_long_is_refused(server: Served) -> None:
    long = f"{REGIMENS} # {'x' * 30_000}"
    assert server.query(long).status == 413
    assert server.query(long * 3).status == 414
    direct = server.ask("/sparql", "POST", long.encode(), {"Content-Type": QUERY})
    assert (direct.status, "longer than 20,000 bytes" in direct.text) == (413, True)
    assert server.ask("/sparql", "POST", f"query={'x' * 70_000}".encode(), {"Content-Type": FORM}).status == 413
    assert works(server)


def test_a_request_for_a_local_file_finds_nothing(server: Served) -> None:
    assert server.query("SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }").text.count("\n") == 1
    assert server.ask("/graphs?graph=file:///etc/passwd").status == 404
