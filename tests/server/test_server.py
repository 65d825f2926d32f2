"""The server, over real sockets: the protocols of SPARQL, an answer under each address, and limits that hold."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag, urlencode, urljoin

import pyoxigraph as ox
import pytest
import rdflib

from ldnkg.paths import Home
from ldnkg.querying.library import questions
from support.paths import ROOT
from support.programs import NODE
from support.servers import CRAWLING, Served, command, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.servers import Reply

BASE = "https://w3id.org/ldn-kg/"
ORAL = "claim/naltrexone-is-taken-orally"
ROWS = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"]
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
REGIMENS = "SELECT ?s WHERE { ?s a <https://w3id.org/ldn-kg/ontology#Regimen> }"
FOUND = [f"{BASE}regimen/low-dose-naltrexone", f"{BASE}regimen/low-dose-naltrexone-with-oral-opioids"]
POSTED = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
LIMITS = ("--seconds", "2", "--query", "20000", "--answer", "300000", "--waiting", "2", "--memory", "600000000")


@pytest.fixture(scope="module")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built files on the disk."""
    made = tmp_path_factory.mktemp("built")
    for name, content in files.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    return made


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(folder, tmp_path_factory.mktemp("log") / "log", *LIMITS) as made:
        yield made


def works(server: Served) -> bool:
    """Whether the server still answers, and rightly."""
    return server.query(REGIMENS).text.count("\n") == 3


# --- SPARQL 1.1 Protocol: how a query may come, and what comes back


def by_get(server: Served) -> Reply:
    return server.ask(f"/sparql?query={quote(REGIMENS)}", headers={"Accept": "text/csv"})


def by_form(server: Served) -> Reply:
    body = urlencode({"query": REGIMENS}).encode()
    return server.ask("/sparql", "POST", body, {"Content-Type": FORM, "Accept": "text/csv"})


def by_form_with_charset(server: Served) -> Reply:
    body = urlencode({"query": REGIMENS}).encode()
    return server.ask("/sparql", "POST", body, {"Content-Type": f"{FORM}; charset=UTF-8", "Accept": "text/csv"})


def directly(server: Served) -> Reply:
    return server.ask("/sparql", "POST", REGIMENS.encode(), {"Content-Type": QUERY, "Accept": "text/csv"})


@pytest.mark.parametrize("way", [by_get, by_form, by_form_with_charset, directly])
def test_a_query_may_come_in_each_way(server: Served, way: object) -> None:
    assert callable(way)
    reply: Reply = way(server)
    assert reply.status == 200
    assert answers(reply.text, "text/csv") == sorted(FOUND)


@pytest.mark.parametrize("media", ROWS)
@pytest.mark.parametrize("query", [REGIMENS, "ASK { ?s a <https://w3id.org/ldn-kg/ontology#Regimen> }"])
def test_rows_come_in_each_form(server: Served, media: str, query: str) -> None:
    reply = server.query(query, media)
    assert reply.headers["content-type"].partition(";")[0] == media
    assert answers(reply.text, media) == (["true"] if query.startswith("ASK") else sorted(FOUND))


def answers(text: str, media: str) -> list[str]:
    """What an answer of one column says, in order; CSV is read by its lines, for it is no RDF."""
    if media == "text/csv":
        return sorted(line for line in text.split() if line != "s")
    read = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.from_media_type(media))
    if isinstance(read, ox.QueryBoolean):
        return [str(bool(read)).lower()]
    assert isinstance(read, ox.QuerySolutions)
    return sorted(row["s"].value for row in read)


@pytest.mark.parametrize("media", GRAPHS)
def test_graphs_come_in_each_form(server: Served, media: str) -> None:
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
def test_the_form_is_that_which_is_liked_most(server: Served, accept: str, media: str) -> None:
    reply = server.query(REGIMENS, accept)
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, media)


def test_a_form_that_there_is_not_is_refused_with_those_that_there_are(server: Served) -> None:
    reply = server.query(REGIMENS, "image/png")
    assert reply.status == 406
    assert all(media in reply.text for media in ROWS)
    assert server.query("DESCRIBE <x:y>", "text/csv").status == 406


def test_the_graphs_that_are_asked_can_be_named(server: Served) -> None:
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


