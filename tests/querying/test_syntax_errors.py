"""A syntax error names its line, its column and its reason; an undeclared prefix is named, and never a wrong one."""

from __future__ import annotations

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from ldnkg.querying import syntax_errors
from ldnkg.querying.engine import BuiltGraph, ask, load_graph
from ldnkg.rdf.sparql_tokens import find_undeclared
from support.paths import ROOT


@pytest.fixture(scope="module")
def built() -> BuiltGraph:
    return load_graph(Home(ROOT))


def explain(built: BuiltGraph, sparql: str) -> tuple[str, str]:
    """Return the first line of the error, and what the mark below the query points to."""
    with pytest.raises(LdnkgError) as caught:
        ask(built, sparql)
    first, line, mark = str(caught.value).splitlines()
    number, column = (int(part.split()[-1]) for part in first.partition(": ")[0].split(","))
    assert first.startswith(f"SPARQL syntax error at line {number}, column {column}: ")
    assert line == f"  {sparql.splitlines()[number - 1]}"
    assert mark == f"  {' ' * (column - 1)}^"
    return first, line[mark.index("^") :]


# Each query uses a prefix that is declared neither by the query nor by the publication: `xx`, unless another is given.
UNDECLARED = [
    ("SELECT * { xx:a ?p ?o }", "xx"),
    ("SELECT * { ?s xx:b ?o }", "xx"),
    ("SELECT * { ?s ?p xx:c }", "xx"),
    ("SELECT * { ?s a xx:C }", "xx"),
    ("SELECT * { ?s ?p 'a'^^xx:d }", "xx"),
    ('SELECT * { ?s ?p """a\nb"""^^xx:d }', "xx"),
    ("SELECT * { ?s ?p ?o , xx:c ; xx:d ?e }", "xx"),
    ("SELECT * { ?s ?p ?o ; xx:d ?e }", "xx"),
    ("SELECT * { ?s rdfs:label ?o .\n ?s xx:b ?c }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER (?o = xx:a) }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER (?o != 3 && ?s = xx:a) }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER (?o IN (rdfs:label, xx:a)) }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER (xx:f(?o)) }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER xx:f(?o) }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER EXISTS { ?s xx:b ?o } }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s a xx:C } }", "xx"),
    ("SELECT * { ?s ?p ?o FILTER (DATATYPE(?o) = xx:d) }", "xx"),
    ("SELECT * { ?s ?p ?o BIND (xx:f(?o) AS ?x) }", "xx"),
    ("SELECT * { ?s ?p ?o BIND (xx:a AS ?x) }", "xx"),
    ("SELECT (xx:f(?o) AS ?x) { ?s ?p ?o }", "xx"),
    ("SELECT (IF(?o = xx:a, 1, 2) AS ?x) { ?s ?p ?o }", "xx"),
    ("SELECT * { VALUES ?s { xx:a } ?s ?p ?o }", "xx"),
    ("SELECT * { VALUES ?s { rdfs:label xx:a } ?s ?p ?o }", "xx"),
    ("SELECT * { VALUES (?s ?p) { (rdfs:label xx:a) } ?s ?p ?o }", "xx"),
    ("SELECT * { ?s ?p ?o } VALUES ?s { xx:a }", "xx"),
    ("SELECT * { ?s rdfs:label/xx:b ?o }", "xx"),
    ("SELECT * { ?s xx:b/rdfs:label ?o }", "xx"),
    ("SELECT * { ?s xx:b+ ?o }", "xx"),
    ("SELECT * { ?s rdfs:label|xx:b* ?o }", "xx"),
    ("SELECT * { ?s ^xx:b ?o }", "xx"),
    ("SELECT * { ?s !(rdfs:label|xx:b) ?o }", "xx"),
    ("SELECT * { ?s (rdfs:label/xx:b)? ?o }", "xx"),
    ("SELECT * { GRAPH xx:g { ?s ?p ?o } }", "xx"),
    ("SELECT * { GRAPH ?g { ?s xx:b ?o } }", "xx"),
    ("SELECT * FROM xx:g { ?s ?p ?o }", "xx"),
    ("SELECT * FROM NAMED xx:g { ?s ?p ?o }", "xx"),
    ("CONSTRUCT { ?s xx:b ?o } WHERE { ?s ?p ?o }", "xx"),
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s xx:b ?o . ?s ?p ?o }", "xx"),
    ("CONSTRUCT WHERE { ?s xx:b ?o }", "xx"),
    ("DESCRIBE xx:a", "xx"),
    ("DESCRIBE ?s { ?s xx:b ?o }", "xx"),
    ("ASK { ?s xx:b ?o }", "xx"),
    ("SELECT * { OPTIONAL { ?s xx:b ?o } }", "xx"),
    ("SELECT * { ?s ?p ?o MINUS { ?s xx:b ?o } }", "xx"),
    ("SELECT * { { ?s ?p ?o } UNION { ?s xx:b ?o } }", "xx"),
    ("SELECT * { { SELECT ?s { ?s xx:b ?o } } }", "xx"),
    ("SELECT * { { SELECT ?s { ?s rdfs:label ?o } GROUP BY ?s } ?s xx:b ?c }", "xx"),
    ("SELECT * { ?s ?p ?o } ORDER BY xx:f(?o)", "xx"),
    ("SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (xx:f(?s))", "xx"),
    ("SELECT * { [] xx:b ?o }", "xx"),
    ("SELECT * { ?s ?p [ xx:b ?o ] }", "xx"),
    ("SELECT * { ?s ?p ( rdfs:label xx:b ) }", "xx"),
    ("SELECT * { _:b0 xx:b ?o }", "xx"),
    ("# see yy:a\nSELECT * { ?s xx:b ?o }", "xx"),
    ("SELECT * { # yy:a and <yy:b>\n ?s xx:b ?o }", "xx"),
    ("SELECT * { ?s rdfs:label 'yy:a' ; xx:b ?o }", "xx"),
    ('SELECT * { ?s rdfs:label "yy:a \\" zz:b" ; xx:b ?o }', "xx"),
    ("SELECT * { ?s rdfs:label '''yy:a ' zz:b''' ; xx:b ?o }", "xx"),
    ("SELECT * { ?s <http://y.example/yy:a> ?o ; xx:b ?c }", "xx"),
    ("SELECT * { ?s <urn:yy:a> 'b'@en ; xx:b ?c }", "xx"),
    ("SELECT * { ?s <http://y.example/#yy:a> ?o ; xx:b ?c }", "xx"),
    ("SELECT * { ?s <http://y.example/yy:a> 'c'^^xx:d }", "xx"),
    ("PREFIX yy: <http://y.example/>\nSELECT * { ?s yy:a ?o ; xx:b ?c }", "xx"),
    ("prefix yy: <http://y.example/xx:> # xx:\nSELECT * { ?s yy:a:b ?o ; xx:b ?c }", "xx"),
    ("PREFIX yy: <http://y.example/> PREFIX zz: <http://z.example/> SELECT * { zz:xx ?p ?o ; xx:b ?c }", "xx"),
    ("BASE <http://y.example/>\nSELECT * { <yy:a> ?p ?o ; xx:b ?c }", "xx"),
    ("SELECT * { ?xx xx:b ?yy }", "xx"),
    ("SELECT * { ?s rdfs:label ?o FILTER (?o<3) ?s xx:b ?c }", "xx"),
    ("SELECT * { ?s rdfs:label ?o FILTER (?o < xx:a && ?o > 3) }", "xx"),
    ("SELECT * { ?s rdfs:label ?o FILTER (?o-xx:f(?o) > 3) }", "xx"),
    ("SELECT * { :a ?p ?o }", ""),
    ("SELECT * { ?s : ?o }", ""),
    ("SELECT * { ?s rdfs:label :c }", ""),
    ("SELECT * { ?s rdfs:label 'a:b' ; :c ?o }", ""),
    ("PREFIX : <http://y.example/>\nSELECT * { :a xx:b ?o }", "xx"),
    ("SELECT * { ?s XX:b ?o ; xx:c ?d }", "XX"),
    ("SELECT * { ?s RDFS:label ?o }", "RDFS"),
    ("SELECT * { ?s x.y:b ?o }", "x.y"),
    ("SELECT * { ?s x-y:b ?o }", "x-y"),
    ("SELECT * { ?s x1:2 ?o }", "x1"),
    ("SELECT * { ?s xx:a:b ?o }", "xx"),
    ("SELECT * { ?s xx:a\\,yy ?o }", "xx"),
    ("SELECT * { ?s xx: ?o }", "xx"),
    ("SELECT * { ?s xx:b ?o ; yy:c ?d }", "xx"),
    ("SELECT * { ?s xx:b ?o ODER BY ?s", "xx"),
]


