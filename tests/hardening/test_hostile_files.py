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
REIFIED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BIOLINK = "https://w3id.org/biolink/vocab/"
NODE = "<http://example.org/a>"
LINK = f"{NODE} <http://example.org/p> "
DEEP = 20_000
ENTITIES = "declares XML entities"
NESTED = "nested too deeply"
LONG_IRI = "an IRI has more than 8,192 characters"
LONG_TAG = "a tag or comment has more than 1 MiB"
PRODUCT = "triples, of which the first"
PATH = "nodes:\n- id: CHEBI:7465\n  name: a\nlinks:\n- source: CHEBI:7465\n  key: treats\n  target: CHEBI:7465\n"
LONG = "x" * 9_000


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


def make_product(*keys: str, size: int) -> str:
    """A reified statement with several values of each key, which is a small file with many combinations."""
    one = "".join(
        f"{NODE} <{REIFIED}{key}> <http://example.org/{key}> .\n" for key in ("subject", "predicate", "object")
    )
    return one + "".join(f"{NODE} <{key}> <http://example.org/{i}> .\n" for key in keys for i in range(size))


def make_values(number: int) -> str:
    return f"id\tcategory\ta\n{'CHEBI:1'}\t{'|'.join(map(str, range(number)))}\tx\n"


def make_directives(number: int) -> str:
    return "".join(f"%TAG !t{i}! tag:example.org:\n" for i in range(number)) + f"---\n{PATH}"


def make_mapping(number: int) -> str:
    return f"{PATH}graph:\n" + "".join(f"  k{i}: 1\n" for i in range(number))


def make_described(text: str) -> str:
    return f"{RDF}<rdf:Description rdf:about='http://example.org/a'><e:p>{text}</e:p></rdf:Description></rdf:RDF>"


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
    "a long namespace": ("a.ttl", lambda: f"@prefix p: <http://e/{LONG}/> .\n" + "p:a p:b p:c .\n" * 50, LONG_IRI),
    "a long base": ("a.trig", lambda: f"@base <http://e/{LONG}/> .\n{{ <a> <b> 1 }}", LONG_IRI),
    "a long data type": ("a.ttl", lambda: f"@prefix p: <http://e/{LONG}/> .\n{LINK}'1'^^p:a .", LONG_IRI),
    "a long IRI in a triple term": ("a.nt", lambda: f"{LINK}<<( {LINK}<http://e/{LONG}> )>> .", LONG_IRI),
    "a long named graph": ("a.nq", lambda: f"{LINK}{NODE} <http://e/{LONG}> .", LONG_IRI),
    "a long context": (
        "a.jsonld",
        lambda: json.dumps({"@context": {"@vocab": f"http://e/{LONG}/"}, "@id": "http://e/a", "p": 1}),
        LONG_IRI,
    ),
    "a long namespace of XML": ("a.rdf", lambda: make_described("x").replace("example.org", LONG), LONG_IRI),
    "a long element name": ("a.rdf", lambda: f"{RDF}<rdf:Description><e:{'p' * 4_000_000}", LONG_TAG),
    "an attribute without end": ("a.owl", lambda: f"{RDF}<rdf:Description rdf:about='{'x' * 4_000_000}", LONG_TAG),
    "a comment without end": ("a.xml", lambda: f"{RDF}<!--{'x' * 4_000_000}", LONG_TAG),
    "reified ends": (
        "a.nt",
        lambda: make_product(*(REIFIED + end for end in ("subject", "predicate", "object")), size=40),
        PRODUCT,
    ),
    "values in a cell": ("a_nodes.tsv", lambda: make_values(100_001), "'category' has more than 100,000 values"),
    "values in a list": (
        "a_nodes.jsonl",
        lambda: json.dumps({"id": "a", "category": ["b"] * 100_001}),
        "'category' has more than 100,000 values",
    ),
    "directives": ("a.yaml", lambda: make_directives(20_000), "more than 100 %TAG directives"),
    "directives in UTF-16": (
        "a.yml",
        lambda: make_directives(20_000).encode("utf-16"),
        "more than 100 %TAG directives",
    ),
    "keys in YAML": ("a.yaml", lambda: make_mapping(10_001), "more than 10,000 keys"),
    "aliases in YAML": ("a.yaml", lambda: "graph: &a [x]\nnodes: *a\nlinks: *a\n", "YAML alias"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    file, make, words = FILES[name]
    content = make()
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = run_limited("RLIMIT_AS", 1 << 30, "merge", file, "--strict", "--home", ROOT, cwd=tmp_path, seconds=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"ldnkg: {file}:")
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1


# What is large without being hostile.
READABLE: dict[str, tuple[str, Make]] = {
    "a namespace": ("a.ttl", lambda: f"@prefix p: <http://e/{'x' * 8_000}/> .\np:a p:b p:c ."),
    "a text": ("a.rdf", lambda: make_described("x y " * 1_000_000)),
    "a comment": ("a.rdf", lambda: make_described("x") + f"<!--{'x' * 1_000_000}-->"),
    "nested XML": (
        "a.rdf",
        lambda: RDF + "<rdf:Description><e:p>" * 99 + "</e:p></rdf:Description>" * 99 + "</rdf:RDF>",
    ),
    "a nested list": ("a.ttl", lambda: nest("(", "1", ")", 1_000)),
    "a few values": ("a.nt", lambda: make_product(*(REIFIED + end for end in ("subject", "object")), size=5)),
    "reified qualifiers": (
        "a.ttl",
        lambda: make_product(*(BIOLINK + key for key in ("object_direction_qualifier", "negated")), size=400),
    ),
    "a long cell": ("a_nodes.tsv", lambda: make_values(5_000)),
    "directives": ("a.yaml", lambda: make_directives(100)),
}


@pytest.mark.parametrize("name", READABLE)
def test_a_large_file_is_read(name: str, tmp_path: Path) -> None:
    file, make = READABLE[name]
    content = make()
    (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    if "nodes" in file:
        edge = "subject\tpredicate\tobject\nCHEBI:1\tbiolink:treats\tCHEBI:1\n"
        (tmp_path / file.replace("nodes", "edges")).write_text(edge, "utf-8")
    ended = run_limited("RLIMIT_AS", 1 << 30, "merge", file, "--home", ROOT, cwd=tmp_path, seconds=60)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("limit", ["RLIMIT_AS", "RLIMIT_CPU"])
def test_a_source_that_exceeds_a_limit_of_the_command_is_one_sentence(limit: str, tmp_path: Path) -> None:
    # Each number is an item of a list, which takes two triples in two bytes.
    (tmp_path / "a.ttl").write_text(f"{LINK}({' 1' * 500_000}) .", "utf-8")
    amount = 400 << 20 if limit == "RLIMIT_AS" else 4
    ended = run_limited(limit, amount, "merge", "a.ttl", "--out", "out", "--home", ROOT, cwd=tmp_path, seconds=120)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith("ldnkg: ")
    assert not (tmp_path / "out").exists()
