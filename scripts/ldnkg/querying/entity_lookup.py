"""Knows what the things of the graph are called, and which of them is meant by a name."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from pathlib import Path

from ldnkg.errors import LdnkgError
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.querying.engine import BuiltGraph

NEAR = 3
NAMES, MAPPINGS = (Path(__file__).with_name(f"entity_{name}.rq") for name in ("names", "mappings"))


class EntityLookup:
    """The things of the graph, by what they are called."""

    def __init__(self, built: BuiltGraph) -> None:
        self._store = built.store
        self._names: dict[str, list[str]] = {}
        self._kinds: dict[str, set[str]] = {}
        for row in select_rows(self._store, NAMES, ("thing", "name", "kind")):
            thing, name, kind = map(get_value, row)
            if name not in (names := self._names.setdefault(thing, [])):
                names.append(name)
            self._kinds.setdefault(thing, set()).add(kind)

    def get_label(self, thing: str) -> str:
        """Return what a person calls the thing; where it is called nothing, that is its IRI."""
        return self._names.get(thing, [thing])[0]

    def resolve(self, typed: str, default: str) -> str:
        """Return the entity with this name, of several the one of the default's kind; else raise LdnkgError."""
        tails = [re.sub(r"\d+$", lambda old: typed.zfill(len(old[0])), _get_tail(default))] if typed.isdecimal() else []
        wanted = [_normalise(name) for name in (typed, *tails) if _normalise(name)]
        found = next(
            (found for name in wanted if (found := self._own_names.get(name) or self._exact_names.get(name))), set()
        )
        alike = found & self._find_of_kind(default) or found
        if len(alike) == 1:
            return next(iter(alike))
        if alike:
            raise LdnkgError(
                f"'{typed}' is the name of {len(alike)} things: {', '.join(sorted(alike))}. Give one of these."
            )
        near = self._suggest(_normalise(typed), default)
        hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
        raise LdnkgError(f"Nothing here is called '{typed}'. {hint}Give a label, a CURIE or an IRI of the graph.")

    def find_broader(self, thing: str) -> list[str]:
        """Return the labels of the other things of its kind that have its label in theirs."""
        label = _normalise(self.get_label(thing))
        labels = {self.get_label(other) for other in self._find_of_kind(thing) - {thing}}
        return sorted(other for other in labels if _contains_word(label, _normalise(other)))

    @cached_property
    def _own_names(self) -> dict[str, set[str]]:
        return _key_by_name(
            (_normalise(form), thing) for thing, names in self._names.items() for form in _list_forms(names)
        )

    @cached_property
    def _mapped_names(self) -> list[tuple[str, str, bool]]:
        rows = select_rows(self._store, MAPPINGS, ("thing", "name", "surely"))
        return [
            (_normalise(get_value(name)), get_value(thing), get_value(surely) == "true") for thing, name, surely in rows
        ]

    @cached_property
    def _exact_names(self) -> dict[str, set[str]]:
        return _key_by_name((name, thing) for name, thing, surely in self._mapped_names if surely)

    def _find_of_kind(self, thing: str) -> set[str]:
        """Return all things of the narrowest kind of this one."""
        kinds = self._kinds.get(thing, set())
        numbers = Counter(kind for own in self._kinds.values() for kind in own & kinds)
        narrowest = min(sorted(kinds), key=numbers.__getitem__, default="")
        return {other for other, own in self._kinds.items() if narrowest in own}

    def _suggest(self, typed: str, default: str) -> list[str]:
        """Return names that are near, at best those of a kind with the default."""
        alike = sorted(self._find_of_kind(default))
        elsewhere = sorted({thing for name, thing, _ in self._mapped_names if name == typed})
        return (
            self._find_containing(typed, alike)
            or [self.get_label(thing) for thing in elsewhere][:NEAR]
            or self._find_similar(typed, alike)
            or self._find_containing(typed, self._names)
        )

    def _find_containing(self, typed: str, things: Iterable[str]) -> list[str]:
        """Return names, one a thing, that have the word in them, the short ones first, or that it abbreviates."""
        forms = [[(form, _normalise(form)) for form in _list_forms(self._names[thing])[:-1]] for thing in things]
        for fits in (_contains_word, _is_abbreviation):
            found = {name for own in forms if (name := next((form for form, plain in own if fits(typed, plain)), ""))}
            if found:
                return sorted(found, key=lambda name: (len(name.split()), name))[:NEAR]
        return []

    def _find_similar(self, typed: str, things: Iterable[str]) -> list[str]:
        from difflib import get_close_matches

        forms = {_normalise(form): form for thing in things for form in reversed(_list_forms(self._names[thing])[:-1])}
        return [forms[name] for name in get_close_matches(typed, forms, NEAR)]


def _list_forms(names: list[str]) -> list[str]:
    """Return the names, the last of which is the IRI, with the last part of that."""
    return [*dict.fromkeys([*names[:-1], _get_tail(names[-1])]), names[-1]]


def _get_tail(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _key_by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, thing in pairs:
        found.setdefault(name, set()).add(thing)
    return found


def _normalise(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _contains_word(word: str, name: str) -> bool:
    return len(word) > 1 and f"-{word}-" in f"-{name}-"


def _is_abbreviation(word: str, name: str) -> bool:
    return word == "".join(part[0] for part in name.split("-") if part)
