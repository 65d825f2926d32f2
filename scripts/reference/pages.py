"""Make the pages of the references."""

from __future__ import annotations

from reference.command_line import describe_commands
from reference.python_api import describe_package

NOTE = "`make reference` generates this page from the code.\n"


def make_pages() -> dict[str, bytes]:
    """Return each page by the name of its file."""
    command_line = ["# Command-line reference\n", NOTE, *describe_commands()]
    python = ["# Python reference\n", NOTE, *describe_package()]
    return {"command-line.md": "\n".join(command_line).encode(), "python.md": "\n".join(python).encode()}
