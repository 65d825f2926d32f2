"""Describe a claim in words from its record: its statement, its certainty, its place in the article, its citations."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.rdf.terms import get_value
from ldnkg.records.names import get_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.paths import Home
    from ldnkg.records.loader import LoadedRecords
    from ldnkg.records.yaml_reader import Mapping

_PLAIN = ("id", "type", "label", "subject", "relation", "object", "certainty", "sentence", "hedge", "note")


@dataclass(frozen=True)
class ClaimReader:
    """The nodes of the records by name, and the labels and definitions of the vocabulary."""

    inputs: LoadedRecords

    @cached_property
    def nodes(self) -> dict[str, Mapping]:
        """The records, and the nodes in them, by the name that records use for them."""
        return {record.slug or str(node.get("id", "")): node for record in self.inputs.records for node in record.nodes}

    @cached_property
    def _fixed(self) -> dict[tuple[str, str], str]:
        short = self.inputs.context.short
        return {
            (short(get_value(q.subject)), short(q.predicate.value)): q.object.value
            for q in self.inputs.fixed
            if isinstance(q.object, ox.Literal)
        }

    def describe(self, name: str, key: str = "label") -> str:
        """Return the label, or the text under another key, of the node with this name; without one, the name."""
        node = self.nodes.get(name, {})
        return str(node[key]) if key in node else self._fixed.get((name, key), name)

    def find_claim(self, asked: str) -> Mapping:
        """Return the claim with this slug, CURIE, IRI or file name; if there is none, LdnkgError names similar ones."""
        name = f"claim:{parse_slug(self.inputs.context.curie(asked))}"
        if name in self.nodes:
            return self.nodes[name]
        near = get_close_matches(name, [node for node in self.nodes if node.startswith("claim:")], 3, 0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else "The claims are the files in data/claims/."
        raise LdnkgError(f"There is no claim '{asked}'. {hint} `ldnkg show NAME` lists the claims about an entity.")

    def find_referring(self, name: str, key: str) -> list[Mapping]:
        """Return the nodes that have this name as a value of the key."""
        return [node for node in self.nodes.values() if name in get_texts(node.get(key, []))]


def parse_slug(asked: str) -> str:
    """Return the slug in a CURIE, an IRI or a file name of a claim.

    >>> parse_slug("claim:a-b"), parse_slug("data/claims/a-b.yaml")
    ('a-b', 'a-b')
    """
    return asked.removeprefix("claim:").rpartition("/")[2].removesuffix(".yaml")


def find_claim_file(home: Home, asked: str) -> str:
    """Return the slug of the claim that has a file of its own, or nothing, without reading the file."""
    slug = parse_slug(asked)
    return slug if slug and (home.data / "claims" / f"{slug}.yaml").is_file() else ""


def format_statement(library: ClaimReader, claim: Mapping) -> str:
    """Return the labels of the subject, the relation and the object of the claim."""
    return " · ".join(library.describe(str(claim[key])) for key in ("subject", "relation", "object"))


def list_qualifiers(library: ClaimReader, claim: Mapping) -> Iterator[tuple[str, str]]:
    """Yield the label and the values of each qualifier of the claim."""
    for key, values in claim.items():
        if key not in _PLAIN:
            yield library.describe(key), ", ".join(library.describe(name) for name in get_texts(values))


def format_dose(library: ClaimReader, claim: Mapping) -> str:
    """Return the dose of the regimen that the claim is about, directly or through other claims, or nothing.

    If no sentence of the claim states the dose, the sentence that does is named.
    """
    node = library.nodes.get(str(claim["subject"]), {})
    while "subject" in node:
        node = library.nodes.get(str(node["subject"]), {})
    parts = [node, *(library.nodes[name] for name in get_texts(node.get("includes", [])))]
    doses = [part for part in parts if "doseMinimum" in part]
    return ", ".join(_format_range(part) + _format_dose_origin(library, claim, part) for part in doses)


def _format_range(regimen: Mapping) -> str:
    return f"{regimen['doseMinimum']} to {regimen['doseMaximum']} {regimen['doseUcum']}"


def _format_dose_origin(library: ClaimReader, claim: Mapping, regimen: Mapping) -> str:
    """Return which sentence states the dose of the regimen, or nothing if it is a sentence of the claim."""
    giving = library.find_referring(str(regimen["id"]), "object")
    names = {name for other in giving for name in get_texts(other.get("sentence", []))}
    if not names or names & set(get_texts(claim["sentence"])):
        return ""
    numbers = sorted(int(str(library.nodes[name]["number"])) for name in names)
    return f" (the article states this dose in sentence {', '.join(map(str, numbers))})"


def list_sentences(library: ClaimReader, claim: Mapping) -> Iterator[Mapping]:
    """Yield the sentences that the claim is derived from."""
    return (library.nodes[name] for name in get_texts(claim["sentence"]))


def find_hedge(library: ClaimReader, claim: Mapping) -> Mapping | None:
    """Return the hedge of the claim, if it has one."""
    return library.nodes[str(claim["hedge"])] if "hedge" in claim else None


def find_article(library: ClaimReader, sentence: Mapping) -> Mapping:
    """Return the article that contains the sentence."""
    return library.nodes[str(sentence["id"]).partition("#")[0]]


def list_citations(library: ClaimReader, claim: Mapping) -> Iterator[tuple[Mapping, Mapping]]:
    """Yield each work that is the object of a claim from one of the same sentences, with that claim."""
    for other in library.nodes.values():
        shares = set(get_texts(other.get("sentence", []))) & set(get_texts(claim["sentence"]))
        work = library.nodes.get(str(other.get("object", "")), {})
        if shares and str(work.get("id", "")).startswith("source:"):
            yield work, other


def describe(library: ClaimReader, claim: Mapping) -> Iterator[tuple[str, str]]:
    """Yield keys and values of a claim: statement, dose, certainty, qualifiers, sentences, citations and note.

    The certainty is followed by the relation and its definition, because it is the certainty of that relation alone.
    """
    yield "claim", str(claim["id"])
    yield "states", format_statement(library, claim)
    if doses := format_dose(library, claim):
        yield "dose", doses
    hedge = find_hedge(library, claim)
    yield "certainty", str(claim["certainty"]) + (f" (cue: '{hedge['cue']}')" if hedge else "")
    yield f"what is {claim['certainty']}", _format_relation(library, str(claim["relation"]))
    if str(claim["subject"]).startswith("claim:"):
        yield "builds on", str(claim["subject"])
    yield from list_qualifiers(library, claim)
    for sentence in list_sentences(library, claim):
        yield "sentence", _format_place(library, sentence)
    for words in _format_citations(library, claim):
        yield "cites", words
    if "note" in claim:
        yield "note", str(claim["note"])


def explain(library: ClaimReader, claim: Mapping) -> Iterator[tuple[str, str]]:
    """Yield further keys and values of a claim: definition of the certainty, hedge, and dependent records."""
    yield str(claim["certainty"]), library.describe(str(claim["certainty"]), "definition")
    if hedge := find_hedge(library, claim):
        yield "hedge", f"characters {hedge['start']} to {hedge['end']}, with the word '{hedge['cue']}'"
    for other in _list_dependents(library, claim):
        yield "used by", f"{other['label']} ({other['id']})" if "label" in other else str(other["id"])


def _format_relation(library: ClaimReader, relation: str) -> str:
    label, definition = library.describe(relation), library.describe(relation, "definition")
    return f"{label}: {definition}" if definition != relation else label


def _format_place(library: ClaimReader, sentence: Mapping) -> str:
    article = find_article(library, sentence)
    span = f"characters {sentence['start']} to {sentence['end']}"
    return f"sentence {sentence['number']} (section {sentence['section']}, {span}) of {article['citation']}"


def _format_citations(library: ClaimReader, claim: Mapping) -> list[str]:
    found = [f"{work['citation']} ({_format_link(library, other)})" for work, other in list_citations(library, claim)]
    return list(dict.fromkeys(found)) or ["the article does not say which of its references supports this"]


def _format_link(library: ClaimReader, link: Mapping) -> str:
    """Return how a work is linked: the relation, the certainty and the evidence of the claim that links it."""
    relation, evidence = (library.describe(str(link[key])) for key in ("relation", "evidence"))
    return f"{relation}: {link['certainty']}, {evidence}"


def _list_dependents(library: ClaimReader, claim: Mapping) -> list[Mapping]:
    name = str(claim["id"])
    keys = ("subject", "object", "exceptFor", "stepClaim", "effect")
    return [node for key in keys for node in library.find_referring(name, key)]
