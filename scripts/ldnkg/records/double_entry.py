"""Check that both sides of a double entry agree: the ledger lists a claim, and the claim names its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.records.names import get_texts, make_error
from ldnkg.records.yaml_reader import get_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.names import UnreadNames
    from ldnkg.records.reader import LocatedError, Record

    Pairs: TypeAlias = dict[tuple[str, str], tuple[Record, str, str]]


def check_double_entry(
    records: Sequence[Record],
    context: Context,
    known: Collection[str],
    unread: UnreadNames,
    renamed: Mapping[str, str],
) -> Iterator[LocatedError]:
    """Yield each pair that only one side states, unless an error that is reported already explains it.

    A name that is not known explains its own pair, and the pair of the name on the other side that is closest to it.
    `renamed` maps the id of a record to the id that its file name asks for; both count as the same record.
    """
    for backward, forward in context.two_sided.items():
        listed, stated = (_list_pairs(records, key, renamed) for key in (backward, forward))
        extra = {pair: place for pair, place in listed.items() if pair[::-1] not in stated}
        missing = {pair: place for pair, place in stated.items() if pair[::-1] not in listed}
        explained = {*_find_explained(extra, missing, known, unread), *_find_explained(missing, extra, known, unread)}
        for (whole, part), (record, node, value) in extra.items():
            if (whole, part) not in explained:
                yield make_error(record, node, "ledger-names-too-much", backward, value, f"{whole} and {part}")
        for (part, whole), (record, node, value) in missing.items():
            if (part, whole) not in explained:
                yield make_error(record, node, "ledger-names-too-little", forward, value, f"{whole} and {part}")


def _list_pairs(records: Sequence[Record], key: str, renamed: Mapping[str, str]) -> Pairs:
    """Return each pair of a node and a name that it states under the key, with its record and both as written."""
    nodes = ((record, get_id(node), node[key]) for record in records for node in record.nodes if key in node)
    return {
        (renamed.get(node, node), renamed.get(value, value)): (record, node, value)
        for record, node, values in nodes
        for value in get_texts(values)
    }


def _find_explained(one: Pairs, other: Pairs, known: Collection[str], unread: UnreadNames) -> Iterator[tuple[str, str]]:
    """Yield each pair of one side with an unknown or unread name, and the pair of the other side that it stands for."""
    from difflib import get_close_matches

    for node, value in one:
        if value in unread or node in unread:
            yield node, value
        elif value not in known:
            yield node, value
            meant = [name for name, whole in other if whole == node]
            yield from ((name, node) for name in get_close_matches(value, meant, 1))
