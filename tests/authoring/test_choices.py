"""An answer means one choice: by number, name, label or unique beginning."""

from __future__ import annotations

import pytest

from ldnkg.authoring.choices import Choice, find_choices, format_choices
from ldnkg.errors import LdnkgError

CHOICES = [
    Choice("1", "regimen:low-dose", "low-dose naltrexone", "Regimen"),
    Choice("2", "naltrexone", "naltrexone"),
    Choice("3", "naltrexone-salt", "a salt, of naltrexone"),
    Choice("12", "naloxone", "naloxone"),
]


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("1", ["regimen:low-dose"]),
        ("12", ["naloxone"]),
        ("regimen:low-dose", ["regimen:low-dose"]),
        ("low-dose", ["regimen:low-dose"]),
        ("LOW-DOSE Naltrexone", ["regimen:low-dose"]),
        ("nalo", ["naloxone"]),
        (" naltrexone ", ["naltrexone"]),
        ("a salt, of naltrexone", ["naltrexone-salt"]),
        ("2, nalo, 2", ["naltrexone", "naloxone"]),
    ],
)
def test_what_an_answer_means(answer: str, names: list[str]) -> None:
    assert find_choices(CHOICES, answer, many=True) == names


@pytest.mark.parametrize(
    ("answer", "many", "words"),
    [
        ("nal", True, r"'nal' fits naltrexone \(2\), naltrexone-salt \(3\), naloxone \(12\)\. Type more"),
        ("4", True, "There is no choice '4'"),
        ("naloxon e", True, "Did you mean 'naloxone'"),
        ("1, x-ray", True, "There is no choice 'x-ray'"),
        ("1, 2", False, "There is no choice '1, 2'"),
    ],
)
def test_an_answer_that_means_none_or_several_is_refused(answer: str, many: bool, words: str) -> None:
    with pytest.raises(LdnkgError, match=words):
        find_choices(CHOICES, answer, many=many)


def test_choices_are_shown_in_columns() -> None:
    assert format_choices(CHOICES)[:2] == [
        "   1  regimen:low-dose  low-dose naltrexone  (Regimen)",
        "   2  naltrexone",
    ]
