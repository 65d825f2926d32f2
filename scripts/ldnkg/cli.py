"""The command `ldnkg`, and how it ends. What can be typed is in `arguments`, what it does in `commands_<kind>`."""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module

from ldnkg.arguments import COMMANDS, parser_of
from ldnkg.problem import Problem, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import NoReturn


def _run(arguments: argparse.Namespace) -> int:
    command, kind = ("version", "ask") if arguments.version else (arguments.command, COMMANDS[arguments.command][1])
    module = import_module(f"ldnkg.commands_{kind}")
    return int(getattr(module, command.replace("-", "_"))(arguments))


def _told(arguments: argparse.Namespace) -> int:
    """Run the command; a Problem is told behind all that was printed before it."""
    try:
        status = _run(arguments)
    except Problem as problem:
        sys.stdout.flush()
        sys.stderr.write(f"ldnkg: {problem}\n")
        return problem.status
    sys.stdout.flush()
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; a Problem is one sentence, never a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    parser = parser_of(words)
    given, more = parser.parse_known_args(words)
    given.more = more
    if given.more and given.command != "query":
        parser.error(f"unrecognized arguments: {' '.join(given.more)}")
    if given.command is None and not given.version:
        parser.print_help(sys.stderr)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _told(given)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _unheard(141)
    except OSError as error:
        what = f"{error.filename}: cannot be used" if error.filename else "the answer cannot be written"
        sys.stderr.write(f"ldnkg: {what}, {reason(error)}.\n")
        return _unheard(1)


def run() -> NoReturn:
    """Be the command: collect garbage seldom, and leave the memory to the system, for a command is over soon."""
    gc.set_threshold(100_000)
    status = main()
    sys.stderr.flush()
    os._exit(status)


def _unheard(status: int) -> int:
    """Let nothing more be written where nobody can take it, and return the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
