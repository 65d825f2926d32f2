"""The redirect rules in an Apache server on loopback: each of our IRIs leads to a file that describes it."""

from __future__ import annotations

import csv
import http.client
import os
import shutil
import tempfile
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import html5rdf
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from support.paths import ROOT
from support.servers import free_port, running

if TYPE_CHECKING:
    from collections.abc import Iterator

APACHE = shutil.which("apache2", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or shutil.which("httpd")
MODULES = Path("/usr/lib/apache2/modules")
RULES = ROOT / "deploy" / "w3id" / ".htaccess"
FILES = "https://ldn-kg.example/"
BASE = "https://w3id.org/ldn-kg/"
EXPORTED = {"SHA256SUMS.export", "losses.tsv", "ldn-kg.nq", "ldn-kg.rdf12.ttl", "tables/csv-metadata.json"}
FORMS = {
    "text/html": "html",
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/trig": "trig",
    "application/rdf+xml": "xml",
}
ROWS = list(
    csv.DictReader(
        (ROOT / "tests" / "data" / "answers" / "redirects.tsv").read_text("utf-8").splitlines(), delimiter="\t"
    )
)
CONFIGURATION = """
ServerRoot {folder}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
KeepAliveTimeout 60
PidFile {folder}/pid
ErrorLog {folder}/error.log
{user}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule rewrite_module {modules}/mod_rewrite.so
DocumentRoot {folder}/www
<Directory {folder}/www>
  AllowOverride All
  Require all granted
</Directory>
"""

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not (APACHE and MODULES.is_dir()), reason="the Apache HTTP server is not installed"),
]


@contextmanager
def serving(rules: str) -> Iterator[http.client.HTTPConnection]:
    """Serve the rules in the folder `ldn-kg`, as w3id.org does."""
    with tempfile.TemporaryDirectory() as place:
        folder, port = Path(place), free_port()
        folder.chmod(0o755)
        (folder / "www" / "ldn-kg").mkdir(parents=True)
        (folder / "www" / "ldn-kg" / ".htaccess").write_text(rules, "utf-8")
        user = "User nobody\nGroup nogroup" if os.geteuid() == 0 else ""
        text = CONFIGURATION.format(folder=folder, port=port, user=user, modules=MODULES)
        (folder / "httpd.conf").write_text(text, "utf-8")
        command = [str(APACHE), "-DFOREGROUND", "-f", str(folder / "httpd.conf")]
        connected = closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30))
        with running(command, port, folder), connected as connection:
            yield connection


@pytest.fixture(scope="module")
def server() -> Iterator[http.client.HTTPConnection]:
    with serving(RULES.read_text("utf-8")) as connection:
        yield connection


def ask(server: http.client.HTTPConnection, path: str, accept: str) -> http.client.HTTPResponse:
    server.request("GET", f"/ldn-kg/{path}", headers={"Accept": accept} if accept else {})
    answer = server.getresponse()
    answer.read()
    return answer


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['address']} as {row['accept']}")
def test_each_iri_is_redirected_to_the_expected_file(server: http.client.HTTPConnection, row: dict[str, str]) -> None:
    answer = ask(server, row["address"], row["accept"])
    assert (answer.status, answer.headers.get("Location", "")) == (
        int(row["status"]),
        FILES + row["target"] if row["target"] else "",
    )


def test_the_headers_for_caches_and_other_origins_are_set(server: http.client.HTTPConnection) -> None:
    for path in ("", "claim/naltrexone-is-taken-orally", "ontology"):
        answer = ask(server, path, "text/turtle")
        assert "accept" in answer.headers["Vary"].lower()
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


class PublishedFiles:
    """The files of the publication, with the anchors of each page and the subjects of each graph."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self._names = files, dict[str, set[str]]()

    @cached_property
    def iris(self) -> set[str]:
        """Each of our IRIs that a published file describes, except the rules that only allow a property."""
        names = [name for name in self.files if name.endswith(".ttl")]
        found = {node for name in names for node in self.find_names(name, "turtle") if node.startswith(BASE)}
        shapes = rdflib.Graph().parse(data=self.files["shapes.ttl"], format="turtle")
        return {iri for iri in found if set(shapes.predicates(rdflib.URIRef(iri))) != {RDF.type, SH.path}}

    def find_names(self, name: str, form: str) -> set[str]:
        """The anchors of a page, or the subjects of a graph."""
        if name not in self._names:
            found = self._anchors(name) if form == "html" else self._subjects(name, form)
            self._names[name] = found
        return self._names[name]

    def _anchors(self, name: str) -> set[str]:
        page = html5rdf.parse(self.files[name].decode(), namespaceHTMLElements=False)
        return {element.get("id", "") for element in page.iter()}

    def _subjects(self, name: str, form: str) -> set[str]:
        read = rdflib.Dataset(default_union=True) if form == "trig" else rdflib.Graph()
        read.parse(data=self.files[name], format=form)
        return {str(node) for node in read.subjects()}


@pytest.fixture(scope="module")
def published_files(files: dict[str, bytes]) -> PublishedFiles:
    return PublishedFiles(files)


def find_broken(server: http.client.HTTPConnection, published_files: PublishedFiles) -> set[tuple[str, str]]:
    """Each of our IRIs with each media type that leads to no file, or to a file that does not describe it."""
    return {
        (iri, accept)
        for iri in published_files.iris
        for accept, form in FORMS.items()
        if not is_described(server, published_files, iri, accept, form)
    }


def is_described(
    server: http.client.HTTPConnection, published_files: PublishedFiles, iri: str, accept: str, form: str
) -> bool:
    document, fragment = urldefrag(iri)
    answer = ask(server, document.removeprefix(BASE), accept)
    target, wanted = urldefrag(answer.headers.get("Location", ""))
    name = target.removeprefix(FILES)
    if name in EXPORTED:
        return document == BASE + name
    if name not in published_files.files or document.removeprefix(BASE) in published_files.files:
        return name in published_files.files
    kind = {"ttl": "turtle", "owl": "xml"}.get(name.rpartition(".")[2], form)
    if kind != "html":
        return iri in published_files.find_names(name, kind)
    # A browser goes to the fragment of the redirect; the entry of a question or a mechanism also describes its parts.
    if wanted and fragment and wanted.partition("/")[0] not in {"query", "mechanism"}:
        return False
    anchor = unquote(wanted or fragment)
    return not anchor or anchor in published_files.find_names(name, kind)


def test_each_iri_is_described_in_each_format(
    server: http.client.HTTPConnection, published_files: PublishedFiles
) -> None:
    assert len(published_files.iris) > 600
    assert find_broken(server, published_files) == set()


def test_a_rule_without_regimens_is_detected(published_files: PublishedFiles) -> None:
    faulty = RULES.read_text("utf-8").replace("|regimen|", "|")
    with serving(faulty) as server:
        broken = {iri for iri, _ in find_broken(server, published_files)}
    assert broken == {f"{BASE}regimen/{path.stem}" for path in (ROOT / "data" / "regimens").iterdir()}


def test_one_line_has_the_url_of_the_files() -> None:
    assert RULES.read_text("utf-8").count("[E=FILES:") == 1
