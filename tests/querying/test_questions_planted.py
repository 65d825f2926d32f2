"""The questions give the right rows for claims that are added to the published ones."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.paths import Home
from ldnkg.querying.library import load_questions
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = load_questions(Home(ROOT))
LOW, BOTH = "regimen:low-dose-naltrexone", "regimen:low-dose-naltrexone-with-oral-opioids"
NALTREXONE, NALOXONE, MU, TLR4 = "CHEBI:7465", "CHEBI:7459", "UniProtKB:P35372", "UniProtKB:O00206"
FIBROMYALGIA, ANXIETY, PAIN = "MONDO:0005546", "HP:0000739", "concept:neuroinflammatory-pain"
ANTAGONISM = "claim:low-dose-naltrexone-antagonises-tlr4"
LAST_STEP = "mechanism:tlr4-antagonism ldn:step <urn:step> . <urn:step> ldn:position 4 ; ldn:stepClaim <urn:claim> ."
OTHER = "<urn:regimen> a ldn:Regimen ; rdfs:label 'another' ."
DOSE = "<urn:regimen> ldn:doseMinimum 9 ; ldn:doseMaximum 9 ; ldn:doseUnit unit:MilliGM-PER-DAY ."
# the question, the added claim, further added triples or its level, the number of rows lost, the number of rows gained
PLANTED = [
    ("regimen-not-molecule", f"{NALTREXONE} ldn:produces concept:analgesia", "", 1, 0),
    ("regimen-not-molecule", f"{NALTREXONE} ldn:decreases concept:analgesia", "", 0, 0),
    ("molecule-not-regimen", f"{LOW} ldn:takenBy NCIT:C38288", "", 1, 0),
    ("molecule-not-regimen", f"{LOW} ldn:studiedIn DOID:1574", "", 0, 0),
    ("no-efficacy-claim", f"{LOW} ldn:providesBenefitIn {FIBROMYALGIA}", "", 1, 0),
    ("no-efficacy-claim", f"{LOW} ldn:studiedIn HP:0012532", "", 0, 1),
    ("different-receptors", f"{LOW} ldn:antagonises {MU}", "", 0, 0),
    ("different-receptors", f"{NALOXONE} ldn:antagonises {MU}", "", 0, 0),
    ("different-receptors", f"{NALOXONE} ldn:antagonises {TLR4}", "", 0, 0),
    ("receptors-acted-on", f"{LOW} ldn:actsOn {MU}", "", 0, 1),
    ("receptor-to-condition", f"{LOW} ldn:actsOn {TLR4}", "", 0, 1),
    ("receptor-to-condition", f"{LOW} ldn:decreases {TLR4}", "", 0, 0),
    ("outcomes-by-direction", f"{LOW} ldn:associatedWith {ANXIETY}", "", 0, 1),
    ("studied-now", f"{LOW} ldn:studiedFor {ANXIETY}", "", 0, 0),
    ("studied-now", f"{LOW} ldn:studiedFor {ANXIETY}", "<urn:claim> ldn:manner ldn:currently .", 0, 1),
    ("studied-now", f"{LOW} ldn:studiedIn {FIBROMYALGIA}", "<urn:claim> ldn:manner ldn:currently .", 0, 1),
    ("studied-now", f"{LOW} ldn:produces concept:analgesia", "<urn:claim> ldn:manner ldn:currently .", 0, 0),
    ("studied-now", f"{BOTH} ldn:providesBenefit concept:further-benefit", "", 0, 0),
    ("studied-now", f"{LOW} ldn:providesBenefit {ANXIETY}", "", 0, 0),
    ("known-unknowns", f"{LOW} ldn:worksThrough concept:unidentified-mechanism", "ldn:unknown", 0, 1),
    ("weakest-steps", f"{ANTAGONISM} ldn:decreases {PAIN}", LAST_STEP, 0, 0),
    ("mechanism-steps", f"{ANTAGONISM} ldn:affects {PAIN}", LAST_STEP, 0, 1),
    ("net-polarity", f"{ANTAGONISM} ldn:affects {PAIN}", LAST_STEP, 1, 1),
    ("shared-steps", f"{ANTAGONISM} ldn:increases MESH:D000066829", LAST_STEP, 0, 0),
    ("shared-steps", f"{ANTAGONISM} ldn:produces MESH:D000066829", LAST_STEP, 0, 1),
    ("via-which-effect", f"{ANTAGONISM} ldn:increases concept:opioid-rebound-effect", "", 0, 0),
    ("via-which-effect", f"{ANTAGONISM} ldn:knownAs concept:compensatory-increase", "", 0, 0),
    ("via-which-effect", f"{LOW} ldn:associatedWith {ANXIETY}", "<urn:claim> ldn:via concept:analgesia .", 0, 1),
    ("purpose-of-inhibition", f"{LOW} ldn:inhibits CL:0000129", "<urn:claim> ldn:purpose concept:analgesia .", 0, 1),
    ("trial-overview", f"<urn:regimen> ldn:studiedIn {FIBROMYALGIA}", OTHER, 0, 1),
    ("trial-overview", f"{LOW} ldn:studiedIn HP:0012532", f"{OTHER} {DOSE}", 0, 1),
    ("approvals", f"{NALOXONE} ldn:approvedFor EFO:0010702", "", 0, 1),
    ("conditions-benefited", f"{LOW} ldn:providesBenefitIn {FIBROMYALGIA}", "", 0, 1),
    ("conditions-studied", f"{LOW} ldn:studiedIn HP:0012532", "", 0, 1),
    ("combined-with-opioids", f"{BOTH} ldn:associatedWithDecreased {ANXIETY}", "", 0, 1),
    (
        "compared-with",
        f"{NALTREXONE} ldn:longerActingThan {NALOXONE}",
        f"<urn:claim> ldn:comparator {NALOXONE} .",
        0,
        1,
    ),
    ("lost-without-hypotheses", f"{LOW} ldn:antagonises {TLR4}", "", 1, 0),
    ("claims-in-biolink", f"{LOW} ldn:longerActingThan {NALOXONE}", "", 0, 1),
    ("claims-in-biolink", f"{LOW} <urn:relation> {NALOXONE}", "ldn:hypothesised", 0, 1),
    ("biolink-treats", f"{LOW} ldn:providesBenefitIn {FIBROMYALGIA}", "ldn:hypothesised", 0, 1),
    ("biolink-treats", f"{LOW} ldn:decreases {FIBROMYALGIA}", "", 0, 0),
    ("biolink-treats", f"{BOTH} ldn:studiedIn {FIBROMYALGIA}", "", 0, 1),
    ("lost-without-hypotheses", f"concept:compensatory-increase ldn:decreases {ANXIETY}", "", 1, 0),
]


@pytest.fixture(scope="session")
def ask_with(files: dict[str, bytes]) -> Callable[[str, str], Counter[tuple[str, ...]]]:
    """Return a function that runs a question on the published graph with added Turtle, which may use its prefixes."""
    parser = ox.parse(files["ldn-kg.ttl"], format=ox.RdfFormat.TURTLE)
    quads = list(parser)
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in parser.prefixes.items())

    def ask(name: str, turtle: str) -> Counter[tuple[str, ...]]:
        store = ox.Store()
        store.extend([*quads, *ox.parse(head + turtle, format=ox.RdfFormat.TURTLE)])
        answer = store.query(LIBRARY[name].text)
        assert isinstance(answer, ox.QuerySolutions)
        return Counter(tuple(term.value if term else "" for term in row) for row in answer)

    return ask


def planted(said: str, more: str) -> str:
    """Return the Turtle of a claim, supported unless a level is given, with further triples."""
    subject, relation, thing = said.split()
    level = more if more.startswith("ldn:") else "ldn:supported"
    said = f"rdf:subject {subject} ; rdf:predicate {relation} ; rdf:object {thing} ; ldn:certainty {level}"
    return f"<urn:claim> a ldn:Claim ; rdfs:label 'planted' ; {said} . {'' if more == level else more}"


@pytest.mark.parametrize(("name", "said", "more", "gone", "come"), PLANTED)
def test_a_question_gives_the_right_rows_for_an_added_claim(
    name: str, said: str, more: str, gone: int, come: int, ask_with: Callable[[str, str], Counter[tuple[str, ...]]]
) -> None:
    before, after = ask_with(name, ""), ask_with(name, planted(said, more))
    assert ((before - after).total(), (after - before).total()) == (gone, come)
