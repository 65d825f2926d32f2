"""Headers and parameters: invalid ones are refused, repeated ones are one list, and no request ends a worker."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, urlencode

import pytest

from support.servers import BASE, ORAL, REGIMENS, Served, send_bytes, worker_pids, works

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
PATHS = (
    "/sparql",
    f"/sparql?query={quote(REGIMENS)}",
    f"/{ORAL}",
    f"/{ORAL}.ttl",
    "/ontology/",
    "/claim/no",
    "/graphs?default",
)
HOSTS = {
    "escape": b"a%zz",
    "cut escape": b"a%2",
    "port": b"x:99999",
    "port of letters": b"x:http",
    "long port": b"x:" + b"9" * 5000,
    "space": b"a b",
    "slash": b"a/b",
    "user": b"user@x",
    "query": b"x?y",
    "fragment": b"x#y",
    "angle": b"<x>",
    "quote": b'x"y',
    "backslash": b"x\\y",
    "open bracket": b"[",
    "no address": b"[::g]",
    "zone": b"[fe80::1%25eth0]",
    "not UTF-8": b"\xff\xfe",
    "letters beyond ASCII": "é.example".encode(),
    "empty": b"",
    "list": b"x, y",
    "brace": b"{x}",
    "caret": b"x^y",
}
VALUES = (
    b"%zz",
    b"%",
    b"%FF%FE",
    b"\xff\xfe",
    b"",
    b"\x7f",
    b"<>",
    b"http://[",
    b"http://a%zz/",
    b"//",
    b"no iri",
    b"9" * 9000,
)
HEADERS = (
    b"Accept",
    b"Accept-Charset",
    b"Accept-Encoding",
    b"Accept-Language",
    b"Access-Control-Request-Method",
    b"Authorization",
    b"Cache-Control",
    b"Content-Encoding",
    b"Content-Type",
    b"Cookie",
    b"Forwarded",
    b"If-Match",
    b"If-Modified-Since",
    b"If-None-Match",
    b"Origin",
    b"Range",
    b"Referer",
    b"X-Forwarded-Host",
    b"X-Forwarded-Proto",
)
PARAMETERS = (
    b"query",
    b"default-graph-uri",
    b"named-graph-uri",
    b"format",
    b"graph",
    b"default",
    b"update",
    b"",
    b"other",
)


def send(server: Served, path: str, *headers: bytes, method: str = "GET", body: bytes = b"") -> tuple[int, bytes]:
    """The status and the text of the reply to a request with exactly these headers."""
    lines = [f"{method} {path} HTTP/1.1".encode("latin-1"), *headers, b"Connection: close"]
    lines += [b"Content-Length: %d" % len(body)] if body else []
    received = send_bytes(server, b"\r\n".join([*lines, b"", body]))
    found = re.match(rb"HTTP/1\.1 (\d+)", received)
    return (int(found[1]) if found else 0), received


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_an_invalid_host_is_refused_and_ends_no_worker(server: Served, host: bytes) -> None:
    before = worker_pids(server)
    for path in PATHS:
        for accept in (b"text/turtle", b"text/html", b"text/csv"):
            status, text = send(server, path, b"Host: " + host, b"Accept: " + accept)
            assert (status, b"The Host header is invalid" in text) == (400, True), (path, text)
    assert (
        send(server, "/sparql", b"Host: " + host, b"Content-Type: " + QUERY.encode(), method="POST", body=b"ASK {}")[0]
        == 400
    )
    assert send(server, "/sparql", b"Host: x", b"Host: " + host)[0] == 400
    assert worker_pids(server) == before
    assert len(before) == 2


@pytest.mark.parametrize("host", [b"x", b"graph.example:8080", b"127.0.0.1", b"[::1]:80", b"a_b.example.", b"a%41"])
def test_a_valid_host_is_the_base_of_the_answers(server: Served, host: bytes) -> None:
    before = worker_pids(server)
    status, text = send(server, "/sparql", b"Host: " + host, b"Accept: application/n-triples")
    assert (status, b"<http://%s/sparql> <http" % host in text) == (200, True)
    status, text = send(server, f"/{ORAL}", b"Host: " + host, b"Accept: text/turtle")
    assert (status, b"location: http://%s/%s.ttl\r\n" % (host, ORAL.encode()) in text) == (303, True)
    assert worker_pids(server) == before


@pytest.mark.parametrize("name", HEADERS, ids=bytes.decode)
def test_an_invalid_header_ends_no_worker(server: Served, name: bytes) -> None:
    before = worker_pids(server)
    for value in VALUES:
        for path in PATHS:
            status, text = send(server, path, b"Host: x", name + b": " + value)
            assert status in {200, 303, 304, 308, 400, 404, 406, 422, 431}, (path, value, text)
        body = urlencode({"query": REGIMENS}).encode()
        kind = b"X: y" if name == b"Content-Type" else f"Content-Type: {FORM}".encode()
        status, text = send(server, "/sparql", b"Host: x", kind, name + b": " + value, method="POST", body=body)
        assert status in {200, 400, 406, 415, 431}, (value, text)
    assert worker_pids(server) == before
    assert works(server)


@pytest.mark.parametrize("name", PARAMETERS, ids=bytes.decode)
def test_an_invalid_parameter_ends_no_worker(server: Served, name: bytes) -> None:
    """In the query string of each path, and in a form; the last value is longer than a query may be."""
    before = worker_pids(server)
    for value in (*VALUES, b"9" * 90_000):
        pair = name + b"=" + value.replace(b" ", b"%20").replace(b"\x7f", b"%7F")
        for path in ("/sparql", "/graphs", f"/{ORAL}", "/ontology/", "/", "/claim/no"):
            for asked in (b"", b"query=ASK%7B%7D&"):
                target = f"{path}?{(asked + pair).decode('latin-1')}"
                status, text = send(server, target, b"Host: x")
                assert 200 <= status < 500 or status == 0, (target[:99], text)
        body = b"query=ASK%7B%7D&" + pair
        status, text = send(server, "/sparql", b"Host: x", f"Content-Type: {FORM}".encode(), method="POST", body=body)
        assert 200 <= status < 500, (body[:99], text)
    assert worker_pids(server) == before
    assert works(server)


@pytest.mark.parametrize("kind", ["default-graph-uri", "named-graph-uri"])
def test_an_invalid_graph_is_refused_and_an_empty_one_ignored(server: Served, kind: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    everything = server.query(count).text
    for wrong in ("no iri", "a%zz", "http://a%zz/", "http://[", "relative", "%FF"):
        assert server.query(count, **{kind: wrong}).status == 400, wrong
    assert server.query(count, **{kind: ""}).text == everything
    both = urlencode([("query", count), (kind, ""), (kind, BASE + ORAL)])
    reply = server.ask("/sparql", "POST", both.encode(), {"Content-Type": FORM, "Accept": "text/csv"})
    assert reply.text == server.query(count, **{kind: BASE + ORAL}).text != everything


LISTS = [
    ((b"Accept: image/png", b"Accept: text/csv"), "text/csv"),
    ((b"Accept: text/csv", b"Accept: image/png"), "text/csv"),
    ((b"Accept: text/csv;q=0.1", b"accept: text/tab-separated-values"), "text/tab-separated-values"),
    ((b"Accept: text/csv", b"X: y", b"ACCEPT: application/json;q=0.9", b"Accept: */*;q=0.1"), "text/csv"),
    ((b"Accept: ", b"Accept: text/csv"), "text/csv"),
]


@pytest.mark.parametrize(("headers", "media"), LISTS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_repeated_accept_headers_are_one_list(
    server: Served, headers: tuple[bytes, ...], media: str, method: str
) -> None:
    path = "/sparql" if method == "POST" else f"/sparql?query={quote(REGIMENS)}"
    more = (b"Host: x", f"Content-Type: {QUERY}".encode()) if method == "POST" else (b"Host: x",)
    status, text = send(
        server, path, *more, *headers, method=method, body=REGIMENS.encode() if method == "POST" else b""
    )
    assert (status, f"content-type: {media}".encode() in text) == (200, True), text


def test_other_repeated_headers_are_one_list(server: Served) -> None:
    path = f"/sparql?query={quote(REGIMENS)}"
    tag = server.ask(path).headers["etag"].encode()
    for tags in ((b'"a"', tag), (tag, b'"a"'), (b'"a", ' + tag, b'"b"'), (b'"a"', tag.removeprefix(b"W/"))):
        assert send(server, path, b"Host: x", *(b"If-None-Match: " + one for one in tags))[0] == 304
    for codings in ((b"br", b"gzip"), (b"gzip", b"br")):
        text = send(server, "/ldn-kg.ttl", b"Host: x", *(b"Accept-Encoding: " + one for one in codings))[1]
        assert b"content-encoding: gzip" in text
    assert send(server, path, b"Host: x", b"Accept-Language: de", b"Accept-Language: en, *;q=0.1")[0] == 200


@pytest.mark.parametrize(
    "charset",
    [
        "",
        "; charset=utf-8",
        ";charset=UTF-8",
        '; charset="utf-8"',
        '; Charset="Utf-8"',
        "; charset=utf8",
        " ; charset=us-ascii",
    ],
)
@pytest.mark.parametrize("kind", [FORM, QUERY, FORM.upper()])
@pytest.mark.parametrize("escaped", [True, False])
def test_a_query_with_other_letters_can_be_posted(server: Served, kind: str, charset: str, escaped: bool) -> None:
    query = "SELECT ('é µ 😀' AS ?x) {}"
    text = query if kind == QUERY else f"query={quote(query) if escaped else query}"
    reply = server.ask("/sparql", "POST", text.encode(), {"Content-Type": kind + charset})
    assert reply.status == 200, reply.text
    assert json.loads(reply.text)["results"]["bindings"][0]["x"]["value"] == "é µ 😀"


@pytest.mark.parametrize("charset", ["latin-1", "UTF-16", '"utf-16"', "nonsense", "utf-7"])
@pytest.mark.parametrize("kind", [FORM, QUERY])
def test_another_charset_is_refused(server: Served, kind: str, charset: str) -> None:
    body = b"query=ASK%7B%7D" if kind == FORM else b"ASK {}"
    reply = server.ask("/sparql", "POST", body, {"Content-Type": f"{kind}; charset={charset}"})
    assert (reply.status, "Send the query as UTF-8." in reply.text) == (415, True)


def test_a_form_that_is_not_utf8_is_refused(server: Served) -> None:
    for body in (b"query=ASK { ?s ?p '\xe9' }", b"query=ASK%20%7B%20%3Fs%20%3Fp%20'%E9'%20%7D"):
        reply = server.ask("/sparql", "POST", body, {"Content-Type": FORM})
        assert (reply.status, "UTF-8" in reply.text) == (400, True)


def test_raw_letters_in_the_address_are_read_as_utf8(server: Served) -> None:
    status, text = send(server, "/sparql?query=SELECT%20('é'%20AS%20?x)%7B%7D".encode().decode("latin-1"), b"Host: x")
    assert status in {0, 400} or "é".encode() in text
