"""Normalise the local part of identifiers: the part that names one entity of a database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_NAMES = 2  # names that may precede a local part, as in `MESH:MESH:D009271`


class LocalRule(NamedTuple):
    """How a prefix writes its local parts.

    A local part that `pattern` matches is replaced by `replacement`; `case` is upper, or keep for a local part whose
    case counts.
    """

    prefix: str
    pattern: re.Pattern[str]
    replacement: str
    case: str


class PrefixNames:
    """Finds one of our prefixes by the names that other registries give it."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._prefixes = {simplify_name(name): prefix for name, prefix in names.items()}
        self._known: dict[str, str] = {}

    def find(self, name: str) -> str:
        """Return our prefix, or an empty string if no prefix has the name."""
        found = self._known.get(name)
        if found is None:
            found = self._prefixes.get(simplify_name(name), "")
            if len(self._known) < len(self._prefixes) * 9:  # names come from sources, which could use any number
                self._known[name] = found
        return found


class LocalIdentifiers:
    """Normalises local parts with the rules of each prefix."""

    def __init__(self, rules: Iterable[LocalRule], names: PrefixNames) -> None:
        self._names = names
        self._rules: dict[str, list[LocalRule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.prefix, []).append(rule)

    def list_patterns(self) -> list[tuple[str, str]]:
        """Return each prefix with the pattern of the local parts that need no change."""
        return [
            (rule.prefix, f"(?:{rule.pattern.pattern})")
            for rules in self._rules.values()
            for rule in rules[-1:]
            if len(rules) == 1
        ]

    def normalise(self, text: str, prefix: str) -> str:
        """Return the local part as our graph writes it, or an empty string if the prefix has no such identifier."""
        local = self._strip_names(decode(text), prefix)
        for rule in self._rules.get(prefix, ()) if local.isascii() else ():
            for form in (local,) if rule.case == "keep" else (local.upper(), local):
                if match := rule.pattern.fullmatch(form):
                    return match.expand(rule.replacement)
        return ""

    def _strip_names(self, local: str, prefix: str) -> str:
        """Return the local part without the prefix before it: `CHEBI:7465` and `CHEBI_7465` are `7465`."""
        for _ in range(MOST_NAMES):
            head, separator, tail = split_name(local)
            if not separator or self._names.find(head) != prefix:
                return local
            local = tail
        return local


def split_name(text: str) -> tuple[str, str, str]:
    """Return a text before its first separator, the separator, and the text after it.

    >>> split_name("Orphanet_83452")
    ('Orphanet', '_', '83452')
    """
    match = re.search("[:=_]", text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")


def simplify_name(name: str) -> str:
    """Return a name in lower case without punctuation, by which its spellings are equal.

    >>> simplify_name("PubChem_Compound") == simplify_name("pubchem.compound")
    True
    """
    return re.sub(r"[\W_]+", "", name.lower())


def decode(text: str) -> str:
    """Return a text without percent-encoding, also if it was encoded twice, as in the addresses of OLS.

    >>> decode("CHEBI%253A7465")
    'CHEBI:7465'
    """
    return unquote(unquote(text)).strip() if "%" in text else text.strip()
