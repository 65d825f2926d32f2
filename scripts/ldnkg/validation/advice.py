"""Advise which keys or names are allowed: all of them if they are few, or else the closest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ldnkg.records.yaml_reader import Mapping
    from ldnkg.validation.allowed_values import AllowedValues

FEW = 12  # names that a message lists in full
CLOSEST = 3  # names that a message offers
VERY_CLOSE = 0.85  # the least similarity, by difflib, of a typing error
_NUMBERED = re.compile(r"(.*?)(\d+)")


def advise_on_key(allowed: AllowedValues, node: Mapping, key: str) -> str:
    """Return which records can have the key, if any, and which keys this record can have."""
    others = allowed.list_kinds(key)
    elsewhere = f"`{key}` is a key of {' and '.join(others)}. " if others else ""
    return elsewhere + format_allowed(key, allowed.list_keys(node), [allowed.find_keys(node)], "keys")


def advise_on_name(allowed: AllowedValues, node: Mapping, key: str, name: str) -> str:
    """Return which names fit the key of this record, or the slug of a term if the name is its identifier."""
    if name in allowed.nodes and (slug := allowed.nodes[name][0].slug):
        return f"Write the slug `{slug}` instead."
    every, fitting = allowed.list_names(node, key), allowed.list_fitting(node, key)
    names = [each for each in fitting or every if each != name]
    if names:
        places = {allowed.find_list(each) for each in names}
        more = (
            f" All {len(every)} names are in {' and '.join(sorted(places))}." if 0 < len(fitting) < len(every) else ""
        )
        sentence = format_allowed(name, names, places)
        return sentence.replace("Allowed:", "Allowed with this subject and object:") + more if more else sentence
    near = find_closest(name, allowed.kinds)[:1]
    return f"Did you mean `{near[0]}`?" if near else ""


def format_allowed(wrong: str, names: Sequence[str], places: Iterable[str], noun: str = "names") -> str:
    """Return a sentence with all allowed names, or with the closest and the places that list all.

    >>> format_allowed("sure", ["associated", "unknown"], ["ontology/ldn.ttl"])
    'Allowed: `associated`, `unknown`.'
    >>> format_allowed("#s12", [f"#s{n}" for n in (1, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21)], ["a.yaml"])
    'The closest are `#s11`, `#s13` and `#s10`. All 13 names are in a.yaml.'
    """
    if not names:
        return ""
    near = find_closest(wrong, names)
    if len(names) <= FEW:
        meant = f"Did you mean `{near[0]}`? " if near and len(names) > 1 else ""
        return f"{meant}Allowed: {', '.join(f'`{name}`' for name in names)}."
    closest = f"The closest {'is' if len(near) == 1 else 'are'} {join_names(near)}. " if near else ""
    return f"{closest}All {len(names)} {noun} are in {' and '.join(sorted(places))}."


def find_closest(wrong: str, names: Iterable[str]) -> list[str]:
    """Return up to three names that are closest to a wrong one: by number if only the number at the end differs.

    >>> find_closest("certanty", ["certainty", "comparator"])
    ['certainty']
    """
    from difflib import get_close_matches

    numbered = _NUMBERED.fullmatch(wrong)
    matches = [match for name in names if numbered and (match := _NUMBERED.fullmatch(name)) and match[1] == numbered[1]]
    if numbered and matches:
        ranked = sorted(matches, key=lambda match: (abs(int(match[2]) - int(numbered[2])), match[0]))
        return [match[0] for match in ranked[:CLOSEST]]
    written = {name.lower(): name for name in names}
    found = get_close_matches(wrong.lower(), sorted(written), CLOSEST, VERY_CLOSE) or get_close_matches(
        wrong.lower(), sorted(written), CLOSEST
    )
    return [written[near] for near in found]


def join_names(names: Sequence[str]) -> str:
    """Return the names as a sentence lists them.

    >>> join_names(["a", "b", "c"])
    '`a`, `b` and `c`'
    """
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
