"""Plain words find questions: each word that people type leads to the question they mean."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from ldnkg.querying import search
from ldnkg.querying.library import Question
from ldnkg.querying.question_list import describe_next_step, describe_no_questions, format_command
from ldnkg.querying.search import find_questions, load_synonyms, normalise, suggest_words
from support.paths import ROOT
from support.questions import GROUPS, LIBRARY

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

HOME = Home(ROOT)
KNOWN = list(LIBRARY.values())
SYNONYMS = load_synonyms(HOME)
ROWS = list(csv.DictReader(io.StringIO((HOME.queries / "synonyms.tsv").read_text("utf-8")), delimiter="\t"))

# What a pharmacist, a trial designer, a curator or an engineer types, and the question that must be among the first 3.
PLAIN = [
    ("side effects", "combined-with-opioids"),
    ("side effect", "combined-with-opioids"),
    ("safety", "combined-with-opioids"),
    ("drug interactions", "combined-with-opioids"),
    ("adverse events", "combined-with-opioids"),
    ("dose", "dose-of"),
    ("doses", "dose-of"),
    ("dosage", "dose-of"),
    ("how much", "dose-of"),
    ("how often", "dose-of"),
    ("What is the dose?", "dose-of"),
    ("sleep", "outcomes-by-direction"),
    ("mood", "outcomes-by-direction"),
    ("quality of life", "outcomes-by-direction"),
    ("endpoints", "outcomes-by-direction"),
    ("tablet", "routes"),
    ("tablets", "routes"),
    ("by mouth", "routes"),
    ("injection", "routes"),
    ("evidence", "claims-by-evidence"),
    ("proof", "claims-by-evidence"),
    ("approved", "approvals"),
    ("licensed", "approvals"),
    ("off-label", "approvals"),
    ("FDA", "approvals"),
    ("unknown", "known-unknowns"),
    ("unclear", "known-unknowns"),
    ("research gap", "known-unknowns"),
    ("does it work", "conditions-benefited"),
    ("effectiveness", "conditions-benefited"),
    ("how does it work", "mechanism-steps"),
    ("pathway", "mechanism-steps"),
    ("targets", "receptors-acted-on"),
    ("diseases", "conditions-studied"),
    ("fibromyalgia", "conditions-studied"),
    ("clinical trial", "trial-overview"),
    ("patients", "trial-overview"),
    ("placebo", "compared-with"),
    ("how sure", "certainty-levels"),
    ("hypotheses", "lost-without-hypotheses"),
    ("quote", "span-of-claim"),
    ("references", "cite-a-claim"),
    ("crosswalk", "mappings-of"),
    ("download", "distributions"),
    ("schema", "relations"),
    ("how many", "entities-by-kind"),
    ("contradictions", "same-pair-other-relation"),
    ("posology regimen", "dose-of"),
    ("mechanism receptor condition", "drug-receptor-mechanism-condition-citation"),
]


def find(words: str) -> list[str]:
    return [question.name for question in find_questions(KNOWN, words.split(), SYNONYMS)]


@pytest.mark.parametrize(("words", "name"), PLAIN, ids=[words for words, _ in PLAIN])
def test_plain_words_lead_to_the_question(words: str, name: str) -> None:
    assert name in find(words)[:3]


def test_without_synonyms_plain_words_are_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the synonyms are not used."""
    monkeypatch.setitem(globals(), "SYNONYMS", {})
    assert sum(name not in find(words)[:3] for words, name in PLAIN) >= 15


