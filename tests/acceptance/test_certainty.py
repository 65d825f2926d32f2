"""No format, view or page is more certain than the records, whatever their levels; only approvals become `treats`."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ldnkg.exports.build import combine_for_pages
from ldnkg.exports.html.writer import FOLDER as PAGE_FOLDER
from ldnkg.exports.html.writer import TEMPLATE, make_pages
from ldnkg.exports.query_library.writer import QueryLibrary
from ldnkg.exports.rdf.writer import WRITERS
from ldnkg.exports.views.writer import FOLDER as VIEW_FOLDER
from ldnkg.exports.views.writer import construct_view, find_view
from ldnkg.files import read_turtle
from ldnkg.paths import Home
from ldnkg.publication.combined import CombinedGraph
from ldnkg.publication.graph import build_publication
from ldnkg.querying.engine import BuiltGraph
from ldnkg.rdf.sparql import load_store
from ldnkg.rdf.terms import flatten
from ldnkg.records.lines import Lines
from ldnkg.records.loader import check_records, load_valid_records, read_sources
from ldnkg.records.reader import Record
from support.html import shown
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ldnkg.publication.combined import TurtleFiles
    from ldnkg.publication.graph import Publication
    from ldnkg.records.loader import SourceFiles
    from ldnkg.records.yaml_reader import Mapping, Value

LDN = "https://w3id.org/ldn-kg/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TREATS = "https://w3id.org/biolink/vocab/treats"
RANKS = {"unknown": 1, "hypothesised": 2, "associated": 3, "supported": 4, "established": 5}
VIEWS = sorted(path.stem for path in VIEW_FOLDER.glob("*.rq"))
READABLE = {
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
}
DRAWS = settings(
    max_examples=int(os.environ.get("LDNKG_DRAWS", "3")),  # `make mutation` draws 20
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.reuse, Phase.generate],  # a draw takes a second, so shrinking would take minutes
)
HOME = Home(ROOT)
Triple = tuple[str, str, str]
LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ("Terms" AS ?section) (STR(?subject) AS ?id) ?subject ?label ("label" AS ?key) (?label AS ?value) WHERE {
  ?subject rdfs:label ?label FILTER (STRSTARTS(STR(?subject), "https://w3id.org/ldn-kg/ontology#"))
}
"""


@pytest.fixture(scope="module")
def parts() -> SourceFiles:
    return read_sources(HOME)


