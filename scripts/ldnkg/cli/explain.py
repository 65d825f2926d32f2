"""`ldnkg explain`: print a claim with everything that supports it and everything that uses it."""

from __future__ import annotations

from pathlib import Path

from ldnkg.cli import console
from ldnkg.cli.options import get_home, parse_path
from ldnkg.cli.show import print_claim, print_line
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ldnkg.querying.claims import ClaimReader
    from ldnkg.records.yaml_reader import Mapping

HELP = "print a claim as `show` does, with the meaning of its certainty, its hedge, and the records that use it"
EXAMPLE = "low-dose-naltrexone-antagonises-tlr4 --article article.txt"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg explain`."""
    parser.add_argument(
        "claim", metavar="CLAIM", help="the slug of a claim, which is the name of its file, or its CURIE or IRI"
    )
    text = "the text of the article; if given, the sentences are printed, with the hedge marked"
    parser.add_argument("--article", metavar="FILE", type=parse_path, help=text)


def run(arguments: Namespace) -> int:
    """Print the output of `show`, the definition of the certainty, the hedge, dependent records, and the sentences."""
    from ldnkg.files import read_bytes
    from ldnkg.querying.claims import ClaimReader, explain
    from ldnkg.records.loader import load_valid_records

    library = ClaimReader(load_valid_records(get_home(arguments)))
    claim = library.find_claim(arguments.claim)
    article = arguments.article
    text = _read_article(library, claim, read_bytes(Path(article)), article) if article else None
    print_claim(library, claim)
    for key, value in explain(library, claim):
        print_line(key, value)
    if text is not None:
        _print_sentences(library, claim, text)
    return 0


def _read_article(library: ClaimReader, claim: Mapping, raw: bytes, name: str) -> str:
    """Return the text of the article; raise LdnkgError if the ledger describes another text."""
    import hashlib

    from ldnkg.querying.claims import find_article, list_sentences

    article = find_article(library, next(list_sentences(library, claim)))
    if hashlib.sha256(raw).hexdigest() != article["sha256"]:
        raise LdnkgError(
            f"{name}: is not the text of {article['id']}. Run `ldnkg verify-source {name}` to see the differences.", 1
        )
    return raw.decode("utf-8")


def _print_sentences(library: ClaimReader, claim: Mapping, text: str) -> None:
    from ldnkg.querying.claims import find_hedge, list_sentences

    hedge = find_hedge(library, claim)
    for sentence in list_sentences(library, claim):
        start, end = int(str(sentence["start"])), int(str(sentence["end"]))
        words = text[start:end]
        if hedge and hedge["inSentence"] == sentence["id"]:
            first, last = int(str(hedge["start"])) - start, int(str(hedge["end"])) - start
            words = words[:first] + console.mark(words[first:last]) + words[last:]
        console.write_out(f"\n  {sentence['number']}. {words}")
