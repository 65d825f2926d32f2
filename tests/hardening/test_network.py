"""Nothing in the files of a publication, and no request, makes LDN-KG open a connection."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from ldnkg.rdf.guards import calls_service
from support.edits import NEW_CLAIM, NEW_SLUG
from support.listener import listening
from support.paths import PARTS, ROOT
from support.servers import SERVED, served

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.listener import Listener
    from support.servers import Served

    Run = Callable[..., subprocess.CompletedProcess[str]]

# Each text calls the endpoint URL if it is a part of a group; the names have the namespace URL.
CALLS = {
    "plain": "SERVICE <URL> { ?x ?y ?z }",
    "silent": "SERVICE SILENT <URL> { ?x ?y ?z }",
    "lower case": "service <URL> { ?x ?y ?z }",
    "after a number": "?s ?p 1SERVICE <URL> { ?x ?y ?z }",
    "after a negative number": "?s ?p-1SERVICE <URL> { ?x ?y ?z }",
    "after a boolean": "?s ?p trueSERVICE <URL> { ?x ?y ?z }",
    "after an empty name": "?s ?p ep:.SERVICE <URL> { ?x ?y ?z }",
    "after a type": "?s a1SERVICE <URL> { ?x ?y ?z }",
    "before its option": "SERVICESILENT<URL>{ ?x ?y ?z }",
    "before a name": "SERVICEep:a{ ?x ?y ?z }",
    "before a colon": "SERVICE:a{ ?x ?y ?z }",
    "with an escape": r"\u0053ERVICE <URL> { ?x ?y ?z }",
    "in a subquery": "{ SELECT * { SERVICE <URL> { ?x ?y ?z } } }",
    "behind a less-than": "FILTER(1<2&&2>1)SERVICE<URL>{ ?x ?y ?z }",
    "behind a comment": "# '\nSERVICE <URL> { ?x ?y ?z } # '",
    "behind a comment that looks like an IRI": "FILTER(1<2#>'''\n) SERVICE <URL> { ?x ?y ?z } #'''\n",
    "behind a string that looks like an IRI": "FILTER(1<'>') SERVICE <URL> { ?x ?y ?z } #'\n",
}
HARMLESS = (
    "ASK { ?service ?p $SERVICE }",
    "PREFIX ex: <http://example.org/service/> ASK { ex:service ex:a.service ex:micro-service }",
    "ASK { ?s ?p 'SERVICE', \"service\", '''a SERVICE <x>''' } # SERVICE",
    "ASK { <http://example.org/SERVICE> ?p ?o }",
)
PREFIXES = "PREFIX ep: <URL> PREFIX : <URL>\n"
QUERY_FILES = sorted(path.relative_to(ROOT) for part in PARTS for path in (ROOT / part).rglob("*.rq"))
# One file of each folder with queries; the questions that are federated call endpoints anyway.
FOLDERS = {path.parent.as_posix(): path for path in QUERY_FILES if "federated" not in path.parts}
PLACES = {(folder if "pitfalls" not in folder else "queries/pitfalls"): path for folder, path in FOLDERS.items()}
SHAPES = sorted(path.name for path in (ROOT / "shapes").glob("*.ttl") if path.name != "reading.ttl")


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as port:
        yield port


@pytest.mark.parametrize("call", CALLS)
def test_every_spelling_of_a_call_is_found(call: str) -> None:
    assert calls_service(f"SELECT * {{ {CALLS[call]} }}")


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_in_a_name_or_text_is_no_call(query: str) -> None:
    assert not calls_service(query)


def plant(path: Path, url: str, call: str = "plain") -> None:
    """Insert the call behind the first opening brace of the query that begins a group."""
    text = path.read_text("utf-8")
    head, brace, rest = text.rpartition("WHERE {") if "WHERE {" in text else text.partition("{")
    path.write_text(f"{head}{brace} {CALLS[call]}\n{rest}".replace("URL", url), "utf-8")


def asking(path: Path) -> list[list[str]]:
    """Return the commands that run a query file of the publication."""
    if "queries" in path.parts:
        return [["query", str(path)], ["query", path.stem], ["query", str(path), "--explain"]]
    return [["check"], ["build"], ["export", "--only", "tables"]]


@pytest.mark.parametrize("folder", PLACES)
def test_no_query_of_a_publication_calls_an_endpoint(run: Run, copy: Path, listener: Listener, folder: str) -> None:
    build_into(copy)
    path = copy / PLACES[folder]
    plant(path, listener.url)
    for command in asking(path):
        if command[-1] == path.stem and "pitfalls" in path.parts:
            continue
        ended = run(*command, "--home", copy)
        assert (ended.returncode, ended.stdout) == (2, ""), command
        assert "SERVICE" in ended.stderr
        assert ended.stderr.count("\n") == 1 or "is newer than" in ended.stderr
        if "queries" not in path.parts:
            line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "SERVICE" in text)
            assert f"{PLACES[folder]}:{line}: contains SERVICE" in ended.stderr
    assert listener.connections == 0


def build_into(home: Path) -> None:
    (home / "dist").mkdir()
    (home / "dist" / "ldn-kg.ttl").write_bytes((ROOT / "dist" / "ldn-kg.ttl").read_bytes())


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "scripts/ldnkg/exports/views").glob("*.rq")))
def test_no_view_calls_an_endpoint(
    run: Run, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    views = ROOT / "scripts" / "ldnkg" / "exports" / "views"
    (tmp_path / name).write_bytes((views / name).read_bytes())
    plant(tmp_path / name, listener.url)
    monkeypatch.setattr("ldnkg.exports.views.writer.FOLDER", tmp_path)
    ended = run("view", name.removesuffix(".rq"), "--home", ROOT, "--quiet")
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "contains SERVICE" in ended.stderr
    assert listener.connections == 0


HEAD = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
HEAD += "@prefix ldn: <https://w3id.org/ldn-kg/ontology#> . @prefix x: <https://w3id.org/ldn-kg/shapes#planted-> .\n"
SELECT = "SELECT $this WHERE { $this ?p ?o . SERVICE <URL> { ?x ?y ?z } }"
RULE = 'x:rule a sh:NodeShape ; sh:message "A rule."@en ; sh:targetClass ldn:Claim ; '
REFUSED = {
    "a constraint": f'{RULE} sh:sparql [ sh:select "{SELECT}" ] .',
    "an escape of Turtle": f'{RULE} sh:sparql [ sh:select "{SELECT}" ] .'.replace("SERV", r"\u0053ERV"),
    "an escape of SPARQL": f'{RULE} sh:sparql [ sh:select "{SELECT}" ] .'.replace("SERV", r"\\u0053ERV"),
    "a prefix": f'{RULE} sh:sparql [ sh:prefixes x:p ; sh:select "" ] . x:p sh:declare [ sh:prefix "a" ; '
    f'sh:namespace "a> {SELECT} #" ] .',
    "a validator": f"x:c a sh:ConstraintComponent ; sh:parameter [ sh:path x:on ] ; sh:validator [ a "
    f'sh:SPARQLAskValidator ; sh:ask "ASK {{ SERVICE <URL> {{ ?x ?y ?z }} }}" ] . {RULE} x:on true .',
    "a target": f'{RULE} sh:nodeKind sh:IRI ; sh:target [ a sh:SPARQLTarget ; sh:select "{SELECT}" ] .',
    "a SHACL rule": f'{RULE} sh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT {{ $this ?p ?o }} WHERE {{ SERVICE '
    '<URL> { ?x ?y ?z } }" ] .',
    "a function": 'x:f a sh:SPARQLFunction ; sh:returnType ldn:Claim ; sh:ask "ASK { SERVICE <URL> { ?x ?y ?z } }" .',
}
IGNORED = {
    "an import": "x:o a owl:Ontology ; owl:imports <URLa.ttl> .",
    "a shapes graph": "x:o sh:shapesGraph <URLa.ttl> .",
    "a script": f'{RULE} sh:js [ sh:jsFunctionName "f" ; sh:jsLibrary [ sh:jsLibraryURL "URLa.js" ] ] .',
    "a data set": f'{RULE} sh:sparql [ sh:select "SELECT $this FROM <URLa.ttl> WHERE {{ $this ?p ?q, ?q }}" ] .',  # noqa: S608
    "an update": f'{RULE} sh:sparql [ sh:select "LOAD <URLa.ttl>" ] .',
}
ENGINES = ("shacl", "pyshacl")


def extend(path: Path, text: str, url: str) -> None:
    path.write_text(path.read_text("utf-8") + HEAD + text.replace("URL", url), "utf-8")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", REFUSED)
def test_no_rule_calls_an_endpoint(run: Run, copy: Path, listener: Listener, kind: str, engine: str) -> None:
    path = copy / "shapes" / "claim.ttl"
    extend(path, REFUSED[kind], listener.url)
    line = 1 if "escape" in kind else len(path.read_text("utf-8").splitlines())
    ended = run("check", "--engine", engine, "--home", copy)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert f"shapes/claim.ttl:{line}: " in ended.stderr
    assert "contains SERVICE" in ended.stderr
    assert listener.connections == 0


@pytest.mark.parametrize("name", SHAPES)
def test_every_file_of_rules_is_guarded(run: Run, copy: Path, listener: Listener, name: str) -> None:
    extend(copy / "shapes" / name, REFUSED["a constraint"], listener.url)
    for command in (["check"], ["build"], ["export"]):
        ended = run(*command, "--home", copy)
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), command
        assert "contains SERVICE" in ended.stderr
    assert listener.connections == 0


@pytest.mark.parametrize("place", ["inference", "shapes"])
def test_a_publication_that_calls_gets_no_claim(start: Run, copy: Path, listener: Listener, place: str) -> None:
    if place == "shapes":
        extend(copy / "shapes" / "claim.ttl", REFUSED["a constraint"], listener.url)
    else:
        plant(copy / PLACES["ontology/inference"], listener.url)
    given = [part for key, value in NEW_CLAIM.items() for part in ("--set", f"{key}={value}")]
    ended = start("new", "claim", NEW_SLUG, *given, "--home", copy)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "contains SERVICE" in ended.stderr
    assert not (copy / "data" / "claims" / f"{NEW_SLUG}.yaml").exists()
    assert listener.connections == 0


def test_a_message_may_contain_the_word(run: Run, copy: Path) -> None:
    path = copy / "shapes" / "claim.ttl"
    extend(
        path, 'x:rule a sh:NodeShape ; sh:targetClass ldn:Claim ; sh:nodeKind sh:IRI ; sh:message "A service."@en .', ""
    )
    assert run("check", "--home", copy).returncode == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", IGNORED)
def test_nothing_that_a_rule_names_is_fetched(run: Run, copy: Path, listener: Listener, kind: str, engine: str) -> None:
    extend(copy / "shapes" / "claim.ttl", IGNORED[kind], listener.url)
    ended = run("check", "--engine", engine, "--home", copy)
    assert ended.returncode in {0, 1, 2}
    assert "Traceback" not in ended.stderr
    assert listener.connections == 0


@pytest.mark.parametrize("name", ["ontology/ldn.ttl", "ontology/dataset.ttl", "ontology/alignments/ro.ttl"])
def test_no_import_of_an_ontology_is_fetched(run: Run, copy: Path, listener: Listener, name: str) -> None:
    extend(copy / name, IGNORED["an import"], listener.url)
    ended = run("build", "--home", copy, "--out", copy / "built")
    assert "Traceback" not in ended.stderr
    assert listener.connections == 0


@pytest.mark.parametrize("key", ["@import", "@context", "planted"])
def test_no_other_context_is_fetched(run: Run, copy: Path, listener: Listener, key: str) -> None:
    path = copy / "ontology" / "context.jsonld"
    value = listener.url if key != "planted" else f'{{"@id": "a:", "@context": "{listener.url}"}}'
    quoted = value if key == "planted" else f'"{value}"'
    path.write_text(re.sub(r'("@context": *\{)', rf'\1 "{key}": {quoted},', path.read_text("utf-8"), count=1), "utf-8")
    ended = run("check", "--home", copy)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert listener.connections == 0


FOREIGN = {
    "context.jsonld": '{"@context": "URLa.jsonld", "@id": "a:a", "b": "c"}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "URLa.jsonld"}, "@id": "a:a"}',
    "import.ttl": "<a:a> <http://www.w3.org/2002/07/owl#imports> <URLa.ttl> .",
    "entity.rdf": '<!DOCTYPE r [<!ENTITY % e SYSTEM "URLa.dtd"> %e;]><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "style.rdf": '<?xml-stylesheet href="URLa.xsl"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    "a.sssom.tsv": "# mapping_set_id: URLset\n# extension_definitions: URLa\nsubject_id\tpredicate_id\tobject_id\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_merge_fetches_nothing(run: Run, tmp_path: Path, listener: Listener, name: str) -> None:
    (tmp_path / name).write_text(FOREIGN[name].replace("URL", listener.url), "utf-8")
    ended = run("merge", tmp_path / name, "--out", tmp_path / "out", "--home", ROOT)
    assert ended.returncode in {0, 1, 2}
    assert "Traceback" not in ended.stderr
    assert listener.connections == 0


@pytest.fixture(scope="module")
def server(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    for name in SERVED:
        (folder / name).write_bytes(files[name])
    with served(folder, folder / "log", "--at-once", "1") as running:
        yield running


def test_no_request_calls_an_endpoint(server: Served, listener: Listener) -> None:
    for call in CALLS.values():
        query = f"{PREFIXES} SELECT * {{ {call} }}".replace("URL", listener.url)
        assert server.ask(f"/sparql?{urlencode({'query': query})}").status == 403, call
    assert listener.connections == 0


@pytest.mark.parametrize(
    "field",
    [
        {"query": "SELECT * FROM <URL> { ?s ?p ?o }"},
        {"query": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }"},
        {"query": "ASK {}", "default-graph-uri": "URL"},
        {"query": "ASK {}", "named-graph-uri": "URL"},
        {"query": "LOAD <URL>"},
        {"update": "LOAD <URL>"},
    ],
    ids=str,
)
def test_no_data_set_of_a_request_is_fetched(server: Served, listener: Listener, field: dict[str, str]) -> None:
    body = urlencode({name: value.replace("URL", listener.url) for name, value in field.items()}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert server.ask("/sparql", "POST", body, kind).status in {200, 400, 403, 404, 405}
    assert listener.connections == 0


def test_the_listener_counts_a_federated_query(run: Run, listener: Listener) -> None:
    query = f"SELECT * {{ SERVICE <{listener.url}> {{ ?x ?y ?z }} }}"
    assert run("query", query, "--federated", "--home", ROOT).returncode != 0
    assert listener.connections > 0


# Each module that hands text to a SPARQL engine: all others use `run_file`, which guards the query.
RUNNING = {
    "querying/engine.py": "`ask` guards the query",
    "querying/syntax_errors.py": "parses a query that was guarded and did not parse",
    "rdf/sparql.py": "`run_file`",
    "server/worker.py": "guards the query of a request; the others are files of the package",
    "validation/prefiltered_graph.py": "`Rules` guards the queries of rules",
}


def test_no_other_module_runs_sparql() -> None:
    package = ROOT / "scripts" / "ldnkg"
    running = re.compile(r"(?:store|Store\(\)|graph|_filter|super\(\)|_load\w+\(\w*\))\.(?:query|update)\(")
    texts = {path.relative_to(package).as_posix(): path.read_text("utf-8") for path in package.rglob("*.py")}
    code = {name: re.sub(r'"[^"\n]*"|`[^`\n]*`', "", text) for name, text in texts.items()}
    assert {name for name, text in code.items() if running.search(text)} == set(RUNNING)
