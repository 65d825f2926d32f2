"""Turns what a person types for a parameter of a question into a term of SPARQL."""

from __future__ import annotations

import re

import pyoxigraph as ox

from ldnkg.problem import Problem, did_you_mean
from ldnkg.rdf import query_rows, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.query import Built
    from ldnkg.questions import Question

_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"(?:@(?P<language>[\w-]+))?')


def terms(built: Built, folder: Path, question: Question, typed: dict[str, str]) -> dict[str, str]:
    """Return the term for each parameter, of the kind that stands in the file; raise Problem where there is none."""
    question.asked(dict.fromkeys(typed, ""))
    return {name: _term(built, folder / "names.rq", question.default(name), text) for name, text in typed.items()}


def _term(built: Built, query: Path, default: str, typed: str) -> str:
    if literal := _LITERAL.fullmatch(default):
        return str(ox.Literal(typed, language=literal["language"]))
    if re.fullmatch(r"[\d.]+", default):
        return _number(typed)
    return str(ox.NamedNode(_iri(built, query, default, typed)))


def _number(typed: str) -> str:
    if not re.fullmatch(r"-?\d+(\.\d+)?", typed):
        raise Problem(f"'{typed}' is no number. Write one as 3 or 2.5.")
    return typed


def _iri(built: Built, query: Path, default: str, typed: str) -> str:
    prefix, colon, rest = typed.partition(":")
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", typed):
        return typed
    if colon and prefix in built.prefixes and re.fullmatch(r"[\w.#-]+", rest):
        return built.prefixes[prefix] + rest
    return _called(built, query, _expanded(built, default), typed)


def _expanded(built: Built, default: str) -> str:
    prefix, _, rest = default.partition(":")
    return default.strip("<>") if default.startswith("<") else built.prefixes.get(prefix, "") + rest


def _called(built: Built, query: Path, default: str, typed: str) -> str:
    """Return the one thing that is called so, if there are several, the one of a kind with what stands in the file."""
    named: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    for thing, name, kind in query_rows(built.store, query, ("thing", "name", "kind")):
        named.setdefault(_plain(re.split(r"[/#]", value(name))[-1]), set()).add(value(thing))
        named.setdefault(_plain(value(name)), set()).add(value(thing))
        kinds.setdefault(value(thing), set()).add(value(kind))
    found = named.get(_plain(typed), set())
    alike = {thing for thing in found if kinds[thing] & kinds.get(default, set())} or found
    if len(alike) == 1:
        return alike.pop()
    if alike:
        raise Problem(f"'{typed}' is the name of {len(alike)} things: {', '.join(sorted(alike))}. Give one of these.")
    hint = did_you_mean(_plain(typed), named)
    raise Problem(f"Nothing here is called '{typed}'. {hint}Give a label, a CURIE or an IRI of the graph.")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
