"""Trusty URIs, module RA: a set of graphs is named by the SHA-256 of what it says, and any change of it is seen.

After version 1 of the specification: https://github.com/trustyuri/trustyuri-spec
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.problem import Problem
from ldnkg.rdf import graph_of, value

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACEHOLDER = "~~~ARTIFACTCODE~~~"
_CODE = re.compile("RA[A-Za-z0-9_-]{43}")


def sealed(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads, in the order of the hash, with their code wherever an IRI holds the place of it."""
    ordered = sorted(quads, key=lambda quad: _order(quad, PLACEHOLDER))
    code = _code(normalised(ordered, PLACEHOLDER))
    return [_with_code(quad, code) for quad in ordered]


def verified(quads: Iterable[ox.Quad]) -> str:
    """Return the code that the names of the graphs bear; raise Problem where it is not that of what they hold."""
    held = list(quads)
    if any(isinstance(term, ox.BlankNode) for quad in held for term in quad.triple):
        raise Problem("There is a blank node, which a trusty name cannot cover. Give the file as it was made.")
    codes = {code for quad in held for code in _CODE.findall(graph_of(quad)) or [""]}
    own = codes.pop() if len(codes) == 1 else ""
    if not own:
        raise Problem("The graphs do not bear one trusty code. Give the file of one nanopublication, unchanged.")
    if (found := _code(normalised(held, own))) != own:
        raise Problem(f"What {own} names was changed: it is {found} now. Fetch or make it again.")
    return own


def normalised(quads: Iterable[ox.Quad], own: str) -> str:
    """Return the text that is hashed and signed: sorted, four lines a quad, with a blank for the code `own`."""
    ordered = sorted(quads, key=lambda quad: _order(quad, own))
    return "".join(dict.fromkeys("".join(f"{line}\n" for line in _lines(quad, own)) for quad in ordered))


def _code(text: str) -> str:
    return "RA" + urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


def _lines(quad: ox.Quad, own: str) -> tuple[str, str, str, str]:
    return *_iris(quad, own), _object(quad.object, own)


def _iris(quad: ox.Quad, own: str) -> tuple[str, str, str]:
    said = (graph_of(quad), value(quad.subject), quad.predicate.value)
    return said[0].replace(own, " "), said[1].replace(own, " "), said[2].replace(own, " ")


def _object(term: object, own: str) -> str:
    if not isinstance(term, ox.Literal):
        return value(term).replace(own, " ")
    text = term.value.replace("\\", "\\\\").replace("\n", "\\n")
    return f"@{term.language.lower()} {text}" if term.language else f"^{term.datatype.value} {text}"


def _order(quad: ox.Quad, own: str) -> tuple[object, ...]:
    """Return the key to sort by: a literal stands after the IRIs, by its text, its datatype, its language."""
    term = quad.object
    if not isinstance(term, ox.Literal):
        return *_iris(quad, own), False, value(term).replace(own, " ")
    datatype = "" if term.language else term.datatype.value
    return *_iris(quad, own), True, term.value, datatype, term.language or ""


def _with_code(quad: ox.Quad, code: str) -> ox.Quad:
    graph, subject = ox.NamedNode(graph_of(quad)), ox.NamedNode(value(quad.subject))
    term = quad.object
    named = _put(term, code) if isinstance(term, ox.NamedNode) else term
    return ox.Quad(_put(subject, code), _put(quad.predicate, code), named, _put(graph, code))


def _put(node: ox.NamedNode, code: str) -> ox.NamedNode:
    return ox.NamedNode(node.value.replace(PLACEHOLDER, code))
