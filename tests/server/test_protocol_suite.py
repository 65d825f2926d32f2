"""The cases of W3C's test suite for the SPARQL 1.1 Protocol that a read-only service can pass, on our own data.

The suite posts to the endpoint with a slash at the end, so each case is sent to both addresses. The media types and the
ASK answers are those that the suite expects.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlencode

import pytest

from support.servers import BASE, Served, served

if TYPE_CHECKING:
    from pathlib import Path

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
ONE, TWO, THREE = (
    f"{BASE}claim/{name}"
    for name in (
        "naltrexone-is-taken-orally",
        "naltrexone-is-an-opioid-antagonist",
        "naltrexone-acts-similarly-to-naloxone",
    )
)
BOTH = f"ASK {{ <{ONE}> a ?type . <{TWO}> a ?type . FILTER NOT EXISTS {{ <{THREE}> ?p ?o }} }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{ONE}> a ?type }} GRAPH ?g2 {{ <{TWO}> a ?type }} FILTER NOT EXISTS {{ ?s ?p ?o }} }}"
FULL = f"ASK {{ <{THREE}> a ?type GRAPH ?g1 {{ <{ONE}> a ?type }} GRAPH ?g2 {{ <{TWO}> a ?type }} }}"
DEFAULTS = urlencode([("default-graph-uri", ONE), ("default-graph-uri", TWO)])
NAMES = urlencode([("named-graph-uri", ONE), ("named-graph-uri", TWO)])
EMPTY = urlencode({"default-graph-uri": "https://example.org/empty"})


class Case(NamedTuple):
    """A request, and the expected answer: `true`, `rows`, `graph` or a refusal with a status 4xx."""

    expected: str
    method: str = "GET"
    parameters: str = ""
    content_type: str = ""
    body: bytes = b""


CASES = {
    "query_post_form": Case("true", "POST", EMPTY, FORM, b"query=ASK%20%7B%7D"),
    "query_dataset_default_graphs_get": Case("true", "GET", f"query={quote(BOTH)}&{DEFAULTS}"),
    "query_dataset_default_graphs_post": Case("true", "POST", DEFAULTS, QUERY, BOTH.encode()),
    "query_dataset_named_graphs_post": Case("true", "POST", NAMES, QUERY, NAMED.encode()),
    "query_dataset_named_graphs_get": Case("true", "GET", f"query={quote(NAMED)}&{NAMES}"),
    "query_dataset_full": Case(
        "true", "POST", f"{urlencode({'default-graph-uri': THREE})}&{NAMES}", QUERY, FULL.encode()
    ),
    "query_multiple_dataset": Case("true", "POST", NAMES, QUERY, NAMED.replace("ASK", f"ASK FROM <{THREE}>").encode()),
    "query_get": Case("true", "GET", f"query=ASK%20%7B%7D&{EMPTY}"),
    "query_content_type_select": Case("rows", "POST", EMPTY, QUERY, b"SELECT (1 AS ?value) {}"),
    "query_content_type_ask": Case("true", "POST", EMPTY, QUERY, b"ASK {}"),
    "query_content_type_describe": Case("graph", "POST", EMPTY, QUERY, b"DESCRIBE <https://example.org/>"),
    "query_content_type_construct": Case("graph", "POST", EMPTY, QUERY, b"CONSTRUCT { <s> <p> 1 } WHERE {}"),
    "query_post_direct": Case("true", "POST", EMPTY, QUERY, b"ASK {}"),
    "bad_query_method": Case("4xx", "PUT", EMPTY, "", b"query=ASK%20%7B%7D"),
    "bad_multiple_queries": Case("4xx", "GET", "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"),
    "bad_query_wrong_media_type": Case("4xx", "POST", "", "text/plain", b"ASK {}"),
    "bad_query_missing_form_type": Case("4xx", "POST", "", "", b"query=ASK%20%7B%7D"),
    "bad_query_missing_direct_type": Case("4xx", "POST", "", "", b"ASK {}"),
    "bad_query_non_utf8": Case("4xx", "POST", "", f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")),
    "bad_query_syntax": Case("4xx", "GET", "query=ASK%20%7B"),
    "bad_update_get": Case("4xx", "GET", "update=CLEAR%20ALL"),
    "bad_multiple_updates": Case("4xx", "POST", "", FORM, b"update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    "bad_update_wrong_media_type": Case("4xx", "POST", "", "text/plain", b"CLEAR NAMED"),
    "bad_update_missing_form_type": Case("4xx", "POST", "", "", b"update=CLEAR%20NAMED"),
    "bad_update_non_utf8": Case(
        "4xx", "POST", "", "application/sparql-update; charset=UTF-16", "CLEAR NAMED".encode("utf-16")
    ),
    "bad_update_syntax": Case("4xx", "POST", "", FORM, b"update=CLEAR%20XYZ"),
}
MEDIA = {
    "true": {"application/sparql-results+json", "application/sparql-results+xml"},
    "rows": {f"application/sparql-results+{kind}" for kind in ("json", "xml")}
    | {"text/csv", "text/tab-separated-values"},
    "graph": {"text/turtle", "application/n-triples", "application/rdf+xml"},
}


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
@pytest.mark.parametrize("name", CASES)
def test_a_case_of_the_protocol_suite_passes(server: Served, name: str, path: str) -> None:
    case = CASES[name]
    address = f"{path}?{case.parameters}" if case.parameters else path
    headers = {"Content-Type": case.content_type} if case.content_type else {}
    reply = server.ask(address, case.method, case.body, headers)
    if case.expected == "4xx":
        assert 400 <= reply.status < 500
        return
    assert reply.status == 200, reply.text
    assert reply.headers["content-type"].partition(";")[0] in MEDIA[case.expected]
    if case.expected == "true":
        assert json.loads(reply.text)["boolean"] is True


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("CONSTRUCT { <s> <../p> <#o> } WHERE {}", ["{home}s", "{home}p", "{home}sparql#o"]),
        ("CONSTRUCT { <> <?p> </o/> } WHERE {}", ["{home}sparql", "{home}sparql?p", "{home}o/"]),
        ("CONSTRUCT { <//x/s> <x:p> <a/../o> } WHERE {}", ["http://x/s", "x:p", "{home}o"]),
        ("BASE <x://b/a/> CONSTRUCT { <s> <../p> </o> } WHERE {}", ["x://b/a/s", "x://b/p", "x://b/o"]),
        ("BASE <b/> CONSTRUCT { <s> <p> <o> } WHERE {}", ["{home}b/s", "{home}b/p", "{home}b/o"]),
        ("PREFIX : <v#> CONSTRUCT { :s :p :o } WHERE {}", ["{home}v#s", "{home}v#p", "{home}v#o"]),
    ],
)
def test_relative_iris_are_resolved_against_the_endpoint(
    server: Served, query: str, found: list[str], path: str
) -> None:
    """The base is the address of the endpoint, unless the query has BASE."""
    reply = server.ask(path, "POST", query.encode(), {"Content-Type": QUERY, "Accept": "application/n-triples"})
    expected = [f"<{iri.format(home=server.home)}>" for iri in found]
    assert reply.text.removesuffix(" .\n").split() == expected


def test_the_base_is_the_public_address_of_the_host(server: Served) -> None:
    headers = {"Content-Type": QUERY, "Accept": "application/n-triples", "Host": "graph.example:8080"}
    for host in ("graph.example:8080", "other.example"):
        reply = server.ask("/sparql", "POST", b"CONSTRUCT { <s> <p> 1 } WHERE {}", {**headers, "Host": host})
        assert reply.text.startswith(f"<http://{host}/s> <http://{host}/p> ")


@pytest.mark.parametrize(
    "wrong", ["ASK { <a> <b> }", "ASK { <a> ?p x:o }", "BASE <no iri> ASK {}", "ASK { <a b> ?p 1 }"]
)
def test_a_syntax_error_behind_a_relative_iri_is_located(server: Served, wrong: str) -> None:
    reply = server.query(wrong)
    assert (reply.status, "SPARQL syntax error at line 1, column " in reply.text) == (400, True)
    assert "column 7" not in reply.text or wrong == "ASK { <a b> ?p 1 }"


def test_the_public_address_is_the_base_and_that_of_redirects_and_links(built: Path, tmp_path: Path) -> None:
    """Behind a reverse proxy, whatever the Host of the request is."""
    home = "https://graph.example/ldn/"
    with served(built, tmp_path / "log", "--address", home) as server:
        asked = {"Content-Type": QUERY, "Accept": "application/n-triples"}
        reply = server.ask("/sparql", "POST", b"CONSTRUCT { <s> <p> <#o> } WHERE {}", asked)
        assert reply.text == f"<{home}s> <{home}p> <{home}sparql#o> .\n"
        assert server.ask("/ontology/?format=ttl").headers["location"] == f"{home}ontology?format=ttl"
        assert server.ask("/ontology?format=ttl").headers["location"] == f"{home}ontology.ttl"
        assert f'href="{ONE.replace(BASE, home)}"' in server.ask("/index.html").text
        assert f'href="{home}ontology"' in server.ask("/ontolgy", headers={"Accept": "text/html"}).text
