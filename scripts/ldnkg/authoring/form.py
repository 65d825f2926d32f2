"""Decide which questions a new claim needs and which choices each of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.authoring.choices import Choice
from ldnkg.authoring.vocabulary import Key, Vocabulary
from ldnkg.records.names import get_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from ldnkg.paths import Home

    Answers: TypeAlias = Mapping[str, Sequence[str]]

# The order of the questions, so that an answer narrows the choices of the next one. Further keys follow.
FIRST = ("sentence", "subject", "relation", "object", "hedge", "certainty", "evidence", "label")
ENDS = ("subject", "object")
# What is entered in the ledger beside the claim, with the hint for each.
LEDGER = {
    "mentions": "The claim names these, and the ledger does not yet. Enter those that its first sentence mentions.",
    "manners": "The claim has these manners, and the ledger does not yet. Enter those that its first sentence has.",
}
ENTITY, SENTENCE, HEDGE = "Entity", {"Sentence"}, {"Hedge"}


class ClaimForm:
    """The questions of a new claim.

    Answers are lists of names by key; the list of a skipped question is empty. Raise LdnkgError if the records have
    faults.
    """

    def __init__(self, home: Home) -> None:
        self.vocabulary = Vocabulary(home)
        entries = {name: Key(name, hint, False, True, frozenset(), ()) for name, hint in LEDGER.items()}
        self.keys: dict[str, Key] = {**self.vocabulary.keys, **entries}
        self.order = list(dict.fromkeys([*FIRST, *self.keys]))

    def list_open(self, answers: Answers) -> list[str]:
        """Return the keys to ask for: those that are needed, and optional ones that the sentences suggest."""
        return [
            key for key in self.order if key not in answers and (self.keys[key].needed or self._suggests(key, answers))
        ]

    def get_hint(self, key: str, answers: Answers) -> str:
        """Return the hint of a key; that of the label names the words that express the chosen certainty."""
        hint = self.keys[key].hint
        level = next(iter(answers.get("certainty", [])), "")
        words = self.vocabulary.hedging.get(level)
        if key != "label" or not words:
            return hint
        return f"{hint} The claim is {level}, so use one of the words: {', '.join(words)}."

    def lacks_hedging(self, answers: Answers) -> bool:
        """Return whether the label has none of the words that express the chosen certainty."""
        label = " ".join(answers.get("label", [])).lower()
        words = [word for level in answers.get("certainty", []) for word in self.vocabulary.hedging.get(level, ())]
        return bool(label and words) and not any(word.lower() in label for word in words)

    def _suggests(self, key: str, answers: Answers) -> bool:
        """Return whether the chosen sentences list something for the key that the claim does not name yet."""
        choices = {choice.name for choice in self.list_choices(key, answers)}
        if self.keys[key].kinds == HEDGE or key in LEDGER:
            return bool(choices)
        used = {name for names in answers.values() for name in names}
        return bool((choices - used) & set(self.list_in_sentences(answers, "mentions", "manners")))

    def takes_text(self, key: str) -> bool:
        """Return whether the key takes free text."""
        return not self.keys[key].kinds and key not in (*ENDS, *LEDGER)

    def list_choices(self, key: str, answers: Answers) -> list[Choice]:
        """Return the choices of a key, those of the chosen sentences first; none if the key takes free text."""
        if self.keys[key].kinds == SENTENCE:
            return list(self._list_sentences())
        if self.keys[key].kinds == HEDGE:
            return [self._make_hedge(number, name) for number, name in enumerate(self.list_hedges(answers, key), 1)]
        names = self._list_unlisted(key, answers) if key in LEDGER else self._list_fitting(key, answers)
        return [self._make_choice(number, name, key) for number, name in enumerate(names, 1)]

    def _make_choice(self, number: int, name: str, key: str) -> Choice:
        member = self.vocabulary.members[name]
        note = self.vocabulary.relations[name].note if key == "relation" else member.note
        return Choice(str(number), name, member.label, note)

    def _list_fitting(self, key: str, answers: Answers) -> list[str]:
        near, claims = self._list_near(answers), self.vocabulary.claims
        fitting = [name for name in self.vocabulary.members if self._fits(key, name, answers)]
        return sorted(fitting, key=lambda name: (name not in near, name in claims))

    def _list_near(self, answers: Answers) -> set[str]:
        return set(self.list_in_sentences(answers, "mentions", "manners", "claims"))

    def count_near(self, key: str, answers: Answers) -> int:
        """Return how many choices of a key the chosen sentences list; these are the first of all choices."""
        return len({choice.name for choice in self.list_choices(key, answers)} & self._list_near(answers))

    def _fits(self, key: str, name: str, answers: Answers) -> bool:
        """Return whether the key may name the member; subject, relation and object must fit each other."""
        relations, kinds = self.vocabulary.relations, self.vocabulary.members[name].kinds
        if key in ENDS:
            chosen = [relations[relation] for relation in answers.get("relation", []) if relation in relations]
            return any(relation.kinds.get(key, frozenset()) <= kinds for relation in chosen or relations.values())
        if key == "relation" and name in relations and (subject := self._find_subject(answers)):
            return relations[name].kinds.get("subject", frozenset()) <= subject
        return bool(self.keys[key].kinds) and self.keys[key].kinds <= kinds

    def _find_subject(self, answers: Answers) -> frozenset[str]:
        """Return the kinds of the subject, none if it is not known."""
        known = [
            self.vocabulary.members[name] for name in answers.get("subject", []) if name in self.vocabulary.members
        ]
        return known[0].kinds if known else frozenset()

    def _list_sentences(self) -> Iterator[Choice]:
        """Yield the sentences that can give claims; they are chosen by their numbers if there is one article."""
        sentences = self.vocabulary.sentences
        single = len({name.partition("#")[0] for name in sentences}) == 1
        for place, (name, node) in enumerate(sentences.items(), 1):
            if "reason" not in node:
                number = str(node["number"]) if single else str(place)
                mentioned = ", ".join(map(self.get_label, get_texts(node.get("mentions", []))))
                yield Choice(number, name, f"sentence {node['number']}, {node['section']}", mentioned)

    def _make_hedge(self, number: int, name: str) -> Choice:
        node = self.vocabulary.hedges[name]
        place = self.vocabulary.sentences[str(node["inSentence"])]["number"]
        return Choice(str(number), name, str(node["cue"]), f"{node['certainty']}, in sentence {place}")

    def list_hedges(self, answers: Answers, key: str = "") -> list[str]:
        """Return the hedges of the chosen sentences, without those that another key names already.

        These are the hedges in the sentences and those that govern them; all hedges if no sentence is chosen.
        """
        chosen, governing = answers.get("sentence", []), self.list_in_sentences(answers, "governedBy")
        others = [other for other in self.keys if key and other != key and self.keys[other].kinds == HEDGE]
        taken = [name for other in others for name in answers.get(other, [])]
        hedges = self.vocabulary.hedges.items()
        near = [name for name, node in hedges if not chosen or name in governing or node["inSentence"] in chosen]
        return [name for name in near if name not in taken]

    def _list_unlisted(self, key: str, answers: Answers) -> list[str]:
        """Return what the claim names and none of its sentences lists under this key of the ledger."""
        listed, members = self.list_in_sentences(answers, key), self.vocabulary.members
        entities = [
            name
            for other in self.vocabulary.keys
            for name in answers.get(other, [])
            if other != "evidence" and name in members and ENTITY in members[name].kinds
        ]
        named = answers.get("manner", []) if key == "manners" else entities
        return [name for name in dict.fromkeys(named) if name not in listed]

    def list_in_sentences(self, answers: Answers, *keys: str) -> list[str]:
        """Return what the ledger lists under these keys of the chosen sentences."""
        nodes = [self.vocabulary.sentences.get(name, {}) for name in answers.get("sentence", [])]
        return [name for node in nodes for key in keys for name in get_texts(node.get(key, []))]

    def get_label(self, name: str) -> str:
        """Return the label of a name, or the name itself if it has none."""
        return self.vocabulary.members[name].label if name in self.vocabulary.members else name
