"""Questionnaire and voices side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.assess.kano import kano_features, kinds_beside
from forvent.errors import BadOption
from forvent.records import Asymmetry, KanoFeature, NotEnough

CellsOf = Callable[..., NDArray[np.int64]]
NONE = NotEnough(0, 10, "too few")


def said(expectation: str, kind: str) -> Asymmetry:
    return Asymmetry(expectation, NONE, NONE, NONE, kind)


@pytest.fixture
def asked(cells_of: CellsOf) -> tuple[KanoFeature, ...]:
    cells = [
        cells_of(basic=60),
        cells_of(excitement=60),
        cells_of(basic=20, performance=20),
        cells_of(reverse=60),
    ]
    return kano_features(np.stack(cells), names=("on_time", "Live chat", "price", "ads"))


def test_both_sources_are_joined_by_id(asked: tuple[KanoFeature, ...]) -> None:
    voices = [said("staff", "basic"), said("price", "basic"), said("on_time", "basic"), said("chat", "basic")]
    found = kinds_beside(asked, voices, expectations={"Live chat": "chat"})
    assert [(one.expectation, one.verdict) for one in found] == [
        ("on_time", "same"),
        ("chat", "different"),
        ("price", "undecided"),
        ("ads", "only asked"),
        ("staff", "only said"),
    ]
    assert found[1].asked is asked[1]
    assert found[1].said is voices[3]
    assert (found[3].said, found[4].asked) == (None, None)


def test_two_features_of_one_expectation_are_refused(asked: tuple[KanoFeature, ...]) -> None:
    with pytest.raises(BadOption) as error:
        kinds_beside(asked, [], expectations={"Live chat": "on_time"})
    assert str(error.value) == (
        "“on_time” and “Live chat” both stand for “on_time”. Give each feature an expectation of its own."
    )


def test_nothing_beside_nothing_is_nothing() -> None:
    assert kinds_beside([], []) == ()
