"""Each hostile file is refused in one sentence, in limited time and memory; no signal ends the command."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from support.cli import run_limited
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[[], str | bytes]

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
NODE = "<http://example.org/a>"
LINK = f"{NODE} <http://example.org/p> "
DEEP = 20_000
ENTITIES = "declares XML entities"
NESTED = "nested too deeply"


def make_bomb() -> str:
    """RDF/XML of 700 bytes that a parser expands to 100 MB."""
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "x" * 10}">' for i in range(8))
    value = "<rdf:Description rdf:about='http://example.org/a'><e:p>&a7;</e:p></rdf:Description>"
    return f"<!DOCTYPE rdf:RDF [{entities}]>{RDF}{value}</rdf:RDF>"


def nest(opening: str, inner: str, closing: str, depth: int = DEEP) -> str:
    return f"{LINK}{opening * depth}{inner}{closing * depth} .\n"


def make_attributes(name: str) -> str:
    attributes = " ".join(name.format(i) for i in range(20_000))
    return f"{RDF}<rdf:Description rdf:about='http://example.org/a' {attributes}/></rdf:RDF>"


def make_chain(length: int) -> str:
    """JSON-LD in whose context each prefix depends on the one before."""
    chain = {f"p{i}": f"p{i - 1}:a" for i in range(1, length)}
    return json.dumps({"@context": {"p0": "http://example.org/", **chain}, "@id": "http://example.org/a", "p1": "x"})


def make_scopes() -> str:
    """JSON-LD with many nodes, each of which adds to a large context."""
    context = {f"p{i}": f"http://example.org/{i}" for i in range(20_000)}
    nodes = [{"@context": {"q": "http://example.org/q"}, "@id": f"http://example.org/{i}"} for i in range(2_000)]
    return json.dumps({"@context": context, "@graph": nodes})


def make_gzip_bomb() -> bytes:
    """A file of 150 kB that expands to 150 MB."""
    return gzip.compress(b"#" * 10_000_000) * 15


# The name of the file, its content, and words of the refusal.
FILES: dict[str, tuple[str, Make, str]] = {
    "entities": ("a.rdf", make_bomb, ENTITIES),
    "entities in OWL": ("a.owl", make_bomb, ENTITIES),
    "entities in UTF-16": ("a.xml", lambda: make_bomb().encode("utf-16"), ENTITIES),
    "entities in gzip": ("a.rdf.gz", lambda: gzip.compress(make_bomb().encode()), ENTITIES),
    "nested XML": ("a.rdf", lambda: RDF + "<rdf:Description><e:p>" * DEEP, "deeper than 200 levels"),
    "attributes": ("a.rdf", lambda: make_attributes('e:p{}="1"'), "more than 1,000 attributes"),
    "namespaces": ("a.rdf", lambda: make_attributes('xmlns:e{0}="http://example.org/{0}"'), "more than 1,000"),
    "triple terms": ("a.ttl", lambda: nest(f"<<( {LINK}", NODE, " )>>", 1000), "deeper than 20 levels"),
    "triple terms in N-Triples": ("a.nt", lambda: nest(f"<<( {LINK}", NODE, " )>>", 1000), "deeper than 20 levels"),
    "deep triple terms": ("a.nq", lambda: nest(f"<<( {LINK}", NODE, " )>>", 100_000), NESTED),
    "contexts in a chain": ("a.jsonld", lambda: make_chain(20_000), NESTED),
    "contexts in each node": ("a.jsonld", make_scopes, "takes too long"),
    "nested JSON-LD": ("a.jsonld", lambda: '{"http://example.org/p":' * DEEP, "JSON cannot be parsed"),
    "a gzip bomb": ("a.nt.gz", make_gzip_bomb, "expands to more than 100 times its size"),
    "rubbish after gzip": ("a.nt.gz", lambda: gzip.compress(f"{LINK}{NODE} .".encode()) + b"rubbish", "complete gzip"),
    "half a gzip": ("a.nt.gz", lambda: gzip.compress(f"{LINK}{NODE} .".encode())[:-6], "complete gzip"),
    "columns": (
        "a_nodes.tsv",
        lambda: "id\tcategory\t" + "\t".join(map(str, range(200_000))),
        "more than 10,000 columns",
    ),
    "keys": (
        "a_nodes.jsonl",
        lambda: json.dumps({"id": "a", "category": "b", **{str(i): 1 for i in range(200_000)}}),
        "more than 10,000 keys",
    ),
    "nested JSON": (
        "a_nodes.jsonl",
        lambda: f'{{"id": "a", "category": "b", "x": {"[" * 300}{"]" * 300}}}',
        "deeper than 20",
    ),
    "a large number": (
        "a_nodes.jsonl",
        lambda: f'{{"id": "a", "category": "b", "x": {"9" * 5000}}}',
        "JSON cannot be parsed",
    ),
    "nested YAML": ("a.yaml", lambda: "graph: " + "[" * DEEP, "YAML"),
    "aliases in YAML": ("a.yaml", lambda: "graph: &a [x]\nnodes: *a\nlinks: *a\n", "YAML alias"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    file, make, words = FILES[name]
    content = make()
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    if "nodes" in file:
        (tmp_path / file.replace("nodes", "edges")).write_bytes(b"")
    ended = run_limited("RLIMIT_AS", 1 << 30, "merge", file, "--home", ROOT, cwd=tmp_path, seconds=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"ldnkg: {file}:")
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1
