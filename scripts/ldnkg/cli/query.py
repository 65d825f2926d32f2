"""`ldnkg query`: ask the built graph, list the questions, and print what supports an answer."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.cli.options import get_home
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ldnkg.paths import Home
    from ldnkg.querying.engine import Answer, BuiltGraph
    from ldnkg.querying.library import Question
    from ldnkg.querying.parameters import Parameters

HELP = "ask the built graph; what a question of the library is about can be given, as --condition fibromyalgia"
EXAMPLE = "claims-about --condition fibromyalgia"


def add_arguments(parser: ArgumentParser) -> None:
    """Add what `ldnkg query` takes."""
    parser.allow_abbrev = False
    what = "a file, the name of a question of the library, SPARQL itself, or - for standard input"
    parser.add_argument("question", metavar="FILE|NAME|SPARQL", nargs="?", help=what)
    which = "list the questions, or those of the group or with the words that follow"
    parser.add_argument("--list", action="store_true", help=which)
    why = "print the SPARQL, and each row with the claims and the sentences that it stands on"
    parser.add_argument("--explain", action="store_true", help=why)
    how = "how to print the answer, the list (not ttl) or the reasons (json alone); else as a table, or in words"
    parser.add_argument("--format", choices=["table", "csv", "json", "ttl"], default="table", help=how)


def run(arguments: Namespace) -> int:
    """Print the answer of the built graph, or the questions of the library."""
    home = get_home(arguments)
    if arguments.list:
        _print_list(home, arguments)
    elif arguments.question:
        _answer(home, arguments)
    else:
        raise LdnkgError("Name a question, or --list them; usage: ldnkg query NAME|FILE|SPARQL|- [--PARAMETER VALUE]")
    return 0


def _answer(home: Home, arguments: Namespace) -> None:
    from ldnkg.files import display_path
    from ldnkg.querying.engine import ask, load_graph, warn_if_stale
    from ldnkg.querying.library import find_question, read_parameters

    if arguments.explain and arguments.format not in {"table", "json"}:
        raise LdnkgError(f"Reasons have no form {arguments.format}. Use --format json, or none.")
    if not arguments.quiet:
        warn_if_stale(home, console.write_err)
    question = find_question(home, arguments.question)
    built = load_graph(home)
    parameters = read_parameters(built, question, _read_pairs(arguments.more))
    sparql = parameters.sparql if parameters else str(arguments.question)
    answer = ask(built, sparql, display_path(question.path) if question else "")
    built = built.with_query_prefixes(sparql)
    for line in parameters.describe_defaults() if parameters and not arguments.quiet else []:
        console.write_err(line)
    if arguments.explain:
        found = _print_provenance(built, sparql, arguments.format, answer)
    else:
        found = _print_answer(built, arguments.format, answer)
    if not found:
        _print_no_rows(None if arguments.quiet else parameters)


def _print_no_rows(parameters: Parameters | None) -> None:
    console.write_err("No rows: nothing in the graph answers this.")
    if parameters and (wider := parameters.suggest_broader()):
        console.write_err(f"Also in the graph: {', '.join(map(repr, wider))}.")


def _read_pairs(more: list[str]) -> dict[str, str]:
    """Read `--name value` and `--name=value`."""
    found: dict[str, str] = {}
    words = [part for word in more for part in (word.split("=", 1) if word.startswith("--") else [word])]
    for name, value in zip(words[::2], words[1::2], strict=False):
        if not name.startswith("--"):
            break
        found[name.removeprefix("--")] = value
    if 2 * len(found) != len(words):
        raise LdnkgError(f"'{' '.join(more)}' is no pair of --PARAMETER and VALUE. Write them after the question.")
    return found


def _print_answer(built: BuiltGraph, form: str, answer: Answer) -> bool:
    """Print the answer and return whether there is one; a machine-readable form without rows is one."""
    from ldnkg.querying.results import format_answer, format_rows, has_rows

    if form != "table" or not has_rows(answer):
        console.write_out(format_answer(answer, form, built.prefixes), end="")
        return True
    columns, rows = format_rows(answer, built.prefixes)
    if rows:
        console.print_table(columns, rows)
    return bool(rows)


def _print_list(home: Home, arguments: Namespace) -> None:
    """Print the questions, or those that contain all of the given words."""
    from ldnkg.querying import search
    from ldnkg.querying.library import load_questions

    words = [word for word in (arguments.question, *arguments.more) if word]
    known = list(load_questions(home).values())
    wanted = search.filter_questions(known, words)
    _print_questions(wanted, arguments.format)
    if not arguments.quiet:
        near = "" if wanted else search.suggest_words(known, words)
        console.write_err(f"{len(wanted)} of {len(known)} questions.{near}")


def _print_questions(wanted: list[Question], form: str) -> None:
    """Print the questions as a table, or all that is known of each as JSON or CSV."""
    from ldnkg.querying import search

    if form == "ttl":
        raise LdnkgError(
            "The list has no form ttl. Use --format table, csv or json; queries.ttl is the library as RDF."
        )
    if form == "json":
        console.write_out(search.format_json(wanted))
    elif form == "csv":
        console.write_out(search.format_csv(wanted), end="")
    elif wanted:
        console.print_table(*search.format_table(wanted))


def _print_provenance(built: BuiltGraph, sparql: str, form: str, answer: Answer) -> bool:
    """Print each row with its claims and their sentences, and return whether there is any row."""
    from ldnkg.querying import row_provenance
    from ldnkg.querying.results import format_rows, has_rows

    if not has_rows(answer):
        raise LdnkgError("Only the rows of a SELECT can be explained.")
    prefixes = built.prefixes if form == "table" else {}
    columns, rows = format_rows(answer, prefixes)
    why = row_provenance.explain_rows(built, sparql)
    if form == "json":
        console.write_out(row_provenance.format_json(columns, rows, why))
        return True
    console.write_out(sparql.rstrip())
    for number, (row, reason) in enumerate(zip(rows, why, strict=True), 1):
        told = ", ".join(f"{name}: {cell}" for name, cell in zip(columns, row, strict=True) if cell)
        console.write_out(f"\n{console.bold(f'row {number}')}  {told}")
        console.write_out(row_provenance.format_text(reason, prefixes))
    return bool(rows)
