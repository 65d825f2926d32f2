"""The dialogue of `ldnkg new claim` asks in order, validates each answer, goes back, and loses no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.authoring.answers import find_invalid, propose, read_answer
from ldnkg.authoring.dialogue import Dialogue
from ldnkg.authoring.form import ClaimForm
from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

ARTICLE = "source:naltrexone-to-treat-pain"
LABEL = "Naltrexone acts on the mu-opioid receptor: a claim made up for this test"
MADE_UP = {
    "sentence": [f"{ARTICLE}#s06"],
    "subject": ["naltrexone"],
    "relation": ["actsOn"],
    "object": ["mu-opioid-receptor"],
    "certainty": ["established"],
    "evidence": ["author-statement-without-reference"],
    "label": [LABEL],
}
HAPPY = ("6", "naltrexone", "actsOn", "mu-opioid-receptor", "", "", LABEL)


@pytest.fixture(scope="module")
def form() -> ClaimForm:
    return ClaimForm(Home(ROOT))


class Script:
    """A terminal that types these answers, and then ends the input."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.prompts: list[str] = []
        self.shown: list[str] = []
        self.kept: list[dict[str, list[str]]] = []

    def ask(self, prompt: str, words: Sequence[str]) -> str:
        self.prompts.append(prompt.partition(" ")[0].rstrip(">"))
        self.shown.append(prompt)
        assert words or prompt.startswith(("label", "note")), prompt
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def say(self, text: str) -> None:
        self.shown.append(text)

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


