"""The entry point of `ldnkg`: parse the arguments, run the command, and map errors to exit statuses."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from importlib import import_module

from ldnkg.cli.options import add_common
from ldnkg.errors import LdnkgError, describe_os_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import NoReturn

COMMANDS = (
    *("build", "export", "nanopubs", "merge", "check", "new", "show", "explain", "verify-source"),
    *("query", "serve", "view"),
)
STATUS = "Exit status: 0 all is well, 1 there are findings or nothing could be written, 2 wrong use."


class _Help(argparse.HelpFormatter):
    """Writes help in 80 columns, because asking the terminal for its width slows down each start."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


def load_command(name: str) -> ModuleType:
    """Return the module of a command, which has HELP, EXAMPLE, `add_arguments` and `run`."""
    return import_module(f"ldnkg.cli.{name.replace('-', '_')}")


def make_parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the words; if the first word is a command, only that command is loaded."""
    parser = argparse.ArgumentParser(
        prog="ldnkg",
        description=f"LDN-KG: what an article says about low-dose naltrexone, as checked linked data. {STATUS}",
        epilog="Example: ldnkg query drug-receptor-mechanism-condition-citation",
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
        add_common(subparser)
    if "_ARGCOMPLETE" in os.environ:
        from ldnkg.cli.completion import complete

        complete(parser, commands.choices["query"])
    return parser


def _run_command(arguments: argparse.Namespace) -> int:
    """Run the command; print the sentence of an LdnkgError after everything that was printed before."""
    try:
        status = _print_version() if arguments.version else int(load_command(arguments.command).run(arguments))
    except LdnkgError as problem:
        sys.stdout.flush()
        sys.stderr.write(f"ldnkg: {problem}\n")
        return problem.status
    sys.stdout.flush()
    return status


def _print_version() -> int:
    from importlib.metadata import version

    sys.stdout.write(f"ldnkg {version('ldnkg')}\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; an LdnkgError is one sentence, never a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = make_parser(words)
    given, more = parser.parse_known_args(words)
    given.more = more
    if given.more and given.command != "query":
        parser.error(f"unrecognized arguments: {' '.join(given.more)}")
    if given.command is None and not given.version:
        parser.print_help(sys.stderr)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return _run_guarded(given)


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
        sys.stderr.write(f"ldnkg: {what}, {describe_os_error(error)}.\n")
        return _mute(1)


def run() -> NoReturn:
    """Run as the command: collect garbage seldom and leave freeing memory to the system, because it ends soon."""
    gc.set_threshold(100_000)
    status = main()
    sys.stderr.flush()
    os._exit(status)


def _mute(status: int) -> int:
    """Discard all further output, which nobody can read, and return the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
