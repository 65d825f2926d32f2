"""The groups of questions: one folder each, and the same groups in the list, on the page and in RDF."""

from __future__ import annotations

import csv
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.namespace import RDF, RDFS

from ldnkg.errors import LdnkgError
from ldnkg.exports.query_library.writer import QueryLibrary
from ldnkg.files import open_regular
from ldnkg.paths import Home
from ldnkg.querying.library import find_question, list_question_files, load_questions
from support.html import parsed, shown, text
from support.paths import ROOT
from support.questions import GROUPS, LIBRARY, titles

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    Run = Callable[..., subprocess.CompletedProcess[str]]

HOME = Home(ROOT)
PITFALLS = "pitfalls"
SCHEMA = rdflib.Namespace("https://schema.org/")
QUERY = rdflib.Namespace("https://w3id.org/ldn-kg/query/")


def with_questions(home: Path, *names: str) -> Home:
    """Return the home with these questions added, each with a complete header."""
    for name in names:
        path = home / "queries" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# title: A\n# question: B?\n# teaches: C.\n# keywords: d, e\nASK {}\n", "utf-8")
    return Home(home)


# --- the folders


def test_each_question_is_in_exactly_one_known_group() -> None:
    folders = [path.name for path in HOME.queries.iterdir() if path.is_dir()]
    assert sorted(folders) == sorted([*GROUPS, PITFALLS])
    files = [path.relative_to(HOME.queries) for path in HOME.queries.rglob("*.rq")]
    questions = [path for path in files if path.parts[0] != PITFALLS]
    assert sorted(path.as_posix() for path in questions) == sorted(f"{q.group}/{q.name}.rq" for q in LIBRARY.values())
    assert len({path.stem for path in questions}) == len(questions)


def test_each_group_has_three_questions_and_a_title_of_its_own() -> None:
    assert min(Counter(question.group for question in LIBRARY.values()).values()) >= 3
    assert "other" not in {word.lower() for row in GROUPS.values() for word in (row["group"], row["title"])}
    assert len({row["title"] for row in GROUPS.values()}) == len(GROUPS)
    for row in GROUPS.values():
        assert row["title"].lower().startswith(row["group"]), "titles and folders are sorted in the same order"
        assert row["description"].endswith(".")
    assert GROUPS.keys() & LIBRARY.keys() == set(), "groups and questions share one namespace of addresses"


def test_federated_and_biolink_questions_are_in_their_groups() -> None:
    assert {one.name for one in LIBRARY.values() if one.group == "federated"} == {
        one.name for one in LIBRARY.values() if one.federates
    }
    assert {one.name for one in LIBRARY.values() if one.group == "biolink"} == {
        one.name for one in LIBRARY.values() if "Biolink" in one.keywords
    }


def test_the_questions_are_sorted_by_group_and_name() -> None:
    found = [(question.group, name) for name, question in LIBRARY.items()]
    assert found == sorted(found)


def test_two_questions_with_the_same_name_are_refused(tmp_path: Path) -> None:
    home = with_questions(tmp_path, "claims/x.rq", "gaps/x.rq", "gaps/y.rq")
    for ask in (load_questions, list_question_files, lambda home: find_question(home, "x")):
        with pytest.raises(LdnkgError, match=r"gaps/x\.rq: has the same name as .+claims/x\.rq\. Rename one of them"):
            ask(home)


def test_a_question_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LdnkgError, match=r"queries/x\.rq: is in no group\. Move it into a folder of .+queries/\."):
        load_questions(with_questions(tmp_path, "x.rq"))


def test_a_group_without_a_description_is_refused(copy: Path) -> None:
    QueryLibrary(Home(copy))
    home = with_questions(copy, "other/x.rq")
    with pytest.raises(
        LdnkgError, match=r"groups\.tsv: has no row for the folder of .+queries/other/x\.rq\. Add one with"
    ):
        QueryLibrary(home)


def test_a_new_question_is_one_file(copy: Path) -> None:
    home = with_questions(copy, "gaps/x.rq")
    assert load_questions(home)["x"].group == "gaps"
    (node,) = (node for node in QueryLibrary(home).document["@graph"] if node["id"] == "query:x")
    assert node["group"] == "query:gaps"


# --- finding one question


