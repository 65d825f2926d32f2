"""Each format loses only the aspects that its loss statement names, and states only established claims as facts.

A module in `support/readers/` reads each format, independently of the code that writes it.
"""

from __future__ import annotations

import csv
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV

from ldnkg.exports.checksums import format_checksums
from ldnkg.exports.fidelity import FOLDER
from ldnkg.exports.registry import FORMATS, choose_formats
from ldnkg.paths import Home
from ldnkg.publication.combined import combine_with_alignments
from ldnkg.publication.graph import build_publication
from ldnkg.records.loader import load_valid_records
from support import facts
from support.leaks import LEAKS, make_leaky_files, plant
from support.paths import ROOT, read_all
from support.readers import find_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.records.loader import LoadedRecords

    Run = Callable[..., subprocess.CompletedProcess[str]]

HOME = Home(ROOT)
FURTHER = [form.name for form in choose_formats()]
STATEMENT = (FOLDER / "losses.tsv").read_text("utf-8").splitlines()
LOSSES = [row for row in csv.DictReader(STATEMENT, delimiter="\t") if row["aspect"] in facts.ASPECTS]


def test_every_format_has_its_loss_statement() -> None:
    assert {(row["format"], row["aspect"]) for row in LOSSES} == {(f, a) for f in FORMATS for a in facts.ASPECTS}
    assert len(LOSSES) == len(FORMATS) * len(facts.ASPECTS)
    assert all(row["survives"] in {"yes", "partly", "no"} and row["how"] for row in LOSSES)


@pytest.fixture(scope="module")
def expected_facts(inputs: LoadedRecords) -> facts.Facts:
    return facts.facts(inputs)


@pytest.fixture(scope="module")
def read_facts(files_by_format: dict[str, dict[str, bytes]]) -> dict[str, facts.Facts]:
    """The facts that the reader of each format finds."""
    return {name: find_reader(name).facts(files) for name, files in files_by_format.items()}


@pytest.mark.parametrize("row", LOSSES, ids=lambda row: f"{row['format']} {row['aspect']}")
def test_each_format_keeps_what_its_loss_statement_says(
    row: dict[str, str], read_facts: dict[str, facts.Facts], expected_facts: facts.Facts
) -> None:
    expected = expected_facts[row["aspect"]]
    found = read_facts[row["format"]].get(row["aspect"], set())
    assert len(expected) > 0
    if row["survives"] == "yes":
        assert found == expected
    elif row["survives"] == "partly":
        assert set() < found < expected
    else:
        assert found == set()


@pytest.mark.parametrize("name", FORMATS)
def test_a_naive_reader_finds_only_established_claims_as_facts(
    name: str, files_by_format: dict[str, dict[str, bytes]], inputs: LoadedRecords
) -> None:
    taken = find_reader(name).taken_for_fact(files_by_format[name])
    assert taken
    assert taken <= facts.established(inputs)


# One level shows whether a format depends on the certainty; the other levels are thorough tests.
OTHER_LEVELS = [pytest.param(level, marks=pytest.mark.thorough) for level in ("associated", "hypothesised", "unknown")]


@pytest.mark.parametrize("level", ["supported", *OTHER_LEVELS])
def test_a_naive_reader_finds_no_fact_if_no_claim_is_established(level: str, copy: Path) -> None:
    for path in (copy / "data" / "claims").iterdir():
        path.write_text(re.sub(r"(?m)^certainty: \w+$", f"certainty: {level}", path.read_text("utf-8")), "utf-8")
    unsure = combine_with_alignments(build_publication(Home(copy), load_valid_records(Home(copy))))
    assert facts.established(unsure.publication.inputs) == set()
    found = {name: find_reader(name).taken_for_fact(form.make_files(unsure)) for name, form in FORMATS.items()}
    assert {name: taken for name, taken in found.items() if taken} == {}


def test_a_leak_is_planted_in_every_format() -> None:
    assert {name for leak in LEAKS.values() for name in leak.formats} == set(FORMATS)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_detected(leak: str, copy: Path) -> None:
    plant(LEAKS[leak], copy)
    home = Home(copy)
    leaky = combine_with_alignments(build_publication(home, load_valid_records(home)))
    for name in LEAKS[leak].formats:
        files = make_leaky_files(name, leaky, copy)
        found = find_reader(name).taken_for_fact(files) - facts.established(leaky.publication.inputs)
        assert LEAKS[leak].taken in found, name


