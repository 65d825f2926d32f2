"""Each published file has its registered media type, and no hidden file is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib

from ldnkg.exports.media_types import get_media_type
from support.servers import BASE, SERVED, Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
IANA = "https://www.iana.org/assignments/media-types/"
# By ending, or by name if the name says more; written by hand from the specifications of the formats.
EXPECTED = {
    "ttl": "text/turtle",
    "owl": "application/rdf+xml",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "html": "text/html",
    "svg": "image/svg+xml",
    "json": "application/json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "jsonl": "text/plain",
    "cypher": "text/plain",
    "graphml": "application/xml",
    "cx2": "application/json",
    "SHA256SUMS": "text/plain",
    "SHA256SUMS.export": "text/plain",
    "csv-metadata.json": "application/csvm+json",
    "ro-crate-metadata.json": "application/ld+json",
}
OTHERS = {
    "notes.txt": "text/plain",
    "notes.md": "text/markdown",
    "query.rq": "application/sparql-query",
    "records.yaml": "application/yaml",
    "picture.png": "image/png",
    "DATA.TTL": "text/turtle",
    "dump.nq.gz": "application/gzip",
    "below/a/b.owl": "application/rdf+xml",
    "LICENCE": "application/octet-stream",
    "unknown.xyzzy": "application/octet-stream",
    "with blank?#.csv": "text/csv",
}
HIDDEN = (
    ".git/config",
    ".env",
    "below/.hidden/file.txt",
    "below/.hidden.ttl",
    ".well-known/other",
    "...",
    ".a.ttl/b.ttl",
)


def test_every_published_file_has_its_media_type(server: Served, built: Path) -> None:
    names = [path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()]
    assert len(names) > 100
    for name in names:
        reply = server.ask(f"/{name}", "HEAD")
        short = name.rpartition("/")[2]
        expected = EXPECTED.get(short) or EXPECTED[short.rpartition(".")[2]]
        assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, expected), name
        assert get_media_type(name) == expected


def test_the_registry_agrees_with_the_description_of_the_publication(published: rdflib.Graph) -> None:
    stated = set()
    for one, media in published.subject_objects(DCAT.mediaType):
        for file in [*published.objects(one, DCAT.downloadURL)] or [one]:
            stated.add((str(file).removeprefix(BASE), str(media).removeprefix(IANA)))
    assert len(stated) > 50
    assert {(name, media, get_media_type(name)) for name, media in stated if get_media_type(name) != media} == set()


@pytest.fixture(scope="module")
def other(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a folder below a hidden one, with other files, hidden files and links."""
    top = tmp_path_factory.mktemp("top")
    folder = top / ".cache" / "files"
    for name in (*OTHERS, *HIDDEN):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("secret\n", "utf-8")
    for name in SERVED:
        (folder / name).write_bytes((built / name).read_bytes())
    (top / ".cache" / "outside.txt").write_text("secret\n", "utf-8")
    (folder / "link.txt").symlink_to(".env")
    (folder / "folder-link").symlink_to(".git")
    (folder / "out.txt").symlink_to("../outside.txt")
    (folder / ".visible").symlink_to("notes.txt")
    (folder / "copy.txt").symlink_to("notes.txt")
    with served(folder, top / "log") as running:
        yield running


@pytest.mark.parametrize("name", [*OTHERS, "copy.txt"])
def test_another_file_in_the_folder_has_a_media_type(other: Served, name: str) -> None:
    reply = other.ask("/" + name.replace(" ", "%20").replace("?", "%3F").replace("#", "%23"))
    assert (reply.status, reply.text) == (200, "secret\n")
    assert reply.headers["content-type"].partition(";")[0] == OTHERS.get(name, "text/plain")


@pytest.mark.parametrize(
    "path",
    [
        *HIDDEN,
        ".git",
        ".git/",
        "link.txt",
        "folder-link/config",
        "out.txt",
        ".visible",
        "%2egit/config",
        "%2Eenv",
        "%252egit/config",
        ".%67it/config",
        "below/../.git/config",
        "below/%2e%2e/.env",
        "below/../notes.txt",
        "./notes.txt",
        "../outside.txt",
        "..%2foutside.txt",
        "below//.hidden/file.txt",
        "/.git/config",
        ".git%2fconfig",
        ".git%5cconfig",
        ".git/config?format=ttl",
        ".git/config/",
        ".env%00",
        ".env%20",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_hidden_file_is_not_served(other: Served, path: str, method: str) -> None:
    reply = other.ask(f"/{path}", method, headers={"Accept": "*/*"})
    assert (reply.status, b"secret" in reply.content) == (404, False)