@pytest.mark.parametrize(("sparql", "prefix"), UNDECLARED, ids=[sparql for sparql, _ in UNDECLARED])
def test_an_undeclared_prefix_is_named_at_its_first_use(built: BuiltGraph, sparql: str, prefix: str) -> None:
    first, rest = explain(built, sparql)
    assert f": the prefix `{prefix}:` is not declared. Add `PREFIX {prefix}: <...>`" in first
    assert rest.startswith(f"{prefix}:")
    assert first.count("is not declared") == 1


def test_there_are_at_least_45_attempts() -> None:
    assert len({sparql for sparql, _ in UNDECLARED}) >= 45


# Each query has another error than its prefixes, before any of them: none of its colons may be taken for a prefix.
OTHER_ERRORS = [
    ("SELECT * { ?s ?p 'xx:a }", "the string that begins here is not closed."),
    ("SELECT * { ?s ?p <http://x.example/a b> }", "the IRI that begins here is not closed, or it contains a space."),
    ("SELCT * { ?s xx:b ?o }", "`SELCT` does not begin a query."),
    ("SELECT * WHERE ?s xx:b ?o }", "expected `{` before `?s`."),
    ("PREFIX xx <http://x.example/> SELECT * { ?s xx:b ?o }", "expected `:` before `xx`."),
    ("PREFIX xx: http://x.example/ SELECT * { ?s xx:b ?o }", "expected `<` before `http:`."),
    ("SELECT * { ?s ?p 10:30 }", "`:30` is not expected here."),
    ("SELECT * { ?s ?p ?o } # xx:a\n}", "`}` closes no open bracket."),
    ("SELECT * { ?s ?p '<xx:a>' ", "the `{` at line 1, column 10 is not closed."),
    ("SELECT * { ?s ?p \"yy:a\" 'zz:b' }", "`'zz:b'` is not expected here."),
]


