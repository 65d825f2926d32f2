"""`ldnkg query`: questions with parameters, lists, explanations, and error messages."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from ldnkg.querying.engine import BuiltGraph, ask, load_graph
from ldnkg.querying.entity_lookup import EntityLookup
from ldnkg.querying.library import Question, load_questions
from ldnkg.querying.row_provenance import explain_rows
from ldnkg.rdf.guards import refuse_depth
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

LIBRARY = load_questions(Home(ROOT))
FIBROMYALGIA = "http://purl.obolibrary.org/obo/MONDO_0005546"


@pytest.fixture(scope="module")
def built() -> BuiltGraph:
    return load_graph(Home(ROOT))


def claims(ended: subprocess.CompletedProcess[str]) -> list[str]:
    assert ended.returncode == 0, ended.stderr
    return [row["claim"].rpartition("/")[2] for row in csv.DictReader(io.StringIO(ended.stdout))]


@pytest.mark.parametrize(
    "given",
    [
        ["--condition", "multiple sclerosis"],
        ["--condition", "Multiple-Sclerosis"],
        ["--condition=MONDO:0005301"],
        ["--condition", "http://purl.obolibrary.org/obo/MONDO_0005301"],
    ],
)
def test_a_parameter_is_given_by_label_curie_or_iri(run: Run, given: list[str]) -> None:
    ended = run("query", "claims-about", *given, "--format", "csv", "--home", ROOT)
    assert claims(ended) == ["low-dose-naltrexone-is-studied-in-multiple-sclerosis"]


def test_a_parameter_is_given_by_synonym_level_or_sentence(run: Run) -> None:
    dose = run("query", "dose-of", "--regimen", "LDN", "--format", "csv", "--home", ROOT).stdout
    assert "milligram per day" in dose
    surest = claims(run("query", "claims-at-least", "--level", "established", "--format", "csv", "--home", ROOT))
    assert len(surest) == 20
    of_sentence = claims(run("query", "claims-of-sentence", "--sentence", "s13", "--format", "csv", "--home", ROOT))
    assert "low-dose-naltrexone-antagonises-tlr4" in of_sentence


@pytest.mark.parametrize("given", ["Wikidata", "WIKIDATA:", "wikidata:", "http://www.wikidata.org/entity/"])
def test_a_vocabulary_is_given_by_its_prefix(run: Run, given: str) -> None:
    ended = run("query", "identifiers-in", "--vocabulary", given, "--format", "csv", "--home", ROOT)
    rows = list(csv.DictReader(io.StringIO(ended.stdout)))
    assert {row["identifier"].rpartition("/")[0] for row in rows} == {"http://www.wikidata.org/entity"}
    assert [row["label"] for row in rows if row["identifier"].endswith("/Q409587")] == ["naltrexone"]


def test_a_sentence_is_given_by_its_number(run: Run) -> None:
    for number, name in (("20", "s20"), ("7", "s07")):
        by_number, by_name = (
            run("query", "claims-of-sentence", "--sentence", given, "--format", "csv", "--home", ROOT)
            for given in (number, name)
        )
        assert claims(by_number) == claims(by_name) != []


def test_the_label_at_the_authority_is_a_name_too(built: BuiltGraph) -> None:
    called = EntityLookup(built)
    receptor = "http://purl.uniprot.org/uniprot/O00206"
    assert called.resolve("TLR4_HUMAN", receptor) == receptor
    assert called.resolve("Fibromyalgia syndrome", FIBROMYALGIA) == FIBROMYALGIA
    with pytest.raises(LdnkgError, match=r"Did you mean 'Toll-like receptor 4'\?"):
        called.resolve("TLR4", receptor)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("pain", "Did you mean 'chronic pain' or 'neuroinflammatory pain' or 'chronic pain condition'? "),
        ("IBD", "Did you mean 'inflammatory bowel disease'? "),
        ("CRPS", "Did you mean 'complex regional pain syndrome'? "),
        ("TLR4", "Did you mean 'Toll-like receptor 4'? "),
        ("Neuropathic pain", "Did you mean 'neuroinflammatory pain'? "),
        ("fibromialgia", "Did you mean 'fibromyalgia'? "),
        ("fibro", "Did you mean 'fibromyalgia'? "),
        ("UniProt", ""),
        ("", ""),
    ],
)
def test_suggested_names_are_of_the_type_of_the_parameter(built: BuiltGraph, given: str, hint: str) -> None:
    with pytest.raises(LdnkgError) as told:
        EntityLookup(built).resolve(given, FIBROMYALGIA)
    assert str(told.value) == (
        f"No entity is called '{given}'. {hint}Give a label, a CURIE or an IRI of the graph; "
        "`ldnkg query find-by-label --word WORD` searches the labels."
    )


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("claims-about", "--condition is fibromyalgia by default; change it with --condition VALUE."),
        (
            "mechanisms-to-condition",
            "--condition is neuroinflammatory pain by default; change it with --condition VALUE.",
        ),
        ("find-by-label", "--word is pain by default; change it with --word VALUE."),
        ("identifiers-in", "--vocabulary is MESH: by default; change it with --vocabulary VALUE."),
        (
            "claims-of-sentence",
            "--sentence is source:naltrexone-to-treat-pain#s10 by default; change it with --sentence VALUE.",
        ),
    ],
)
def test_the_default_of_a_parameter_is_printed_with_the_answer(run: Run, question: str, words: str) -> None:
    ended = run("query", question, "--format", "json", "--home", ROOT)
    assert ended.stderr == f"{words}\n"
    assert json.loads(ended.stdout)["results"]["bindings"]
    assert run("query", question, "--quiet", "--home", ROOT).stderr == ""


def test_a_given_value_is_not_printed_again(run: Run) -> None:
    assert run("query", "claims-about", "--condition", "fibromyalgia", "--home", ROOT).stderr == ""
    assert run("query", "known-unknowns", "--home", ROOT).stderr == ""


def test_defaults_of_all_kinds_are_printed(run: Run, tmp_path: Path) -> None:
    given = {"kind": "ldn:Drug <http://x.example/a> ex:b", "n": "2.5", "word": '"a \\"b\\""@en', "start": "claim:"}
    lines = [f"  VALUES ?{name} {{ {value} }}" for name, value in given.items()]
    head = "".join(f"# parameter: {name}: what\n" for name in given)
    sparql = "\n".join(["PREFIX ex: <http://y.example/>", "SELECT * {", *lines, "}"])
    (tmp_path / "mine.rq").write_text(head + sparql, "utf-8")
    told = {"kind": "drug and http://x.example/a and ex:b", "n": "2.5", "word": 'a \\"b\\"', "start": "claim:"}
    said = run("query", "mine.rq", "--home", ROOT).stderr.splitlines()
    assert said == [f"--{name} is {words} by default; change it with --{name} VALUE." for name, words in told.items()]


def test_similar_names_are_printed_if_there_are_no_rows(run: Run) -> None:
    none = "No rows: the graph has no answer. This does not mean no.\n"
    also = "Similar names in the graph: 'chronic pain condition', 'chronic pain condition with inflammation'.\n"
    asked = ["query", "mechanisms-to-condition", "--condition", "chronic pain", "--home", ROOT]
    about = f"About this question: {LIBRARY['mechanisms-to-condition'].said('teaches')}\n"
    assert run(*asked).stderr == none + about + also
    explained = run(*asked, "--explain")
    assert explained.stderr == none + about + also
    asked = ["query", "mechanisms-to-condition", "--condition", "fibromyalgia", "--home", ROOT]
    assert run(*asked).stderr == none + about


def test_a_text_parameter_is_escaped(run: Run) -> None:
    found = run("query", "find-by-label", "--word", "LDN", "--format", "csv", "--home", ROOT).stdout
    assert "regimen/low-dose-naltrexone" in found
    odd = run("query", "find-by-label", "--word", '"} UNION { ?s ?p ?o } #', "--home", ROOT)
    assert (odd.returncode, odd.stdout) == (0, "")
    assert odd.stderr.startswith("No rows: the graph has no answer.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["claims-about", "--condition", "fibromialgia"], "Did you mean 'fibromyalgia'?"),
        (["claims-about", "--conditon", "x"], "has no parameter --conditon. Did you mean 'condition'?"),
        (["known-unknowns", "--condition", "x"], "It has no parameters."),
        (["claims-about", "--condition"], "is not a pair of --PARAMETER and VALUE"),
        (["claims-about", "fibromyalgia"], "is not a pair of --PARAMETER and VALUE"),
        (["claims-about", "--condition", "http://x y"], "No entity is called 'http://x y'."),
        (["ASK {}", "--condition", "x"], "Write the value into the SPARQL."),
        (
            ["claims-at-least", "--level", "high"],
            "Possible values: associated, established, hypothesised, supported, unknown.",
        ),
        (["claims-abot"], "Did you mean 'claims-about'"),
        (["span"], "Did you mean 'span-of-claim'"),
        (["DESCRIBE <x:y>", "--explain"], "--explain needs the rows of a SELECT."),
        ([], "usage: ldnkg query"),
    ],
)
def test_wrong_use_is_one_sentence(run: Run, arguments: list[str], words: str) -> None:
    ended = run("query", *arguments, "--home", ROOT)
    assert (ended.returncode, words in ended.stderr) == (2, True), ended.stderr


def test_a_syntax_error_is_shown_at_its_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text("SELECT ?s WHERE {\n\t?s a ldn:Claim\n  FILTER(?s = \n}\n", "utf-8")
    ended = run("query", "mine.rq", "--home", ROOT)
    assert ended.returncode == 2
    first, line, mark = ended.stderr.splitlines()
    assert first == (
        "ldnkg: mine.rq:4:1: SPARQL syntax error at line 4, column 1: the `(` at line 3, column 9 is not closed."
    )
    assert (line, mark) == ("  }", "  ^")
    undeclared = run("query", "ASK {\n  ?s a ldn:Claim ; ex:b ?c .\n}", "--home", ROOT).stderr
    assert "at line 2, column 20: the prefix `ex:` is not declared." in undeclared
    assert "expected `{` before `?x`." in run("query", "SELECT ?s WHERE\n?x ?y {", "--home", ROOT).stderr


def test_brackets_may_be_nested_two_hundred_deep(built: BuiltGraph) -> None:
    nested = ["(" * depth + "1" + ")" * depth for depth in (198, 199, 30_000)]
    assert ask(built, f"ASK {{ FILTER({nested[0]}) }}")
    for inner, depth in zip(nested[1:], (201, 30_002), strict=True):
        with pytest.raises(LdnkgError, match=rf"are nested {depth:,} deep, and at most 200 are allowed"):
            ask(built, f"ASK {{ FILTER({inner}) }}")
    with pytest.raises(LdnkgError, match="nested"):
        refuse_depth("ASK " + "\\u007B" * 201 + "}" * 201)
    quoted = "(" * 300
    assert ask(built, f"ASK {{ FILTER('{quoted}' != <x:{quoted[:100]}>) }} # {quoted}")


@pytest.mark.parametrize("form", ["table", "csv", "json", "ttl"])
def test_an_unknown_function_is_one_sentence(run: Run, form: str) -> None:
    called = "BIND (<http://x.example/f>(?s) AS ?r)"
    sparql = (
        f"CONSTRUCT {{ ?s ?p ?r }} {{ ?s ?p ?o {called} }}" if form == "ttl" else f"SELECT ?r {{ ?s ?p ?o {called} }}"
    )
    ended = run("query", sparql, "--format", form, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    words = "The query cannot be evaluated: The custom function <http://x.example/f> is not supported."
    assert ended.stderr == f"ldnkg: {words}\n"


def test_a_query_may_begin_with_a_byte_order_mark_or_be_standard_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text("\ufeffASK { ?s a ldn:Claim }", "utf-8")
    assert run("query", "mine.rq", "--home", ROOT).stdout == "yes\n"
    assert run_with_input("ASK { ?s a ldn:Claim }\n") == "yes\n"
    assert run_with_input("\ufeffASK { ?s a ldn:Claim }\n") == "yes\n"
    assert "standard input:2:1: SPARQL syntax error at line 2, column 1: " in run_with_input(
        "\nASKK { ?s a ldn:Claim }\n"
    )
    assert "Standard input is not UTF-8 text." in run_with_input(b"ASK { ?s a '\xff' }")
    assert "The query is not UTF-8 text." in run("query", "ASK { ?s a '\udcff' }", "--home", ROOT).stderr


def run_with_input(typed: str | bytes) -> str:
    """Return the output and the messages of `ldnkg query -` for this standard input."""
    command = [sys.executable, "-m", "ldnkg", "query", "-", "--home", str(ROOT)]
    content = typed.encode() if isinstance(typed, str) else typed
    ended = subprocess.run(command, input=content, capture_output=True, check=False, timeout=60)
    return (ended.stdout + ended.stderr).decode()


def test_an_answer_is_written_with_the_prefixes_of_the_query(run: Run) -> None:
    query = "PREFIX far: <https://far.example/>\nSELECT (IRI('https://far.example/a') AS ?x) WHERE {}"
    assert "far:a" in run("query", query).stdout
    assert "https://far.example/a" in run("query", query.partition("\n")[2]).stdout


def test_a_graph_is_written_with_the_prefixes_that_occur_in_it(run: Run) -> None:
    triple = "regimen:low-dose-naltrexone a ldn:Regimen"
    sparql = f"CONSTRUCT {{ {triple} ; rdfs:label 'an ex:ample of <x:y>, MESH:1' }} {{ {triple} }}"
    said = run("query", sparql, "--home", ROOT).stdout
    assert [line.split()[1] for line in said.splitlines() if line.startswith("@prefix")] == [
        "ldn:",
        "rdfs:",
        "regimen:",
    ]
    assert len(list(ox.parse(said, format=ox.RdfFormat.TURTLE))) == 2


def test_a_file_needs_no_header(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.rq").write_text("ASK { ?s a ldn:Claim }", "utf-8")
    assert run("query", "mine.rq", "--home", ROOT).stdout == "yes\n"


def test_the_list_has_the_questions_that_match_all_words(run: Run) -> None:
    whole = run("query", "--list", "--home", ROOT)
    assert {line.split()[1] for line in whole.stdout.splitlines()[2:]} == set(LIBRARY)
    assert whole.stderr.startswith(f"{len(LIBRARY)} of {len(LIBRARY)} questions. Narrow the list with words or a group")
    some = run("query", "--list", "REGIMEN", "dose", "--home", ROOT).stdout
    assert "dose-of" in some
    assert "--regimen" in some
    assert "distributions" not in some
    assert run("query", "--list", "nonsense", "--home", ROOT).stderr.startswith("0 of ")


def test_the_list_suggests_similar_words(run: Run) -> None:
    said = [run("query", "--list", word, "--home", ROOT).stderr for word in ("claims-abut", "mecanism", "zzzz")]
    none = f"0 of {len(LIBRARY)} questions."
    starts = [f"{none} Did you mean 'claims-about'? G", f"{none} Did you mean 'mechanism'? G", f"{none} Groups: "]
    assert [line[: len(start)] for line, start in zip(said, starts, strict=True)] == starts


def test_the_list_has_machine_readable_formats(run: Run) -> None:
    listed = {one["name"]: one for one in json.loads(run("query", "--list", "--format", "json", "--home", ROOT).stdout)}
    assert set(listed) == set(LIBRARY)
    one = listed["dose-of"]
    assert one["title"] == "Dose and frequency of a regimen"
    assert one["question"] == "At what dose and how often is a drug given in this regimen?"
    assert "posology" in one["keywords"]
    parameter = {
        "name": "regimen",
        "meaning": "a regimen, such as low-dose naltrexone",
        "default": "regimen:low-dose-naltrexone",
    }
    assert (one["parameters"], one["federates"]) == ([parameter], [])
    assert listed["receptors-at-uniprot"]["federates"] == ["https://sparql.uniprot.org/sparql"]
    rows = list(csv.DictReader(io.StringIO(run("query", "--list", "dose", "--format", "csv", "--home", ROOT).stdout)))
    (row,) = (row for row in rows if row["name"] == "dose-of")
    assert (row["parameters"], row["title"]) == ("regimen", "Dose and frequency of a regimen")
    assert "posology; " in row["keywords"] + "; "
    assert run("query", "--list", "nonsense", "--format", "json", "--home", ROOT).stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--list", "--format", "ttl"], "--list has no format ttl. Use --format table, csv or json"),
        (["claims-about", "--explain", "--format", "csv"], "--explain has no format csv. Use --format table or json."),
        (["claims-about", "--explain", "--format", "ttl"], "--explain has no format ttl. Use --format table or json."),
        (["ASK {}", "--explain", "--format", "json"], "--explain needs the rows of a SELECT."),
    ],
)
def test_a_format_that_does_not_exist_is_refused(run: Run, arguments: list[str], words: str) -> None:
    ended = run("query", *arguments, "--home", ROOT)
    assert (ended.returncode, ended.stdout, words in ended.stderr) == (2, "", True), ended.stderr


def test_a_federated_question_is_marked_and_refused(run: Run) -> None:
    lines = run("query", "--list", "uniprot", "--home", ROOT).stdout.splitlines()
    (line,) = (line for line in lines if line.split()[1] == "receptors-at-uniprot")
    assert line.endswith("--receptor, with --federated, which queries sparql.uniprot.org")
    ended = run("query", "receptors-at-uniprot", "--home", ROOT, cwd=ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    path = "queries/federated/receptors-at-uniprot.rq"
    use = "Use `ldnkg query --federated`, or"
    assert ended.stderr.endswith(
        f"{use} paste the query of {path} into a triple store of your own that holds ldn-kg.ttl.\n"
    )


def test_an_explanation_has_json(run: Run) -> None:
    (row,) = json.loads(run("query", "claims-about", "--explain", "--format", "json", "--home", ROOT).stdout)
    claim = "https://w3id.org/ldn-kg/claim/low-dose-naltrexone-is-studied-in-fibromyalgia"
    assert row["values"]["claim"] == claim
    assert row["values"]["certainty"] == "established"
    (reason,) = row["reasons"]
    assert reason == {
        "claim": claim,
        "label": row["values"]["says"],
        "certainty": "established",
        "sentences": ["https://w3id.org/ldn-kg/source/naltrexone-to-treat-pain#s18"],
    }


def test_an_answer_is_explained_by_claims_and_sentences(run: Run) -> None:
    said = run("query", "claims-about", "--explain", "--home", ROOT).stdout
    assert f"VALUES ?condition {{ <{FIBROMYALGIA}> }}" in said or "VALUES ?condition { MONDO:0005546 }" in said
    assert "claim:low-dose-naltrexone-is-studied-in-fibromyalgia (established): " in said
    assert "    from source:naltrexone-to-treat-pain#s18" in said


def test_a_count_is_supported_by_the_counted_claims(built: BuiltGraph) -> None:
    sparql = (
        "SELECT ?level (COUNT(?claim) AS ?n)\nWHERE { ?claim a ldn:Claim ; ldn:certainty ?level }\n"
        "GROUP BY ?level\nHAVING (COUNT(?claim) < 3)\nORDER BY ?level\n"
    )
    found = explain_rows(built, sparql)
    assert [sorted(one.claim.rpartition("/")[2] for one in row) for row in found] == [
        [
            "combination-is-associated-with-a-lower-opioid-dose",
            "combination-is-associated-with-lower-opioid-adverse-effects",
        ],
        ["mechanism-of-analgesia-is-unclear", "mechanism-of-anti-inflammation-is-unclear"],
    ]


def test_a_mechanism_is_supported_by_its_steps(built: BuiltGraph) -> None:
    sparql = "SELECT ?m\nWHERE { ?m a ldn:Mechanism ; ldn:receptor ?receptor }\n"
    ((first, *_),) = explain_rows(built, sparql)
    assert first.claim.endswith("/claim/low-dose-naltrexone-antagonises-tlr4")
    assert [name.rpartition("#")[2] for name in first.sentences] == ["s12", "s13"]


# --- completion in the shell


def completed(line: str) -> list[str]:
    """Return the completions of the line: argcomplete reads it from the environment and writes to file descriptor 8."""
    command = f"{sys.executable} -m ldnkg 8>&1 9>/dev/null >/dev/null"
    asked = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    env = {**os.environ, **asked, "PYTHONPATH": str(ROOT / "scripts")}
    ended = subprocess.run(command, shell=True, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S602
    return [word.strip() for word in ended.stdout.splitlines()]


def test_names_and_their_parameters_are_completed() -> None:
    assert sorted(completed("ldnkg query claims-ab")) == [
        "claims-about",
        "claims-about-claims",
        "claims-about-intervention",
    ]
    assert "--condition" in completed("ldnkg query claims-about --")
    assert "--condition" in completed("ldnkg query claims/claims-about --")
    assert "--condition" not in completed("ldnkg query known-unknowns --")
    assert completed("ldnkg serv") == ["serve"]


# --- every question


@pytest.mark.parametrize("question", [one for one in LIBRARY.values() if not one.federates], ids=lambda one: one.name)
def test_each_row_about_claims_can_be_explained(built: BuiltGraph, question: Question) -> None:
    """A claim in a row is one of the claims that support it."""
    answer = built.store.query(question.text)
    if not isinstance(answer, ox.QuerySolutions) or "claim" not in [one.value for one in answer.variables]:
        return
    for row, why in zip(answer, explain_rows(built, question.text), strict=True):
        assert row["claim"] is None or row["claim"].value in {reason.claim for reason in why}
