"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from ldnkg.errors import LdnkgError
from ldnkg.paths import find_home, is_in_installed_package
from ldnkg.validation.engines import ENGINES, REFERENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ldnkg.paths import Home


ENGINE_DEFAULT = f" (default: {REFERENCE}; shacl is faster and needs ldnkg[fast])"


def parse_path(text: str) -> str:
    """Return the name of a file or a folder; refuse an empty name, which an unset shell variable gives."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty. Give a name, or check that the shell variable is set.")
    return text


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command has."""
    where = "the top folder of the publication (default: the nearest one above this folder, else the installed one)"
    parser.add_argument("--home", metavar="DIR", type=parse_path, default=argparse.SUPPRESS, help=where)
    less = "print only answers, findings and errors"
    parser.add_argument("-q", "--quiet", action="store_true", default=argparse.SUPPRESS, help=less)


def add_out(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the folder to write to."""
    where = "the folder to write to (default: dist of the clone)"
    parser.add_argument("--out", metavar="DIR", type=parse_path, help=where)


def add_engine(parser: argparse.ArgumentParser, more: str = "") -> None:
    """Add the option that chooses the SHACL engine."""
    parser.add_argument(
        "--engine", choices=ENGINES, default=REFERENCE, help=f"the SHACL engine{more or ENGINE_DEFAULT}"
    )


def get_home(arguments: argparse.Namespace) -> Home:
    """Return the publication that a command reads."""
    return find_home(Path(arguments.home) if arguments.home else None)


def get_clone(arguments: argparse.Namespace, or_else: str = "") -> Home:
    """Return the publication of a clone; raise LdnkgError if there is only the installed one.

    `or_else` names another way out.
    """
    home = get_home(arguments)
    if home.installed:
        raise LdnkgError(
            f"`ldnkg {arguments.command}` works on a clone of the repository, because the installed package is "
            f"read-only: run it in a clone, or name one with --home DIR{or_else}."
        )
    return home


def refuse_output(folder: Path, home: Home) -> None:
    """Raise LdnkgError if the folder to write to is a source of the publication or contains one."""
    if is_in_installed_package(folder):
        what = "is inside the installed package, which is never written to"
    elif not home.installed and home.root.is_relative_to(folder.resolve()):
        what = "contains the publication itself"
    elif home.is_source(folder):
        what = "contains sources of the publication, which a build never changes"
    else:
        return
    raise LdnkgError(f"{folder}: {what}. Name another folder with --out.")
