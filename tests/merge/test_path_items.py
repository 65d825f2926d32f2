"""The fast parser of paths gives what PyYAML gives, with the same lines."""

from __future__ import annotations

from io import BytesIO

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ldnkg.merge.readers.path_items import BrokenItem, _parse_simple, parse_items
from ldnkg.records.yaml_reader import Item, ReadError, parse_mappings
from support.merging import PATHS

SIMPLE = [
    PATHS.read_text("utf-8"),
    "a: b\nc:\n  d: 'e''f'\n  g: \"h\"\ni:\n- j\n- k: l\n  m: n\n",
    "- a: first line\n    second line\n    third\n  b: null\n  c: ~\n  d:\n  e: 'null'\n  f: ''\n",
    "- a: x:y#z\n  # comment\n\n  b:\n    - c\n    - 'd'\n- a: http://e.org/?q=1#f\n",
    "- a:\n    b:\n      c: 1\n  d: e\n",
]
STRANGE = [
    "- a: b # comment\n",
    "- a: |\n    text\n     more\n",
    "- a: {b: c, d: [e, f]}\n",
    '- a: "b\\tc"\n',
    "- a: b\n\n   c\n",
    "- a: >-\n    folded\n    text\n",
    "- - a: b\n",
    "- a: 'two\n    lines'\n",
    "- ? a\n  : b\n",
    "- a: b: c\n",
    "- a: b\n  a: c\n",
    "- a: &x b\n",
    "- a:\tb\n",
    "- a: @b\n",
    "- a:\n  - b\n  c\n",
    "- a: b\n c: d\n",
    "-  a: b\n   c: d\n",
    "- a: \u2028b\n",
]


def parse_all(text: str) -> list[Item] | None:
    """What PyYAML makes of the whole text, or None if it refuses the text."""
    try:
        return list(parse_mappings(BytesIO(text.encode()), 20))
    except ReadError:
        return None


@pytest.mark.parametrize("text", SIMPLE)
def test_common_yaml_is_parsed_without_pyyaml(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parse_all(text)
    monkeypatch.setattr(yaml, "CBaseLoader", None)
    monkeypatch.setattr("ldnkg.merge.readers.path_items.parse_mappings", None)
    assert list(parse_items(text)) == expected


@pytest.mark.parametrize("text", STRANGE)
def test_other_yaml_is_left_to_pyyaml(text: str) -> None:
    assert _parse_simple(1, text.rstrip("\n").split("\n")) is None or "\t" in text or "\u2028" in text
    found = [item for item in parse_items(text) if not isinstance(item, BrokenItem)]
    assert found == (parse_all(text) or [])


PIECES = st.sampled_from(
    [
        "- ",
        "  ",
        "a",
        "b:",
        ": ",
        "c: d",
        "\n",
        "\n  ",
        "\n- ",
        "'",
        '"',
        "#",
        " #",
        "{",
        "[",
        "]",
        "|",
        "&x",
        "*x",
        "null",
        "---",
        "\t",
        "-",
        "?",
        "x: y\n",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_text_gives_what_pyyaml_gives(text: str) -> None:
    expected = parse_all(text)
    found = list(parse_items(text))
    if expected is not None and not any(isinstance(item, BrokenItem) for item in found):
        assert found == expected
    lines = text.split("\n")
    item = _parse_simple(1, lines) if "\t" not in text else None
    assert item is None or [item] == expected
