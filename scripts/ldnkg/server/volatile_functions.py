"""Find the functions in a query whose value differs each time, so that its answer is not cached."""

from __future__ import annotations

import re
from itertools import pairwise

from ldnkg.rdf.sparql_tokens import has_ambiguous_iri, tokenize

# BNODE is one of them because each evaluation creates new blank nodes.
_FUNCTIONS = {"BNODE", "NOW", "RAND", "STRUUID", "UUID"}
_NAME = re.compile("|".join(sorted(_FUNCTIONS)), re.IGNORECASE)
_CALL = re.compile(rf"\b(?:{'|'.join(sorted(_FUNCTIONS))})\(", re.IGNORECASE)
# `<` and `>` with no blank between them can also be two comparisons, as in ?a<RAND()&&?b>1.
_PLAIN_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[\w/#.:%~()-]*>")


def calls_volatile_function(sparql: str) -> bool:
    """Return whether the query calls NOW, RAND, UUID, STRUUID or BNODE; a string, a comment or an IRI is no call.

    >>> calls_volatile_function("SELECT (now ( ) AS ?t) {}"), calls_volatile_function("ASK { <x:NOW> ?p 'NOW()' }")
    (True, False)
    """
    if not _NAME.search(sparql):
        return False
    tokens = [token[0] for token in tokenize(sparql)]
    called = any(name.upper() in _FUNCTIONS and sign == "(" for name, sign in pairwise(tokens))
    return called or has_ambiguous_iri(sparql) or any(_may_compare(token) for token in tokens)


def _may_compare(token: str) -> bool:
    """Return whether a token between angle brackets may be an expression with a call."""
    return token.startswith("<") and bool(_CALL.search(token)) and not _PLAIN_IRI.fullmatch(token)
