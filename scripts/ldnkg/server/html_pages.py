"""Sends pages, each with a word to the browser that it may run and load nothing but what is its own."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import jinja2
from starlette.responses import Response

from ldnkg.files import read_bytes, read_text
from ldnkg.server.content_negotiation import HTML

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SCRIPT, _STYLE = (re.compile(rf"<{name}>(.*?)</{name}>".encode(), re.DOTALL) for name in ("script", "style"))
_POLICY = (
    "default-src 'none'; connect-src 'self'; script-src {}; style-src {}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def editor(folder: Path) -> Response:
    """Return the page that asks."""
    return _page(read_bytes(folder / "editor.html"), _SCRIPT)


def built(file: Path) -> Response:
    """Return a page as it was built; it has a style, and no script that runs."""
    return _page(read_bytes(file))


def wrong(folder: Path, status: int, headers: Mapping[str, str], **said: object) -> Response:
    """Return the page that says what is wrong with a request."""
    source = read_text(folder / "wrong.html")
    page = jinja2.Environment(autoescape=True).from_string(source).render(status=status, **said).encode()
    return _page(page, status=status, headers=headers)


def _page(
    content: bytes,
    scripts: re.Pattern[bytes] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    policy = _POLICY.format(_hashes(scripts, content), _hashes(_STYLE, content))
    told = {"Vary": "Accept", **(headers or {}), "Content-Security-Policy": policy}
    return Response(content, status, told, HTML)


def _hashes(element: re.Pattern[bytes] | None, page: bytes) -> str:
    """Return the hashes by which a browser knows the elements of the page, as CSP Level 3 writes them."""
    found = element.findall(page) if element else []
    return " ".join(f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in found) or "'none'"