def test_the_default_graph_holds_each_triple_once(server: Served, published: rdflib.Graph) -> None:
    assert server.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").text.split() == ["n", str(len(published))]


@pytest.mark.parametrize(
    ("method", "path", "kind", "body", "status", "words"),
    [
        ("GET", "/sparql?query=SELECT", "", "", 400, "This is not a SPARQL query"),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "", "", 400, "Give one query: there are 2."),
        ("GET", "/sparql?query=%FF%FE", "", "", 400, "no form in UTF-8"),
        ("GET", "/sparql?update=CLEAR%20ALL", "", "", 403, "updates are refused"),
        ("POST", "/sparql", FORM, "", 400, "Give one query: there are 0."),
        ("POST", "/sparql", FORM, "update=CLEAR+ALL", 403, "updates are refused"),
        ("POST", "/sparql", "application/sparql-update", "CLEAR ALL", 403, "updates are refused"),
        ("POST", "/sparql", QUERY, "CLEAR ALL", 400, "This is not a SPARQL query"),
        ("POST", "/sparql", QUERY, "LOAD <file:///etc/passwd>", 400, "This is not a SPARQL query"),
        ("POST", "/sparql", QUERY, "\udcff", 400, "not UTF-8"),
        ("POST", "/sparql", "text/plain", "ASK {}", 415, QUERY),
        ("POST", "/sparql", "", "ASK {}", 415, QUERY),
        ("POST", "/sparql?query=ASK%7B%7D", QUERY, "ASK {}", 400, "Give one query: there are 2."),
        ("PUT", "/sparql", QUERY, "ASK {}", 405, "nothing can be changed"),
        ("DELETE", "/graphs?default", "", "", 405, "nothing can be changed"),
        ("PUT", "/graphs?default", "text/turtle", "<x:a> <x:b> <x:c> .", 405, "nothing can be changed"),
        ("POST", "/graphs", "text/turtle", "<x:a> <x:b> <x:c> .", 405, "nothing can be changed"),
        ("PATCH", f"/{ORAL}", "", "", 405, "nothing can be changed"),
        ("GET", "/graphs", "", "", 400, "Name one graph"),
        ("GET", "/graphs?default&graph=x:y", "", "", 400, "Name one graph"),
        ("GET", "/graphs?graph=x:a&graph=x:b", "", "", 400, "Name one graph"),
        ("GET", "/graphs?graph=x:nowhere", "", "", 404, "There is no graph x:nowhere."),
        ("GET", "/claim/naltrexone-is-taken-oraly", "", "", 404, f"Did you mean '{ORAL}'?"),
        ("GET", "/claim/", "", "", 404, "There is nothing at /claim/. Below it are 51, such as /claim/"),
        ("GET", "/claim/nothing", "", "", 404, "There is nothing at /claim/nothing."),
        ("GET", "/sparql/", "", "", 404, "Did you mean 'sparql'?"),
        ("POST", "/sparql", QUERY, "SELECT * WHERE { ?s ?p }", 400, "cannot be read on at line 1, column 24"),
        ("POST", "/sparql", QUERY, "SELECT * WHERE { ?s x:p ?o }", 400, "The prefix 'x:' is not declared."),
        ("POST", "/sparql", QUERY, "ASK " + "{" * 5000 + "}" * 5000, 400, "nested 5,000 deep"),
        ("GET", "/claim/%00", "", "", 404, "There is nothing at"),
        ("GET", f"/{'a' * 300}", "", "", 404, "There is nothing at"),
        ("GET", f"/{'a/' * 3000}", "", "", 404, "There is nothing at"),
        ("GET", f"/sparql?query={quote('SELECT (<x:f>(1) AS ?r) {}')}", "", "", 400, "function <x:f> is not supported"),
        ("GET", "/%2e%2e/pyproject.toml", "", "", 404, "There is nothing at"),
        ("GET", "//etc/passwd", "", "", 404, "There is nothing at"),
        ("GET", "/schemas", "", "", 404, "There is nothing at /schemas."),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_sentence(
    server: Served, method: str, path: str, kind: str, body: str, status: int, words: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    reply = server.ask(path, method, body.encode("utf-8", "surrogateescape"), headers)
    assert (reply.status, words in reply.text) == (status, True), reply
    assert reply.headers["content-type"].startswith("text/plain")
    assert "Traceback" not in reply.text
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS"


def test_people_are_told_on_a_page(server: Served) -> None:
    reply = server.ask("/claim/%3Cb%3E", headers={"Accept": "text/html"})
    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert "<b>" not in reply.text
    assert "&lt;b&gt;" in reply.text


@pytest.mark.parametrize(("path", "scripts"), [("sparql", 1), ("index.html", 0), ("claim/nothing", 0)])
def test_a_page_runs_nothing_but_its_own(server: Served, path: str, scripts: int) -> None:
    reply = server.ask(f"/{path}", headers={"Accept": "text/html"})
    pairs = (part.split(maxsplit=1) for part in reply.headers["content-security-policy"].split(";"))
    policy = {name: allowed.split() for name, allowed in pairs}
    assert (policy["default-src"], policy["connect-src"]) == (["'none'"], ["'self'"])
    for name, times in (("script", scripts), ("style", 1)):
        found = re.findall(rf"<{name}>(.*?)</{name}>", reply.text, re.DOTALL)
        hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in found]
        assert len(hashes) == times
        assert policy[f"{name}-src"] == ([f"'sha256-{one}'" for one in hashes] or ["'none'"])
    if path == "sparql":
        assert "Accept" in reply.headers["vary"].replace("Accept-Encoding", "")


def test_the_service_describes_itself(server: Served, published: rdflib.Graph) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    for media, form in GRAPHS.items():
        reply = server.ask("/sparql", headers={"Accept": media})
        read = rdflib.Dataset(default_union=True).parse(data=reply.text, format=form)
        endpoint = rdflib.URIRef(f"http://127.0.0.1:{server.port}/sparql")
        assert (endpoint, sd.endpoint, endpoint) in read
    dataset = next(read.objects(endpoint, sd.defaultDataset))
    whole = next(read.objects(dataset, sd.defaultGraph))
    (counted,) = read.objects(whole, void.triples)
    assert counted == next(published.objects(rdflib.URIRef(BASE), void.triples))
    names = {str(name) for one in read.objects(dataset, sd.namedGraph) for name in read.objects(one, sd.name)}
    assert f"{BASE}{ORAL}" in names
    claims = {name for name in names if name.startswith(f"{BASE}claim/")}
    assert len(claims) == len(list((ROOT / "data" / "claims").iterdir()))


EXAMPLES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?words ?query
WHERE { ?example a sh:SPARQLExecutable ; rdfs:comment ?words ; sh:select|sh:ask|sh:construct ?query }"""
PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?prefix ?namespace WHERE { ?one sh:prefix ?prefix ; sh:namespace ?namespace }"""
LINKS = """PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?class ?property ?other
WHERE {
  ?part void:class ?class ; void:propertyPartition ?own .
  ?own void:property ?property ; void:classPartition/void:class ?other .
}"""


@pytest.mark.node
@pytest.mark.skipif(not NODE, reason="no folder of the readers of Node is named in LDNKG_NODE, or no Node")
def test_an_editor_finds_in_the_description_what_it_asks_of_a_service(server: Served) -> None:
    """By Comunica, with which the editor of SIB reads a description where the graph itself holds no examples."""
    command = [
        str(NODE),
        str(ROOT / "tests" / "support" / "clients" / "comunica.mjs"),
        f"http://127.0.0.1:{server.port}/sparql",
    ]
    given = json.dumps([EXAMPLES, PREFIXES, LINKS])
    said = subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=300)
    examples, prefixes, links = ({tuple(row) for row in one["rows"]} for one in json.loads(said.stdout))
    library = questions(Home(ROOT)).values()
    assert examples == {(one.said("question"), one.sparql) for one in library}
    lines = (line.split() for one in library for line in one.text.splitlines() if line.startswith("PREFIX "))
    assert prefixes == {(short.removesuffix(":"), iri.strip("<>")) for _, short, iri in lines}
    terms = f"{BASE}ontology#"
    assert (f"{terms}Regimen", f"{terms}ingredient", f"{terms}Drug") in links
    assert (f"{terms}Claim", str(rdflib.RDF.subject), f"{terms}Regimen") in links


