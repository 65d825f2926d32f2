"""Read the facts from the records, by aspect. Every format keeps an aspect unless its loss statement says otherwise."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ldnkg.records.names import get_texts

if TYPE_CHECKING:
    from collections.abc import Mapping as Named

    from ldnkg.records.loader import LoadedRecords
    from ldnkg.records.yaml_reader import Mapping

Facts = dict[str, set[tuple[object, ...]]]
QUALIFIERS = (
    *("manner", "comparator", "exceptFor", "agency", "inTreatmentOf", "purpose", "population", "basis", "via"),
    "presentedAs",
)
ASPECTS = ("certainty", "hedge", "dose", "span", "order", "citation", "qualifiers")


def nodes(inputs: LoadedRecords) -> list[Mapping]:
    return [node for record in inputs.records for node in record.nodes]


def claims(inputs: LoadedRecords) -> list[Mapping]:
    return [node for node in nodes(inputs) if node.get("type") == "Claim"]


def name(inputs: LoadedRecords, word: str) -> str:
    """Return a name as table cells show it: the CURIE of a slug, or the bare name of a term of the ontology."""
    iri = inputs.context.expand(word)
    own = iri.removeprefix(inputs.context.vocabulary)
    return own if own != iri else inputs.context.curie(iri)


def facts(inputs: LoadedRecords) -> Facts:
    """Return the facts of each aspect, from the records alone."""
    all_claims = claims(inputs)
    sentences = {str(node["id"]): node for node in nodes(inputs) if node.get("type") == "Sentence"}
    return {
        "certainty": {(claim["id"], claim["certainty"]) for claim in all_claims},
        "hedge": {(str(claim["id"]), hedge) for claim in all_claims for hedge in get_texts(claim.get("hedge", []))},
        "dose": {
            (str(node["id"]), str(node["doseMinimum"]), str(node["doseMaximum"]), name(inputs, str(node["doseUnit"])))
            for node in nodes(inputs)
            if "doseMinimum" in node
        },
        "span": {
            (str(claim["id"]), place, int(str(sentences[place]["start"])), int(str(sentences[place]["end"])))
            for claim in all_claims
            for place in get_texts(claim["sentence"])
        },
        "order": {
            (str(record.id), int(str(node["position"])), str(node["stepClaim"]))
            for record in inputs.records
            for node in record.nodes
            if "stepClaim" in node
        },
        "citation": {
            (str(claim["subject"]), str(claim["object"])) for claim in all_claims if claim["relation"] == "cites"
        },
        "qualifiers": {
            (str(claim["id"]), key, name(inputs, value))
            for claim in all_claims
            for key in QUALIFIERS
            for value in get_texts(claim.get(key, []))
        },
    }


def stated(inputs: LoadedRecords) -> dict[str, tuple[str, str, str]]:
    """Return the subject, relation and object of each claim, by its id."""
    keys = ("subject", "relation", "object")
    return {
        str(claim["id"]): tuple(name(inputs, str(claim[key])) for key in keys)  # type: ignore[misc]
        for claim in claims(inputs)
    }


def established(inputs: LoadedRecords) -> set[str]:
    return {str(claim["id"]) for claim in claims(inputs) if claim["certainty"] == "established"}


def counted(
    found: Facts, said: Named[str, tuple[str, str, str]], taken: set[str], treatments: Named[str, str]
) -> Counter[str]:
    """Return the counts of a reader, by their names in `answers/invariants.tsv`.

    The arguments are what the reader found: the facts by aspect, the triple of each claim, the claims that it reads as
    facts, and the names of the drugs and regimens.
    """
    counts = Counter(
        [
            *(f"certainty {level}" for _, level in found["certainty"]),
            *(f"relation {relation.rpartition(':')[2]}" for _, relation, _ in said.values()),
            *(f"about {treatments[subject]}" for subject, *_ in said.values() if subject in treatments),
            *(f"qualifier {key}" for _, key, _ in found["qualifiers"]),
        ]
    )
    counts["claims"], counts["stated as fact"] = len(said), len(taken)
    counts["regimens with dose"], counts["steps"] = len(found["dose"]), len(found["order"])
    counts["spans"], counts["sentences with claims"] = len(found["span"]), len({one[1] for one in found["span"]})
    counts["hedged claims"], counts["hedges"] = (len({one[place] for one in found["hedge"]}) for place in (0, 1))
    return counts
