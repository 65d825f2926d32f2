"""Place the boxes and arrows of the mechanism map: one lane for each mechanism, from what is taken to what changes."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIDE, ARROW, STEP = 176, 92, 150  # The least widths of a box at the side, an arrow and a step, in pixels.
WIDTH, MARGIN, GAP, LINE = 1080, 12, 10, 18
CHARACTER = 9  # A character of the label of a box is at most this wide on average, in bold DejaVu Sans.
DIRECTIONS = {"-1": "↓ ", "1": "↑ "}


class Step(NamedTuple):
    """One row of `steps.rq`: a step of a mechanism and the event that it leads to."""

    mechanism: str
    name: str
    start: str
    end: str
    position: str
    claim: str
    says: str
    entity: str
    label: str
    kind: str
    event: str
    direction: str
    rank: str
    certainty: str
    origin: str
    sentences: str


class Start(NamedTuple):
    """One row of `starts.rq`: a regimen or a drug, with its dose."""

    start: str
    label: str
    kind: str
    dose: str


class Box(NamedTuple):
    """A box with its corner, its size, the kind of its entity, the lines of its label and what happens to it."""

    x: int
    y: int
    width: int
    height: int
    kind: str
    lines: Sequence[str]
    event: str


class Arrow(NamedTuple):
    """An arrow from left to right with the step that it stands for."""

    x: int
    y: int
    width: int
    step: Step


class Lane(NamedTuple):
    """A mechanism with its boxes and arrows."""

    x: int
    y: int
    width: int
    height: int
    step: Step
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]


class Drawing(NamedTuple):
    """Everything that is drawn, and the size of the picture."""

    width: int
    height: int
    sides: Sequence[Box]
    lanes: Sequence[Lane]


def arrange(steps: Iterable[Step], starts: Iterable[Start]) -> Drawing:
    """Return the drawing of the mechanisms, whose steps are in order.

    Neighbouring mechanisms with the same start, or the same end, share the box at that side.
    """
    chains = [list(chain) for _, chain in groupby(steps, key=lambda step: (step.mechanism, step.start, step.end))]
    width = max([WIDTH, *(_measure(chain) for chain in chains)])
    lanes: list[Lane] = []
    top = MARGIN
    for chain in chains:
        lanes.append(_place_lane(chain, top, width))
        top += lanes[-1].height + GAP
    known = {one.start: one for one in starts}
    sides = [_place_start(run, known) for run in _group(chains, lanes, "start")]
    sides += [_place_end(run, width) for run in _group(chains, lanes, "end")]
    return Drawing(width, top, sides, lanes)


def _measure(chain: Sequence[Step]) -> int:
    """Return the least width in which the chain can be read."""
    return 2 * (MARGIN + SIDE) + len(chain) * ARROW + (len(chain) - 1) * STEP


def _place_lane(chain: Sequence[Step], top: int, width: int) -> Lane:
    inner = width - 2 * (MARGIN + SIDE)
    between = len(chain) - 1
    step = (inner - len(chain) * ARROW) // between if between else 0
    arrow = (inner - between * step) // len(chain)
    height = max([_count_lines(one.label, step) for one in chain[:-1]], default=1) * LINE + 3 * LINE
    left, y = MARGIN + SIDE, top + 28
    boxes = [
        Box(left + arrow + number * (arrow + step), y, step, height, one.kind, _wrap(one.label, step), _describe(one))
        for number, one in enumerate(chain[:-1])
    ]
    arrows = [Arrow(left + number * (arrow + step), y + height // 2, arrow, one) for number, one in enumerate(chain)]
    return Lane(left + 8, top, inner - 16, height + 36, chain[0], boxes, arrows)


def _describe(step: Step) -> str:
    return DIRECTIONS.get(step.direction, "") + step.event


def _wrap(label: str, width: int) -> list[str]:
    return textwrap.wrap(label, max(8, (width - 16) // CHARACTER), break_on_hyphens=False, break_long_words=False)


def _count_lines(label: str, width: int) -> int:
    return len(_wrap(label, width))


def _group(chains: Iterable[Sequence[Step]], lanes: Iterable[Lane], side: str) -> list[list[tuple[Step, Lane]]]:
    """Return the last step and the lane of each mechanism, in runs that share a start or an end."""
    rows = [(chain[-1], lane) for chain, lane in zip(chains, lanes, strict=True)]
    return [list(run) for _, run in groupby(rows, key=lambda row: getattr(row[0], side))]


def _place_start(run: Sequence[tuple[Step, Lane]], known: dict[str, Start]) -> Box:
    start = known[run[0][0].start]
    return _place_side(run, MARGIN, start.kind, start.label, start.dose)


def _place_end(run: Sequence[tuple[Step, Lane]], width: int) -> Box:
    steps = {_describe(step) for step, _ in run}
    step = run[0][0]
    return _place_side(run, width - MARGIN - SIDE, step.kind, step.label, " or ".join(sorted(steps)))


def _place_side(run: Sequence[tuple[Step, Lane]], x: int, kind: str, label: str, event: str) -> Box:
    first, last = run[0][1], run[-1][1]
    return Box(x, first.y, SIDE, last.y + last.height - first.y, kind, _wrap(label, SIDE), event)