@pytest.mark.parametrize(("sparql", "why"), OTHER_ERRORS, ids=[sparql for sparql, _ in OTHER_ERRORS])
def test_no_prefix_is_named_when_the_error_is_another(built: BuiltGraph, sparql: str, why: str) -> None:
    first, _ = explain(built, sparql)
    assert first.partition(": ")[2].startswith(why)
    assert "is not declared" not in first


# Each query, the text at which the mark points, and the reason. If the query ends too early, the mark is at its end.
SHOWN = [
    ("SELEC * WHERE { ?s ?p ?o }", "SELEC *", "`SELEC` does not begin a query. Begin it with SELECT, ASK, "),
    ("# my query\n\n  SELCT ?s\nWHERE { ?s ?p ?o }", "SELCT", "`SELCT` does not begin a query."),
    ("BASE <http://x.example/>\nPREFIX ex: <http://x.example/>\nSELCT ?s { ?s ex:a ?o }", "SELCT", "`SELCT` does"),
    ("PREFIX ex <http://x.example/>\nSELECT * { ?s ?p ?o }", "ex <", "expected `:` before `ex`."),
    ("INSERT DATA { <x:a> <x:b> <x:c> }", "INSERT", "`INSERT` does not begin a query."),
    ("SELECT * WHERE { ?s ?p ?o", "o", "the `{` at line 1, column 16 is not closed."),
    ("SELECT * {\n ?s ?p ?o FILTER(STR(?o = 'a') }", "}", "the `(` at line 2, column 17 is not closed."),
    ("SELECT * { ?s ?p ?o } }", "}", "`}` closes no open bracket."),
    ("SELECT * { ?s ?p ?o\n ?a ?b ?c }", "?a", "`?a` is not expected here."),
    ('SELECT * { ?s ?p "abc }', '"abc', "the string that begins here is not closed."),
    ('SELECT * { ?s ?p """abc }\n}', '"abc', "the string that begins here is not closed."),
    (
        "SELECT * { ?s ?p <http://x.example }",
        "<http",
        "the IRI that begins here is not closed, or it contains a space.",
    ),
    ("SELECT * { ?s ?p <x:%zz> }", "<x:%zz>", "the parser reports: IRI parsing failed."),
    ("SELECT * { ?s ?p ?o .\n OPTIONL { ?s ?a ?b } }", "OPTIONL", "`OPTIONL` is not expected here."),
    ("SELECT * { ?s ?p ?o } ODER BY ?s", "ODER", "`ODER` is not expected here."),
    ("SELECT (STR(?s) ass ?x) { ?s ?p ?o }", "ass", "`ass` is not expected here."),
    ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", "s", "the parser reports: The SELECT contains a variable that is unbound."),
    ("SELECT ?p (COUNT(?s) AS ?n) { ?s ?p ?o }", "}", "the parser reports: The SELECT contains a variable that is "),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", "s", "the parser reports: SELECT * is not authorized with GROUP BY."),
    ("SELECT * { ?s ?p ?o BIND (3 AS ?o) }", "}", "the parser reports: BIND is overriding an existing variable."),
    ("SELECT (?s AS ?o) { ?s ?p ?o }", "}", "the parser reports: The SELECT overrides an existing variable using an "),
    ("SELECT * { ?s ?p ?o }\n# the end\nLIMIT", "T", "the query is incomplete."),
    ("SELECT * { ?s ?p ?o FILTER(rdfs:f(?o) }", "}", "the `(` at line 1, column 27 is not closed."),
    ("SELECT * { ?s ?p" + " ?o" * 3 + "x" * 60 + " }", "?o ?o", "`?o` is not expected here."),
]


