"""What the records say, by value, as every format is to keep it or to say that it does not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ldnkg.names import texts

if TYPE_CHECKING:
    from collections.abc import Mapping as Named

    from ldnkg.publication import Reading
    from ldnkg.yamlfile import Mapping

Facts = dict[str, set[tuple[object, ...]]]
QUALIFIERS = ("manner", "comparator", "exceptFor", "agency", "inTreatmentOf", "purpose", "population", "basis", "via")
ASPECTS = ("certainty", "hedge", "dose", "span", "order", "citation", "qualifiers")


def nodes(reading: Reading) -> list[Mapping]:
    return [node for record in reading.records for node in record.nodes()]


def claims(reading: Reading) -> list[Mapping]:
    return [node for node in nodes(reading) if node.get("type") == "Claim"]


def name(reading: Reading, word: str) -> str:
    """A name as it stands in a cell: a slug is its CURIE, a term of ours its bare name."""
    iri = reading.context.expand(word)
    own = iri.removeprefix(reading.context.vocabulary)
    return own if own != iri else reading.context.curie(iri)


def facts(reading: Reading) -> Facts:
    """Each aspect of the records, from the records alone."""
    said = claims(reading)
    sentences = {str(node["id"]): node for node in nodes(reading) if node.get("type") == "Sentence"}
    return {
        "certainty": {(claim["id"], claim["certainty"]) for claim in said},
        "hedge": {(str(claim["id"]), hedge) for claim in said for hedge in texts(claim.get("hedge", []))},
        "dose": {
            (str(node["id"]), str(node["doseMinimum"]), str(node["doseMaximum"]), name(reading, str(node["doseUnit"])))
            for node in nodes(reading)
            if "doseMinimum" in node
        },
        "span": {
            (str(claim["id"]), place, int(str(sentences[place]["start"])), int(str(sentences[place]["end"])))
            for claim in said
            for place in texts(claim["sentence"])
        },
        "order": {
            (str(record.id), int(str(node["position"])), str(node["stepClaim"]))
            for record in reading.records
            for node in record.nodes()
            if "stepClaim" in node
        },
        "citation": {(str(one["subject"]), str(one["object"])) for one in said if one["relation"] == "cites"},
        "qualifiers": {
            (str(claim["id"]), key, name(reading, held))
            for claim in said
            for key in QUALIFIERS
            for held in texts(claim.get(key, []))
        },
    }


def stated(reading: Reading) -> dict[str, tuple[str, str, str]]:
    """What each claim states, by its id."""
    keys = ("subject", "relation", "object")
    return {
        str(claim["id"]): tuple(name(reading, str(claim[key])) for key in keys)  # type: ignore[misc]
        for claim in claims(reading)
    }


def established(reading: Reading) -> set[str]:
    return {str(claim["id"]) for claim in claims(reading) if claim["certainty"] == "established"}


def counted(
    found: Facts, said: Named[str, tuple[str, str, str]], taken: set[str], treatments: Named[str, str]
) -> Counter[str]:
    """How many there are of each in what was read, by the names in `answers/invariants.tsv`.

    A reader gives what it read, what each claim states, what it takes for a fact, and the names of drugs and regimens.
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
