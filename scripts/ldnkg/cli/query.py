"""`ldnkg query`: query the built graph, find questions, and print the claims that support an answer."""

from __future__ import annotations

from functools import partial
from itertools import takewhile

from ldnkg.cli import console
from ldnkg.cli.options import get_home
from ldnkg.cli.time_limit import SECONDS, TIMED_OUT, limit_time, parse_seconds
from ldnkg.errors import LdnkgError
from ldnkg.rdf.formats import ALIASES, GRAPH_FORMATS, ROW_FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from ldnkg.paths import Home
    from ldnkg.querying.engine import Answer, BuiltGraph
    from ldnkg.querying.library import Question
    from ldnkg.querying.parameters import Parameters
    from ldnkg.querying.search import Synonyms

HELP = "query the built graph with a question, a file or SPARQL, or find a question with --list WORDS"
EXAMPLE = "claims-about --condition fibromyalgia"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg query`."""
    parser.allow_abbrev = False
    what = (
        "the name of a question, with --PARAMETER VALUE for each parameter; a file with SPARQL; SPARQL itself; "
        "or - for standard input"
    )
    parser.add_argument("question", metavar="NAME|FILE|SPARQL", nargs="?", help=what)
    which = "list all questions, those of a group, or those that match words, such as --list side effects"
    parser.add_argument("--list", action="store_true", help=which)
    why = "print the SPARQL, and each row with the claims and the sentences that support it"
    parser.add_argument("--explain", action="store_true", help=why)
    how = (
        f"the format of the output: table (default); for rows {', '.join(ROW_FORMATS)}; for a graph "
        f"{', '.join(GRAPH_FORMATS)}, or one of their file extensions; for --list only table, csv and json, and for "
        "--explain only table and json"
    )
    formats = ["table", *ROW_FORMATS, *GRAPH_FORMATS, *ALIASES]
    parser.add_argument("--format", metavar="FORMAT", choices=formats, default="table", help=how)
    where = "allow SERVICE, which sends a part of the query to another endpoint over the network"
    parser.add_argument("--federated", action="store_true", help=where)
    limit = f"stop the query after this time and exit with {TIMED_OUT} (default: {SECONDS}; 0 is no limit)"
    parser.add_argument("--timeout", metavar="SECONDS", type=parse_seconds, default=SECONDS, help=limit)


def run(arguments: Namespace) -> int:
    """Print an answer, or a list of questions."""
    home = get_home(arguments)
    if arguments.list:
        _print_list(home, arguments)
    elif arguments.question:
        _answer(home, arguments)
    else:
        raise LdnkgError(
            "Give a question, or find one with --list WORDS; usage: ldnkg query NAME|FILE|SPARQL|- [--PARAMETER VALUE]"
        )
    return 0


def _answer(home: Home, arguments: Namespace) -> None:
    from ldnkg.files import display_path
    from ldnkg.querying.engine import load_graph, warn_if_stale
    from ldnkg.querying.library import find_question, read_parameters

    if arguments.explain and arguments.format not in {"table", "json"}:
        raise LdnkgError(f"--explain has no format {arguments.format}. Use --format table or json.")
    if not arguments.quiet:
        warn_if_stale(home, console.write_err)
    words = takewhile(lambda word: not word.startswith("--"), arguments.more)
    question = find_question(home, arguments.question, *words)
    built = load_graph(home)
    parameters = read_parameters(built, question, _read_pairs(arguments.more))
    sparql = parameters.sparql if parameters else str(arguments.question)
    with limit_time(arguments.timeout):
        print_answer = _evaluate(built, sparql, display_path(question.path) if question else "", arguments)
    for line in parameters.describe_defaults() if parameters and not arguments.quiet else []:
        console.write_err(line)
    if not print_answer():
        _print_no_rows(None if arguments.quiet else question, None if arguments.quiet else parameters)


def _evaluate(built: BuiltGraph, sparql: str, place: str, arguments: Namespace) -> Callable[[], bool]:
    """Return a function that prints the answer, which is complete, and returns whether there is one."""
    from ldnkg.querying.engine import ask

    answer = ask(built, sparql, place, federated=arguments.federated)
    named = built.with_query_prefixes(sparql)
    if arguments.explain:
        return _explain_answer(named, sparql, arguments.format, answer)
    return _format_answer(named, arguments.format, answer)


def _print_no_rows(question: Question | None, parameters: Parameters | None) -> None:
    """Print that there are no rows, and what the question and its parameters say about that."""
    console.write_err("No rows: the graph has no answer. This does not mean no.")
    if question and question.note:
        console.write_err(f"About this question: {question.note}")
    if parameters and (broader := parameters.suggest_broader()):
        console.write_err(f"Similar names in the graph: {', '.join(map(repr, broader))}.")


def _read_pairs(more: list[str]) -> dict[str, str]:
    """Return the value of each parameter, given as `--name value` or `--name=value`."""
    found: dict[str, str] = {}
    words = [part for word in more for part in (word.split("=", 1) if word.startswith("--") else [word])]
    for name, value in zip(words[::2], words[1::2], strict=False):
        if not name.startswith("--"):
            break
        if name.removeprefix("--") in found:
            raise LdnkgError(f"{name} is given twice. Give one value: a question takes one value of each parameter.")
        found[name.removeprefix("--")] = value
    if 2 * len(found) != len(words):
        raise LdnkgError(
            f"'{' '.join(more)}' is not a pair of --PARAMETER and VALUE. Write pairs after the question, such as "
            "--condition fibromyalgia."
        )
    return found


def _format_answer(built: BuiltGraph, form: str, answer: Answer) -> Callable[[], bool]:
    """Return a function that prints the answer; an empty result in a machine-readable format counts as one."""
    from ldnkg.querying.results import format_answer, format_rows, has_rows

    if form != "table" or not has_rows(answer):
        return partial(_print_data, format_answer(answer, form, built.prefixes))
    return partial(_print_rows, *format_rows(answer, built.prefixes))


def _print_data(text: str) -> bool:
    console.write_data(text)
    return True


def _print_rows(columns: list[str], rows: list[list[str]]) -> bool:
    if rows:
        console.print_table(columns, rows)
    return bool(rows)


def _print_list(home: Home, arguments: Namespace) -> None:
    """Print the questions, or those that match all of the given words, and what to type next."""
    from ldnkg.querying.library import load_questions
    from ldnkg.querying.search import find_questions, load_synonyms

    words = [word for word in (arguments.question, *arguments.more) if word]
    known, synonyms = list(load_questions(home).values()), load_synonyms(home)
    wanted = find_questions(known, words, synonyms)
    _print_questions(wanted, arguments.format)
    if not arguments.quiet:
        console.write_err(_describe_next_step(wanted, known, words, synonyms))


def _describe_next_step(wanted: list[Question], known: list[Question], words: list[str], synonyms: Synonyms) -> str:
    from ldnkg.querying.question_list import describe_next_step, describe_no_questions
    from ldnkg.querying.search import find_questions, is_ignored, suggest_words

    if wanted:
        return describe_next_step(wanted, known)
    alone = {word: len(find_questions(known, [word], synonyms)) for word in words if not is_ignored(word, synonyms)}
    return describe_no_questions(known, suggest_words(known, words, synonyms), alone)


def _print_questions(wanted: list[Question], form: str) -> None:
    """Print the questions as a table, or complete as JSON or CSV."""
    from ldnkg.querying import question_list

    if form not in {"table", "csv", "json"}:
        raise LdnkgError(
            f"--list has no format {form}. Use --format table, csv or json; dist/queries.ttl is the list as RDF."
        )
    if form == "json":
        console.write_data(question_list.format_json(wanted) + "\n")
    elif form == "csv":
        console.write_data(question_list.format_csv(wanted))
    elif wanted:
        console.print_table(*question_list.format_table(wanted))


def _explain_answer(built: BuiltGraph, sparql: str, form: str, answer: Answer) -> Callable[[], bool]:
    """Return a function that prints each row with its claims and their sentences."""
    from ldnkg.querying import row_provenance
    from ldnkg.querying.results import format_rows, has_rows

    if not has_rows(answer):
        raise LdnkgError("--explain needs the rows of a SELECT. Leave it out, or use SELECT.")
    prefixes = built.prefixes if form == "table" else {}
    columns, rows = format_rows(answer, prefixes)
    why = row_provenance.explain_rows(built, sparql)
    if form == "json":
        return partial(_print_data, row_provenance.format_json(columns, rows, why) + "\n")
    texts = [row_provenance.format_text(claims, prefixes) for claims in why]
    return partial(_print_provenance, sparql, columns, rows, texts)


def _print_provenance(sparql: str, columns: list[str], rows: list[list[str]], why: list[str]) -> bool:
    """Print the SPARQL, and each row with its claims and their sentences; return whether there are rows."""
    console.write_out(sparql.rstrip())
    for number, (row, claims) in enumerate(zip(rows, why, strict=True), 1):
        cells = ", ".join(f"{name}: {cell}" for name, cell in zip(columns, row, strict=True) if cell)
        console.write_out(f"\n{console.bold(f'row {number}')}  {cells}")
        console.write_out(claims)
    return bool(rows)
