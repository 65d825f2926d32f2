"""Malformed requests get a status and one sentence, and leave nothing of themselves in the log."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING

import pytest

from ldnkg.server.response_guard import ResponseGuard
from support.attacks import connect, receive_all
from support.servers import ORAL, REGIMENS, Served, served, works

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

MARK = b"ZxQmark"
SENTENCE = re.compile(r"[A-Z/h][^\r\n]*\.\n")


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(built, tmp_path_factory.mktemp("log") / "log", "--seconds", "5") as running:
        yield running


def exchange(server: Served, lines: list[bytes]) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body of the reply to a request with exactly these lines."""
    with connect(server) as connection:
        connection.sendall(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
        head, _, body = receive_all(connection).partition(b"\r\n\r\n")
    first, *fields = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), dict(field.lower().split(": ", 1) for field in fields), body


HOST = b"Host: " + MARK + b".example"
REFUSED: Mapping[str, tuple[int, list[bytes]]] = {
    "graph": (400, [b"GET /graphs?graph=http://[" + MARK + b" HTTP/1.1", HOST]),
    "OPTIONS *": (400, [b"OPTIONS * HTTP/1.1", HOST]),
    "GET *": (400, [b"GET * HTTP/1.1", HOST]),
    "POST *": (400, [b"POST * HTTP/1.1", HOST, b"Content-Length: 0"]),
    "CONNECT": (400, [b"CONNECT " + MARK + b".example:443 HTTP/1.1", HOST]),
    "CONNECT with a path": (400, [b"CONNECT /" + MARK + b" HTTP/1.1", HOST]),
    "authority": (400, [b"GET " + MARK + b" HTTP/1.1", HOST]),
    "two hosts": (400, [b"GET /health HTTP/1.1", HOST, HOST]),
    "two hosts of HTTP/1.0": (400, [b"GET /health HTTP/1.0", HOST, HOST]),
    "no host": (400, [b"GET /" + MARK + b" HTTP/1.1"]),
    "user in the target": (400, [b"GET http://" + MARK + b"@x/health HTTP/1.1"]),
    "escape in the path": (400, [b"GET /" + MARK + b"%zz HTTP/1.1", HOST]),
    "cut escape": (400, [b"GET /" + MARK + b"% HTTP/1.1", HOST]),
    "path not UTF-8": (400, [b"GET /" + MARK + b"%FF HTTP/1.1", HOST]),
    "query not UTF-8": (400, [b"GET /health?a=" + MARK + b"%FF HTTP/1.1", HOST]),
    "query of SPARQL not UTF-8": (400, [b"GET /sparql?query=" + MARK + b"%E9 HTTP/1.1", HOST]),
    "NUL": (404, [b"GET /" + MARK + b"%00 HTTP/1.1", HOST]),
    "line break": (404, [b"GET /" + MARK + b"%0D%0A2026-01-01%20GET%20sparql%20200 HTTP/1.1", HOST]),
    "escape sequence": (404, [b"GET /" + MARK + b"%1B[2J HTTP/1.1", HOST]),
    "long path": (404, [b"GET /" + 500 * MARK + b" HTTP/1.1", HOST]),
    "unknown path": (404, [b"GET /" + MARK + b" HTTP/1.1", HOST]),
    "method": (405, [MARK.upper() + b" /health HTTP/1.1", HOST]),
    "TRACE": (405, [b"TRACE /" + MARK + b" HTTP/1.1", HOST]),
    "accept": (406, [b"GET /ontology HTTP/1.1", HOST, b"Accept: text/" + MARK]),
    "long Accept": (431, [b"GET /ontology HTTP/1.1", HOST, b"Accept: " + b"a/" + 300 * MARK]),
    "long header": (431, [b"GET /health HTTP/1.1", HOST, b"X: " + 3000 * MARK]),
    "many headers": (431, [b"GET /health HTTP/1.1", HOST, *[b"X: " + 40 * MARK] * 90]),
}
# Granian answers these itself, without a body and without the application.
UNREADABLE: Mapping[str, list[bytes]] = {
    "target without an address": [b"GET http://[ HTTP/1.1", HOST],
    "raw control character": [b"GET /" + MARK + b"\x01 HTTP/1.1", HOST],
    "raw byte": [b"GET /" + MARK + b"\xff HTTP/1.1", HOST],
    "no target": [b"GET  HTTP/1.1", HOST],
    "control character in a header": [b"GET /health HTTP/1.1", HOST, b"X: " + MARK + b"\x1b[2J"],
    "100 headers more": [b"GET /health HTTP/1.1", HOST, *[b"X: " + MARK] * 101],
    "long URL": [b"GET /" + 10_000 * MARK + b" HTTP/1.1", HOST],
}


@pytest.mark.parametrize(("status", "lines"), REFUSED.values(), ids=REFUSED)
def test_a_malformed_request_is_refused_with_one_sentence(server: Served, status: int, lines: list[bytes]) -> None:
    replied, headers, body = exchange(server, lines)
    assert (replied, bool(SENTENCE.fullmatch(body.decode()))) == (status, True), body
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert_log_is_clean(server)


