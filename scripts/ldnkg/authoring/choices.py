"""Find the choice that an answer means: by number, name, label or unique beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import LdnkgError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SHOWN = 3


class Choice(NamedTuple):
    """One value that a key may have: the number to type, the name in the record, its label, and a note."""

    number: str
    name: str
    label: str
    note: str = ""


def find_choices(choices: Sequence[Choice], answer: str, *, many: bool) -> list[str]:
    """Return the names that an answer means; if the key takes many values, commas separate them.

    Raise LdnkgError if a part means no choice or several.

    >>> drugs = [Choice("1", "naltrexone", "naltrexone"), Choice("2", "naloxone", "naloxone")]
    >>> find_choices(drugs, "nalt", many=False)
    ['naltrexone']
    >>> find_choices(drugs, "1, naloxone", many=True)
    ['naltrexone', 'naloxone']
    """
    try:
        return [find_choice(choices, answer).name]
    except LdnkgError:
        if not many or "," not in answer:
            raise
    parts = [part.strip() for part in answer.split(",")]
    return list(dict.fromkeys(find_choice(choices, part).name for part in parts if part))


def find_choice(choices: Sequence[Choice], answer: str) -> Choice:
    """Return the choice that one answer means; an exact number, name or label wins over a beginning."""
    typed = answer.strip().casefold()
    exact = [choice for choice in choices if typed in {choice.number, *_list_names(choice)}]
    near = exact or [choice for choice in choices if any(name.startswith(typed) for name in _list_names(choice))]
    if len(near) == 1:
        return near[0]
    if near:
        raise LdnkgError(f"'{answer}' fits {_enumerate(near)}. Type more of the name, or the number.")
    known = [name for choice in choices for name in (choice.name, choice.label)]
    raise LdnkgError(f"There is no choice '{answer}'. {suggest(answer, known)}Type a number or a name of the list.")


def _list_names(choice: Choice) -> Iterator[str]:
    """Yield what a choice can be called: its name, with and without the prefix, and its label."""
    yield choice.name.casefold()
    yield choice.name.partition(":")[2].casefold() or choice.name.casefold()
    yield choice.label.casefold()


def _enumerate(choices: Sequence[Choice]) -> str:
    shown = ", ".join(f"{choice.name} ({choice.number})" for choice in choices[:SHOWN])
    return f"{shown} and {len(choices) - SHOWN} more" if len(choices) > SHOWN else shown


def format_choices(choices: Sequence[Choice]) -> list[str]:
    """Return one line for each choice, in columns.

    >>> format_choices([Choice("9", "takenBy", "taken by", "drug -> route"), Choice("10", "cites", "cites")])
    ['   9  takenBy  taken by  (drug -> route)', '  10  cites']
    """
    wide = max((len(choice.name) for choice in choices), default=0)
    return [_format_choice(choice, wide) for choice in choices]


def _format_choice(choice: Choice, wide: int) -> str:
    label = choice.label if choice.label != choice.name else ""
    cells = [choice.name.ljust(wide), label, f"({choice.note})" if choice.note else ""]
    return f"{choice.number:>4}  " + "  ".join(cell for cell in cells if cell.strip()).rstrip()
