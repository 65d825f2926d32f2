"""JSON-LD is read without loss or refused with one message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.merging import BadInput, Refuse, merge_files, select_graph, write_file
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

VALID_DOCUMENTS = {
    "an unused term with an invalid IRI": ({"@context": {"p": "http://p q"}, "@id": "http://a", "http://q": 1}, 1),
    "terms with spaces": ({"@context": {"has part": "http://p"}, "@id": "http://a", "has part": 1}, 1),
    "strings that are not IRIs": (
        {"@context": {"p": "http://p"}, "@id": "http://a", "p": ["b c", {"@value": "d e"}]},
        2,
    ),
    "keys that no context defines": ({"@id": "http://a", "no term": {"@id": "b c"}, "http://p": 1}, 1),
    "a term that is mapped to null": ({"@context": {"p": None}, "@id": "http://a", "p": "b c", "http://p": 1}, 1),
    "a JSON literal": (
        {"@context": {"p": {"@id": "http://p", "@type": "@json"}}, "@id": "http://a", "p": {"@id": "b c", "d e": 1}},
        1,
    ),
    "a language map": (
        {"@context": {"p": {"@id": "http://p", "@container": "@language"}}, "@id": "http://a", "p": {"en": "b c"}},
        1,
    ),
    "an index map": (
        {"@context": {"p": {"@id": "http://p", "@container": "@index"}}, "@id": "http://a", "p": {"b c": "d"}},
        1,
    ),
    "terms of a default vocabulary": (
        {"@context": {"@vocab": "http://v/", "p": {"@type": "@vocab"}}, "@id": "http://a", "@type": "T", "p": "b"},
        2,
    ),
    "a prefix": ({"@context": {"e": "http://e/"}, "@id": "e:a", "e:p": {"@id": "e:b"}, "@type": "e:T"}, 2),
    "a relative IRI without a base": ({"@context": {"id": "@id"}, "id": "b", "http://p": 1}, 1),
    "a coerced relative IRI without a base": (
        {"@context": {"knows": {"@id": "http://p", "@type": "@id"}}, "@id": "http://a", "knows": "b"},
        1,
    ),
    "a blank node with a space": ({"@id": "http://a", "http://p": {"@id": "_:b c"}}, 1),
    "a base": (
        {"@context": {"@base": "http://e/", "p": {"@id": "http://p", "@type": "@id"}}, "@id": "a", "p": ["b", "_:c"]},
        2,
    ),
}


@pytest.mark.parametrize("name", VALID_DOCUMENTS)
def test_valid_jsonld_is_read(name: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    document, triples = VALID_DOCUMENTS[name]
    result = merge_files(reference, write_file(tmp_path, "a.jsonld", json.dumps(document)))
    assert len(select_graph(result, result.sources[0].iri)) == triples


def test_our_own_jsonld_is_read(reference: ReferenceIndex) -> None:
    assert merge_files(reference, ROOT / "dist" / "ldn-kg.jsonld").quarantined == []


BAD_INPUTS: dict[str, BadInput] = {
    "invalid JSON": ({"a.jsonld": "{\n\n]"}, "a.jsonld", "a.jsonld:3: the JSON is invalid: "),
    "deeply nested JSON": ({"a.jsonld": "[" * 9999}, "a.jsonld", "a.jsonld: the JSON cannot be parsed: "),
    "an IRI with a space": (
        {"a.jsonld": '{"@id": "http://a b", "http://p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is not a valid IRI",
    ),
    "a coerced IRI with a space": (
        {
            "a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}},'
            '\n"@id": "http://a",\n"knows": ["http://a b"]}'
        },
        "a.jsonld",
        "a.jsonld:3: 'http://a b' is not a valid IRI",
    ),
    "a coerced vocabulary term with a space": (
        {"a.jsonld": '{"@context": {"@vocab": "http://v/", "i": {"@type": "@vocab"}}, "@id": "http://a", "i": "b c"}'},
        "a.jsonld",
        "a.jsonld:1: 'b c' is not a valid IRI",
    ),
    "a coerced IRI in a list": (
        {
            "a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}}, "@id": "http://a",'
            ' "knows": {"@list": ["http://a b"]}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is not a valid IRI",
    ),
    "a property with a space": (
        {"a.jsonld": '{"@id": "http://a",\n"http://p q": 1}'},
        "a.jsonld",
        "a.jsonld:2: 'http://p q' is not a valid IRI",
    ),
    "a prefixed property with a space": (
        {"a.jsonld": '{"@context": {"e": "http://e/"}, "@id": "http://a", "e:p q": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'e:p q' is not a valid IRI",
    ),
    "a property of the default vocabulary with a space": (
        {"a.jsonld": '{"@context": {"@vocab": "http://v/"}, "@id": "http://a", "p q": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'p q' is not a valid IRI",
    ),
    "a term with an invalid IRI": (
        {"a.jsonld": '{"@context": {"p": "http://p q"},\n"@id": "http://a", "p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://p q' is not a valid IRI",
    ),
    "a type with a space": (
        {"a.jsonld": '{"@id": "http://a",\n\n"@type": ["http://t", "http://t u"]}'},
        "a.jsonld",
        "a.jsonld:3: 'http://t u' is not a valid IRI",
    ),
    "a type under an alias of @type": (
        {"a.jsonld": '{"@context": {"a": "@type"}, "@id": "http://a", "a": "http://t u"}'},
        "a.jsonld",
        "a.jsonld:1: 'http://t u' is not a valid IRI",
    ),
    "a datatype with a space": (
        {"a.jsonld": '{"@id": "http://a", "http://p": {"@value": "1", "@type": "http://t u"}}'},
        "a.jsonld",
        "a.jsonld:1: 'http://t u' is not a valid IRI",
    ),
    "an IRI of a reverse property": (
        {"a.jsonld": '{"@id": "http://a", "@reverse": {"http://p": {"@id": "http://a b"}}}'},
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is not a valid IRI",
    ),
    "an IRI under a scoped context": (
        {
            "a.jsonld": '{"@context": {"p": {"@id": "http://p", "@context": {"q": {"@id": "http://q", "@type": "@id"}}}'
            '}, "@id": "http://a", "p": {"q": "http://a b"}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is not a valid IRI",
    ),
    "an invalid language tag": (
        {"a.jsonld": '{"@id": "http://a",\n"http://p": {"@value": "x", "@language": "bad tag"}}'},
        "a.jsonld",
        "a.jsonld:2: 'bad tag' is not a language tag",
    ),
    "an invalid key of a language map": (
        {
            "a.jsonld": '{"@context": {"p": {"@id": "http://p", "@container": "@language"}}, "@id": "http://a",'
            ' "p": {"bad tag": "x"}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'bad tag' is not a language tag",
    ),
    "an invalid namespace": (
        {"a.jsonld": '{"@context": {"e": "http://e x/"},\n"@id": "http://a", "e:p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://e x/' is not a valid IRI",
    ),
    "an invalid graph name": (
        {"a.jsonld": '{"@id": "http://g h", "@graph": [{"@id": "http://a", "http://p": 1}]}'},
        "a.jsonld",
        "a.jsonld:1: 'http://g h' is not a valid IRI",
    ),
    "a remote context of one term": (
        {"a.jsonld": '{"@context": {"p": {"@id": "http://p", "@context": "http://c"}},\n"@id": "http://a", "p": {}}'},
        "a.jsonld",
        "a.jsonld:1: the context 'http://c' is remote",
    ),
    "a remote context": (
        {"a.jsonld": '{"@context": "http://c", "p": 1}'},
        "a.jsonld",
        "a.jsonld:1: the context 'http://c' is remote",
    ),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_an_invalid_input_is_refused_with_one_message(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