def test_the_library_is_no_part_of_the_graph(server: Served) -> None:
    for query in (EXAMPLES, PREFIXES, LINKS):
        head, _, rest = query.partition("SELECT")
        asked = f"{head}ASK {rest[rest.index('WHERE') :]}"
        assert json.loads(server.query(asked, ROWS[0]).text)["boolean"] is False


# --- Graph Store Protocol, read


@pytest.mark.parametrize("media", GRAPHS)
def test_a_graph_comes_as_it_is_published(server: Served, files: dict[str, bytes], media: str) -> None:
    whole = ox.Dataset(ox.parse(files["ldn-kg.trig"], format=ox.RdfFormat.TRIG))
    expected = {quad.triple for quad in whole.quads_for_graph_name(ox.NamedNode(f"{BASE}{ORAL}"))}
    for path in (f"/graphs?graph={quote(BASE + ORAL)}", f"/graphs?graph={ORAL}"):
        reply = server.ask(path, headers={"Accept": media})
        read = ox.parse(reply.content, format=ox.RdfFormat.from_media_type(media))
        assert {quad.triple for quad in read} == expected


def test_the_default_graph_is_longer_than_an_answer_may_be(server: Served) -> None:
    assert server.ask("/graphs?default", headers={"Accept": "text/turtle"}).status == 200
    assert server.ask("/graphs?default", headers={"Accept": "application/n-triples"}).status == 422
    assert server.ask("/graphs?default", "HEAD", headers={"Accept": "text/turtle"}).content == b""


