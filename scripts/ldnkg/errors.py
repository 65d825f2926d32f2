"""The error that ends a command, and helpers for its message."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class LdnkgError(Exception):
    """An error whose message says what is wrong and what to do; `status` is the exit status of the command."""

    def __init__(self, sentence: str, status: int = 2) -> None:
        super().__init__(sentence)
        self.status = status


def describe_os_error(error: OSError) -> str:
    """Return the reason of an operating-system error in words, without its path and number."""
    return (error.strerror or str(error).partition(" (os error")[0] or type(error).__name__).lower()


def suggest(name: str, known: Iterable[str]) -> str:
    """Return the question whether the closest known name was meant, followed by a space, or an empty string."""
    from difflib import get_close_matches

    written = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), list(written), 1, 0.4)
    return f"Did you mean '{written[near[0]]}'? " if near else ""
