"""Find the entity of the graph that a name denotes: a label, a synonym, a CURIE, an IRI or a slug."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import Shortener, get_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeGuard

    from ldnkg.querying.engine import BuiltGraph

NEAR = 3
# A kind with at most this many entities, such as the levels of certainty, is listed if a name is unknown.
FEW = 5
SHORTEST_BEGINNING = 4
NAMES, MAPPINGS = (Path(__file__).with_name(f"entity_{name}.rq") for name in ("names", "mappings"))


class EntityLookup:
    """The entities of the graph by their names."""

    def __init__(self, built: BuiltGraph) -> None:
        self._store, self._prefixes = built.store, built.prefixes
        self._names: dict[str, list[str]] = {}
        self._kinds: dict[str, set[str]] = {}
        for row in select_rows(self._store, NAMES, ("thing", "name", "kind")):
            entity, name, kind = map(get_value, row)
            if name not in (names := self._names.setdefault(entity, [])):
                names.append(name)
            self._kinds.setdefault(entity, set()).add(kind)

    def get_label(self, entity: str) -> str:
        """Return the label of the entity, or its IRI if it has none."""
        return self._names.get(entity, [entity])[0]

    def resolve(self, typed: str, default: str) -> str:
        """Return the IRI of the entity with this name; if there are several, the one of the same type as the default.

        Raises LdnkgError if there is none, with similar names, or if there are still several.
        """
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
                f"'{typed}' is the name of {len(alike)} entities: {', '.join(sorted(alike))}. Give one of these IRIs."
            )
        spelling = self.find_spelling(typed)
        near = [spelling] if spelling else self._suggest(_normalise(typed), default)
        hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
        hint += self._list_few(default)
        raise LdnkgError(
            f"No entity is called '{typed}'. {hint}Give a label, a CURIE or an IRI of the graph; "
            "`ldnkg query find-by-label --word WORD` searches the labels."
        )

    def find_spelling(self, typed: str) -> str:
        """Return the IRI of the graph of which this is another spelling, or an empty string.

        Spellings differ in scheme, case and end, or name the resolver of a registry, such as identifiers.org.
        """
        if typed in self._iris:
            return ""
        wanted = _normalise_iri(typed)
        shorten = Shortener(self._prefixes)
        for iri in self._iris:
            if wanted == _normalise_iri(iri):
                return iri
        ends = {f":{_normalise_iri(curie)}": iri for iri in self._iris if (curie := shorten(iri)) != iri}
        return next((iri for end, iri in ends.items() if f":{wanted}".endswith(end)), "")

    def find(self, typed: str) -> tuple[list[str], bool]:
        """Return the IRIs of all entities with this name, and whether the name certainly denotes them.

        It does so if it is their own name or that of an exact match, and not if it is the name of another match.
        """
        if not (name := _normalise(typed)):
            return [], False
        own = {typed} if typed in self._names else self._own_names.get(name) or self._exact_names.get(name, set())
        others = {entity for label, entity, _ in self._mapped_names if label == name}
        return sorted(own or others), bool(own)

    def suggest(self, typed: str) -> list[str]:
        """Return the IRIs of entities with similar names, those whose names contain the typed words first."""
        from difflib import get_close_matches

        if not (name := _normalise(typed)):
            return []
        labelled = [entity for entity, names in self._names.items() if len(names) > 1]
        forms = [
            *self._find_containing(name, labelled, begun=True),
            *get_close_matches(name, self._own_names, NEAR, 0.7),
        ]
        found = (entity for form in forms for entity in sorted(self._own_names[_normalise(form)]))
        return list(dict.fromkeys(found))

    def find_broader(self, entity: str) -> list[str]:
        """Return the labels of other entities of the same type that contain the label of this one."""
        label = _normalise(self.get_label(entity))
        labels = {self.get_label(other) for other in self._find_of_kind(entity) - {entity}}
        return sorted(other for other in labels if _contains_word(label, _normalise(other)))

    @cached_property
    def _iris(self) -> dict[str, None]:
        """The IRIs of all nodes and namespaces, those of the entities first."""
        nodes = (node.value for quad in self._store for node in (quad.subject, quad.object) if is_iri(node))
        return dict.fromkeys([*self._names, *nodes, *self._prefixes.values()])

    @cached_property
    def _own_names(self) -> dict[str, set[str]]:
        return _key_by_name(
            (_normalise(form), entity) for entity, names in self._names.items() for form in _list_forms(names)
        )

    @cached_property
    def _mapped_names(self) -> list[tuple[str, str, bool]]:
        rows = select_rows(self._store, MAPPINGS, ("thing", "name", "surely"))
        return [
            (_normalise(get_value(name)), get_value(entity), get_value(surely) == "true")
            for entity, name, surely in rows
        ]

    @cached_property
    def _exact_names(self) -> dict[str, set[str]]:
        return _key_by_name((name, entity) for name, entity, surely in self._mapped_names if surely)

    def _find_of_kind(self, entity: str) -> set[str]:
        """Return all entities of the narrowest type of this one."""
        kinds = self._kinds.get(entity, set())
        numbers = Counter(kind for own in self._kinds.values() for kind in own & kinds)
        narrowest = min(sorted(kinds), key=numbers.__getitem__, default="")
        return {other for other, own in self._kinds.items() if narrowest in own}

    def _list_few(self, entity: str) -> str:
        """Return a sentence with the labels of all entities of the type of this one, or nothing if there are many."""
        alike = self._find_of_kind(entity)
        return f"Possible values: {', '.join(sorted(map(self.get_label, alike)))}. " if 1 < len(alike) <= FEW else ""

    def _suggest(self, typed: str, default: str) -> list[str]:
        """Return similar names, preferably of entities of the same type as the default."""
        alike = sorted(self._find_of_kind(default))
        elsewhere = sorted({entity for name, entity, _ in self._mapped_names if name == typed})
        return (
            self._find_containing(typed, alike, begun=True)
            or [self.get_label(entity) for entity in elsewhere][:NEAR]
            or self._find_similar(typed, alike)
            or self._find_containing(typed, self._names)
        )

    def _find_containing(self, typed: str, entities: Iterable[str], *, begun: bool = False) -> list[str]:
        """Return names that contain the word or that it abbreviates, or, if `begun`, that have a longer word.

        There is one name per entity, and short names come first.
        """
        forms = [[(form, _normalise(form)) for form in _list_forms(self._names[entity])[:-1]] for entity in entities]
        for fits in (_contains_word, *([_contains_beginning] if begun else []), _is_abbreviation):
            found = {name for own in forms if (name := next((form for form, plain in own if fits(typed, plain)), ""))}
            if found:
                return sorted(found, key=lambda name: (_normalise(name).count("-"), name))[:NEAR]
        return []

    def _find_similar(self, typed: str, entities: Iterable[str]) -> list[str]:
        from difflib import get_close_matches

        forms = {
            _normalise(form): form for entity in entities for form in reversed(_list_forms(self._names[entity])[:-1])
        }
        return [forms[name] for name in get_close_matches(typed, forms, NEAR)]


def is_iri(term: object) -> TypeGuard[ox.NamedNode]:
    """Return whether the term is an IRI."""
    return isinstance(term, ox.NamedNode)


def _normalise_iri(text: str) -> str:
    """Return an IRI or a CURIE without what its spellings differ in.

    >>> _normalise_iri("https://www.example.org/obo/Mondo_1/")
    'example.org:obo:mondo:1'
    """
    return re.sub(r"[:/#_]+", ":", re.sub(r"^https?://(www\.)?", "", text.lower())).strip(":")


def _list_forms(names: list[str]) -> list[str]:
    """Return the names and, before the IRI, which is the last of them, the last part of the IRI."""
    return [*dict.fromkeys([*names[:-1], _get_tail(names[-1])]), names[-1]]


def _get_tail(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _key_by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, entity in pairs:
        found.setdefault(name, set()).add(entity)
    return found


def _normalise(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _contains_word(word: str, name: str) -> bool:
    return len(word) > 1 and f"-{word}-" in f"-{name}-"


def _contains_beginning(word: str, name: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING and f"-{word}" in f"-{name}"


def _is_abbreviation(word: str, name: str) -> bool:
    return word == "".join(part[0] for part in name.split("-") if part)