@pytest.mark.parametrize("name", FORMATS)
def test_each_claim_of_a_format_has_the_triple_of_its_record(
    name: str, files_by_format: dict[str, dict[str, bytes]], inputs: LoadedRecords
) -> None:
    stated = find_reader(name).stated(files_by_format[name])
    assert stated
    assert stated.items() <= facts.stated(inputs).items()


@pytest.fixture(scope="module")
def built_again() -> CombinedGraph:
    return combine_with_alignments(build_publication(HOME, load_valid_records(HOME)))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_records_give_the_same_bytes(
    name: str, files_by_format: dict[str, dict[str, bytes]], built_again: CombinedGraph
) -> None:
    assert FORMATS[name].make_files(built_again) == files_by_format[name]


def test_by_default_the_command_writes_all_formats_that_a_build_does_not(
    run: Run, tmp_path: Path, files_by_format: dict[str, dict[str, bytes]]
) -> None:
    ended = run("export", "--out", str(tmp_path), "--engine", "shacl", cwd=ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    statement = {"losses.tsv": "".join(f"{row}\n" for row in STATEMENT).encode()}
    expected: Mapping[str, bytes] = {
        k: v for files in [statement, *(files_by_format[name] for name in FURTHER)] for k, v in files.items()
    }
    expected = {**expected, "SHA256SUMS.export": format_checksums(expected)}
    assert read_all(tmp_path) == expected
    size = sum(map(len, expected.values()))
    unwritten = f"Not written: jsonld, ntriples, rdfxml, trig, turtle. `ldnkg build --out {tmp_path}` writes them."
    assert ended.stdout.endswith(f"\n{len(expected)} files, {size:,} bytes.\n{unwritten}\n")


@pytest.mark.usefixtures("_made_before")
def test_the_command_names_the_formats_of_a_build_that_are_missing(
    run: Run, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ldnkg.exports.registry.make_all_files", lambda *_: {})
    export = ("export", "--engine", "shacl")
    assert "Not written: jsonld, ntriples, rdfxml, trig, turtle. `ldnkg build` writes" in run(*export, cwd=copy).stdout
    assert "Not written" not in run(*export, "--only", "tables", cwd=copy).stdout
    of_another = run(*export, "--home", copy, "--out", "a b").stdout
    assert f"`ldnkg build --home {copy} --out 'a b'` writes" in of_another
    assert run("build", cwd=copy).returncode == 0
    assert "Not written" not in run(*export, cwd=copy).stdout
    (copy / "dist" / "ldn-kg.trig").unlink()
    assert run(*export, cwd=copy).stdout.endswith("bytes.\nNot written: trig. `ldnkg build` writes it.\n")
    assert run(*export, "--quiet", cwd=copy).stdout == ""


def test_the_help_explains_only_for_formats_of_a_build(run: Run) -> None:
    text = " ".join(run("export", "--help").stdout.split())
    assert "such as tables or turtle; repeat it for more formats (default: every format that `ldnkg build`" in text
    assert "Example: ldnkg export --only tables" in text


def test_only_writes_one_format(run: Run, tmp_path: Path) -> None:
    ended = run("export", "--only", "tables", "--out", str(tmp_path), "--engine", "shacl", "--quiet", cwd=ROOT)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert {path.name for path in tmp_path.iterdir()} == {"losses.tsv", "SHA256SUMS.export", "tables"}


def test_only_writes_a_format_of_a_build(
    run: Run, tmp_path: Path, files_by_format: dict[str, dict[str, bytes]]
) -> None:
    ended = run("export", "--only", "turtle", "--out", str(tmp_path), "--engine", "shacl", "--quiet", cwd=ROOT)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert {path.name for path in tmp_path.iterdir()} == {"losses.tsv", "SHA256SUMS.export", "ldn-kg.ttl"}
    assert (tmp_path / "ldn-kg.ttl").read_bytes() == files_by_format["turtle"]["ldn-kg.ttl"]
    assert set(FORMATS) - set(FURTHER) == {"jsonld", "ntriples", "rdfxml", "trig", "turtle"}


def test_the_list_shows_what_each_format_keeps(run: Run) -> None:
    table = run("export", "--list", cwd=ROOT).stdout.splitlines()
    assert table[0].split() == ["format", *facts.ASPECTS]
    assert {line.split()[0] for line in table[2:]} == set(FORMATS)
    assert sum(line.split()[1:].count("yes") for line in table[2:]) == sum(row["survives"] == "yes" for row in LOSSES)
    how = run("export", "--list", "--only", "tables", cwd=ROOT).stdout
    assert all(row["how"] in how for row in LOSSES if row["format"] == "tables")


def test_the_docs_show_the_list(run: Run) -> None:
    table = [line.split() for line in run("export", "--list", cwd=ROOT).stdout.splitlines()]
    rows = ["| " + " | ".join(cells) + " |" for cells in table[2:]]
    assert "\n".join(rows) in (ROOT / "docs" / "formats.md").read_text("utf-8")


def test_an_unknown_format_is_reported_with_the_nearest_name(run: Run, tmp_path: Path) -> None:
    ended = run("export", "--only", "table", "--out", str(tmp_path), cwd=ROOT)
    assert ended.returncode == 2
    assert ended.stderr.startswith("ldnkg: There is no format 'table'. Did you mean 'tables'? Formats: ")
    ended = run("export", "--only", "KGX", "--out", str(tmp_path), cwd=ROOT)
    assert ended.stderr.startswith("ldnkg: There is no format 'KGX'. Did you mean 'kgx'? Formats: ")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_if_the_check_has_findings(run: Run, copy: Path, tmp_path: Path) -> None:
    (copy / "data" / "claims" / "naltrexone-is-taken-orally.yaml").write_text("id: [", "utf-8")
    ended = run("export", "--out", str(tmp_path / "out"), "--engine", "shacl", cwd=copy)
    assert ended.returncode == 1
    assert "reading-yaml-broken" in ended.stdout
    assert ended.stderr.endswith("ldnkg: Nothing was written.\n")
    assert not (tmp_path / "out").exists()


def test_a_file_with_the_name_of_the_output_folder_is_not_changed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", "utf-8")
    ended = run("export", "--out", str(tmp_path / "out"), "--engine", "shacl", cwd=ROOT)
    assert ended.returncode == 1
    assert "cannot be written" in ended.stderr
    assert (tmp_path / "out").read_text("utf-8") == "mine"


# The descriptions of the files, and their checksums

DATASET = rdflib.URIRef("https://w3id.org/ldn-kg/")
MEDIA = {
    "csv": "text/csv",
    "cx2": "application/json",
    "cypher": "text/plain",
    "graphml": "application/xml",
    "json": "application/csvm+json",
    "jsonl": "text/plain",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "parquet": "application/vnd.apache.parquet",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "yaml": "application/yaml",
}


def described(published: rdflib.Graph) -> dict[str, str]:
    """Return the media type of each file that the graph describes, by file name."""
    found = {(file, one) for one, file in published.subject_objects(DCAT.downloadURL)}
    assert {one for _, one in found} == set(published.objects(DATASET, DCAT.distribution))
    found |= {(one, one) for one in published.subjects(FOAF.primaryTopic, DATASET)}
    named = {str(file).removeprefix(str(DATASET)): published.value(one, DCAT.mediaType) for file, one in found}
    assert len(named) == len(found)
    return {name: str(media).partition("/media-types/")[2] for name, media in named.items()}


def undescribed(published: rdflib.Graph, made: dict[str, dict[str, bytes]]) -> set[str]:
    """Return the files whose media type is missing or wrong.

    A single nanopublication needs no description because the file of all nanopublications contains it.
    """
    media = described(published)
    files = {name for content in made.values() for name in content}
    alone = {name for name in files if name.startswith("nanopubs/") and not name.endswith(("/all.trig", "/index.trig"))}
    return {name for name in files - alone if media.get(name) != MEDIA[name.rpartition(".")[2]]}


def test_every_file_of_every_format_is_described(
    published: rdflib.Graph, files_by_format: dict[str, dict[str, bytes]]
) -> None:
    assert undescribed(published, files_by_format) == set()
    files = {name for content in files_by_format.values() for name in content}
    others = set(described(published)) - files
    about = {"void.ttl", "schema.jsonld", "ro-crate-metadata.json", "index.html", "losses.tsv", "mechanism-map.svg"}
    assert others == about | {"SHA256SUMS", "SHA256SUMS.export"}
    export = rdflib.URIRef(f"{DATASET}#export")
    of_build = {name for form in set(FORMATS) - set(FURTHER) for name in files_by_format[form]}
    for one, file in published.subject_objects(DCAT.downloadURL):
        assert ((one, PROV.wasGeneratedBy, export) in published) == (
            str(file).removeprefix(str(DATASET)) not in of_build
        )
        assert published.value(one, DCTERMS.license) == published.value(DATASET, DCTERMS.license)
        assert list(published.objects(one, DCTERMS.conformsTo))
        assert (
            len(list(published.objects(one, DCTERMS.title))) == len(list(published.objects(one, DCAT.mediaType))) == 1
        )


def test_a_format_without_a_description_is_detected(
    published: rdflib.Graph, files_by_format: dict[str, dict[str, bytes]]
) -> None:
    silent = rdflib.Graph()
    silent += (triple for triple in published if rdflib.URIRef(f"{DATASET}#kgx-jsonl") not in triple)
    assert undescribed(silent, files_by_format) == {"kgx/ldn-kg_nodes.jsonl", "kgx/ldn-kg_edges.jsonl"}
    assert undescribed(published, {**files_by_format, "new": {"new/file.csv": b""}}) == {"new/file.csv"}


def test_the_page_and_the_index_of_the_guides_name_every_format(
    published: rdflib.Graph, files: dict[str, bytes]
) -> None:
    page = files["index.html"].decode()
    titles = [str(published.value(one, DCTERMS.title)) for one in published.objects(DATASET, DCAT.distribution)]
    assert len(titles) == len(set(titles)) == 16
    assert [title for title in titles if f"<h3>{title} <a" not in page] == []
    guides = (ROOT / "docs" / "index.md").read_text("utf-8")
    assert [name for name in FURTHER if f"--only {name}" not in guides] == []


ORDERS = ["build turtle only export", "export nanopubs build"]
COMMANDS: dict[str, list[str]] = {
    "build": ["build"],
    "export": ["export", "--engine", "shacl"],
    "only": ["export", "--only", "tables", "--engine", "shacl"],
    "turtle": ["export", "--only", "turtle", "--engine", "shacl"],
    "nanopubs": ["nanopubs", "--engine", "shacl"],
}


def find_wrong_checksums(folder: Path) -> dict[str, str]:
    """Return the output of `sha256sum` for each list with a wrong checksum, by the name of the list."""
    wrong = {}
    for path in sorted(folder.glob("SHA256SUMS*")):
        command = ["sha256sum", "--check", "--strict", "--quiet", path.name]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if ended.returncode:
            wrong[path.name] = ended.stdout + ended.stderr
    return wrong


@pytest.mark.parametrize("order", ORDERS)
def test_the_checksums_are_correct_after_every_command(order: str, run: Run, copy: Path, tmp_path: Path) -> None:
    """A label is changed before each command, so that each list must be updated."""
    out, claim = tmp_path / "out", copy / "data" / "claims" / "naltrexone-is-taken-orally.yaml"
    for number, name in enumerate(order.split()):
        claim.write_text(claim.read_text("utf-8").replace("by mouth", f"by mouth{'!' * number}"), "utf-8")
        ended = run(*COMMANDS[name], "--out", out, "--quiet", cwd=copy)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
        assert find_wrong_checksums(out) == {}
    lists = [(out / name).read_text("utf-8") for name in ("SHA256SUMS", "SHA256SUMS.export") if (out / name).exists()]
    listed = {line.split("  ")[1] for text in lists for line in text.splitlines()}
    assert listed == set(read_all(out)) - {"SHA256SUMS", "SHA256SUMS.export"}
    (out / "losses.tsv").write_bytes(b"spoilt")
    assert set(find_wrong_checksums(out)) == {"SHA256SUMS.export"}
