"""The entry point of `ldnkg`: parse the arguments, run the command, and map errors to exit statuses."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from contextlib import nullcontext
from importlib import import_module

from ldnkg.cli import console
from ldnkg.cli.confined import continue_in_child
from ldnkg.cli.options import add_common
from ldnkg.errors import LdnkgError, describe_os_error, suggest
from ldnkg.memory_limit import limit_memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import NoReturn

# The commands in the order of the help, by what the reader wants.
GROUPS = {
    "Ask the graph": ("query", "show", "explain"),
    "Load it into other tools": ("export", "view", "nanopubs", "merge"),
    "Curate it": ("new", "check", "verify-source", "build"),
    "Serve it": ("serve",),
}
COMMANDS = tuple(name for names in GROUPS.values() for name in names)
# The commands that parse files of other people. The server limits the memory of each of its workers.
LIMITED = {"merge", "check", "build", "export", "view"}
HEADINGS = {names[0]: heading for heading, names in GROUPS.items()}
DESCRIPTION = (
    "Query, export, curate and serve LDN-KG, the statements of one article on low-dose naltrexone as linked data."
)
STATUS = "Exit status: 0 success, 1 findings or nothing written, 2 wrong usage, 124 time limit of a query exceeded."
FIRST = "ldnkg query drug-receptor-mechanism-condition-citation"


class _Help(argparse.HelpFormatter):
    """Formats help in 80 columns, because asking the terminal for its width slows down each start."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)

    def _format_action(self, action: argparse.Action) -> str:
        """Return the help of an option or a command, with the heading of a group above its first command."""
        text = super()._format_action(action)
        heading = HEADINGS.get(str(action.metavar))
        return f"\n  {heading}:\n{text}" if heading else text


class _Parser(argparse.ArgumentParser):
    """A parser that refuses an unknown command with the nearest known one."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.dest == "command" and value not in COMMANDS:
            near = suggest(str(value), COMMANDS)
            self.error(f"there is no command '{value}'. {near}`ldnkg --help` lists the commands.")
        super()._check_value(action, value)


def load_command(name: str) -> ModuleType:
    """Return the module of a command, which has HELP, EXAMPLE, `add_arguments` and `run`."""
    return import_module(f"ldnkg.cli.{name.replace('-', '_')}")


def make_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the words; if the first word is a command, only that command is loaded."""
    parser = _Parser(
        prog="ldnkg",
        description=f"{DESCRIPTION} {STATUS}",
        epilog=f"`ldnkg COMMAND --help` explains a command. Example: {FIRST}",
        formatter_class=_Help,
    )
    add_common(parser)
    parser.set_defaults(home=None, quiet=False)
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        command = load_command(name)
        text = command.HELP
        subparser = commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            epilog=f"Example: ldnkg {name} {command.EXAMPLE}",
            formatter_class=_Help,
        )
        command.add_arguments(subparser)
        subparser.set_defaults(parser=subparser)
        add_common(subparser)
    if "_ARGCOMPLETE" in os.environ:
        from ldnkg.cli.completion import complete

        complete(parser, commands.choices["query"])
    return parser


def _run_command(arguments: argparse.Namespace) -> int:
    """Run the command; print the sentence of an LdnkgError after everything that was printed before."""
    try:
        status = _print_version() if arguments.version else _start_command(arguments)
    except LdnkgError as problem:
        console.write_err(f"ldnkg: {problem}")
        return problem.status
    sys.stdout.flush()
    return status


def _start_command(arguments: argparse.Namespace) -> int:
    """Run the command; raise LdnkgError if the working folder was deleted, because no path can be resolved."""
    if gone := _describe_missing_folder():
        raise LdnkgError(gone)
    with limit_memory() if arguments.command in LIMITED else nullcontext():
        return int(load_command(arguments.command).run(arguments))


def _describe_missing_folder() -> str:
    """Return a sentence if the working folder was deleted or cannot be used, else an empty string."""
    try:
        os.getcwd()  # noqa: PTH109
    except OSError as error:
        return f"The working folder is gone, {describe_os_error(error)}. Change to another folder."
    return ""


def _print_version() -> int:
    from importlib.metadata import version

    sys.stdout.write(f"ldnkg {version('ldnkg')}\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; an LdnkgError is printed as one sentence, without a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    console.open_streams()
    parser = make_parser(words)
    given, more = parser.parse_known_args(words)
    given.more = more
    if given.more and given.command != "query":
        _refuse_rest(given.more[0], given.parser if given.command else parser)
    if given.command is None and not given.version:
        console.write_err(
            f"{parser.format_help()}\nldnkg: no command was given. To ask a first question, run `{FIRST}`."
        )
        return 2
    return _run_guarded(given)


def _refuse_rest(word: str, parser: argparse.ArgumentParser) -> NoReturn:
    """Exit because of an option that the command does not have, or of an argument too many."""
    option = word.partition("=")[0]
    what = f"there is no option '{option}'" if word.startswith("-") else f"'{word}' is one argument too many"
    near = suggest(option, parser._option_string_actions) if word.startswith("-") else ""
    parser.error(f"{what}. {near}`{parser.prog} --help` lists the arguments.")


def _run_guarded(arguments: argparse.Namespace) -> int:
    """Run the command and turn interrupts and errors of the system into exit statuses."""
    try:
        return _run_command(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _mute(141)
    except OSError as error:
        what = f"{error.filename}: cannot be used" if error.filename else "the answer cannot be written"
        sentence = _describe_missing_folder() or f"{what}, {describe_os_error(error)}."
        _mute(1)
        console.write_err(f"ldnkg: {sentence}")
        return 1


def run() -> NoReturn:
    """Run as the command: collect garbage seldom and skip freeing memory at the end, because the process is short."""
    gc.set_threshold(100_000)
    continue_in_child(sys.argv[1:])
    try:
        status = main()
    except SystemExit as ended:  # argparse, after wrong usage or --help
        status = int(ended.code or 0)
    try:
        console.flush()
    except OSError:
        status = status or 1
    os._exit(status)


def _mute(status: int) -> int:
    """Discard all further output, which nobody can read, and return the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
