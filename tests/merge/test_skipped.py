"""What can be read of a source is read; the rest is listed with its place and the reason, as `_expected.tsv` states."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib

from ldnkg.cli import main as cli
from ldnkg.errors import LdnkgError
from ldnkg.merge import reference as module
from ldnkg.merge.inputs import read_sources
from support.merging import EXTRACTS, NODE, NODES, PATH, write_file
from support.paths import ROOT

if TYPE_CHECKING:
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.source import SourceGraph

CASES = sorted(path.name for path in (EXTRACTS / "skipped").iterdir())


def read_expected(case: str) -> tuple[int, list[list[str]]]:
    """The number of quads that are read, and the rows of what is skipped."""
    head, _, *rows = (EXTRACTS / "skipped" / case / "_expected.tsv").read_text("utf-8").splitlines()
    return int(head.partition(": ")[2]), [row.split("\t") for row in rows]


def list_inputs(case: str) -> list[str]:
    folder = EXTRACTS / "skipped" / case
    if (folder / "_index.yaml").exists():
        return [str(folder)]
    return sorted(str(path) for path in folder.iterdir() if path.name != "_expected.tsv")


def read(case: str, reference: ReferenceIndex, monkeypatch: pytest.MonkeyPatch) -> list[SourceGraph]:
    monkeypatch.chdir(EXTRACTS / "skipped" / case)
    return read_sources([Path(path) for path in list_inputs(case)], reference.resolver)


@pytest.mark.parametrize("case", CASES)
def test_the_skipped_input_is_listed_and_the_rest_is_read(
    case: str, reference: ReferenceIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    quads, expected = read_expected(case)
    sources = read(case, reference, monkeypatch)
    found = [skipped for source in sources for skipped in source.skipped]
    assert [(s.file, str(s.line), s.kind, s.record, s.number) for s in sorted(found)] == [
        (*row[:4], 1) for row in sorted(expected, key=lambda row: (row[0], int(row[1])))
    ]
    reasons = {(s.file, str(s.line), s.kind): s.reason for s in found}
    assert [row for row in expected if not reasons[row[0], row[1], row[2]].startswith(row[4])] == []
    assert len({quad[:4] for source in sources for part in source.parts for quad in part.quads}) == quads
    lines = [quad.line for source in sources for part in source.parts for quad in part.quads]
    assert min(lines) > 0


@pytest.mark.parametrize("case", CASES)
def test_the_exit_status_tells_whether_something_was_skipped(
    case: str,
    reference: ReferenceIndex,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without `--strict`, the output is RDF 1.1, and no path of this machine is in it."""
    _, expected = read_expected(case)
    monkeypatch.chdir(EXTRACTS / "skipped" / case)
    monkeypatch.setattr(module, "read_reference", lambda _: reference)
    command = ["merge", *list_inputs(case), "--home", str(ROOT), "--out"]
    assert cli.main([*command, str(tmp_path / "a")]) == (1 if expected else 0)
    assert ("This input could not be read." in capsys.readouterr().out) == bool(expected)
    for name, syntax in (("merged.nq", "nquads"), ("merged.trig", "trig")):
        text = (tmp_path / "a" / name).read_text("utf-8")
        assert str(ROOT) not in text
        assert "ldnkg:" not in text
        rdflib.Dataset().parse(data=text, format=syntax)
    assert cli.main([*command, str(tmp_path / "b"), "--strict"]) == (2 if expected else 0)
    printed = capsys.readouterr().err
    assert printed.count("\n") == len(expected)
    assert [row for row in expected if row[4] not in printed] == []
    assert (tmp_path / "b").exists() != bool(expected)
    json.loads((tmp_path / "a" / "report.json").read_text("utf-8"))


