"""YAML is read strictly, and whatever is handed in, what comes out is a record or a fault with a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldnkg.records.yaml_reader import ReadError, parse_record


def test_every_scalar_is_text() -> None:
    value, _ = parse_record("a: No\nb: 2022-01-17\nc: 1.0\nd: ~\ne:\nf: [yes, 0x10]\n")
    assert value == {"a": "No", "b": "2022-01-17", "c": "1.0", "d": "~", "e": "", "f": ["yes", "0x10"]}


def test_lines_of_nodes_keys_and_values() -> None:
    _, lines = parse_record("id: x\nkey:\n  - one\n  - two\nparts:\n  - id: x#1\n    key: three\n")
    assert [
        lines.find("x"),
        lines.find("x", "key"),
        lines.find("x", "key", "two"),
        lines.find("x#1", "key", "three"),
    ] == [1, 2, 4, 7]
    assert lines.find("x", "missing") == 1
    assert lines.find("y") == 1


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: 1\na: 2\n", "key-repeated", 2),
        ("a:\n  b: 1\n  b: 2\n", "key-repeated", 3),
        ("a: &x 1\nb: *x\n", "yaml-alias", 2),
        ("a: &x [*x]\n", "yaml-alias", 1),
        ("a: [1\nb: 2\n", "yaml-broken", 2),
        ("- a\n", "record-not-a-mapping", 1),
        ("", "record-not-a-mapping", 1),
        ("? [a]\n: b\n", "record-not-a-mapping", 1),
        ("a: b\nc: \ufeff\n", "character-invisible", 2),
        ('a: "\\u200b"\n', "character-invisible", 1),
        ("a: b\n---\nc: d\n", "yaml-broken", 2),
    ],
)
def test_faults(text: str, rule: str, line: int) -> None:
    with pytest.raises(ReadError) as caught:
        parse_record(text)
    assert (caught.value.rule, caught.value.line) == (rule, line)


@given(st.text() | st.text("ab:-[]{}&*!|>'\"#%@,? \n\t"))
def test_any_text_gives_a_record_or_a_fault(text: str) -> None:
    try:
        value, _ = parse_record(text)
    except ReadError as fault:
        assert 1 <= fault.line <= text.count("\n") + 2
    else:
        assert isinstance(value, dict)
