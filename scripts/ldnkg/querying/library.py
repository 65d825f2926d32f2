"""Read the library of questions: SPARQL files whose header comments state the question and its parameters."""

from __future__ import annotations

import re
import sys
from itertools import takewhile
from pathlib import Path

from ldnkg.errors import LdnkgError, suggest
from ldnkg.files import display_path, read_text
from ldnkg.records.home_files import refuse_unsafe_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.paths import Home
    from ldnkg.querying.engine import BuiltGraph
    from ldnkg.querying.parameters import Parameters

# The byte order mark that some editors put before a text.
_MARK = "\ufeff"
_HEAD = re.compile(r"# ([a-z]+): (.+)")


class Question:
    """A question: its name, its group, the values of its header by key, and its SPARQL, which can be run unchanged."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.name, self.group = path.stem, path.parent.name
        self._head = _parse_header(text)

    def said(self, key: str) -> str:
        """Return the value of this key of the header; raise LdnkgError if the header does not have the key."""
        if key not in self._head:
            raise LdnkgError(f"{display_path(self.path)}:1: the header has no '{key}'. Add a line `# {key}: ...`.")
        return self._head[key][0]

    @property
    def note(self) -> str:
        """What to know when reading the answer, or nothing if the header does not say."""
        return self._head.get("teaches", [""])[0]

    @property
    def keywords(self) -> list[str]:
        """The keywords of the header."""
        return [word.strip() for word in self.said("keywords").split(",")]

    @property
    def parameters(self) -> dict[str, str]:
        """The meaning of each parameter: a variable whose value the user can choose."""
        pairs = (line.partition(":") for line in self._head.get("parameter", []))
        return {name.strip(): words.strip() for name, _, words in pairs}

    @property
    def federates(self) -> list[str]:
        """The external SPARQL endpoints that the question calls."""
        return self._head.get("federates", [])

    @property
    def sparql(self) -> str:
        """The query without its header."""
        return self.text[sum(len(line) for line in takewhile(_HEAD.match, self.text.splitlines(keepends=True))) :]

    def default(self, parameter: str) -> str:
        """Return the default of the parameter, as a term in SPARQL syntax."""
        return self._values(parameter)[2]

    def asked(self, terms: Mapping[str, str]) -> str:
        """Return the SPARQL with these terms, in SPARQL syntax, as parameters; raise LdnkgError for an unknown one."""
        text = self.text
        for name, term in terms.items():
            if name not in self.parameters:
                raise LdnkgError(self._unknown(name))
            found = self._values(name)
            text = text.replace(found[0], found[0].replace(found[2], term))
        return text

    def _values(self, parameter: str) -> re.Match[str]:
        lines = re.finditer(r"^ *VALUES \?(\w+) \{ (.+) \}$", self.text, re.MULTILINE)
        found = [line for line in lines if line[1] == parameter]
        if len(found) != 1:
            raise LdnkgError(
                f"{display_path(self.path)}: must have one line `VALUES ?{parameter} {{ ... }}`, and has {len(found)}."
            )
        return found[0]

    def _unknown(self, name: str) -> str:
        known = ", ".join(f"--{own}" for own in self.parameters)
        hint = suggest(name, self.parameters)
        return f"The question '{self.name}' has no parameter --{name}. {hint}" + (
            f"Parameters: {known}." if known else "It has no parameters."
        )


def _parse_header(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in takewhile(_HEAD.match, text.splitlines()):
        key, _, words = line.removeprefix("# ").partition(": ")
        found.setdefault(key, []).append(words)
    return found


def load_questions(home: Home) -> dict[str, Question]:
    """Return every question of the library by its name, sorted by group and name."""
    return {path.stem: Question(path, read_text(path)) for path in list_question_files(home)}


def list_question_files(home: Home) -> list[Path]:
    """Return the file of every question, sorted by group and name, without reading any.

    Raises LdnkgError if a question is in no group, or if two questions have the same name.
    """
    refuse_unsafe_paths(home, home.queries)
    paths = sorted(home.queries.glob("*/*.rq"), key=lambda path: (path.parent.name, path.stem))
    if stray := next(home.queries.glob("*.rq"), None):
        folder = display_path(home.queries)
        raise LdnkgError(f"{display_path(stray)}: is in no group. Move it into a folder of {folder}/.")
    first: dict[str, Path] = {}
    for path in paths:
        if first.setdefault(path.stem, path) != path:
            sentence = (
                f"has the same name as {display_path(first[path.stem])}. Rename one of them: a name is an address."
            )
            raise LdnkgError(f"{display_path(path)}: {sentence}")
    return paths


def find_question(home: Home, asked: str, *more: str) -> Question | None:
    """Return the question of a file, of the library, or of standard input; return nothing for SPARQL itself.

    A question of the library is found by its name or as `group/name`. If there is none, LdnkgError suggests questions
    that match these words and `more`.
    """
    if asked == "-":
        return Question(Path("standard input"), _read_standard_input())
    path = Path(asked)
    if any(sign in asked for sign in "{<\n") or (_is_sparql_in_one_line(asked) and not path.is_file()):
        return None
    known = list_question_files(home)
    path = next((query for query in known if asked in {query.stem, f"{query.parent.name}/{query.stem}"}), path)
    if path.suffix != ".rq" and not path.is_file():
        raise LdnkgError(_explain_unknown(home, " ".join([asked, *more]), known))
    return Question(path, read_text(path).removeprefix(_MARK))


def read_parameters(built: BuiltGraph, question: Question | None, given: dict[str, str]) -> Parameters | None:
    """Return the parameters of the question with the given values; SPARQL itself has none."""
    if question:
        from ldnkg.querying.parameters import Parameters

        return Parameters(built, question, given)
    if given:
        raise LdnkgError(
            f"--{next(iter(given))}: only a question of the library has parameters. Write the value into the SPARQL."
        )
    return None


def _is_sparql_in_one_line(asked: str) -> bool:
    """Return whether the text is SPARQL, perhaps with errors, and not plain words."""
    return " " in asked and any(sign in asked for sign in "?$*:(")


def _read_standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as error:
        raise LdnkgError("Standard input is not UTF-8 text. Write it in UTF-8.") from error


def _explain_unknown(home: Home, asked: str, known: list[Path]) -> str:
    """Return the sentence for a name that no question has, with the closest names and the questions about the words."""
    from difflib import get_close_matches

    from ldnkg.querying.search import find_questions, load_synonyms

    if asked in {path.parent.name for path in known}:
        return f"'{asked}' is a group of questions. `ldnkg query --list {asked}` lists them."
    names = [path.stem for path in known]
    near = get_close_matches(asked, names, 3, 0.5) or [name for name in names if asked in name][:3]
    words = re.findall(r"\w+", asked)
    found = find_questions(load_questions(home).values(), words, load_synonyms(home)) if words else []
    alike = [question.name for question in found[:3] if question.name not in near]
    hint = f"Did you mean {' or '.join(map(repr, near))}? " if near else ""
    hint += f"Questions with these words: {', '.join(alike)}. " if alike else ""
    return (
        f"'{asked}' is neither a question nor a file nor SPARQL. {hint}"
        f"`ldnkg query --list WORDS` searches the {len(known)} questions, and `ldnkg show NAME` shows an entity."
    )
