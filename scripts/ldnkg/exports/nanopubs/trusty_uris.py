"""Name a set of graphs by a trusty URI (module RA), which contains the SHA-256 of the graphs and so reveals any change.

Follows version 1 of the specification: https://github.com/trustyuri/trustyuri-spec
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

    SortKey = tuple[str, str, str, bool, str, str, str]

PLACEHOLDER = "~~~ARTIFACTCODE~~~"
_CODE = re.compile("RA[A-Za-z0-9_-]{43}")


def assign_trusty_uris(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return the quads in the order of hashing; their artifact code replaces the placeholder in IRIs."""
    ordered = sorted(((_make_sort_key(quad, PLACEHOLDER), quad) for quad in quads), key=itemgetter(0))
    code = compute_artifact_code(_join_lines(key for key, _ in ordered))
    return [insert_artifact_code(quad, code) for _, quad in ordered]


def find_artifact_code(quads: Iterable[ox.Quad]) -> str:
    """Return the artifact code in the graph names without verifying it; raise LdnkgError unless all graphs share it."""
    codes = {code for graph in set(map(get_graph, quads)) for code in _CODE.findall(graph) or [""]}
    own = codes.pop() if len(codes) == 1 else ""
    if not own:
        raise LdnkgError(
            "The graph names do not share one artifact code. Pass the unchanged file of one nanopublication."
        )
    return own


def normalise(quads: Iterable[ox.Quad], own: str) -> str:
    """Return the text to hash and sign: sorted, four lines per quad, a space for each artifact code `own`."""
    return _join_lines(sorted(_make_sort_key(quad, own) for quad in quads))


def compute_artifact_code(text: str) -> str:
    """Return the artifact code of a normalised text.

    >>> compute_artifact_code("")
    'RA47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'
    """
    return "RA" + urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")


def insert_artifact_code(quad: ox.Quad, code: str) -> ox.Quad:
    """Return the quad with the placeholder in each IRI replaced by the code.

    >>> node = ox.NamedNode("https://example.org/~~~ARTIFACTCODE~~~")
    >>> insert_artifact_code(ox.Quad(node, node, node), "RA1").subject.value
    'https://example.org/RA1'
    """
    return ox.Quad(*[_insert_in_term(term, code) for term in quad])


def _insert_in_term(term: Any, code: str) -> Any:  # noqa: ANN401
    if isinstance(term, ox.NamedNode) and PLACEHOLDER in (iri := term.value):
        return ox.NamedNode(iri.replace(PLACEHOLDER, code))
    return term


def _join_lines(keys: Iterable[SortKey]) -> str:
    return "".join(dict.fromkeys(map(_format_lines, keys)))


def _make_sort_key(quad: ox.Quad, own: str) -> SortKey:
    """Return the key of a quad: its terms, IRIs before literals; literals sort by text, datatype and language."""
    subject, predicate, term = quad.triple
    iris = get_graph(quad).replace(own, " "), get_value(subject).replace(own, " "), predicate.value.replace(own, " ")
    if not isinstance(term, ox.Literal):
        return *iris, False, get_value(term).replace(own, " "), "", ""
    return *iris, True, term.value, "" if term.language else term.datatype.value, term.language or ""


def _format_lines(key: SortKey) -> str:
    graph, subject, predicate, literal, text, datatype, language = key
    if literal:
        kind = f"@{language.lower()}" if language else f"^{datatype}"
        escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
        text = f"{kind} {escaped}"
    return f"{graph}\n{subject}\n{predicate}\n{text}\n"
