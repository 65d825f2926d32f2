"""The HTML page of a report is complete, valid, accessible and safe."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import html5rdf
import pytest

from ldnkg.merge import report_html
from ldnkg.merge.report import TABLES
from ldnkg.merge.report_html import format_html
from support.html import VNU, break_page, find_invalid, text
from support.merging import BIOLINK, LABEL, MESH, PATHS, report_merge, write_file

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from ldnkg.merge.reference import ReferenceIndex

HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(2)>' \" {{ 7*7 }} &lt; \u202e \u0001"
MARKUP = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "h1",
    "p",
    "strong",
    "main",
    "section",
    "h2",
    "h3",
}
MARKUP |= {"strong", "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "details", "summary", "ul", "li"}


@pytest.fixture(scope="module")
def page(reference: ReferenceIndex) -> str:
    return format_html(report_merge(reference, BIOLINK, PATHS))


@pytest.fixture
def hostile_page(reference: ReferenceIndex, tmp_path: Path) -> str:
    escaped = HOSTILE.encode("unicode_escape").decode().replace("\\x", "\\u00").replace('"', '\\"')
    label = f'<{MESH}D009271> {LABEL} "{escaped}" .\n'
    treats = f"<{MESH}D009271> <https://w3id.org/biolink/vocab/treats> <{MESH}D005356> .\n"
    return format_html(report_merge(reference, write_file(tmp_path, "a<b>&.nt", label + treats)))


def parse(page: str) -> Element:
    parser = html5rdf.HTMLParser(namespaceHTMLElements=False, strict=True)
    root: Element = parser.parse(page)
    return root


def test_the_page_has_a_heading_for_each_table(page: str, reference: ReferenceIndex) -> None:
    report = report_merge(reference, BIOLINK, PATHS)
    headings = [element.get("id") for element in parse(page).iter("h2")]
    assert headings == ["summary", *(name for name in TABLES if report[name])]
    assert [len(list(parse(page).iter(tag))) for tag in ("h1", "main", "title")] == [1, 1, 1]


def test_each_contradiction_is_on_the_page(page: str, reference: ReferenceIndex) -> None:
    cells = {text(cell) for cell in parse(page).iter("td")}
    report = report_merge(reference, BIOLINK, PATHS)
    rows = report["contradictions"] + report["if_corrected"]
    assert len(rows) == 9
    assert {row["we_say"] for row in rows} <= cells
    assert {f"{row['source_says']} [{row['stated_as']}]" for row in rows} <= cells
    assert {f"{row['where']}, record {row['record']}" for row in rows} <= cells


def test_each_table_has_a_caption_and_headers(page: str) -> None:
    tables = list(parse(page).iter("table"))
    assert len(tables) > 8
    for table in tables:
        (caption,) = table.iter("caption")
        head, *rows = list(table.iter("tr"))
        assert re.fullmatch(r"\w.* \([\d,]+\)|What was read and found", text(caption))
        assert {cell.tag for cell in head} == {"th"}
        assert all(text(cell) for cell in head)
        assert {len(row) for row in rows} == {len(head)}
        assert all(cell.get("scope") in {"col", "row"} for cell in table.iter("th"))


def test_levels_of_headings_are_not_skipped(page: str) -> None:
    levels = [int(element.tag[1]) for element in parse(page).iter() if re.fullmatch(r"h\d", str(element.tag))]
    assert levels[0] == 1
    assert all(later <= level + 1 for level, later in pairwise(levels))


def test_the_page_needs_nothing_else(page: str) -> None:
    root = parse(page)
    assert {str(element.tag) for element in root.iter()} <= MARKUP
    assert not re.search(r"url\(|@import", page)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    links = [element.get("href", "") for element in root.iter("a")]
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_a_hostile_label_is_shown_and_not_obeyed(hostile_page: str) -> None:
    root = parse(hostile_page)
    assert {str(element.tag) for element in root.iter()} <= MARKUP
    assert [name for element in root.iter() for name in element.attrib if name.startswith("on")] == []
    cells = [text(cell) for cell in root.iter("td")]
    shown = HOSTILE.replace("\u202e", r"\u202e").replace("\u0001", r"\x01")
    assert shown in cells
    assert f"{shown} (MESH:D009271)" in cells
    (title,) = root.iter("title")
    assert text(title) == "Merge report: a<b>&.nt"


def test_equal_rows_list_their_places(reference: ReferenceIndex, tmp_path: Path) -> None:
    edge = f"<{MESH}D009271> <https://w3id.org/biolink/vocab/treats> <{MESH}D005356> .\n"
    paths = [write_file(tmp_path, f"{name}.nt", edge + f"# {name}\n") for name in "ab"]
    (details, *_) = parse(format_html(report_merge(reference, *paths))).iter("details")
    listed = [text(item) for item in details.iter("li")]
    assert [item.rpartition("/")[2].partition(":")[0] for item in listed] == ["a.nt", "b.nt"]


def test_a_long_table_is_cut_and_says_so(reference: ReferenceIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_html, "MAX_ROWS", 2)
    page = format_html(report_merge(reference, BIOLINK))
    assert max(len(list(table.iter("tr"))) for table in list(parse(page).iter("table"))[1:]) == 3
    assert "The table has the first 2 rows. report.tsv and report.json have all." in page


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_links_have_enough_contrast(theme: int, page: str) -> None:
    colours = {name: values[theme] for name, *values in re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", page)}
    text_colour = ["#000", "#fff"][theme]
    for colour in (text_colour, colours["soft"], colours["link"]):
        assert measure_contrast(colour, colours["page"]) >= 4.5
    assert measure_contrast(text_colour, colours["head"]) >= 4.5


def measure_contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    darker, lighter = sorted(map(measure_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def measure_luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.external
@pytest.mark.skipif(not (VNU and shutil.which("java")), reason="no HTML checker is named in LDNKG_VNU, or no Java")
def test_the_page_is_valid(page: str, hostile_page: str, tmp_path: Path) -> None:
    pages = {"report.html": page.encode(), "hostile.html": hostile_page.encode()}
    assert find_invalid({**pages, "broken.html": break_page(page.encode())}, tmp_path) == {"broken.html"}
