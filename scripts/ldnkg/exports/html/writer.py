"""Write the HTML pages: each query of this folder selects the rows of a page, and the template renders them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from ldnkg.errors import LdnkgError
from ldnkg.exports.html.page import Row, arrange_pages
from ldnkg.files import display_path
from ldnkg.rdf.sparql import select_tuples

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.publication.combined import CombinedGraph

FOLDER = Path(__file__).parent
TEMPLATE = "page.html"
EMBEDDED = "schema.jsonld"


def make_pages(combined: CombinedGraph, files: Mapping[str, bytes], folder: Path = FOLDER) -> dict[str, bytes]:
    """Return each page by its file name.

    `files` are the other files of the build: the entry of such a file links to it. Each page embeds `schema.jsonld` for
    search engines.
    """
    rows = {f"{query.stem}.html": _select_rows(combined, query) for query in sorted(folder.glob("*.rq"))}
    pages = arrange_pages(rows, combined)
    shared = {"pages": pages, "files": frozenset(files), "embedded": _escape_script(files[EMBEDDED])}
    environment = _make_environment(folder)
    return {page.name: _render(environment, folder, {**vars(page), **shared}) for page in pages}


def _select_rows(combined: CombinedGraph, query: Path) -> list[Row]:
    return [Row(*terms) for terms in select_tuples(combined.store, query, Row._fields)]


def _escape_script(content: bytes) -> Markup:
    """Return the JSON with every < escaped, so that it cannot end the script element that contains it."""
    return Markup(content.decode().replace("<", "\\u003c"))  # noqa: S704


def _make_environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )


def _render(environment: jinja2.Environment, folder: Path, variables: Mapping[str, object]) -> bytes:
    try:
        return environment.get_template(TEMPLATE).render(**variables).encode()
    except jinja2.TemplateSyntaxError as error:
        raise LdnkgError(
            f"{display_path(folder / TEMPLATE)}:{error.lineno}: is not a valid template: {error.message}."
        ) from error
    except jinja2.TemplateError as error:
        raise LdnkgError(f"{display_path(folder / TEMPLATE)}: cannot be rendered: {error.message}.") from error
