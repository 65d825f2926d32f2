"""Turtle and TriG have no local names with a backslash, which some readers do not understand."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from ldnkg.rdf.serialization import serialise
from support.turtle import find_escaped_names

FORMS = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
ESCAPED = "_~.-!$&'()*+,;=/?#@%"  # PN_LOCAL_ESC of Turtle 1.1
PREFIXES = {"ex": "https://x.example/", "": "https://y.example/"}
TEXTS = (
    "ex:a\\#b",
    'a "quoted" ex:a\\#b',
    "two\nlines \\ ex:a\\#b",
    "<https://x.example/a\\#b>",
    "\r\t\v\f\x1c\x85\u2028 é",
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("character", ESCAPED)
def test_an_iri_is_written_in_full_if_its_local_name_needs_a_backslash(character: str, form: ox.RdfFormat) -> None:
    ends = {"%": ("%2Fb",), "#": ("#b", "#")}.get(character, (f"{character}b", character, f"{character}{character}1"))
    iris = [ox.NamedNode(f"{start}{end}") for start in PREFIXES.values() for end in (*ends, *map("a".__add__, ends))]
    quads = [ox.Quad(iri, iri, iri) for iri in iris]
    written = serialise(quads if form.supports_datasets else [quad.triple for quad in quads], form, PREFIXES)
    assert {quad.triple for quad in ox.parse(written, format=form)} == {quad.triple for quad in quads}
    assert find_escaped_names(written.decode()) == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("words", TEXTS)
def test_the_text_of_a_literal_is_kept(words: str, form: ox.RdfFormat) -> None:
    node = ox.NamedNode("https://x.example/a#b")
    triples = [ox.Triple(node, node, literal) for literal in (ox.Literal(words), ox.Literal(words, language="en"))]
    written = serialise([ox.Quad(*triple) for triple in triples] if form.supports_datasets else triples, form, PREFIXES)
    assert {quad.triple for quad in ox.parse(written, format=form)} == set(triples)


def test_a_name_without_a_backslash_stays_short() -> None:
    node = ox.NamedNode("https://x.example/a")
    assert serialise([ox.Triple(node, node, node)], ox.RdfFormat.TURTLE, PREFIXES).endswith(b"\nex:a ex:a ex:a .\n")


@pytest.mark.parametrize(
    ("turtle", "found"),
    [
        ("ex:a\\#b ex:c :d\\/e .", ["ex:a\\#b", ":d\\/e"]),
        ('ex:a ex:b "ex:a\\\\#b" , <https://x.example/a\\u0041> .', []),
        ('ex:a ex:b """ "ex:a\\\\#b" """ . # ex:a\\#b', []),
        ("<< ex:a\\#b ex:b ex:c >> ex:d 1 .", ["ex:a\\#b"]),
    ],
)
def test_the_check_of_the_tests_finds_escaped_names(turtle: str, found: list[str]) -> None:
    assert find_escaped_names(turtle) == found
