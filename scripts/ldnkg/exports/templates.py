"""Fill the templates of the pages and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def render(folder: Path, template: str, variables: Mapping[str, object]) -> bytes:
    """Return the filled template in UTF-8; raise LdnkgError with file and line if it is not a template."""
    try:
        return _make_environment(folder).get_template(template).render(**variables).encode()
    except jinja2.TemplateSyntaxError as error:
        place = f"{display_path(folder / template)}:{error.lineno}"
        raise LdnkgError(f"{place}: the template has a syntax error: {error.message}.") from error
    except jinja2.TemplateError as error:
        raise LdnkgError(
            f"{display_path(folder / template)}: the template cannot be filled: {error.message}."
        ) from error


def _make_environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