@pytest.mark.parametrize(("sparql", "rest", "why"), SHOWN, ids=[sparql for sparql, _, _ in SHOWN])
def test_an_error_is_shown_at_its_first_letter_with_the_reason(
    built: BuiltGraph, sparql: str, rest: str, why: str
) -> None:
    first, at_mark = explain(built, sparql)
    assert first.partition(": ")[2].startswith(why)
    assert at_mark.startswith(rest)


def test_a_reason_is_given_for_an_error_in_a_subquery(built: BuiltGraph) -> None:
    first, _ = explain(built, "SELECT ?x { { SELECT ?x { ?s ?p ?o } GROUP BY ?s }\n ?x ?y ?z }")
    assert first.endswith(": the parser reports: The SELECT contains a variable that is unbound.")


@pytest.mark.parametrize(
    "sparql",
    [
        "ASK { ?s rdfs:label 'xx:a' }",
        "ASK { ?s <urn:xx:a> ?o } # yy:b",
        "ASK { _:a ?p ?o FILTER (?o<3 && ?o>2) }",
        "PREFIX # comment\n xx: <http://x.example/> ASK { ?s xx:b ?o }",
        "PREFIX xx:<http://x.example/>ASK{?s xx:b?o}",
        "ASK { ?s rdfs:label 'a'@en-GB , 'b'^^xsd:string }",
    ],
)
def test_a_valid_query_has_no_undeclared_prefix(built: BuiltGraph, sparql: str) -> None:
    ask(built, sparql)
    assert [*find_undeclared(sparql, built.prefixes)] == []


def test_the_declared_prefixes_are_listed(built: BuiltGraph) -> None:
    first, _ = explain(built, "PREFIX own: <http://x.example/> SELECT * { ?s xx:b ?o }")
    listed = first.partition("declared are: ")[2].removesuffix(".").split(", ")
    assert sorted(listed) == sorted(f"`{prefix}:`" for prefix in {*built.prefixes, "own"})
    message = syntax_errors.explain_syntax_error("ASK { ?s xx:b ?o }", "error at 1:1: expected x", "", {})
    assert "Add `PREFIX xx: <...>`; no prefix is declared.\n" in message


def test_a_prefix_in_another_case_is_suggested(built: BuiltGraph) -> None:
    assert "Add `PREFIX RDFS: <...>` or write `rdfs:`; declared" in explain(built, "ASK { ?s RDFS:label ?o }")[0]


def test_a_file_is_named_before_the_error() -> None:
    message = syntax_errors.explain_syntax_error("ASK {\n ?s xx:b ?o }", "error at 2:9: expected x", "mine.rq", {})
    assert message.startswith("mine.rq:2:5: SPARQL syntax error at line 2, column 5: the prefix `xx:` is not declared.")


def test_the_attempts_find_a_locator_that_takes_any_colon_for_a_prefix(
    built: BuiltGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: strings, IRIs and comments are not skipped."""

    def find_naively(sparql: str, known: list[str]) -> list[tuple[str, int]]:
        words = sparql.replace("<", " ").replace("'", " ").replace('"', " ").split()
        names = [word.partition(":")[0] for word in words if ":" in word]
        return [(name, sparql.index(f"{name}:")) for name in names if name not in known]

    monkeypatch.setattr(syntax_errors, "find_undeclared", find_naively)
    wrong = 0
    for sparql, prefix in UNDECLARED:
        with pytest.raises(LdnkgError) as caught:
            ask(built, sparql)
        wrong += f": the prefix `{prefix}:` is not declared" not in str(caught.value)
    assert wrong >= 10
