"""Drivers: which touchpoints of a survey go together with overall satisfaction.

Collected rows go in, records come out::

    rows = collect(scaled_answers(table, overall=("csat", scale), touchpoints=scales, not_applicable=0))
    found = drivers(answers_of(rows, names=tuple(scales)), overall="csat", rng=rng)
"""

from forvent.assess.drivers.answers import Answers, answers_of, scaled_answers
from forvent.assess.drivers.drivers import drivers
from forvent.assess.drivers.groups import Grouped, Judging, driver_drift, driver_segments
from forvent.assess.drivers.kinds import Cuts
from forvent.assess.drivers.shapley import drawn_orders, drawn_parts, shapley_parts

__all__ = [
    "Answers",
    "Cuts",
    "Grouped",
    "Judging",
    "answers_of",
    "drawn_orders",
    "drawn_parts",
    "driver_drift",
    "driver_segments",
    "drivers",
    "scaled_answers",
    "shapley_parts",
]
