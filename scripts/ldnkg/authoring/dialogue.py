"""Ask a curator for a new claim, one question at a time, and let any answer be changed before the claim is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ldnkg.authoring.answers import find_invalid, is_allowed, propose, read_answer
from ldnkg.authoring.choices import Choice, find_choice, format_choices
from ldnkg.authoring.form import LEDGER
from ldnkg.errors import LdnkgError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ldnkg.authoring.form import ClaimForm

BACK, SKIP, ALL = ("<", "back"), "-", "?"
INTRODUCTION = (
    "Answer with a number, a name, a label or the beginning of one; Enter takes the answer in brackets.",
    "< goes back, - skips an optional question, ? lists all choices. Ctrl-C stops and keeps the answers.",
)
REVIEW = "Enter checks and writes the claim, a number or a key changes an answer, < goes back> "
# The keys whose answers follow from another key; they are asked for again if its answer changes.
FOLLOWING = {"sentence": ("hedge", "outsideHedge", "certainty"), "hedge": ("outsideHedge", "certainty")}
FEW = 20


class Terminal(Protocol):
    """Reads the answers of a curator and shows lines of text."""

    def ask(self, prompt: str, words: Sequence[str]) -> str:
        """Return the next line; `words` may complete it. Raise EOFError if there is none."""

    def say(self, text: str) -> None:
        """Show a line."""


class Dialogue:
    """The questions and answers of one claim; `keep` is called with all answers whenever one changes."""

    def __init__(
        self,
        form: ClaimForm,
        answers: dict[str, list[str]],
        terminal: Terminal,
        keep: Callable[[dict[str, list[str]]], None],
    ) -> None:
        self.form, self.answers, self.terminal, self.keep = form, answers, terminal, keep
        self.previous: dict[str, list[str]] = {}

    def run(self) -> dict[str, list[str]]:
        """Ask what is open, show the summary, change what the curator wants, and return the accepted answers."""
        while True:
            self._ask_open()
            self._show_summary()
            if not (command := self.terminal.ask(REVIEW, list(self.form.keys)).strip()):
                return self.answers
            if command in BACK:
                self._go_back()
            else:
                self._change(command)

    def _ask_open(self) -> None:
        self._drop_invalid()
        while keys := self.form.list_open(self.answers):
            names = self._ask(keys[0])
            if names is None:
                self._go_back()
            else:
                self._take(keys[0], names)

    def _ask(self, key: str) -> list[str] | None:
        """Return the values that the curator gives for a key, empty if skipped; None to go back."""
        default = self._find_default(key)
        prompt = self._show_question(key, default)
        words = [choice.name for choice in self.form.list_choices(key, self.answers)]
        while (answer := self.terminal.ask(prompt, words).strip()) not in BACK:
            if answer == ALL:
                self._show_choices(key, len(words))
                if self.form.takes_text(key):
                    self.terminal.say("There are no choices: type the text.")
                continue
            try:
                return self._read(key, answer, default)
            except LdnkgError as problem:
                self.terminal.say(str(problem))
        return None

    def _read(self, key: str, answer: str, default: list[str]) -> list[str]:
        """Return the values of an answer; raise LdnkgError if it is not allowed."""
        if not answer and default:
            return default
        if answer not in (SKIP, ""):
            return read_answer(self.form, key, answer, self.answers)
        if self.form.keys[key].needed:
            raise LdnkgError(f"Each claim needs '{key}'. Answer the question, or go back with <.")
        return []

    def _find_default(self, key: str) -> list[str]:
        """Return the former answer if it is still allowed, else the one that follows from the other answers."""
        former = self.previous.get(key, [])
        valid = former and is_allowed(self.form, key, former, self.answers)
        return former if valid else propose(self.form, key, self.answers)

    def _show_question(self, key: str, default: Sequence[str]) -> str:
        """Show the question with its choices, and return the prompt."""
        self.terminal.say(f"\n{key}: {self.form.get_hint(key, self.answers)}".rstrip(": "))
        self._show_choices(key, self._count_shown(key))
        if default:
            return f"{key} [{', '.join(default)}]> "
        return f"{key}> " if self.form.keys[key].needed else f"{key} (optional)> "

    def _count_shown(self, key: str) -> int:
        """Return how many choices to show at first: those of the sentences if there are many or the key is optional."""
        count, near = len(self.form.list_choices(key, self.answers)), self.form.count_near(key, self.answers)
        if near and (count > FEW or not self.form.keys[key].needed):
            return near
        return min(count, FEW)

    def _show_choices(self, key: str, shown: int) -> None:
        choices = self.form.list_choices(key, self.answers)
        for line in format_choices(choices[:shown]):
            self.terminal.say(line)
        if len(choices) > shown:
            self.terminal.say(f"      ... and {len(choices) - shown} more: ? lists them.")

    def _take(self, key: str, names: list[str]) -> None:
        """Accept an answer and remove the answers that it makes invalid."""
        self.answers[key] = names
        self.previous.pop(key, None)
        if key == "hedge":
            self._add_sentences(names)
        self._drop_invalid()
        self.keep(self.answers)

    def _add_sentences(self, hedges: Sequence[str]) -> None:
        """Add the sentences of the hedges to those of the claim, because a claim names the sentence of its hedge."""
        for sentence in [str(self.form.vocabulary.hedges[name]["inSentence"]) for name in hedges]:
            if sentence not in self.answers.get("sentence", []):
                self.answers["sentence"] = [*self.answers.get("sentence", []), sentence]
                self.terminal.say(f"The sentence of the hedge, {sentence}, is added to 'sentence'.")

    def _drop_invalid(self) -> None:
        """Remove the answers that do not fit the others, so that their questions are asked again."""
        while keys := find_invalid(self.form, self.answers):
            names = ", ".join(self.answers.pop(keys[0]))
            self.terminal.say(f"'{keys[0]}: {names}' is removed, because it does not fit the other answers.")

    def _go_back(self) -> None:
        """Remove the last answer; it becomes the default when its question is asked again."""
        if not self.answers:
            self.terminal.say("This is the first question.")
            return
        key, self.previous[key] = self.answers.popitem()
        self.keep(self.answers)

    def _show_summary(self) -> None:
        """Show the answers with a number each, and the keys that are not set."""
        self.terminal.say("\nThe claim:")
        for line in format_choices(self._list_answers()):
            self.terminal.say(line)
        if unset := [key for key in self._list_unset() if self._is_possible(key)]:
            self.terminal.say(f"Not set: {', '.join(unset)}.")
        if self.form.lacks_hedging(self.answers):
            self.terminal.say("The label sounds more certain than the claim. Change it: type label.")
        self.terminal.say("The claim will also be entered in the ledger, under its sentences.")

    def _list_answers(self) -> list[Choice]:
        """Return the answers that can be changed, numbered from 1."""
        given = [key for key in self.form.order if self.answers.get(key)]
        return [
            Choice(str(number), key, ", ".join(self.answers[key]), "; ".join(self._list_labels(self.answers[key])))
            for number, key in enumerate(given, 1)
        ]

    def _list_unset(self) -> list[str]:
        return [key for key in self.form.keys if not self.answers.get(key)]

    def _is_possible(self, key: str) -> bool:
        return self.form.takes_text(key) or bool(self.form.list_choices(key, self.answers))

    def _list_labels(self, names: Sequence[str]) -> list[str]:
        return [label for name in names if (label := self.form.get_label(name)) != name]

    def _change(self, command: str) -> None:
        """Ask for another answer to the key that a command names."""
        unset = [Choice(key, key, key) for key in self._list_unset()]
        try:
            key = find_choice([*self._list_answers(), *unset], command).name
        except LdnkgError as problem:
            self.terminal.say(str(problem))
            return
        former = self.answers.pop(key, [])
        self.previous[key] = former
        names = self._ask(key)
        self._take(key, former if names is None else names)
        if names not in (None, former) and key not in LEDGER:
            self._ask_again(key)

    def _ask_again(self, key: str) -> None:
        """Remove the answers that follow from this one and the ledger entries, so that they are asked for again."""
        for following in (*FOLLOWING.get(key, ()), *LEDGER):
            self.answers.pop(following, None)
        self.keep(self.answers)
