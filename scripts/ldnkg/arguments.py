"""What can be typed at the command `ldnkg`; what each command does is in `commands_<kind>`."""

from __future__ import annotations

import argparse
import os

from ldnkg.engines import ENGINES, REFERENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

STATUS = "Exit status: 0 all is well, 1 there are findings or nothing could be written, 2 wrong use."


class _Help(argparse.HelpFormatter):
    """Writes help in 80 columns, for to ask the terminal costs each start more than reading the words does."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


def parser_of(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the words; where the first of them names a command, it need know no other."""
    parser = argparse.ArgumentParser(
        prog="ldnkg",
        description=f"LDN-KG: what an article says about low-dose naltrexone, as checked linked data. {STATUS}",
        epilog="Example: ldnkg query drug-receptor-mechanism-condition-citation",
        formatter_class=_Help,
    )
    _common(parser)
    parser.set_defaults(home=None, quiet=False)
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        _common(COMMANDS[name][0](commands))
    if "_ARGCOMPLETE" in os.environ:
        from ldnkg.completion import complete

        complete(parser, commands.choices["query"])
    return parser


def _common(command: argparse.ArgumentParser) -> None:
    where = "the top folder of the publication; else found from here"
    command.add_argument("--home", metavar="DIR", type=_named, default=argparse.SUPPRESS, help=where)
    less = "say nothing but findings, answers and problems"
    command.add_argument("-q", "--quiet", action="store_true", default=argparse.SUPPRESS, help=less)


def _add(commands: Commands, name: str, text: str, example: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"Example: ldnkg {name} {example}",
        formatter_class=_Help,
    )


def _named(text: str) -> str:
    """Return what names a file or a folder; a variable of the shell that is not set names none."""
    if not text:
        raise argparse.ArgumentTypeError(
            "the name is empty. Give one, or see whether a variable of the shell is not set."
        )
    return text


def _out(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", metavar="DIR", type=_named, help="the folder to write to; else dist of the publication"
    )


def _engine(command: argparse.ArgumentParser, more: str = "") -> None:
    command.add_argument("--engine", choices=ENGINES, default=REFERENCE, help=f"what runs the rules{more}")


def _build(commands: Commands) -> argparse.ArgumentParser:
    command = _add(
        commands,
        "build",
        "check the publication and write its files; nothing is written where anything is found",
        "--out /tmp/ldn-kg",
    )
    _out(command)
    command.set_defaults(engine=REFERENCE)
    return command


def _export(commands: Commands) -> argparse.ArgumentParser:
    text = "check the publication and write it in further formats, such as tables; all of them unless told which"
    command = _add(commands, "export", text, "--only tables --out /tmp/ldn-kg")
    command.add_argument("--list", action="store_true", help="list the formats, and what each keeps of a claim")
    only = (
        "a format, such as tables, or one of a build, such as turtle, which is written only where it is named; "
        "give --only again for another"
    )
    command.add_argument("--only", metavar="FORMAT", action="append", default=[], help=only)
    _out(command)
    _engine(command)
    return command


def _nanopubs(commands: Commands) -> argparse.ArgumentParser:
    text = "check the publication and write each claim as a nanopublication, signed where a key is given"
    command = _add(commands, "nanopubs", text, "--sign-with key.pem --out /tmp/ldn-kg")
    key = "the file of a private RSA key in PEM without a passphrase; it is read and never written (ldnkg[nanopubs])"
    command.add_argument("--sign-with", metavar="KEY", type=_named, help=key)
    _out(command)
    _engine(command)
    return command


def _merge(commands: Commands) -> argparse.ArgumentParser:
    text = "lay the graphs of others beside ours: say what joins, what is near, refused, contradicted and new"
    command = _add(commands, "merge", text, "their_nodes.tsv paths.yaml graph.ttl --out /tmp/merged")
    other = "KGX nodes and edges (.tsv, .jsonl, or their folder), RDF by its ending, or paths of DrugMechDB (.yaml)"
    command.add_argument("others", nargs="+", metavar="OTHER", type=_named, help=other)
    where = "the folder to write merged.nq, merged.trig and report.json to; else nothing is written"
    command.add_argument("--out", metavar="DIR", type=_named, help=where)
    how = "how to print the report; else as text"
    command.add_argument("--format", choices=["text", "json"], default="text", help=how)
    return command


def _check(commands: Commands) -> argparse.ArgumentParser:
    text = "say what is wrong with the publication, where, and what to do"
    command = _add(commands, "check", text, "data/claims/naltrexone-is-taken-orally.yaml")
    with_what = ": pyshacl, the reference, or shacl, which is fast and has to be installed (ldnkg[fast])"
    watch = (
        "go on, and check again whenever a file changes, until stopped; with --engine shacl the answer is there at once"
    )
    command.add_argument("--watch", action="store_true", help=watch)
    how = "how to print it: text for people, sarif, junit, or the SHACL report as ttl or jsonld; else as text"
    command.add_argument("--format", choices=["text", "jsonld", "junit", "sarif", "ttl"], default="text", help=how)
    _engine(command, with_what)
    afresh = "read every file, and keep nothing; else what read well before and has not changed since is not read again"
    command.add_argument("--no-cache", action="store_true", help=afresh)
    what = "say only what is found in these files or folders; a file from outside is checked as a part of it"
    command.add_argument("paths", nargs="*", metavar="PATH", type=_named, help=what)
    return command


