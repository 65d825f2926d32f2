"""The guards of a query take linear time, and no comparison that looks like an IRI hides anything from them."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.querying.syntax_errors import explain_syntax_error
from ldnkg.rdf.guards import DEEPEST, calls_service, refuse_depth
from ldnkg.rdf.sparql_tokens import parse_prefixes
from ldnkg.server.volatile_functions import calls_volatile_function

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT, TIMES = 4_000, 12
# Quadratic time would be 144 times as long; linear time is 12 times as long.
MOST = 60
REPEATED = ["{", "(", "[", "<", "<<", '"', "'", "'''", "#", "\\", ":", "@", "^", ".", ";", ",", " ", "\n", "a", "é"]
REPEATED += [
    "a.",
    "a-",
    "a:.",
    ".a.a",
    '"\\',
    "'\\",
    "'''\\",
    "<(",
    "<([!",
    "{,",
    "now (",
    "#now\n",
    "1<'",
    "<#",
    "SERVICE<",
]


def explain(sparql: str) -> str:
    return explain_syntax_error(sparql, "error at 1:5: expected", "", {})


GUARDS = [calls_service, refuse_depth, calls_volatile_function, parse_prefixes, explain]


def measure(guard: Callable[[str], object], sparql: str) -> float:
    """The processor time of the guard, which other processes do not lengthen much."""
    started = time.process_time()
    with suppress(LdnkgError):
        guard(sparql)
    return time.process_time() - started


@pytest.mark.parametrize("part", REPEATED)
def test_a_guard_takes_linear_time(part: str) -> None:
    """With the words that let each guard read on."""
    for guard in GUARDS:
        short, long = (f"SERVICE NOW {part * (size // len(part))}" for size in (SHORT, SHORT * TIMES))
        assert measure(guard, long) < MOST * max(measure(guard, short), 0.0005), guard


# After a term, `<` is a comparison. The text between the signs is then no IRI: # begins a comment, and ' a string.
HIDING = {
    "a comment": "FILTER(1<2#>'''\n{}#'''\n)",
    "a comment of an IRI": "FILTER(1<x:#>'''\n2 {}#'''\n)",
    "a string": "FILTER(1<'>'{}#'\n)",
    "a string with a name": "FILTER(?a<'x>y'{}#'\n)",
    "escapes": "FILTER(1<\\u0027>'{}#'\n)",
}


@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
def test_no_comparison_hides_a_call(hiding: str) -> None:
    assert calls_service(f"ASK {{ {hiding.format(') SERVICE <x:y> {{ ?s ?p ?o }} FILTER(1 ')} }}")


@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
def test_no_comparison_hides_depth(hiding: str) -> None:
    nested = f" && {'(' * 5 * DEEPEST}1{')' * 5 * DEEPEST} "
    with pytest.raises(LdnkgError, match=r"has an IRI that could also be a comparison, such as <#a>\. Write"):
        refuse_depth(f"ASK {{ {hiding.format(nested)} }}")


@pytest.mark.parametrize("hiding", [text for text in HIDING.values() if "\\" not in text])
def test_no_comparison_hides_a_volatile_function(hiding: str) -> None:
    assert calls_volatile_function(f"ASK {{ {hiding.format(' && RAND() < 1 ')} }}")


@pytest.mark.parametrize("iri", ["<https://example.org/a#b>", "<https://example.org/it's>", "<a/b>", "<urn:x:y>"])
def test_an_iri_that_cannot_be_a_comparison_may_stand_in_a_long_query(iri: str) -> None:
    refuse_depth(f"ASK {{ VALUES ?x {{ {iri * 5_000} }} ?x ?y 'SERVICE' }}")
    assert not calls_service(f"ASK {{ {iri} ?p 'SERVICE' }}")
    assert not calls_volatile_function(f"ASK {{ {iri} ?p 'RAND()' }}")
