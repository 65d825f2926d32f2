"""The guides for readers work as printed, start with their outcome, and are all reached from the index."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from support.article import BESIDE
from support.guides import follow, read_blocks
from support.paths import ROOT

DOCS = ROOT / "docs"
ARTICLE = Path(os.environ.get("LDNKG_ARTICLE") or BESIDE)
GUIDES = [DOCS / "query.md", DOCS / "cite.md", DOCS / "formats.md", DOCS / "import" / "views.md"]
# Each of these needs a program or a server of its own, so a test beside that program follows it.
FOLLOWED_ELSEWHERE = {
    "import/javascript.md": "docs/test_import_guides.py",
    "import/kgx.md": "exports/test_kgx.py",
    "import/merging.md": "merge",
    "import/nanopubs.md": "exports/test_nanopubs.py",
    "import/property-graph.md": "exports/test_property_graph.py",
    "import/python.md": "docs/test_import_guides.py",
    "import/tables.md": "exports/test_tables.py",
    "import/triple-store.md": "docs/test_import_guides.py",
    "scale.md": "docs/test_scale.py",
    "serve.md": "docs/test_import_guides.py",
}
NOT_GUIDES = {"index.md", "architecture.md"}
PAGES = sorted(
    page
    for page in DOCS.rglob("*.md")
    if page.parent.name not in {"decisions", "reference"} and page.name not in NOT_GUIDES
)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_works_as_printed(guide: Path, copy: Path, files: dict[str, bytes]) -> None:
    if "article.txt" in guide.read_text("utf-8"):
        if not ARTICLE.is_file():
            pytest.skip("the text of the article is not here")
        shutil.copy(ARTICLE, copy / "article.txt")
    for name, content in files.items():
        (copy / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / "dist" / name).write_bytes(content)
    for output in follow(read_blocks(guide), copy):
        assert output.actual == output.expected


def test_an_output_that_differs_is_seen(tmp_path: Path) -> None:
    (shown,) = follow([("sh", "echo 1\n"), ("text", "2\n")], tmp_path)
    assert shown.actual != shown.expected
    with pytest.raises(AssertionError, match="not-a-command"):
        follow([("sh", "not-a-command\n")], tmp_path)


def test_each_guide_with_commands_is_followed_by_a_test() -> None:
    with_commands = {page for page in PAGES if any(language == "sh" for language, _ in read_blocks(page))}
    here = {str(guide.relative_to(DOCS)) for guide in GUIDES}
    assert {str(page.relative_to(DOCS)) for page in with_commands} - here == set(FOLLOWED_ELSEWHERE)
    for page, test in FOLLOWED_ELSEWHERE.items():
        place = ROOT / "tests" / test
        texts = [path.read_text("utf-8") for path in ([place] if place.is_file() else place.glob("*.py"))]
        assert any(re.search(rf"\b{re.escape(Path(page).stem)}\b", text) for text in texts), (page, test)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_guide_starts_with_its_outcome(page: Path) -> None:
    paragraph = page.read_text("utf-8").split("\n\n")[1]
    assert paragraph.startswith("After this page")


@pytest.mark.parametrize("page", [*PAGES, DOCS / "index.md", DOCS / "architecture.md"], ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    local = [link.partition("#")[0] for link in links if not link.startswith(("https://", "http://", "#"))]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_index_reaches_every_page() -> None:
    text = (DOCS / "index.md").read_text("utf-8")
    linked = {(DOCS / link).resolve() for link in re.findall(r"\]\(([^)#]+)\)", text)}
    assert set(PAGES) - linked == set()
    assert {DOCS / "architecture.md", DOCS / "decisions" / "README.md", ROOT / "CONTRIBUTING.md"} <= linked
