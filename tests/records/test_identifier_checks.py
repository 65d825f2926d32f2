"""Every external identifier agrees with Bioregistry, with its evidence, and with the list of look-alikes."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from rdflib.namespace import OWL, SKOS

from ldnkg.paths import Home
from ldnkg.records.jsonld_context import read_context
from ldnkg.records.loader import load_records
from support.edits import edit
from support.paths import ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    import rdflib
    from bioregistry import Manager, Resource

    Run = Callable[..., subprocess.CompletedProcess[str]]


def needs_sssom(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs the sssom library, whose own dependencies warn."""
    missing = pytest.mark.skipif(find_spec("sssom") is None, reason="sssom is not installed (ldnkg[dev-clients])")
    return pytest.mark.external(pytest.mark.filterwarnings("ignore")(missing(test)))  # type: ignore[no-any-return]


CONTEXT = read_context(ROOT / "ontology" / "context.jsonld")


def rows(name: str) -> list[dict[str, str]]:
    lines = [line for line in (ROOT / "data" / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


PREFIXES = {row["prefix"]: row for row in rows("prefixes.tsv")}


def identifiers() -> list[str]:
    mapped = [row["object_id"] for row in rows("mappings.sssom.tsv")]
    return sorted({*mapped, *(row["curie"] for row in rows("terms.tsv"))})


@cache
def get_bioregistry() -> Manager:
    """Load Bioregistry only in a process that needs it, because that takes seconds."""
    from bioregistry import manager

    return manager


def at_bioregistry(prefix: str) -> Resource | None:
    name = PREFIXES[prefix]["bioregistry"]
    return get_bioregistry().get_resource(name) if name else None


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_has_the_name_and_pattern_of_bioregistry(prefix: str) -> None:
    resource = at_bioregistry(prefix)
    if resource is None:
        assert get_bioregistry().normalize_prefix(prefix) is None
        assert PREFIXES[prefix]["exception"]
        return
    assert get_bioregistry().normalize_prefix(prefix) == resource.prefix == PREFIXES[prefix]["bioregistry"]
    assert resource.get_pattern() == PREFIXES[prefix]["pattern"]
    assert not resource.is_deprecated()


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_has_an_iri_of_its_authority(prefix: str) -> None:
    """The IRI is the RDF format of Bioregistry if it has one, or else a known one, or the exception is explained."""
    resource, iri = at_bioregistry(prefix), CONTEXT.prefixes[prefix]
    if resource is None or (resource.get_rdf_uri_format() or f"{iri}$1") != f"{iri}$1":
        assert PREFIXES[prefix]["exception"]
    if resource is not None:
        assert iri in resource.get_uri_prefixes()


def test_the_table_has_exactly_the_prefixes_that_are_used() -> None:
    assert {curie.partition(":")[0] for curie in identifiers()} == PREFIXES.keys()


@pytest.mark.parametrize("curie", identifiers())
def test_an_identifier_is_valid_by_bioregistry(curie: str) -> None:
    prefix, _, rest = curie.partition(":")
    resource = at_bioregistry(prefix)
    if resource is None:
        assert re.fullmatch(PREFIXES[prefix]["pattern"], rest)
    else:
        assert resource.is_valid_identifier(rest)


def test_identifiers_of_works_are_valid_by_bioregistry() -> None:
    kinds = {"doi": "doi", "pmid": "pubmed", "issn": "issn"}
    sources = [record.value for record in load_records(Home(ROOT)).records if record.id.startswith("source:")]
    found = [(kind, value) for source in sources for kind, value in source.items() if kind in kinds]
    assert len(found) > len(kinds)
    for kind, value in found:
        resource = get_bioregistry().get_resource(kinds[kind])
        assert resource is not None
        for one in value if isinstance(value, list) else [value]:
            assert resource.is_valid_identifier(str(one)), one


def test_every_entity_with_evidence_of_another_identifier_is_mapped() -> None:
    mapped = {row["subject_id"] for row in rows("mappings.sssom.tsv")}
    terms = {row["curie"] for row in rows("terms.tsv") if row["kind"] != "EvidenceCode"}
    seen = {row["curie"]: row["entity"] for row in rows("evidence.tsv")}
    assert {curie for curie in terms - mapped if list(seen.values()).count(seen[curie]) > 1} == set()


EXCHANGED = {"MESH:D009270": "MESH:D009271", "MESH:D009271": "MESH:D009270"}


def exchange(*files: str) -> Callable[[Path], None]:
    """Give naloxone's MeSH identifier to naltrexone and the reverse, in these files."""

    def spoil(home: Path) -> None:
        for file in files:
            path = home / file
            text = path.read_text("utf-8")
            assert "MESH:D009270" in text
            path.write_text(re.sub(r"MESH:D00927[01]", lambda found: EXCHANGED[found[0]], text), "utf-8")

    return spoil


def circle(home: Path) -> None:
    """Make each of two concepts broader than the other."""
    condition, opioid = (f"data/concepts/{name}.yaml" for name in ("chronic-pain-condition", "oral-opioid"))
    edit("label:", "broader: concept:oral-opioid\nlabel:", condition)(home)
    edit("broader: opioid", "broader: concept:chronic-pain-condition", opioid)(home)


MAPPINGS, TERMS, EVIDENCE = "data/mappings.sssom.tsv", "data/terms.tsv", "data/evidence.tsv"
SALT = "CHEBI:7465\tnaltrexone\tskos:narrowMatch\tCHEBI:134687"
FAULTS: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "naloxone's MeSH id on naltrexone, and the reverse": (
        exchange(MAPPINGS),
        MAPPINGS,
        "is naloxone; use MESH:D009271",
    ),
    "the same in the evidence too": (exchange(MAPPINGS, EVIDENCE), MAPPINGS, "is naloxone; use MESH:D009271"),
    "the salt for the base": (edit("CHEBI:7465\t", "CHEBI:134687\t", TERMS), TERMS, "is the salt, not the base"),
    "the salt as exactly the base": (edit(SALT, SALT.replace("narrow", "exact"), MAPPINGS), MAPPINGS, "is the salt"),
    "a disorder for a symptom": (
        edit("HP:0000739\t", "MONDO:0005618\t", TERMS),
        TERMS,
        "is a disorder, not the symptom",
    ),
    "depression likewise": (edit("HP:0000716\t", "MONDO:0002050\t", TERMS), TERMS, "is a disorder, not the symptom"),
    "Crohn's disease for inflammatory bowel disease": (
        edit("MONDO:0005265\t", "ICD10CM:K50\t", TERMS),
        TERMS,
        "is one of the two diseases that the term covers; map it as narrower",
    ),
    "an obsolete identifier": (
        edit("MONDO:0005546\t", "EFO:0005687\t", TERMS),
        TERMS,
        "is obsolete; use MONDO:0005546",
    ),
    "a wrong digit": (edit("MONDO:0005546\t", "MONDO:0005547\t", TERMS), TERMS, "data/evidence.tsv has no row for"),
    "a digit too many": (edit("MONDO:0005546\t", "MONDO:00055466\t", TERMS), TERMS, "does not match the pattern"),
    "a wrong digit in a mapping": (edit("DOID:631\t", "DOID:632\t", MAPPINGS), MAPPINGS, "has no row for"),
    "a swapped label": (
        edit("\tfibromyalgia\tfibromyalgia\t", "\tfibromyalgia\tmultiple sclerosis\t", TERMS),
        TERMS,
        "The evidence has the label `fibromyalgia`",
    ),
    "an unknown prefix": (edit("DOID:631\t", "DIOD:631\t", MAPPINGS), MAPPINGS, "The prefix `DIOD` is not in"),
    "exact against the evidence": (
        edit("skos:closeMatch\tMONDO:0001225", "skos:exactMatch\tMONDO:0001225", MAPPINGS),
        MAPPINGS,
        "covers only part of it",
    ),
    "exact where the evidence says close": (
        edit("skos:closeMatch\tDOID:2559", "skos:exactMatch\tDOID:2559", MAPPINGS),
        MAPPINGS,
        "closer than the evidence, which is `close`",
    ),
    "one identifier for two entities": (
        edit("CHEBI:7459\tnaloxone\tnaloxone", "CHEBI:7465\tnaloxone\tnaltrexone", TERMS),
        TERMS,
        "The id `CHEBI:7465` is used twice",
    ),
    "a cyclic broader link": (
        circle,
        "data/concepts/chronic-pain-condition.yaml",
        "broader than itself",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_error_is_reported_at_its_row_with_its_remedy(run: Run, copy: Path, fault: str) -> None:
    spoil, place, words = FAULTS[fault]
    spoil(copy)
    ended = run("check", "--home", copy)
    lines = [line for line in ended.stdout.splitlines() if words in line]
    assert ended.returncode == 1
    assert lines, ended.stdout
    assert re.search(rf"(^|/){re.escape(place)}:\d+: \S+: [a-z-]+: ", lines[0]), lines[0]


def sssom_errors(path: Path) -> list[str]:
    """Return the problems that all validators of the sssom library find in a table."""
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    reports = validate(parse_sssom_table(str(path)), fail_on_error=False)
    assert reports
    return [result.message for report in reports.values() for result in report.results]


@needs_sssom
def test_the_mappings_are_valid_by_the_sssom_library() -> None:
    assert sssom_errors(ROOT / "data" / "mappings.sssom.tsv") == []


@needs_sssom
def test_the_sssom_library_finds_an_unknown_justification(tmp_path: Path) -> None:
    text = (ROOT / "data" / "mappings.sssom.tsv").read_text("utf-8")
    (tmp_path / "m.sssom.tsv").write_text(text.replace("semapv:LexicalMatching", "semapv:Guess", 1), "utf-8")
    assert any("semapv:Guess" in message for message in sssom_errors(tmp_path / "m.sssom.tsv"))


def test_the_graph_has_the_same_mappings(published: rdflib.Graph) -> None:
    expand = {f"skos:{way}Match": SKOS[f"{way}Match"] for way in ("exact", "close", "broad", "narrow", "related")}
    said = {
        (CONTEXT.expand(row["subject_id"]), str(expand[row["predicate_id"]]), CONTEXT.expand(row["object_id"]))
        for row in rows("mappings.sssom.tsv")
    }
    plain = {(str(s), str(p), str(o)) for p in expand.values() for s, o in published.subject_objects(p)}
    described = {
        tuple(
            str(published.value(node, part))
            for part in (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget)
        )
        for node in published.subjects(OWL.annotatedSource)
    }
    assert plain == described == said
