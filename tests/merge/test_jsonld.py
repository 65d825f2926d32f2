"""JSON-LD is read without loss, or refused with one error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.merging import BadInput, Refuse, merge_files, select_graph, write_file
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

GOOD_JSON = {
    "a term for no IRI that is not used": ({"@context": {"p": "http://p q"}, "@id": "http://a", "http://q": 1}, 1),
    "terms with spaces": ({"@context": {"has part": "http://p"}, "@id": "http://a", "has part": 1}, 1),
    "texts that are no IRI": ({"@context": {"p": "http://p"}, "@id": "http://a", "p": ["b c", {"@value": "d e"}]}, 2),
    "what no context defines": ({"@id": "http://a", "no term": {"@id": "b c"}, "http://p": 1}, 1),
    "what stands for nothing": ({"@context": {"p": None}, "@id": "http://a", "p": "b c", "http://p": 1}, 1),
    "JSON": (
        {"@context": {"p": {"@id": "http://p", "@type": "@json"}}, "@id": "http://a", "p": {"@id": "b c", "d e": 1}},
        1,
    ),
    "languages": (
        {"@context": {"p": {"@id": "http://p", "@container": "@language"}}, "@id": "http://a", "p": {"en": "b c"}},
        1,
    ),
    "an index": (
        {"@context": {"p": {"@id": "http://p", "@container": "@index"}}, "@id": "http://a", "p": {"b c": "d"}},
        1,
    ),
    "words of a vocabulary": (
        {"@context": {"@vocab": "http://v/", "p": {"@type": "@vocab"}}, "@id": "http://a", "@type": "T", "p": "b"},
        2,
    ),
    "a prefix": ({"@context": {"e": "http://e/"}, "@id": "e:a", "e:p": {"@id": "e:b"}, "@type": "e:T"}, 2),
    "a base": (
        {"@context": {"@base": "http://e/", "p": {"@id": "http://p", "@type": "@id"}}, "@id": "a", "p": ["b", "_:c"]},
        2,
    ),
}


@pytest.mark.parametrize("name", GOOD_JSON)
def test_valid_jsonld_is_read(name: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    document, triples = GOOD_JSON[name]
    result = merge_files(reference, write_file(tmp_path, "a.jsonld", json.dumps(document)))
    assert len(select_graph(result, result.sources[0].iri)) == triples


def test_our_own_jsonld_is_read(reference: ReferenceIndex) -> None:
    assert merge_files(reference, ROOT / "dist" / "ldn-kg.jsonld").quarantined == []


BAD_INPUTS: dict[str, BadInput] = {
    "broken JSON-LD": ({"a.jsonld": "{\n\n]"}, "a.jsonld", "a.jsonld:3: is not JSON"),
    "deep JSON-LD": ({"a.jsonld": "[" * 9999}, "a.jsonld", "a.jsonld: cannot be taken as JSON"),
    "an IRI with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a b", "http://p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "a coerced IRI with a space in JSON-LD": (
        {
            "a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}},'
            '\n"@id": "http://a",\n"knows": ["http://a b"]}'
        },
        "a.jsonld",
        "a.jsonld:3: 'http://a b' is no IRI",
    ),
    "a coerced word with a space in JSON-LD": (
        {"a.jsonld": '{"@context": {"@vocab": "http://v/", "i": {"@type": "@vocab"}}, "@id": "http://a", "i": "b c"}'},
        "a.jsonld",
        "a.jsonld:1: 'b c' is no IRI",
    ),
    "a coerced address without a base in JSON-LD": (
        {"a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}}, "@id": "http://a", "knows": "b"}'},
        "a.jsonld",
        "a.jsonld:1: 'b' is no IRI",
    ),
    "a coerced IRI in a list in JSON-LD": (
        {
            "a.jsonld": '{"@context": {"knows": {"@id": "http://p", "@type": "@id"}}, "@id": "http://a",'
            ' "knows": {"@list": ["http://a b"]}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "a property with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a",\n"http://p q": 1}'},
        "a.jsonld",
        "a.jsonld:2: 'http://p q' is no IRI",
    ),
    "a prefixed property with a space in JSON-LD": (
        {"a.jsonld": '{"@context": {"e": "http://e/"}, "@id": "http://a", "e:p q": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'e:p q' is no IRI",
    ),
    "a bare property with a space in JSON-LD": (
        {"a.jsonld": '{"@context": {"@vocab": "http://v/"}, "@id": "http://a", "p q": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'p q' is no IRI",
    ),
    "a term for no IRI in JSON-LD": (
        {"a.jsonld": '{"@context": {"p": "http://p q"},\n"@id": "http://a", "p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://p q' is no IRI",
    ),
    "a type with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a",\n\n"@type": ["http://t", "http://t u"]}'},
        "a.jsonld",
        "a.jsonld:3: 'http://t u' is no IRI",
    ),
    "a type by another name in JSON-LD": (
        {"a.jsonld": '{"@context": {"a": "@type"}, "@id": "http://a", "a": "http://t u"}'},
        "a.jsonld",
        "a.jsonld:1: 'http://t u' is no IRI",
    ),
    "a type of a value with a space in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a", "http://p": {"@value": "1", "@type": "http://t u"}}'},
        "a.jsonld",
        "a.jsonld:1: 'http://t u' is no IRI",
    ),
    "an IRI that is turned round in JSON-LD": (
        {"a.jsonld": '{"@id": "http://a", "@reverse": {"http://p": {"@id": "http://a b"}}}'},
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "an IRI in a context of its own in JSON-LD": (
        {
            "a.jsonld": '{"@context": {"p": {"@id": "http://p", "@context": {"q": {"@id": "http://q", "@type": "@id"}}}'
            '}, "@id": "http://a", "p": {"q": "http://a b"}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'http://a b' is no IRI",
    ),
    "an address without a base in JSON-LD": (
        {"a.jsonld": '{"@context": {"id": "@id"}, "id": "b", "http://p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'b' is no IRI",
    ),
    "an invalid language tag": (
        {"a.jsonld": '{"@id": "http://a",\n"http://p": {"@value": "x", "@language": "bad tag"}}'},
        "a.jsonld",
        "a.jsonld:2: 'bad tag' is no language tag",
    ),
    "an invalid key of a language map": (
        {
            "a.jsonld": '{"@context": {"p": {"@id": "http://p", "@container": "@language"}}, "@id": "http://a",'
            ' "p": {"bad tag": "x"}}'
        },
        "a.jsonld",
        "a.jsonld:1: 'bad tag' is no language tag",
    ),
    "an invalid blank node": (
        {"a.jsonld": '{"@id": "http://a", "http://p": {"@id": "_:b c"}}'},
        "a.jsonld",
        "a.jsonld:1: '_:b c' is no IRI",
    ),
    "an invalid namespace": (
        {"a.jsonld": '{"@context": {"e": "http://e x/"},\n"@id": "http://a", "e:p": 1}'},
        "a.jsonld",
        "a.jsonld:1: 'http://e x/' is no IRI",
    ),
    "an invalid name of a graph": (
        {"a.jsonld": '{"@id": "http://g h", "@graph": [{"@id": "http://a", "http://p": 1}]}'},
        "a.jsonld",
        "a.jsonld:1: 'http://g h' is no IRI",
    ),
    "a context to be fetched for one term": (
        {"a.jsonld": '{"@context": {"p": {"@id": "http://p", "@context": "http://c"}},\n"@id": "http://a", "p": {}}'},
        "a.jsonld",
        "a.jsonld:1: wants the context 'http://c' fetched",
    ),
    "a context to be fetched": (
        {"a.jsonld": '{"@context": "http://c", "p": 1}'},
        "a.jsonld",
        "a.jsonld:1: wants the context 'http://c' fetched",
    ),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_a_bad_input_is_one_error(name: str, refuse: Refuse) -> None:
    refuse(BAD_INPUTS[name])
