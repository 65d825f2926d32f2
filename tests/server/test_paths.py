"""Near forms of paths, the parameter `format`, suggestions, HEAD, and the links of the pages: each leads somewhere."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urldefrag, urljoin

import html5rdf
import pytest

from support.servers import BASE, GRAPHS, ORAL, REGIMENS, SERVED, Served, served

if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

FORM = "application/x-www-form-urlencoded"
JSON = "application/sparql-results+json"
NAMES = {
    "ttl": "text/turtle",
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "ntriples": "application/n-triples",
    "n-triples": "application/n-triples",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "json": "application/ld+json",
    "rdf": "application/rdf+xml",
    "rdfxml": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "owl": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "nquads": "application/n-quads",
    "n-quads": "application/n-quads",
    "JSONLD": "application/ld+json",
    **{quote(media, safe=""): media for media in GRAPHS},
    **{media: media for media in GRAPHS},
    "application/json": "application/ld+json",
}
ROWS = {
    "json": JSON,
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "application/sparql-results+json": JSON,
    "application/json": JSON,
    "text/csv": "text/csv",
}
RESOURCES = (
    "",
    ORAL,
    "ontology",
    "ontology/0.1.0",
    "shapes",
    "query/claims-about",
    "ontology/alignments/ro",
    ".well-known/void",
)


def get_media_type(headers: dict[str, str]) -> str:
    return headers["content-type"].partition(";")[0]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", [*RESOURCES, "sparql", "graphs", "ontology/", "sparql/"])
def test_the_parameter_format_chooses_the_format_of_a_graph(server: Served, path: str, name: str) -> None:
    graph = f"&graph={ORAL}" if path == "graphs" else ""
    if name in {"nq", "nquads", "n-quads"} and not path:
        graph = ""
    reply = server.follow(f"/{path}?format={name}{graph}", "text/html, image/png")
    assert (reply.status, get_media_type(reply.headers)) == (200, NAMES[name])


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "image/png", "application/sparql-results+xml"])
def test_the_parameter_format_chooses_the_format_of_rows(server: Served, name: str, accept: str) -> None:
    """It may be in the query string or in the form, and takes precedence over the Accept header."""
    query = quote(REGIMENS)
    ways = [
        server.ask(f"/sparql?query={query}&format={name}", headers={"Accept": accept}),
        server.ask(f"/sparql/?format={name}&query={query}", headers={"Accept": accept}),
        server.ask(
            "/sparql", "POST", f"query={query}&format={quote(name)}".encode(), {"Content-Type": FORM, "Accept": accept}
        ),
        server.ask(
            f"/sparql?format={name}", "POST", f"query={query}".encode(), {"Content-Type": FORM, "Accept": accept}
        ),
        server.ask(
            f"/sparql?format={name}",
            "POST",
            REGIMENS.encode(),
            {"Content-Type": "application/sparql-query", "Accept": accept},
        ),
    ]
    assert {(reply.status, get_media_type(reply.headers)) for reply in ways} == {(200, ROWS[name])}


def test_a_construct_query_has_the_format_of_the_parameter(server: Served) -> None:
    query = quote(f"DESCRIBE <{BASE}{ORAL}>")
    for name, media in NAMES.items():
        reply = server.ask(f"/sparql?query={query}&format={name}", headers={"Accept": "text/csv"})
        assert (reply.status, get_media_type(reply.headers)) == (200, media)


@pytest.mark.parametrize(
    "path", [f"/{ORAL}", "/ontology", f"/sparql?query={quote(REGIMENS)}", "/sparql", "/", "/graphs?default"]
)
def test_an_unknown_format_is_refused_and_an_empty_one_ignored(server: Served, path: str) -> None:
    sign = "&" if "?" in path else "?"
    for wrong in ("nonsense", "text/nonsense", "a%zz", "*/*", "image/png", "ttl,nt"):
        reply = server.ask(f"{path}{sign}format={wrong}")
        assert (reply.status, "Use a media type or one of csv, html, json" in reply.text) == (400, True), wrong
    assert server.ask(f"{path}{sign}format=%FF").status == 400
    assert server.follow(f"{path}{sign}format=").status == 200
    page = server.follow(f"{path}{sign}format=html", "text/turtle")
    assert page.status == (406 if "=" in path or "default" in path else 200)


@pytest.mark.parametrize("path", [*RESOURCES, "sparql", f"graphs?graph={ORAL}"])
@pytest.mark.parametrize(
    "accept", ["application/json", "application/json, text/plain, */*", "application/json;q=0.9, text/html;q=0.1"]
)
def test_a_client_that_wants_json_gets_json(server: Served, path: str, accept: str) -> None:
    reply = server.follow(f"/{path}", accept)
    assert (reply.status, get_media_type(reply.headers)) == (200, "application/ld+json")
    assert json.loads(reply.text)


def test_json_is_the_format_of_rows_and_turtle_that_of_graphs_by_default(server: Served) -> None:
    """`Accept: */*` is what curl sends."""
    for accept in ({"Accept": "*/*"}, {}):
        assert get_media_type(server.ask(f"/sparql?query={quote(REGIMENS)}", headers=accept).headers) == JSON
        assert server.ask(f"/{ORAL}", headers=accept).headers["location"].endswith(f"/{ORAL}.ttl")
    assert get_media_type(server.follow("/ontology").headers) == "text/turtle"


def list_paths(built: Path, published: rdflib.Graph) -> list[str]:
    """Every path below the base IRI: the files, the IRIs without fragments, the routes and the nanopublications."""
    files = [path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()]
    text = b"".join((built / name).read_bytes() for name in ("ontology.nt", "ldn-kg.nt", "nanopubs/index.trig"))
    text += b"".join(path.read_bytes() for path in built.rglob("*.ttl"))
    iris = re.findall(re.escape(BASE).encode() + rb"([^\s>#\"')]*)[^\s>\"]*>", text)
    named = {iri.decode() for iri in iris} | {str(node) for node in published.subjects()}
    own = {urldefrag(name.removeprefix(BASE)).url for name in named if "://" not in name.removeprefix(BASE)}
    return sorted({*files, *own, "sparql", "health", "metrics", ".well-known/void"})


def exists(server: Served, path: str) -> int:
    return server.follow("/" + quote(path, safe="/:.?="), "*/*").status


def test_every_path_and_its_near_forms_lead_to_an_answer_or_are_refused_at_once(
    server: Served, built: Path, published: rdflib.Graph
) -> None:
    """No redirect leads to a refusal, except that of a media type."""
    paths = list_paths(built, published)
    assert len(paths) > 700
    prefixes = {
        "claim/",
        "concept/",
        "mapping/",
        "mechanism/",
        "np/",
        "query/",
        "regimen/",
        "source/",
        "sparql/query/",
        "",
    }
    missing = {path for path in paths if exists(server, path) != 200}
    assert {path for path in missing if path not in prefixes} == set()
    for path in paths[::25]:
        for near in (
            f"{path}/",
            f"{path}//",
            path.upper(),
            f"{path}x",
            path[:-1],
            f"{path}.html",
            f"/{path}",
            f"{path}?format=ttl",
        ):
            quoted = "/" + quote(near, safe="/:.?=")
            first = server.ask(quoted)
            if first.status in {303, 308}:
                assert server.follow(quoted).status == 200, near
            else:
                assert first.status in {200, 404} or (path.startswith("np/") and first.status == 406), near


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("np/RA" + "x" * 43, ""),
        ("query/no-such-question", ""),
        ("void/class/nothing", ""),
        ("ontology/alignments/nothing", ""),
    ],
)
def test_a_path_that_only_looks_like_ours_is_not_redirected(server: Served, path: str, form: str) -> None:
    for media in ("*/*", "text/html", *GRAPHS):
        assert server.ask(f"/{path}{form}", headers={"Accept": media}).status == 404


def test_a_path_whose_file_is_missing_is_not_redirected(built: Path, tmp_path: Path) -> None:
    """In a folder with the graph only, there are no pages and no nanopublications."""
    nanopub = re.findall(rb"np/RA[\w-]{43}", (built / "nanopubs" / "index.trig").read_bytes())[0].decode()
    for name in SERVED:
        (tmp_path / name).write_bytes((built / name).read_bytes())
    with served(tmp_path, tmp_path / "log") as server:
        for path in (nanopub, "ontology", "shapes", "ontology/alignments/ro"):
            assert server.ask(f"/{path}").status == 404, path
        for path in ("", ORAL, "query/claims-about"):
            assert server.ask(f"/{path}", headers={"Accept": "text/html"}).status == 406, path
            assert server.follow(f"/{path}", "text/turtle").status == 200, path


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("claim/naltrexone-is-taken-oraly", ORAL),
        ("claims/naltrexone-is-taken-orally", ORAL),
        ("Claim/Naltrexone_is_taken_orally", ORAL),
        ("naltrexone-is-taken-orally", ORAL),
        ("claim/naltrexone-is-taken-orally.html", ORAL),
        ("claim/naltrexone, unlike naloxone, is taken by mouth", ORAL),
        ("Naltrexone, unlike naloxone, is taken by mouth", ORAL),
        ("low dose naltrexone", "regimen/low-dose-naltrexone"),
        ("ontolgy", "ontology"),
        ("sparqll", "sparql"),
        ("query/claims-abot", "query/claims-about"),
        ("concept", "concept/"),
    ],
)
def test_a_page_suggests_links_that_work(server: Served, path: str, target: str) -> None:
    reply = server.ask("/" + quote(path), headers={"Accept": "text/html"})
    assert reply.status == 404
    (suggested,) = re.findall(r"<ul>(.*?)</ul>", reply.text, re.DOTALL)
    links = [link.removeprefix(server.home) for link in re.findall(r'<a href="([^"]+)"', suggested)]
    assert links[0].startswith(target)
    assert {server.follow(f"/{link}", "text/html").status for link in links} == {200}
    said = server.ask("/" + quote(path)).text
    assert links[0] in said


def test_a_page_without_similar_paths_has_no_list(server: Served) -> None:
    assert "<ul>" not in server.ask("/qqqqqqqqqqqqqqqqqqqqqq", headers={"Accept": "text/html"}).text


PAGES = ("index.html", "ontology.html", "questions.html", "sparql", "claim/naltrexone-is-taken-oraly")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_an_answer_in_every_view(server: Served, page: str) -> None:
    """Links within the publication, for a browser, and a sample of them for other clients."""
    text = server.ask(f"/{page}", headers={"Accept": "text/html"}).text
    links = {urldefrag(urljoin(BASE + page, link.replace(server.home, BASE))).url for link in find_links(text)}
    own = sorted(link.removeprefix(BASE) for link in links if link.startswith(BASE))
    assert own
    assert f'href="{BASE}' not in text
    for accept, paths in (("text/html, */*;q=0.1", own), ("application/json, */*;q=0.1", own[::9]), ("*/*", own[::9])):
        assert [path for path in paths if server.follow(f"/{path}", accept).status != 200] == []


def test_a_page_has_no_link_to_a_file_that_was_not_exported(
    files: dict[str, bytes], built: Path, tmp_path: Path
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((built / name).read_bytes())
    with served(tmp_path, tmp_path / "log") as server:
        text = server.ask("/index.html").text
        own = {urldefrag(link).url for link in find_links(text) if link.startswith(server.home)}
        paths = sorted(f"/{link.removeprefix(server.home)}" for link in own)
        assert [path for path in paths if server.follow(path, "text/html, */*;q=0.1").status != 200] == []
        assert "tables/claims.csv" in text
        assert "/tables/claims.csv" not in paths


def find_links(text: str) -> set[str]:
    page = html5rdf.parse(text, namespaceHTMLElements=False)
    return {element.get(name) for element in page.iter() for name in ("href", "src") if element.get(name)}


@pytest.mark.parametrize("page", PAGES[:3])
def test_every_fragment_of_a_link_is_on_the_page_that_a_browser_shows(server: Served, page: str) -> None:
    anchors: dict[str, set[str]] = {}
    for link in sorted(find_links(server.ask(f"/{page}").text)):
        target, fragment = urldefrag(urljoin(BASE + page, link.replace(server.home, BASE)))
        if target.startswith(BASE) and fragment:
            moved = server.ask(f"/{target.removeprefix(BASE)}", headers={"Accept": "text/html"}).headers.get("location")
            shown, other = urldefrag(moved or target)  # a browser prefers the fragment of the redirect
            name = shown.removeprefix(server.home).removeprefix(BASE)
            anchors.setdefault(name, set()).add(unquote(other or fragment))
    assert anchors
    for name, wanted in anchors.items():
        found = html5rdf.parse(server.ask(f"/{name}").text, namespaceHTMLElements=False)
        assert wanted - {element.get("id", "") for element in found.iter()} == set(), name


@pytest.mark.parametrize(
    "path",
    [
        *(f"/{path}" for path in RESOURCES),
        "/sparql",
        "/sparql/",
        f"/sparql?query={quote(REGIMENS)}",
        "/sparql?query=wrong",
        "/graphs?default",
        f"/graphs?graph={ORAL}",
        "/graphs",
        "/health",
        f"/{ORAL}.jsonld",
        f"/{ORAL}/",
        "/shapes.nq",
        "/ldn-kg.ttl",
        "/index.html",
        "/kgx/ldn-kg_nodes.tsv",
        "/nothing",
        "/claim",
        "/claim?format=nonsense",
        "/.git/config",
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json", "image/png"])
def test_head_is_get_without_the_content(server: Served, path: str, accept: str) -> None:
    head, get = (server.ask(path, method, headers={"Accept": accept}) for method in ("HEAD", "GET"))
    assert (head.status, head.content) == (get.status, b"")
    volatile = {"date", "age"}
    assert {name: value for name, value in head.headers.items() if name not in volatile} == {
        name: value for name, value in get.headers.items() if name not in volatile
    }
