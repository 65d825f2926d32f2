"""Send HTML pages with a Content Security Policy that allows only the script and the style of the page itself."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

import jinja2
from starlette.responses import Response

from ldnkg.files import read_bytes, read_text
from ldnkg.server.config import RESOURCES
from ldnkg.server.content_negotiation import HTML

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ldnkg.server.messages import HttpError

_SCRIPT, _STYLE = (re.compile(rf"<{name}>(.*?)</{name}>".encode(), re.DOTALL) for name in ("script", "style"))
_LINK = re.compile(r'<a (?P<before>[^>]*)href="(?P<url>[^"]*)"(?P<after>[^>]*)>(?P<text>.*?)</a>', re.DOTALL)
_POLICY = (
    "default-src 'none'; connect-src 'self'; script-src {}; style-src {}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def send_editor() -> Response:
    """Return the page of the query editor, whose script is allowed to run."""
    return _send_page(read_bytes(RESOURCES / "editor.html"), _SCRIPT)


def send_built_page(page: bytes, find_link: Callable[[str], str]) -> Response:
    """Return a built page, whose style is allowed and whose scripts are not.

    `find_link` returns the URL at which a link leads to an answer, or an empty string, which removes the link.
    """

    def replace_link(link: re.Match[str]) -> str:
        url = find_link(unescape(link["url"]))
        return f'<a {link["before"]}href="{escape(url)}"{link["after"]}>{link["text"]}</a>' if url else link["text"]

    try:
        return _send_page(_LINK.sub(replace_link, page.decode("utf-8")).encode())
    except UnicodeDecodeError:
        return _send_page(page)


def send_error_page(error: HttpError, headers: Mapping[str, str], home: str) -> Response:
    """Return the error page, with links to the paths that the error suggests; `home` is the URL of the server."""
    links = [(home + quote(path), path, label) for path, label in error.links]
    page = _load_error_page().render(status=error.status, sentence=str(error), home=home, links=links)
    return _send_page(page.encode(), status=error.status, headers=headers)


@cache
def _load_error_page() -> jinja2.Template:
    return jinja2.Environment(autoescape=True).from_string(read_text(RESOURCES / "error.html"))


def _send_page(
    content: bytes,
    scripts: re.Pattern[bytes] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    policy = _POLICY.format(_list_hashes(scripts, content), _list_hashes(_STYLE, content))
    sent = {"Vary": "Accept", **(headers or {}), "Content-Security-Policy": policy}
    return Response(content, status, sent, HTML)


def _list_hashes(element: re.Pattern[bytes] | None, page: bytes) -> str:
    """Return the hashes of the elements of a page in the syntax of CSP Level 3, or `'none'`."""
    found = element.findall(page) if element else []
    return " ".join(f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in found) or "'none'"