@pytest.fixture(scope="module")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The queries of the pages; the page of the ontology has only labels, which saves a second per draw."""
    folder = tmp_path_factory.mktemp("html")
    (folder / "ontology.rq").write_text(LABELS, "utf-8")
    for name in ("index.rq", TEMPLATE):
        shutil.copy(PAGE_FOLDER / name, folder)
    return folder


@pytest.fixture(scope="module")
def alignments() -> list[ox.Quad]:
    return [quad for path in (ROOT / "ontology" / "alignments").glob("*.ttl") for quad in read_turtle(path)]


def at_levels(parts: SourceFiles, levels: dict[str, str]) -> Publication:
    """The publication with the given certainty for each claim."""
    records = [
        record._replace(value={**record.value, "certainty": levels[record.id]}) if record.id in levels else record
        for record in parts.records
    ]
    inputs = check_records(parts._replace(records=records))
    assert inputs.faults == []
    return build_publication(HOME, inputs)


def claims_of(parts: SourceFiles) -> list[str]:
    return [record.id for record in parts.records if record.id.startswith("claim:")]


def as_triples(found: Iterable[ox.Quad] | Iterable[ox.Triple]) -> set[Triple]:
    return {tuple(str(getattr(term, "value", term)) for term in (t.subject, t.predicate, t.object)) for t in found}  # type: ignore[misc]


def read_levels(triples: set[Triple]) -> dict[str, str]:
    return {s: o.removeprefix(LDN) for s, p, o in triples if p == f"{LDN}certainty"}


def stated(triples: set[Triple]) -> dict[str, Triple]:
    """Return the triple of each claim, from its rdf:subject, rdf:predicate and rdf:object."""
    keys = [f"{RDF}subject", f"{RDF}predicate", f"{RDF}object"]
    values = {(s, p): o for s, p, o in triples if p in keys}
    return {s: (values[s, keys[0]], values[s, keys[1]], values[s, keys[2]]) for s, p in values if p == keys[1]}


Levels = dict[str, str]


@DRAWS
@given(data=st.data())
def test_no_output_is_more_certain_than_the_records(
    parts: SourceFiles, alignments: list[ox.Quad], index_folder: Path, data: st.DataObject
) -> None:
    names = claims_of(parts)
    drawn = data.draw(st.lists(st.sampled_from(sorted(RANKS)), min_size=len(names), max_size=len(names)))
    levels = dict(zip(names, drawn, strict=True))
    assert_outputs(at_levels(parts, levels), levels, alignments, index_folder)


@DRAWS
@given(data=st.data())
def test_no_output_of_a_generated_data_set_is_more_certain(
    parts: SourceFiles, alignments: list[ox.Quad], index_folder: Path, data: st.DataObject
) -> None:
    """The claims and mechanisms are generated, at any level; the article does not make them."""
    claims = data.draw(st.lists(drawn_claims(parts), min_size=1, max_size=12))
    chains = data.draw(st.lists(st.lists(st.sampled_from(range(len(claims))), min_size=1, max_size=4), max_size=3))
    publication = of_claims(parts, claims, chains)
    levels = {f"claim:drawn-{number}": str(claim["certainty"]) for number, claim in enumerate(claims)}
    assert_outputs(publication, levels, alignments, index_folder)


def drawn_claims(parts: SourceFiles) -> st.SearchStrategy[Mapping]:
    """A claim without an id, of entities, relations and sentences of the publication, at any certainty."""
    claims = [record.value for record in parts.records if record.id.startswith("claim:")]
    own = [record.id for record in parts.records if record.id.partition(":")[0] in ("concept", "regimen", "source")]
    entities = st.sampled_from([*own, *(record.slug for record in parts.terms)])
    return st.fixed_dictionaries(
        {
            "subject": entities,
            "relation": st.sampled_from(sorted({str(claim["relation"]) for claim in claims})),
            "object": entities,
            "certainty": st.sampled_from(sorted(RANKS)),
            "evidence": st.sampled_from(sorted({str(claim["evidence"]) for claim in claims})),
            "sentence": st.sampled_from([str(node["id"]) for node in sentences(parts)]),
        }
    )


def sentences(parts: SourceFiles) -> list[Mapping]:
    return [node for record in parts.records for node in record.nodes if node.get("type") == "Sentence"]


def of_claims(parts: SourceFiles, claims: list[Mapping], chains: list[list[int]]) -> Publication:
    """The publication with only these claims and mechanisms."""
    kept = [record for record in parts.records if record.id.partition(":")[0] not in ("claim", "mechanism")]
    named = [{"id": f"claim:drawn-{n}", "type": "Claim", "label": f"drawn {n}", **c} for n, c in enumerate(claims)]
    given = {str(claim["sentence"]): [c["id"] for c in named if c["sentence"] == claim["sentence"]] for claim in named}
    records = [record._replace(value=with_claims(record.value, given)) for record in kept]
    made = [*named, *(chain_of(number, chain) for number, chain in enumerate(chains))]
    inputs = check_records(parts._replace(records=[*records, *(as_record(value) for value in made)]))
    assert inputs.faults == []
    return build_publication(HOME, inputs)


def with_claims(value: Mapping, given: dict[str, list[Value]]) -> Mapping:
    """The record with these claims in its sentences, and without `mentions`, which may name a removed record."""
    listed = value.get("sentences")
    if not isinstance(listed, list):
        return value
    plain = [
        {key: part[key] for key in part if key not in ("claims", "mentions")}
        for part in listed
        if isinstance(part, dict)
    ]
    changed: list[Value] = [
        {**part, **({"claims": given[part["id"]]} if part["id"] in given else {})} for part in plain
    ]
    return {**value, "sentences": changed}


def chain_of(number: int, chain: list[int]) -> Mapping:
    name = f"mechanism:drawn-{number}"
    steps: list[Value] = [
        {
            "id": f"{name}#step-{place}",
            "type": "MechanismStep",
            "position": str(place),
            "stepClaim": f"claim:drawn-{claim}",
        }
        for place, claim in enumerate(chain, 1)
    ]
    return {"id": name, "type": "Mechanism", "label": f"drawn mechanism {number}", "steps": steps}


def as_record(value: Mapping) -> Record:
    kind, _, slug = str(value["id"]).partition(":")
    return Record(HOME.data / f"{kind}s" / f"{slug}.yaml", value, Lines())


def assert_outputs(publication: Publication, levels: Levels, alignments: list[ox.Quad], index_folder: Path) -> None:
    """Assert that no format, view or page is more certain than these levels of the claims."""
    expand = publication.inputs.context.expand
    wanted = {expand(name): level for name, level in levels.items()}
    for form, ending in READABLE.items():
        triples = as_triples(ox.parse(WRITERS[form](publication), format=ending))
        assert_no_surer(triples, wanted)
        assert_bare_triples(triples, wanted)
    built = BuiltGraph(load_store(flatten([*publication.quads, *alignments])), {})
    for name in VIEWS:
        triples = as_triples(construct_view(built, find_view(name)))
        assert_no_surer(triples, wanted)
        assert_only_approvals_treat(triples, publication, wanted)
    assert_page(pages(publication, index_folder), levels)


def pages(publication: Publication, folder: Path = PAGE_FOLDER) -> dict[str, bytes]:
    combined = CombinedGraph(publication, added_to_pages())
    return make_pages(combined, set(), b"{}", folder)


@cache
def added_to_pages() -> TurtleFiles:
    """The triples that pages need in addition to those of the publication."""
    return combine_for_pages(build_publication(HOME, load_valid_records(HOME)), QueryLibrary(HOME)).added


def assert_page(files: dict[str, bytes], levels: Levels) -> None:
    """Assert that the page shows each claim with its level only."""
    articles = re.findall(rb'<article id="claim/.*?</article>', files["index.html"], re.DOTALL)
    nodes = {name.replace("/", ":", 1): node for name, node in shown({"": b"".join(articles)}, "").items()}
    for claim, level in levels.items():
        assert [words for words, _ in nodes[claim]["certainty"]] == [level], claim


def assert_no_surer(triples: set[Triple], wanted: dict[str, str]) -> None:
    found = read_levels(triples)
    assert found.keys() >= wanted.keys()
    assert {claim: found[claim] for claim in wanted} == wanted
    steps: dict[str, list[str]] = {}
    where = {s: o for s, p, o in triples if p == f"{LDN}stepClaim"}
    for s, p, o in triples:
        if p == f"{LDN}step" and o in where:
            steps.setdefault(s, []).append(wanted[where[o]])
    for mechanism, of_steps in steps.items():
        assert RANKS[found[mechanism]] == min(RANKS[level] for level in of_steps)


def assert_bare_triples(triples: set[Triple], wanted: dict[str, str]) -> None:
    """Assert that exactly the established claims have their triple in the graph."""
    claims = stated(triples)
    assert claims.keys() == wanted.keys()
    sure = {triple for claim, triple in claims.items() if wanted[claim] == "established"}
    assert set(claims.values()) & triples == sure


def assert_only_approvals_treat(triples: set[Triple], publication: Publication, wanted: dict[str, str]) -> None:
    claims = stated(as_triples(publication.quads))
    approved = {
        (s, o) for claim, (s, p, o) in claims.items() if p == f"{LDN}approvedFor" and wanted[claim] == "established"
    }
    assert {(s, o) for s, p, o in triples if p == TREATS} <= approved
    sure = {(s, o) for claim, (s, _, o) in claims.items() if wanted[claim] == "established"}
    pairs = {(s, o) for s, _, o in claims.values()}
    about = {s for s, p, _ in triples if p == f"{LDN}certainty"}
    plain = {(s, o) for s, p, o in triples if (s, o) in pairs and s not in about and not p.startswith((LDN, RDF))}
    assert plain <= sure


def test_a_planted_rise_of_certainty_is_detected(parts: SourceFiles) -> None:
    levels = dict.fromkeys(claims_of(parts), "hypothesised")
    publication = at_levels(parts, levels)
    wanted = {publication.inputs.context.expand(name): level for name, level in levels.items()}
    triples = as_triples(publication.quads)
    assert_bare_triples(triples, wanted)
    claim, triple = min(stated(triples).items())
    with pytest.raises(AssertionError):
        assert_bare_triples({*triples, triple}, wanted)
    with pytest.raises(AssertionError):
        assert_no_surer({*triples} - {(claim, f"{LDN}certainty", f"{LDN}hypothesised")}, wanted)
    with pytest.raises(AssertionError):
        assert_only_approvals_treat({(triple[0], TREATS, triple[2])}, publication, wanted)
    files = pages(publication)
    assert_page(files, levels)
    with pytest.raises(AssertionError):
        assert_page(files, {**levels, min(levels): "unknown"})
