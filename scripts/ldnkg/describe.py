"""Says a claim in words, from its record alone: what it states, how sure it is, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.names import texts
from ldnkg.problem import Problem
from ldnkg.rdf import value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.publication import Reading
    from ldnkg.yamlfile import Mapping

_PLAIN = ("id", "type", "label", "subject", "relation", "object", "certainty", "sentence", "hedge", "note")


@dataclass(frozen=True)
class Library:
    """Every node of the records by its name, and the labels and definitions of the vocabulary."""

    reading: Reading

    @cached_property
    def nodes(self) -> dict[str, Mapping]:
        """Each record, and each record within one, by the name that records use for it."""
        return {
            record.slug or str(node.get("id", "")): node for record in self.reading.records for node in record.nodes()
        }

    @cached_property
    def _fixed(self) -> dict[tuple[str, str], str]:
        short = self.reading.context.short
        return {
            (short(value(q.subject)), short(q.predicate.value)): q.object.value
            for q in self.reading.fixed
            if isinstance(q.object, ox.Literal)
        }

    def say(self, name: str, key: str = "label") -> str:
        """Return the label, or another text, of what has this name; the name itself where it has none."""
        node = self.nodes.get(name, {})
        return str(node[key]) if key in node else self._fixed.get((name, key), name)

    def claim(self, asked: str) -> Mapping:
        """Return the claim of this slug or id; raise Problem where there is none, naming those that are near."""
        slug = self.reading.context.curie(asked).removeprefix("claim:").rpartition("/")[2].removesuffix(".yaml")
        name = f"claim:{slug}"
        if name in self.nodes:
            return self.nodes[name]
        near = get_close_matches(name, [node for node in self.nodes if node.startswith("claim:")], 3, 0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "The claims are in data/claims/."
        raise Problem(f"There is no claim '{asked}'. {hint}")

    def about(self, name: str, key: str) -> list[Mapping]:
        """Return the nodes that name this under the key."""
        return [node for node in self.nodes.values() if name in texts(node.get(key, []))]


def statement(library: Library, claim: Mapping) -> str:
    """Return the claim as subject, relation and object in words."""
    return " · ".join(library.say(str(claim[key])) for key in ("subject", "relation", "object"))


def qualifiers(library: Library, claim: Mapping) -> Iterator[tuple[str, str]]:
    """Yield each further thing that the claim says of itself: its key in words, and its values."""
    for key, held in claim.items():
        if key not in _PLAIN:
            yield library.say(key), ", ".join(library.say(name) for name in texts(held))


def dose(library: Library, claim: Mapping) -> str:
    """Return the dose range of the regimen that the claim is about, be it by way of other claims, or nothing."""
    node = library.nodes.get(str(claim["subject"]), {})
    while "subject" in node:
        node = library.nodes.get(str(node["subject"]), {})
    parts = [node, *(library.nodes[name] for name in texts(node.get("includes", [])))]
    doses = [part for part in parts if "doseMinimum" in part]
    return ", ".join(
        f"{part['doseMinimum']} to {part['doseMaximum']} {library.say(str(part['doseUnit']))}" for part in doses
    )


def places(library: Library, claim: Mapping) -> Iterator[Mapping]:
    """Yield the sentences that the claim comes from."""
    return (library.nodes[name] for name in texts(claim["sentence"]))


def hedge_of(library: Library, claim: Mapping) -> Mapping | None:
    """Return the hedge of the claim, where it has one."""
    return library.nodes[str(claim["hedge"])] if "hedge" in claim else None


def article_of(library: Library, sentence: Mapping) -> Mapping:
    """Return the article that holds the sentence."""
    return library.nodes[str(sentence["id"]).partition("#")[0]]


def cited(library: Library, claim: Mapping) -> Iterator[tuple[Mapping, Mapping]]:
    """Yield each work that a claim from one of the same sentences leads to, with that claim."""
    for other in library.nodes.values():
        shares = set(texts(other.get("sentence", []))) & set(texts(claim["sentence"]))
        work = library.nodes.get(str(other.get("object", "")), {})
        if shares and str(work.get("id", "")).startswith("source:"):
            yield work, other
