"""What makes the answers doubtful."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.assess.kano import Sheets, kano_cautions, upside_down

CellsOf = Callable[..., NDArray[np.int64]]
GOOD = Sheets(count=60, same=0, lacking=0)


@pytest.fixture
def usual(cells_of: CellsOf) -> NDArray[np.int64]:
    """Four features as people usually answer, the last of them unwanted."""
    return np.stack(
        [
            cells_of(basic=40, indifferent=15, questionable=1, reverse=4),
            cells_of(performance=40, indifferent=20),
            cells_of(excitement=30, indifferent=30),
            cells_of(reverse=50, indifferent=10),
        ]
    )


def test_one_unwanted_feature_is_no_scale_upside_down(usual: NDArray[np.int64]) -> None:
    assert not upside_down(usual)
    assert kano_cautions(usual, sheets=GOOD, scale_known=False) == ()


def test_a_scale_turned_round_is_found(usual: NDArray[np.int64]) -> None:
    turned = usual[:, ::-1, ::-1]
    assert upside_down(turned)
    assert kano_cautions(turned, sheets=GOOD, scale_known=False) == ("upside_down",)


def test_questions_exchanged_are_found_alike(usual: NDArray[np.int64]) -> None:
    assert upside_down(usual.transpose(0, 2, 1))


def test_who_says_which_way_the_scale_runs_is_believed(usual: NDArray[np.int64]) -> None:
    assert kano_cautions(usual[:, ::-1, ::-1], sheets=GOOD, scale_known=True) == ()


def test_one_question_turned_round_shows_in_contradictions(cells_of: CellsOf) -> None:
    wanted = np.stack([cells_of(performance=40, indifferent=20)] * 3)
    assert kano_cautions(wanted[:, :, ::-1], sheets=GOOD, scale_known=True) == ("questionable",)


def test_nobody_and_indifference_are_not_upside_down(cells_of: CellsOf) -> None:
    assert not upside_down(np.zeros((3, 5, 5), dtype=np.int64))
    assert not upside_down(np.stack([cells_of(indifferent=50)] * 3))
    assert kano_cautions(np.zeros((3, 5, 5), dtype=np.int64), sheets=Sheets(0, 0, 0), scale_known=False) == ()


@pytest.mark.parametrize(
    ("sheets", "found"),
    [
        (Sheets(count=60, same=6, lacking=0), ("same_answer",)),
        (Sheets(count=60, same=5, lacking=0), ()),
        (Sheets(count=120, same=0, lacking=240), ("missing",)),
        (Sheets(count=100, same=0, lacking=239), ()),
        (Sheets(count=1, same=1, lacking=0), ("one_respondent",)),
    ],
)
def test_how_the_sheets_were_filled_in_is_said(
    sheets: Sheets, found: tuple[str, ...], usual: NDArray[np.int64]
) -> None:
    assert usual.sum() == 240
    assert kano_cautions(usual, sheets=sheets, scale_known=False) == found
