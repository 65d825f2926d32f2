"""A description of the publication as one flat JSON-LD document with short names."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.rdf import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def described(quads: Iterable[ox.Quad], head: Mapping[str, Any]) -> str:
    """Return the JSON-LD text of the quads, with the names of the head for their IRIs."""
    names = head["names"]
    nodes = [
        _node(subject, about, names)
        for subject, about in groupby(sorted(dict.fromkeys(quads), key=str), key=lambda quad: quad.subject)
    ]
    document = {"@context": head["@context"], "@graph": nodes}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _node(subject: object, quads: Iterable[ox.Quad], names: Mapping[str, str]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _address(value(subject), names)}
    for predicate, same in groupby(quads, key=lambda quad: value(quad.predicate)):
        key = _name(predicate, names)
        held = [_held(quad.object, key, names) for quad in same]
        node[key] = held if len(held) > 1 else held[0]
    return node


def _name(iri: str, names: Mapping[str, str]) -> str:
    named = {meant: name for name, meant in names.items()}
    return named.get(iri, iri.removeprefix(names["@vocab"]))


def _address(iri: str, names: Mapping[str, str]) -> str:
    base = names.get("@base", "")
    return "./" if iri == base else iri.removeprefix(base)


def _held(term: object, key: str, names: Mapping[str, str]) -> object:
    if isinstance(term, ox.Literal):
        return json.loads(term.value) if term.value in {"true", "false"} else term.value
    return _name(value(term), names) if key == "@type" else {"@id": _address(value(term), names)}
