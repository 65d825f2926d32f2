"""Complete commands, options, questions and their parameters in the shell, through argcomplete."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import argcomplete
from argcomplete.completers import ChoicesCompleter

from ldnkg.errors import LdnkgError
from ldnkg.paths import find_home
from ldnkg.querying.library import load_questions

if TYPE_CHECKING:
    import argparse


def complete(parser: argparse.ArgumentParser, query: argparse.ArgumentParser) -> None:
    """Print the possible completions and exit, if a shell asks for them; `query` is the parser of `ldnkg query`."""
    try:
        known = load_questions(find_home())
    except LdnkgError:
        known = {}
    argument: Any = next(action for action in query._actions if action.dest == "question")
    argument.completer = ChoicesCompleter({name: question.said("title") for name, question in known.items()})
    known |= {f"{question.group}/{name}": question for name, question in known.items()}
    for word in os.environ.get("COMP_LINE", "").split():
        for name, meaning in known[word].parameters.items() if word in known else ():
            query.add_argument(f"--{name}", help=meaning)
    argcomplete.autocomplete(parser)
