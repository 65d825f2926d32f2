"""`ldnkg nanopubs`: check the publication and write each claim as a nanopublication, optionally signed."""

from __future__ import annotations

from pathlib import Path

from ldnkg.cli.options import add_engine, add_out, parse_path
from ldnkg.cli.output import export_and_print
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ldnkg.cli.output import Files, Step
    from ldnkg.exports.nanopubs.signing import Signer
    from ldnkg.publication.graph import Publication

HELP = "check the publication and write each claim as a nanopublication, optionally signed"
EXAMPLE = "--sign-with key.pem --out /tmp/ldn-kg"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `ldnkg nanopubs`."""
    key = (
        "sign with this RSA private key, a PEM file without a passphrase, which is read and never written; "
        "needs ldnkg[nanopubs]"
    )
    parser.add_argument("--sign-with", metavar="KEY", type=parse_path, help=key)
    add_out(parser)
    add_engine(parser)


def run(arguments: Namespace) -> int:
    """Check, then write the claims as nanopublications, signed if a key is given."""
    from ldnkg.exports.nanopubs import writer
    from ldnkg.publication.combined import combine_with_alignments

    sign = _make_signer(Path(arguments.sign_with)) if arguments.sign_with else list

    def make(publication: Publication, step: Step) -> Files:
        step("making nanopubs")
        return writer.make_signed_files(combine_with_alignments(publication), sign)

    export_and_print(arguments, make)
    return 0


def _make_signer(key: Path) -> Signer:
    """Return a signer with this key; raise LdnkgError if the key is unsuitable or a dependency is not installed."""
    try:
        from ldnkg.exports.nanopubs.signing import Signer, read_key
    except ModuleNotFoundError as error:
        raise LdnkgError("Signing needs an optional dependency. Run `pip install 'ldnkg[nanopubs]'`.") from error
    return Signer(read_key(key))
