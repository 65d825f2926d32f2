"""Junk in every format is read or refused with one message, in limited memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ldnkg.errors import LdnkgError
from ldnkg.merge.report import format_json, make_report
from support.cli import run_limited
from support.merging import JSON_NODE, NODE, NODES, PATH, merge_files, serialise, to_json_lines, write_file
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

JUNK = {
    "junk.nt": "some junk in a line\n",
    "junk.ttl": "some junk in a line\n",
    "junk.trig": "<\n",
    "junk.rdf": "some junk in a line\n",
    "junk.jsonld": "[\n",
    "junk.yaml": "some junk in a line\n",
    "list.yaml": "- some junk in a line\n",
    "j_nodes.tsv": "some\tjunk in a line\n",
    "k_nodes.tsv": "x" * 40,
    "j_nodes.jsonl": '"some junk in a line"\n',
    "word.nt": "x" * 40,
}


# pyoxigraph needs many seconds to refuse a term of 16 MB.
@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.thorough] * (n == "word.nt")) for n in JUNK])
def test_a_million_lines_of_junk_are_refused_within_1_gb_of_memory(name: str, tmp_path: Path) -> None:
    write_file(tmp_path, name, JUNK[name] * 1_000_000)
    write_file(tmp_path, name.replace("nodes", "edges"), JUNK[name]) if "nodes" in name else None
    ended = run_limited("RLIMIT_AS", 1 << 30, "merge", name, "--home", ROOT, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"ldnkg: {name}:")
    assert ended.stderr.count("\n") == 1


NAMES = ["a.ttl", "a.nt", "a.nq", "a.trig", "a.jsonld", "a.rdf", "a.yaml", "j_nodes.tsv", "j_nodes.jsonl"]
SEEDS = st.sampled_from(
    [
        PATH.encode(),
        (NODES + NODE).encode(),
        to_json_lines(JSON_NODE).encode(),
        b'{"@context": {"@vocab": "http://v/"}, "@id": "http://a", "p": ["b", {"@value": 1}]}',
        b"@prefix a: <http://a/> . a:b a:c [ a:d 'x'@en ] . ",
        b"<http://a> <http://b> <http://c> <http://d> .\n",
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    ]
)


@st.composite
def corrupted(draw: st.DrawFn) -> bytes:
    """A valid text with junk inserted, or only junk."""
    seed, junk = draw(SEEDS | st.just(b"")), draw(st.binary(max_size=24))
    position = draw(st.integers(0, len(seed)))
    return seed[:position] + junk + seed[position + draw(st.integers(0, 4)) :]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES), corrupted(), corrupted())
def test_junk_is_read_or_refused_with_one_message(
    reference: ReferenceIndex, tmp_path: Path, name: str, content: bytes, edges: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    if "nodes" in name:
        (tmp_path / name.replace("nodes", "edges")).write_bytes(edges)
    try:
        result = merge_files(reference, tmp_path / name)
    except LdnkgError as error:
        assert (error.status, str(error).isprintable()) == (2, True)
        return
    format_json(make_report(result, reference)).encode()
    serialise(result.merged, reference)
