"""Describe what a relation changes, and the knowledge level of each certainty."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox


class Change(NamedTuple):
    """What a relation changes: 1 if it increases its object, -1 if it decreases it, 0 otherwise; and the aspect.

    If `inverted` is true, the relation is the inverse of the one that is described.
    """

    polarity: int = 0
    aspect: str = ""
    inverted: bool = False


class RelationIndex:
    """Finds the changes that relations express."""

    def __init__(self, store: ox.Store, folder: Path) -> None:
        self._store, self._folder = store, folder

    def describe(self, relation: str) -> Change:
        """Return what a relation changes."""
        return self._changes.get(relation, Change())

    @cached_property
    def _changes(self) -> dict[str, Change]:
        found: dict[str, Change] = {}
        for row in select_rows(self._store, self._folder / "changes.rq", ("relation",)):
            polarity = int(get_value(row["polarity"])) if row["polarity"] else 0
            change = Change(polarity, "", inverted=row["inverse"] is not None)
            relation = get_value(row["relation"])
            if change.inverted or relation not in found:
                found[relation] = change
        return found

    @cached_property
    def levels(self) -> dict[str, str]:
        """The knowledge level of each certainty."""
        rows = select_rows(self._store, self._folder / "certainties.rq", ("certainty", "level"))
        return {get_value(row["certainty"]): get_value(row["level"]) for row in rows}
