"""Importance put to the gaps it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forvent.records import Estimate, Gap, NotEnough
from forvent.records.importance import ExpectationImportance, Importances

MENTIONS = "mentions"


def with_importance(gaps: Sequence[Gap], *, importances: Importances) -> tuple[Gap, ...]:
    """The same gaps with the importance of their expectations.

    At a touchpoint it is the part of it that belongs to the voices who judge it there, so that touchpoints
    sum to the whole. By mentions gaps keep the share of voices that speak of it.

    Parameters
    ----------
    gaps
        Gaps over all or at touchpoints.
    importances
        What :func:`importances` found.

    Returns
    -------
    tuple of Gap
        In the order given. All importances have one basis, so that they can be compared.

    Source
    ------
    Our own definition, docs/formulas/assess.md#importance.

    Examples
    --------
    >>> none = NotEnough(0, 1, "")
    >>> found = Importances("mentions", "no_ratings", (), none, 0, False, 0.0, None, None, 0.95)
    >>> with_importance([], importances=found)
    ()
    """
    if importances.basis == MENTIONS:
        return tuple(gaps)
    known = {one.expectation: one for one in importances.expectations}
    return tuple(
        replace(gap, importance=_part_of(known[gap.expectation], gap), importance_basis=importances.basis)
        for gap in gaps
    )


def _part_of(whole: ExpectationImportance, gap: Gap) -> Estimate | NotEnough:
    found = whole.importance
    if isinstance(found, NotEnough) or gap.touchpoint is None:
        return found
    # Whoever has an importance is judged somewhere, so there is a count to divide by.
    here = gap.counts.judged / whole.performance.n
    return Estimate(here * found.value, here * found.low, here * found.high, gap.counts.judged, found.level)