def test_at_most_a_thousand_entries_of_a_file_are_kept(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = write_file(tmp_path, "k_nodes.tsv", NODES + NODE + "short\n" * 2500)
    (source,) = read_sources([path], reference.resolver)
    assert len(source.skipped) == 1001
    assert (source.skipped[-1].number, source.skipped[-1].kind) == (1500, "row")
    assert sum(skipped.number for skipped in source.skipped) == 2500


def test_a_repeated_fault_of_a_term_is_listed_once(reference: ReferenceIndex, tmp_path: Path) -> None:
    lines = "".join(f"<http://e.org/{n}> <http://e.org/p> <http://e.org/a b> .\n" for n in range(9))
    (source,) = read_sources([write_file(tmp_path, "a.nt", lines)], reference.resolver)
    assert [skipped.line for skipped in source.skipped] == [1]
    assert len(source.parts[0].quads) == 9


LINES = {
    "a.nt": ("# a\n\n<http://e.org/s3> <http://e.org/p> 'x' .\n".replace("'", '"'), "\r\n"),
    "a.nq": ("\n <http://e.org/s2> <http://e.org/p> <http://e.org/o> <http://e.org/g> .", "\n"),
    "a.ttl": ("@prefix e: <http://e.org/> .\ne:s2 e:p 1 .\n\ne:s4 a e:T ;\n  e:p [ e:q 1 ] .\n", "\n"),
    "a.trig": ("@prefix e: <http://e.org/> .\ne:g {\n e:s3 e:p 1 .\n e:s4 e:p 2\n}\n", "\n"),
    "a.rdf": (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e.org/'>\n"
        "<rdf:Description rdf:about='http://e.org/s2'><e:p>1</e:p></rdf:Description>\n</rdf:RDF>",
        "\n",
    ),
    "a.jsonld": (
        '[{"http://e.org/p": 1,\n"@id": "http://e.org/s2"},\n{"@id": "http://e.org/s3", "http://e.org/p": 2}]',
        "\n",
    ),
    "k_nodes.tsv": ("id\tcategory\n\nE:s3\tb:c\nE:s4\tb:c\n", "\n"),
    "k_nodes.jsonl": ('\n{"id": "E:s2", "category": ["b:c"]}\n', "\n"),
    "k.json": ('{"nodes": [\n{"id": "E:s2"\n, "category": "b:c"},\n{"id": "E:s4", "category": "b:c"}]}', "\n"),
    "a.yaml": (PATH.replace("CHEBI:7465", "E:s2").replace("- source", "- note: s5\n  source"), "\n"),
}


@pytest.mark.parametrize("fault", ["", "<http://e.org/s> <http://e.org/p> <http://e.org/a b> .\n"])
@pytest.mark.parametrize("name", LINES)
def test_each_quad_has_the_line_of_its_record(name: str, fault: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    """The subject of each record, or its note, is named after the line; a fault at the end does not change it."""
    text, end = LINES[name]
    fault = fault if name in {"a.nt", "a.ttl", "a.trig"} else ""
    path = write_file(tmp_path, name, (text + fault).replace("\n", end))
    (source,) = read_sources([path], reference.resolver)
    assert bool(source.skipped) == bool(fault)
    quads = [quad for part in source.parts for quad in part.quads]
    named = [(re.search(r"[/:]s(\d)$", quad.subject.value), quad.line) for quad in quads]
    named += [(re.fullmatch(r"s(\d)", getattr(quad.object, "value", "")), quad.line) for quad in quads]
    found = {(int(match[1]), line) for match, line in named if match}
    assert found
    assert all(line in (number, number + 1) if name == "a.ttl" else line == number for number, line in found)


def test_gzip_is_recognised_by_content(reference: ReferenceIndex, tmp_path: Path) -> None:
    text = "<http://e.org/s> <http://e.org/p> 1 ."
    (tmp_path / "a.ttl").write_bytes(gzip.compress(text.encode()))
    sources = read_sources([tmp_path / "a.ttl", write_file(tmp_path, "b.ttl.gz", f"{text} ")], reference.resolver)
    assert [(len(source.parts[0].quads), source.skipped) for source in sources] == [(1, [])] * 2


def test_a_relative_iri_is_resolved_against_the_source(reference: ReferenceIndex, tmp_path: Path) -> None:
    path = write_file(tmp_path, "a.ttl", "<> <p> <#part> , <?q> , <other/file> , </top> , <../up#x> .")
    (source,) = read_sources([path], reference.resolver)
    quads = source.parts[0].quads
    assert {quad.subject.value for quad in quads} == {source.iri}
    assert {quad.predicate.value for quad in quads} == {f"{source.iri}/p"}
    ends = {str(quad.object).strip("<>").removeprefix(source.iri) for quad in quads}
    assert ends == {"#part", "?q", "/other/file", "/top", "/up#x"}


def test_all_paths_of_a_folder_are_one_source(reference: ReferenceIndex) -> None:
    (source,) = read_sources([EXTRACTS / "skipped" / "paths-folder"], reference.resolver)
    assert source.name == "paths-folder"
    assert [Path(part.files[0]).name for part in source.parts] == ["a.yaml", "d.yaml"]


def test_only_unreadable_sources_are_one_error(reference: ReferenceIndex, tmp_path: Path) -> None:
    write_file(tmp_path, "a.ttl", "")
    write_file(tmp_path, "b.ttl", "junk")
    with pytest.raises(LdnkgError, match=r"a\.ttl: the file has no triples\. .* 1 more file"):
        read_sources([tmp_path], reference.resolver)


RDF12 = """PREFIX e: <http://e.org/>
e:r <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( e:a e:p "x"@ar--rtl )>> ; e:level 1 .
e:s e:says <<( e:a e:p <<( e:b e:p e:c )>> )>> .
e:two <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( e:a e:p e:c )>> , <<( e:a e:q e:c )>> .
"""


def test_the_output_is_rdf_1_1_unless_it_is_rdf_1_2(
    reference: ReferenceIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "read_reference", lambda _: reference)
    command = ["merge", str(write_file(tmp_path, "a.ttl", RDF12)), "--home", str(ROOT), "--out"]
    assert cli.main([*command, str(tmp_path / "a")]) == 0
    assert "1 base directions of literals are not in the output" in capsys.readouterr().err
    data = rdflib.Dataset(default_union=True).parse(tmp_path / "a" / "merged.nq", format="nquads")
    data2 = rdflib.Dataset(default_union=True).parse(tmp_path / "a" / "merged.trig", format="trig")
    e, rdf = rdflib.Namespace("http://e.org/"), rdflib.RDF
    for graph in (data, data2):
        assert (e.r, rdf.type, rdf.Statement) in graph
        assert (e.r, rdf.subject, e.a) in graph
        assert (e.r, rdf.object, rdflib.Literal("x", lang="ar")) in graph
        (said,) = graph.objects(e.s, e.says)
        inner = graph.value(said, rdf.object)
        assert (inner, rdf.subject, e.b) in graph
        predicates = {graph.value(node, rdf.predicate) for node in graph.objects(e.two, rdflib.URIRef(f"{rdf}reifies"))}
        assert predicates == {e.p, e.q}
        assert (e.two, rdf.subject, None) not in graph
    assert cli.main([*command, str(tmp_path / "b"), "--rdf12"]) == 0
    text = (tmp_path / "b" / "merged.nq").read_text("utf-8")
    assert '<<( <http://e.org/a> <http://e.org/p> "x"@ar--rtl )>>' in text
    assert capsys.readouterr().err == ""
