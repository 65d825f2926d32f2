"""Say what helps to correct a record that breaks a rule between records, such as the certainty of its hedge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.rdf.sparql import select_rows
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Callable

HINTS = Path(__file__).with_name("hints.rq")
VALUES = "{values}"


def list_hints(store: ox.Store, short: Callable[[str], str]) -> dict[tuple[str, str], str]:
    """Return the sentences of help by the IRIs of rule and record; `short` gives the name of an IRI in records."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in select_rows(store, HINTS, ("rule", "node", "sentence", "value")):
        rule, node, sentence, value = (get_value(row[name]) for name in ("rule", "node", "sentence", "value"))
        name = short(value) if isinstance(row["value"], ox.NamedNode) else value
        found.setdefault((rule, node), {}).setdefault(sentence, []).append(f"`{name}`")
    return {place: " ".join(map(_fill, sentences.items())) for place, sentences in found.items()}


def _fill(hint: tuple[str, list[str]]) -> str:
    sentence, values = hint
    return sentence.replace(VALUES, ", ".join(values))
