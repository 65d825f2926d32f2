"""Queries that are too deep, too long or too slow end with one sentence; long lists of data are answered."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from bisect import bisect_left
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.cli.main import main
from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from ldnkg.rdf.guards import DEEPEST, LONGEST, refuse_depth
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]
    Make = Callable[[int], str]

STATUS = 124


def chain(sign: str, term: str) -> Make:
    return lambda count: f"ASK {{ FILTER({sign.join([term] * count)} = 1) }}"


def path(sign: str) -> Make:
    return lambda count: f"ASK {{ ?s {sign.join(['<x:p>'] * count)} ?o }}"


def group(part: str, between: str = " ") -> Make:
    return lambda count: f"ASK {{ ?a ?b ?c . {between.join([part.replace('N', str(n)) for n in range(count)])} }}"


def nested(opening: str, closing: str, inner: str = "?s ?p ?o", outer: str = "ASK {{ {} }}") -> Make:
    return lambda count: outer.format(opening * count + inner + closing * count)


FILTER = "ASK {{ FILTER({}) }}"
FLAT: dict[str, Make] = {
    "!": lambda count: f"ASK {{ FILTER({'!' * count}true) }}",
    "- sign": lambda count: f"ASK {{ FILTER(1{' -1' * count} = 1) }}",
    **{sign: chain(sign, "1") for sign in ("+", " - ", "*", "/", "=", "<")},
    **{f"{sign} with spaces": chain(f" {sign} ", "?x") for sign in ("&&", "||", "+")},
    **{f"path {sign}": path(sign) for sign in ("/", "|", "/^", " / ")},
    "path *": lambda count: f"ASK {{ ?s <x:p>{'*' * count} ?o }}",
    "path ! of many": lambda count: f"ASK {{ ?s !({'|'.join(['<x:p>'] * count)}) ?o }}",
    "UNION": group("{ ?s <x:N> ?o }", " UNION "),
    "union in lower case": group("{ ?s <x:N> ?o }", " union "),
    "OPTIONAL": group("OPTIONAL { ?s <x:N> ?o }"),
    "MINUS": group("MINUS { ?s <x:N> ?o }"),
    "FILTER": group("FILTER(?c != N)"),
    "FILTER NOT EXISTS": group("FILTER NOT EXISTS { ?s <x:N> ?o }"),
    "BIND": group("BIND(N AS ?vN)"),
    "GRAPH": group("GRAPH <x:N> { ?s ?p ?o }"),
    "VALUES blocks": group("VALUES ?vN { 1 }"),
    "groups": group("{ ?s <x:N> ?o }"),
    "subqueries": group("{ SELECT ?s { ?s <x:N> ?o } }"),
    "triples": group("?s <x:N> ?o ."),
    "predicates": group("<x:N> ?o ;"),
    "objects": lambda count: f"ASK {{ ?s ?p {','.join(['1'] * count)} }}",
    "a collection": lambda count: f"ASK {{ ?s ?p ({' 1' * count}) }}",
    "SELECT expressions": lambda count: f"SELECT {' '.join(f'({n} AS ?v{n})' for n in range(count))} {{}}",
    "GROUP BY": lambda count: f"SELECT * {{}} GROUP BY {' '.join(f'({n} AS ?v{n})' for n in range(count))}",
    "HAVING": lambda count: f"SELECT (1 AS ?x) {{}} GROUP BY ?s HAVING {' '.join(f'({n})' for n in range(count))}",
    "DESCRIBE": lambda count: f"DESCRIBE {' '.join(f'<x:{n}>' for n in range(count))}",
}
DEEP: dict[str, Make] = {
    "groups": nested("{", "}"),
    "parentheses": nested("(", ")", "true", FILTER),
    "comparisons that look like an IRI": nested("(", ")", "1", "PREFIX x: <x:> ASK {{ FILTER(1<x:f{}>0) }}"),
    "functions": nested("STR(", ")", "'a'", FILTER),
    "IF": nested("IF(true, ", ", 1)", "1", FILTER),
    "IN": nested("1 IN (", ")", "1", FILTER),
    "paths": nested("(", ")*", "<x:p>", "ASK {{ ?s {} ?o }}"),
    "blank nodes": nested("[ <x:p> ", "]", "1", "ASK {{ ?s ?p {} }}"),
    "collections": nested("( ", ")", "1", "ASK {{ ?s ?p {} }}"),
    "reified triples": nested("<< ?s ?p ", ">>", "?o", "ASK {{ ?s ?p {} }}"),
    "triple terms": nested("<<( ?s ?p ", ")>>", "?o", "ASK {{ ?s ?p {} }}"),
    "OPTIONAL": nested("OPTIONAL { ?s ?p ?o ", "}"),
    "MINUS": nested("MINUS { ?s ?p ?o ", "}"),
    "NOT EXISTS": nested("FILTER NOT EXISTS { ?s ?p ?o ", "}"),
    "UNION": nested("{ ?s ?p ?o } UNION { ", "}"),
    "GRAPH": nested("GRAPH ?g { ", "}"),
    "subqueries": nested("{ SELECT * { ", "}}"),
    "escaped braces": nested("\\u007B", "}"),
    "brackets that are never closed": nested("(", "", "1", FILTER),
}
REFUSED = {**{f"{name} in a row": make for name, make in FLAT.items()}, **{f"nested {n}": m for n, m in DEEP.items()}}


@pytest.mark.parametrize("name", REFUSED)
def test_a_query_that_is_too_deep_is_one_sentence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A crash would end the test run."""
    assert main(["query", REFUSED[name](10_000), "--home", str(ROOT)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert " and at most " in err


@pytest.mark.thorough
@pytest.mark.parametrize("name", REFUSED)
def test_a_query_at_the_limit_does_not_crash(name: str) -> None:
    """It is answered, stopped at the time limit, or refused as a syntax error, but the store does not overflow."""
    make = REFUSED[name]
    most = bisect_left(range(LONGEST + 1), x=True, key=lambda count: not _is_allowed(make(count))) - 1
    assert most > DEEPEST / 4
    command = [sys.executable, "-m", "ldnkg", "query", make(most), "--home", str(ROOT), "--timeout", "1"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode in {0, 2, STATUS}
    assert ended.returncode != 2 or "syntax error" in ended.stderr


def _is_allowed(sparql: str) -> bool:
    try:
        refuse_depth(sparql)
    except LdnkgError:
        return False
    return True


MANY = 10_000


def repeat(part: str, between: str = " ", count: int = MANY) -> str:
    """Return the parts, with N replaced by their numbers."""
    return between.join(part.replace("N", str(number)) for number in range(count))


LONG = {
    "VALUES": f"SELECT * {{ VALUES ?x {{ {repeat('claim:low-dose-N')} }} }}",
    "VALUES of numbers": f"SELECT * {{ VALUES ?x {{ {repeat('-N.5')} }} }}",
    "VALUES of literals": "SELECT * { VALUES ?x { " + repeat('"N/|!"^^xsd:string') + " } }",
    "VALUES of rows": f"SELECT * {{ VALUES (?x ?y) {{ {repeat('(-1 <x:a/b/N>)')} }} }}",
    "VALUES at the end": f"SELECT * {{}} VALUES (?x) {{ {repeat('(N)')} }}",
    "IN": f"SELECT * {{ VALUES ?x {{ 1 }} FILTER(?x NOT IN ({repeat('-N', ', ')})) }}",
    "CONCAT": f"SELECT (CONCAT({repeat('STR(N)', ',')}) AS ?x) {{}}",
    "a comment": f"SELECT * {{ VALUES ?x {{ 1 }} }} # {repeat('((!+')}",
    "a string": f"SELECT * {{ VALUES ?x {{ '{repeat('((!+')}' }} }}",
    "prefixes": f"{repeat('PREFIX pN: <x:N/>')} SELECT (1 AS ?x) {{}}",
    "UNION": f"SELECT * {{ {repeat('{ VALUES ?x { N } }', ' UNION ', 200)} }}",
    "||": f"SELECT * {{ VALUES ?x {{ 199 }} FILTER({repeat('?x = N', ' || ', 200)}) }}",
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_query_is_answered(run: Run, name: str) -> None:
    ended = run("query", LONG[name], "--format", "csv", "--home", ROOT)
    assert ended.returncode == 0, ended.stderr
    rows = {"UNION": 200}.get(name, MANY if name.startswith("VALUES") else 1)
    assert ended.stdout.count("\n") == 1 + rows


def test_no_question_of_the_library_is_near_the_limits() -> None:
    for question in load_questions(Home(ROOT)).values():
        refuse_depth(f"ASK {{ {'{' * 150}" + question.text)


# --- time

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = '')"
SLOW = {
    "SELECT": f"SELECT * {{ {CROSS} }}",
    "COUNT": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "ASK": f"ASK {{ {CROSS} }}",
    "CONSTRUCT": f"CONSTRUCT {{ ?a ?b ?i }} {{ {CROSS} }}",
    "a long path": f"ASK {{ ?s {'/'.join(['rdf:type'] * 900)} ?o }}",
}
WAYS = [
    *SLOW.items(),
    *((f"SELECT {words}", SLOW["SELECT"]) for words in ("--format json", "--explain", "--format tsv")),
]


@pytest.mark.parametrize(("name", "sparql"), WAYS, ids=[name for name, _ in WAYS])
def test_a_slow_query_ends_at_its_time_limit(start: Run, name: str, sparql: str) -> None:
    more = name.split()[1:] if "--" in name else []
    ended = start("query", sparql, *more, "--timeout", "0.5", "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (STATUS, "")
    sentence = "The query was stopped after 0.5 s. Simplify it, add a LIMIT, or allow more with --timeout SECONDS."
    assert ended.stderr == f"ldnkg: {sentence}\n"


@pytest.mark.parametrize("seconds", ["60", "2.5", "0", "1e3"])
def test_a_query_within_its_limit_is_answered(start: Run, seconds: str) -> None:
    assert start("query", "ASK { ?s ?p ?o }", "--timeout", seconds, "--home", ROOT).stdout == "yes\n"


COUNT_TIMERS = """
import sys, threading
from ldnkg.cli.time_limit import limit_time, parse_seconds
with limit_time(parse_seconds(sys.argv[1])):
    print(sum(isinstance(thread, threading.Timer) for thread in threading.enumerate()))
"""


@pytest.mark.parametrize(("seconds", "timers"), [("0", "0"), ("60", "1")])
def test_a_timer_runs_only_if_there_is_a_limit(seconds: str, timers: str) -> None:
    """In a process of its own, because a timer would end the test run."""
    command = [sys.executable, "-c", COUNT_TIMERS, seconds]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, timers, "")


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon", ""])
def test_a_limit_is_a_number_of_seconds(run: Run, seconds: str) -> None:
    ended = run("query", "ASK {}", f"--timeout={seconds}", "--home", ROOT)
    assert ended.returncode == 2
    assert f"'{seconds}' is not a duration." in ended.stderr


def test_the_limit_does_not_stop_the_printing_of_an_answer() -> None:
    """The reader begins late: the answer is complete, so it is not cut."""
    command = f"{sys.executable} -m ldnkg query 'SELECT * {{ ?s ?p ?o }}' --format json --timeout 3 --home {ROOT}"
    ended = subprocess.run(  # noqa: S602
        f"{command} | (sleep 5; cat)", shell=True, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.stderr == ""
    assert ended.stdout.endswith("]}}\n")


def test_ctrl_c_ends_a_slow_query() -> None:
    command = [sys.executable, "-m", "ldnkg", "query", SLOW["SELECT"], "--home", str(ROOT)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        while process.poll() is None:  # CPython is interrupted as well if it has not begun to evaluate.
            time.sleep(1)
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode in {-signal.SIGINT, 130}
    assert (out, b"Traceback" in err) == (b"", False)


# --- formats

TRIPLES = "regimen:low-dose-naltrexone a ldn:Regimen"
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "rdf": ox.RdfFormat.RDF_XML,
}
ROWS = {"csv": "x\na\n", "tsv": '?x\n"a"\n', "json": '"value":"a"', "xml": "<literal>a</literal>"}


@pytest.mark.parametrize("form", GRAPHS)
def test_a_graph_is_written_in_each_format(run: Run, form: str) -> None:
    sparql = f"CONSTRUCT {{ {TRIPLES} }} {{ {TRIPLES} }}"
    ended = run("query", sparql, "--format", form, "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    (quad,) = ox.parse(ended.stdout.encode(), format=GRAPHS[form])
    assert str(quad.subject) == "<https://w3id.org/ldn-kg/regimen/low-dose-naltrexone>"
    assert str(quad.object) == "<https://w3id.org/ldn-kg/ontology#Regimen>"
    assert "schema.org" not in ended.stdout, "a prefix that is not used"
    refused = run("query", "SELECT ('a' AS ?x) {}", "--format", form, "--home", ROOT)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"have the format {form}. Use --format table, csv, tsv, json or xml." in refused.stderr


@pytest.mark.parametrize("form", ROWS)
def test_rows_are_written_in_each_format(run: Run, form: str) -> None:
    ended = run("query", "SELECT ('a' AS ?x) {}", "--format", form, "--home", ROOT)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ROWS[form] in ended.stdout
    refused = run("query", f"CONSTRUCT {{ {TRIPLES} }} {{ {TRIPLES} }}", "--format", form, "--home", ROOT)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"no format {form}. Use --format turtle, jsonld, ntriples or rdfxml, or a SELECT query." in refused.stderr


@pytest.mark.parametrize(
    ("form", "said"), [("table", "yes"), ("csv", "yes"), ("tsv", "yes"), ("json", "true"), ("xml", "true")]
)
def test_a_boolean_is_written_in_each_format_of_rows(run: Run, form: str, said: str) -> None:
    assert said in run("query", "ASK { ?s ?p ?o }", "--format", form, "--home", ROOT).stdout


@pytest.mark.parametrize("form", ["tsv", "xml", "ttl", "jsonld"])
def test_the_list_and_the_explanation_have_fewer_formats(run: Run, form: str) -> None:
    for words in (["--list"], ["claims-about", "--explain"]):
        ended = run("query", *words, "--format", form, "--home", ROOT)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert f"has no format {form}" in ended.stderr
