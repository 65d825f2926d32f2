"""Keep the event loop free: parse long texts in a thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sized

In = TypeVar("In", bound="Sized")
Out = TypeVar("Out")
# Shorter texts take less than a millisecond, and a thread would take longer.
LONG = 4_000


async def apply(function: Callable[[In], Out], text: In) -> Out:
    """Return the value of the function for the text, in a thread if the text is long."""
    if len(text) <= LONG:
        return function(text)
    return await asyncio.get_running_loop().run_in_executor(_start_thread(), function, text)


@cache
def _start_thread() -> ThreadPoolExecutor:
    """Return the only thread: several would take most turns of the interpreter from the event loop."""
    return ThreadPoolExecutor(1, "parse")
