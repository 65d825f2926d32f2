"""`ldnkg show` of any entity: what it is, and the claims about it, each with its certainty."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.paths import Home
from ldnkg.querying import entity_report
from ldnkg.querying.engine import BuiltGraph, load_graph
from ldnkg.querying.entity_report import describe_entity, list_claims
from ldnkg.rdf.terms import get_value
from support.paths import ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

LEVELS = ["established", "supported", "associated", "hypothesised", "unknown"]
STUDIED = "claim:low-dose-naltrexone-is-studied-in-fibromyalgia"


@pytest.fixture(scope="module")
def built() -> BuiltGraph:
    return load_graph(Home(ROOT))


def select(built: BuiltGraph, sparql: str) -> list[list[str]]:
    answer = built.store.query(sparql, prefixes=dict(built.prefixes))
    assert isinstance(answer, ox.QuerySolutions)
    return [[get_value(term) for term in row] for row in answer]


def show(run: Run, *typed: str) -> str:
    ended = run("show", *typed, "--home", ROOT)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


# --- names: the name that is typed, the label that is printed first, and a line below it

SHOWN = [
    ("LDN", "low-dose naltrexone", "type:            regimen"),
    ("regimen:low-dose-naltrexone", "low-dose naltrexone", "type:            regimen"),
    ("low dose naltrexone", "low-dose naltrexone", "type:            regimen"),
    ("low-dose-naltrexone-with-oral-opioids", "low-dose naltrexone with oral opioids", "type:            regimen"),
    ("fibromyalgia", "fibromyalgia", "identifier:      MONDO:0005546"),
    ("MONDO:0005546", "fibromyalgia", "type:            condition"),
    ("DOID:631", "fibromyalgia", "type:            condition"),
    ("http://purl.obolibrary.org/obo/MONDO_0005546", "fibromyalgia", "type:            condition"),
    ("Toll-like receptor 4", "Toll-like receptor 4", "type:            receptor"),
    ("TLR4", "Toll-like receptor 4", "identifier:      UniProtKB:O00206"),
    ("TLR4_HUMAN", "Toll-like receptor 4", "type:            receptor"),
    ("sleep quality", "sleep quality", "type:            outcome"),
    ("naltrexone", "naltrexone", "type:            drug"),
    ("microglial-inhibition", "microglial inhibition", "type:            mechanism"),
    ("s18", "source:naltrexone-to-treat-pain#s18", "number:          18"),
    ("source:naltrexone-to-treat-pain#s02", "source:naltrexone-to-treat-pain#s02", "no claim:        bibliographic"),
    ("hedge-s12", "source:naltrexone-to-treat-pain#hedge-s12", "cue:             thought"),
    (
        "soin-2021",
        "Low-Dose Naltrexone Use for Patients with Chronic Regional Pain Syndrome",
        "citation:        Soin A",
    ),
    ("mechanism:tlr4-antagonism#step-2", "mechanism:tlr4-antagonism#step-2", "type:            mechanism step"),
    ("by mouth", "by mouth", "type:            route"),
    ("Food and Drug Administration", "U.S. Food and Drug Administration", "type:            regulatory agency"),
    ("established", "established", "type:            certainty level"),
    ("studied in", "studied in", "type:            relation of claims"),
    ("mechanism", "mechanism", "definition:      "),
]


@pytest.mark.parametrize(("typed", "label", "line"), SHOWN, ids=[typed for typed, _, _ in SHOWN])
def test_an_entity_is_shown_by_any_of_its_names(run: Run, typed: str, label: str, line: str) -> None:
    lines = show(run, typed).splitlines()
    assert lines[0].startswith(label)
    assert any(one.startswith(f"  {line}") for one in lines), lines


def test_a_name_of_several_words_needs_no_quotation_marks(run: Run) -> None:
    assert show(run, "sleep", "quality") == show(run, "sleep quality")


def test_a_name_of_an_inexact_match_is_reported(run: Run) -> None:
    for typed, noted in (("TLR4", True), ("DOID:631", False), ("LDN", False)):
        note = f"'{typed}' names a close, broader or narrower term, not "
        assert (note in run("show", typed, "--home", ROOT).stderr) == noted


def test_a_claim_is_shown_by_its_label_too(run: Run) -> None:
    label = "Naltrexone, unlike naloxone, is taken by mouth"
    assert show(run, label) == show(run, "naltrexone-is-taken-orally")


def test_an_ambiguous_name_lists_the_candidates(run: Run) -> None:
    ended = run("show", "step-1", "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    first, *candidates = ended.stderr.splitlines()
    assert first == "ldnkg: 'step-1' is the name of 3 entities. Choose one:"
    mechanisms = ["microglial-inhibition", "opioid-rebound", "tlr4-antagonism"]
    assert candidates == [f"  ldnkg show mechanism:{name}#step-1" for name in mechanisms]
    for candidate in candidates:
        assert show(run, candidate.split()[2])


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("fibromialgia", "Did you mean MONDO:0005546 (fibromyalgia)?"),
        ("pain", "Did you mean HP:0012532 (chronic pain) or "),
        ("sleep", "OBA:2040170 (sleep quality)"),
        ("IBD", "MONDO:0005265 (inflammatory bowel disease)"),
        ("naltrexone-is-taken-oraly", "Did you mean claim:naltrexone-is-taken-orally (Naltrexone, unlike naloxone"),
        ("zzzz", "No entity is called 'zzzz'. `ldnkg query find-by-label --word zzzz` searches all labels"),
    ],
)
def test_an_unknown_name_suggests_entities_and_where_to_look(run: Run, typed: str, hint: str) -> None:
    ended = run("show", typed, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert hint in ended.stderr
    assert f"`ldnkg query find-by-label --word {typed}`" in ended.stderr


@pytest.mark.parametrize("typed", ["", "???", "{"])
def test_a_name_without_letters_is_no_entity(run: Run, typed: str) -> None:
    ended = run("show", typed, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"ldnkg: No entity is called '{typed}'. `ldnkg query find-by-label --word ")


def test_explain_of_an_entity_names_show(run: Run) -> None:
    ended = run("explain", "fibromyalgia", "--home", ROOT)
    assert ended.returncode == 2
    assert "There is no claim 'fibromyalgia'. " in ended.stderr
    assert "`ldnkg show NAME` lists the claims about an entity." in ended.stderr


def test_show_before_the_graph_is_built(run: Run, copy: Path) -> None:
    assert "Run `ldnkg build` first." in run("show", "fibromyalgia", "--home", copy).stderr
    assert "claim:naltrexone-is-taken-orally" in run("show", "naltrexone-is-taken-orally", "--home", copy).stdout


# --- what is printed of an entity


def test_a_regimen_has_its_dose(run: Run) -> None:
    dose = "  dose:            low-dose naltrexone: 1 to 5 mg/d, daily\n"
    assert dose in show(run, "LDN")
    assert dose in show(run, "low-dose-naltrexone-with-oral-opioids")
    assert "dose:" not in show(run, "naltrexone")


def test_a_mechanism_has_its_certainty_and_none_of_its_derived_properties(run: Run, built: BuiltGraph) -> None:
    for (mechanism,) in select(built, "SELECT ?m { ?m a ldn:Mechanism }"):
        facts = dict(describe_entity(built, mechanism))
        assert facts.keys() <= {"type", "certainty", "exact matches", "IRI"}
        assert facts["certainty"] == "hypothesised, the certainty of the weakest step"
    shown = show(run, "tlr4-antagonism")
    assert "claim:low-dose-naltrexone-antagonises-tlr4 (hypothesised: antagonises) [step 1]" in shown
    assert "[stated effect]" in shown


def test_established_says_what_is_established(run: Run, built: BuiltGraph) -> None:
    """The definition of *studied in* is printed with its certainty: only the study is established."""
    ((definition,),) = select(built, "SELECT ?d { ldn:studiedIn skos:definition ?d }")
    assert "result" in definition, "the definition excludes the result"
    shown = show(run, "fibromyalgia")
    assert f"  studied in: {definition}\n    {STUDIED} (established: studied in)\n" in shown
    assert f"  what is established: studied in: {definition}\n" in show(run, STUDIED)


def test_each_claim_is_printed_with_its_name_and_the_next_step_shows_one(run: Run) -> None:
    ended = run("show", "fibromyalgia", "--home", ROOT)
    assert ended.stderr == f"1 claim. Show one with its sentence and its citations: `ldnkg show {STUDIED}`.\n"
    assert STUDIED in show(run, STUDIED)
    assert run("show", "fibromyalgia", "--quiet", "--home", ROOT).stderr == ""
    assert run("show", "soin-2021", "--home", ROOT).stderr.startswith("3 claims, 2 inferred by curators. Show one ")
    assert run("show", "s02", "--home", ROOT).stderr.startswith("No claim is about it. ")


def test_a_claim_that_an_entity_only_qualifies_names_the_role(run: Run) -> None:
    assert "(established: taken by) [comparator]" in show(run, "naloxone")
    assert "(hypothesised: known as) [through another claim]" in show(run, "LDN")
    assert "[outside hedge]" in show(run, "hedge-s19")


# --- every entity

ENTITIES = "SELECT DISTINCT ?e { ?e a/rdfs:subClassOf* ?c . VALUES ?c { ldn:Entity ldn:Sentence ldn:Hedge ldn:Work } }"
EXPECTED = (
    """SELECT DISTINCT ?claim ?certainty { ?claim a ldn:Claim ; ?any <%s> ; ldn:certainty/rdfs:label ?certainty }"""
)


def check_claims(built: BuiltGraph, entity: str) -> None:
    """Assert that all claims about the entity are listed at their own certainty, the surest first."""
    found = list_claims(built, entity)
    own = {row[0]: row[1] for row in select(built, "SELECT ?c ?l { ?c a ldn:Claim ; ldn:certainty/rdfs:label ?l }")}
    names = [built.prefixes["claim"] + claim.claim.removeprefix("claim:") for claim in found]
    assert [claim.certainty for claim in found] == [own[name] for name in names]
    assert {name for name, _ in select(built, EXPECTED % entity)} <= set(names)
    ranks = [LEVELS.index(claim.certainty) for claim in found]
    assert ranks == sorted(ranks)


def test_every_entity_has_its_claims_at_their_certainty(built: BuiltGraph) -> None:
    entities = [entity for (entity,) in select(built, ENTITIES)]
    assert len(entities) > 80
    for entity in entities:
        check_claims(built, entity)
        assert dict(describe_entity(built, entity))["IRI"] == entity


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DESC(?rank)", "?rank"),
        ("ldn:certainty ?certain", "rdf:predicate/ldn:nothing?/^rdf:predicate/ldn:certainty ?certain"),
    ],
    ids=["the least sure first", "the certainty of another claim"],
)
def test_a_wrong_query_is_noticed(
    built: BuiltGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    """Planted faults in the query for claims."""
    text = entity_report.CLAIMS.read_text("utf-8")
    assert old in text
    (tmp_path / "wrong.rq").write_text(text.replace(old, new), "utf-8")
    monkeypatch.setattr(entity_report, "CLAIMS", tmp_path / "wrong.rq")
    with pytest.raises(AssertionError):
        check_claims(built, f"{built.prefixes['regimen']}low-dose-naltrexone")


def test_the_claims_about_a_condition_are_those_written_by_hand(built: BuiltGraph) -> None:
    path = ROOT / "tests" / "data" / "answers" / "facts.tsv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines(), delimiter="\t"))
    wanted = sum(any(re.fullmatch("fibromyalgia", cell) for cell in row) for row in rows)
    assert wanted == len(list_claims(built, f"{built.prefixes['MONDO']}0005546")) == 1


ORIGIN = " (the article states this dose in sentence 10)\n"


@pytest.mark.parametrize(
    ("claim", "origin"),
    [
        ("combination-is-associated-with-a-lower-opioid-dose", ORIGIN),
        ("low-dose-naltrexone-is-associated-with-longer-sleep", ORIGIN),
        ("tlr4-antagonism-inhibits-cytokine-production", ORIGIN),
        ("low-dose-naltrexone-produces-analgesia", "\n"),
    ],
)
def test_the_dose_of_a_claim_names_its_sentence_if_the_claim_has_another(run: Run, claim: str, origin: str) -> None:
    assert f"  dose:            1 to 5 mg/d{origin}" in show(run, f"claim:{claim}")


def test_a_claim_about_the_drug_has_no_dose(run: Run) -> None:
    assert "dose:" not in show(run, "claim:naltrexone-antagonises-mu-opioid-receptor")
