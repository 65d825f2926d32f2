"""Write the HTML pages: each query of this folder selects the rows of a page, and the template renders them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from ldnkg.exports.html.page import Row, arrange_pages
from ldnkg.exports.templates import render
from ldnkg.rdf.sparql import select_tuples

if TYPE_CHECKING:
    from collections.abc import Collection

    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent
TEMPLATE = "page.html"


def make_pages(
    combined: CombinedGraph, files: Collection[str], description: bytes, folder: Path = FOLDER
) -> dict[str, bytes]:
    """Return each page by its file name.

    `files` are the names of the other files of the build: the entry of such a file links to it. Each page embeds the
    `description` in schema.org, as JSON-LD for search engines.
    """
    rows = {f"{query.stem}.html": _select_rows(combined, query) for query in sorted(folder.glob("*.rq"))}
    pages = arrange_pages(rows, combined)
    shared = {"pages": pages, "files": frozenset(files), "embedded": _escape_script(description)}
    rendered = render(folder, TEMPLATE, *({**vars(page), **shared} for page in pages))
    return dict(zip((page.name for page in pages), rendered, strict=True))


def _select_rows(combined: CombinedGraph, query: Path) -> list[Row]:
    return [Row(*terms) for terms in select_tuples(combined.store, query, Row._fields)]


def _escape_script(content: bytes) -> Markup:
    """Return the JSON with every < escaped, so that it cannot end the script element that contains it."""
    return Markup(content.decode().replace("<", "\\u003c"))  # noqa: S704
