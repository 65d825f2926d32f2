"""Print text, tables, progress and colour; colour, rules and progress only on a terminal.

What machines read is written as UTF-8. What people read has the encoding of the terminal.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from contextlib import contextmanager, suppress

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO


PLAIN_TERMINALS = {"dumb", "unknown"}
READABLE = "ldnkg-readable"
PIPE_WIDTH = 120  # of sentences, not of tables
# ASCII signs for dashes, quotation marks and other punctuation, by Unicode category.
SIGNS = {"Pd": "-", "Pi": "'", "Pf": "'", "Po": "*"}


def open_streams() -> None:
    """Replace each closed standard stream by an empty one, and let the others replace characters they cannot show.

    What is piped in is UTF-8, also if the locale has another encoding.
    """
    codecs.register_error(READABLE, _replace_unencodable)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:  # The lowest free number is that of the closed stream, so no other file gets it.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper) and mode == "w":
            stream.reconfigure(errors=READABLE)
        elif isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")


def _replace_unencodable(error: UnicodeError) -> tuple[str, int]:
    """Return similar letters in ASCII for the characters that a stream cannot show, or their escapes."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101
    return "".join(map(_spell, error.object[error.start : error.end])), error.end


def _spell(letter: str) -> str:
    r"""Return an ASCII spelling of the letter, or its escape.

    >>> [_spell(letter) for letter in "éμ–…·≥"]
    ['e', 'mu', '-', '...', '*', '\\u2265']
    """
    from unicodedata import category, name, normalize

    if plain := normalize("NFKD", letter).encode("ascii", "ignore").decode():
        return plain
    if sign := SIGNS.get(category(letter)):
        return sign
    words = name(letter, "").split(" LETTER ")
    spelt = words[1].partition(" WITH ")[0].lower() if words[0].startswith("GREEK") and words[1:] else ""
    return spelt or letter.encode("ascii", "backslashreplace").decode()


def write_out(text: str, end: str = "\n") -> None:
    """Print text for people to standard output."""
    sys.stdout.write(text + end)


def write_data(text: str) -> None:
    """Print text in a format that machines read, as UTF-8 with the line endings of the text."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def write_err(text: str) -> None:
    """Print a line to standard error, after the results that were printed before.

    If nobody can read it, it is left out, because the exit status tells the result.
    """
    sys.stdout.flush()
    with suppress(OSError):
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def prompt(key: str) -> list[str]:
    """Return the values of a key, read as a line of standard input; raise LdnkgError at its end.

    Commas separate values, except in a label.
    """
    with suppress(OSError):
        sys.stderr.write(f"{key}: ")
        sys.stderr.flush()
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise LdnkgError(f"The value of '{key}' is not UTF-8 text. Write it in UTF-8.") from error
    if not line:
        raise LdnkgError(f"'{key}' is needed and was not given. Give it with --set {key}=VALUE.")
    values = [line] if key == "label" else line.split(",")
    return [value.strip() for value in values if value.strip()]


class Terminal:
    """Asks a curator on the terminal; the Tab key completes an answer."""

    def __init__(self) -> None:
        self._words: list[str] = []
        if not _is_rich(sys.stdout):  # The library writes escape sequences.
            return
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
    with suppress(OSError):
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

    console = Console(color_system="auto" if _is_rich(sys.stdout) else None)
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


def print_fields(fields: Sequence[tuple[str, str]]) -> None:
    """Print names and values, one below the other; values wrap at the width of the terminal, or at PIPE_WIDTH."""
    names, values = zip(*fields, strict=True)
    _print_row_by_row(names, [values], _get_width())


def write_wrapped(text: str) -> None:
    """Print sentences that wrap at the width of the terminal, or at PIPE_WIDTH."""
    from textwrap import wrap

    for line in text.split("\n"):
        write_out("\n".join(wrap(line, _get_width(), break_long_words=False, break_on_hyphens=False)))


def _get_width() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the current step on a terminal; elsewhere, or if quiet, it does nothing."""
    if quiet or not _is_rich(sys.stderr):
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield status.update


def _is_rich(stream: TextIO) -> bool:
    """Return whether the stream is a terminal that understands escape sequences and whose user wants them."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in PLAIN_TERMINALS


def _style(text: str, code: str) -> str:
    return f"\033[{code}m{text}\033[0m" if _is_rich(sys.stdout) else text


def bold(text: str) -> str:
    """Return the text in bold for a terminal, unchanged for a pipe."""
    return _style(text, "1")


def red(text: str) -> str:
    """Return the text in red for a terminal, unchanged for a pipe."""
    return _style(text, "31")


def mark(text: str) -> str:
    """Return the words of a hedge, underlined on a terminal, in double brackets elsewhere."""
    return _style(text, "4;33") if _is_rich(sys.stdout) else f"[[{text}]]"
