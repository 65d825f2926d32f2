"""The references are what the code generates."""

from __future__ import annotations

import pytest

import ldnkg
from ldnkg.cli.main import COMMANDS
from reference.pages import make_pages
from support.paths import ROOT

FOLDER = ROOT / "docs" / "reference"


def find_stale(pages: dict[str, bytes]) -> list[str]:
    """The pages that are not as generated, or that nothing generates."""
    kept = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    return sorted(name for name in {*pages, *kept} if pages.get(name) != kept.get(name))


def test_the_references_are_current() -> None:
    assert find_stale(make_pages()) == [], "Run `make reference`."


def test_a_stale_reference_is_found() -> None:
    pages = make_pages()
    assert find_stale({**pages, "python.md": pages["python.md"] + b"x", "other.md": b""}) == ["other.md", "python.md"]


@pytest.mark.parametrize("name", [*COMMANDS, *(name for name in ldnkg.__all__ if not name.startswith("__"))])
def test_each_command_and_each_public_name_has_a_section(name: str) -> None:
    text = b"\n".join(make_pages().values()).decode()
    assert f"\n## {'ldnkg ' if name in COMMANDS else ''}{name}\n" in text
