"""Write log lines to standard error without ever waiting for their reader."""

from __future__ import annotations

import logging
import os
import select
import sys
from contextlib import suppress
from typing import Any

# A pipe that is ready to be written to takes this many bytes at once (PIPE_BUF of POSIX on Linux).
LINE_BYTES = 4096


class NonBlockingHandler(logging.Handler):
    """Writes each record as one line, or drops it if the reader of standard error does not read.

    The next line that can be written is preceded by the number of dropped lines.
    """

    dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record if this is possible at once."""
        line = self.format(record).encode("utf-8", "replace")
        lost = b"%d log lines were dropped, because nobody read them.\n" % self.dropped if self.dropped else b""
        if _write(lost + line[: LINE_BYTES - 100] + b"\n"):
            self.dropped = 0
        else:
            self.dropped += 1


def _write(content: bytes) -> bool:
    """Return whether the content was written to standard error."""
    with suppress(OSError, ValueError, AttributeError):  # closed, or there is none
        descriptor = sys.stderr.fileno()
        if os.name != "posix" or select.select([], [descriptor], [], 0)[1]:
            return os.write(descriptor, content) > 0
    return False


def configure_log(*, quiet: bool) -> None:
    """Log errors and, unless quiet, requests."""
    handler = NonBlockingHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.basicConfig(level=logging.ERROR if quiet else logging.INFO, handlers=[handler])


def make_granian_log() -> dict[str, Any]:
    """Return the configuration of Granian's own log, whose lines go to standard error in the same way."""
    handler = {"()": f"{__name__}.NonBlockingHandler", "formatter": "plain"}
    loggers = {"_granian": {"handlers": ["console"], "propagate": False}}
    return {
        "handlers": {"console": handler},
        "formatters": {"plain": {"format": "%(asctime)s %(message)s"}},
        "loggers": loggers,
    }