@pytest.mark.parametrize("lines", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_request_is_refused_without_a_body(server: Served, lines: list[bytes]) -> None:
    status, _, body = exchange(server, lines)
    assert (status in {400, 414, 431}, body) == (True, b"")
    assert_log_is_clean(server)
    assert works(server)


def assert_log_is_clean(server: Served) -> None:
    """The log has only the lines of requests, and nothing that a client chose."""
    text = server.log.read_bytes()
    assert MARK.lower() not in text.lower()
    assert b"Traceback" not in text
    line = rb"Serving .*|[-\d]+ [:,\d]+ ([A-Z]+) (sparql|graphs|health|metrics|resource) \d{3} [\d.]+ ms"
    assert [one for one in text.splitlines() if not re.fullmatch(line, one)] == []


ANSWERED = {
    "absolute form": ([b"GET http://x/health HTTP/1.1", b"Host: x"], 200, None),
    "HTTP/1.0 without a host": ([b"GET /health HTTP/1.0"], 200, None),
    "redirect of HTTP/1.0": ([b"GET /ontology HTTP/1.0"], 303, "http://127.0.0.1:{}/ontology.ttl"),
    "redirect of the absolute form": (
        [b"GET http://y.example/ontology HTTP/1.1"],
        303,
        "http://y.example/ontology.ttl",
    ),
}


@pytest.mark.parametrize(("lines", "status", "location"), ANSWERED.values(), ids=ANSWERED)
def test_unusual_but_valid_requests_are_answered(
    server: Served, lines: list[bytes], status: int, location: str | None
) -> None:
    replied, headers, _ = exchange(server, lines)
    assert (replied, headers.get("location")) == (status, location and location.format(server.port))


SNIFFED = {
    "query": ([b"GET /sparql?query=ASK%7B%7D HTTP/1.1"], 200),
    "editor": ([b"GET /sparql HTTP/1.1", b"Accept: text/html"], 200),
    "file": ([b"GET /ldn-kg.ttl HTTP/1.1"], 200),
    "page": ([b"GET /index.html HTTP/1.1"], 200),
    "HEAD": ([b"HEAD /ldn-kg.ttl HTTP/1.1"], 200),
    "not modified": ([b"GET /ldn-kg.ttl HTTP/1.1", b"If-None-Match: *"], 304),
    "see other": ([f"GET /{ORAL} HTTP/1.1".encode()], 303),
    "permanent redirect": ([b"GET /ontology/ HTTP/1.1"], 308),
    "preflight": (
        [b"OPTIONS /sparql HTTP/1.1", b"Origin: http://o.example", b"Access-Control-Request-Method: POST"],
        200,
    ),
    "refused preflight": (
        [b"OPTIONS /sparql HTTP/1.1", b"Origin: http://o.example", b"Access-Control-Request-Method: PUT"],
        400,
    ),
    "error page": ([b"GET /claim/no HTTP/1.1", b"Accept: text/html"], 404),
    "no POST": ([b"POST /health HTTP/1.1", b"Content-Length: 0"], 405),
    "media type": ([b"POST /sparql HTTP/1.1", b"Content-Length: 0"], 415),
    "metrics": ([b"GET /metrics HTTP/1.1"], 200),
    "health": ([b"GET /health HTTP/1.1"], 200),
}


@pytest.mark.parametrize(("lines", "status"), SNIFFED.values(), ids=SNIFFED)
def test_no_response_lets_a_browser_guess_its_type(server: Served, lines: list[bytes], status: int) -> None:
    replied, headers, _ = exchange(server, [*lines, b"Host: x"])
    assert (replied, headers.get("x-content-type-options")) == (status, "nosniff")


@pytest.mark.parametrize("path", ["/ldn-kg.ttl", "/sparql", "/index.html", f"/{ORAL}.ttl"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_entity_tags_are_compared_weakly(server: Served, path: str, coding: str, method: str) -> None:
    asked = {"Accept-Encoding": coding, "Accept": "text/turtle, text/html;q=0.5"}
    tag = server.ask(path, method, headers=asked).headers["etag"]
    strong = tag.removeprefix("W/")
    for sent in (tag, strong, "*", f'"a", {tag}', f'W/"a",{strong} , "b"', f'"a,b", {tag}'):
        reply = server.ask(path, method, headers={**asked, "If-None-Match": sent})
        assert (reply.status, reply.content, reply.headers.get("etag")) == (304, b"", tag), sent
        assert reply.headers["cache-control"] == "public, max-age=300"
    for sent in ('"a"', f'"{tag}"', strong.strip('"'), 'W/"a", "b"', ""):
        assert server.ask(path, method, headers={**asked, "If-None-Match": sent}).status == 200, sent


def test_each_coding_has_its_own_entity_tag(server: Served) -> None:
    """A tag of one coding does not confirm the other, and both answers name the header that they depend on."""
    plain, packed = (server.ask("/ldn-kg.ttl", headers={"Accept-Encoding": name}) for name in ("identity", "gzip"))
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] != packed.headers["etag"]
    assert "Accept-Encoding" in plain.headers["vary"]
    assert "Accept-Encoding" in packed.headers["vary"]
    crossed = {"Accept-Encoding": "gzip", "If-None-Match": plain.headers["etag"]}
    assert server.ask("/ldn-kg.ttl", headers=crossed).status == 200


def test_an_error_is_not_revalidated(server: Served) -> None:
    assert server.ask("/claim/no", headers={"If-None-Match": "*"}).status == 404
    assert server.query(f"# {MARK.decode()} RAND\n{REGIMENS}").status == 200


def test_an_unexpected_exception_is_logged_without_the_request(caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_: Scope, __: Receive, ___: Send) -> None:
        raise ValueError(MARK.decode() + "\r\n\x1b[2J")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    with caplog.at_level(logging.INFO):
        asyncio.run(ResponseGuard(fail)({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send))
    assert (sent[0]["status"], (b"x-content-type-options", b"nosniff") in sent[0]["headers"]) == (500, True)
    assert re.fullmatch(r"A request failed: ValueError in test_request_targets\.py, line \d+", caplog.messages[0])
    assert MARK.decode() not in caplog.text
