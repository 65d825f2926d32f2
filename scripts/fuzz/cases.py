"""Make the cases: files of a publication, queries, requests and foreign files, each with some faults."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import NamedTuple

from fuzz.faults import spoil
from ldnkg.paths import Home

ROOT = Path(__file__).resolve().parents[2]
HOME = Home(ROOT)
REQUESTS = (
    b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\nConnection: close\r\n\r\n",
    b"GET /sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%209&format=tsv HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 14\r\nConnection: close\r\n\r\nquery=ASK+%7B%7D",
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
    b'GET /claim/naltrexone-is-taken-orally.ttl HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: W/"x"\r\n\r\n',
    b"GET /graphs?default HTTP/1.1\r\nHost: localhost\r\nAccept: text/turtle;q=0.5, */*\r\nRange: bytes=0-9\r\n\r\n",
    b"HEAD /ontology HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br;q=0\r\nConnection: close\r\n\r\n",
    b"OPTIONS /sparql HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nConnection: close\r\n\r\n",
    b"GET /dist/../ldn-kg.ttl HTTP/1.1\r\nHost: localhost\r\nForwarded: for=1;proto=https\r\nConnection: close\r\n\r\n",
)


class Case(NamedTuple):
    """A case: its area, the file that it replaces or is, and the content."""

    area: str
    name: str
    content: bytes


def make_case(seed: str) -> Case:
    """Return the case of a seed, which is always the same."""
    random = Random(seed)  # noqa: S311
    area = random.choice(["check", "check", "query", "sparql", "merge", "merge", "request"])
    name, content = random.choice(request_seeds() if area == "request" else list_seeds(area))
    spoilt = spoil(content, random)
    return Case("request", name, post_query(spoilt)) if area == "sparql" else Case(area, name, spoilt)


def post_query(sparql: bytes) -> bytes:
    """Return the request with this query."""
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
    )
    return b"%sContent-Length: %d\r\n\r\n%s" % (head, len(sparql), sparql)


def request_seeds() -> list[tuple[str, bytes]]:
    """Return the requests that the cases change."""
    return [(f"request-{number}", request) for number, request in enumerate(REQUESTS)]


def list_seeds(area: str) -> list[tuple[str, bytes]]:
    """Return the files that the cases of an area change; `@` stands for `/` in the name of a file of a publication."""
    return [(path.relative_to(folder).as_posix().replace("/", "@"), path.read_bytes()) for folder, path in _list(area)]


def _list(area: str) -> list[tuple[Path, Path]]:
    folders = {
        "check": [(ROOT, folder) for folder in (HOME.data, HOME.ontology, HOME.shapes)],
        "query": [(HOME.queries, HOME.queries)],
        "sparql": [(HOME.queries, HOME.queries)],
        "merge": [(folder := ROOT / "tests" / "data" / "merge", folder)],
    }[area]
    paths = [(root, path) for root, folder in folders for path in sorted(folder.rglob("*"))]
    return [(root, path) for root, path in paths if path.is_file() and path.suffix not in {".md", ".json"}]


def read_case(path: Path) -> Case:
    """Return the case that was saved in a file; its folder is the area."""
    return Case(path.parent.name, path.name.rpartition("--")[2], path.read_bytes())
