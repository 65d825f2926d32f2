"""Sources are read in every format, gzipped or not, and each source is read once."""

from __future__ import annotations

import gzip
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.merge.inputs import read_sources
from ldnkg.merge.report import make_report
from support.merging import (
    BIOLINK,
    EDGES,
    JSON_EDGE,
    JSON_NODE,
    NALTREXONE,
    NODE,
    NODES,
    PATH,
    PATHS,
    BadInput,
    Refuse,
    make_pair,
    merge_files,
    serialise,
    to_json_lines,
    write_file,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex


@pytest.mark.parametrize("twice", [(BIOLINK, BIOLINK), (BIOLINK, BIOLINK / "graph_edges.tsv"), (PATHS, PATHS)])
def test_a_repeated_source_changes_nothing(twice: tuple[Path, Path], reference: ReferenceIndex) -> None:
    once, again = merge_files(reference, twice[0]), merge_files(reference, *twice)
    assert serialise(once.merged, reference) == serialise(again.merged, reference)
    assert make_report(once, reference) == make_report(again, reference)


def test_a_copy_under_the_same_name_changes_nothing(reference: ReferenceIndex, tmp_path: Path) -> None:
    shutil.copytree(BIOLINK, tmp_path / "copy")
    assert set(merge_files(reference, BIOLINK, tmp_path / "copy").quads) == set(merge_files(reference, BIOLINK).quads)


def test_the_order_of_the_sources_does_not_matter(reference: ReferenceIndex, tmp_path: Path) -> None:
    more = write_file(
        tmp_path, "a.trig", "<http://e.org/g> { <http://e.org/a> <http://e.org/b> [ <http://e.org/c> 1 ] }"
    )
    given = [BIOLINK, PATHS, more]
    forward, backward = merge_files(reference, *given), merge_files(reference, *reversed(given))
    assert serialise(forward.merged, reference) == serialise(backward.merged, reference)
    assert make_report(forward, reference) == make_report(backward, reference)


GZIPPED = {
    "a.ttl": {"a.ttl": f"<{NALTREXONE}> <http://e.org/p> 1 ."},
    "a.rdf": {
        "a.rdf": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e.org/'>"
        f"<rdf:Description rdf:about='{NALTREXONE}'><e:p>1</e:p></rdf:Description></rdf:RDF>"
    },
    "a.jsonld": {"a.jsonld": json.dumps({"@id": NALTREXONE, "http://e.org/p": 1})},
    "paths.yaml": {"paths.yaml": PATHS.read_text("utf-8")},
    "graph_nodes.tsv": {path.name: path.read_text("utf-8") for path in BIOLINK.iterdir()},
}


@pytest.mark.parametrize("name", GZIPPED)
def test_a_gzipped_source_gives_the_same_quads(name: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    (tmp_path / "gzipped").mkdir()
    for file, text in GZIPPED[name].items():
        write_file(tmp_path, file, text)
        (tmp_path / "gzipped" / f"{file}.gz").write_bytes(gzip.compress(text.encode()))
    plain, gzipped = (
        merge_files(reference, tmp_path / name),
        merge_files(reference, tmp_path / "gzipped" / f"{name}.gz"),
    )
    assert [source.name for source in gzipped.sources] == [
        f"{min(GZIPPED[name]) if len(GZIPPED[name]) == 1 else name}.gz"
    ]
    changed = {str(quad).replace(f"{plain.sources[0].name}.gz", plain.sources[0].name) for quad in gzipped.quads}
    assert changed == set(map(str, plain.quads))
    assert len(plain.quads) > len(reference.graph.publication.quads)


def test_the_parts_of_the_invalid_inputs_are_valid_alone(tmp_path: Path, reference: ReferenceIndex) -> None:
    """Otherwise an invalid input could be refused for another reason than the tested one."""
    for name, text in make_pair(NODES + NODE, EDGES + "CHEBI:7465\tbiolink:treats\tCHEBI:7465\n").items():
        write_file(tmp_path, name, text)
    for name, text in make_pair(to_json_lines(JSON_NODE), to_json_lines(JSON_EDGE), "jsonl").items():
        write_file(tmp_path, name, text)
    assert len(merge_files(reference, tmp_path, write_file(tmp_path, "a.yaml", PATH)).sources) == 3


def test_a_file_without_read_permission_is_refused(
    tmp_path: Path, reference: ReferenceIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    path = write_file(tmp_path, "a.ttl", "x")
    monkeypatch.setattr("ldnkg.merge.readers.files.open_regular", refuse)
    with pytest.raises(LdnkgError, match=r"a\.ttl: the file cannot be read: permission denied"):
        read_sources([path], reference.resolver)


BAD_INPUTS: dict[str, BadInput] = {
    "an unknown extension": ({"a.docx": "x"}, "a.docx", "a.docx: the file extension is not supported"),
    "a missing file": ({}, "a.ttl", "a.ttl: the file does not exist"),
    "nodes without rows and edges": ({"k_nodes.tsv": NODES}, "k_nodes.tsv", "k_nodes.tsv: the file has no rows"),
    "a folder without a graph": ({"f/a.txt": "x"}, "f", "f: the folder has no file with a supported"),
    "a folder with the name of a file": ({"f.ttl/a.txt": "x"}, "f.ttl", "f.ttl: the folder has no file"),
    "a name that is too long": ({}, "a" * 5000, "a"),
    "a truncated gzip file": (
        {"a.nt.gz": gzip.compress(b"<http://a> <http://b> <http://c> .\n" * 99)[:-12]},
        "a.nt.gz",
        "a.nt.gz: the file is not complete gzip: ",
    ),
    "an invalid line in a gzip file": (
        {"a.nt.gz": gzip.compress(b"\n<http://a>")},
        "a.nt.gz",
        "a.nt.gz:2: the line cannot be parsed: ",
    ),
    "a gzip file of an unknown format": (
        {"a.gz": gzip.compress(b"x")},
        "a.gz",
        "a.gz: the file extension is not supported",
    ),
    "a gzip file that is too large": (
        {"a.jsonld.gz": gzip.compress(b" " * (65 << 20))},
        "a.jsonld.gz",
        "a.jsonld.gz: the file is larger than 64 MiB",
    ),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_an_invalid_input_is_refused_with_one_message(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
