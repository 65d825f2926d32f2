"""The pages of the server in a browser: the query editor works as intended and fetches nothing from elsewhere."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from support.html import VNU, break_page, find_invalid
from support.paths import ROOT
from support.programs import NODE
from support.querying import by_hand, cell, given
from support.questions import ANSWERS, GROUPS, HERE, cases, titles
from support.servers import CRAWLING, SERVED, served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Seen = dict[str, Any]

CHROMIUM = os.environ.get("LDNKG_CHROMIUM")
PAGES = {"light": ["sparql", "index.html", "ontology.html", "questions.html", "claim/nothing"]}
PAGES["dark"] = ["sparql", "questions.html", "claim/nothing"]
SHORT = {"light": ["sparql"], "dark": ["sparql"]}
HEADLINE = "drug-receptor-mechanism-condition-citation"
FEW = ("certainty-levels", "is-a-fact-without-claim", "edges-of-facts")
TYPED = [case for case in cases() if HERE[case[0]].parameters or case[1].stem in {*FEW, HEADLINE}]

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(
        not (CHROMIUM and NODE), reason="no Chromium is named in LDNKG_CHROMIUM, or no Node in LDNKG_NODE"
    ),
]


def watch(
    files: dict[str, bytes],
    folder: Path,
    code: Path,
    asked: list[dict[str, object]],
    pages: dict[str, list[str]],
    patience: float,
) -> Seen:
    """What a browser shows of a server that runs the package `ldnkg` in the folder `code`."""
    for name, content in files.items():
        (folder / "built" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "built" / name).write_bytes(content)
    with served(folder / "built", folder / "log", "--seconds", "2", code=code) as server:
        task: Seen = {"url": f"http://127.0.0.1:{server.port}/", "asked": asked, "slow": CRAWLING, "pages": pages}
        task["patience"] = 1000 * patience
        command = [str(NODE), str(ROOT / "tests" / "support" / "clients" / "editor.mjs")]
        ended = subprocess.run(command, input=json.dumps(task), capture_output=True, text=True, check=True, timeout=300)
    return {**json.loads(ended.stdout), "url": task["url"]}


def make_task(name: str, path: Path, expand: Callable[[str], str]) -> dict[str, object]:
    """A question with the values that a user types for its parameters: an IRI or a word."""
    return {"id": f"query:{name}", "given": {key: term[1:-1] for key, term in given(path, expand).items()}}


def copy_with_faults(code: Path) -> None:
    """Copy the package into the folder, with all the faults below in the query editor."""
    shutil.copytree(ROOT / "scripts" / "ldnkg", code / "ldnkg")
    page = code / "ldnkg" / "server" / "resources" / "editor.html"
    text = page.read_text("utf-8")
    for right, wrong in FAULTS:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    page.write_text(text, "utf-8")


FAULTS = [
    ("words.every(word", "words.some(word"),
    ("group: groups.get(question.group)", 'group: "other"'),
    ("bindings.slice(0, FIRST)", "bindings.slice(1, FIRST)"),
    ('? "Yes" : "No"', '? "No" : "Yes"'),
    ('make("pre", await answer.text())', 'make("pre", "")'),
    ("before + term + after", "before + words + after"),
    (
        'by("query").value);\n  by("query").rem',
        'by("query").value.replace("established", "unknown"));\n  by("query").rem',
    ),
    ('"No rows: the graph', '"The graph'),
    ("FIRST = 500", "FIRST = 5000"),
    ("  explain(bindings);\n", ""),
    ("else made.textContent = term", "else made.innerHTML = term"),
    ("iri.slice(base.length);", "iri.slice(base.length + 1);"),
    ('return "./" + (', 'return "http://127.0.0.2:9/" + ('),
    ('save = () => answered("text/csv', 'save = () => answered("text/tab-separated-values'),
    ('graph ? "answer.ttl"', 'graph ? "answer.nt"'),
    ("asking.abort();", ""),
    ("(event.ctrlKey || event.metaKey)", "event.metaKey"),
    ('<button id="csv"', '<button tabindex="-1" id="csv"'),
    ("list();\n  open();", 'list();\n  open();\n  fetch("http://127.0.0.2:9/");'),
    ('say("", sentence);', "say(sentence);"),
    ('"The server does not answer: "', '""'),
    ("body { font", "body { min-width: 400px; font"),
    ('<label for="search">', "<label>"),
    ("color-scheme: light dark", "color-scheme: light"),
]


# --- checks of the page; each of them fails for the page with the faults


def shows_the_library(seen: Seen) -> None:
    found = seen["library"]
    assert sorted(found["all"]) == sorted(question.said("title") for question in HERE.values())
    assert 5 < found["groups"] < len(HERE) / 3
    groups = {question.group for question in HERE.values()}
    assert [label for label, _ in found["held"]] == [row["title"] for name, row in GROUPS.items() if name in groups]
    held = {label: sorted(options) for label, options in found["held"]}
    assert held == {GROUPS[name]["title"]: titles(name) for name in groups}
    assert found["found"] == ["Compared with another drug"]
    assert found["count"] == f"1 of {len(HERE)} questions"
    assert found["none"] == "No question contains these words."


def answer_to(seen: Seen, name: str) -> Seen:
    found: list[Seen] = [answer for answer in seen["answers"] if answer["question"] == HERE[name].said("question")]
    assert len(found) == 1
    return found[0]


def shows_a_table(seen: Seen) -> None:
    answer = answer_to(seen, "certainty-levels")
    assert [row[1:3] for row in answer["rows"]] == [
        ["established", "5"],
        ["supported", "4"],
        ["associated", "3"],
        ["hypothesised", "2"],
        ["unknown", "1"],
    ]
    assert re.fullmatch(r"5 rows \(\d+ ms\)\.", answer["said"])


def explains_the_certainty(seen: Seen) -> None:
    answer = answer_to(seen, "certainty-levels")
    assert "supportedThe source says that what the claim states is seen" in answer["certainty"]
    assert "hypothesisedThe source says that the claim is thought or supposed" in answer["certainty"]
    assert seen["unsure"]["certainty"].startswith("This answer does not include the certainty of its claims.")


def answers_yes_or_no(seen: Seen) -> None:
    answer = answer_to(seen, "is-a-fact-without-claim")
    assert answer["said"].startswith("No (")


def shows_a_graph(seen: Seen) -> None:
    answer = answer_to(seen, "edges-of-facts")
    assert "UniProtKB:P35372" in answer["graph"]
    assert answer["said"].startswith("A graph (")


def has_a_field_for_each_parameter(seen: Seen) -> None:
    found = seen["fields"]
    assert (found["usual"], found["word"]) == ("MONDO:0005546", "pain")
    assert ["MONDO:0005301", "multiple sclerosis"] in found["offered"]
    assert len(found["offered"]) == 10
    assert found["named"] == "VALUES ?condition { MONDO:0005546 }"
    assert found["followed"] == "MONDO:0005301"
    assert found["quoted"] == r'VALUES ?word { "say \"ah\"" }'


def links_to_the_query(seen: Seen) -> None:
    found = seen["link"]
    assert "VALUES ?level { ldn:established }" in found["query"]
    assert found["opened"] == found["query"]
    assert found["level"] == "ldn:established"
    assert found["question"] == HERE["claims-at-least"].said("question")


def explains_an_answer_without_rows(seen: Seen) -> None:
    assert seen["empty"]["said"].startswith("No rows: the graph has no answer. This does not mean no (")
    assert seen["empty"]["names"] == []


def shows_the_first_of_many_rows(seen: Seen) -> None:
    assert seen["long"]["said"].startswith("600 rows; the first 500 are shown (")
    assert (seen["long"]["first"], seen["long"]["all"]) == (500, 600)


def escapes_text(seen: Seen) -> None:
    assert seen["text"]["shown"] == [[seen["text"]["said"]]]
    assert (seen["text"]["ran"], seen["text"]["elements"]) == (0, 0)


def links_entities_to_their_pages(seen: Seen) -> None:
    words = ["Naltrexone, unlike naloxone, is taken by mouth", "Sentence 10", "antagonises"]
    assert [place["shown"][: len(said)] for place, said in zip(seen["places"], words, strict=True)] == words
    assert all(place["address"].startswith(seen["url"]) for place in seen["places"])


def keeps_hostile_iris_on_this_server(seen: Seen) -> None:
    assert seen["hostile"] == [f"{seen['url']}javascript:alert(1)", f"{seen['url']}//x.example/"]


def saves_rows(seen: Seen) -> None:
    assert seen["csv"]["name"] == "answer.csv"
    head, *rows = csv.reader(StringIO(seen["csv"]["text"]))
    assert head == ["level", "certainty", "rank", "meaning", "claims", "byArticle", "byCurator"]
    assert [row[4] for row in rows] == ["20", "11", "2", "27", "2"]


def saves_a_graph(seen: Seen) -> None:
    assert seen["turtle"]["name"] == "answer.ttl"
    written = {quad.triple for quad in ox.parse(path=ANSWERS / "edges-of-facts.ttl", format=ox.RdfFormat.TURTLE)}
    assert {quad.triple for quad in ox.parse(seen["turtle"]["text"], format=ox.RdfFormat.TURTLE)} == written


def shows_the_answer_to_the_last_query(seen: Seen) -> None:
    assert (seen["last"]["rows"], seen["last"]["wrong"]) == ([["2"]], "")


def works_with_the_keyboard(seen: Seen) -> None:
    found = seen["keyboard"]
    pages = ["index.html", "ontology.html", "questions.html"]
    assert found["order"] == [*pages, "search", "library", "given-level", "query", "run", "csv", "link"]
    assert found["chosen"] == HERE["claims-at-least"].said("question")
    assert found["rows"] == 31
    assert found["last"] == "answer"


def requests_only_this_server(seen: Seen) -> None:
    assert len(seen["requests"]) > 20
    assert [url for url in seen["requests"] if not url.startswith((seen["url"], "blob:" + seen["url"]))] == []


def logs_no_error(seen: Seen) -> None:
    assert seen["quiet"] == 0, seen["console"]
    assert all(said.startswith("Failed to load resource:") for said in seen["console"])


def reports_a_syntax_error(seen: Seen) -> None:
    found = seen["wrong"]
    assert found["said"].startswith("SPARQL syntax error at line 2, column 15: ")
    assert found["caret"] == len("SELECT ?a\nWHERE { ?a ?b ")
    assert (found["colour"], found["invalid"]) == ("rgb(164, 0, 0)", "true")


def reports_a_timeout(seen: Seen) -> None:
    assert seen["slow"]["wrong"] == "The query was stopped after 2 s. Simplify it or add a LIMIT."


def reports_an_unreachable_server(seen: Seen) -> None:
    assert seen["gone"]["wrong"] == "The server does not answer: Failed to fetch."


def fits_a_narrow_screen(seen: Seen) -> None:
    assert len(seen["widths"]) >= 2
    assert [page for page, width in seen["widths"].items() if width > 360] == []


def is_accessible(seen: Seen) -> None:
    assert len(seen["violations"]) >= 2
    assert {page: found for page, found in seen["violations"].items() if found} == {}


def follows_the_colour_scheme(seen: Seen) -> None:
    assert seen["sparql light"] == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert seen["sparql dark"] == ["rgb(18, 18, 18)", "rgb(255, 255, 255)"]


CHECKS = [
    shows_the_library,
    shows_a_table,
    explains_the_certainty,
    answers_yes_or_no,
    shows_a_graph,
    has_a_field_for_each_parameter,
    links_to_the_query,
    explains_an_answer_without_rows,
    shows_the_first_of_many_rows,
    escapes_text,
    links_entities_to_their_pages,
    keeps_hostile_iris_on_this_server,
    saves_rows,
    saves_a_graph,
    shows_the_answer_to_the_last_query,
    works_with_the_keyboard,
    requests_only_this_server,
    logs_no_error,
    reports_a_syntax_error,
    reports_a_timeout,
    reports_an_unreachable_server,
    fits_a_narrow_screen,
    is_accessible,
    follows_the_colour_scheme,
]


def shows_the_answers_written_by_hand(seen: Seen, expand: Callable[[str], str]) -> None:
    for (name, path), answer in zip(TYPED, seen["answers"], strict=True):
        assert (answer["question"], answer["wrong"]) == (HERE[name].said("question"), "")
        names, rows = by_hand(path, expand)
        if path.suffix == ".csv" and names != ["answer"]:
            assert answer["names"] == (names if rows else [])
            assert Counter(tuple(map(cell, row)) for row in answer["rows"]) == rows, path


def test_the_query_editor_passes_every_check(
    files: dict[str, bytes], expand: Callable[[str], str], tmp_path: Path
) -> None:
    """All checks are one test, because each test process would start its own browser."""
    seen = watch(files, tmp_path, ROOT / "scripts", [make_task(*case, expand) for case in TYPED], PAGES, 30)
    assert seen["broken"] == {}
    for check in CHECKS:
        check(seen)
    shows_the_answers_written_by_hand(seen, expand)


def test_every_check_fails_for_the_page_with_the_faults(
    files: dict[str, bytes], expand: Callable[[str], str], tmp_path: Path
) -> None:
    copy_with_faults(tmp_path / "code")
    few = [case for case in TYPED if case[1].stem in FEW]
    seen = watch(files, tmp_path, tmp_path / "code", [make_task(*case, expand) for case in few], SHORT, 1.5)
    assert seen["broken"] == {}
    assert [check.__name__ for check in CHECKS if passes(check, seen)] == []


def passes(check: Callable[[Seen], None], seen: Seen) -> bool:
    try:
        check(seen)
    except AssertionError:
        return False
    return True


@pytest.mark.external
@pytest.mark.skipif(not (VNU and shutil.which("java")), reason="no HTML checker is named in LDNKG_VNU, or no Java")
def test_the_pages_of_the_server_are_valid(files: dict[str, bytes], tmp_path: Path) -> None:
    for name in SERVED:
        (tmp_path / name).write_bytes(files[name])
    pages = {"editor.html": "sparql", "missing.html": "claim/nothing"}
    with served(tmp_path, tmp_path / "log") as server:
        asked = {name: server.ask(f"/{path}", headers={"Accept": "text/html"}).content for name, path in pages.items()}
    broken = {f"broken-{name}": break_page(page) for name, page in asked.items()}
    assert find_invalid({**asked, **broken}, tmp_path) == set(broken)
