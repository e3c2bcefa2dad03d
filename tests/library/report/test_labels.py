"""Labels beside points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from forvent.report.pictures.labels import Box, Label, place_labels, text_width

AREA = Box(0, 0, 640, 400)


def _crowd(seed: int, n: int = 14) -> list[tuple[float, float]]:
    rng = np.random.default_rng(seed)
    return [
        (float(x), float(y)) for x, y in zip(rng.uniform(20, 620, n), rng.uniform(20, 380, n), strict=True)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_no_label_meets_another_or_a_mark_or_leaves_the_picture(seed: int) -> None:
    points = _crowd(seed)
    placed = place_labels(points, texts=["Problem solved"] * len(points), area=AREA, size=12)
    shown = [label for label in placed if label is not None]
    for number, label in enumerate(shown):
        assert label.box.inside(AREA)
        assert not any(label.box.meets(other.box) for other in shown[number + 1 :])
        assert not any(label.box.meets(Box(x - 7, y - 7, x + 7, y + 7)) for x, y in points)


@pytest.mark.parametrize("seed", range(20))
def test_a_label_stands_nearest_to_its_own_point(seed: int) -> None:
    points = _crowd(seed, n=25)
    placed = place_labels(points, texts=["Fair price"] * len(points), area=AREA, size=12)
    for place, label in enumerate(placed):
        if label is not None:
            distances = [label.box.distance(*point) for point in points]
            assert min(distances) == distances[place]


def test_most_labels_of_an_ordinary_picture_find_a_place() -> None:
    found = [
        label
        for seed in range(20)
        for label in place_labels(_crowd(seed), texts=["Problem solved"] * 14, area=AREA, size=12)
    ]
    assert sum(label is not None for label in found) / len(found) > 0.9


def test_the_first_point_is_served_first() -> None:
    placed = place_labels([(320, 200), (321, 200)], texts=["one", "two"], area=AREA, size=12)
    assert isinstance(placed[0], Label)
    assert not placed[0].led


def test_a_label_without_a_place_is_left_out() -> None:
    assert place_labels([(10, 10)], texts=["far too long"], area=Box(0, 0, 20, 20), size=12) == [None]


def test_places_that_are_kept_free_stay_free() -> None:
    free = Box(0, 0, 640, 195)
    (label,) = place_labels([(320, 200)], texts=["one"], area=AREA, size=12, kept_free=[free])
    assert label is not None
    assert not label.box.meets(free)


def test_chinese_letters_are_wider() -> None:
    assert text_width("准时守约", size=12) > text_width("time", size=12) * 1.5


def test_boxes_side_by_side_do_not_meet() -> None:
    boxes = [Box(x, 0, x + 10, 10) for x in (0, 10, 20)]
    assert not any(one.meets(other) for one, other in pairwise(boxes))
    assert Box(0, 0, 10, 10).meets(Box(9, 9, 20, 20))


def test_armenian_letters_are_broader_than_latin_ones() -> None:
    assert text_width("որակ", size=12) > 1.2 * text_width("goat", size=12)