# --- addresses


def redirects() -> list[dict[str, str]]:
    """The rows by hand for the redirects, but for things, which have a description of their own here."""
    rows = csv.DictReader(
        (ROOT / "tests" / "data" / "answers" / "redirects.tsv").read_text("utf-8").splitlines(), delimiter="\t"
    )
    own = re.compile(r"(claim|regimen|source|mapping|concept|mechanism)/.")
    return [row for row in rows if row["status"] in {"303", "406"} and not own.match(row["address"])]


@pytest.mark.parametrize("row", redirects(), ids=lambda row: f"{row['address']} {row['accept']}")
def test_documents_are_where_the_redirects_have_them(server: Served, row: dict[str, str]) -> None:
    if row["target"].startswith("nanopubs/"):
        assert server.ask(f"/{row['address']}", headers={"Accept": row["accept"]}).status == 303
        return
    reply = server.ask(f"/{row['address']}", headers={"Accept": row["accept"]})
    assert reply.status == int(row["status"])
    if row["accept"] == "application/*;q=0.5":
        row = {**row, "target": "ldn-kg.jsonld"}  # the rules of Apache take this for any form
    if row["status"] == "303":
        assert reply.headers["location"] == f"http://127.0.0.1:{server.port}/{row['target']}"
        assert server.ask(f"/{row['target']}").status == 200


def things(published: rdflib.Graph) -> list[str]:
    """The path of each thing of ours that is a record or a mapping, and of each sentence's source."""
    own = re.compile(re.escape(BASE) + r"((?:claim|concept|mapping|mechanism|regimen|source)/[^#]+)")
    return sorted({found[1] for one in set(published.subjects()) if (found := own.fullmatch(str(one)))})


def test_each_thing_answers_under_its_address(server: Served, published: rdflib.Graph, files: dict[str, bytes]) -> None:
    paths = things(published)
    assert len(paths) > 51 + 22 + 2 + 3 + 4
    page = files["index.html"].decode()
    for path in paths:
        reply = server.ask(f"/{path}", headers={"Accept": "text/turtle"})
        assert reply.status == 303
        assert reply.headers["vary"].startswith("Accept")
        found = server.ask(reply.headers["location"].removeprefix(f"http://127.0.0.1:{server.port}"))
        told = rdflib.Graph().parse(data=found.text, format="turtle")
        assert set(told) <= set(published)
        assert set(published.predicate_objects(rdflib.URIRef(BASE + path))) <= set(
            told.predicate_objects(rdflib.URIRef(BASE + path))
        )
        shown = server.ask(f"/{path}", headers={"Accept": "text/html"}).headers["location"]
        assert f'id="{urldefrag(shown).fragment or path}"' in page


