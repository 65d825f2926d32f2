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

    from ldnkg.parameters import Parameters
    from ldnkg.paths import Home
    from ldnkg.query import Built
    from ldnkg.questions import Question


def query(arguments: Namespace) -> int:
    """Print the answer of the built graph, or the questions of the library."""
    home = home_of(arguments)
    if arguments.list:
        _list(home, arguments)
    elif arguments.question:
        _ask(home, arguments)
    else:
        raise Problem("Name a question, or --list them; usage: ldnkg query NAME|FILE|SPARQL|- [--PARAMETER VALUE]")
    return 0


def _ask(home: Home, arguments: Namespace) -> None:
    if arguments.explain and arguments.format not in {"table", "json"}:
        raise Problem(f"Reasons have no form {arguments.format}. Use --format json, or none.")
    if not arguments.quiet:
        asking.warn_if_stale(home, console.tell)
    question = asking.find_question(home, arguments.question)
    built = asking.load(home)
    parameters = _parameters(home, built, question, _pairs(arguments.more))
    sparql = parameters.sparql if parameters else str(arguments.question)
    answer = asking.ask(built, sparql, shown(question.path) if question else "")
    built = built.asked_with(sparql)
    for line in parameters.defaults() if parameters and not arguments.quiet else []:
        console.tell(line)
    if arguments.explain:
        found = _explain(home, built, sparql, arguments.format, answer)
    else:
        found = _print(built, arguments.format, answer)
    if not found:
        _no_rows(None if arguments.quiet else parameters)


def _no_rows(parameters: Parameters | None) -> None:
    console.tell("No rows: nothing in the graph answers this.")
    if parameters and (wider := parameters.wider()):
        console.tell(f"Also in the graph: {', '.join(map(repr, wider))}.")


def _parameters(home: Home, built: Built, question: Question | None, given: dict[str, str]) -> Parameters | None:
    """Return the parameters of the question, with what was given for them; SPARQL itself has none."""
    if question:
        from ldnkg.parameters import Parameters

        return Parameters(built, home.ontology / "ask", question, given)
    if given:
        raise Problem(f"--{next(iter(given))} is for a question of the library. Write it into the SPARQL.")
    return None


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


def _print(built: Built, form: str, answer: asking.Answer) -> bool:
    """Print the answer, and return whether there is one: a form for machines is one, though it may be without rows."""
    if form != "table" or not asking.is_select(answer):
        console.say(asking.as_text(answer, form, built.prefixes), end="")
        return True
    columns, rows = asking.as_rows(answer, built.prefixes)
    if rows:
        console.table(columns, rows)
    return bool(rows)


def _list(home: Home, arguments: Namespace) -> None:
    """Print the questions, or those that have all of these words."""
    from ldnkg import listing
    from ldnkg.questions import questions

    words = [word for word in (arguments.question, *arguments.more) if word]
    known = list(questions(home).values())
    wanted = listing.with_words(known, words)
    listing.show(wanted, arguments.format)
    if not arguments.quiet:
        near = "" if wanted else listing.near(known, words)
        console.tell(f"{len(wanted)} of {len(known)} questions.{near}")


def _explain(home: Home, built: Built, sparql: str, form: str, answer: asking.Answer) -> bool:
    """Print each row with the claims that it stands on and their sentences, and return whether there is any."""
    from ldnkg import reasons

    if not asking.is_select(answer):
        raise Problem("Only the rows of a SELECT can be explained.")
    prefixes = built.prefixes if form == "table" else {}
    columns, rows = asking.as_rows(answer, prefixes)
    why = reasons.reasons(built, home.ontology / "ask" / "reasons.rq", sparql)
    if form == "json":
        console.say(reasons.as_json(columns, rows, why))
        return True
    console.say(sparql.rstrip())
    for number, (row, reason) in enumerate(zip(rows, why, strict=True), 1):
        told = ", ".join(f"{name}: {cell}" for name, cell in zip(columns, row, strict=True) if cell)
        console.say(f"\n{console.bold(f'row {number}')}  {told}")
        console.say(reasons.as_words(reason, prefixes))
    return bool(rows)
