"""Render the templates of pages and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def render(folder: Path, template: str, *variables: Mapping[str, object]) -> list[bytes]:
    """Return the template in UTF-8, rendered once for each set of variables.

    Raise LdnkgError with the file, and with the line of a syntax error.
    """
    try:
        loaded = _make_environment(folder).get_template(template)
        return [loaded.render(**one).encode() for one in variables]
    except jinja2.TemplateSyntaxError as error:
        place = f"{display_path(folder / template)}:{error.lineno}"
        raise LdnkgError(f"{place}: is not a valid template: {error.message}.") from error
    except jinja2.TemplateError as error:
        raise LdnkgError(f"{display_path(folder / template)}: cannot be rendered: {error.message}.") from error


def _make_environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
