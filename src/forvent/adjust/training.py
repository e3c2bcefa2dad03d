"""What staff should practise, from the gaps of expectations about how people treat each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from forvent.records import Gap, NotEnough
from forvent.records.plan import TrainingTopic
from forvent.stats import quantile_interval

INTERPERSONAL = "interpersonal"


def training_topics(
    gaps: Sequence[Gap],
    *,
    usual_types: Mapping[str, str],
    wanted: Mapping[str, ArrayLike],
    level: float = 0.95,
) -> tuple[TrainingTopic, ...]:
    """Topics for training: interpersonal expectations that do not surely stand above what is expected.

    Parameters
    ----------
    gaps
        Gaps in the order of the plan.
    usual_types
        Usual type of each expectation by id; only "interpersonal" ones become topics.
    wanted
        Seconds within which voices want it, by expectation, from those who name a time and are not content.
    level
        Confidence level of the interval of a standard.

    Returns
    -------
    tuple of TrainingTopic
        In the order given; ``within`` is the median wanted, NotEnough with fewer times than it needs.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#training.

    Examples
    --------
    >>> from forvent.records import Estimate, MentionCounts
    >>> short = Estimate(-0.2, -0.3, -0.1, 40)
    >>> gap = Gap(
    ...     "friendly_staff",
    ...     "get_help",
    ...     None,
    ...     MentionCounts(10, 30, 0, 0),
    ...     short,
    ...     short,
    ...     short,
    ...     "ratings",
    ...     short,
    ...     short,
    ...     "basic",
    ... )
    >>> topics = training_topics([gap], usual_types={"friendly_staff": "interpersonal"}, wanted={})
    >>> topics[0].expectation, topics[0].unmet
    ('friendly_staff', 30)
    """
    topics = []
    for gap in gaps:
        if usual_types.get(gap.expectation) != INTERPERSONAL or isinstance(gap.gap, NotEnough):
            continue
        if gap.gap.low > 0.0:
            continue
        times = np.asarray(wanted.get(gap.expectation, ()), dtype=np.float64)
        topics.append(
            TrainingTopic(
                expectation=gap.expectation,
                got=gap.got,
                gap=gap.gap,
                unmet=gap.counts.unmet + gap.counts.mixed,
                within=quantile_interval(times, level=level),
            )
        )
    return tuple(topics)
