"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from ldnkg.paths import find_home
from ldnkg.validation.engines import ENGINES, REFERENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ldnkg.paths import Home


def parse_path(text: str) -> str:
    """Return the name of a file or a folder; an unset shell variable gives an empty name, which is refused."""
    if not text:
        raise argparse.ArgumentTypeError(
            "the name is empty. Give one, or see whether a variable of the shell is not set."
        )
    return text


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command has."""
    where = "the top folder of the publication; else found from here"
    parser.add_argument("--home", metavar="DIR", type=parse_path, default=argparse.SUPPRESS, help=where)
    less = "say nothing but findings, answers and problems"
    parser.add_argument("-q", "--quiet", action="store_true", default=argparse.SUPPRESS, help=less)


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the folder to write to."""
    where = "the folder to write to; else dist of the publication"
    parser.add_argument("--out", metavar="DIR", type=parse_path, help=where)


def add_engine(parser: argparse.ArgumentParser, more: str = "") -> None:
    """Add the option that chooses the SHACL engine."""
    parser.add_argument("--engine", choices=ENGINES, default=REFERENCE, help=f"what runs the rules{more}")


def get_home(arguments: argparse.Namespace) -> Home:
    """Return the publication that a command works on."""
    return find_home(Path(arguments.home) if arguments.home else None)
