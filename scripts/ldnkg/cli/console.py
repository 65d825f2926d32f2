"""Speaks to people: tables, progress and colour, each only where there is a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def write_out(text: str, end: str = "\n") -> None:
    """Print what was asked for."""
    sys.stdout.write(text + end)


def write_err(text: str) -> None:
    """Print what is said besides, where it does not mix with what was asked for."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")


def prompt(key: str) -> list[str]:
    """Ask for the value of a key, several with commas between; raise LdnkgError where nobody answers."""
    sys.stderr.write(f"{key}: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise LdnkgError(f"'{key}' is needed and was not given. Give it with --set {key}=…, or answer.")
    values = [line] if key == "label" else line.split(",")
    return [value.strip() for value in values if value.strip()]


def flush() -> None:
    """Hand on what was printed so far."""
    sys.stdout.flush()
    sys.stderr.flush()


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: ruled on a terminal, a row at a time where that is too narrow, or plain columns in a pipe."""
    if sys.stdout.isatty():
        _print_ruled(head, rows)
    else:
        _print_plain(head, rows)


def _print_plain(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, ["-" * width for width in widths], *rows):
        write_out("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_ruled(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    least = [_measure_longest_word(column) for column in zip(head, *rows, strict=True)]
    if sum(width + 3 for width in least) + 1 > console.width:
        _print_row_by_row(head, rows, console.width)
        return
    made = Table()
    for name, width in zip(head, _fit_widths(least, head, rows, console.width), strict=True):
        made.add_column(name, width=width)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    console.print(made)


def _measure_longest_word(cells: Sequence[str]) -> int:
    """Return how wide a column must be for no word in it to be cut: an identifier that is cut cannot be copied."""
    return max(len(word) for cell in cells for word in cell.split() or [""])


def _fit_widths(least: Sequence[int], head: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> list[int]:
    """Return the widths of the columns: where there is too little room, the widest that can give some gives it."""
    widths = [min(most, max(map(len, column))) for column in zip(head, *rows, strict=True)]
    while sum(width + 3 for width in widths) + 1 > most:
        widest = max(range(len(widths)), key=lambda at: (widths[at] > least[at], widths[at]))
        widths[widest] -= 1
    return widths


def _print_row_by_row(head: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> None:
    """Print each row as lines of name and value; a word that is longer than a line is left to the terminal."""
    from textwrap import wrap

    lead = max(map(len, head)) + 2
    for number, row in enumerate(rows):
        if number:
            write_out("")
        for name, cell in zip(head, row, strict=True):
            lines = wrap(cell, max(1, most - lead), break_long_words=False, break_on_hyphens=False)
            write_out(bold(name.ljust(lead)) + f"\n{' ' * lead}".join(lines))


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that is told each step; it shows them on a terminal and nowhere else."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update


def _has_colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _style(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if _has_colour() else text


def bold(text: str) -> str:
    """Return the text in bold for a terminal, plain for a pipe."""
    return _style(text, "1")


def red(text: str) -> str:
    """Return the text in red for a terminal, plain for a pipe."""
    return _style(text, "31")


def mark(text: str) -> str:
    """Return the text as a hedge is marked: underlined on a terminal, in double brackets elsewhere."""
    return _style(text, "4;33") if _has_colour() else f"[[{text}]]"
