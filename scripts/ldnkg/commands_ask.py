"""What the commands that answer do: each prints, and returns its exit status."""

from __future__ import annotations

from pathlib import Path

from ldnkg import console
from ldnkg.commands_check import home_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace


def version(_: Namespace) -> int:
    """Print the version of the package."""
    from importlib.metadata import version as installed

    console.say(f"ldnkg {installed('ldnkg')}")
    return 0


def show(arguments: Namespace) -> int:
    """Print a claim in words."""
    from ldnkg import explain as words
    from ldnkg.describe import Library
    from ldnkg.publication import read_clean

    library = Library(read_clean(home_of(arguments)))
    words.show(library, library.claim(arguments.claim))
    return 0


def explain(arguments: Namespace) -> int:
    """Print all that stands behind a claim, in the article's words where its text is given."""
    from ldnkg import explain as words
    from ldnkg.describe import Library
    from ldnkg.files import read_bytes
    from ldnkg.publication import read_clean

    library = Library(read_clean(home_of(arguments)))
    claim = library.claim(arguments.claim)
    article = arguments.article
    text = words.genuine_text(library, claim, read_bytes(Path(article)), article) if article else None
    words.explain(library, claim, text)
    return 0


def view(arguments: Namespace) -> int:
    """Print the built graph in another vocabulary."""
    from ldnkg import query as asking
    from ldnkg import view as viewing

    home = home_of(arguments)
    path = viewing.find_view(home, arguments.name)
    if not arguments.quiet:
        asking.warn_if_stale(home, console.tell)
    built = viewing.load_aligned(home)
    console.say(viewing.as_text(viewing.view(built, path), arguments.format, built), end="")
    return 0
