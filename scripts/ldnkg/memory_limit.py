"""Limit the memory of this process, so that hostile or very large input ends in a sentence, not in a frozen machine."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path

from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

GIB = 1024**3
COMMAND_BYTES = 4 * GIB  # what a command may need in addition to what it uses when it starts
_STATISTICS = Path("/proc/self/statm")


@contextmanager
def limit_memory(more: int = COMMAND_BYTES) -> Iterator[None]:
    """Limit the memory within the block to what is in use and `more` bytes; raise LdnkgError if it does not suffice.

    A lower limit that is already set is kept. On a system without resource limits, only the error is translated.
    """
    before = _lower_limit(more)
    try:
        yield
    except MemoryError as error:
        sentence = (
            f"The input needs more than {more / GIB:.2g} GiB of memory, the maximum, or more than this machine has."
        )
        raise LdnkgError(f"{sentence} Check its size, or split it.") from error
    finally:
        _restore_limit(before)


def _lower_limit(more: int) -> tuple[int, int] | None:
    """Set the limit of the address space, and return the limits before, or None if the system has none."""
    try:
        import resource
    except ModuleNotFoundError:
        return None
    soft, hard = before = resource.getrlimit(resource.RLIMIT_AS)
    limits = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    with suppress(ValueError, OSError):  # macOS has the limit and does not let anybody lower it
        resource.setrlimit(resource.RLIMIT_AS, (min([_measure_used() + more, *limits]), hard))
    return before


def _restore_limit(before: tuple[int, int] | None) -> None:
    if before:
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, before)


def _measure_used() -> int:
    """Return the size of the address space in bytes, or 0 if the system does not tell it."""
    import resource

    try:
        return int(_STATISTICS.read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0