def _new(commands: Commands) -> argparse.ArgumentParser:
    text = "draft a claim: ask for what is not given, check it, and write it only where nothing is found"
    example = "claim naltrexone-acts-on-mu-opioid-receptor --set subject=naltrexone --set relation=actsOn"
    command = _add(commands, "new", text, example)
    command.add_argument("kind", choices=["claim"], help="what to draft")
    command.add_argument("slug", metavar="SLUG", help="its name: what it says, in small letters with hyphens")
    what = "a key of the claim and its value; again for another value; a sentence may be given by its number"
    command.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=what)
    mention = "a name that the first sentence mentions and the ledger does not say so yet"
    command.add_argument("--mentions", metavar="NAME", action="append", default=[], help=mention)
    _engine(command)
    return command


def _show(commands: Commands) -> argparse.ArgumentParser:
    text = "say a claim in words: what it states, how sure it is, where it stands and what it cites"
    command = _add(commands, "show", text, "naltrexone-is-taken-orally")
    command.add_argument("claim", metavar="CLAIM", help="the slug of a claim: the name of its file")
    return command


def _explain(commands: Commands) -> argparse.ArgumentParser:
    text = "say all that stands behind a claim"
    command = _add(commands, "explain", text, "low-dose-naltrexone-antagonises-tlr4 --article article.txt")
    command.add_argument("claim", metavar="CLAIM", help="the slug of a claim: the name of its file")
    command.add_argument(
        "--article", metavar="FILE", type=_named, help="the text of the article: its words are shown, the hedge marked"
    )
    return command


def _verify_source(commands: Commands) -> argparse.ArgumentParser:
    text = "prove the ledger, its spans and its hedges against the text of the article"
    command = _add(commands, "verify-source", text, "article.txt")
    command.add_argument("file", metavar="FILE", type=_named, help="the text of the article")
    command.add_argument("--source", metavar="SLUG", help="the slug of the article, where the publication has several")
    return command


def _query(commands: Commands) -> argparse.ArgumentParser:
    text = "ask the built graph; what a question of the library is about can be given, as --condition fibromyalgia"
    command = _add(commands, "query", text, "claims-about --condition fibromyalgia")
    command.allow_abbrev = False
    what = "a file, the name of a question of the library, SPARQL itself, or - for standard input"
    command.add_argument("question", metavar="FILE|NAME|SPARQL", nargs="?", help=what)
    which = "list the questions, or those of the group or with the words that follow"
    command.add_argument("--list", action="store_true", help=which)
    why = "print the SPARQL, and each row with the claims and the sentences that it stands on"
    command.add_argument("--explain", action="store_true", help=why)
    how = "how to print the answer, the list (not ttl) or the reasons (json alone); else as a table, or in words"
    command.add_argument("--format", choices=["table", "csv", "json", "ttl"], default="table", help=how)
    return command


def _serve(commands: Commands) -> argparse.ArgumentParser:
    text = "serve the built graph: SPARQL, and an answer under each address; read-only, until stopped (ldnkg[serve])"
    command = _add(commands, "serve", text, "--port 7878")
    command.add_argument("--host", default="127.0.0.1", help="the address to listen at; else this machine alone")
    command.add_argument("--port", type=int, default=7878, help="the port to listen at, 0 for a free one; else 7878")
    public = "the address that users know it by, where it is behind another server, with a slash at the end"
    command.add_argument("--address", default="", metavar="URL", help=public)
    command.add_argument(
        "--files", metavar="DIR", type=_named, help="the folder of the built files; else dist of the publication"
    )
    limits = {
        "seconds": ("10", "how long a query may take"),
        "query": ("100000", "how many bytes a query may have"),
        "answer": ("20000000", "how many bytes an answer may have"),
        "memory": ("1000000000", "how many bytes of memory a query may take"),
        "at-once": ("2", "how many queries may run at once, each in a process of its own"),
        "waiting": ("32", "how many queries may wait for that"),
    }
    for name, (most, words) in limits.items():
        command.add_argument(f"--{name}", type=int, default=int(most), metavar="N", help=f"{words}; else {most}")
    return command


def _view(commands: Commands) -> argparse.ArgumentParser:
    text = "say the built graph in another vocabulary, the certainty of each claim with it"
    command = _add(commands, "view", text, "biolink > ldn-kg.biolink.ttl")
    command.add_argument("name", metavar="NAME", help="the name of a view, such as biolink")
    command.add_argument("--format", choices=["ttl", "nt"], default="ttl", help="how to print it; else as Turtle")
    return command


COMMANDS = {
    "build": (_build, "write"),
    "export": (_export, "write"),
    "nanopubs": (_nanopubs, "write"),
    "merge": (_merge, "write"),
    "check": (_check, "check"),
    "new": (_new, "check"),
    "show": (_show, "ask"),
    "explain": (_explain, "ask"),
    "verify-source": (_verify_source, "check"),
    "query": (_query, "query"),
    "serve": (_serve, "serve"),
    "view": (_view, "ask"),
}
