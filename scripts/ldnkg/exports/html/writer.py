"""Write the HTML pages: each query of this folder gives the rows of a page, and the template its form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from ldnkg.errors import LdnkgError
from ldnkg.exports.html.page import VARIABLES, arrange_pages
from ldnkg.files import display_path
from ldnkg.rdf.sparql import select_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent
TEMPLATE = "page.html"
EMBEDDED = "schema.jsonld"


def make_pages(combined: CombinedGraph, files: Mapping[str, bytes], folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each page by the name of its file.

    `files` are the files beside the pages: an entry that is one of them links to it, and each page embeds
    `schema.jsonld` for search engines.
    """
    queries = sorted(folder.glob("*.rq"))
    pages = arrange_pages(
        {f"{query.stem}.html": select_rows(combined.store, query, VARIABLES) for query in queries}, combined
    )
    shared = {"pages": pages, "files": frozenset(files), "embedded": _escape_script(files[EMBEDDED])}
    return {page.name: _render(folder, {**vars(page), **shared}) for page in pages}


def _escape_script(content: bytes) -> Markup:
    """Return JSON without the character that could end the script element around it."""
    return Markup(content.decode().replace("<", "\\u003c"))  # noqa: S704


def _render(folder: Path, variables: Mapping[str, object]) -> bytes:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template(TEMPLATE).render(**variables).encode()
    except jinja2.TemplateSyntaxError as error:
        raise LdnkgError(
            f"{display_path(folder / TEMPLATE)}:{error.lineno}: is no template, {error.message}."
        ) from error
    except jinja2.TemplateError as error:
        raise LdnkgError(f"{display_path(folder / TEMPLATE)}: cannot be filled, {error.message}.") from error
