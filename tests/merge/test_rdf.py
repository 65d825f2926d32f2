"""Invalid RDF is refused with one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.merging import BadInput, Refuse

BAD_INPUTS: dict[str, BadInput] = {
    "invalid Turtle": (
        {"a.ttl": "<http://a> <http://b>\n"},
        "a.ttl",
        "a.ttl:2: the file cannot be parsed from here on: ",
    ),
    "invalid N-Triples": ({"a.nt": "\n<http://a> .\n"}, "a.nt", "a.nt:2: the line cannot be parsed: "),
    "an IRI with a space in Turtle": (
        {"a.ttl": "<http://a b> <http://b> 1 ."},
        "a.ttl",
        "a.ttl:1: 'http://a b' is not a valid IRI. It is read as 'http://a%20b'.",
    ),
    "invalid RDF/XML": ({"a.rdf": "<a"}, "a.rdf", "a.rdf:1: the file cannot be parsed: "),
    "plain text instead of RDF/XML": (
        {"a.rdf": "junk 0\njunk 1\n"},
        "a.rdf",
        "a.rdf:1: the file cannot be parsed: syntax error. Correct",
    ),
    "an empty Turtle file": ({"a.ttl": ""}, "a.ttl", "a.ttl: the file has no triples"),
    "a TriG file without triples": ({"a.trig": "# nothing\n"}, "a.trig", "a.trig: the file has no triples"),
    "RDF not in UTF-8": ({"a.ttl": b"\xff\xfe"}, "a.ttl", "a.ttl:1: the file cannot be parsed from here on: "),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_an_invalid_input_is_refused_with_one_message(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
