"""The HTML pages of the server: the error page and the Content Security Policy."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.servers import Served


def test_a_browser_gets_an_error_page_in_which_the_path_is_escaped(server: Served) -> None:
    reply = server.ask("/claim/%3Cb%3E", headers={"Accept": "text/html"})
    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert "<b>" not in reply.text
    assert "&lt;b&gt;" in reply.text


@pytest.mark.parametrize(("path", "scripts"), [("sparql", 1), ("index.html", 0), ("claim/nothing", 0)])
def test_the_policy_of_a_page_allows_only_its_own_scripts_and_styles(server: Served, path: str, scripts: int) -> None:
    reply = server.ask(f"/{path}", headers={"Accept": "text/html"})
    pairs = (part.split(maxsplit=1) for part in reply.headers["content-security-policy"].split(";"))
    policy = {name: allowed.split() for name, allowed in pairs}
    assert (policy["default-src"], policy["connect-src"]) == (["'none'"], ["'self'"])
    for name, times in (("script", scripts), ("style", 1)):
        found = re.findall(rf"<{name}>(.*?)</{name}>", reply.text, re.DOTALL)
        hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in found]
        assert len(hashes) == times
        assert policy[f"{name}-src"] == ([f"'sha256-{digest}'" for digest in hashes] or ["'none'"])
    if path == "sparql":
        assert "Accept" in reply.headers["vary"].replace("Accept-Encoding", "")
