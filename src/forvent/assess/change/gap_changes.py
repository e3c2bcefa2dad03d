"""The gap of each expectation in the earlier and the later half of the voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist

from forvent.errors import BadOption
from forvent.records import Estimate, Gap, NotEnough
from forvent.records.change import GapChange
from forvent.stats.clusters import share_difference

WIDER, NARROWER, UNDECIDED = "wider", "narrower", "undecided"
#: Only gaps that ratings measured are compared; one that rests on an assumption moves with the share met.
RATINGS = "ratings"


def gap_changes(
    before: Sequence[Gap], after: Sequence[Gap], *, false_alarms: float = 0.01
) -> tuple[GapChange, ...]:
    r"""Which gaps differ between the halves, with a stated chance of any false one.

    Gap in the later half less that in the earlier one, of two independent numbers :math:`x` with intervals
    :math:`[l,u]`:

    .. math:: d-\sqrt{(x_2-l_2)^2+(u_1-x_1)^2}\ \text{to}\ d+\sqrt{(u_2-x_2)^2+(x_1-l_1)^2}.

    A gap is called wider (it falls shorter than before) or narrower where the difference leaves out zero
    even with the roots stretched to the level that Bonferroni's rule asks over all gaps.

    Parameters
    ----------
    before, after
        Gaps over all touchpoints, of the earlier and of the later voices.
    false_alarms
        Probability of any gap being called where nothing changes, inside (0, 1).

    Returns
    -------
    tuple of GapChange
        Expectations whose gap is known by ratings in both halves: called ones first, then by name.

    Raises
    ------
    BadOption
        If ``false_alarms`` is outside (0, 1).

    Source
    ------
    Zou & Donner (2008), Statistics in Medicine 27(10), 1693–1702 (difference by variance recovery).

    Examples
    --------
    >>> from forvent.records import MentionCounts
    >>> def gap(value: float) -> Gap:
    ...     number = Estimate(value, value - 0.1, value + 0.1, n=200)
    ...     counts = MentionCounts(met=100, unmet=100, mixed=0, wished=0)
    ...     both = dict(got=number, expected=number, gap=number, basis="ratings")
    ...     worth = dict(importance=number, stake=number, kind="basic")
    ...     return Gap("on_time", "receive", None, counts, **both, **worth)
    >>> found = gap_changes([gap(-0.1)], [gap(-0.5)])[0]
    >>> found.verdict, round(found.difference.low, 2), round(found.difference.high, 2)
    ('wider', -0.54, -0.26)
    """
    if not 0.0 < false_alarms < 1.0:
        raise BadOption(
            f"A share of false alarms of {false_alarms:g} is none.", hint="Give one between 0 and 1."
        )
    early, late = _measured(before), _measured(after)
    names = sorted(early.keys() & late.keys())
    found = []
    for name in names:
        difference = share_difference(late[name], early[name])
        verdict = _verdict(difference, false_alarms=false_alarms, of=len(names))
        found.append(GapChange(name, early[name], late[name], difference, verdict))
    return tuple(sorted(found, key=lambda one: one.verdict == UNDECIDED))


def _measured(gaps: Sequence[Gap]) -> dict[str, Estimate]:
    return {
        gap.expectation: gap.gap
        for gap in gaps
        if gap.basis == RATINGS and not isinstance(gap.gap, NotEnough)
    }


def _verdict(difference: Estimate, *, false_alarms: float, of: int) -> str:
    """Whether zero stays outside at Bonferroni's level."""
    usual = NormalDist().inv_cdf((1.0 + difference.level) / 2.0)
    stretch = NormalDist().inv_cdf(1.0 - false_alarms / (2.0 * of)) / usual
    wide = replace(
        difference,
        low=difference.value - stretch * (difference.value - difference.low),
        high=difference.value + stretch * (difference.high - difference.value),
    )
    if wide.low > 0.0:
        return NARROWER
    return WIDER if wide.high < 0.0 else UNDECIDED
