"""The commands that take a text: always with the stand-in text, and with the article if it is available."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.exports.build import export
from ldnkg.paths import Home
from ldnkg.validation.check import check
from support.article import BESIDE, PAIRS, Pair
from support.paths import DATA, ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=PAIRS, ids=lambda pair: pair.ledger.id)
def pair(request: pytest.FixtureRequest) -> Pair:
    """One available text and its ledger."""
    found = request.param
    assert isinstance(found, Pair)
    return found


@pytest.fixture
def home(pair: Pair, tmp_path: Path) -> Path:
    """The publication that the text belongs to."""
    data = DATA / "standin" / "data" if pair is PAIRS[0] else ROOT / "data"
    root = tmp_path / "home"
    root.mkdir()
    (root / "data").symlink_to(data)
    for part in ("ontology", "shapes", "queries"):
        (root / part).symlink_to(ROOT / part)
    return root


@pytest.fixture
def text(pair: Pair, tmp_path: Path) -> Path:
    """The exact text, in a file."""
    path = tmp_path / "text.txt"
    path.write_bytes(pair.text.encode())
    return path


def test_the_article_is_used_if_it_is_available() -> None:
    assert len(PAIRS) == 1 + BESIDE.is_file()


def test_the_publication_is_clean_and_can_be_written(home: Path) -> None:
    report = check(Home(home), engine_name="shacl")
    assert report.findings == []
    assert report.evaluations > 1000
    assert report.publication is not None
    assert len(export(report.publication)) == 37


def test_the_exact_text_is_accepted(run: Run, home: Path, text: Path, pair: Pair) -> None:
    ended = run("verify-source", text, "--home", home)
    assert ended.returncode == 0, ended.stdout
    size = f"{len(pair.ledger.sentences)} sentences and {len(pair.ledger.hedges)} hedges"
    assert f"is exactly the text of {pair.ledger.id}; {size} match the ledger." in ended.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("\n", "\r\n"), "has CRLF line endings"),
        (lambda text: text.replace("\n", "\r"), "has CR line endings"),
        (lambda text: text + "\n", "ends in 1 newline too many"),
        (lambda text: "\ufeff" + text, "byte order mark"),
        (lambda text: text[: len(text) // 2], "is missing"),
    ],
    ids=["crlf", "cr", "newline", "bom", "half"],
)
def test_an_altered_text_is_refused_with_the_difference(
    run: Run, home: Path, text: Path, change: Callable[[str], str], words: str
) -> None:
    text.write_bytes(change(text.read_bytes().decode()).encode())
    ended = run("verify-source", text, "--home", home)
    assert ended.returncode == 1
    assert words in ended.stdout
    assert ended.stderr == ""


def test_an_altered_letter_is_reported_for_its_sentence(run: Run, home: Path, text: Path, pair: Pair) -> None:
    for sentence in pair.ledger.sentences:
        middle = (sentence.start + sentence.end) // 2
        text.write_bytes(pair.put(middle, middle + 1, "¤").encode())
        ended = run("verify-source", text, "--home", home)
        assert ended.returncode == 1
        reported = [line for line in ended.stdout.splitlines() if f"{sentence.id} (" in line and "differs" in line]
        assert len(reported) == 1, ended.stdout


def test_explain_shows_the_words_with_the_hedge_marked(run: Run, home: Path, text: Path, pair: Pair) -> None:
    claims = [path for path in (home / "data" / "claims").iterdir() if "\nhedge: " in path.read_text("utf-8")]
    assert len(claims) >= 5
    for path in claims[:5]:
        name = next(line.split()[1] for line in path.read_text("utf-8").splitlines() if line.startswith("hedge: "))
        hedge = next(hedge for hedge in pair.ledger.hedges if hedge.id == name)
        shown = run("explain", path.stem, "--article", text, "--home", home).stdout
        assert f"[[{pair.text[hedge.start : hedge.end]}]]" in shown
        assert hedge.cue in shown


def test_explain_refuses_another_text(run: Run, home: Path, text: Path) -> None:
    claim = next((home / "data" / "claims").iterdir()).stem
    text.write_bytes(text.read_bytes() + b"\n")
    ended = run("explain", claim, "--article", text, "--home", home)
    assert ended.returncode == 1
    assert "is not the text of" in ended.stderr
    assert "verify-source" in ended.stderr
