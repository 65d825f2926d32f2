"""The texts that ledgers are compared with: the stand-in, and the article if it is available."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.records.reader import list_record_files, read_records
from ldnkg.source_text.ledger import Ledger, Sentence, read_ledgers
from support.paths import DATA, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    Tamper = Callable[[str], str]
BESIDE = ROOT.parent / "shared" / "article" / "naltrexone-to-treat-pain.txt"


@dataclass(frozen=True)
class Pair:
    """A text and the ledger that describes it."""

    text: str = field(repr=False)
    ledger: Ledger = field(repr=False)

    def cut(self, sentence: Sentence) -> str:
        return self.text[sentence.start : sentence.end]

    def put(self, start: int, end: int, words: str) -> str:
        return self.text[:start] + words + self.text[end:]


def read_pair(text: Path, data: Path) -> Pair:
    (ledger,) = read_ledgers(read_records(list_record_files(data))[0])
    return Pair(text.read_bytes().decode("utf-8"), ledger)


def available() -> list[Pair]:
    """The stand-in, and the article if LDNKG_ARTICLE names it or it is beside the repository."""
    wanted = os.environ.get("LDNKG_ARTICLE")
    standin = read_pair(DATA / "standin" / "article" / "brindle-tea.txt", DATA / "standin" / "data")
    article = Path(wanted) if wanted else BESIDE
    return [standin, *([read_pair(article, ROOT / "data")] if wanted or article.is_file() else [])]


PAIRS = available()
