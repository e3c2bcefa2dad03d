"""What may be said of a gap among many: better or worse, as expected, or nothing yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forvent.records import Estimate, NotEnough
from forvent.stats import benjamini_hochberg

WORSE, BETTER, LEVEL = "worse than expected", "better than expected", "as expected"
WORSE_THAN_REST, BETTER_THAN_REST, LIKE_REST = "worse than the rest", "better than the rest", "like the rest"
UNDECIDED, NOTHING = "undecided", "not enough data"


def rates(p_values: Sequence[float | None], *, families: Sequence[str]) -> tuple[float | None, ...]:
    """Smallest false discovery rate at which each comparison of its family is a finding.

    Parameters
    ----------
    p_values
        P values; None where there is none, which then is in no family.
    families
        Name of the family of each; comparisons of one family are judged together.

    Returns
    -------
    tuple of float or None
        In the order given.

    Source
    ------
    Benjamini & Hochberg (1995), JRSS B 57(1), 289–300.

    Examples
    --------
    >>> rates([0.01, 0.04, 0.04, None], families=["a", "a", "b", "a"])
    (0.02, 0.04, 0.04, None)
    """
    found: list[float | None] = [None] * len(p_values)
    for family in dict.fromkeys(families):
        members = [place for place, name in enumerate(families) if name == family]
        known = [(place, p) for place in members if (p := p_values[place]) is not None]
        adjusted = benjamini_hochberg(np.array([p for _, p in known]))
        for (place, _), rate in zip(known, adjusted.tolist(), strict=True):
            found[place] = rate
    return tuple(found)


def against_expected(
    gap: Estimate | NotEnough, rate: float | None, *, better: str, alike: float | None
) -> str:
    """What may be said of received minus expected.

    Parameters
    ----------
    gap
        Received minus expected.
    rate
        Smallest false discovery rate at which it is a finding.
    better
        Whether "more" or "less" is better.
    alike
        Up to which gap it counts as none, in the unit of the gap; None where nothing does.

    Returns
    -------
    str
        "worse than expected" or "better than expected" for a discovery at one minus the level; "as
        expected" where the whole interval lies within ±alike; "undecided"; "not enough data".

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#verdict.

    Examples
    --------
    >>> against_expected(Estimate(-0.5, -0.7, -0.3, 90), 0.001, better="more", alike=0.2)
    'worse than expected'
    >>> against_expected(Estimate(3.0, 1.0, 5.0, 90), 0.01, better="less", alike=None)
    'worse than expected'
    """
    return _said(gap, rate, better=better, alike=alike, words=(WORSE, BETTER, LEVEL))


def against_rest(gap: Estimate | NotEnough, rate: float | None, *, better: str, alike: float | None) -> str:
    """What may be said of the gap of a group minus that of all others; as ``against_expected``.

    Parameters
    ----------
    gap, rate, better, alike
        As for ``against_expected``.

    Returns
    -------
    str
        "worse than the rest", "better than the rest", "like the rest", "undecided" or "not enough data".

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#verdict.

    Examples
    --------
    >>> against_rest(Estimate(0.0, -0.1, 0.1, 90), 0.9, better="more", alike=0.2)
    'like the rest'
    """
    return _said(gap, rate, better=better, alike=alike, words=(WORSE_THAN_REST, BETTER_THAN_REST, LIKE_REST))


def _said(
    gap: Estimate | NotEnough,
    rate: float | None,
    *,
    better: str,
    alike: float | None,
    words: tuple[str, str, str],
) -> str:
    if isinstance(gap, NotEnough):
        return NOTHING
    if rate is not None and rate <= round(1.0 - gap.level, 9):
        return words[0] if (gap.value < 0.0) == (better == "more") else words[1]
    if alike is not None and -alike <= gap.low and gap.high <= alike:
        return words[2]
    return UNDECIDED