def test_a_question_is_found_by_name_by_group_and_name_and_by_file() -> None:
    path = HOME.queries / "claims" / "claims-about.rq"
    found = [find_question(HOME, asked) for asked in ("claims-about", "claims/claims-about", str(path))]
    assert [(one.path, one.group) for one in found if one] == [(path, "claims")] * 3


def test_only_the_question_that_is_run_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def see_and_open(path: Path) -> BinaryIO:
        opened.append(path.name)
        return open_regular(path)

    monkeypatch.setattr("ldnkg.files.open_regular", see_and_open)
    find_question(HOME, "known-unknowns")
    assert opened == ["known-unknowns.rq"]
    assert len(load_questions(HOME)) == len(opened) - 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("claims", "'claims' is a group of questions. `ldnkg query --list claims` lists them."),
        (
            "gaps/claims-about",
            "'gaps/claims-about' is neither a question nor a file nor SPARQL. Did you mean 'claims-about'",
        ),
        ("other", "'other' is neither a question nor a file nor SPARQL."),
    ],
)
def test_an_unknown_question_is_one_sentence(asked: str, words: str) -> None:
    with pytest.raises(LdnkgError) as told:
        find_question(HOME, asked)
    assert str(told.value).startswith(words)


# --- the list


def listed(run: Run, *words: str) -> list[tuple[str, str]]:
    said = run("query", "--list", *words, "--format", "json", "--home", ROOT).stdout
    return [(one["group"], one["name"]) for one in json.loads(said)]


def test_the_list_shows_every_group_in_order(run: Run) -> None:
    everything = [(question.group, name) for name, question in LIBRARY.items()]
    assert listed(run) == everything
    rows = csv.DictReader(run("query", "--list", "--format", "csv", "--home", ROOT).stdout.splitlines())
    assert [(row["group"], row["name"]) for row in rows] == everything
    table = run("query", "--list", "--home", ROOT).stdout.splitlines()
    assert table[0].split() == ["group", "name", "title", "parameters"]
    assert [tuple(line.split()[:2]) for line in table[2:]] == everything


@pytest.mark.parametrize("group", GROUPS)
def test_the_name_of_a_group_lists_its_questions(run: Run, group: str) -> None:
    assert listed(run, group) == [(group, one.name) for one in LIBRARY.values() if one.group == group]


def test_further_words_narrow_a_group(run: Run) -> None:
    assert ("treatment", "dose-of") in listed(run, "treatment", "posology")
    assert listed(run, "gaps", "posology") == listed(run, "gaps", "claims") == []
    said = run("query", "--list", "tretment", "--home", ROOT).stderr
    assert said.startswith(f"0 of {len(LIBRARY)} questions. Did you mean 'treatment'? ")


# --- RDF and HTML


def test_each_group_is_published_with_its_title_and_its_questions(files: dict[str, bytes]) -> None:
    graph = rdflib.Graph().parse(data=files["queries.ttl"], format="turtle")
    assert set(graph.subjects(RDF.type, SCHEMA.Collection)) == {QUERY[group] for group in GROUPS}
    for group, row in GROUPS.items():
        assert {str(words) for words in graph.objects(QUERY[group], RDFS.label)} == {row["title"]}
        assert {str(words) for words in graph.objects(QUERY[group], RDFS.comment)} == {row["description"]}
    assert set(graph.subject_objects(SCHEMA.isPartOf)) == {
        (QUERY[name], QUERY[question.group]) for name, question in LIBRARY.items()
    }


def test_the_page_has_a_section_for_each_group(files: dict[str, bytes]) -> None:
    sections = list(parsed(files, "questions.html").iter("section"))
    heads = [text(next(section.iter("h2"))) for section in sections]
    assert heads == ["Overview", *(row["title"] for row in GROUPS.values())]
    shown_titles = [
        sorted(text(head).removesuffix("#").strip() for head in section.iter("h3")) for section in sections[1:]
    ]
    assert shown_titles == [titles(group) for group in GROUPS]


def test_the_page_describes_each_group_and_links_to_its_questions(files: dict[str, bytes]) -> None:
    nodes = shown(files, "questions.html")
    assert nodes["query/prefixes"]["questions"] == [(str(len(LIBRARY)), "")]
    for group, row in GROUPS.items():
        node = nodes[f"query/{group}"]
        assert node["description"] == [(row["description"], "")]
        assert sorted(words for words, _ in node["questions"]) == titles(group)
        assert all(href.removeprefix("questions.html#") in nodes for _, href in node["questions"])
