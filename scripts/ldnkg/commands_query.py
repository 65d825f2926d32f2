"""What `ldnkg query` does: it asks the built graph, lists what can be asked, and says why an answer is so."""

from __future__ import annotations

from ldnkg import console
from ldnkg import query as asking
from ldnkg.commands_check import home_of
from ldnkg.files import shown
from ldnkg.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from ldnkg.paths import Home
    from ldnkg.query import Built
    from ldnkg.questions import Question


def query(arguments: Namespace) -> int:
    """Print the answer of the built graph, or the questions of the library."""
    home = home_of(arguments)
    if arguments.list:
        _list(home, [word for word in (arguments.question, *arguments.more) if word])
        return 0
    if not arguments.question:
        raise Problem("Name a question, or --list them; usage: ldnkg query NAME|FILE|SPARQL [--PARAMETER VALUE]")
    if not arguments.quiet:
        asking.warn_if_stale(home, console.tell)
    question = asking.find_question(home, arguments.question)
    built = asking.load(home)
    sparql = _asked(home, built, question, arguments)
    answer = asking.ask(built, sparql, shown(question.path) if question else "")
    if arguments.explain:
        _explain(home, built, sparql, answer)
    elif arguments.format != "table" or not asking.is_select(answer):
        console.say(asking.as_text(answer, arguments.format, built.prefixes), end="")
    elif rows := (told := asking.as_rows(answer, built.prefixes))[1]:
        console.table(told[0], rows)
    else:
        console.tell("No rows: nothing in the graph answers this.")
    return 0


def _asked(home: Home, built: Built, question: Question | None, arguments: Namespace) -> str:
    """Return the SPARQL with what was given for its parameters."""
    given = _pairs(arguments.more)
    if question is None:
        if given:
            raise Problem(f"--{next(iter(given))} is for a question of the library. Write it into the SPARQL.")
        return str(arguments.question)
    if not given:
        return question.text
    from ldnkg.parameters import terms

    return question.asked(terms(built, home.ontology / "ask", question, given))


def _pairs(more: list[str]) -> dict[str, str]:
    """Read `--name value` and `--name=value`."""
    found: dict[str, str] = {}
    words = [part for word in more for part in (word.split("=", 1) if word.startswith("--") else [word])]
    for name, value in zip(words[::2], words[1::2], strict=False):
        if not name.startswith("--"):
            break
        found[name.removeprefix("--")] = value
    if 2 * len(found) != len(words):
        raise Problem(f"'{' '.join(more)}' is no pair of --PARAMETER and VALUE. Write them after the question.")
    return found


def _list(home: Home, words: list[str]) -> None:
    """Print the name and the words of each question, or of those that have all of these words."""
    from ldnkg.questions import questions

    known = questions(home).values()
    wanted = [question for question in known if all(word.lower() in question.text.lower() for word in words)]
    rows = [[question.name, question.said("title"), _how(question)] for question in wanted]
    if rows:
        console.table(["name", "title", "parameters"], rows)
    console.tell(f"{len(wanted)} of {len(known)} questions.")


def _how(question: Question) -> str:
    others = ["asks other endpoints too"] if question.federates else []
    return ", ".join([*(f"--{name}" for name in question.parameters), *others])


def _explain(home: Home, built: Built, sparql: str, answer: object) -> None:
    """Print the SPARQL, and each row with the claims that it stands on and their sentences."""
    from ldnkg.curie import Shortener
    from ldnkg.reasons import reasons

    console.say(sparql.rstrip())
    if not asking.is_select(answer):
        raise Problem("Only the rows of a SELECT can be explained.")
    columns, rows = asking.as_rows(answer, built.prefixes)
    shorten = Shortener(built.prefixes)
    for number, (row, why) in enumerate(
        zip(rows, reasons(built, home.ontology / "ask" / "reasons.rq", sparql), strict=True), 1
    ):
        told = ", ".join(f"{name}: {cell}" for name, cell in zip(columns, row, strict=True) if cell)
        console.say(f"\n{console.bold(f'row {number}')}  {told}")
        for claim, label, certainty, sentences in why:
            console.say(f"  {shorten(claim)} ({certainty}): {label}")
            console.say(f"    from {', '.join(map(shorten, sentences))}")
        if not why:
            console.say("  stands on no claim")
