"""Refuses JSON-LD in which a name is no IRI, for readers of JSON-LD leave out without a word what is said with it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.readers.lines import at, visible
from ldnkg.merge.readers.opened import text_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

_UNFIT = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_WITHIN = {"@graph", "@included", "@list", "@nest", "@set"}


class _Term(NamedTuple):
    """What a context says of a term: what it stands for, what its values are, how they are kept, its own context."""

    meaning: object
    kind: str
    container: frozenset[str]
    context: object


class _Context(NamedTuple):
    """What the names of a node mean: its terms, and whether bare ones are taken for relations or for addresses."""

    terms: Mapping[str, _Term]
    vocab: bool
    base: bool

    def word(self, key: str) -> str:
        """Return the keyword that a key stands for, else the key."""
        term = self.terms.get(key)
        return term.meaning if term and isinstance(term.meaning, str) and term.meaning.startswith("@") else key


def refuse_unfit(path: Path) -> None:
    """Raise Problem at the first name that is no IRI, with its line where it can be found."""
    text = text_of(path)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise at(path, error.lineno, f"is not JSON, {error.msg}. Mend it.") from error
    except (ValueError, RecursionError) as error:
        raise LdnkgError(f"{display_path(path)}: cannot be taken as JSON, {error}. Mend it.") from error
    for name in _Walk(path, text).unfit(document):
        raise _found(path, text, name, f"'{visible(name[:100])}' is no IRI. Mend it.")


def _found(path: Path, text: str, name: str, sentence: str) -> LdnkgError:
    """Return the Problem, at the line where the name first stands if it stands there as it is written in JSON."""
    for written in (json.dumps(name, ensure_ascii=False), json.dumps(name)):
        if (place := text.find(written)) >= 0:
            return at(path, text.count("\n", 0, place) + 1, sentence)
    return LdnkgError(f"{display_path(path)}: {sentence}")


class _Walk:
    """Walks through a document, each value with its context and with what a plain text there would be."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text
        self._waiting: list[tuple[object, _Context, str]] = []

    def unfit(self, document: object) -> Iterator[str]:
        """Yield each name that is no IRI."""
        self._waiting = [(document, _Context({}, vocab=False, base=False), "")]
        while self._waiting:
            found, context, kind = self._waiting.pop()
            if isinstance(found, list):
                self._waiting += [(one, context, kind) for one in reversed(found)]
            elif isinstance(found, str) and kind:
                yield from _names(found, context, vocab=kind == "@vocab")
            elif isinstance(found, dict):
                yield from self._node(found, context, kind)

    def _node(self, node: dict[str, Any], outer: _Context, kind: str) -> Iterator[str]:
        context = yield from self._extended(outer, node.get("@context", []))
        words = {context.word(key): value for key, value in node.items()}
        if words.get("@type") == "@json":
            return
        yield from _names(words.get("@type"), context, vocab=True)
        if "@value" in words:
            return
        yield from _names(words.get("@id"), context, vocab=False)
        for name in _texts(words.get("@type")):
            if name in context.terms:
                context = yield from self._extended(context, context.terms[name].context)
        for key, value in node.items():
            yield from self._entry(key, value, context, kind)

    def _entry(self, key: str, value: object, context: _Context, kind: str) -> Iterator[str]:
        word = context.word(key)
        if word in _WITHIN:
            self._waiting.append((value, context, kind))
        elif word == "@reverse" and isinstance(value, dict):
            for name, one in value.items():
                yield from self._property(name, one, context, "@id")
        elif not word.startswith("@"):
            yield from self._property(key, value, context, "")

    def _property(self, key: str, value: object, context: _Context, kind: str) -> Iterator[str]:
        term = context.terms.get(key)
        if term is None:
            if ":" in key or context.vocab:
                yield from _names(key, context, vocab=True)
                self._waiting.append((value, context, kind))
            return
        if term.meaning is None or term.kind == "@json":
            return
        inner = yield from self._extended(context, term.context)
        kind = term.kind or kind
        if not (term.container - {"@list", "@set"} and isinstance(value, dict)):
            self._waiting.append((value, inner, kind))
        elif "@language" not in term.container:
            for name, one in value.items():
                keyed = term.container & {"@id", "@type"}
                yield from _names(name if keyed else None, inner, vocab="@type" in term.container)
                self._waiting.append((one, inner, kind))

    def _extended(self, context: _Context, said: object) -> Generator[str, None, _Context]:
        """Yield what is no IRI in a context, and return what names mean within it."""
        for one in said if isinstance(said, list) else [said]:
            if isinstance(one, str):
                sentence = f"wants the context '{visible(one[:100])}' fetched. Put it into the file."
                raise _found(self._path, self._text, one, sentence)
            if isinstance(one, dict):
                terms = {key: _term(meaning) for key, meaning in one.items() if not key.startswith("@")}
                for term in terms.values():
                    yield from _names(term.meaning, context, vocab=True, bare=True)
                for key in ("@vocab", "@base"):
                    yield from _names(one.get(key), context, vocab=True, bare=True)
                vocab, base = context.vocab or bool(one.get("@vocab")), context.base or "@base" in one
                context = _Context({**context.terms, **terms}, vocab, base)
        return context


def _term(said: object) -> _Term:
    if not isinstance(said, dict):
        return _Term(said, "", frozenset(), [])
    kind, meaning = said.get("@type"), said.get("@id", said.get("@reverse", ""))
    kind = "@id" if "@reverse" in said and not kind else kind
    container = frozenset(_texts(said.get("@container")))
    return _Term(meaning, kind if kind in {"@id", "@vocab", "@json"} else "", container, said.get("@context", []))


def _texts(said: object) -> list[str]:
    return [one for one in (said if isinstance(said, list) else [said]) if isinstance(one, str)]


def _names(said: object, context: _Context, *, vocab: bool, bare: bool = False) -> Iterator[str]:
    """Yield the names that make no IRI: by a sign in them, or by themselves where nothing goes before them."""
    for name in _texts(said):
        if name.startswith("@") or (vocab and name in context.terms):
            continue
        alone = not (bare or ":" in name or context.base or (vocab and context.vocab))
        if alone or _UNFIT.search(name) or (name.partition(":")[0] not in context.terms and _broken(name)):
            yield name


def _broken(name: str) -> bool:
    """Say whether it would be an address, and is none."""
    if "://" not in name:
        return False
    try:
        ox.NamedNode(name)
    except ValueError:
        return True
    return False
