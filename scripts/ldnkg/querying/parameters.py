"""Convert the values that a user types for the parameters of a question to SPARQL terms, and describe defaults."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.rdf.sparql import run_file
from ldnkg.rdf.sparql_tokens import tokenize
from ldnkg.rdf.terms import Shortener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ldnkg.querying.engine import BuiltGraph
    from ldnkg.querying.entity_lookup import EntityLookup
    from ldnkg.querying.library import Question

LABEL = Path(__file__).with_name("entity_label.rq")
_LITERAL = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[\w-]+))?')
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


class Parameters:
    """The parameters of a question, with the values that were typed for some of them.

    Raises LdnkgError for an unknown parameter, and for a value that is not a term of its kind.
    """

    def __init__(self, built: BuiltGraph, question: Question, typed: dict[str, str]) -> None:
        self._built, self._question = built, question
        question.asked(dict.fromkeys(typed, ""))
        self._terms = {name: self._parse_term(question.default(name), text) for name, text in typed.items()}

    @cached_property
    def _lookup(self) -> EntityLookup:
        from ldnkg.querying.entity_lookup import EntityLookup

        return EntityLookup(self._built)

    @property
    def sparql(self) -> str:
        """The query in which the typed values replace the defaults."""
        return self._question.asked(self._terms)

    def describe_defaults(self) -> list[str]:
        """Return a sentence for each parameter that was not typed: its default, and how to change it."""
        left = [name for name in self._question.parameters if name not in self._terms]
        return [f"--{name} is {self._format_value(name)} by default; change it with --{name} VALUE." for name in left]

    def suggest_broader(self) -> list[str]:
        """Return the labels of other entities that contain the label of an entity in a parameter."""
        entities = [
            self._expand(word[0]) for name in self._question.parameters for word in tokenize(self._get_term(name))
        ]
        return list(dict.fromkeys(label for entity in entities for label in self._lookup.find_broader(entity)))

    def _get_term(self, name: str) -> str:
        return self._terms.get(name) or self._question.default(name)

    def _format_value(self, name: str) -> str:
        value = self._get_term(name)
        return (
            value if self._is_namespace(value) else " and ".join(self._format_term(word[0]) for word in tokenize(value))
        )

    def _format_term(self, term: str) -> str:
        """Return the label of a node, or the text of a literal."""
        if literal := _LITERAL.fullmatch(term):
            return literal["text"]
        iri = self._expand(term)
        return self._read_label(ox.NamedNode(iri)) if ":" in iri else term

    def _read_label(self, thing: ox.NamedNode) -> str:
        """Return the label of the entity, or its CURIE; reading one label is faster than loading all names."""
        found = run_file(self._built.store, LABEL, values={ox.Variable("thing"): thing})
        labels = [str(row["name"].value) for row in found] if isinstance(found, ox.QuerySolutions) else []
        return labels[0] if labels else Shortener(self._built.prefixes)(thing.value)

    def _parse_term(self, default: str, typed: str) -> str:
        if literal := _LITERAL.fullmatch(default):
            return str(ox.Literal(typed, language=literal["language"]))
        if re.fullmatch(r"[\d.]+", default):
            return _parse_number(typed)
        return str(ox.NamedNode(self._resolve_iri(default, typed)))

    def _resolve_iri(self, default: str, typed: str) -> str:
        prefix, colon, rest = typed.partition(":")
        if _IRI.fullmatch(typed):
            return self._require_spelling(typed)
        if colon and prefix in self._built.prefixes and re.fullmatch(r"[\w.#-]+", rest):
            return self._built.prefixes[prefix] + rest
        if self._is_namespace(default):
            return self._resolve_namespace(typed)
        return self._lookup.resolve(typed, self._expand(default))

    def _require_spelling(self, typed: str) -> str:
        """Return the IRI; raise LdnkgError if it is malformed, or if the graph has only another spelling of it."""
        try:
            node = ox.NamedNode(typed)
        except ValueError as error:
            raise LdnkgError(f"'{typed}' is not an IRI: {error}. Correct it.") from error
        if any(self._built.store.quads_for_pattern(node, None, None)):
            return typed
        if near := self._lookup.find_spelling(typed):
            raise LdnkgError(f"The graph does not contain '{typed}'. Did you mean '{near}'?")
        return typed

    def _is_namespace(self, term: str) -> bool:
        return self._expand(term) in self._built.prefixes.values()

    def _resolve_namespace(self, typed: str) -> str:
        from difflib import get_close_matches

        name = typed.removesuffix(":").lower()
        known = {prefix.lower(): prefix for prefix in self._built.prefixes}
        if name in known:
            return self._built.prefixes[known[name]]
        near = [low for low in known if name and name in low] or get_close_matches(name, known)
        hint = f"Did you mean {' or '.join(repr(known[low]) for low in near[:3])}? " if near else ""
        raise LdnkgError(f"'{typed}' is not a prefix of the graph. {hint}Give a prefix, or the beginning of the IRIs.")

    def _expand(self, term: str) -> str:
        prefix, _, rest = term.partition(":")
        return term[1:-1] if term.startswith("<") else self._built.prefixes.get(prefix, "") + rest


def _parse_number(typed: str) -> str:
    if not re.fullmatch(r"-?\d+(\.\d+)?", typed):
        raise LdnkgError(f"'{typed}' is not a number. Write it like 3 or 2.5.")
    return typed
