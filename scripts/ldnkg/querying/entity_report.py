"""Describe an entity of the built graph: its type, definition and identifiers, and the claims about it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from shlex import quote
from typing import NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.rdf.sparql import run_file
from ldnkg.rdf.terms import Shortener, get_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.querying.engine import BuiltGraph
    from ldnkg.querying.entity_lookup import EntityLookup

FACTS, CLAIMS = (Path(__file__).with_name(f"entity_{name}.rq") for name in ("facts", "claims"))
MOST = 8


class EntityClaim(NamedTuple):
    """A claim about an entity: its CURIE, its label, its certainty, its relation, and the role of the entity in it.

    `level` is the definition of the certainty, and `meaning` is the definition of the relation, which may be empty.
    `curator` is "inferred" if a curator inferred the claim, and otherwise empty.
    """

    claim: str
    label: str
    certainty: str
    level: str
    relation: str
    meaning: str
    role: str
    curator: str


def find_entity(lookup: EntityLookup, built: BuiltGraph, typed: str) -> tuple[str, str]:
    """Return the IRI of the entity with this label, synonym, CURIE, IRI or slug, and a note if the match is inexact.

    Raises LdnkgError if there is none, with the closest names, or if there are several.
    """
    prefix, colon, rest = typed.partition(":")
    iri = built.prefixes[prefix] + rest if colon and prefix in built.prefixes else typed
    found, certain = lookup.find(iri)
    shorten = Shortener(built.prefixes)
    if len(found) > 1:
        raise LdnkgError(f"'{typed}' is the name of {len(found)} entities. {_list_candidates(lookup, shorten, found)}")
    if not found:
        raise LdnkgError(_explain_unknown(lookup, shorten, typed))
    if certain:
        return found[0], ""
    name = _format_name(lookup, shorten, found[0])
    return found[0], f"'{typed}' names a close, broader or narrower term, not {name} itself, which is shown instead."


def _list_candidates(lookup: EntityLookup, shorten: Shortener, entities: Iterable[str]) -> str:
    lines = [f"\n  ldnkg show {_format_name(lookup, shorten, entity)}" for entity in entities]
    return f"Choose one:{''.join(lines)}"


def _format_name(lookup: EntityLookup, shorten: Shortener, entity: str) -> str:
    """Return the CURIE of the entity, with its label if it has one."""
    label = lookup.get_label(entity)
    return shorten(entity) if label == entity else f"{shorten(entity)} ({label})"


def _explain_unknown(lookup: EntityLookup, shorten: Shortener, typed: str) -> str:
    spelling = lookup.find_spelling(typed)
    near = [spelling] if spelling else lookup.suggest(typed)[:MOST]
    names = " or ".join(_format_name(lookup, shorten, entity) for entity in near)
    hint = f"Did you mean {names}? " if near else ""
    return (
        f"No entity is called '{typed}'. {hint}`ldnkg query find-by-label --word {quote(typed)}` searches all labels, "
        "and `ldnkg query entities-by-kind` lists the types of entities."
    )


def describe_entity(built: BuiltGraph, entity: str) -> list[tuple[str, str]]:
    """Return the facts that identify and describe the entity, as keys and values; mechanisms have their certainty."""
    shorten = Shortener(built.prefixes)
    rows = [(get_value(row["key"]), row["value"]) for row in _select(built, FACTS, entity)]
    found: dict[str, list[str]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(shorten(value.value) if isinstance(value, ox.NamedNode) else get_value(value))
    return [*((key, ", ".join(values)) for key, values in found.items()), ("IRI", entity)]


def list_claims(built: BuiltGraph, entity: str) -> list[EntityClaim]:
    """Return the claims about the entity, the surest first."""
    shorten = Shortener(built.prefixes)
    rows = ([get_value(row[name]) for name in EntityClaim._fields] for row in _select(built, CLAIMS, entity))
    return [EntityClaim(shorten(claim), *rest) for claim, *rest in rows]


def group_claims(claims: Iterable[EntityClaim]) -> list[tuple[EntityClaim, list[list[EntityClaim]]]]:
    """Return the claims by certainty and then by relation, each level with its first claim; the order is kept."""
    levels = [list(group) for _, group in groupby(claims, lambda claim: claim.certainty)]
    return [
        (level[0], [list(group) for _, group in groupby(level, lambda claim: (claim.relation, claim.meaning))])
        for level in levels
    ]


def _select(built: BuiltGraph, query: Path, entity: str) -> ox.QuerySolutions:
    answer = run_file(built.store, query, values={ox.Variable("entity"): ox.NamedNode(entity)})
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101
    return answer
