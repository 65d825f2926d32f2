"""Independent readers read every RDF format as the same graph, with the same lexical forms of literals."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest
import rdflib

from ldnkg.exports.rdf.writer import ENDINGS, IN_BUILD
from ldnkg.exports.registry import choose_formats
from ldnkg.publication.combined import combine_with_alignments
from ldnkg.rdf.terms import flatten
from support.paths import ROOT
from support.readers import rdf12
from support.readers.rdf import OX
from support.turtle import find_escaped_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _pytest.mark.structures import ParameterSet

    from ldnkg.publication.graph import Publication

CLIENTS = ROOT / "tests" / "support" / "clients"
LDN = "https://w3id.org/ldn-kg/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFLIB = {
    "jsonld": "json-ld",
    "nquads": "nquads",
    "ntriples": "nt",
    "rdfxml": "xml",
    "trig": "trig",
    "turtle": "turtle",
}
N3 = {"nquads": "N-Quads", "ntriples": "N-Triples", "rdf12": "Turtle", "trig": "TriG", "turtle": "Turtle"}
WITH_GRAPHS = {"nquads", "trig"}


class Refused(Exception):
    """The error message of a reader that refuses a file."""


# --- readers, which take the name and the content of a format and return N-Quads


def by_pyoxigraph(name: str, content: bytes) -> bytes:
    return ox.serialize(ox.parse(content, format=OX[name]), format=ox.RdfFormat.N_QUADS) or b""


def by_rdflib(name: str, content: bytes) -> bytes:
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        dataset = rdflib.Dataset()
        dataset.parse(data=content, format=RDFLIB[name])
    finally:
        rdflib.NORMALIZE_LITERALS = before
    return "".join(f"{' '.join(nt(term) for term in quad)} .\n" for quad in dataset.quads()).encode()


def nt(term: object) -> str:
    """Return a term of rdflib in N-Quads, or nothing for the default graph."""
    if isinstance(term, rdflib.Literal):
        datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
        return str(ox.Literal(str(term), datatype=datatype, language=term.language))
    return "" if term in {None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID} else f"<{term}>"


def by_command(*command: str) -> Callable[[str, bytes], bytes]:
    def read(name: str, content: bytes) -> bytes:
        words = [word.format(form=name, n3=N3.get(name)) for word in command]
        ended = subprocess.run(words, input=content, capture_output=True, check=False, timeout=60)
        if ended.returncode:
            raise Refused(ended.stderr.decode())
        return ended.stdout

    return read


def script(name: str, *arguments: str) -> Callable[[str, bytes], bytes]:
    return by_command("node", str(CLIENTS / name), *arguments)


class Reader(NamedTuple):
    """A reader: its function, its formats, the tool that it needs, and whether the tool is installed."""

    read: Callable[[str, bytes], bytes]
    knows: Iterable[str]
    tool: str = ""
    there: object = True


NODE = os.environ.get("LDNKG_NODE") and shutil.which("node")
SERDI = {"nquads", "ntriples", "trig", "turtle"}
READERS = {
    "pyoxigraph": Reader(by_pyoxigraph, OX),
    "rdflib": Reader(by_rdflib, RDFLIB),
    "n3": Reader(script("n3.mjs", "{n3}"), N3, "node", NODE),
    "jsonld": Reader(script("jsonld.mjs"), {"jsonld"}, "node", NODE),
    "streaming": Reader(script("streaming.mjs", "{form}"), {"jsonld", "rdfxml"}, "node", NODE),
    "serdi": Reader(by_command("serdi", "-i", "{form}", "-o", "nquads", "-"), SERDI, "serdi", shutil.which("serdi")),
    "rapper": Reader(
        by_command("rapper", "-q", "-i", "{form}", "-o", "nquads", "-", "https://base.example/"),
        {*SERDI, "rdfxml"},
        "rapper",
        shutil.which("rapper"),
    ),
}


def each(name: str, known: Iterable[str] | None = None) -> list[ParameterSet]:
    reader = READERS[name]
    marks = (
        [
            pytest.mark.external,
            pytest.mark.skipif(not reader.there, reason=f"{reader.tool} is not installed, or not named"),
        ]
        if reader.tool
        else []
    )
    return [pytest.param(name, form, marks=marks, id=f"{name} {form}") for form in sorted(known or reader.knows)]


PAIRS = [pair for name in READERS for pair in each(name)]
# rdflib takes half a second per file, so its tests with planted faults are thorough tests.
SLOW = [pytest.param(*pair.values, marks=pytest.mark.thorough, id=pair.id) for pair in each("rdflib")]
PLANTED = [*SLOW, *(pair for name in READERS if name != "rdflib" for pair in each(name))]


# --- expected results


def made(publication: Publication) -> dict[str, bytes]:
    """Return the content of each RDF format."""
    aligned = combine_with_alignments(publication)
    return {form.name: next(iter(form.make_files(aligned).values())) for form in choose_formats(OX)}


def digest(nquads: bytes) -> str:
    """Return the SHA-256 of the quads, without duplicates and sorted, in canonical N-Quads."""
    lines = by_pyoxigraph("nquads", nquads).splitlines(keepends=True)
    return sha256(b"".join(sorted(set(lines)))).hexdigest()


def reifiers(publication: Publication) -> list[ox.Quad]:
    """Return the quads that RDF 1.2 adds: each claim is the reifier of its triple."""
    parts: dict[object, dict[str, ox.NamedNode]] = {}
    for quad in publication.stated:
        if (key := quad.predicate.value.removeprefix(RDF)) in {"subject", "predicate", "object"}:
            parts.setdefault(quad.subject, {})[key] = quad.object  # type: ignore[assignment]
    return [
        ox.Quad(claim, ox.NamedNode(RDF + "reifies"), ox.Triple(terms["subject"], terms["predicate"], terms["object"]))  # type: ignore[arg-type]
        for claim, terms in parts.items()
    ]


@pytest.fixture(scope="module")
def expected(publication: Publication) -> dict[str, str]:
    return {name: the_digest(publication, name) for name in OX}


def the_digest(publication: Publication, name: str) -> str:
    quads = publication.quads if name in WITH_GRAPHS else list(flatten(publication.quads))
    quads += reifiers(publication) if name == "rdf12" else []
    return digest(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")


@pytest.fixture(scope="module")
def content(files_by_format: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return {name: next(iter(files_by_format[name].values())) for name in OX}


@pytest.mark.parametrize(("reader", "name"), PAIRS)
def test_a_file_is_read_back_as_the_same_graph(
    content: dict[str, bytes], expected: dict[str, str], reader: str, name: str
) -> None:
    assert digest(READERS[reader].read(name, content[name])) == expected[name]


def test_each_format_has_several_independent_readers() -> None:
    readers = {name: [reader for reader, one in READERS.items() if name in one.knows] for name in OX}
    assert set(readers) == {*ENDINGS, "rdf12"}
    assert {name for name, those in readers.items() if len(those) < 4} == {"rdf12"}
    assert readers["rdf12"] == ["pyoxigraph", "n3"]


def test_each_claim_reifies_its_triple(publication: Publication, content: dict[str, bytes]) -> None:
    terms = [
        q.object for q in ox.parse(content["rdf12"], format=ox.RdfFormat.TURTLE) if isinstance(q.object, ox.Triple)
    ]
    plain = {quad.triple for quad in ox.parse(content["rdf12"], format=ox.RdfFormat.TURTLE)}
    assert len(terms) == len(reifiers(publication)) == 62
    assert len([term for term in terms if term in plain]) == 20


def test_an_asserted_hypothesis_is_detected(content: dict[str, bytes]) -> None:
    planted = b"regimen:low-dose-naltrexone ldn:antagonises UniProtKB:O00206 .\n"
    before, after = (rdf12.taken_for_fact({"": one}) for one in (content["rdf12"], content["rdf12"] + planted))
    assert after - before == {"claim:low-dose-naltrexone-antagonises-tlr4"}
    assert len(before) == 20


def test_an_export_has_the_bytes_of_a_build(files: dict[str, bytes], content: dict[str, bytes]) -> None:
    built = {name: files[f"ldn-kg.{ENDINGS[name]}"] for name in IN_BUILD}
    assert built == {name: content[name] for name in built}


def test_nquads_are_sorted(content: dict[str, bytes]) -> None:
    lines = content["nquads"].splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == len(content["ntriples"].splitlines())


# --- the OWL API

OWL_API = Path("/usr/share/java/owlapi-distribution.jar")
HAS_OWL_API = pytest.mark.skipif(not (shutil.which("javac") and OWL_API.exists()), reason="libowlapi-java is missing")
OTHER_LOGS = {"slf4j-jcl.jar", "slf4j-jdk14.jar", "slf4j-log4j12.jar", "slf4j-simple.jar", "maven3-slf4j-provider.jar"}


def read_axioms(path: Path) -> set[str]:
    """Return the axioms that the OWL API reads with its own parser for the ending of the file."""
    jars = ":".join(str(jar) for jar in sorted(OWL_API.parent.glob("*.jar")) if jar.name not in OTHER_LOGS)
    command = ["java", "-cp", jars, str(CLIENTS / "Axioms.java"), str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.splitlines())


@pytest.mark.external
@HAS_OWL_API
@pytest.mark.parametrize(("turtle", "rdfxml"), [("ldn-kg.ttl", "ldn-kg.rdf"), ("ontology.ttl", "ontology.owl")])
def test_the_owl_api_reads_the_same_axioms_from_turtle_as_from_rdfxml(
    files: dict[str, bytes], tmp_path: Path, turtle: str, rdfxml: str
) -> None:
    for name in (turtle, rdfxml):
        (tmp_path / name).write_bytes(files[name])
    axioms = read_axioms(tmp_path / turtle)
    assert axioms == read_axioms(tmp_path / rdfxml)
    classes = rdflib.Graph().parse(data=files[turtle]).subjects(rdflib.RDF.type, rdflib.OWL.Class)
    assert {f"Declaration(Class(<{name}>))" for name in classes} - axioms == set()
    claims = {line for line in axioms if line.startswith(f"ClassAssertion(<{LDN}Claim> ")}
    assert len(claims) == (62 if turtle == "ldn-kg.ttl" else 0)


@pytest.mark.external
@HAS_OWL_API
def test_the_owl_api_would_read_other_axioms_from_a_name_with_a_backslash(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    full = f"<{LDN.removesuffix('ontology#')}source/naltrexone-to-treat-pain#s12>".encode()
    (tmp_path / "good.ttl").write_bytes(files["ldn-kg.ttl"])
    (tmp_path / "bad.ttl").write_bytes(files["ldn-kg.ttl"].replace(full, b"source:naltrexone-to-treat-pain\\#s12"))
    assert read_axioms(tmp_path / "good.ttl") != read_axioms(tmp_path / "bad.ttl")


def test_no_local_name_has_a_backslash(files: dict[str, bytes], files_by_format: dict[str, dict[str, bytes]]) -> None:
    """In every Turtle and TriG file of a build and of an export."""
    made = files | {name: content for form in files_by_format.values() for name, content in form.items()}
    texts = {name: content.decode() for name, content in made.items() if name.endswith((".ttl", ".trig"))}
    assert {"ldn-kg.ttl", "ldn-kg.trig", "ldn-kg.rdf12.ttl", "queries.ttl", "nanopubs/all.trig"} < texts.keys()
    assert {name: found for name, text in texts.items() if (found := find_escaped_names(text))} == {}


# --- planted faults


@pytest.mark.parametrize(("reader", "name"), PLANTED)
def test_a_changed_literal_is_detected(
    content: dict[str, bytes], expected: dict[str, str], reader: str, name: str
) -> None:
    spoilt = content[name].replace(b"mg/d", b"mg/D")
    assert spoilt != content[name]
    assert digest(READERS[reader].read(name, spoilt)) != expected[name]


@pytest.mark.parametrize(("reader", "name"), PLANTED)
def test_a_dropped_triple_is_detected(
    expected: dict[str, str], dropped: dict[str, bytes], reader: str, name: str
) -> None:
    assert digest(READERS[reader].read(name, dropped[name])) != expected[name]


@pytest.fixture(scope="module")
def dropped(publication: Publication) -> dict[str, bytes]:
    return made(publication._replace(derived=publication.derived[1:]))


@pytest.mark.parametrize(("reader", "name"), [pair for pair in PAIRS if pair.values[1] in WITH_GRAPHS])
def test_a_triple_in_another_graph_is_detected(
    expected: dict[str, str], moved: dict[str, bytes], reader: str, name: str
) -> None:
    assert digest(READERS[reader].read(name, moved[name])) != expected[name]


@pytest.fixture(scope="module")
def moved(publication: Publication, expected: dict[str, str]) -> dict[str, bytes]:
    """The formats with a triple of a claim moved to another graph, which formats without graphs cannot show."""
    first, *rest = publication.derived
    other = next(quad.graph_name for quad in rest if quad.graph_name not in {first.graph_name, ox.DefaultGraph()})
    content = made(publication._replace(derived=[ox.Quad(first.subject, first.predicate, first.object, other), *rest]))
    assert digest(by_pyoxigraph("turtle", content["turtle"])) == expected["turtle"]
    return content


@pytest.mark.parametrize(("reader", "name"), PLANTED)
def test_another_lexical_form_of_a_number_is_detected(
    content: dict[str, bytes], expected: dict[str, str], reader: str, name: str
) -> None:
    """A dose of 1 that becomes 1.0 has the same value but another lexical form."""
    spoilt = rewritten(name, content[name])
    assert spoilt != content[name]
    assert digest(READERS[reader].read(name, spoilt)) != expected[name]


def rewritten(name: str, content: bytes) -> bytes:
    before, after = {
        "jsonld": (b'"doseMinimum": "1"', b'"doseMinimum": "1.0"'),
        "nquads": (b'doseMinimum> "1"', b'doseMinimum> "1.0"'),
        "ntriples": (b'doseMinimum> "1"', b'doseMinimum> "1.0"'),
        "rdfxml": (b'decimal">1<', b'decimal">1.0<'),
    }.get(name, (b'ldn:doseMinimum "1"', b'ldn:doseMinimum "1.0"'))
    return content.replace(before, after)


def with_a_node(content: dict[str, bytes], **keys: object) -> bytes:
    """Return the JSON-LD with an additional node, which has these keys and a key that the context does not define."""
    document = json.loads(content["jsonld"])
    document["@graph"].append({**keys, "id": "claim:naltrexone-is-taken-orally", "certanty": "established"})
    return json.dumps(document).encode()


def without_vocabulary(content: dict[str, bytes]) -> bytes:
    """Return the same JSON-LD with a context that has no `@vocab`, so that unknown keys have no meaning."""
    return with_a_node(content, **{"@context": {"@vocab": None}})


JSONLD = [pair for name, reader in READERS.items() if "jsonld" in reader.knows for pair in each(name, {"jsonld"})]
WITHOUT_SAFE_MODE = [pair for pair in JSONLD if pair.values[0] != "jsonld"]


@pytest.mark.parametrize(("reader", "name"), JSONLD)
def test_an_unknown_key_adds_a_triple_in_every_reader(
    content: dict[str, bytes], expected: dict[str, str], reader: str, name: str
) -> None:
    assert digest(READERS[reader].read(name, with_a_node(content))) != expected[name]


@pytest.mark.parametrize(("reader", "name"), each("jsonld"))
def test_safe_mode_refuses_a_key_that_would_be_dropped(content: dict[str, bytes], reader: str, name: str) -> None:
    with pytest.raises(Refused, match="certanty"):
        READERS[reader].read(name, without_vocabulary(content))


@pytest.mark.parametrize(("reader", "name"), WITHOUT_SAFE_MODE)
def test_other_readers_drop_the_key_silently(
    content: dict[str, bytes], expected: dict[str, str], reader: str, name: str
) -> None:
    """They read the same graph as before, so only safe mode detects the unknown key."""
    assert digest(READERS[reader].read(name, without_vocabulary(content))) == expected[name]