def talk(form: ClaimForm, script: Script, given: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    """Return the accepted answers, without the skipped questions."""

    def keep(answers: dict[str, list[str]]) -> None:
        script.kept.append(dict(answers))

    answers = Dialogue(form, {} if given is None else given, script, keep).run()
    assert script.answers == [], "not all answers were used"
    return {key: names for key, names in answers.items() if names}


def test_a_claim_is_asked_for_key_by_key(form: ClaimForm) -> None:
    script = Script(*HAPPY, "-", "")
    assert talk(form, script) == MADE_UP
    asked = ["sentence", "subject", "relation", "object", "certainty", "evidence", "label", "manner", "Enter"]
    assert script.prompts == asked
    assert script.kept[-1] == {**MADE_UP, "manner": []}
    assert len(script.kept) == len(asked) - 1, "each answer is kept at once"


@pytest.mark.parametrize(
    ("answers", "key", "value"),
    [
        (("6", "naltrexone", "acts on", "1", "", "", LABEL, "-", ""), "relation", "actsOn"),
        (("6", "naltrexone", "actsO", "mu", "", "", LABEL, "prim", ""), "manner", "primarily"),
        (("6", "NALTREXONE", "actsOn", "mu-opioid RECEPTOR", "", "", LABEL, "-", ""), "object", "mu-opioid-receptor"),
    ],
    ids=["label", "beginning", "case"],
)
def test_an_answer_is_a_number_a_name_a_label_or_a_beginning(
    form: ClaimForm, answers: Sequence[str], key: str, value: str
) -> None:
    assert talk(form, Script(*answers))[key] == [value]


def test_the_label_of_a_hedged_claim_keeps_a_hedging_word(form: ClaimForm) -> None:
    """The words are those that the rule about labels accepts."""
    hedged = {"certainty": ["hypothesised"], "label": ["Low-dose naltrexone acts on Toll-like receptor 4"]}
    assert form.get_hint("label", hedged).endswith(
        "The claim is hypothesised, so use one of the words: are thought, is thought, We infer."
    )
    assert form.get_hint("label", MADE_UP) == form.keys["label"].hint
    assert form.lacks_hedging(hedged)
    assert not form.lacks_hedging({**hedged, "label": ["Low-dose naltrexone is thought to act on a receptor"]})
    assert not form.lacks_hedging(MADE_UP)
    assert not form.lacks_hedging({})


def test_the_summary_warns_if_the_label_lacks_the_hedge(form: ClaimForm) -> None:
    warning = "The label sounds more certain than the claim. Change it: type label."
    hedge = {"hedge": [f"{ARTICLE}#hedge-s12"], "certainty": ["hypothesised"], "sentence": [f"{ARTICLE}#s12"]}
    given = {**MADE_UP, **hedge, "subject": ["regimen:low-dose-naltrexone"]}
    for label, warned in (("It is thought to act on a receptor", False), ("It acts on a receptor", True)):
        script = Script(*["-"] * 20)
        with pytest.raises(EOFError):
            Dialogue(form, {**given, "label": [label]}, script, lambda _: None).run()
        assert (warning in script.text) == warned, script.text


def test_a_question_mark_says_that_a_text_has_no_choices(form: ClaimForm) -> None:
    script = Script(*HAPPY[:-1], "?", LABEL, "-", "")
    assert talk(form, script) == MADE_UP
    assert "There are no choices: type the text." in script.text


def test_the_choices_fit_the_answers_before(form: ClaimForm) -> None:
    answers = {"sentence": [f"{ARTICLE}#s06"], "subject": ["naltrexone"]}
    relations = {choice.name for choice in form.list_choices("relation", answers)}
    assert {"actsOn", "antagonises", "takenBy", "approvedFor"} <= relations
    assert not {"providesBenefitIn", "publishedIn", "cites"} & relations, "these take a regimen, a basis, a work"
    receptors = form.list_choices("object", {**answers, "relation": ["antagonises"]})
    assert [choice.name for choice in receptors] == ["mu-opioid-receptor", "toll-like-receptor-4"]
    assert len(form.list_choices("certainty", {})) == 5
    assert [choice.number for choice in form.list_choices("sentence", {})][:2] == ["6", "7"], "the first ones give none"
    hedges = form.list_choices("hedge", {"sentence": [f"{ARTICLE}#s13"]})
    assert [choice.name for choice in hedges] == [f"{ARTICLE}#hedge-s12"], "the hedge that governs the list item"


def test_sentences_of_several_articles_are_numbered_through(form: ClaimForm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of a sentence would be ambiguous."""
    node = {"number": "1", "section": "s"}
    sentences = {"source:a#s01": {**node, "reason": "announcement"}, "source:a#s02": node, "source:b#s01": node}
    monkeypatch.setattr(form.vocabulary, "sentences", sentences)
    assert [(choice.number, choice.name) for choice in form.list_choices("sentence", {})] == [
        ("2", "source:a#s02"),
        ("3", "source:b#s01"),
    ]


def test_only_the_choices_of_the_sentence_are_shown_until_all_are_asked_for(form: ClaimForm) -> None:
    script = Script(*HAPPY, "?", "-", "")
    talk(form, script)
    at = script.shown.index("manner (optional)> ")
    before, after = script.shown[:at], script.shown[at:]
    assert any("primarily" in line for line in before)
    assert not any("paradoxical" in line for line in before)
    assert any("paradoxical" in line for line in after)
    assert any(line.endswith("... and 10 more: ? lists them.") for line in before)


def test_a_wrong_answer_is_explained_and_asked_for_again(form: ClaimForm) -> None:
    script = Script("6", "no-such-thing", "999", "nal", *HAPPY[1:4], "guess", *HAPPY[4:], "-", "")
    assert talk(form, script) == MADE_UP
    assert "There is no choice 'no-such-thing'." in script.text
    assert "There is no choice '999'." in script.text
    assert "'nal' fits" in script.text
    assert "There is no choice 'guess'." in script.text


def test_a_needed_question_cannot_be_skipped(form: ClaimForm) -> None:
    script = Script("", "-", *HAPPY, "-", "")
    assert talk(form, script) == MADE_UP
    assert script.text.count("Each claim needs 'sentence'.") == 2


@pytest.mark.parametrize(
    ("text", "words"), [("a\u200bb", "the invisible character U+200B"), ("a\udcffb", "The text is not UTF-8.")]
)
def test_a_label_that_no_record_can_have_is_refused(form: ClaimForm, text: str, words: str) -> None:
    with pytest.raises(LdnkgError, match=words.replace("+", r"\+")):
        read_answer(form, "label", text, {})
    with pytest.raises(LdnkgError, match="Write it out in words"):
        read_answer(form, "label", "  ", {})


@pytest.mark.parametrize("back", ["<", "back"])
def test_going_back_offers_the_former_answer_as_the_default(form: ClaimForm, back: str) -> None:
    script = Script(back, "7", "naltrexone", back, back, "6", "", *HAPPY[2:], "-", "")
    assert talk(form, script) == MADE_UP
    assert "This is the first question." in script.text
    assert f"sentence [{ARTICLE}#s07]> " in script.shown
    assert "subject [naltrexone]> " in script.shown


def test_the_hedge_of_the_sentence_is_proposed_and_gives_the_certainty(form: ClaimForm) -> None:
    script = Script("13", "regimen:low-dose-naltrexone", "antagonises", "toll-like-receptor-4", "", "", "", LABEL)
    answers: dict[str, list[str]] = {}
    with pytest.raises(EOFError):
        talk(form, script, answers)
    assert answers["hedge"] == [f"{ARTICLE}#hedge-s12"]
    assert answers["certainty"] == ["hypothesised"]
    assert answers["sentence"] == [f"{ARTICLE}#s13", f"{ARTICLE}#s12"], "the sentence of the hedge is added"
    assert f"The sentence of the hedge, {ARTICLE}#s12, is added" in script.text


def test_a_sentence_with_a_hedge_never_proposes_the_surest_level(form: ClaimForm) -> None:
    assert propose(form, "certainty", {"sentence": [f"{ARTICLE}#s12"], "hedge": []}) == []
    assert propose(form, "certainty", {"sentence": [f"{ARTICLE}#s06"]}) == ["established"]


def test_what_the_ledger_lacks_is_proposed_for_it(form: ClaimForm) -> None:
    script = Script("6", "naltrexone", "actsOn", "toll-like-receptor-4", "", "", LABEL, "primarily", "", "")
    answers = talk(form, script)
    assert answers["mentions"] == ["toll-like-receptor-4"]
    script = Script(
        "7", "naltrexone", "takenBy", "oral-route", "", "", LABEL, "-", "manner", "daily", "overall", "", ""
    )
    answers = talk(form, script)
    assert answers["manners"] == ["overall"]
    assert "mentions" not in answers


def test_each_answer_can_be_changed_at_the_summary(form: ClaimForm) -> None:
    script = Script(*HAPPY, "-", "label", "Another label", "note", "A note", "nonsense", "")
    answers = talk(form, script)
    assert answers == {**MADE_UP, "label": ["Another label"], "note": ["A note"]}
    assert f"label [{LABEL}]> " in script.shown
    assert "There is no choice 'nonsense'." in script.text
    assert "Not set: " in script.text


def test_a_change_that_is_broken_off_changes_nothing(form: ClaimForm) -> None:
    assert talk(form, Script(*HAPPY, "-", "relation", "<", "")) == MADE_UP


def test_a_change_asks_again_for_what_does_not_fit_any_more(form: ClaimForm) -> None:
    script = Script(*HAPPY, "-", "relation", "takenBy", "oral-route", "", "")
    answers = talk(form, script)
    assert (answers["relation"], answers["object"]) == (["takenBy"], ["oral-route"])
    assert answers["mentions"] == ["oral-route"]
    assert "'object: mu-opioid-receptor' is removed, because it does not fit the other answers." in script.text


def test_another_sentence_asks_for_its_hedge_and_the_certainty_again(form: ClaimForm) -> None:
    script = Script(*HAPPY, "-", "sentence", "20", "", "", "-", "-", "-", "")
    answers = talk(form, script)
    assert (answers["hedge"], answers["certainty"]) == ([f"{ARTICLE}#hedge-s20"], ["associated"])


def test_earlier_answers_go_on_from_where_they_stopped(form: ClaimForm) -> None:
    answers: dict[str, list[str]] = {}
    broken_off = Script(*HAPPY[:3])
    with pytest.raises(EOFError):
        talk(form, broken_off, answers)
    resumed = Script(*HAPPY[3:], "-", "")
    assert talk(form, resumed, broken_off.kept[-1]) == MADE_UP
    assert resumed.prompts[0] == "object"


def test_an_earlier_answer_that_is_gone_is_asked_for_again(form: ClaimForm) -> None:
    given = {**MADE_UP, "object": ["a-receptor-that-was-renamed"], "manner": [], "no-such-key": ["x"]}
    assert find_invalid(form, given) == ["object", "no-such-key"]
    assert talk(form, Script("mu-opioid-receptor", ""), given) == MADE_UP