@pytest.mark.parametrize("media", GRAPHS)
def test_a_thing_is_described_in_each_form(server: Served, media: str) -> None:
    target = server.ask(f"/{ORAL}", headers={"Accept": media}).headers["location"]
    reply = server.ask(urljoin("/", target.partition(str(server.port))[2]))
    assert reply.headers["content-type"].partition(";")[0] == media
    read = rdflib.Dataset(default_union=True).parse(data=reply.text, format=GRAPHS[media])
    assert (rdflib.URIRef(BASE + ORAL), rdflib.RDF.predicate, None) in read
    assert (rdflib.URIRef(f"{BASE}ontology#takenBy"), rdflib.RDFS.label, None) in read


def test_a_hypothesis_is_described_without_its_bare_triple(server: Served) -> None:
    told = server.ask("/regimen/low-dose-naltrexone.nt").text
    assert "/claim/low-dose-naltrexone-antagonises-tlr4>" in told
    assert "ontology#antagonises> <http://purl.uniprot.org" not in told


# --- for browsers and caches


def test_answers_may_be_read_from_any_page(server: Served) -> None:
    reply = server.ask(f"/sparql?query={quote(REGIMENS)}", headers={"Origin": "https://page.example"})
    assert reply.headers["access-control-allow-origin"] == "*"
    asked = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "content-type"
    allowed = server.ask("/sparql", "OPTIONS", headers=asked)
    assert allowed.status == 200
    assert "POST" in allowed.headers["access-control-allow-methods"]


