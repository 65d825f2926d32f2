"""Describe each command by its parser, not by its printed help, whose form differs between Python versions."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ldnkg.cli.main import COMMANDS, make_parser

if TYPE_CHECKING:
    from collections.abc import Iterator


def describe_commands() -> Iterator[str]:
    """Yield the paragraphs of `ldnkg` and of each command."""
    parser = make_parser([])
    yield from _describe("ldnkg", parser)
    for name in COMMANDS:
        yield from _describe(f"ldnkg {name}", _find_parser(make_parser([name]), name))


def _find_parser(parser: argparse.ArgumentParser, name: str) -> argparse.ArgumentParser:
    choices = next(action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    found: argparse.ArgumentParser = choices[name]
    return found


def _describe(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f"## {name}\n"
    before, _, example = str(parser.epilog).partition("Example: ")
    yield f"{parser.description} {before}".rstrip() + "\n"
    yield f"```sh\n{example}\n```\n"
    actions = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    yield "| argument | meaning |\n|---|---|"
    for action in actions:
        if not isinstance(action, argparse._SubParsersAction | argparse._HelpAction):
            yield f"| {_write_usage(action)} | {_write_cell(action)} |"
    yield ""


def _write_usage(action: argparse.Action) -> str:
    value = action.metavar or "\\|".join(map(str, action.choices or [])) or action.dest.upper()
    value = value if isinstance(value, str) else " ".join(value)
    value = value.replace("|", "\\|") if "\\" not in value else value
    if not action.option_strings:
        return f"`{value}`"
    takes = f" {value}" if action.nargs != 0 else ""
    return ", ".join(f"`{option}{takes}`" for option in action.option_strings)


def _write_cell(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%").replace("|", "\\|")
