"""Print text, tables, progress and colour; colour, rules and progress only on a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


def write_out(text: str, end: str = "\n") -> None:
    """Print a result to standard output."""
    sys.stdout.write(text + end)


def write_err(text: str) -> None:
    """Print a line to standard error, after the results that were printed before."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")


def prompt(key: str) -> list[str]:
    """Return the values of a key, read as a line of standard input; raise LdnkgError at its end.

    Commas separate values, except in a label.
    """
    sys.stderr.write(f"{key}: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise LdnkgError(f"'{key}' is needed and was not given. Give it with --set {key}=VALUE.")
    values = [line] if key == "label" else line.split(",")
    return [value.strip() for value in values if value.strip()]


class Terminal:
    """Asks a curator on the terminal; the Tab key completes an answer."""

    def __init__(self) -> None:
        self._words: list[str] = []
        try:
            import readline
        except ImportError:  # not on every system
            return
        readline.set_completer_delims(",")
        readline.set_completer(self._complete)
        readline.parse_and_bind("tab: complete")

    def _complete(self, typed: str, place: int) -> str | None:
        found = [word for word in self._words if word.startswith(typed.strip())]
        return found[place] if place < len(found) else None

    def ask(self, prompt: str, words: Sequence[str] = ()) -> str:
        """Return the next line, without its end; raise EOFError if there is none."""
        self._words = list(words)
        try:
            return input(prompt)
        except UnicodeDecodeError as error:
            self.say(f"The answer is not UTF-8 text, {error.reason}. Type it again.")
            return self.ask(prompt, words)

    def say(self, text: str) -> None:
        """Print a line."""
        write_out(text)


def flush() -> None:
    """Send what was printed so far to its readers."""
    sys.stdout.flush()
    sys.stderr.flush()


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: with rules on a terminal, row by row if the terminal is too narrow, in plain columns elsewhere."""
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
    """Return the length of the longest word, so that no identifier is cut: a cut identifier cannot be copied."""
    return max(len(word) for cell in cells for word in cell.split() or [""])


def _fit_widths(least: Sequence[int], head: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> list[int]:
    """Return the widths of the columns; if they are too wide together, the widest that can shrink shrinks first."""
    widths = [min(most, max(map(len, column))) for column in zip(head, *rows, strict=True)]
    while sum(width + 3 for width in widths) + 1 > most:
        widest = max(range(len(widths)), key=lambda at: (widths[at] > least[at], widths[at]))
        widths[widest] -= 1
    return widths


def _print_row_by_row(head: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> None:
    """Print each row as lines of name and value; a word longer than a line is wrapped by the terminal."""
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
    """Yield a function that shows the current step on a terminal; elsewhere, or if quiet, it does nothing."""
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
    """Return the text in bold for a terminal, unchanged for a pipe."""
    return _style(text, "1")


def red(text: str) -> str:
    """Return the text in red for a terminal, unchanged for a pipe."""
    return _style(text, "31")


def mark(text: str) -> str:
    """Return the words of a hedge, underlined on a terminal, in double brackets elsewhere."""
    return _style(text, "4;33") if _has_colour() else f"[[{text}]]"