def test_what_is_known_is_not_sent_again(server: Served) -> None:
    path = f"/sparql?query={quote(REGIMENS)}"
    first = server.ask(path, headers={"Accept": "text/csv"})
    again = server.ask(path, headers={"Accept": "text/csv", "If-None-Match": first.headers["etag"]})
    assert (again.status, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    other = server.ask(path, headers={"Accept": ROWS[0], "If-None-Match": first.headers["etag"]})
    assert other.status == 200
    assert "max-age" in first.headers["cache-control"]


def test_answers_are_compressed_for_who_can_read_it(server: Served, files: dict[str, bytes]) -> None:
    reply = server.ask("/ldn-kg.ttl", headers={"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(reply.content) == files["ldn-kg.ttl"]
    assert len(reply.content) < len(files["ldn-kg.ttl"]) / 3
    assert server.ask("/ldn-kg.ttl").content == files["ldn-kg.ttl"]


@pytest.mark.parametrize("refused", ["gzip;q=0", "gzip;q=0, identity", "br", "identity", "*;q=0"])
def test_nothing_is_compressed_for_who_cannot_read_it(server: Served, refused: str) -> None:
    assert "content-encoding" not in server.ask("/ldn-kg.ttl", headers={"Accept-Encoding": refused}).headers
    assert server.ask("/ldn-kg.ttl", headers={"Accept-Encoding": "*"}).headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/ldn-kg.ttl", f"/sparql?query={quote(REGIMENS)}", f"/{ORAL}", "/nothing"])
def test_head_says_what_get_says(server: Served, path: str) -> None:
    told, whole = (server.ask(path, method, headers={"Accept": "text/csv, text/turtle"}) for method in ("HEAD", "GET"))
    assert (told.status, told.content) == (whole.status, b"")
    for name in ("content-type", "content-length", "etag", "vary", "cache-control", "location"):
        assert told.headers.get(name) == whole.headers.get(name)


def test_health_and_metrics(server: Served) -> None:
    assert json.loads(server.ask("/health").content) == {"answers": True}
    before = counted(server, 'ldnkg_requests_total{kind="sparql",status="400"}')
    server.query("SELECT")
    assert counted(server, 'ldnkg_requests_total{kind="sparql",status="400"}') == before + 1


def counted(server: Served, name: str) -> float:
    lines = server.ask("/metrics").text.splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(name)), 0.0)


# --- limits


def test_a_query_that_takes_too_long_is_stopped_and_its_worker_free_again(server: Served) -> None:
    before = children(server)
    for _ in range(3):
        reply = server.query(CRAWLING)
        assert reply.status == 504
        assert "stopped after 2 seconds" in reply.text
    assert works(server)
    deadline = time.monotonic() + 20
    while len(children(server)) < len(before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(children(server)) == len(before)
    assert not before & children(server) or len(before) > 2


def children(server: Served) -> set[int]:
    """The processes that answer for the server."""
    found = set()
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"ldnkg.server.worker" in line.read_bytes() and descends(int(line.parent.name), server.process.pid):
                found.add(int(line.parent.name))
        except OSError:
            continue
    return found


def descends(pid: int, from_pid: int) -> bool:
    while pid > 1:
        if pid == from_pid:
            return True
        pid = int((Path("/proc") / str(pid) / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
    return False


def test_more_than_may_wait_are_refused(server: Served) -> None:
    with ThreadPoolExecutor(8) as many:
        replies = list(many.map(lambda number: server.query(f"{CRAWLING} # {number}"), range(8)))
    statuses = [reply.status for reply in replies]
    assert set(statuses) == {503, 504}
    assert statuses.count(503) >= 2
    refused = next(reply for reply in replies if reply.status == 503)
    assert refused.headers["retry-after"] == "1"
    assert works(server)


def test_who_waits_is_told_within_the_time_of_a_query(folder: Path, tmp_path: Path) -> None:
    with served(folder, tmp_path / "log", "--seconds", "1", "--at-once", "1") as server:
        with ThreadPoolExecutor(3) as many:
            replies = list(many.map(lambda number: server.query(f"{CRAWLING} # {number}"), range(3)))
        assert {503, 504} == {reply.status for reply in replies}
        late = next(reply for reply in replies if reply.status == 503)
        assert ("Others are answered first" in late.text, late.headers["retry-after"]) == (True, "1")


def test_a_query_ends_with_whoever_asked_it(folder: Path, tmp_path: Path) -> None:
    """Two are being answered and two wait; all are gone with their askers, long before their time is over."""
    with served(folder, tmp_path / "log", "--seconds", "600") as server:
        with ExitStack() as askers:
            for number in range(4):
                asker = askers.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                asked = f"GET /sparql?query={quote(f'{CRAWLING} # {number}')} HTTP/1.1\r\nHost: x\r\n\r\n"
                asker.sendall(asked.encode())
            while counted(server, "ldnkg_queries_waiting") < 2:
                time.sleep(0.05)
        assert works(server)
        assert server.log.read_text("utf-8").count("GET sparql 499") == 4
        assert "Traceback" not in server.log.read_text("utf-8")


def settled(server: Served) -> bool:
    """Whether the server answers once the processes that were ended are replaced."""
    return any(server.query(REGIMENS).status == 200 for _ in range(20))


def test_health_is_said_while_all_processes_answer(server: Served) -> None:
    with ThreadPoolExecutor(2) as many:
        crawl = [many.submit(server.query, f"{CRAWLING} # health {number}") for number in range(2)]
        seen = set()
        while not all(one.done() for one in crawl):
            seen.add(server.ask("/health").text)
        assert {one.result().status for one in crawl} <= {503, 504}
    assert '{"answers":true,"busy":true}' in seen
    assert settled(server)


def test_a_process_is_started_again_and_again(folder: Path, tmp_path: Path) -> None:
    """The files are away when the process is replaced: health says that nothing answers, until they are back."""
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()) if path.is_file() else None
    with served(tmp_path, tmp_path / "log", "--seconds", "1", "--at-once", "1") as server:
        (tmp_path / "ldn-kg.ttl").rename(tmp_path / "away")
        assert server.query(CRAWLING).status == 504
        assert healthy(server, 503) == {"answers": False}
        (tmp_path / "away").rename(tmp_path / "ldn-kg.ttl")
        assert healthy(server, 200) == {"answers": True}
        assert works(server)


def healthy(server: Served, status: int) -> object:
    """What the server says of its health once that has this status."""
    for _ in range(300):
        reply = server.ask("/health")
        if reply.status == status and "busy" not in reply.text:
            return json.loads(reply.content)
        time.sleep(0.1)
    raise AssertionError(reply)


def test_an_answer_that_is_too_large_is_refused(server: Served) -> None:
    for query in ("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        reply = server.query(query, "application/n-triples, application/json")
        assert reply.status == 422
        assert "larger than 300,000 bytes" in reply.text
    assert works(server)


def test_a_query_that_takes_too_much_memory_is_refused(folder: Path, tmp_path: Path) -> None:
    greedy = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    limits = ("--seconds", "60", "--memory", "150000000", "--at-once", "1")
    with served(folder, tmp_path / "log", *limits) as server:
        reply = server.query(greedy)
        assert reply.status == 422
        assert "memory" in reply.text
        assert works(server)


def test_a_query_that_is_too_long_is_refused(server: Served) -> None:
    long = f"{REGIMENS} # {'x' * 30_000}"
    assert server.query(long).status == 413
    assert server.query(long * 3).status == 414
    direct = server.ask("/sparql", "POST", long.encode(), {"Content-Type": QUERY})
    assert (direct.status, "longer than 20,000 bytes" in direct.text) == (413, True)
    assert server.ask("/sparql", "POST", f"query={'x' * 70_000}".encode(), {"Content-Type": FORM}).status == 413
    assert works(server)


@pytest.mark.parametrize("word", ["SERVICE", "service SILENT", "\\u0053ERVICE"])
def test_nobody_else_is_asked(server: Served, word: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.3)
        address = f"http://127.0.0.1:{other.getsockname()[1]}/"
        reply = server.query(f"SELECT * WHERE {{ {word} <{address}> {{ ?s ?p ?o }} }}")
        assert (reply.status, "asks another machine" in reply.text) == (403, True)
        with pytest.raises(TimeoutError):
            other.accept()


def test_a_process_that_answers_can_open_nothing(folder: Path) -> None:
    """What stands behind the refusal of SERVICE: no connection can be made, even where a query got so far."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.3)
        address = f"http://127.0.0.1:{other.getsockname()[1]}/"
        from ldnkg.server import worker

        made = os.fork()
        if not made:
            for number in range(worker.STANDARD_STREAMS, 100):
                if number != other.fileno():
                    os.close(number) if _open(number) else None
            os.close(other.fileno())
            held = worker.Worker(str(folder), 1000)
            worker.confine(10**10)
            try:
                bool(held.store.query(f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
            except OSError:
                os._exit(17)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(made, 0)[1]) == 17
        with pytest.raises(TimeoutError):
            other.accept()


def _open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def test_no_file_is_read(server: Served) -> None:
    assert server.query("SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }").text.count("\n") == 1
    assert server.ask("/graphs?graph=file:///etc/passwd").status == 404


# --- requests that do harm elsewhere


def raw(server: Served, sent: bytes, *, half: bool = False, seconds: float = 10) -> bytes:
    """Send bytes over a socket and return what comes back until it is closed, or nothing more comes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        try:
            connection.sendall(sent)
            if half:
                connection.shutdown(socket.SHUT_WR)
            said = b""
            while part := connection.recv(65536):
                said += part
        except (ConnectionError, TimeoutError):
            return b""
        return said


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\xff\xfe" * 1000 + b"\r\n\r\n",
        b"GET /sparql HTTP/9.9\r\nHost: x\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nBroken header\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 2_000_000 + b"\r\n\r\n",
        POSTED + b"Content-Length: nine\r\n\r\n",
        POSTED + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /sparql?query=" + b"%00" * 200 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ],
    ids=["binary", "version", "no-request", "header", "huge-header", "length", "chunk", "zeroes"],
)
def test_malformed_requests_do_no_harm(server: Served, sent: bytes) -> None:
    said = raw(server, sent)
    assert not said.startswith(b"HTTP/1.1 5")
    assert b"Traceback" not in said
    assert works(server)


def test_half_closed_and_abandoned_requests_do_no_harm(server: Served) -> None:
    whole = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    raw(server, whole, half=True)
    raw(server, whole[:20], half=True)
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port)) as gone:
            gone.sendall(f"GET /sparql?query={quote(REGIMENS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert works(server)


def test_slow_requests_are_let_go(server: Served) -> None:
    """Who sends a head, or a body, and never ends it, is let go within the time of a query and a little more."""
    head = b"GET /health HTTP/1.1\r\nHost: x\r\n"
    body = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 500\r\n\r\nASK"
    )
    with ThreadPoolExecutor(40) as many:
        waits = [many.submit(raw, server, sent, seconds=20) for sent in [head] * 20 + [body] * 20]
        assert works(server)
        said = [wait.result() for wait in waits]
    assert all(b"HTTP/1.1 200" not in one for one in said)
    assert any(b"HTTP/1.1 408" in one for one in said[20:])
    assert works(server)


def test_connections_that_say_nothing_are_let_go(server: Served) -> None:
    with ExitStack() as many:
        idle = [many.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(50)]
        for connection in idle:
            connection.settimeout(20)
            assert b"HTTP/1.1 2" not in connection.recv(1000)
    assert works(server)


# --- its start


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--port", "99999"], "--port 99999: is no port"),
        (["--port", "http"], "invalid int value: 'http'"),
        (["--host", "999.1.1.1"], "Choose another --host"),
        (["--host", "192.0.2.1"], "Choose another --host"),
        (["--address", "graph.example"], "is no URL with a slash at its end"),
        (["--address", "https://graph.example/ldn"], "is no URL with a slash at its end"),
        (["--address", "https://graph.example/?a=b/"], "is no URL with a slash at its end"),
        (["--address", "ftp://graph.example/"], "is no URL with a slash at its end"),
        (["--seconds", "0"], "--seconds must be at least 1"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_refused_at_the_start(folder: Path, given: list[str], words: str) -> None:
    ended = subprocess.run(command(folder, 0, *given), capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, words in ended.stderr, "Traceback" in ended.stderr) == (2, True, False)


def test_a_port_that_is_taken_is_named(server: Served, folder: Path) -> None:
    ended = subprocess.run(command(folder, server.port), capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, "Choose another --port" in ended.stderr) == (2, True)


def test_it_says_where_it_is_when_it_can_be_asked(folder: Path) -> None:
    with subprocess.Popen(command(folder, 0), stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline().decode()
            port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/,", said)[0])
            assert works(Served(process, port, folder))
        finally:
            process.terminate()


# --- its end, and what it writes down


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_and_what_was_asked_is_answered(folder: Path, tmp_path: Path, told: signal.Signals) -> None:
    with served(folder, tmp_path / "log", "--seconds", "3") as server:
        workers = children(server)
        assert len(workers) == 2
        with ThreadPoolExecutor(1) as one:
            waiting = one.submit(server.query, CRAWLING)
            time.sleep(0.5)
            os.kill(server.process.pid, told)
            assert waiting.result().status == 504
        assert server.process.wait(20) in {0, 130}
        assert not any((Path("/proc") / str(pid)).exists() for pid in workers)
        assert "Traceback" not in server.log.read_text("utf-8")


def test_nothing_that_was_asked_is_written_down(folder: Path, tmp_path: Path) -> None:
    with served(folder, tmp_path / "log") as server:
        secret = {"Authorization": "Bearer hidden-token", "Cookie": "session=hidden-token"}
        server.ask(f"/sparql?query={quote('ASK { <x:hidden-token> ?p ?o }')}&key=hidden-token", headers=secret)
        server.ask("/claim/hidden-token", headers=secret)
    log = (tmp_path / "log").read_text("utf-8")
    assert "GET sparql 200" in log
    assert "GET thing 404" in log
    assert "hidden-token" not in log


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--files", "."], "nothing is built yet"),
        (["--seconds", "0"], "--seconds must be at least 1."),
        (["--port", "{taken}"], "cannot be served from, address already in use. Choose another --port."),
        (["--host", "192.0.2.1"], "cannot be served from"),
    ],
)
def test_what_cannot_be_served_is_told_in_a_sentence(
    run: object, server: Served, folder: Path, arguments: list[str], words: str
) -> None:
    assert callable(run)
    given = [argument.replace("{taken}", str(server.port)) for argument in arguments]
    files = [] if "--files" in given else ["--files", folder]
    ended = run("serve", "--home", ROOT, *files, *given)
    assert (ended.returncode, words in ended.stderr) == (2, True), ended.stderr
    assert ended.stderr.startswith("ldnkg: ")
