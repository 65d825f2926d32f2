"""RDF is read, or refused with one error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.merging import BadInput, Refuse

BAD_INPUTS: dict[str, BadInput] = {
    "broken Turtle": ({"a.ttl": "<http://a> <http://b>\n"}, "a.ttl", "a.ttl:2: cannot be understood"),
    "broken N-Triples": ({"a.nt": "\n<http://a> .\n"}, "a.nt", "a.nt:2: cannot be understood"),
    "an IRI with a space in Turtle": (
        {"a.ttl": "<http://a b> <http://b> 1 ."},
        "a.ttl",
        "a.ttl:1: cannot be understood",
    ),
    "broken RDF/XML": ({"a.rdf": "<a"}, "a.rdf", "a.rdf:1: cannot be understood"),
    "text in RDF/XML": (
        {"a.rdf": "junk 0\njunk 1\n"},
        "a.rdf",
        "a.rdf:1: cannot be understood, Unexpected text event: 'junk 0 ...'. Mend",
    ),
    "an empty Turtle file": ({"a.ttl": ""}, "a.ttl", "a.ttl: is empty"),
    "an empty TriG file": ({"a.trig": "# nothing\n"}, "a.trig", "a.trig: is empty"),
    "RDF not in UTF-8": ({"a.ttl": b"\xff\xfe"}, "a.ttl", "a.ttl:1: cannot be understood"),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_a_bad_input_is_one_error(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
