"""What staff should practise."""

from __future__ import annotations

import numpy as np

from forvent.adjust.training import training_topics
from forvent.records import Estimate, Gap, MentionCounts, NotEnough

TYPES = {"friendly_staff": "interpersonal", "competent_staff": "interpersonal", "on_time": "explicit"}
FEW = NotEnough(3, 5, "too few voices say whether it was met")


def gap(name: str, low: float, high: float) -> Gap:
    """A gap with this interval."""
    seen = Estimate((low + high) / 2, low, high, 50)
    return Gap(
        name, "get_help", None, MentionCounts(20, 25, 5, 0), seen, seen, seen, "ratings", seen, seen, "basic"
    )


def test_only_interpersonal_expectations_are_practised() -> None:
    found = training_topics(
        [gap("on_time", -0.3, -0.1), gap("friendly_staff", -0.3, -0.1)], usual_types=TYPES, wanted={}
    )
    assert [topic.expectation for topic in found] == ["friendly_staff"]
    assert found[0].unmet == 30


def test_what_is_surely_above_needs_no_practice_but_the_undecided_does() -> None:
    found = training_topics(
        [gap("friendly_staff", 0.1, 0.3), gap("competent_staff", -0.1, 0.2)], usual_types=TYPES, wanted={}
    )
    assert [topic.expectation for topic in found] == ["competent_staff"]


def test_a_standard_is_the_time_within_which_half_want_it() -> None:
    times = 60.0 * np.arange(1, 10)
    found = training_topics(
        [gap("friendly_staff", -0.3, -0.1)], usual_types=TYPES, wanted={"friendly_staff": times}
    )
    assert isinstance(found[0].within, Estimate)
    assert found[0].within.value == 300.0
    assert found[0].within.n == 9


def test_few_times_give_no_standard() -> None:
    found = training_topics([gap("friendly_staff", -0.3, -0.1)], usual_types=TYPES, wanted={})
    assert isinstance(found[0].within, NotEnough)