def test_without_singular_forms_plurals_are_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: a plural is another word than its singular."""
    monkeypatch.setattr(search, "_make_singular", lambda word: word)
    assert "dose-of" not in find("doses")[:3]
    assert "routes" not in find("tablets")[:3]


@pytest.mark.parametrize("name", LIBRARY)
def test_a_question_is_found_by_its_name_and_its_title(name: str) -> None:
    assert find(name)[0] == name
    assert find(LIBRARY[name].said("title"))[0] == name


def question(text: str) -> list[str]:
    return [one.name for one in find_questions(RANKED, text.split(), {"pill": ["route"], "the": []})]


def planted(name: str, title: str, keywords: str, text: str) -> Question:
    head = f"# title: {title}\n# question: {text}\n# teaches: C.\n# keywords: {keywords}\n"
    return Question(Path("queries/treatment") / f"{name}.rq", f"{head}ASK {{ ?s ?p 'sparql' }}\n")


RANKED = [
    planted("a", "About nothing", "nothing", "Is a route of use here?"),
    planted("b", "About nothing", "route", "Is it?"),
    planted("c-route", "About nothing", "nothing", "Is it?"),
    planted("d", "The routes", "nothing", "Is it?"),
    planted("e", "Reroute", "nothing", "Is it?"),
]


def test_a_title_comes_before_name_and_keywords_and_these_before_the_text() -> None:
    assert question("route") == question("routes") == question("the route") == ["d", "b", "c-route", "a"]
    assert question("pill") == question("route")


def test_a_typed_word_comes_before_its_synonym() -> None:
    known = [planted("a", "A route", "x", "Is it?"), planted("b", "A pill", "x", "Is it?")]
    assert [one.name for one in find_questions(known, ["pill"], {"pill": ["route"]})] == ["b", "a"]


def test_the_sparql_is_searched_only_if_nothing_else_matches() -> None:
    assert question("sparql") == ["e", "d", "a", "b", "c-route"], "the short titles first"
    assert find("STRDT") == []
    assert "claims-without-hedge" in find("MINUS")


def test_several_words_narrow() -> None:
    for words in ("dose", "trial"):
        assert set(find("dose trial")) < set(find(words))
    assert find("fibromyalgia zzz") == []


def test_words_that_say_nothing_do_not_narrow() -> None:
    assert find("what is the evidence for it") == find("evidence")
    assert len(find("what is it")) <= len(KNOWN)


def test_the_name_of_a_group_selects_and_further_words_rank() -> None:
    for group in GROUPS:
        assert find(group) == [one.name for one in KNOWN if one.group == group]
    assert find("treatment how much")[0] == "dose-of"
    assert {LIBRARY[name].group for name in find("treatment dose")} == {"treatment"}


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Side-effects", "side effect"),
        ("therapies", "therapy"),
        ("analysis", "analysis"),
        ("illness", "illness"),
        ("MS", "ms"),
        ("doses, pills", "dose pill"),
    ],
)
def test_words_are_compared_in_lower_case_and_in_the_singular(text: str, normal: str) -> None:
    assert normalise(text) == normal


# --- the table of synonyms


def test_each_plain_word_stands_once() -> None:
    words = [normalise(word) for row in ROWS for word in row["words"].split(";")]
    assert sorted(words) == sorted(set(words))


def test_each_term_finds_a_question() -> None:
    terms = [term for row in ROWS for term in row["terms"].split(";") if term]
    assert len(terms) > 50
    assert [term for term in terms if not find_questions(KNOWN, [term], {})] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("plain\tterms\n", r"synonyms\.tsv:1: must name the columns words and terms, separated by a tab\."),
        ("words\tterms\npill route\n", r"synonyms\.tsv:2: has 1 columns\. Separate words and terms by a tab\."),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "synonyms.tsv").write_text(content, "utf-8")
    with pytest.raises(LdnkgError, match=message):
        load_synonyms(Home(tmp_path))


def test_a_publication_may_have_no_synonyms(tmp_path: Path) -> None:
    assert load_synonyms(Home(tmp_path)) == {}


# --- the next step


def test_the_next_step_is_a_command_that_runs(run: Run) -> None:
    for words in (["how", "much"], ["tablet"], ["find"]):
        ended = run("query", "--list", *words, "--home", ROOT)
        command = ended.stderr.partition("Run one by its name: `ldnkg ")[2].partition("`")[0].split()
        assert run(*command, "--home", ROOT).stdout


def test_the_next_step_names_each_parameter_with_its_default() -> None:
    assert format_command(LIBRARY["dose-of"]) == "ldnkg query dose-of --regimen regimen:low-dose-naltrexone"
    assert format_command(LIBRARY["find-by-label"]) == "ldnkg query find-by-label --word pain"
    assert format_command(LIBRARY["known-unknowns"]) == "ldnkg query known-unknowns"


def test_a_federated_question_is_proposed_last_and_with_its_option() -> None:
    federated = [one for one in KNOWN if one.federates]
    assert "`ldnkg query dose-of" in describe_next_step([*federated, LIBRARY["dose-of"]], KNOWN)
    assert describe_next_step(federated, KNOWN).endswith(" --federated`.")


def test_without_a_result_the_groups_and_the_nearest_words_are_offered(run: Run) -> None:
    ended = run("query", "--list", "tretment", "--home", ROOT)
    assert ended.stdout == ""
    assert "Did you mean 'treatment'? " in ended.stderr
    assert f"Groups: {', '.join(GROUPS)}. " in ended.stderr
    assert "and `ldnkg query --list` lists all questions. " in ended.stderr
    both = describe_no_questions(KNOWN, [], {"fibromyalgia": 2, "dose": 20})
    assert "Questions for each word alone: 'fibromyalgia' 2, 'dose' 20. " in both
    assert suggest_words(KNOWN, ["tabelt"], SYNONYMS) == ["tablet"]


def test_the_next_step_does_not_mix_with_the_list(run: Run) -> None:
    for form in ("json", "csv"):
        ended = run("query", "--list", "tablet", "--format", form, "--home", ROOT)
        assert "Run one by its name" in ended.stderr
        assert "ldnkg query" not in ended.stdout
    assert (
        json.loads(run("query", "--list", "tablet", "--format", "json", "--home", ROOT).stdout)[0]["name"] == "routes"
    )
    assert run("query", "--list", "tablet", "--quiet", "--home", ROOT).stderr == ""


# --- a name that no question has


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["claims-abuot"], "Did you mean 'claims-about'"),
        (["sleep"], "Questions with these words: outcomes-by-direction"),
        (["side effects"], "Questions with these words: combined-with-opioids"),
        (["side", "effects"], "'side effects' is neither a question nor a file nor SPARQL."),
        (["dose"], "Did you mean 'dose-of'"),
        (["zzzz"], "'zzzz' is neither a question nor a file nor SPARQL. `ldnkg query --list WORDS` searches"),
    ],
)
def test_an_unknown_name_suggests_names_and_questions_with_the_words(run: Run, typed: list[str], words: str) -> None:
    ended = run("query", *typed, "--home", ROOT)
    assert (ended.returncode, words in ended.stderr) == (2, True), ended.stderr
