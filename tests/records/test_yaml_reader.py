"""The strict YAML reader returns a record or an error with a line, and reads the mappings of a stream one by one."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldnkg.records.yaml_reader import UNREADABLE, ReadError, parse_mappings, parse_record


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
        ("a: 1\na: 2\nb: [\n", "yaml-broken", 4),
        ("a:\n  b: 1\n\tc: 2\n", "yaml-tab", 3),
        ("- a\nb: [\n", "yaml-broken", 2),
    ],
)
def test_a_text_that_breaks_a_rule(text: str, rule: str, line: int) -> None:
    with pytest.raises(ReadError) as caught:
        parse_record(text)
    assert (caught.value.rule, caught.value.line) == (rule, line)


@given(st.text() | st.text("ab:-[]{}&*!|>'\"#%@,? \n\t"))
def test_any_text_gives_a_record_or_an_error(text: str) -> None:
    try:
        value, _ = parse_record(text)
    except ReadError as fault:
        assert 1 <= fault.line <= text.count("\n") + 2
    else:
        assert isinstance(value, dict)


def test_mappings_of_a_stream_are_read_one_by_one() -> None:
    found = parse_mappings(BytesIO(b"- a: 1\n- b: [x, {c: y}]\n  d:\n- [broken"), 20)
    assert [next(found).plain, next(found).plain] == [{"a": "1"}, {"b": ["x", {"c": "y"}], "d": ""}]
    with pytest.raises(ReadError):
        next(found)


def test_a_mapping_alone_and_several_documents_are_read_like_a_list() -> None:
    found = list(parse_mappings(BytesIO(b"a: 1\n---\nb: 2\n---\n- c: 3\n"), 20))
    assert [(item.line, item.plain) for item in found] == [(1, {"a": "1"}), (3, {"b": "2"}), (5, {"c": "3"})]


def test_null_is_empty_in_a_stream_unless_quoted() -> None:
    (item,) = parse_mappings(BytesIO(b"a: null\nb: ~\nc:\nd: 'null'\ne: no\n"), 20)
    assert item.plain == {"a": "", "b": "", "c": "", "d": "null", "e": "no"}


@pytest.mark.parametrize(
    ("data", "rule", "line", "value"),
    [
        (b"words", "record-not-a-mapping", 1, ""),
        (b"- a: 1\n- b\n", "record-not-a-mapping", 2, ""),
        (b"- - a: 1\n", "record-not-a-mapping", 1, ""),
        (b"? [a]\n: b\n", "record-not-a-mapping", 1, "a key"),
        (b"a: 1\na: 2\n", "key-repeated", 2, "a"),
        (b"a: &b 1\nc: *b\n", "yaml-alias", 2, ""),
        (b"a:\n  [[[[1]]]]\n", "yaml-deep", 2, "3"),
        (b"a: \xff", "yaml-broken", 1, UNREADABLE),
    ],
)
def test_a_stream_that_breaks_a_rule(data: bytes, rule: str, line: int, value: str) -> None:
    with pytest.raises(ReadError) as caught:
        list(parse_mappings(BytesIO(data), 3))
    assert (caught.value.rule, caught.value.line, caught.value.value) == (rule, line, value)
