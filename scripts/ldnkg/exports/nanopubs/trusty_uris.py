"""Trusty URIs, module RA: a set of graphs is named by the SHA-256 of what it says, and any change of it is seen.

After version 1 of the specification: https://github.com/trustyuri/trustyuri-spec
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.rdf.terms import get_graph, get_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    Key = tuple[str, str, str, bool, str, str, str]

PLACEHOLDER = "~~~ARTIFACTCODE~~~"
_CODE = re.compile("RA[A-Za-z0-9_-]{43}")


def sealed(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads, in the order of the hash, with their code wherever an IRI holds the place of it."""
    ordered = sorted(((_key(quad, PLACEHOLDER), quad) for quad in quads), key=itemgetter(0))
    code = code_of(_text(key for key, _ in ordered))
    return [coded(quad, code) for _, quad in ordered]


def borne(quads: Iterable[ox.Quad]) -> str:
    """Return the code that the names of the graphs bear, be it right or not; raise Problem where it is not one."""
    codes = {code for graph in set(map(get_graph, quads)) for code in _CODE.findall(graph) or [""]}
    own = codes.pop() if len(codes) == 1 else ""
    if not own:
        raise LdnkgError("The graphs do not bear one trusty code. Give the file of one nanopublication, unchanged.")
    return own


def normalised(quads: Iterable[ox.Quad], own: str) -> str:
    """Return the text that is hashed and signed: sorted, four lines a quad, with a blank for the code `own`."""
    return _text(sorted(_key(quad, own) for quad in quads))


def _text(keys: Iterable[Key]) -> str:
    return "".join(dict.fromkeys(map(_lines, keys)))


def code_of(text: str) -> str:
    """Return the code of a text that was normalised."""
    return "RA" + urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


def _key(quad: ox.Quad, own: str) -> Key:
    """Return what is hashed of a quad, to sort by: a literal stands after the IRIs, by text, datatype, language."""
    subject, predicate, term = quad.triple
    said = get_graph(quad).replace(own, " "), get_value(subject).replace(own, " "), predicate.value.replace(own, " ")
    if not isinstance(term, ox.Literal):
        return *said, False, get_value(term).replace(own, " "), "", ""
    return *said, True, term.value, "" if term.language else term.datatype.value, term.language or ""


def _lines(key: Key) -> str:
    graph, subject, predicate, literal, text, datatype, language = key
    if literal:
        kind = f"@{language.lower()}" if language else f"^{datatype}"
        escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
        text = f"{kind} {escaped}"
    return f"{graph}\n{subject}\n{predicate}\n{text}\n"


def coded(quad: ox.Quad, code: str) -> ox.Quad:
    """Return the quad with the code wherever an IRI holds the place of it."""
    return ox.Quad(*[_put(term, code) for term in quad])


def _put(term: Any, code: str) -> Any:  # noqa: ANN401
    if isinstance(term, ox.NamedNode) and PLACEHOLDER in (iri := term.value):
        return ox.NamedNode(iri.replace(PLACEHOLDER, code))
    return term
