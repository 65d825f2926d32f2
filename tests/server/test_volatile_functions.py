"""Answers with the time, random numbers or new identifiers are never cached; all others are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from ldnkg.server.volatile_functions import calls_volatile_function

if TYPE_CHECKING:
    from support.servers import Reply, Served

CHANGING = [
    "SELECT (NOW() AS ?x) {}",
    "SELECT (now() AS ?x) {}",
    "SELECT (nOw ( ) AS ?x) {}",
    "SELECT (NOW\n\t(\r\n) AS ?x) {}",
    "SELECT (NOW # a comment (\n () AS ?x) {}",
    "SELECT (RAND() AS ?x) {}",
    "SELECT (1-RAND() AS ?x) {}",
    "SELECT (-rand()AS?x) {}",
    "SELECT (UUID() AS ?x) {}",
    "SELECT (StrUuid() AS ?x) {}",
    "SELECT (BNODE() AS ?x) {}",
    "SELECT (STR(BNODE('a')) AS ?x) {}",
    "SELECT ?x { { SELECT (UUID() AS ?x) {} } }",
    "SELECT ?x { BIND (CONCAT('NOW', STRUUID()) AS ?x) }",
    "SELECT (MAX(?y) AS ?x) { { SELECT (RAND() AS ?y) {} } }",
    "SELECT ?x { VALUES ?z { 1 } OPTIONAL { BIND (IF(?z = 1, RAND(), 0) AS ?x) } }",
    "SELECT ?x { { } UNION { FILTER (false) } BIND (STR(NOW()) AS ?x) }",
    "SELECT ?x { ?x a ?k } GROUP BY ?x ORDER BY RAND() LIMIT 1",
    "SELECT ?x { ?x a ?k } GROUP BY ?x HAVING (RAND() > 2)",
    "ASK { FILTER (RAND() < 2) }",
    "ASK { FILTER EXISTS { FILTER (YEAR(NOW()) > 2000) } }",
    "CONSTRUCT { <x:a> <x:b> ?x } WHERE { BIND (NOW() AS ?x) }",
    "DESCRIBE ?x WHERE { BIND (UUID() AS ?x) }",
    "SELECT ?x { BIND (1 AS ?a) BIND (?a<RAND()&&?a>0 AS ?x) }",
    "SELECT (IF(1<RAND(),2>1,3) AS ?x) {}",
    "SELECT ('''it's \"NOW''' AS ?y) (NOW() AS ?x) {}",
    'SELECT ("\\"" AS ?y) (NOW() AS ?x) ("" AS ?z) {}',
]
# Queries whose answer may be equal by chance, or without a value.
EQUAL = {"SELECT (IF(1<RAND(),2>1,3) AS ?x) {}", "SELECT (STR(BNODE('a')) AS ?x) {}"}
CONSTANT = [
    "SELECT ('NOW()' AS ?x) {}",
    'SELECT ("""now() " RAND()""" AS ?x) {}',
    "SELECT ('it\\'s NOW()' AS ?x) {}",
    "SELECT (1 AS ?x) {} # NOW()",
    "SELECT # RAND()\n (1 AS ?x) {}",
    "SELECT (<http://example.org/NOW()> AS ?x) {}",
    "SELECT (<x:uuid> AS ?x) {}",
    "SELECT ?now { VALUES ?now { 1 } FILTER (?now) }",
    "SELECT $rand { VALUES $rand { 1 } }",
    "PREFIX now: <x:> SELECT (now:uuid AS ?x) { VALUES ?y { now:rand } }",
    "PREFIX x: <x:> SELECT (x:NOW AS ?x) { { SELECT (x:RAND AS ?y) { } } }",
    "SELECT (1 AS ?RAND) ('a'@now AS ?x) {}",
    "SELECT (YEAR('2020-01-01T00:00:00'^^<http://www.w3.org/2001/XMLSchema#dateTime>) AS ?x) {}",
    "SELECT (isBlank(<x:a>) AS ?x) {}",
]


def ask(server: Served, query: str, method: str = "GET", **headers: str) -> Reply:
    accept = {"Accept": "application/sparql-results+json, application/n-triples"}
    return server.ask(f"/sparql?{urlencode({'query': query})}", method, headers={**accept, **headers})


@pytest.mark.parametrize("query", CHANGING)
def test_an_answer_that_changes_is_not_cached(server: Served, query: str) -> None:
    before = ask(server, query)
    assert before.status == 200, before.text
    for reply in (before, ask(server, query, "HEAD"), ask(server, query, **{"If-None-Match": "*"})):
        assert (reply.status, reply.headers["cache-control"], "etag" in reply.headers) == (200, "no-store", False)
    posted = server.ask("/sparql", "POST", query.encode(), {"Content-Type": "application/sparql-query"})
    assert posted.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("query", [query for query in CHANGING if query.startswith("SELECT (") and query not in EQUAL])
def test_each_request_gets_a_new_answer(server: Served, query: str) -> None:
    assert len({ask(server, query).content for _ in range(3)}) == 3


@pytest.mark.parametrize("query", CONSTANT)
def test_an_answer_without_a_call_is_cached(server: Served, query: str) -> None:
    before = ask(server, query)
    assert (before.status, before.headers["cache-control"]) == (200, "public, max-age=300")
    assert ask(server, query, **{"If-None-Match": before.headers["etag"]}).status == 304


def test_a_call_in_service_is_found() -> None:
    """The server refuses SERVICE; if it did not, the answer would change too."""
    assert calls_volatile_function("SELECT * { SERVICE <x:y> { SELECT (NOW() AS ?t) {} } }")
    assert not calls_volatile_function("SELECT * { SERVICE <x:NOW()> { ?s ?p 'UUID()' } }")
